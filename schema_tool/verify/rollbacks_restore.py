"""Every rollback file takes back what its migration did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from schema_tool.apply.secret import without_secrets
from schema_tool.catalog import read_catalog
from schema_tool.compare import compare
from schema_tool.errors import SchemaToolError
from schema_tool.findings import Finding, Severity
from schema_tool.server.execute import run_script
from schema_tool.verify.check import Check, difference
from schema_tool.verify.load import Acting, act, load_migrations, scratch_database, stand_aside

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from schema_tool.catalog import Catalog
    from schema_tool.server.scratch import ScratchServer
    from schema_tool.source import Migration

NAME = "rollback-restores"


@dataclass(slots=True, kw_only=True)
class _Walk:
    """The way through the migrations: how many are loaded, and what was found."""

    connection: psycopg.Connection[Any]
    acting: Acting
    position: int
    findings: list[Finding] = field(default_factory=list)
    objects: int = 0


def check(server: ScratchServer, migrations: Sequence[Migration], acting: Acting) -> Check:
    """Apply each migration, roll it back, compare, and apply it again.

    After a rollback that did not restore, the walk goes on from a fresh database, so that one
    fault is reported once.
    Errors: FailedError when a migration cannot be applied.
    """
    findings: list[Finding] = []
    position = 0
    objects = 0
    while position < len(migrations):
        with scratch_database(server, "rollbacks") as connection:
            load_migrations(connection, migrations[:position], acting)
            walk = _Walk(connection=connection, acting=acting, position=position)
            _walk(walk, migrations)
        findings += walk.findings
        position = walk.position
        objects = max(objects, walk.objects)
    return Check(
        name=NAME,
        claim="every rollback restores what was there before",
        objects=objects,
        findings=tuple(findings),
    )


def _walk(walk: _Walk, migrations: Sequence[Migration]) -> None:
    """Go on as long as the rollbacks restore; `position` is the first migration not looked at."""
    before = read_catalog(walk.connection, dependencies=False)
    for migration in migrations[walk.position :]:
        walk.position += 1
        load_migrations(walk.connection, (migration,), walk.acting)
        if migration.rollback is None:
            walk.findings.append(_missing(migration))
            before = read_catalog(walk.connection, dependencies=False)
            continue
        after = read_catalog(walk.connection, dependencies=False)
        walk.objects = max(walk.objects, len(after.objects))
        found = _try_rollback(walk, migration, before, after)
        walk.findings += found
        if found:
            return
        before = after


def _try_rollback(
    walk: _Walk, migration: Migration, before: Catalog, after: Catalog
) -> list[Finding]:
    assert migration.rollback is not None
    name = migration.rollback.name
    try:
        act(walk.connection, walk.acting)
        script = without_secrets(migration.rollback)
        run_script(walk.connection, script, transactional=migration.transactional)
        stand_aside(walk.connection)
    except SchemaToolError as error:
        return [_failed(error, name)]
    rolled_back = read_catalog(walk.connection, dependencies=False)
    found = _differences(
        rolled_back, before, migration, (f"what {name} leaves", "what was there before")
    )
    if found:
        return found
    try:
        load_migrations(walk.connection, (migration,), walk.acting)
    except SchemaToolError as error:
        return [_failed(error, f"{migration.script.name}, applied again after its rollback,")]
    again = read_catalog(walk.connection, dependencies=False)
    return _differences(again, after, migration, ("the second apply", "the first apply"))


def _differences(
    left: Catalog, right: Catalog, migration: Migration, names: tuple[str, str]
) -> list[Finding]:
    found = []
    for change in compare(left, right).shown():
        named = difference(change, rule=NAME, names=names)
        found.append(
            Finding(
                rule=NAME,
                message=f"{migration.id}: {named.message}",
                subject=named.subject,
                hint=named.hint,
            )
        )
    return found


def _failed(error: SchemaToolError, name: str) -> Finding:
    state = f" (SQLSTATE {error.sqlstate})" if error.sqlstate else ""
    return Finding(
        rule=NAME,
        message=f"{name} fails: {error.message}{state}",
        location=error.location,
        hint=error.hint,
    )


def _missing(migration: Migration) -> Finding:
    return Finding(
        rule="no-rollback",
        severity=Severity.NOTE,
        message=f"{migration.script.name} has no rollback file",
        subject=migration.id,
    )
