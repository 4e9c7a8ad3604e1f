"""YAML files to pipelines of the database."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg

from schema_tool.errors import FailedError, Location, SchemaToolError
from schema_tool.pipelines.acting import scalar
from schema_tool.pipelines.reading import check_same_reading

if TYPE_CHECKING:
    from pathlib import Path

# far above what parse_yaml() takes, whose own error says how much that is
MAX_FILE_BYTES = 16 << 20
_PLACE = re.compile(r"line (\d+), column (\d+): (.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one file."""

    path: Path
    pipeline_id: str
    name: str
    status: str
    version_number: int | None
    steps: int
    connections: int
    changes: tuple[str, ...]
    warnings: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWish:
    """What to do with the files of a run.

    `into` is a pipeline's id; `update` looks for the team's pipeline of the file's name.
    """

    team: str | None = None
    into: str | None = None
    update: bool = False
    from_v1: bool = False
    is_dry_run: bool = False


def import_file(connection: psycopg.Connection[Any], path: Path, wish: ImportWish) -> Imported:
    """Import one file in a transaction of its own.

    Errors: FailedError with the place in the file; nothing of the file is stored then.
    """
    text = read_text(path)
    try:
        with connection.transaction(force_rollback=wish.is_dry_run):
            stored = json.loads(
                scalar(connection, "SELECT public.parse_yaml(%s)::text", [text]),
                parse_float=Decimal,
            )
            note = check_same_reading(path, text, stored)
            into = wish.into
            if wish.update:
                into = _same_name(connection, path, stored, wish.team)
            report = scalar(
                connection,
                "SELECT public.import_pipeline(%s, %s::uuid, %s::uuid, %s)",
                [text, wish.team, into, wish.from_v1],
            )
    except psycopg.Error as error:
        raise file_error(error, path, text) from error
    return Imported(
        path=path,
        pipeline_id=report["pipeline_id"],
        name=report["name"],
        status=report["status"],
        version_number=report["version_number"],
        steps=report["steps"],
        connections=report["connections"],
        changes=tuple(report["changes"]),
        warnings=tuple(report["warnings"]),
        note=note,
    )


def _same_name(
    connection: psycopg.Connection[Any], path: Path, document: Any, team: str | None
) -> str | None:
    """The pipeline of the file's name, None when there is none.

    Errors: FailedError when there are several.
    """
    parts = document if isinstance(document, dict) else {}
    for key in ("workflow", "pipeline"):
        if isinstance(parts.get(key), dict):
            parts = parts[key]
            break
    found = connection.execute(
        "SELECT id::text FROM public.pipelines WHERE name = %(name)s"
        " AND (team_id = %(team)s::uuid OR %(team)s::uuid IS NULL AND"
        " (public.current_user_id() IS NULL OR team_id = ANY (public.my_writable_team_ids())))"
        " ORDER BY id LIMIT 10",
        {"name": str(parts.get("name")), "team": team},
    ).fetchall()
    if len(found) > 1:
        raise FailedError(
            f"{path}: {len(found)} pipelines are named “{parts.get('name')}”",
            hint="\n".join(f"schema-tool import --into {row[0]} {path}" for row in found),
        )
    return found[0][0] if found else None


def read_text(path: Path) -> str:
    """The text of a file.

    Errors: FailedError when it is no regular file, cannot be read or is not UTF-8.
    """
    try:
        # before it is opened: opening a pipe waits for its writer
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file"
            raise FailedError(f"{path}: this is {kind}", hint="name the files in it: DIR/*.yaml")
        if status.st_size > MAX_FILE_BYTES:
            raise FailedError(f"{path}: {status.st_size:,} bytes are too many for a pipeline")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise FailedError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
        if b"\0" in data and not wide:
            raise FailedError(f"{path}: this is no text file") from error
        raise FailedError(
            "the file is UTF-16, not UTF-8" if wide else "the file is not UTF-8",
            location=_byte_location(path, data, error.start),
            hint=f"iconv -f {'utf-16' if wide else 'latin1'} -t utf-8 {path}",
        ) from error
    if "\0" in text:
        raise FailedError(
            "the character U+0000 is not allowed",
            location=_byte_location(path, data, data.index(b"\0")),
        )
    return text


def _byte_location(path: Path, data: bytes, offset: int) -> Location:
    start = data.rfind(b"\n", 0, offset) + 1
    before = data[start:offset].decode("utf-8-sig", "replace")
    line = data[start : start + 400].split(b"\n")[0].decode("utf-8-sig", "replace")
    return Location(
        path=str(path),
        line=data.count(b"\n", 0, offset) + 1,
        column=len(before) + 1,
        text="".join(c if c.isprintable() else "�" for c in line.rstrip("\r")),
    )


def file_error(error: psycopg.Error, path: Path, text: str) -> SchemaToolError:
    """The server's error at its place in the file."""
    message = error.diag.message_primary or str(error).strip()
    location = None
    if place := _PLACE.fullmatch(message):
        lines = re.split(r"\r\n|\r|\n", text)  # splitlines() knows more breaks than YAML
        line = int(place[1])
        shown = lines[line - 1] if line <= len(lines) else ""
        location = Location(path=str(path), line=line, column=int(place[2]), text=shown)
        message = place[3]
    else:
        message = f"{path}: {message}"
    return FailedError(
        message,
        location=location,
        sqlstate=error.sqlstate or "",
        detail=(error.diag.message_detail or "") if (error.sqlstate or "").startswith("Y") else "",
        hint=error.diag.message_hint or "",
    )
