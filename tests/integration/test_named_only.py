"""What is set on objects that are not compared is named, on whichever side it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.catalog import read_catalog
from schema_tool.compare import compare
from schema_tool.plan import make_plan

if TYPE_CHECKING:
    from schema_tool.catalog import Catalog
    from tests.conftest import Server

SET = {
    "extension that it depends on, of index public.t_pkey": (
        "CREATE TABLE t (a integer PRIMARY KEY); ALTER INDEX t_pkey DEPENDS ON EXTENSION plpgsql"
    ),
    "switched triggers of constraint c_x_fkey on public.c": (
        "CREATE TABLE p (a integer PRIMARY KEY); CREATE TABLE c (x integer REFERENCES p);"
        " ALTER TABLE c DISABLE TRIGGER ALL"
    ),
    "privileges of type public.t": (
        "CREATE TABLE t (a integer); REVOKE USAGE ON TYPE t FROM PUBLIC"
    ),
    "comment of type public.t": "CREATE TABLE t (a integer); COMMENT ON TYPE t IS 'a row'",
    "comment of type public.d[]": ("CREATE DOMAIN d AS integer; COMMENT ON TYPE _d IS 'a list'"),
    "comments on large objects": (
        "SELECT lo_create(77); COMMENT ON LARGE OBJECT 77 IS 'a picture'"
    ),
    "privileges on large objects PUBLIC": (
        "SELECT lo_create(78); GRANT SELECT ON LARGE OBJECT 78 TO PUBLIC"
    ),
}


@pytest.mark.parametrize("named", SET)
def test_it_is_named(named: str, connection: psycopg.Connection) -> None:
    before = read_catalog(connection)
    assert before.uncompared == ()
    connection.execute(SET[named].encode())
    after = read_catalog(connection)
    for changes in (compare(before, after), compare(after, before)):
        assert [f"{entry.kind} {entry.identity}" for entry in changes.uncompared] == [named]


def test_privileges_that_the_reader_cannot_change_are_named(connection: psycopg.Connection) -> None:
    before = read_catalog(connection)
    connection.execute("REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC")
    changed = read_catalog(connection)
    assert [str(c.identity) for c in compare(before, changed)] == ["privileges of language plpgsql"]
    connection.execute("CREATE ROLE reader_only; SET ROLE reader_only")
    try:
        hidden = read_catalog(connection)
    finally:
        connection.execute("RESET ROLE; DROP ROLE reader_only")
    for changes in (compare(hidden, before), compare(hidden, changed)):
        assert changes.equal
        assert [f"{entry.kind} {entry.identity}" for entry in changes.uncompared] == [
            "privileges of language plpgsql"
        ]


def test_privileges_that_only_the_other_reader_can_change_are_named(
    connection: psycopg.Connection,
) -> None:
    plain = "CREATE ROLE plain_reader; SET ROLE plain_reader"
    connection.execute(plain.encode())
    try:
        hidden = read_catalog(connection)
    finally:
        connection.execute("RESET ROLE; DROP ROLE plain_reader")
    changed_there = (
        "REVOKE EXECUTE ON FUNCTION pg_sleep(float8) FROM PUBLIC;"
        " REVOKE SELECT (relname) ON pg_class FROM PUBLIC; GRANT SELECT (rolpassword) ON pg_authid"
        " TO pg_monitor; REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC"
    )
    connection.execute(changed_there.encode())
    changes = compare(hidden, read_catalog(connection))
    assert changes.equal
    assert [f"{entry.kind} {entry.identity}" for entry in changes.uncompared] == [
        "privileges of function pg_catalog.pg_sleep(double precision)",
        "privileges of language plpgsql",
        "privileges of table pg_catalog.pg_authid column rolpassword",
    ]


def test_to_undo_a_hardening_is_a_hazard(connection: psycopg.Connection) -> None:
    as_made = read_catalog(connection)
    connection.execute(
        b"REVOKE EXECUTE ON FUNCTION pg_sleep(float8) FROM PUBLIC;"
        b" GRANT EXECUTE ON FUNCTION pg_ls_dir(text) TO pg_monitor;"
        b" REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC"
    )
    hardened = read_catalog(connection)
    connection.execute(
        b"GRANT USAGE ON LANGUAGE plpgsql TO pg_monitor;"
        b" GRANT EXECUTE ON FUNCTION pg_sleep(float8) TO PUBLIC, pg_monitor"
    )
    granted = read_catalog(connection)
    assert _hazards(hardened, as_made) == {
        "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(pg_catalog.text) FROM pg_monitor": [
            "revoke"
        ],
        "GRANT EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) TO PUBLIC": [
            "weaken-security"
        ],
        "GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC": ["weaken-security"],
    }
    assert _hazards(hardened, granted) == {
        "GRANT EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) TO PUBLIC": [
            "weaken-security"
        ],
        "GRANT EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) TO pg_monitor": [],
        "GRANT USAGE ON LANGUAGE plpgsql TO pg_monitor": [],
    }


def _hazards(live: Catalog, desired: Catalog) -> dict[str, list[str]]:
    plan = make_plan(compare(live, desired))
    steps = [step for group in plan.groups for step in group.steps]
    return {step.sql: [danger.hazard for danger in step.statement.dangers] for step in steps}


def test_an_access_method_that_tables_keep_is_named(any_server: Server) -> None:
    text = "CREATE ACCESS METHOD am TYPE TABLE HANDLER {}; CREATE TABLE t (a int) USING am"
    own = (
        "CREATE FUNCTION h(internal) RETURNS table_am_handler LANGUAGE internal"
        " AS 'heap_tableam_handler';"
    )
    catalogs = []
    for sql in (text.format("heap_tableam_handler"), own + text.format("h")):
        with psycopg.connect(any_server.create(), autocommit=True) as connection:
            connection.execute(sql.encode())
            catalogs.append(read_catalog(connection))
    plan = make_plan(compare(*catalogs))
    assert [str(entry.identity) for entry in plan.unplanned] == ["access method am"]


def test_large_objects_are_data(connection: psycopg.Connection) -> None:
    connection.execute("SELECT lo_create(79)")
    assert read_catalog(connection).uncompared == ()
