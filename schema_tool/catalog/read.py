"""read_catalog: one read-only snapshot of a database -> Catalog."""

from __future__ import annotations

import gc
import re
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.pq import TransactionStatus

from schema_tool.catalog import sweep
from schema_tool.catalog.catalog import Catalog, Scope, Source
from schema_tool.catalog.families import (
    aggregates,
    attachments,
    cluster,
    definitions,
    relations,
    search,
)
from schema_tool.catalog.families.reading import Reading, Row
from schema_tool.catalog.identity import Identity, SystemCatalog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from schema_tool.catalog.model.entity import Entity

    Connection = psycopg.Connection[Any]

_FOLDER = Path(__file__).parent / "families"
_VERSIONED = re.compile(r"-- (since|before) (\d+)\s*$")
_PRIVILEGED = re.compile(r"-- (if|unless) superuser\s*$")

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
}

# fmt: off
# In the order in which they are built: relations before what hangs on them.
_IN_SCHEMAS = (
    "comments", "types", "domain_constraints", "tables", "views", "columns",
    "not_nulls", "composites", "sequences", "constraints", "indexes", "triggers", "rules",
    "policies", "statistics", "routines", "aggregates", "text_search_parsers",
    "text_search_templates", "text_search_dictionaries", "text_search_configurations",
    "collations", "conversions", "operators", "operator_families", "operator_classes",
    "default_privileges", "dependencies",
)
_OUTSIDE_SCHEMAS = (
    "extensions", "languages", "access_methods", "casts", "transforms", "foreign_data_wrappers",
    "servers", "user_mappings", "event_triggers", "publications", "published_tables",
    "subscriptions", "named_only",
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
def _snapshot(connection: Connection) -> Iterator[None]:
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
        connection.isolation_level, connection.read_only = before


def _apply_settings(connection: Connection) -> None:
    calls = ", ".join(f"set_config('{name}', %s, true)" for name in _SETTINGS)
    connection.execute(f"SELECT {calls}".encode(), list(_SETTINGS.values()))


def _environment(connection: Connection) -> tuple[Reading, Source, bool, list[str]]:
    row = connection.execute(_text("environment").encode()).fetchone()
    assert row is not None
    version, role, superuser, roles, members, catalogs = row
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


class _Answers:
    """The families' rows, each waited for when it is first asked for.

    All queries are sent before the first answer is awaited (one round trip). A thread takes the
    rows from the socket while the ones before become models: the server never waits for us.
    """

    def __init__(
        self, connection: Connection, queries: Mapping[str, str], parameters: dict[str, object]
    ) -> None:
        self._cursors = {
            family: connection.execute(text.encode(), parameters if "%(" in text else None)
            for family, text in queries.items()
        }
        self._rows: dict[str, Future[list[Row]]] = {family: Future() for family in queries}
        self._thread = Thread(target=self._fetch, daemon=True)
        self._thread.start()

    def _fetch(self) -> None:
        for family in list(self._cursors):
            try:
                # The driver's copy of a family goes with its cursor.
                self._rows[family].set_result(self._cursors.pop(family).fetchall())
            except BaseException as error:
                self._rows[family].set_exception(error)

    def __call__(self, family: str) -> list[Row]:
        return self._rows[family].result() if family in self._rows else []

    def join(self) -> None:
        """Wait until nothing more uses the connection."""
        self._thread.join()


@contextmanager
def _without_collection() -> Iterator[None]:
    """No garbage collection while thousands of objects are made that all stay."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _builders(rows: _Answers, reading: Reading) -> Iterator[Iterable[Entity]]:
    """What turns the rows into models; the order matters, each yields when its turn comes."""
    yield definitions.types(rows("types"), reading, rows("domain_constraints"))
    yield relations.tables(rows("tables"), reading)
    yield relations.views(rows("views"), reading, rows("columns"))
    yield relations.columns(rows("columns"), reading, rows("not_nulls"))
    yield definitions.composites(rows("composites"), reading, rows("columns"))
    yield relations.sequences(rows("sequences"), reading)
    for name in ("constraints", "indexes", "triggers", "rules", "policies", "statistics"):
        yield getattr(attachments, name)(rows(name), reading)
    yield definitions.extensions(rows("extensions"), reading)
    yield definitions.routines(rows("routines"), reading)
    yield aggregates.aggregates(rows("aggregates"), reading)
    yield definitions.event_triggers(rows("event_triggers"), reading)
    yield definitions.languages(rows("languages"), reading)
    yield cluster.default_privileges(rows("default_privileges"), reading)
    yield cluster.publications(rows("publications"), reading, rows("published_tables"))
    simple: tuple[tuple[str, Callable[[list[Row], Reading], Iterator[Entity]]], ...] = (
        ("subscriptions", cluster.subscriptions),
        ("foreign_data_wrappers", cluster.foreign_data_wrappers),
        ("servers", cluster.servers),
        ("user_mappings", cluster.user_mappings),
        ("text_search_parsers", search.text_search_parsers),
        ("text_search_templates", search.text_search_templates),
        ("text_search_dictionaries", search.text_search_dictionaries),
        ("text_search_configurations", search.text_search_configurations),
        ("collations", search.collations),
        ("conversions", search.conversions),
        ("casts", search.casts),
        ("operators", search.operators),
        ("operator_families", search.operator_families),
        ("operator_classes", search.operator_classes),
        ("access_methods", search.access_methods),
        ("transforms", search.transforms),
    )
    for name, build in simple:
        yield build(rows(name), reading)


def read_catalog(connection: Connection, *, scope: Scope | None = None) -> Catalog:
    """Read the schema of the connected database, changing nothing.

    Errors: those of psycopg; a role that may not read a catalog sees InsufficientPrivilege.
    """
    scope = scope or Scope()
    objects: dict[Identity, Entity] = {}
    with _snapshot(connection), _without_collection():
        reading, source, superuser, catalogs = _environment(connection)
        schemas = definitions.schemas(_schemas(connection, reading, scope), reading)
        families = [*_IN_SCHEMAS, *(() if scope.schemas else _OUTSIDE_SCHEMAS)]
        queries = {name: _query(name, reading.major, superuser) for name in families}
        if not scope.schemas:
            queries["sweep"] = sweep.query(catalogs)
        with connection.pipeline():
            rows = _Answers(connection, queries, _parameters(reading, scope))
            reading.comments = {row[:3]: row[3] for row in rows("comments")}
            for entities in chain((schemas,), _builders(rows, reading)):
                objects.update((entity.identity, entity) for entity in entities)
            left_over = list(sweep.left_over(rows("sweep"), reading))
            (dependencies,) = rows("dependencies")[0]
            named = rows("named_only")
        uncompared = sweep.uncompared(connection, left_over, scope)
        uncompared += sweep.named_only(named)
    return Catalog(
        objects=objects,
        uncompared=uncompared,
        source=replace(source, dependencies=dependencies or ""),
    )
