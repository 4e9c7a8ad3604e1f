"""verify: what each check finds on a real database, run as CI runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from tests.conftest import Project, Server

USERS = """CREATE TABLE users (
    id bigint CONSTRAINT users_pkey PRIMARY KEY,
    email text NOT NULL
);
"""
GREET = """CREATE FUNCTION greet() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN 'good {time}';
END
$$;
"""


@pytest.fixture
def agreed(project: Project) -> Project:
    """A project whose folders agree and whose database has every migration."""
    project.migration("0001_users", USERS, "DROP TABLE users;")
    project.migration("0002_greet", GREET.format(time="day"), "DROP FUNCTION greet();")
    project.write("sql/010_users.sql", USERS)
    project.write("sql/020_greet.sql", GREET.format(time="day"))
    applied = project.run("apply")
    assert applied.returncode == 0, applied.stderr
    return project


def execute(project: Project, sql: str) -> None:
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(sql.encode())


def test_agreement_is_said_and_exits_0(agreed: Project) -> None:
    done = agreed.run("verify")
    assert [line.split(" (")[0] for line in done.stdout.splitlines()] == [
        "yes: the database equals its applied migrations",
        "yes: the sum of migrations/ equals sql/",
    ]
    assert done.returncode == 0
    assert "PostgreSQL" in done.stderr, "the target is announced"


def test_drift_is_named_with_object_attribute_and_both_values(agreed: Project) -> None:
    execute(agreed, "ALTER TABLE users ADD COLUMN age integer")
    execute(agreed, "ALTER TABLE users ALTER COLUMN email DROP NOT NULL")
    done = agreed.run("verify")
    assert done.returncode == 1
    assert "table public.users: column age: in the database, missing in the applied" in done.stdout
    changed = next(line for line in done.stdout.splitlines() if "column email" in line)
    assert "not null" in changed
    assert "yes: the sum of migrations/ equals sql/" in done.stdout


def test_a_changed_function_shows_the_lines_that_differ(agreed: Project) -> None:
    execute(agreed, GREET.format(time="night").replace("CREATE", "CREATE OR REPLACE"))
    done = agreed.run("verify")
    assert done.returncode == 1
    assert "routine public.greet()" in done.stdout
    assert "-    RETURN 'good night';" in done.stdout
    assert "+    RETURN 'good day';" in done.stdout


def test_pending_migrations_are_no_drift(agreed: Project) -> None:
    agreed.migration("0003_b", "CREATE TABLE b (id int);")
    agreed.write("sql/030_b.sql", "CREATE TABLE b (id int);")
    done = agreed.run("verify")
    assert done.returncode == 0, done.stdout
    assert "note pending: 1 pending: 0003_b" in done.stdout


def test_a_migration_that_sql_does_not_have_is_found_before_it_is_applied(agreed: Project) -> None:
    agreed.migration("0003_b", "ALTER TABLE users ADD COLUMN age integer DEFAULT 1;")
    done = agreed.run("verify")
    assert done.returncode == 1
    assert "yes: the database equals its applied migrations" in done.stdout
    assert "column age: in migrations/, missing in sql/" in done.stdout


def test_what_is_not_compared_is_named_and_exits_5(agreed: Project) -> None:
    # COMMUTATOR names an operator that does not exist: the server makes a shell of it
    sql = (
        "CREATE OPERATOR public.<<<< (FUNCTION = int4lt, LEFTARG = int, RIGHTARG = int,"
        " COMMUTATOR = OPERATOR(public.>>>>));"
    )
    agreed.migration("0003_o", sql)
    agreed.write("sql/030_o.sql", sql)
    assert agreed.run("apply").returncode == 0
    done = agreed.run("verify")
    assert done.returncode == 5, done.stdout
    assert "as far as compared: the database equals its applied migrations" in done.stdout
    assert "note not-compared: operator" in done.stdout
    execute(agreed, "ALTER TABLE users ADD COLUMN age integer")
    assert agreed.run("verify").returncode == 1


def test_an_applied_migration_that_was_changed_or_deleted_is_named(agreed: Project) -> None:
    agreed.migration("0002_greet", GREET.format(time="evening"))
    agreed.write("sql/020_greet.sql", GREET.format(time="evening"))
    changed = agreed.run("verify")
    assert changed.returncode == 1
    assert "error history: 0002_greet: the file is not what was applied" in changed.stdout
    (agreed.root / "migrations/0002_greet.sql").unlink()
    deleted = agreed.run("verify")
    assert deleted.returncode == 1
    assert "0002_greet: applied here, and its file is gone" in deleted.stdout


def test_a_database_without_ledger_is_compared_with_all_migrations(project: Project) -> None:
    project.migration("0001_users", USERS)
    project.write("sql/010_users.sql", USERS)
    execute(project, USERS)
    done = project.run("verify")
    assert done.returncode == 0, done.stdout
    assert "note no-ledger" in done.stdout
    execute(project, "DROP TABLE users")
    assert project.run("verify").returncode == 1


def test_the_database_is_only_read(agreed: Project) -> None:
    name = psycopg.conninfo.conninfo_to_dict(agreed.database)["dbname"]
    execute(agreed, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    done = agreed.run("verify")
    assert done.returncode == 0, done.stderr
    assert "note of-this-database: setting of the database default_transaction" in done.stdout


def test_an_error_in_sql_shows_place_sqlstate_and_hint(agreed: Project) -> None:
    agreed.write("sql/030_bad.sql", "CREATE TABLE ok (id int);\nSELECT emial FROM users;\n")
    done = agreed.run("verify")
    assert done.returncode == 3
    assert "sql/030_bad.sql:2:8: " in done.stderr
    assert "SQLSTATE 42703" in done.stderr
    assert "2 | SELECT emial FROM users;\n  |        ^" in done.stderr
    assert "HINT: " in done.stderr
    assert "Traceback" not in done.stderr


def test_files_needs_no_database(agreed: Project) -> None:
    refused = agreed.run("verify", target=False)
    assert refused.returncode == 2, "a missing secret in CI must not turn green"
    done = agreed.run("verify", "--files", target=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split(" (")[0] == "yes: the sum of migrations/ equals sql/"
    assert agreed.run("verify", "--files").returncode == 2, "--files with a database"


def test_json_holds_the_checks_and_the_exit_code(agreed: Project) -> None:
    execute(agreed, "ALTER TABLE users ADD COLUMN age integer")
    done = agreed.run("verify", "--format", "json")
    report = json.loads(done.stdout)
    assert done.returncode == report["exit_code"] == 1
    live, files = report["checks"]
    assert (live["name"], live["holds"]) == ("live-equals-migrations", False)
    assert (files["name"], files["holds"]) == ("migrations-equal-sql", True)
    assert live["findings"][0]["subject"] == "column public.users.age"


def test_objects_owned_by_the_role_that_applied_are_no_difference(
    agreed: Project, server: Server
) -> None:
    role = f"{psycopg.conninfo.conninfo_to_dict(agreed.database)['dbname']}_owner"
    execute(agreed, f"CREATE ROLE {role} SUPERUSER")
    agreed.migration("0003_b", "CREATE TABLE b (id int);\nGRANT SELECT ON b TO app_reader;")
    agreed.write("sql/030_b.sql", "CREATE TABLE b (id int);\nGRANT SELECT ON b TO app_reader;")
    agreed.write("sql/cluster/010_roles.sql", "CREATE ROLE app_reader;")
    with psycopg.connect(agreed.database, autocommit=True) as connection:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = 'app_reader'").fetchall():
            connection.execute("CREATE ROLE app_reader")
    applied = agreed.run("apply", "--role", role)
    assert applied.returncode == 0, applied.stderr
    done = agreed.run("verify")
    assert "yes: the database equals its applied migrations" in done.stdout, done.stdout
    assert "yes: the sum of migrations/ equals sql/" in done.stdout, done.stdout
    execute(agreed, "ALTER TABLE b OWNER TO CURRENT_USER")
    drifted = agreed.run("verify")
    assert drifted.returncode == 1
    assert f"table public.b: owner {server.running.user} -> {role}" in drifted.stdout


def test_both_folders_may_create_the_same_role(project: Project) -> None:
    sql = "CREATE ROLE verify_app;\nCREATE TABLE a (id int);\nGRANT SELECT ON a TO verify_app;"
    project.migration("0001_a", sql)
    project.write("sql/010_a.sql", sql)
    done = project.run("verify", "--files", target=False)
    assert done.returncode == 0, done.stderr


def test_unqualified_names_go_where_the_search_path_leads(project: Project) -> None:
    name = psycopg.conninfo.conninfo_to_dict(project.database)["dbname"]
    execute(project, f"ALTER DATABASE {name} SET search_path = app, public")
    for folder, names in (("migrations", ("0001_a", "0002_t")), ("sql", ("010_a", "020_t"))):
        project.write(f"{folder}/{names[0]}.sql", "CREATE SCHEMA app;")
        project.write(f"{folder}/{names[1]}.sql", "CREATE TABLE t (id int);")
    assert project.run("apply").returncode == 0
    done = project.run("verify")
    assert done.returncode == 0, done.stdout
    with psycopg.connect(project.database) as connection:
        row = connection.execute("SELECT to_regclass('app.t') IS NOT NULL").fetchone()
    assert row == (True,)


def test_a_scratch_server_of_another_major_is_refused(agreed: Project, servers: object) -> None:
    from tests.conftest import Servers, usable_binaries  # noqa: PLC0415

    assert isinstance(servers, Servers)
    others = [b.major for b in usable_binaries()][1:]
    if not others:
        pytest.skip("only one major version of PostgreSQL found")
    other = servers(others[0]).create()
    done = agreed.run("verify", "--scratch", other)
    assert done.returncode == 3
    assert f"the scratch server is PostgreSQL {others[0]}" in done.stderr


def test_a_given_scratch_server_is_left_as_it_was(agreed: Project, server: Server) -> None:
    def databases() -> set[str]:
        with psycopg.connect(server.dsn()) as connection:
            return {r[0] for r in connection.execute("SELECT datname FROM pg_database")}

    before = databases()
    done = agreed.run("verify", "--scratch", "target")
    assert done.returncode == 0, done.stderr
    assert databases() == before


def test_every_major_is_verified_on_its_own_major(project: Project, any_server: Server) -> None:
    project.migration("0001_users", USERS)
    project.write("sql/010_users.sql", USERS)
    target = any_server.create()
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute(USERS.encode())
    done = project.run("verify", "-d", target, target=False)
    assert done.returncode == 0, done.stderr + done.stdout


def test_an_error_says_that_the_target_was_not_touched(agreed: Project) -> None:
    agreed.write(
        "sql/030_bad.sql", "DO $$ BEGIN EXECUTE 'GRANT SELECT ON users TO nobody_'; END $$;"
    )
    done = agreed.run("verify")
    assert done.returncode == 3
    assert "sql/cluster/" in done.stderr
    assert "nothing else was touched" in done.stderr


def test_no_scratch_database_replicates_from_another_server(agreed: Project) -> None:
    agreed.write(
        "sql/030_s.sql", "CREATE SUBSCRIPTION s CONNECTION 'host=production' PUBLICATION p;"
    )
    done = agreed.run("verify", "--files", target=False)
    assert done.returncode == 4
    assert "sql/030_s.sql:1:1: " in done.stderr
    agreed.write(
        "sql/030_s.sql",
        "CREATE SUBSCRIPTION s CONNECTION 'host=production' PUBLICATION p WITH (connect = false);",
    )
    assert agreed.run("verify", "--files", target=False).returncode == 1


def test_secrets_of_the_environment_are_neither_needed_nor_compared(agreed: Project) -> None:
    made = (
        "CREATE FOREIGN DATA WRAPPER w;\nCREATE SERVER s FOREIGN DATA WRAPPER w;\n"
        "CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (password {password});\n"
    )
    undo = "DROP FOREIGN DATA WRAPPER w CASCADE;"
    agreed.migration("0003_secret", made.format(password=":'PASSWORD'"), undo)
    agreed.write("sql/030_secret.sql", made.format(password="'unknown'"))
    assert agreed.run("apply", environ={"PASSWORD": "hush"}).returncode == 0
    result = agreed.run("verify", "--rollbacks")
    assert result.returncode == 0, result.stdout + result.stderr
    execute(agreed, "DROP USER MAPPING FOR CURRENT_USER SERVER s")
    assert "user mapping" in agreed.run("verify").stdout


def test_a_scratch_server_without_an_extension_is_to_be_another(agreed: Project) -> None:
    agreed.write("sql/030_extension.sql", "CREATE EXTENSION nobody_has_it;\n")
    result = agreed.run("verify", "--files", target=False)
    assert result.returncode == 3
    assert "--scratch URL" in result.stderr


def test_a_scratch_server_that_others_use_gets_no_roles(agreed: Project) -> None:
    agreed.migration("0003_r", "CREATE ROLE verify_shared;")
    done = agreed.run("verify", "--scratch", "target")
    assert done.returncode == 4
    assert "migrations/0003_r.sql:1:1: this concerns the whole server" in done.stderr
    agreed.migration("0003_r", "GRANT SELECT ON users TO verify_absent;")
    done = agreed.run("verify", "--scratch", "target")
    assert done.returncode == 3
    assert "lacks the roles verify_absent" in done.stderr


def test_an_owner_who_is_no_superuser_can_verify(agreed: Project) -> None:
    words = psycopg.conninfo.conninfo_to_dict(agreed.database)
    role = f"{words['dbname']}_plain"
    execute(agreed, f"CREATE ROLE {role} LOGIN")
    execute(agreed, f"CREATE DATABASE {role} OWNER {role}")
    own = psycopg.conninfo.make_conninfo(agreed.database, user=role, dbname=role)
    agreed.migration(
        "0003_p", "CREATE PUBLICATION p FOR TABLE users;\nREVOKE ALL ON users FROM CURRENT_USER;"
    )
    agreed.write(
        "sql/030_p.sql",
        "CREATE PUBLICATION p FOR TABLE users;\nREVOKE ALL ON users FROM CURRENT_USER;",
    )
    applied = agreed.run("apply", "-d", own, target=False)
    assert applied.returncode == 0, applied.stderr
    done = agreed.run("verify", "-d", own, target=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_database_that_yoyo_migrated_is_verified_as_it_is(project: Project) -> None:
    project.migration("0001_users", USERS)
    project.migration("0002_b", "-- depends: 0001_users\nCREATE TABLE b (id int);")
    project.write("sql/010_users.sql", USERS)
    project.write("sql/020_b.sql", "CREATE TABLE b (id int);")
    words = psycopg.conninfo.conninfo_to_dict(project.database)
    url = (
        f"postgresql+psycopg://{words['user']}@/{words['dbname']}"
        f"?host={words['host']}&port={words['port']}"
    )
    options = ("--batch", "--no-config-file", "--revision", "0001_users", "-d", url)
    subprocess.run(
        [sys.executable, "-m", "yoyo", "apply", *options, "migrations"],
        cwd=project.root,
        check=True,
    )
    done = project.run("verify")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "note pending: 1 pending: 0002_b" in done.stdout
    assert "no-ledger" not in done.stdout
