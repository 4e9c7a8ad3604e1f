"""Differences that no statement removes are noted in the plan, and no statement tries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.catalog import Catalog, Identity, Kind, read_catalog
from schema_tool.catalog.model.definition import Extension
from schema_tool.compare import compare
from schema_tool.plan import make_plan, render_plan

if TYPE_CHECKING:
    from tests.conftest import Server

_VECTOR = Identity(Kind.EXTENSION, ("vector",))


def _at_version(catalog: Catalog, version: str) -> Catalog:
    entity = catalog.objects[_VECTOR]
    assert isinstance(entity, Extension)
    return replace(catalog, objects={**catalog.objects, _VECTOR: replace(entity, version=version)})


def test_an_extension_in_use_does_not_go_back(connection: psycopg.Connection) -> None:
    connection.execute("CREATE EXTENSION vector; CREATE TABLE t (v public.vector(3))")
    live = read_catalog(connection)
    plan = make_plan(compare(live, _at_version(live, "0.1.0")))
    assert plan.steps == ()
    assert [entry.identity for entry in plan.unplanned] == [_VECTOR]
    assert "0.1.0" in plan.unplanned[0].reason


def test_an_extension_that_nothing_uses_is_made_anew(connection: psycopg.Connection) -> None:
    connection.execute("CREATE EXTENSION vector")
    live = read_catalog(connection)
    plan = make_plan(compare(live, _at_version(live, "0.1.0")))
    assert plan.unplanned == ()
    verbs = [step.statement.sql.split()[0] for step in plan.steps]
    assert verbs[:2] == ["DROP", "CREATE"]


def test_a_column_of_a_table_whose_rows_others_hold(connection: psycopg.Connection) -> None:
    connection.execute(
        "CREATE TABLE whole (id bigint); CREATE TABLE holder (one whole, several whole[]);"
        "ALTER TABLE holder DROP one"
    )
    desired = read_catalog(connection)
    connection.execute(
        "DROP TABLE whole, holder;"
        "CREATE TABLE whole (id integer, gone integer);"
        "CREATE TABLE holder (one whole, several whole[])"
    )
    plan = make_plan(compare(read_catalog(connection), desired))
    assert [entry.identity.parts[2] for entry in plan.unplanned] == ["id"]
    assert "public.holder.several holds rows of public.whole" in plan.unplanned[0].reason
    assert sorted(step.statement.sql for step in plan.steps) == [
        "ALTER TABLE public.holder DROP COLUMN one",
        "ALTER TABLE public.whole DROP COLUMN gone",
    ]


def test_a_column_of_a_table_whose_rows_others_hold_no_more(
    connection: psycopg.Connection,
) -> None:
    tables = "CREATE TABLE whole (id {}); CREATE TABLE holder (one {})"
    connection.execute(tables.format("bigint", "text").encode())
    desired = read_catalog(connection)
    connection.execute("DROP TABLE whole, holder")
    connection.execute(tables.format("integer", "whole").encode())
    plan = make_plan(compare(read_catalog(connection), desired))
    assert not plan.unplanned
    connection.execute(render_plan(plan).encode())
    assert compare(read_catalog(connection), desired).equal


_HELD = "CREATE TYPE around AS (one {0}); CREATE TABLE holder (all_of_it around[], one {0})"


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("TABLE whole (a integer)", "TABLE whole (a integer, b integer DEFAULT 1)", "b"),
        ("TABLE whole (a integer)", "TABLE whole (a integer, b serial)", "b"),
        ("TABLE whole (a integer)", "UNLOGGED TABLE whole (a integer)", "whole"),
        ("TABLE whole (a integer)", "TABLE whole (a integer) PARTITION BY LIST (a)", "whole"),
        ("TABLE whole (a integer)", "VIEW whole AS SELECT 1 AS a", "whole"),
        ("VIEW whole AS SELECT 1 AS a", "VIEW whole AS SELECT 1 AS b", "whole"),
        ("VIEW whole AS SELECT 1 AS a", "TYPE whole AS (a integer)", "whole"),
        ("MATERIALIZED VIEW whole AS SELECT 1 AS a", "VIEW whole AS SELECT 1 AS a", "whole"),
    ],
)
def test_what_would_rewrite_rows_that_others_hold(
    connection: psycopg.Connection, before: str, after: str, named: str
) -> None:
    connection.execute(f"CREATE {after}; {_HELD.format('whole')}".encode())
    desired = read_catalog(connection)
    connection.execute("DROP TABLE holder; DROP TYPE around")
    connection.execute(f"DROP {after.removeprefix('UNLOGGED ').split(' whole')[0]} whole".encode())
    connection.execute(f"CREATE {before}; {_HELD.format('whole')}".encode())
    plan = make_plan(compare(read_catalog(connection), desired))
    assert plan.steps == ()
    assert [entry.identity.parts[-1] for entry in plan.unplanned] == [named]
    assert plan.unplanned[0].reason == "column public.holder.all_of_it holds rows of public.whole"


def test_a_column_of_a_table_whose_heirs_rows_others_hold(connection: psycopg.Connection) -> None:
    tables = "CREATE TABLE above (a {}); CREATE TABLE whole () INHERITS (above)"
    connection.execute(f"{tables.format('bigint')}; {_HELD.format('whole')}".encode())
    desired = read_catalog(connection)
    connection.execute("DROP TABLE above, whole, holder CASCADE; DROP TYPE around")
    connection.execute(f"{tables.format('integer')}; {_HELD.format('whole')}".encode())
    plan = make_plan(compare(read_catalog(connection), desired))
    assert plan.steps == ()
    assert "public.whole" in plan.unplanned[0].reason


def test_what_a_domain_demands_of_rows_is_looked_for(connection: psycopg.Connection) -> None:
    connection.execute("CREATE DOMAIN d AS integer NOT NULL CHECK (VALUE > 0)")
    desired = read_catalog(connection)
    connection.execute("DROP DOMAIN d; CREATE DOMAIN d AS integer")
    changes = compare(read_catalog(connection), desired)
    for online in (True, False):
        text = render_plan(make_plan(changes, online=online))
        assert text.count("-- scans the tables with such columns under a SHARE lock") == 2


def test_a_servers_version_goes(connection: psycopg.Connection) -> None:
    server = "CREATE SERVER s{} FOREIGN DATA WRAPPER w"
    connection.execute(f"CREATE FOREIGN DATA WRAPPER w; {server.format('')}".encode())
    desired = read_catalog(connection)
    versioned = server.format(" VERSION '1'")
    connection.execute(f"DROP SERVER s; {versioned}".encode())
    plan = make_plan(compare(read_catalog(connection), desired))
    connection.execute(render_plan(plan).encode())
    version = connection.execute("SELECT srvversion FROM pg_foreign_server").fetchone()
    assert version == (None,)


def test_an_expression_of_one_partition_below_an_index(connection: psycopg.Connection) -> None:
    tables = (
        "CREATE TABLE whole (b int, c int GENERATED ALWAYS AS (b * 2) STORED)"
        " PARTITION BY LIST (b);"
        "CREATE TABLE part (b int, c int GENERATED ALWAYS AS (b * {}) STORED);"
        "ALTER TABLE whole ATTACH PARTITION part FOR VALUES IN (1);"
        "CREATE INDEX whole_c ON whole (c)"
    )
    connection.execute(tables.format(3).encode())
    desired = read_catalog(connection)
    connection.execute("DROP TABLE whole")
    connection.execute(tables.format(2).encode())
    plan = make_plan(compare(read_catalog(connection), desired))
    assert plan.steps == ()
    assert [entry.identity.parts for entry in plan.unplanned] == [("public", "part", "c")]
    assert "public.part_c_idx is part of index public.whole_c" in plan.unplanned[0].reason


def test_a_partitioned_table_is_logged_as_it_was_made(any_server: Server) -> None:
    if any_server.major >= 18:
        pytest.skip("no partitioned table is unlogged from 18 on")
    text = "CREATE UNLOGGED TABLE p (a int) PARTITION BY LIST (a);"
    text += "CREATE UNLOGGED TABLE p_1 PARTITION OF p DEFAULT"
    catalogs: list[Catalog] = []
    for sql in (text, text.replace("UNLOGGED ", "")):
        with psycopg.connect(any_server.create(), autocommit=True) as connection:
            connection.execute(sql.encode())
            catalogs.append(read_catalog(connection))
    one, other = catalogs
    for live, desired, word in ((one, other, "LOGGED"), (other, one, "UNLOGGED")):
        plan = make_plan(compare(live, desired))
        assert [str(entry.identity) for entry in plan.unplanned] == ["table public.p"]
        only = [step.statement.sql for step in plan.steps]
        assert only == [f"ALTER TABLE public.p_1 SET {word}"]
