"""The files of `sql/`: the schema as it is."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tool.errors import UsageError
from schema_tool.sqltext import Statement, split_statements

if TYPE_CHECKING:
    from pathlib import Path

CLUSTER_FOLDER = "cluster"
SUFFIX = ".sql"
# With these lines pg_dump tells psql to take no more meta-commands; we never take one.
# Source: manual, psql, \\restrict (18.0, and the minor releases of 2025-08-14)
_RESTRICT = re.compile(r"^\\(?:un)?restrict [A-Za-z0-9]+$", re.MULTILINE)
_PLANNED = re.compile(r"(?:--.*\n)*?-- schema-tool: planned\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One SQL file: `name` as shown to people, relative to where they stand."""

    path: Path
    name: str
    text: str

    @property
    def planned(self) -> bool:
        """Whether `diff -o` wrote it: laid out by PostgreSQL, its losses allowed by name."""
        return _PLANNED.match(self.text) is not None

    def statements(self) -> tuple[Statement, ...]:
        """The file's statements, each with its place."""
        return split_statements(self.text, self.name)


def read_schema_scripts(folder: Path, *, shown_from: Path) -> tuple[Script, ...]:
    """Read `sql/*.sql` in file-name order; `sql/cluster/` is apart.

    Errors: UsageError when the folder is missing, or a file is no file or not UTF-8 text.
    """
    return _read_folder(folder, shown_from)


def read_cluster_scripts(folder: Path, *, shown_from: Path) -> tuple[Script, ...]:
    """Read `sql/cluster/*.sql`: roles and other objects that a whole server shares."""
    cluster = folder / CLUSTER_FOLDER
    return _read_folder(cluster, shown_from) if cluster.is_dir() else ()


def _read_folder(folder: Path, shown_from: Path) -> tuple[Script, ...]:
    if not folder.is_dir():
        raise UsageError(
            f"there is no folder {shown_path(folder, shown_from)}",
            hint="run the command in your project, or name the folder in schema-tool.toml",
        )
    names = list_folder(folder, shown_path(folder, shown_from))
    paths = [folder / name for name in names if name.lower().endswith(SUFFIX)]
    for path in paths:
        refuse_odd_file(path, shown_path(path, shown_from))
    return tuple(read_script(path, shown_from=shown_from) for path in paths)


def refuse_odd_file(path: Path, shown: str) -> None:
    """Refuse what would be waited for without end, or passed over.

    Errors: UsageError.
    """
    if not path.name.endswith(SUFFIX):
        reason = f"would be passed over: its ending is not {SUFFIX}"
        raise UsageError(f"{shown} {reason}", hint=f"rename it to end in {SUFFIX}")
    if not path.is_file():
        hint = "remove it, or restore what it links to"
        raise UsageError(f"{shown} is not a file", hint=hint)


def read_script(path: Path, *, shown_from: Path) -> Script:
    """Read one file of a desired state, which may be what `pg_dump --schema-only` wrote.

    Errors: UsageError when it is not UTF-8 text.
    """
    text = _RESTRICT.sub(lambda found: " " * len(found[0]), read_text(path, shown_from))
    return Script(path=path, name=shown_path(path, shown_from), text=text)


def list_folder(folder: Path, shown: str) -> list[str]:
    """Names in a folder, sorted.

    Errors: UsageError when it cannot be read, or when a name is not UTF-8: it could not be shown.
    """
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208 - Path.iterdir hides nothing but names
    except OSError as error:
        raise UsageError(f"cannot read the folder {shown}: {error.strerror}") from None
    for name in names:
        try:
            name.encode()
        except UnicodeEncodeError:
            raise UsageError(
                f"a file name in {shown} is not UTF-8: {name.encode('utf-8', 'replace').decode()}",
                hint="rename it",
            ) from None
    return names


def read_text(path: Path, shown_from: Path) -> str:
    """A file's text; a byte order mark is dropped and CRLF kept.

    Errors: UsageError naming the file and the byte that is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{shown_path(path, shown_from)} is not UTF-8 text: byte {error.start + 1} is "
            f"0x{error.object[error.start]:02x}",
            hint="save the file as UTF-8",
        ) from None
    except OSError as error:
        raise UsageError(f"cannot read {shown_path(path, shown_from)}: {error.strerror}") from None


def shown_path(path: Path, shown_from: Path) -> str:
    """The path as a person in `shown_from` would type it."""
    try:
        return path.relative_to(shown_from).as_posix()
    except ValueError:
        return str(path)
