"""The checks put together: what is loaded where, and compared with what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schema_tool.apply.failure import server_error
from schema_tool.apply.secret import has_marks
from schema_tool.catalog import read_catalog
from schema_tool.catalog.snapshot import without_secrets
from schema_tool.verify import live_equals_migrations, migrations_equal_sql, rollbacks_restore
from schema_tool.verify.load import Acting, load_migrations, load_scripts, scratch_database
from schema_tool.verify.outside import refuse_outside
from schema_tool.verify.roles import LIVE_ROLES, roles_named
from schema_tool.verify.scratch import open_scratch, prepare_roles
from schema_tool.verify.standing import read_standing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import psycopg

    from schema_tool.catalog import Catalog
    from schema_tool.server.scratch import ScratchServer
    from schema_tool.source import Migration, Script
    from schema_tool.source.migrations import MigrationFolder
    from schema_tool.verify.check import Check
    from schema_tool.verify.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The project's files, and where they may be loaded.

    `names` are what migrations and schema are called in findings; `scratch` is the connection
    string of a server for scratch databases, empty for a throw-away one.
    """

    folder: MigrationFolder
    schema: tuple[Script, ...]
    cluster: tuple[Script, ...]
    names: tuple[str, str] = ("migrations/", "sql/")
    scratch: str = ""
    binaries: Path | None = None

    def scripts(self) -> Iterable[Script]:
        """Every file that is run on the scratch server."""
        yield from self.cluster
        yield from self.schema
        for migration in (*self.folder.migrations, *self.folder.post_apply):
            yield migration.script
            if migration.rollback is not None:
                yield migration.rollback


def verify_files(sources: Sources, *, rollbacks: bool = False) -> tuple[Check, ...]:
    """Compare the folders with each other, without any database of the project's.

    Errors: FailedError when a file cannot be loaded or there is no scratch server.
    """
    acting = Acting()
    with open_scratch(given=sources.scratch, major=None, binaries=sources.binaries) as server:
        _refuse_outside(server, sources)
        prepare_roles(server, sources.cluster, roles_named(sources.scripts()), ())
        migrated = _sum(server, sources, acting)
        checks = [_against_sql(server, sources, acting, migrated)]
        if rollbacks:
            checks.append(rollbacks_restore.check(server, sources.folder.migrations, acting))
    return tuple(checks)


def verify_database(
    connection: psycopg.Connection[Any], sources: Sources, *, rollbacks: bool = False
) -> tuple[Check, ...]:
    """Compare a database with its migrations, and these with the schema.

    The database is only read. Pending migrations are loaded after the applied ones, in a scratch
    database.
    Errors: FailedError when a file cannot be loaded, when the database cannot be read, when there
    is no scratch server of its major version.
    """
    live, standing, named = _read_live(connection, sources.folder)
    acting = Acting(role=standing.role, search_path=standing.search_path)
    as_whom = {standing.role, *standing.roles.values()}
    major = connection.info.server_version // 10000
    with open_scratch(given=sources.scratch, major=major, binaries=sources.binaries) as server:
        _refuse_outside(server, sources)
        named |= roles_named(sources.scripts())
        prepare_roles(server, sources.cluster, named, as_whom)
        with scratch_database(server, "migrations") as scratch:
            load_migrations(scratch, standing.applied, acting, roles=standing.roles)
            if standing.applied:
                load_migrations(scratch, sources.folder.post_apply, acting)
            applied = read_catalog(scratch, dependencies=False)
            load_migrations(scratch, standing.pending, acting)
            load_migrations(scratch, sources.folder.post_apply, acting)
            migrated = read_catalog(scratch, dependencies=False)
        if len(as_whom) > 1:
            # the owners tell who applied what, which sql/ cannot know
            migrated = _sum(server, sources, acting)
        live, applied = _comparable(sources, live, applied)
        checks = [
            live_equals_migrations.check(live, applied, standing),
            _against_sql(server, sources, acting, migrated),
        ]
        if rollbacks:
            checks.append(rollbacks_restore.check(server, sources.folder.migrations, acting))
    return tuple(checks)


def _refuse_outside(server: ScratchServer, sources: Sources) -> None:
    for script in sources.scripts():
        if script not in sources.cluster:
            refuse_outside(script, shared=server.shared)


def _read_live(
    connection: psycopg.Connection[Any], folder: MigrationFolder
) -> tuple[Catalog, Standing, frozenset[str]]:
    import psycopg  # noqa: PLC0415 - the caller has paid for it

    try:
        standing = read_standing(connection, folder)
        named = frozenset(row[0] for row in connection.execute(LIVE_ROLES))
        return read_catalog(connection, dependencies=False), standing, named
    except psycopg.Error as error:
        raise server_error(error) from error


def _sum(server: ScratchServer, sources: Sources, acting: Acting) -> Catalog:
    folder = sources.folder
    everything: tuple[Migration, ...] = (*folder.migrations, *folder.post_apply)
    with scratch_database(server, "migrations") as scratch:
        load_migrations(scratch, everything, acting)
        return read_catalog(scratch, dependencies=False)


def _comparable(sources: Sources, one: Catalog, other: Catalog) -> tuple[Catalog, Catalog]:
    """Both sides without secrets, where those of the migrations come from the environment."""
    run = (*sources.folder.migrations, *sources.folder.post_apply)
    if any(has_marks(migration.script.text) for migration in run):
        return without_secrets(one), without_secrets(other)
    return one, other


def _against_sql(
    server: ScratchServer, sources: Sources, acting: Acting, migrated: Catalog
) -> Check:
    with scratch_database(server, "sql") as scratch:
        load_scripts(scratch, sources.schema, acting)
        desired = read_catalog(scratch, dependencies=False)
    migrated, desired = _comparable(sources, migrated, desired)
    return migrations_equal_sql.check(migrated, desired, names=sources.names)
