"""The files of `migrations/`: how live databases get there.

yoyo reads their directives and orders them, so that a folder of ours stays a folder of yoyo's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tool.errors import Location, UsageError
from schema_tool.source.listing import Listing, read_listing
from schema_tool.sqltext import raw_hash, semantic_hash

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from schema_tool.source.scripts import Script

# a yoyo number may have two parts: 20240131_01_XyZab-add-users
_NUMBER = re.compile(r"\d+(?:_\d+)?(?=[_.-]|$)")
_FIRST_SQL = re.compile(r"^[^\S\n]*(?!--)[^\s]", re.MULTILINE)
_TOOL_HEADER = re.compile(r"^\s*--\s*schema-tool\s*:\s*(.+?)\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One migration file with its rollback file, if it has one.

    `headers` are the lines `-- schema-tool: …` of the leading comment, in order.
    """

    id: str
    script: Script
    rollback: Script | None
    depends: frozenset[str]
    transactional: bool
    headers: tuple[str, ...]
    post_apply: bool = False

    @property
    def number(self) -> str:
        """The digits that the file name starts with, or nothing."""
        match = _NUMBER.match(self.id)
        return match.group() if match else ""

    def raw_hash(self) -> str:
        """Hash of the file's text."""
        return raw_hash(self.script.text)

    def semantic_hash(self) -> str:
        """Hash of what the file means to server and runner."""
        directives = (*sorted(f"depends {d}" for d in self.depends), *self.headers)
        if not self.transactional:
            directives = (*directives, "transactional false")
        return semantic_hash(self.script.text, headers=directives, path=self.script.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationFolder:
    """All migrations in the order to apply, and the files to run after every apply."""

    migrations: tuple[Migration, ...]
    post_apply: tuple[Migration, ...]

    def __getitem__(self, migration_id: str) -> Migration:
        """The migration of that id; KeyError when there is none."""
        for migration in self.migrations:
            if migration.id == migration_id:
                return migration
        raise KeyError(migration_id)


def read_migrations(folder: Path, *, shown_from: Path) -> MigrationFolder:
    """Read the folder's `.sql` migrations in the order to apply.

    Errors: as `read_listing` and `order_migrations`.
    """
    return order_migrations(read_listing(folder, shown_from=shown_from))


def order_migrations(listing: Listing) -> MigrationFolder:
    """Read the files' directives and put them in the order to apply.

    Errors: UsageError for two files with one number, a dependency on nothing, a dependency
    cycle, a directive that says nothing.
    """
    migrations = {
        i: _migration(i, script, listing.rollbacks.get(i))
        for i, script in listing.migrations.items()
    }
    post_apply = tuple(
        _migration(i, script, listing.rollbacks.get(i), post_apply=True)
        for i, script in listing.post_apply.items()
    )
    _refuse_same_number(migrations)
    return MigrationFolder(migrations=_ordered(migrations), post_apply=post_apply)


def _migration(
    migration_id: str, script: Script, rollback: Script | None, *, post_apply: bool = False
) -> Migration:
    from yoyo.migrations import parse_metadata_from_sql_comments  # noqa: PLC0415 - 0.1 s to load

    head = _head(script.text)
    directives: Mapping[str, str] = parse_metadata_from_sql_comments(head)[0]
    return Migration(
        id=migration_id,
        script=script,
        rollback=rollback,
        depends=frozenset(directives.get("depends", "").split()),
        transactional=_transactional(directives, script),
        headers=read_headers(head),
        post_apply=post_apply,
    )


def _transactional(directives: Mapping[str, str], script: Script) -> bool:
    value = directives.get("transactional", "true").strip().lower()
    if value not in {"true", "false"}:
        raise UsageError(
            f"{script.name}: “-- transactional: {value}” is neither true nor false",
            hint="write “-- transactional: false” or leave the line out",
        )
    return value == "true"


def _head(text: str) -> str:
    """The leading comment, where directives stand, to the first letter of SQL."""
    match = _FIRST_SQL.search(text)
    head = text[: match.end()] if match else text
    # yoyo takes the first line's ending for that of all, and overlooks what ends otherwise
    return head.replace("\r\n", "\n")


def read_headers(text: str) -> tuple[str, ...]:
    """What the lines `-- schema-tool: …` of a file's leading comment say, in order."""
    headers = []
    for line in _head(text).splitlines():
        if match := _TOOL_HEADER.match(line):
            headers.append(match.group(1))
        elif line.strip() and not line.lstrip().startswith("--"):
            break
    return tuple(headers)


def _refuse_same_number(migrations: Mapping[str, Migration]) -> None:
    by_number: dict[str, list[Migration]] = defaultdict(list)
    for migration in migrations.values():
        if migration.number:
            by_number[migration.number].append(migration)
    for number, same in by_number.items():
        if len(same) > 1:
            first, second = same[0].script, same[1].script
            raise UsageError(
                f"{first.name} and {second.name} both have the number {number}",
                hint=f"give the one that is not yet applied anywhere the next free number: "
                f"git mv {second.name} …",
            )


def _ordered(migrations: Mapping[str, Migration]) -> tuple[Migration, ...]:
    from yoyo.topologicalsort import CycleError, topological_sort  # noqa: PLC0415

    for migration in migrations.values():
        for missing in sorted(migration.depends - migrations.keys()):
            raise UsageError(
                f"{migration.script.name} depends on {missing}, and there is no such migration",
                location=_directive_location(migration, missing),
                hint=_nearest(missing, migration.id, migrations),
            )
    graph = {m.id: sorted(m.depends) for m in migrations.values()}
    try:
        return tuple(migrations[i] for i in topological_sort(sorted(graph), graph))
    except CycleError as error:
        nodes = [str(node) for node in error.args[1]]
        cycle = " → ".join(dict.fromkeys([*nodes])) + f" → {nodes[0]}"
        raise UsageError(
            f"migrations depend on each other in a circle: {cycle}",
            hint="remove one of the “-- depends:” lines",
        ) from None


def _directive_location(migration: Migration, word: str) -> Location | None:
    for number, line in enumerate(migration.script.text.splitlines(), start=1):
        if line.lstrip().startswith("--") and word in line:
            column = line.index(word) + 1
            return Location(path=migration.script.name, line=number, column=column, text=line)
    return None


def _nearest(missing: str, asking: str, migrations: Mapping[str, Migration]) -> str:
    import difflib  # noqa: PLC0415 - only for an error

    near = difflib.get_close_matches(missing, migrations.keys() - {asking}, n=1)
    return f"did you mean {near[0]}?" if near else "write the id: the file name without .sql"
