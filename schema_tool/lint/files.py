"""Which files are linted, and what each is for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from schema_tool.errors import Location, SchemaToolError, UsageError
from schema_tool.findings import Finding
from schema_tool.source import Script, read_text
from schema_tool.source.listing import ROLLBACK_SUFFIX, read_listing
from schema_tool.source.manifest import check_manifest
from schema_tool.source.migrations import order_migrations
from schema_tool.source.scripts import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from schema_tool.config import Config

SUFFIX = ".sql"


class Role(StrEnum):
    """What a file is for, which decides what may be said about it.

    A migration runs on a live database and is looked over for dangers. The schema is only ever
    loaded into an empty database; a rollback destroys by design. Both are checked for style.
    """

    SCHEMA = "schema"
    MIGRATION = "migration"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True, kw_only=True)
class LintFile:
    """One file to lint."""

    script: Script
    role: Role
    transactional: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The files to lint, and what is wrong with the migrations folder itself."""

    files: tuple[LintFile, ...]
    findings: tuple[Finding, ...] = ()


def select_files(config: Config, paths: Sequence[Path]) -> Selection:
    """Find the `.sql` files of the paths; without paths, of `sql/` and `migrations/`.

    Errors: UsageError for a path that does not exist, for a file that is not `.sql`, and for a
    project without either folder.
    """
    found = sorted({p.resolve() for path in paths or _defaults(config) for p in _files(path)})
    migrations = config.migrations_folder.resolve()
    findings: tuple[Finding, ...] = ()
    transactional: Mapping[Path, bool] = {}
    if any(p.parent == migrations for p in found):
        transactional, findings = _read_headers(config)
    shown_from = config.shown_from.resolve()
    files = []
    for path in found:
        name = shown_path(path, shown_from)
        try:
            text = read_text(path, shown_from)
        except UsageError as error:
            findings = (*findings, _unreadable(error, name))
            continue
        script = Script(path=path, name=name, text=text)
        role = _role(path, config)
        files.append(
            LintFile(script=script, role=role, transactional=transactional.get(path, True))
        )
    return Selection(files=tuple(files), findings=findings)


def _unreadable(error: UsageError, name: str) -> Finding:
    place = Location(path=name, line=1)
    return Finding(rule="unreadable", message=error.message, location=place, hint=error.hint)


def _defaults(config: Config) -> tuple[Path, ...]:
    folders = tuple(f for f in (config.sql_folder, config.migrations_folder) if f.is_dir())
    if not folders:
        names = f"{config.settings.sql}/ nor {config.settings.migrations}/"
        raise UsageError(
            f"there is neither {names} in {config.root}",
            hint="name the files to lint, or the folders in schema-tool.toml",
        )
    return folders


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from _below(path)
    elif not path.exists():
        raise UsageError(
            f"there is no file or folder {path}", hint="schema-tool lint [PATHS], each a path"
        )
    elif path.suffix.lower() != SUFFIX:
        raise UsageError(f"{path} is not an SQL file", hint=f"name {SUFFIX} files or folders")
    else:
        yield path


def _below(folder: Path) -> list[Path]:
    """SQL files below a folder; none is an error, lest a mistaken path pass for clean."""

    def refuse(error: OSError) -> None:
        raise UsageError(f"cannot read the folder {error.filename}: {error.strerror}")

    found = [
        Path(place) / name
        for place, _, names in os.walk(folder, onerror=refuse)
        for name in names
        if name.endswith(SUFFIX) and (Path(place) / name).is_file()
    ]
    if not found:
        raise UsageError(f"there is no {SUFFIX} file in {folder}", hint="name another folder")
    return found


def _role(path: Path, config: Config) -> Role:
    if path.name.endswith(ROLLBACK_SUFFIX):
        return Role.ROLLBACK
    if path.is_relative_to(config.sql_folder.resolve()):
        return Role.SCHEMA
    # a file that stands in neither folder is taken for one that somebody will run
    return Role.MIGRATION


def _read_headers(config: Config) -> tuple[dict[Path, bool], tuple[Finding, ...]]:
    """Which migrations run outside a transaction; what makes the folder unreadable."""
    place, shown_from = config.migrations_folder, config.shown_from
    try:
        listing = read_listing(place, shown_from=shown_from)
        folder = order_migrations(listing)
    except SchemaToolError as error:
        return {}, (_broken(error),)
    findings: tuple[Finding, ...] = ()
    try:
        check_manifest(place, listing, shown_from=shown_from)
    except SchemaToolError as error:
        findings = (_broken(error),)
    by_path = {}
    for migration in (*folder.migrations, *folder.post_apply):
        by_path[migration.script.path.resolve()] = migration.transactional
        if migration.rollback is not None:
            by_path[migration.rollback.path.resolve()] = migration.transactional
    return by_path, findings


def _broken(error: SchemaToolError) -> Finding:
    return Finding(
        rule="migrations-folder", message=error.message, location=error.location, hint=error.hint
    )
