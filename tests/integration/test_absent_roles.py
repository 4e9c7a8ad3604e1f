"""A role that the desired state names and that the live cluster lacks: the plan can be run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.catalog import read_catalog
from schema_tool.compare import compare
from schema_tool.plan import make_plan, render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Project, Server

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


HERE = """
CREATE ROLE app_prod; CREATE ROLE audit_reader; CREATE ROLE audit_owner;
CREATE SCHEMA s AUTHORIZATION app_prod;
CREATE TABLE s.t (a integer);
ALTER TABLE s.t OWNER TO app_prod;
GRANT SELECT ON s.t TO audit_reader;
GRANT SELECT (a) ON s.t TO audit_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE app_prod IN SCHEMA s GRANT SELECT ON TABLES TO audit_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE audit_owner GRANT SELECT ON TABLES TO app_prod;
ALTER TABLE s.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON s.t TO app_prod USING (true);
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER f FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR app_prod SERVER f OPTIONS (a 'b');
CREATE USER MAPPING FOR audit_reader SERVER f OPTIONS (a 'b');
CREATE VIEW s.v AS SELECT a FROM s.t;
ALTER VIEW s.v OWNER TO audit_owner;
"""
THERE = """
CREATE SCHEMA s AUTHORIZATION app;
CREATE TABLE s.t (a integer);
ALTER TABLE s.t OWNER TO app;
ALTER TABLE s.t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON s.t TO app USING (true);
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER f FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR app SERVER f OPTIONS (a 'b');
CREATE VIEW s.v AS SELECT a FROM s.t;
ALTER VIEW s.v OWNER TO app;
"""
OF_HERE = ("app_prod", "audit_reader", "audit_owner")


@pytest.fixture
def other_roles(project: Project) -> Iterator[Project]:
    """A database whose roles are not those of the files."""
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(HERE.encode())
        yield project
        for role in OF_HERE:
            connection.execute(f"DROP OWNED BY {role} CASCADE".encode())
            connection.execute(f"DROP ROLE {role}".encode())


def test_roles_are_mapped_and_ignored_by_rule(other_roles: Project) -> None:
    project = other_roles
    project.write("sql/010.sql", THERE)
    project.write("schema-tool.ignore", "role audit_*  # the auditors' own\n")
    result = project.run("diff", "--map-role", "app=app_prod")
    assert (result.returncode, result.stdout) == (0, ""), result.stdout + result.stderr
    assert "matches nothing" not in result.stderr
    project.write("schema-tool.toml", '[env.production]\nmap_roles = ["app=app_prod"]\n')
    assert project.run("diff", "--env", "production").returncode == 0
    nowhere = project.run("diff", "--map-role", "app")
    assert nowhere.returncode == 2
    assert "maps no role" in nowhere.stderr


def test_what_ignored_roles_have_survives_what_is_made_anew(other_roles: Project) -> None:
    project = other_roles
    changed = THERE.replace("a integer", "a bigint").replace("SELECT a FROM", "SELECT a, 1 FROM")
    project.write("sql/010.sql", changed + "GRANT SELECT ON s.v TO audit_new;\n")
    rules = ("--map-role", "app=app_prod", "--exclude", "role audit_*")
    result = project.run("diff", *rules, "--allow", "all", "--prove")
    assert result.returncode == 1, result.stderr
    assert "audit_new" not in result.stdout
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(result.stdout.encode())
        assert project.run("diff", *rules).returncode == 0
        row = connection.execute("SELECT relowner::regrole::text FROM pg_class WHERE relname = 'v'")
        assert row.fetchone() == ("audit_owner",)


def test_what_is_not_compared_can_be_excluded(project: Project) -> None:
    project.write("sql/010.sql", "CREATE TABLE t (a integer);\n")
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute("CREATE TABLE t (a integer)")
        connection.execute(f"GRANT CREATE ON DATABASE {connection.info.dbname} TO pg_monitor")
    named = project.run("diff")
    assert named.returncode == 5
    assert "not compared: privileges of the database pg_monitor" in named.stderr
    project.write("schema-tool.ignore", "privileges of the database *  # the platform's\n")
    assert project.run("diff").returncode == 0
