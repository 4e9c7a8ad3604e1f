"""The desired state read back: files loaded into a scratch database, or another database."""

from __future__ import annotations

import shlex
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from schema_tool.catalog import Kind, Scope, read_catalog, read_dependencies, snapshot_of
from schema_tool.compare import Changes, CompareOptions, compare
from schema_tool.errors import FailedError, SchemaToolError, TryAgainError, UsageError
from schema_tool.server.binaries import find_binaries
from schema_tool.server.session import connect
from schema_tool.server.target import Target
from schema_tool.verify.load import Acting, load_scripts, scratch_database
from schema_tool.verify.outside import refuse_outside
from schema_tool.verify.roles import LIVE_ROLES, roles_named, roles_spoken_of
from schema_tool.verify.scratch import open_scratch, prepare_roles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Future
    from pathlib import Path

    import psycopg

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.families.reading import Twins
    from schema_tool.plan import Plan
    from schema_tool.server.scratch import ScratchServer
    from schema_tool.source import Script

CANCEL_TIMEOUT_S = 5
"""A server that does not take a request to cancel in that time is gone."""
_LOST = ("08", "57P")
_LOCKED = "55P03"
_CONFLICT = "40001"
_NOT_NULL_NAME = """
UPDATE pg_catalog.pg_constraint AS k SET conname = %s
FROM pg_catalog.pg_attribute AS a
WHERE
    k.contype = 'n' AND k.coninhcount > 0 AND NOT k.conislocal AND a.attrelid = k.conrelid
    AND a.attnum = k.conkey[1] AND k.conname <> %s
    AND k.conrelid = pg_catalog.to_regclass(%s) AND a.attname = %s
"""
"""Source: rename_constraint_internal() refuses what is inherited; one that joins keeps its own."""
_SESSION = "SELECT current_user::text, pg_catalog.current_setting('search_path')"


def read_live(
    connection: psycopg.Connection[Any],
    scope: Scope,
    *,
    dependencies: bool = True,
    twins: Twins | None = None,
    named: str = "the database",
) -> Catalog:
    """Read a database's schema; `named` is what it is called where it cannot be read.

    Errors: FailedError when it cannot be read, TryAgainError when another time it can.
    """
    import psycopg  # noqa: PLC0415 - the caller has paid for it

    try:
        return read_catalog(connection, scope=scope, dependencies=dependencies, twins=twins)
    except psycopg.Error as error:
        raise _unreadable(error, named) from error


def _unreadable(error: psycopg.Error, named: str) -> SchemaToolError:
    import psycopg  # noqa: PLC0415 - the caller has paid for it

    state, said = error.sqlstate or "", error.diag.message_primary or str(error).strip()
    lost = not state and isinstance(error, psycopg.OperationalError)
    if lost or state.startswith(_LOST):
        return TryAgainError(
            f"the connection to {named} was lost: {said}",
            sqlstate=state,
            hint="nothing was changed: run the command again",
        )
    if state == _LOCKED:
        return TryAgainError(
            f"cannot read {named}: another session holds what is to be read",
            sqlstate=state,
            hint="pg_blocking_pids() and pg_locks tell which it is; run the command again then",
        )
    if state == _CONFLICT:
        hint = "the standby replays what was to be read: run the command again"
        return TryAgainError(f"cannot read {named}: {said}", sqlstate=state, hint=hint)
    return FailedError(f"cannot read {named}: {said}", sqlstate=state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the files find in the live database: who runs them, roles, the server's version."""

    acting: Acting
    roles: frozenset[str]
    major: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Where the desired state stands: in files, or else in a database or a snapshot.

    `roles`: what roles of it are called in the live cluster.
    """

    scope: Scope
    roles: Mapping[str, str] = field(default_factory=dict)
    database: str = field(default="", repr=False)
    snapshot: Path | None = None
    scripts: tuple[Script, ...] = ()
    cluster: tuple[Script, ...] = ()
    scratch: str = field(default="", repr=False)
    binaries: Path | None = None

    @property
    def by_files(self) -> bool:
        """Whether files have to be loaded to know it."""
        return not self.database and self.snapshot is None


def read_surroundings(connection: psycopg.Connection[Any]) -> Surroundings:
    """Ask the live database what loading the files depends on."""
    row = connection.execute(_SESSION).fetchone()
    assert row is not None
    return Surroundings(
        acting=Acting(role=row[0], search_path=row[1]),
        roles=frozenset(entry[0] for entry in connection.execute(LIVE_ROLES)),
        major=connection.info.server_version // 10000,
    )


@contextmanager
def scratch_like(around: Surroundings, wanted: Wanted) -> Iterator[ScratchServer]:
    """A scratch server of the database's major version, with the roles that both sides name."""
    scripts, cluster = wanted.scripts, wanted.cluster
    with open_scratch(given=wanted.scratch, major=around.major, binaries=wanted.binaries) as server:
        for script in scripts:
            refuse_outside(script, shared=server.shared)
        named = around.roles | roles_named([*cluster, *scripts]) | set(wanted.roles.values())
        prepare_roles(server, cluster, named, (around.acting.role,))
        yield server


def read_files(server: ScratchServer, around: Surroundings, wanted: Wanted) -> Catalog:
    """The schema that the files make in an empty database.

    Errors: FailedError at the failing statement's place in its file.
    """
    with scratch_database(server, "sql") as scratch:
        load_scripts(scratch, wanted.scripts, around.acting)
        return read_catalog(scratch, scope=wanted.scope)


def read_changes(
    connection: psycopg.Connection[Any],
    wanted: Wanted,
    options: CompareOptions,
    server: ScratchServer | None = None,
) -> Changes:
    """What differs between the live schema and the desired one, read beside each other.

    Files that an earlier run has loaded are not loaded again; `server` is used where one is open.
    Errors: those of reading either side; of the live one first.
    """
    if wanted.database:
        return _compare_databases(connection, wanted, options)
    around = read_surroundings(connection) if wanted.by_files else None
    with (
        snapshot_of(connection),
        ThreadPoolExecutor(max_workers=1) as beside,
        _let_go(connection),
    ):
        reading = beside.submit(read_live, connection, wanted.scope, dependencies=False)
        try:
            if around is not None:
                desired = _loaded(around, wanted, server)
            else:
                desired = _snapshot(wanted, reading)
        except Exception:
            reading.result()
            raise
        changes = compare(*_settled(reading.result(), desired, wanted), options=options)
        if changes.equal:
            return changes
        adding = beside.submit(read_dependencies, connection, changes.live)
        _prepare_to_plan()
        return replace(changes, live=adding.result())


def _prepare_to_plan() -> None:
    """Import what a plan needs while a server is at work."""
    import schema_tool.plan  # noqa: F401, PLC0415


def _settled(live: Catalog, desired: Catalog, wanted: Wanted) -> tuple[Catalog, Catalog]:
    """Both sides with the same roles, and without what one of them was not shown."""
    if wanted.roles:
        from schema_tool.compare.roles import with_roles_mapped  # noqa: PLC0415 - it is rare

        desired = with_roles_mapped(desired, wanted.roles)
    if wanted.scope.memberships:
        from schema_tool.compare.roles import roles_used, with_memberships_among  # noqa: PLC0415

        spoken = roles_spoken_of([*wanted.cluster, *wanted.scripts])
        used = roles_used((live, desired)) | {wanted.roles.get(role, role) for role in spoken}
        live, desired = (with_memberships_among(side, used) for side in (live, desired))
    if live.uncompared or desired.uncompared:
        from schema_tool.catalog.snapshot import without_hidden  # noqa: PLC0415 - it is rare

        return without_hidden(live, desired)
    return live, desired


@contextmanager
def _let_go(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """On an error, Ctrl-C included, cancel what another thread waits for on the connection."""
    import psycopg  # noqa: PLC0415

    try:
        yield
    except BaseException:
        with suppress(psycopg.Error):
            connection.cancel_safe(timeout=CANCEL_TIMEOUT_S)
        raise


def _compare_databases(
    connection: psycopg.Connection[Any], wanted: Wanted, options: CompareOptions
) -> Changes:
    """Compare two databases; what depends on what is asked only where something differs."""
    target = Target(conninfo=wanted.database, origin="--to")
    common: dict[str, Any] = {"scope": wanted.scope, "dependencies": False, "twins": {}}
    with ExitStack() as stack:
        stack.enter_context(snapshot_of(connection))
        # left first, whatever happens: its thread uses the connection
        beside = stack.enter_context(ThreadPoolExecutor(max_workers=2))
        stack.enter_context(_let_go(connection))
        reading = beside.submit(read_live, connection, **common)
        try:
            other = stack.enter_context(closing(connect(target, read_only=True)))
            stack.enter_context(snapshot_of(other))
            desired = read_live(other, named=f"--to, {target}", **common)
            common.clear()
        except Exception:
            reading.result()
            raise
        changes = compare(*_settled(reading.result(), desired, wanted), options=options)
        if changes.equal:
            return changes
        adding = [
            beside.submit(read_dependencies, *side)
            for side in ((connection, changes.live), (other, changes.desired))
        ]
        _prepare_to_plan()
        return replace(changes, live=adding[0].result(), desired=adding[1].result())


def _loaded(around: Surroundings, wanted: Wanted, server: ScratchServer | None) -> Catalog:
    if server is not None:
        return read_files(server, around, wanted)
    if wanted.scratch:
        with scratch_like(around, wanted) as opened:
            return read_files(opened, around, wanted)
    from schema_tool.verify import kept  # noqa: PLC0415 - imported while the live side is read

    key = kept.key_of(
        [*wanted.cluster, *wanted.scripts],
        binaries=find_binaries(major=around.major, configured=wanted.binaries),
        acting=around.acting,
        roles=around.roles,
        scope=wanted.scope,
    )
    found = kept.find(key)
    if found is None:
        with scratch_like(around, wanted) as opened:
            found = read_files(opened, around, wanted)
        kept.keep(key, found)
    return found


def _snapshot(wanted: Wanted, reading: Future[Catalog]) -> Catalog:
    """A file's catalog, with the secrets of the live one, which it does not hold."""
    from schema_tool.catalog import snapshot  # noqa: PLC0415 - imported while the live side is read

    path = wanted.snapshot
    assert path is not None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read the snapshot {path}: {error}") from error
    catalog = snapshot.load(text, origin=str(path))
    if wanted.scope.memberships and not catalog.source.memberships:
        raise UsageError(
            f"the snapshot {path} has no memberships",
            hint="write it anew: schema-tool diff --memberships --snapshot FILE",
        )
    held, asked = catalog.source.schemas, wanted.scope.schemas
    if held and not (asked and set(asked) <= set(held)):
        flags = " ".join(f"--schema {shlex.quote(schema)}" for schema in held)
        raise UsageError(
            f"the snapshot {path} was written with {flags} and has nothing else",
            hint=f"compare these alone: diff {flags} --to …; or write it anew without",
        )
    catalog = catalog.within(wanted.scope)
    return snapshot.with_secrets_of(catalog, reading.result())


def run_plan(connection: psycopg.Connection[Any], plan: Plan) -> None:
    """Run a plan, a transaction for each group, but for what concerns the whole cluster."""
    from schema_tool.plan import preamble, render  # noqa: PLC0415 - only `--prove` pays for it

    for statement in preamble(plan):
        connection.execute(statement.encode())
    for group in plan.groups:
        steps = [step for step in group.steps if step.identity.kind is not Kind.MEMBERSHIP]
        with connection.transaction() if group.transactional else nullcontext():
            for step in steps:
                connection.execute(render(step).encode())


def copy_schema(scratch: psycopg.Connection[Any], live: Catalog, desired: Catalog) -> None:
    """Make the live schema in an empty database, and the roles that a way to the desired names."""
    from schema_tool.plan import make_plan  # noqa: PLC0415
    from schema_tool.plan.absent import absent_roles  # noqa: PLC0415

    empty = read_catalog(scratch)
    run_plan(scratch, make_plan(compare(empty, live), online=False))
    _name_not_nulls(scratch, live)
    for step in absent_roles(compare(replace(live, source=empty.source), desired)):
        scratch.execute(step.sql.encode())


def _name_not_nulls(scratch: psycopg.Connection[Any], live: Catalog) -> None:
    """What a table had as it joined its parent is called as it was; no statement says that."""
    from psycopg.errors import InsufficientPrivilege  # noqa: PLC0415

    from schema_tool.catalog.model.relation import Column  # noqa: PLC0415
    from schema_tool.catalog.quoting import qualified  # noqa: PLC0415

    inherited = (c for c in live.each(Column) if c.inherited and c.not_null_inherited)
    named = [
        (*2 * (c.not_null_inherited,), qualified(*c.identity.parts[:2]), c.identity.parts[2])
        for c in inherited
    ]
    # A scratch server of others may not let us.
    with suppress(InsufficientPrivilege):
        scratch.cursor().executemany(_NOT_NULL_NAME, named)


def prove(
    server: ScratchServer, plan: Plan, live: Catalog, desired: Catalog, options: CompareOptions
) -> list[str]:
    """Run the plan on an empty copy of the live schema; what differs afterwards.

    Errors: FailedError when the copy cannot be made or a step of the plan fails.
    """
    import psycopg  # noqa: PLC0415

    live, desired = live.within(Scope()), desired.within(Scope())
    with scratch_database(server, "prove") as scratch:
        try:
            copy_schema(scratch, live, desired)
            run_plan(scratch, plan)
        except psycopg.Error as error:
            raise FailedError(
                f"the plan fails on a copy of the schema: {error.diag.message_primary or error}",
                sqlstate=error.sqlstate or "",
            ) from error
        return compare(
            read_catalog(scratch, dependencies=False), desired, options=options
        ).describe()
