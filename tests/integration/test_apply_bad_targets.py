"""Targets that do not work: one sentence, what to type next, the right exit code, no password."""

from __future__ import annotations

import json
import shlex
import subprocess

import psycopg
import pytest

from tests.conftest import Project, Server


@pytest.fixture
def one(project: Project) -> Project:
    project.migration("0001_a", "CREATE TABLE a (id int);")
    return project


def told(ran: subprocess.CompletedProcess[str], code: int, *parts: str) -> None:
    assert ran.returncode == code, ran.stderr
    for part in parts:
        assert part in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "s3cret" not in ran.stderr + ran.stdout
    assert "HINT: " in ran.stderr


def test_no_target_off_a_terminal_is_a_usage_error(one: Project) -> None:
    told(one.run("apply", target=False), 2, "no database given", "--local")


def test_an_unreachable_server_is_named(one: Project) -> None:
    url = "postgresql://u:s3cret@127.0.0.1:1/db"
    told(one.run("apply", "-d", url, target=False), 3, "cannot reach 127.0.0.1:1")


def test_a_wrong_password_is_not_shown(one: Project, server: Server) -> None:
    words = psycopg.conninfo.conninfo_to_dict(one.database)
    url = f"postgresql://nobody_here:s3cret@/{words['dbname']}?host={words['host']}&port={words['port']}"
    told(one.run("apply", "-d", url, target=False), 3, "nobody_here")


def test_an_unknown_database_is_named(one: Project, server: Server) -> None:
    told(one.run("apply", "-d", server.dsn("nosuch"), target=False), 3, "nosuch")


def test_a_target_that_is_no_conninfo_is_a_usage_error(one: Project) -> None:
    ran = one.run("apply", "-d", "postgresql://u:s3cret@[x", target=False)
    assert ran.returncode == 2
    assert "s3cret" not in ran.stderr


@pytest.mark.parametrize(
    "url", ["postgresql://u:s3cret@ss/word@h/db", "postgresql://u:s3cret/word@h/db"]
)
def test_a_password_that_cuts_the_url_is_not_shown(one: Project, url: str) -> None:
    told(one.run("apply", "-d", url, target=False), 2, "%40")


def test_an_empty_target_is_no_target(one: Project) -> None:
    told(one.run("apply", "-d", " ", target=False), 2, "--database is empty")


def test_an_error_is_told_as_json_too(one: Project) -> None:
    one.migration("0002_b", "SELECT 1;\nSELECT nosuch;")
    ran = one.run("apply", "--format", "json")
    assert ran.returncode == 3
    told = json.loads(ran.stdout)["error"]
    assert (told["path"], told["line"], told["column"]) == ("migrations/0002_b.sql", 2, 8)
    assert (told["sqlstate"], told["exit_code"]) == ("42703", 3)


def test_a_mistyped_command_is_met_with_the_nearest(one: Project) -> None:
    ran = one.run("aply", target=False)
    assert ran.returncode == 2
    assert "did you mean “apply”?" in ran.stderr


def test_a_closed_pipe_does_not_stop_a_run(one: Project) -> None:
    for number in range(2, 40):
        one.migration(f"{number:04}_t", f"CREATE TABLE t{number} (id int);")
    with one.start("apply") as running:
        assert running.stderr is not None
        running.stderr.close()
        assert running.stdout is not None
        running.stdout.close()
        running.wait(timeout=60)
    assert one.run("status", "--exit-code").returncode == 0


def test_a_tool_without_stdin_works(one: Project) -> None:
    command = " ".join(shlex.quote(word) for word in [*one.command(), "status", "-d", one.database])
    ran = subprocess.run(
        ["bash", "-c", f"{command} <&-"],
        cwd=one.root,
        env=one.environ(None),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr


def test_a_missing_migrations_folder_is_named(one: Project) -> None:
    (one.root / "migrations/0001_a.sql").unlink()
    (one.root / "migrations").rmdir()
    told(one.run("apply"), 2, "there is no folder migrations", "schema-tool new")


def test_a_role_that_cannot_be_taken_is_told(one: Project) -> None:
    told(one.run("apply", "--role", "nosuch_role"), 3, "nosuch_role")


def test_the_role_owns_what_is_made(one: Project) -> None:
    with psycopg.connect(one.database, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS maker_of_tables")
        connection.execute("CREATE ROLE maker_of_tables NOLOGIN")
        name = psycopg.conninfo.conninfo_to_dict(one.database)["dbname"]
        connection.execute(f"GRANT CREATE ON DATABASE {name} TO maker_of_tables".encode())
        connection.execute("GRANT CREATE ON SCHEMA public TO maker_of_tables")
    ran = one.run("apply", "--role", "maker_of_tables")
    assert ran.returncode == 0, ran.stderr
    assert "postgres → maker_of_tables" in ran.stderr
    with psycopg.connect(one.database) as connection:
        row = connection.execute(
            "SELECT tableowner FROM pg_tables WHERE tablename = 'a'"
        ).fetchone()
    assert row == ("maker_of_tables",)


@pytest.mark.parametrize("variable", ["DATABASE_URL", "SCHEMA_TOOL_DATABASE"])
def test_every_server_works_the_same_by_variable(
    project: Project, any_server: Server, variable: str
) -> None:
    project.migration("0001_a", "CREATE TABLE a (id int);", "DROP TABLE a;")
    environ = {variable: any_server.create()}
    assert project.run("apply", environ=environ, target=False).returncode == 0
    assert project.run("status", "--exit-code", environ=environ, target=False).returncode == 0
    assert project.run("rollback", "--yes", environ=environ, target=False).returncode == 0


def test_libpqs_own_variables_name_the_target(one: Project) -> None:
    words = psycopg.conninfo.conninfo_to_dict(one.database)
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "dbname": "PGDATABASE"}
    environ = {names[key]: str(value) for key, value in words.items()}
    ran = one.run("apply", environ=environ, target=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    ("habit", "ours"),
    [("up", "apply"), ("info", "status"), ("undo", "rollback"), ("clean", "reset")],
)
def test_habits_of_other_tools_are_met_with_a_hint(one: Project, habit: str, ours: str) -> None:
    ran = one.run(habit, target=False)
    assert ran.returncode == 2
    assert f"schema-tool {ours}" in ran.stderr
