"""README's table of rights: each command run as a role that has exactly those and no more."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import psycopg
import pytest
from psycopg import sql

from schema_tool.server.target import MARK
from tests.conftest import Project, Server

_numbers = itertools.count(1)
Role = Callable[..., Project]

FIRST_APPLY = ("GRANT CREATE ON DATABASE {db} TO {role}", "GRANT CREATE ON SCHEMA public TO {role}")
READ = (
    "GRANT USAGE ON SCHEMA schema_tool TO {role}",
    "GRANT SELECT ON ALL TABLES IN SCHEMA schema_tool TO {role}",
)
WRITE = (
    "GRANT USAGE ON SCHEMA schema_tool TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA schema_tool TO {role}",
)


@pytest.fixture
def role(project: Project, server: Server) -> Role:
    """Makes a login role with the given grants and a project that connects as it."""

    def make(*grants: str, member_of: str = "") -> Project:
        name = f"worker{next(_numbers)}"
        database = str(psycopg.conninfo.conninfo_to_dict(project.database)["dbname"])
        with psycopg.connect(project.database, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE").format(
                    sql.Identifier(name)
                )
            )
            for grant in grants:
                connection.execute(grant.format(db=database, role=name).encode())
            if member_of:
                connection.execute(f"GRANT {member_of} TO {name}")
        return Project(
            root=project.root,
            database=psycopg.conninfo.make_conninfo(project.database, user=name),
        )

    return make


@pytest.fixture
def files(project: Project) -> Project:
    project.migration("0001_t", "CREATE TABLE t (a INT);\n", "DROP TABLE t;\n")
    project.migration(
        "0002_i",
        "-- transactional: false\nCREATE INDEX CONCURRENTLY i ON t (a);\n",
        "DROP INDEX CONCURRENTLY i;\n",
    )
    return project


def test_the_first_apply_and_everything_after_it(files: Project, role: Role) -> None:
    worker = role(*FIRST_APPLY)
    done = worker.run("apply")
    assert done.returncode == 0, done.stderr
    assert worker.run("rollback", "--steps", "2", "--yes").returncode == 0
    assert worker.run("apply").returncode == 0
    files.migration("0001_t", "CREATE TABLE t (a INT); SELECT 1;\n", "DROP TABLE t;\n")
    assert worker.run("repair", "0001_t", "--reason", "test").returncode == 0
    assert worker.run("status", "--exit-code").returncode == 0
    assert worker.run("ledger", "uninstall", "--yes").returncode == 0
    assert worker.run("baseline", "0002_i").returncode == 0


def test_looking_needs_no_more_than_to_read_the_ledger(files: Project, role: Role) -> None:
    assert files.run("apply").returncode == 0
    files.migration("0003_u", "CREATE TABLE u (a INT);\n")
    reader = role(*READ)
    status = reader.run("status")
    assert status.returncode == 0, status.stderr
    assert "1 pending" in status.stdout
    dry = reader.run("apply", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "CREATE TABLE u" in dry.stdout
    refused = reader.run("apply")
    assert refused.returncode == 3
    assert "42501" in refused.stderr


def test_an_apply_on_somebody_elses_ledger(files: Project, role: Role) -> None:
    assert files.run("apply").returncode == 0
    files.migration("0003_u", "CREATE TABLE u (a INT);\n", "DROP TABLE u;\n")
    worker = role(*WRITE, "GRANT CREATE ON SCHEMA public TO {role}")
    done = worker.run("apply")
    assert done.returncode == 0, done.stderr
    assert worker.run("rollback", "--yes").returncode == 0


def test_the_owner_by_role(files: Project, role: Role) -> None:
    name = f"owner{next(_numbers)}"
    database = psycopg.conninfo.conninfo_to_dict(files.database)["dbname"]
    with psycopg.connect(files.database, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} NOLOGIN")
        connection.execute(f"GRANT CREATE ON DATABASE {database} TO {name}")
        connection.execute(f"GRANT CREATE ON SCHEMA public TO {name}")
    worker = role(member_of=name)
    done = worker.run("apply", "--role", name)
    assert done.returncode == 0, done.stderr
    assert f"→ {name}" in done.stderr
    assert worker.run("status", "--role", name).returncode == 0
    with psycopg.connect(files.database) as connection:
        rows = connection.execute(
            "SELECT DISTINCT tableowner FROM pg_tables "
            "WHERE schemaname IN ('public', 'schema_tool')"
        ).fetchall()
        row = connection.execute(
            "SELECT applied_as FROM schema_tool.migration WHERE id = '0001_t'"
        ).fetchone()
    assert rows == [(name,)]
    assert row == (name,)


def test_nobody_else_reads_the_ledger(files: Project, role: Role) -> None:
    assert files.run("apply").returncode == 0
    stranger = role()
    refused = stranger.run("status")
    assert refused.returncode == 3
    assert "42501" in refused.stderr


def test_a_statement_in_doubt_is_resolved_with_the_same_rights(files: Project, role: Role) -> None:
    worker = role(*FIRST_APPLY)
    assert worker.run("apply").returncode == 0
    with psycopg.connect(files.database, autocommit=True) as connection:
        connection.execute("UPDATE schema_tool.migration SET state = 'running' WHERE id = '0002_i'")
        connection.execute("UPDATE schema_tool.statement SET state = 'running', before = NULL")
    assert worker.run("apply").returncode == 4
    done = worker.run("resolve", "0002_i:1", "--done")
    assert done.returncode == 0, done.stderr
    assert worker.run("apply").returncode == 0


def test_planning_comparing_and_verifying_read_the_ledger_and_no_more(
    files: Project, role: Role
) -> None:
    assert files.run("apply").returncode == 0
    files.write("sql/010_t.sql", "CREATE TABLE t (a INT);\nCREATE INDEX i ON t (a);\n")
    reader = role(*READ)
    compared = reader.run("diff", "--no-owners")
    assert compared.returncode == 0, compared.stdout + compared.stderr
    verified = reader.run("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    files.migration("0003_u", "CREATE TABLE u (a INT);\n")
    planned = reader.run("plan", "-o", "plan.json")
    assert planned.returncode == 0, planned.stderr


def test_reset_needs_to_own_the_database_and_to_create_one(
    files: Project, role: Role, server: Server
) -> None:
    owner = role()
    words = psycopg.conninfo.conninfo_to_dict(owner.database)
    user, database = str(words["user"]), str(words["dbname"])
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {database} OWNER TO {user}")
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(database), MARK)
        )
        refused = owner.run("reset")
        assert refused.returncode == 3
        assert "42501" in refused.stderr
        connection.execute(f"ALTER ROLE {user} CREATEDB")
    done = owner.run("reset")
    assert done.returncode == 0, done.stderr
