"""What is set on objects that are not compared is named, on whichever side it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.catalog import read_catalog
from schema_tool.compare import compare
from schema_tool.plan import make_plan

if TYPE_CHECKING:
    from tests.conftest import Server

SET = {
    "extension that it depends on, of index public.t_pkey": (
        "CREATE TABLE t (a integer PRIMARY KEY); ALTER INDEX t_pkey DEPENDS ON EXTENSION plpgsql"
    ),
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
