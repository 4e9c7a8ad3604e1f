"""The desired state read back: files loaded into a scratch database, or another database."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from schema_tool.catalog import Scope, read_catalog
from schema_tool.compare import CompareOptions, compare
from schema_tool.errors import FailedError
from schema_tool.plan import make_plan, preamble, render
from schema_tool.verify.load import Acting, load_scripts, scratch_database
from schema_tool.verify.outside import refuse_outside
from schema_tool.verify.roles import LIVE_ROLES, roles_named
from schema_tool.verify.scratch import open_scratch, prepare_roles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import psycopg

    from schema_tool.catalog import Catalog
    from schema_tool.plan import Plan
    from schema_tool.server.scratch import ScratchServer
    from schema_tool.source import Script

_SESSION = "SELECT current_user::text, pg_catalog.current_setting('search_path')"


def read_live(connection: psycopg.Connection[Any], scope: Scope) -> Catalog:
    """Read a database's schema.

    Errors: FailedError when it cannot be read.
    """
    import psycopg  # noqa: PLC0415 - the caller has paid for it

    try:
        return read_catalog(connection, scope=scope)
    except psycopg.Error as error:
        raise FailedError(
            f"cannot read the database: {error.diag.message_primary or error}",
            sqlstate=error.sqlstate or "",
        ) from error


@contextmanager
def scratch_like(
    connection: psycopg.Connection[Any],
    scripts: Sequence[Script],
    cluster: Sequence[Script],
    *,
    scratch: str,
    binaries: Path | None,
) -> Iterator[tuple[ScratchServer, Acting]]:
    """A scratch server of the database's major version, with the roles that both sides name."""
    row = connection.execute(_SESSION).fetchone()
    assert row is not None
    acting = Acting(role=row[0], search_path=row[1])
    named = {entry[0] for entry in connection.execute(LIVE_ROLES)}
    major = connection.info.server_version // 10000
    with open_scratch(given=scratch, major=major, binaries=binaries) as server:
        for script in scripts:
            refuse_outside(script, shared=server.shared)
        named |= roles_named([*cluster, *scripts])
        prepare_roles(server, cluster, named, (acting.role,))
        yield server, acting


def read_files(
    server: ScratchServer, acting: Acting, scripts: Sequence[Script], scope: Scope
) -> Catalog:
    """The schema that the files make in an empty database.

    Errors: FailedError at the failing statement's place in its file.
    """
    with scratch_database(server, "sql") as scratch:
        load_scripts(scratch, scripts, acting)
        return read_catalog(scratch, scope=scope)


def read_database(conninfo: str, scope: Scope) -> Catalog:
    """The schema of another database, which is only read."""
    import psycopg  # noqa: PLC0415

    with closing(psycopg.connect(conninfo, autocommit=True)) as connection:
        return read_live(connection, scope)


def run_plan(connection: psycopg.Connection[Any], plan: Plan) -> None:
    """Run a plan, a transaction for each group."""
    for statement in preamble(plan):
        connection.execute(statement.encode())
    for group in plan.groups:
        if group.transactional:
            with connection.transaction():
                for step in group.steps:
                    connection.execute(render(step).encode())
        else:
            for step in group.steps:
                connection.execute(render(step).encode())


def prove(
    server: ScratchServer, plan: Plan, live: Catalog, desired: Catalog, options: CompareOptions
) -> list[str]:
    """Run the plan on an empty copy of the live schema; what differs afterwards.

    Errors: FailedError when the copy cannot be made or a step of the plan fails.
    """
    import psycopg  # noqa: PLC0415

    with scratch_database(server, "prove") as scratch:
        try:
            run_plan(scratch, make_plan(compare(read_catalog(scratch), live), online=False))
            run_plan(scratch, plan)
        except psycopg.Error as error:
            raise FailedError(
                f"the plan fails on a copy of the schema: {error.diag.message_primary or error}",
                sqlstate=error.sqlstate or "",
            ) from error
        return compare(read_catalog(scratch), desired, options=options).describe()
