"""A new migration's two files, numbered after the last one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from schema_tool.errors import FailedError, RefusedError, UsageError
from schema_tool.source.listing import ROLLBACK_SUFFIX, read_listing
from schema_tool.source.manifest import append_to_manifest
from schema_tool.source.migrations import read_migrations
from schema_tool.source.scripts import shown_path

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from schema_tool.source.listing import Listing

FIRST_NUMBER = "0001"
_NUMBER = re.compile(r"\d+")
_DEPENDS = re.compile(r"-- depends: (\S+)\r?\n")


class Planned(Protocol):
    """A migration that is ready to be written."""

    @property
    def id(self) -> str:
        """The file's name without its end."""

    @property
    def text(self) -> str:
        """What it does."""

    @property
    def rollback(self) -> str:
        """What undoes it."""


def write_draft(folder: Path, name: str, *, shown_from: Path) -> tuple[Path, Path]:
    """Write NNNN_name.sql, which depends on the last migration, and its rollback file.

    Errors: UsageError when the name has no letter or digit; FailedError when the folder cannot be
    written to.
    """
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if not slug:
        raise UsageError(f"“{name}” has no letter or digit to name a file by")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _write(folder, name, slug, shown_from)
    except OSError as error:
        raise FailedError(
            f"cannot write to {shown_path(folder, shown_from)}: {error.strerror}"
        ) from None


def _write(folder: Path, name: str, slug: str, shown_from: Path) -> tuple[Path, Path]:
    migrations = read_migrations(folder, shown_from=shown_from).migrations
    last = migrations[-1] if migrations else None
    number = _next_number([m.number for m in migrations])
    apply_file = folder / f"{number}_{slug}.sql"
    rollback_file = folder / f"{number}_{slug}{ROLLBACK_SUFFIX}"
    depends = f"-- depends: {last.id}\n" if last else ""
    # "x" refuses to overwrite a file that another command has just written
    with apply_file.open("x", encoding="utf-8") as file:
        file.write(f"-- {name}\n{depends}\n")
    with rollback_file.open("x", encoding="utf-8") as file:
        file.write(f"-- Undoes {apply_file.name}\n\n")
    append_to_manifest(folder, apply_file.stem)
    return apply_file, rollback_file


def write_planned(
    folder: Path, files: Sequence[Planned], *, shown_from: Path, applied: Collection[str] = ()
) -> tuple[str, ...]:
    """Write migrations with their rollback files; the names of those written, as shown.

    A plan that is made anew replaces its own files, but no other's and none that is `applied`.
    Errors: UsageError when another migration has one of the numbers; RefusedError for a file that
    stays as it is, or that an earlier plan has left; FailedError when the folder cannot be written
    to.
    """
    shown = shown_path(folder, shown_from)
    if not folder.is_dir():
        raise UsageError(f"-o: there is no folder {shown}", hint=f"mkdir -p {shown}")
    listing = read_listing(folder, shown_from=shown_from)
    _refuse_numbers(files, listing)
    _refuse_others(files, listing, applied)
    written = []
    try:
        for file in files:
            for end, text in ((".sql", file.text), (ROLLBACK_SUFFIX, file.rollback)):
                (folder / f"{file.id}{end}").write_text(text, encoding="utf-8")
                written.append(shown_path(folder / f"{file.id}{end}", shown_from))
            if file.id not in listing.migrations:
                append_to_manifest(folder, file.id)
    except OSError as error:
        raise FailedError(f"cannot write to {shown}: {error.strerror}") from None
    return tuple(written)


def _refuse_numbers(files: Sequence[Planned], listing: Listing) -> None:
    for file in files:
        number = _NUMBER.match(file.id)
        for known in sorted(listing.migrations):
            if number and known != file.id and re.match(rf"{number[0]}(?!\d)", known):
                raise UsageError(
                    f"{file.id} is to be written, and {known} has that number",
                    hint="begin with a number after which as many are free as there are files",
                )


def _refuse_others(files: Sequence[Planned], listing: Listing, applied: Collection[str]) -> None:
    replaced = {file.id for file in files}
    kept = [
        (i, of.get(i)) for i in sorted(replaced) for of in (listing.migrations, listing.rollbacks)
    ]
    for migration_id, script in kept:
        if script is not None and (migration_id in applied or not script.planned):
            why = (
                "is applied here, or begun"
                if migration_id in applied
                else "was not written by diff -o"
            )
            raise RefusedError(
                f"{script.name} would be written over: {migration_id} {why}",
                hint="give the plan a name with a number that is free",
            )
    # the files of one plan depend on one another; a shorter one does not replace them all
    chain, left = set(replaced), []
    for migration_id, script in listing.migrations.items():
        before = _DEPENDS.match(script.text)
        if before and before[1] in chain and script.planned and migration_id not in replaced:
            chain.add(migration_id)
            undo = listing.rollbacks.get(migration_id)
            left += [script.name, *([undo.name] if undo else [])]
    if left:
        raise RefusedError(
            f"{left[0]} is left of an earlier, longer plan and would be applied after this",
            hint=f"rm {' '.join(left)}",
        )


def _next_number(numbers: list[str]) -> str:
    plain = [number for number in numbers if number.isdigit()]
    if not plain:
        return FIRST_NUMBER
    highest = max(plain, key=int)
    return str(int(highest) + 1).zfill(len(highest))
