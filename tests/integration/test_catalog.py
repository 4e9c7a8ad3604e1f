"""The same schema gives the same catalog, on every server version, whatever was there before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.catalog import Catalog, Identity, Kind, Scope, read_catalog
from schema_tool.catalog.model.definition import Routine
from schema_tool.catalog.model.relation import Column, Constraint, Index, Table
from schema_tool.compare import compare

if TYPE_CHECKING:
    from tests.conftest import Server

EVERY_KIND = (Path(__file__).parent / "every_kind.sql").read_text(encoding="utf-8")


def load(dsn: str, text: str) -> Catalog:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(text.encode())
        return read_catalog(connection)


def test_the_same_schema_in_another_database_gives_an_equal_catalog(any_server: Server) -> None:
    first = load(any_server.create(), EVERY_KIND)
    # other OIDs
    second = load(any_server.create(), f"CREATE TABLE x (); DROP TABLE x; {EVERY_KIND}")
    assert compare(first, second).describe() == []
    assert first == second


def test_every_kind_is_modelled_and_nothing_is_left_over(any_server: Server) -> None:
    catalog = load(any_server.create(), EVERY_KIND)
    assert catalog.uncompared == ()
    # these need a library or a publisher
    rare = {Kind.SUBSCRIPTION, Kind.BASE_TYPE, Kind.LANGUAGE, Kind.ACCESS_METHOD, Kind.TRANSFORM}
    rare |= {Kind.TEXT_SEARCH_PARSER, Kind.TEXT_SEARCH_TEMPLATE}
    # and this is read on request
    rare |= {Kind.MEMBERSHIP}
    assert {identity.kind for identity in catalog.objects} >= set(Kind) - rare


def test_what_no_model_describes_is_named(database: str) -> None:
    # COMMUTATOR names an operator that does not exist: the server makes a shell of it
    catalog = load(
        database,
        "CREATE OPERATOR public.<<<< (FUNCTION = int4lt, LEFTARG = int, RIGHTARG = int,"
        " COMMUTATOR = OPERATOR(public.>>>>))",
    )
    assert [(found.kind, found.identity) for found in catalog.uncompared] == [
        ("operator", "public.>>>>(integer,integer)")
    ]


def test_bookkeeping_temporary_and_system_objects_are_left_out(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        empty = read_catalog(connection)
        connection.execute(
            "CREATE SCHEMA schema_tool; CREATE TABLE schema_tool.ledger (id int PRIMARY KEY);"
            "CREATE FUNCTION schema_tool.f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
            "CREATE TABLE yoyo_lock (locked int PRIMARY KEY, pid serial CHECK (pid > 0));"
            "CREATE TABLE _yoyo_migration (id text REFERENCES _yoyo_migration PRIMARY KEY);"
            "CREATE TEMPORARY TABLE t (id serial PRIMARY KEY); CREATE TEMPORARY VIEW v AS SELECT 1"
        )
        catalog = read_catalog(connection)
    assert compare(empty, catalog).describe() == []
    assert catalog.uncompared == ()


def test_reading_changes_nothing_and_works_inside_the_callers_transaction(
    connection: psycopg.Connection,
) -> None:
    with connection.transaction():
        connection.execute("SET LOCAL search_path = public; CREATE TABLE inside (id int)")
        catalog = read_catalog(connection)
        row = connection.execute("SHOW search_path").fetchone()
        assert row == ("public",)
    assert Identity(Kind.TABLE, ("public", "inside")) in catalog.objects
    assert connection.isolation_level is None


def test_scope_keeps_to_its_schemas(connection: psycopg.Connection) -> None:
    connection.execute("CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.t (); CREATE TABLE b.t ()")
    catalog = read_catalog(connection, scope=Scope(schemas=("a",)))
    assert {str(identity) for identity in catalog.objects} == {"schema a", "table a.t"}


@pytest.mark.parametrize(
    "condition",
    [
        "x IN ('a', 'b')",
        "x NOT IN ('it''s', '(', 'ARRAY[')",
        "lower(x) IN ('a', 'b') AND x LIKE ANY (ARRAY['a%', 'b'])",
        "x = ANY (ARRAY['a'::varchar, y])",
        "n BETWEEN 1 AND 3 OR n IN (1, 2)",
        "n + 1 > ANY (ARRAY[1.5, 2])",
        "x IN ('a', 'b') AND (y IN ('c', 'd') OR n > 1)",
    ],
)
def test_text_that_postgresql_prints_compares_equal_when_read_back(
    connection: psycopg.Connection, condition: str
) -> None:
    connection.execute("CREATE TABLE t (x varchar(9), y varchar, n int)")
    connection.execute(f"ALTER TABLE t ADD CONSTRAINT c CHECK ({condition})".encode())
    connection.execute(f"CREATE VIEW v AS SELECT x FROM t WHERE {condition}".encode())
    first = read_catalog(connection)
    row = connection.execute(
        "SELECT pg_get_constraintdef(oid), pg_get_viewdef('v'::regclass)"
        " FROM pg_constraint WHERE conname = 'c'"
    ).fetchone()
    assert row is not None
    connection.execute("DROP VIEW v; ALTER TABLE t DROP CONSTRAINT c")
    connection.execute(
        f"ALTER TABLE t ADD CONSTRAINT c {row[0]}; CREATE VIEW v AS {row[1]}".encode()
    )
    assert compare(first, read_catalog(connection)).describe() == []


def test_our_own_text_is_read_back_as_the_same(connection: psycopg.Connection) -> None:
    connection.execute("CREATE TABLE t (x varchar, CONSTRAINT c CHECK (x IN ('a', 'b')))")
    first = read_catalog(connection)
    constraint = first.objects[Identity(Kind.CONSTRAINT, ("public", "t", "c"))]
    assert isinstance(constraint, Constraint)
    connection.execute("ALTER TABLE t DROP CONSTRAINT c")
    connection.execute(f"ALTER TABLE t ADD CONSTRAINT c {constraint.definition}".encode())
    assert read_catalog(connection) == first


def test_blanks_at_the_ends_of_a_bodys_lines_are_no_difference(
    connection: psycopg.Connection,
) -> None:
    body = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nbegin{}\nend{}\n$$"
    connection.execute(body.format("", "").encode())
    first = read_catalog(connection)
    connection.execute(body.format("  ", "\t").encode())
    assert read_catalog(connection) == first


def test_not_null_keeps_its_name_where_the_server_knows_one(any_server: Server) -> None:
    catalog = load(
        any_server.create(),
        "CREATE TABLE t (a int NOT NULL, b int CONSTRAINT b_is_there NOT NULL)",
    )
    a = catalog.objects[Identity(Kind.COLUMN, ("public", "t", "a"))]
    b = catalog.objects[Identity(Kind.COLUMN, ("public", "t", "b"))]
    assert isinstance(a, Column)
    assert isinstance(b, Column)
    assert (a.not_null, b.not_null) == (True, True)
    assert a.not_null_name == ""
    assert b.not_null_name == ("b_is_there" if any_server.major >= 18 else "")


def test_partitions_and_their_indexes_know_their_parents(connection: psycopg.Connection) -> None:
    connection.execute(
        "CREATE TABLE p (a int) PARTITION BY RANGE (a);"
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2);"
        "CREATE INDEX p_a ON p (a)"
    )
    catalog = read_catalog(connection)
    child = catalog.objects[Identity(Kind.TABLE, ("public", "p1"))]
    index = catalog.objects[Identity(Kind.INDEX, ("public", "p1_a_idx"))]
    assert isinstance(child, Table)
    assert isinstance(index, Index)
    assert child.parents == (Identity(Kind.TABLE, ("public", "p")),)
    assert child.partition_bound == "FOR VALUES FROM (1) TO (2)"
    assert index.parent == Identity(Kind.INDEX, ("public", "p_a"))


def test_an_aggregate_is_put_together_so_that_it_can_be_made_again(
    connection: psycopg.Connection,
) -> None:
    connection.execute(
        "CREATE AGGREGATE longest(text) (SFUNC = text_larger, STYPE = text, SORTOP = >,"
        r" INITCOND = 'a''\b', PARALLEL = SAFE, COMBINEFUNC = text_larger)"
    )
    first = read_catalog(connection)
    aggregate = first.objects[Identity(Kind.ROUTINE, ("public", "longest", "text"))]
    assert isinstance(aggregate, Routine)
    connection.execute("DROP AGGREGATE longest(text)")
    connection.execute(aggregate.definition.encode())
    assert read_catalog(connection) == first


def test_privileges_that_say_the_same_are_equal(connection: psycopg.Connection) -> None:
    connection.execute("CREATE TABLE t (a int, b int)")
    first = read_catalog(connection)
    connection.execute("GRANT SELECT ON t TO PUBLIC; REVOKE SELECT ON t FROM PUBLIC")
    assert read_catalog(connection) == first
    connection.execute("GRANT SELECT (a) ON t TO PUBLIC")
    assert compare(first, read_catalog(connection)).describe() == [
        "table public.t: column a: privileges none -> public SELECT"
    ]
