"""A role that the desired state names and that the live cluster lacks: the plan can be run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from schema_tool.catalog import read_catalog
from schema_tool.compare import compare
from schema_tool.plan import make_plan, render

if TYPE_CHECKING:
    from tests.conftest import Server

WANTED = """
CREATE ROLE "of the file";
CREATE TABLE t (a integer);
GRANT SELECT ON t TO "of the file";
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t TO "of the file" USING (true);
"""


def test_the_plan_makes_the_role_once_and_runs_where_it_exists(any_server: Server) -> None:
    with psycopg.connect(any_server.create(), autocommit=True) as wanted:
        wanted.execute(WANTED.encode())
        desired = read_catalog(wanted)
        wanted.execute(b'DROP OWNED BY "of the file"; DROP ROLE "of the file"')
    with psycopg.connect(any_server.create(), autocommit=True) as connection:
        plan = make_plan(compare(read_catalog(connection), desired))
        named = [step for step in plan.steps if "CREATE ROLE" in render(step)]
        assert len(named) == 1
        assert named[0].reason.startswith("role of the file does not exist here")
        connection.execute(render(named[0]).encode())
        for step in plan.steps:
            connection.execute(render(step).encode())
        after = read_catalog(connection)
        assert compare(after, desired).describe() == []
        assert not any("CREATE ROLE" in render(s) for s in make_plan(compare(after, desired)).steps)
        connection.execute(b'DROP OWNED BY "of the file"; DROP ROLE "of the file"')
