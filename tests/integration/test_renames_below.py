"""A rename and what stands on the renamed: the plan runs, rows stay, a second diff is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from tests.conftest import Project

_READERS = """
        CREATE TABLE t ({0} integer, b integer);
        CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM public.t';
        CREATE TABLE u (id integer);
        CREATE POLICY p ON u USING (id IN (SELECT x.{0} FROM f() x));
        CREATE POLICY q ON u FOR INSERT WITH CHECK (id > (SELECT max(t.{0}) FROM t));
        CREATE RULE r AS ON DELETE TO u DO ALSO INSERT INTO t SELECT x.{0} FROM f() x;
        CREATE FUNCTION g() RETURNS bigint LANGUAGE sql
            BEGIN ATOMIC SELECT sum(x.{0}) FROM f() x; END;
"""
# What holds before; what is wanted, with its lines of renames.
CASES = {
    "a column of the rows of a function that views read": (
        """
        CREATE TABLE t (a integer, b integer);
        CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM public.t';
        CREATE VIEW v AS SELECT x.a > 0 AS ok FROM f() x;
        CREATE VIEW w AS SELECT x.b FROM f() x JOIN t ON t.a > x.b JOIN f() WITH ORDINALITY y
            ON y.ordinality = x.b;
        """,
        """
        -- schema-tool: rename column public.t.a to z
        CREATE TABLE t (z integer, b integer);
        CREATE FUNCTION f() RETURNS SETOF t LANGUAGE sql AS 'SELECT * FROM public.t';
        CREATE VIEW v AS SELECT x.z > 0 AS ok FROM f() x;
        CREATE VIEW w AS SELECT x.b FROM f() x JOIN t ON t.z > x.b JOIN f() WITH ORDINALITY y
            ON y.ordinality = x.b;
        """,
    ),
    "a column of the rows of a function that policies, rules and bodies read": (
        _READERS.format("a"),
        "-- schema-tool: rename column t.a to z\n" + _READERS.format("z"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_rename_leaves_what_stands_on_it_as_wanted(project: Project, case: str) -> None:
    before, wanted = CASES[case]
    project.write("sql/010.sql", wanted)
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(before.encode())
        connection.execute("INSERT INTO t VALUES (1, 2)")
        result = project.run("diff")
        assert result.returncode == 1, result.stderr
        connection.execute(result.stdout.encode())
        assert connection.execute("TABLE t").fetchone() == (1, 2)
    again = project.run("diff")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "stale" in again.stderr
