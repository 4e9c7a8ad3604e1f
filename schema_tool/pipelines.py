"""Pipelines of the editor's schema between YAML files and its database.

The one module that knows this repository's own schema: it calls import_pipeline() and
export_pipeline_yaml() and checks on this side that the database read what PyYAML reads.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg
import yaml

from schema_tool.errors import FailedError, Location, SchemaToolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

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
    version_number: int
    steps: int
    connections: int
    changes: tuple[str, ...]
    warnings: tuple[str, ...]


class _CoreLoader(yaml.SafeLoader):
    """PyYAML with the core schema of YAML 1.2; keys are texts, as in JSON."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own class attribute

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


for _name, (_pattern, _first) in _CORE.items():
    _CoreLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_name}", re.compile(_pattern), list(_first)
    )
_CoreLoader.add_constructor("tag:yaml.org,2002:int", _construct_number)
_CoreLoader.add_constructor("tag:yaml.org,2002:float", _construct_number)
_CoreLoader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


def import_file(
    connection: psycopg.Connection[Any],
    path: Path,
    *,
    team: str | None = None,
    from_v1: bool = False,
    is_dry_run: bool = False,
) -> Imported:
    """Import one file in a transaction of its own.

    Errors: FailedError with the place in the file; nothing of the file is stored then.
    """
    text = read_text(path)
    try:
        with connection.transaction(force_rollback=is_dry_run):
            stored = _scalar(connection, "SELECT public.parse_yaml(%s)::text", [text])
            check_same_reading(path, text, json.loads(stored, parse_float=Decimal))
            report = _scalar(
                connection,
                "SELECT public.import_pipeline(%s, %s::uuid, from_v1 => %s)",
                [text, team, from_v1],
            )
    except psycopg.Error as error:
        raise file_error(error, path, text) from error
    return Imported(
        path=path,
        pipeline_id=report["pipeline_id"],
        name=report["name"],
        version_number=report["version_number"],
        steps=report["steps"],
        connections=report["connections"],
        changes=tuple(report["changes"]),
        warnings=tuple(report["warnings"]),
    )


def read_text(path: Path) -> str:
    """The text of a file.

    Errors: FailedError when it cannot be read or is not UTF-8.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FailedError(f"{path}: {error.strerror}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FailedError(
            "the file is not UTF-8",
            location=Location(path=str(path), line=line),
            hint=f"iconv -f latin1 -t utf-8 {path}",
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FailedError(
            "the character U+0000 is not allowed", location=Location(path=str(path), line=line)
        )
    return text


def check_same_reading(path: Path, text: str, stored: Any) -> None:
    """Refuse a file that PyYAML reads differently from the database.

    Errors: FailedError; none when PyYAML, which is of YAML 1.1, cannot read the file at all.
    """
    try:
        expected = yaml.load(text, _CoreLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        return
    if expected != stored:
        raise FailedError(
            "the database and PyYAML read different values",
            location=Location(path=str(path), line=1),
            hint="report the file; until then, quote the texts that could be read in two ways",
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


def exported_ids(connection: psycopg.Connection[Any], ids: Sequence[str]) -> tuple[str, ...]:
    """The pipelines named, else all that the caller sees, by name."""
    if ids:
        return tuple(ids)
    rows = connection.execute("SELECT id::text FROM public.pipelines ORDER BY name, id").fetchall()
    return tuple(row[0] for row in rows)


def export_texts(
    connection: psycopg.Connection[Any], ids: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Id, name and YAML text of each pipeline.

    Errors: FailedError when the caller sees no such pipeline.
    """
    for pipeline_id in ids:
        try:
            row = connection.execute(
                "SELECT public.export_pipeline_yaml(p.id), p.name FROM public.pipelines AS p"
                " WHERE p.id = %s::uuid",
                [pipeline_id],
            ).fetchone()
        except psycopg.Error as error:
            raise FailedError(
                f"{pipeline_id}: {error.diag.message_primary or error}",
                sqlstate=error.sqlstate or "",
            ) from error
        if row is None:
            raise FailedError(f"there is no pipeline {pipeline_id} that you may read")
        yield pipeline_id, row[1], row[0]


def file_name(name: str, pipeline_id: str, taken: set[str]) -> str:
    """A file name for a pipeline: its name, with part of its id when two would be the same."""
    stem = re.sub(r"[^\w.-]+", "_", name).strip("._") or "pipeline"
    stem = stem[:100]
    if stem.lower() in taken:
        stem = f"{stem}-{pipeline_id}"
    taken.add(stem.lower())
    return f"{stem}.yaml"


def _scalar(connection: psycopg.Connection[Any], query: str, parameters: Sequence[Any]) -> Any:
    row = connection.execute(query.encode(), parameters).fetchone()
    assert row is not None
    return row[0]
