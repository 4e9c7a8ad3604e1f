"""Pipelines of the editor's schema between YAML files and its database.

The one module that knows this repository's own schema: it calls import_pipeline() and
export_pipeline_yaml() and checks on this side that the database read what PyYAML reads.
"""

from __future__ import annotations

import json
import os
import re
import stat
import unicodedata
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg
import yaml

from schema_tool.errors import FailedError, Location, SchemaToolError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# far above what parse_yaml() takes, whose own error says how much that is
MAX_FILE_BYTES = 16 << 20
# of a file name, which may have 255 with "-", an id and ".yaml" behind it
MAX_STEM_BYTES = 200
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
# line breaks, or nothing, to YAML 1.1, to which PyYAML keeps; characters like any other to 1.2
_OTHER_IN_1_1 = re.compile("[\x85\u2028\u2029\ufeff]")
_PLACE = re.compile(r"line (\d+), column (\d+): (.*)", re.DOTALL)
# what YAML 1.2's core schema makes of plain text; all else is a text
_CORE = {
    "bool": (r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    "null": (r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    "int": (r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789"),
    "float": (
        r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$",
        "-+.0123456789",
    ),
    "merge": ("^<<$", "<"),
}


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


class _CoreLoader(yaml.SafeLoader):
    """PyYAML with the core schema of YAML 1.2; keys are texts, as in JSON."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own class attribute
    yaml_constructors = {  # noqa: RUF012
        tag: construct
        for tag, construct in yaml.SafeLoader.yaml_constructors.items()
        if tag is not None and tag.rpartition(":")[2] in {"null", "bool", "str", "seq"}
    }

    def construct_scalar(self, node: yaml.Node) -> Any:
        """Read a scalar; PyYAML leaves an escaped surrogate pair as two halves."""
        text = super().construct_scalar(node)  # type: ignore[arg-type]
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:  # a half without its other half
            return text


def _construct_mapping(loader: _CoreLoader, node: yaml.MappingNode) -> dict[str, Any]:
    loader.flatten_mapping(node)
    return {
        loader.construct_scalar(key): loader.construct_object(value, deep=True)
        for key, value in node.value
    }


def _construct_number(loader: _CoreLoader, node: yaml.ScalarNode) -> Decimal:
    text = str(loader.construct_scalar(node))
    base = {"0o": 8, "0x": 16}.get(text[:2])
    return Decimal(int(text[2:], base)) if base else Decimal(text)


def _construct_unknown(loader: _CoreLoader, node: yaml.Node) -> Any:
    """A tag that is not of the core schema is ignored."""
    if isinstance(node, yaml.MappingNode):
        return _construct_mapping(loader, node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    plain = getattr(node, "style", None) is None
    node.tag = loader.resolve(type(node), node.value, (plain, not plain))  # type: ignore[no-untyped-call]
    return loader.construct_object(yaml.ScalarNode(node.tag, node.value), deep=True)


for _name, (_pattern, _first) in _CORE.items():
    _CoreLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_name}", re.compile(_pattern), list(_first)
    )
_CoreLoader.add_constructor("tag:yaml.org,2002:int", _construct_number)
_CoreLoader.add_constructor("tag:yaml.org,2002:float", _construct_number)
_CoreLoader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)
_CoreLoader.add_constructor(None, _construct_unknown)


def act_for(connection: psycopg.Connection[Any], user: str | None) -> None:
    """Make the session act for a user of the application.

    Errors: UsageError when it is no id; FailedError when no such user is there.
    """
    if user is None:
        return
    connection.execute("SELECT set_config('app.user_id', %s, false)", [check_uuid("--user", user)])
    row = connection.execute("SELECT count(*) FROM public.users WHERE id = %s::uuid", [user])
    if row.fetchone() == (0,):
        raise FailedError(f"there is no user {user}", hint="SELECT id, email FROM users;")


def check_uuid(option: str, value: str) -> str:
    """An id as it was given.

    Errors: UsageError when it has not the form of one.
    """
    if not _UUID.fullmatch(value):
        raise UsageError(
            f"{option}: “{value}” is no UUID", hint="an id is 32 hexadecimal digits, 8-4-4-4-12"
        )
    return value


def import_file(connection: psycopg.Connection[Any], path: Path, wish: ImportWish) -> Imported:
    """Import one file in a transaction of its own.

    Errors: FailedError with the place in the file; nothing of the file is stored then.
    """
    text = read_text(path)
    try:
        with connection.transaction(force_rollback=wish.is_dry_run):
            stored = json.loads(
                _scalar(connection, "SELECT public.parse_yaml(%s)::text", [text]),
                parse_float=Decimal,
            )
            note = check_same_reading(path, text, stored)
            into = wish.into
            if wish.update:
                into = _same_name(connection, path, stored, wish.team)
            report = _scalar(
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


def check_same_reading(path: Path, text: str, stored: Any) -> str:
    """Refuse a file that PyYAML reads differently from the database.

    Returns a note when PyYAML, which is of YAML 1.1, cannot be asked; else nothing.
    Errors: FailedError.
    """
    if _OTHER_IN_1_1.search(text):
        return "not compared with PyYAML: it has characters that are line breaks in YAML 1.1"
    try:
        expected = yaml.load(text, _CoreLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1})" if mark else ""
        return f"not compared with PyYAML, which cannot read it{place}"
    if not _is_same(expected, stored):
        raise FailedError(
            "the database and PyYAML read different values",
            location=Location(path=str(path), line=1, text=text.split("\n", 1)[0]),
            hint="report the file; until then, quote the texts that could be read in two ways",
        )
    return ""


def _is_same(left: Any, right: Any) -> bool:
    """Equal, true and 1 being different."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_is_same(left[k], right[k]) for k in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_is_same, left, right))
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


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
        text: str = _scalar(
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


def write_file(path: Path, text: str) -> None:
    """Write a file whole or not at all, in the place of one that may be there.

    Errors: FailedError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{os.getpid()}.draft")
        try:
            draft.write_text(text, encoding="utf-8", newline="\n")
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise FailedError(f"{path}: {error.strerror}") from error


def _scalar(connection: psycopg.Connection[Any], query: str, parameters: Sequence[Any]) -> Any:
    row = connection.execute(query.encode(), parameters).fetchone()
    assert row is not None
    return row[0]
