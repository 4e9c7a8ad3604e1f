"""Pipelines of the database to YAML files."""

from __future__ import annotations

import errno
import os
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any

import psycopg

from schema_tool.errors import FailedError
from schema_tool.pipelines.acting import check_uuid, scalar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# of a file name, which may have 255 with "-", an id and ".yaml" behind it
MAX_STEM_BYTES = 200


def exported_pipelines(
    connection: psycopg.Connection[Any], ids: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Id and name of the pipelines named, else of all that the caller sees, by name.

    An owner, whom row security does not bind, sees what the user sees for whom he acts.
    Errors: FailedError when the caller sees no such pipeline.
    """
    found = connection.execute(
        "SELECT id::text, name FROM public.pipelines WHERE (id = ANY (%(ids)s::uuid[]) OR %(all)s)"
        " AND (public.current_user_id() IS NULL OR team_id = ANY (public.my_team_ids()))"
        " ORDER BY name, id",
        {"ids": [check_uuid("ID", one) for one in ids], "all": not ids},
    ).fetchall()
    for missing in {one.lower() for one in ids} - {row[0] for row in found}:
        raise FailedError(
            f"there is no pipeline {missing} that you may read",
            hint="SELECT id, name FROM pipelines;   -- row security: for whom do you act? --user",
        )
    return tuple((row[0], row[1]) for row in found)


def export_text(connection: psycopg.Connection[Any], pipeline_id: str) -> str:
    """A pipeline's YAML text.

    Errors: FailedError.
    """
    try:
        text: str = scalar(
            connection, "SELECT public.export_pipeline_yaml(%s::uuid)", [pipeline_id]
        )
    except psycopg.Error as error:
        raise FailedError(
            f"{pipeline_id}: {error.diag.message_primary or error}", sqlstate=error.sqlstate or ""
        ) from error
    return text


def file_names(pipelines: Sequence[tuple[str, str]]) -> dict[str, str]:
    """A file name for each pipeline's id: its name, with its id when others have that name, too.

    Names that differ in case or composition only are one name to some file systems.
    """
    stems = {pipeline_id: _stem(name) for pipeline_id, name in pipelines}
    shared = Counter(_folded(stem) for stem in stems.values())
    return {
        pipeline_id: f"{stem}.yaml" if shared[_folded(stem)] == 1 else f"{stem}-{pipeline_id}.yaml"
        for pipeline_id, stem in stems.items()
    }


def _stem(name: str) -> str:
    stem = re.sub(r"[^\w.-]+", "_", name).strip("._")
    return stem.encode()[:MAX_STEM_BYTES].decode("utf-8", "ignore") or "pipeline"


def _folded(stem: str) -> str:
    return unicodedata.normalize("NFKC", stem).casefold()


def make_folder(folder: Path) -> None:
    """Make the folder for the files, and those above it.

    Errors: FailedError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FailedError(f"{folder}: {error.strerror}", hint="name a folder: -o DIR") from error


def is_of_no_use(error: Exception) -> bool:
    """Whether the next file would fail as this one did: the disk is full or read-only."""
    full = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}
    return isinstance(error.__cause__, OSError) and error.__cause__.errno in full


def write_file(path: Path, text: str) -> None:
    """Write a file whole or not at all, in the place of one that may be there.

    Errors: FailedError.
    """
    try:
        draft = path.with_name(f".{os.getpid()}.draft")
        try:
            draft.write_text(text, encoding="utf-8", newline="\n")
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise FailedError(f"{path}: {error.strerror}") from error
