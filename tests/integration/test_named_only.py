"""What is set on objects that are not compared is named, on whichever side it is."""

from __future__ import annotations

import psycopg
import pytest

from schema_tool.catalog import read_catalog
from schema_tool.compare import compare

SET = {
    "privileges of language plpgsql": "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC",
    "privileges of function pg_catalog.pg_sleep(double precision)": (
        "REVOKE EXECUTE ON FUNCTION pg_sleep(double precision) FROM PUBLIC"
    ),
    "extension that it depends on, of function public.f()": (
        "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';"
        "ALTER FUNCTION f() DEPENDS ON EXTENSION plpgsql"
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
