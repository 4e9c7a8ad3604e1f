"""read_catalog: one read-only snapshot of a database -> Catalog."""

from __future__ import annotations

import gc
import re
import sys
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.pq import TransactionStatus

from schema_tool.catalog import sweep
from schema_tool.catalog.answers import Answers
from schema_tool.catalog.catalog import Catalog, Scope, Source
from schema_tool.catalog.dependencies import Dependencies
from schema_tool.catalog.families.reading import Reading, Row, Twins
from schema_tool.catalog.identity import Identity, SystemCatalog

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.catalog.model.entity import Entity

    Connection = psycopg.Connection[Any]

SWITCH_INTERVAL_S = 0.0002
"""How long a thread of Python works while another waits to; Python's own choice is 5 ms."""
_USUAL_INTERVAL_S = sys.getswitchinterval()

_FOLDER = Path(__file__).parent / "families"
_VERSIONED = re.compile(r"-- (since|before) (\d+)\s*$")
_PRIVILEGED = re.compile(r"-- (if|unless) superuser\s*$")

TRANSACTION_TIMEOUT_SINCE = 170000
# The text of constants must not depend on who reads; search_path = '' makes names qualified.
_SETTINGS = {
    "search_path": "",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "quote_all_identifiers": "off",
    # Compiling a catalog query costs more than running it.
    "jit": "off",
    # As in pg_dump: a limit for an application would end the reading of a large schema, or the
    # snapshot of one side while the other is read.
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}

# fmt: off
# Each line of the first level is a round trip: its rows become models while the server answers the
# next. First what the rest refers to, last what is soon made, so that little is left at the end.
_IN_SCHEMAS = (
    ("comments", "types", "domain_constraints", "tables", "views", "not_nulls", "columns"),
    ("composites", "sequences", "constraints"),
    ("indexes",),
    (
        "triggers", "rules", "policies", "statistics", "routines", "aggregates",
        "text_search_parsers", "text_search_templates", "text_search_dictionaries",
        "text_search_configurations", "collations", "conversions", "operators",
        "operator_families", "operator_classes", "default_privileges",
    ),
)
_OUTSIDE_SCHEMAS = (
    "extensions", "languages", "access_methods", "casts", "transforms", "foreign_data_wrappers",
    "servers", "user_mappings", "event_triggers", "publications", "published_tables",
    "subscriptions", "named_only", "found_privileges", "extension_uses",
)
# fmt: on


@cache
def _text(family: str) -> str:
    return (_FOLDER / f"{family}.sql").read_text(encoding="utf-8")


@cache
def _query(family: str, major: int, superuser: bool) -> str:
    """A family's SQL without the lines that are for other servers or other roles."""
    lines = []
    for line in _text(family).splitlines():
        version = _VERSIONED.search(line)
        if version and (version[1] == "since") != (major >= int(version[2])):
            continue
        privileged = _PRIVILEGED.search(line)
        if privileged and (privileged[1] == "if") != superuser:
            continue
        lines.append(line)
    return "\n".join(lines)


@contextmanager
def snapshot_of(connection: Connection) -> Iterator[None]:
    """One snapshot with known settings, undone at the end.

    Inside a transaction of the caller's, that transaction is the snapshot.
    """
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        with connection.transaction(force_rollback=True):
            _apply_settings(connection)
            yield
        return
    before = connection.isolation_level, connection.read_only
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    try:
        with connection.transaction(force_rollback=True):
            _apply_settings(connection)
            yield
    finally:
        # Else it was lost, or another thread has yet to let go of it: nobody uses it again.
        if connection.info.transaction_status is TransactionStatus.IDLE:
            connection.isolation_level, connection.read_only = before


def _apply_settings(connection: Connection) -> None:
    known = connection.info.server_version >= TRANSACTION_TIMEOUT_SINCE
    settings = _SETTINGS | ({"transaction_timeout": "0"} if known else {})
    calls = ", ".join(f"set_config('{name}', %s, true)" for name in settings)
    connection.execute(f"SELECT {calls}".encode(), list(settings.values()))


def _environment(connection: Connection) -> tuple[Reading, Source, bool, list[str]]:
    row = connection.execute(_text("environment").encode()).fetchone()
    assert row is not None
    version, role, superuser, roles, members, catalogs, others = row
    by_class: dict[int, set[int]] = {}
    for member in members:
        catalog, oid = member.split()
        by_class.setdefault(int(catalog), set()).add(int(oid))
    names = (entry.split(" ", 1) for entry in roles)
    reading = Reading(
        major=version // 10000,
        roles={int(oid): name for oid, name in names},
        members=by_class,
        namespaces={},
    )
    source = Source(
        major=reading.major,
        role=role,
        database=connection.info.dbname,
        roles=frozenset(reading.roles.values()),
        not_ours=frozenset(others),
    )
    return reading, source, bool(superuser), catalogs


def _parameters(reading: Reading, scope: Scope) -> dict[str, object]:
    def array(oids: Iterable[int]) -> str:
        return "{" + ",".join(map(str, oids)) + "}"

    members = reading.members
    return {
        "namespaces": array(reading.namespaces),
        "member_relations": array(members.get(SystemCatalog.PG_CLASS, ())),
        "member_routines": array(members.get(SystemCatalog.PG_PROC, ())),
        "member_types": array(members.get(SystemCatalog.PG_TYPE, ())),
        "ignored_tables": list(scope.ignored_tables),
    }


def _schemas(connection: Connection, reading: Reading, scope: Scope) -> list[Row]:
    rows = connection.execute(_text("schemas").encode()).fetchall()
    kept = [
        row
        for row in rows
        if scope.covers(row[1]) and not reading.is_member(SystemCatalog.PG_NAMESPACE, row[0])
    ]
    # The contents of a schema that an extension made can be the user's own.
    reading.namespaces = {row[0]: row[1] for row in rows if scope.covers(row[1])}
    return kept


def _trips(
    connection: Connection, major: int, scope: Scope, *, superuser: bool
) -> list[dict[str, str]]:
    """The queries of each round trip, without those of which there is nothing."""
    *first, last = _IN_SCHEMAS
    absent = {row[0] for row in connection.execute(_text("rare").encode())}
    return [
        {family: _query(family, major, superuser) for family in families if family not in absent}
        for families in (*first, last if scope.schemas else (*_OUTSIDE_SCHEMAS, *last))
    ]


@contextmanager
def _in_haste() -> Iterator[None]:
    """No garbage collection while thousands of objects are made that all stay.

    And whoever takes rows from a socket gets its turn at once: a server waits for it.
    """
    enabled = gc.isenabled()
    gc.disable()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    try:
        yield
    finally:
        # two readings may overlap: the last one to end must not take the haste for usual
        sys.setswitchinterval(_USUAL_INTERVAL_S)
        if enabled:
            gc.enable()


def read_dependencies(connection: Connection, catalog: Catalog) -> Catalog:
    """The catalog with the edges of pg_depend, which a plan needs and a comparison does not.

    They belong together when both are read within one `snapshot_of` the connection.
    """
    row = connection.execute(_text("dependencies").encode()).fetchone()
    assert row is not None
    dependencies = Dependencies(*(text or "" for text in row))
    return replace(catalog, source=replace(catalog.source, dependencies=dependencies))


def read_catalog(
    connection: Connection,
    *,
    scope: Scope | None = None,
    dependencies: bool = True,
    twins: Twins | None = None,
) -> Catalog:
    """Read the schema of the connected database, changing nothing.

    Without `dependencies`, `read_dependencies` can add them later. Readings beside each other
    that are given the same `twins`, a dict, share what is the same in both.
    Errors: those of psycopg; a role that may not read a catalog sees InsufficientPrivilege.
    """
    scope = scope or Scope()
    objects: dict[Identity, Entity] = {}
    with snapshot_of(connection), _in_haste():
        reading, source, superuser, catalogs = _environment(connection)
        reading.twins = twins
        schemas = _schemas(connection, reading, scope)
        trips = _trips(connection, reading.major, scope, superuser=superuser)
        if scope.memberships:
            trips[-1]["memberships"] = _query("memberships", reading.major, superuser)
            source = replace(source, memberships=True)
        if not scope.schemas:
            trips[-1]["sweep"] = sweep.query(catalogs)
        with Answers(connection, trips, _parameters(reading, scope)) as rows:
            from schema_tool.catalog.build import build  # noqa: PLC0415 - the server is at work

            reading.comments = {row[:3]: row[3] for row in rows("comments")}
            for entities in build(schemas, rows, reading):
                objects.update((entity.identity, entity) for entity in entities)
            if reading.views:
                from schema_tool.catalog.row_functions import without_columns  # noqa: PLC0415

                objects.update((v.identity, v) for v in without_columns(reading.views, objects))
            left_over = list(sweep.left_over(rows("sweep"), reading))
            named = [*rows("named_only"), *reading.named]
        uncompared = sweep.uncompared(connection, left_over, scope)
        uncompared += sweep.named_only(named)
        if not superuser:
            from schema_tool.catalog.snapshot import hidden_secrets  # noqa: PLC0415

            uncompared += hidden_secrets(objects.values())
        source = replace(source, oids=reading.seen, schemas=scope.schemas)
        catalog = Catalog(objects=objects, uncompared=uncompared, source=source)
        return read_dependencies(connection, catalog) if dependencies else catalog
