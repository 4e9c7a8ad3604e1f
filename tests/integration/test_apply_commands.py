"""apply, status, rollback, new, baseline: what each does to a database, run as a user runs it."""

from __future__ import annotations

import json

import psycopg
import pytest

from tests.conftest import Project


def rows(database: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(query.encode()).fetchall()


def tables(database: str) -> set[object]:
    query = (
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    return {row[0] for row in rows(database, query)}


@pytest.fixture
def two(project: Project) -> Project:
    project.migration("0001_a", "CREATE TABLE a (id int);", "DROP TABLE a;")
    project.migration("0002_b", "-- depends: 0001_a\nCREATE TABLE b (id int);", "DROP TABLE b;")
    return project


def test_apply_runs_what_is_pending_once(two: Project) -> None:
    first = two.run("apply")
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("2 migrations applied in ")
    assert "0001_a" in first.stderr
    assert tables(two.database) == {"a", "b"}
    again = two.run("apply")
    assert (again.returncode, again.stdout) == (0, "nothing pending: 2 migrations, all applied\n")


def test_apply_stops_after_the_one_that_is_named(two: Project) -> None:
    assert two.run("apply", "--to", "0001_a").returncode == 0
    assert tables(two.database) == {"a"}
    refused = two.run("apply", "--to", "0001_b")
    assert refused.returncode == 2
    assert "did you mean" in refused.stderr


def test_the_ledger_says_who_when_and_how_long(two: Project) -> None:
    two.run("apply")
    query = """
        SELECT id, origin, state, applied_by, strpos(applied_from, '@') > 0, duration > '0',
            raw_hash = encode(sha256(%s), 'hex'), rollback_text
        FROM schema_tool.migration ORDER BY position
    """
    with psycopg.connect(two.database) as connection:
        text = (two.root / "migrations/0001_a.sql").read_bytes()
        found = connection.execute(query, (text,)).fetchone()
    assert found == ("0001_a", "apply", "applied", "postgres", True, True, True, "DROP TABLE a;")


def test_a_file_and_its_ledger_row_commit_together(project: Project) -> None:
    project.migration("0001_a", "CREATE TABLE a (id int);\nSELECT 1 / 0;")
    failed = project.run("apply")
    assert failed.returncode == 3
    assert "migrations/0001_a.sql:2:1: division by zero (SQLSTATE 22012)" in failed.stderr
    assert "it was rolled back" in failed.stderr
    assert tables(project.database) == set()
    assert rows(project.database, "SELECT * FROM schema_tool.migration") == []


def test_files_before_a_failing_one_stay_applied(two: Project) -> None:
    two.migration("0003_c", "CREATE TABLE a (id int);")
    failed = two.run("apply")
    assert failed.returncode == 3
    assert "0003_c.sql:1:1" in failed.stderr
    assert tables(two.database) == {"a", "b"}
    status = two.run("status")
    assert "2 applied, 1 pending" in status.stdout


def test_a_syntax_error_shows_the_line_with_a_caret(project: Project) -> None:
    project.migration("0001_a", "SELECT 1;\n-- é\nCREATE TABEL a (id int);")
    failed = project.run("apply")
    assert failed.returncode == 3
    assert "migrations/0001_a.sql:3:8:" in failed.stderr
    assert "3 | CREATE TABEL a (id int);\n  |        ^" in failed.stderr
    assert "SQLSTATE 42601" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_an_error_at_commit_rolls_back_and_is_told(project: Project) -> None:
    project.migration(
        "0001_a",
        "CREATE TABLE p (id int PRIMARY KEY);\n"
        "CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);\n"
        "INSERT INTO c VALUES (1);",
    )
    failed = project.run("apply")
    assert failed.returncode == 3
    assert "violates foreign key" in failed.stderr
    assert tables(project.database) == set()


def test_settings_of_one_file_do_not_reach_the_next(project: Project) -> None:
    project.migration("0001_a", "SET search_path = pg_catalog; SET lock_timeout = '77s';")
    project.migration(
        "0002_b", "CREATE TABLE b AS SELECT current_setting('lock_timeout') AS lock_timeout;"
    )
    assert project.run("apply").returncode == 0
    assert rows(project.database, "SELECT lock_timeout FROM public.b") != [("77s",)]


def test_a_non_transactional_file_runs_statement_by_statement(project: Project) -> None:
    project.migration(
        "0001_a",
        "-- transactional: false\nCREATE TABLE a (id int);\n"
        "CREATE INDEX CONCURRENTLY a_id ON a (id);\nSELECT 1 / 0;",
    )
    failed = project.run("apply")
    assert failed.returncode == 3
    assert "statements 1 to 2" in failed.stderr
    status = project.run("status")
    assert "stopped after 2 statements" in status.stdout
    # the failing statement may be mended; those that were run may not
    project.migration(
        "0001_a",
        "-- transactional: false\nCREATE TABLE a (id int);\n"
        "CREATE INDEX CONCURRENTLY a_id ON a (id);\nSELECT 1;",
    )
    assert project.run("apply").returncode == 0
    assert "1 applied, 0 pending" in project.run("status").stdout
    assert rows(
        project.database, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'a_id'::regclass"
    ) == [(True,)]


def test_concurrently_in_a_transactional_file_is_refused_before_anything_runs(
    two: Project,
) -> None:
    two.migration("0003_c", "CREATE INDEX CONCURRENTLY a_id ON a (id);")
    refused = two.run("apply")
    assert refused.returncode == 2
    assert "cannot run inside a transaction" in refused.stderr
    assert "-- transactional: false" in refused.stderr
    assert tables(two.database) == set()


@pytest.mark.parametrize("word", ["BEGIN", "COMMIT", "ROLLBACK", "START TRANSACTION", "END"])
def test_transaction_control_in_a_file_is_refused(project: Project, word: str) -> None:
    project.migration("0001_a", f"SELECT 1;\n{word};")
    refused = project.run("apply")
    assert refused.returncode == 2
    assert "0001_a.sql:2:1" in refused.stderr


def test_dry_run_prints_what_apply_would_send_and_writes_nothing(two: Project) -> None:
    shown = two.run("apply", "--dry-run")
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout
    assert lines.index("-- migrations/0001_a.sql") < lines.index("CREATE TABLE a (id int);")
    assert lines.index("CREATE TABLE a") < lines.index("INSERT INTO schema_tool.migration")
    assert lines.count("COMMIT;") == 2
    assert tables(two.database) == set()
    assert rows(two.database, "SELECT to_regnamespace('schema_tool')") == [(None,)]


def test_status_tells_applied_from_pending(two: Project) -> None:
    two.run("apply", "--to", "0001_a")
    text = two.run("status", "--exit-code")
    assert text.returncode == 1
    assert "0002_b  pending" in text.stdout
    machine = json.loads(two.run("status", "--format", "json").stdout)
    assert machine["pending"] == 1
    assert [m["state"] for m in machine["migrations"]] == ["applied", "pending"]
    two.run("apply")
    assert two.run("status", "--exit-code").returncode == 0


def test_rollback_undoes_the_last_and_apply_does_it_again(two: Project) -> None:
    two.run("apply")
    undone = two.run("rollback", "--yes")
    assert undone.returncode == 0, undone.stderr
    assert tables(two.database) == {"a"}
    two.run("apply")
    assert tables(two.database) == {"a", "b"}
    assert two.run("rollback", "--steps", "2", "--yes").returncode == 0
    assert tables(two.database) == set()
    events = rows(two.database, "SELECT action, migration_id FROM schema_tool.event ORDER BY id")
    assert events[-2:] == [("rollback", "0002_b"), ("rollback", "0001_a")]


def test_rollback_to_keeps_the_named_one(two: Project) -> None:
    two.run("apply")
    assert two.run("rollback", "--to", "0001_a", "--yes").returncode == 0
    assert tables(two.database) == {"a"}
    assert two.run("rollback", "--to", "0002_b", "--yes").returncode == 2


def test_a_protected_environment_refuses_what_destroys(two: Project) -> None:
    two.write("schema-tool.toml", "[env.production]\nprotected = true\n")
    two.run("apply")
    for command in (["rollback"], ["ledger", "uninstall"]):
        refused = two.run(*command, "--yes", "--env", "production")
        assert refused.returncode == 4
        assert "“production” is protected" in refused.stderr
    assert tables(two.database) == {"a", "b"}


def test_rollback_with_nobody_to_ask_is_refused(two: Project) -> None:
    two.run("apply")
    refused = two.run("rollback")
    assert refused.returncode == 4
    assert "--yes" in refused.stderr
    assert tables(two.database) == {"a", "b"}


def test_a_missing_rollback_file_stops_the_whole_rollback_before_it_starts(two: Project) -> None:
    (two.root / "migrations/0001_a.rollback.sql").unlink()
    two.run("apply")
    refused = two.run("rollback", "--steps", "2", "--yes")
    assert refused.returncode == 4
    assert "0001_a has no rollback file" in refused.stderr
    assert "migrations/0001_a.rollback.sql" in refused.stderr
    assert tables(two.database) == {"a", "b"}


def test_an_edited_applied_file_is_refused_unless_only_its_looks_changed(two: Project) -> None:
    two.run("apply")
    two.migration("0001_a", "-- a comment\ncreate table a (id int);", "DROP TABLE a;")
    cosmetic = two.run("apply")
    assert cosmetic.returncode == 0
    assert "comments or white space only" in cosmetic.stderr
    two.migration("0001_a", "CREATE TABLE a (id bigint);")
    refused = two.run("apply")
    assert refused.returncode == 4
    assert "history rewritten: migrations/0001_a.sql" in refused.stderr
    assert "make reset" in refused.stderr
    assert "changed" in two.run("status").stdout


def test_a_deleted_applied_file_is_refused(two: Project) -> None:
    two.run("apply")
    (two.root / "migrations/0002_b.sql").unlink()
    refused = two.run("apply")
    assert refused.returncode == 4
    assert "0002_b is applied in this database and its file is gone" in refused.stderr
    assert "missing" in two.run("status").stdout


def test_an_older_file_that_appears_late_is_refused_unless_allowed(two: Project) -> None:
    two.migration("0004_d", "CREATE TABLE d (id int);")
    two.run("apply")
    two.migration("0003_c", "CREATE TABLE c (id int);")
    refused = two.run("apply")
    assert refused.returncode == 4
    assert "0003_c.sql is not applied, but 0004_d" in refused.stderr
    assert two.run("apply", "--allow-out-of-order").returncode == 0
    assert "c" in tables(two.database)


def test_a_database_with_objects_and_no_ledger_is_refused(two: Project) -> None:
    with psycopg.connect(two.database) as connection:
        connection.execute("CREATE TABLE somebodys (id int)")
    refused = two.run("apply")
    assert refused.returncode == 4
    assert "relation public.somebodys" in refused.stderr
    assert "schema-tool baseline ID" in refused.stderr
    status = two.run("status").stdout
    assert "next: schema-tool baseline ID" in status
    assert "next: schema-tool apply" not in status
    assert tables(two.database) == {"somebodys"}


def test_baseline_adopts_without_running(two: Project) -> None:
    with psycopg.connect(two.database) as connection:
        connection.execute("CREATE TABLE a (id int)")
    assert two.run("baseline", "0001_a").returncode == 0
    assert two.run("apply").returncode == 0
    assert tables(two.database) == {"a", "b"}
    assert rows(two.database, "SELECT id, origin FROM schema_tool.migration ORDER BY position") == [
        ("0001_a", "baseline"),
        ("0002_b", "apply"),
    ]
    assert two.run("baseline", "0001_a").returncode == 4


def test_a_newer_ledger_is_refused(two: Project) -> None:
    two.run("apply")
    with psycopg.connect(two.database) as connection:
        connection.execute("INSERT INTO schema_tool.layout (version) VALUES (999)")
    for command in ("apply", "status"):
        refused = two.run(command)
        assert refused.returncode == 4
        assert "layout 999" in refused.stderr


def test_a_post_apply_file_runs_after_each_run_that_applied_something(two: Project) -> None:
    two.write(
        "migrations/post-apply.sql",
        "CREATE TABLE IF NOT EXISTS runs (n int); INSERT INTO runs VALUES (1);",
    )
    two.run("apply", "--to", "0001_a")
    two.run("apply")
    two.run("apply")
    assert rows(two.database, "SELECT count(*) FROM runs") == [(2,)]


def test_a_post_apply_file_that_failed_is_due_again(two: Project) -> None:
    two.write("migrations/post-apply.sql", "SELECT 1 / 0;")
    assert two.run("apply").returncode == 3
    assert two.run("apply").returncode == 3
    two.write("migrations/post-apply.sql", "CREATE TABLE after (id int);")
    assert two.run("apply").returncode == 0
    assert "after" in tables(two.database)
    assert two.run("apply").stdout.startswith("nothing pending")


def test_a_rollback_file_without_a_statement_is_refused(two: Project) -> None:
    two.migration("0003_c", "CREATE TABLE c (id int);", "-- to be written\n")
    two.run("apply")
    refused = two.run("rollback", "--yes")
    assert refused.returncode == 4
    assert "0003_c.rollback.sql holds no statement" in refused.stderr
    assert "c" in tables(two.database)


@pytest.mark.parametrize("change", ["SET ROLE", "SET SESSION AUTHORIZATION", "SET LOCAL ROLE"])
def test_a_file_may_act_as_another_role(project: Project, change: str) -> None:
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS other_role")
        connection.execute("CREATE ROLE other_role NOLOGIN")
    project.migration("0001_a", f"{change} other_role;\nSELECT 1;")
    project.migration("0002_b", "CREATE TABLE b AS SELECT current_user AS name;")
    ran = project.run("apply")
    assert ran.returncode == 0, ran.stderr
    assert rows(project.database, "SELECT name FROM b") == [("postgres",)]


def test_what_the_server_has_to_say_is_shown(project: Project) -> None:
    project.migration("0001_a", "DO $$ BEGIN RAISE WARNING 'mind the gap'; END $$;")
    assert "WARNING: mind the gap" in project.run("apply").stderr


def test_reset_refuses_a_database_that_the_tool_did_not_create(two: Project) -> None:
    two.run("apply")
    refused = two.run("reset")
    assert refused.returncode == 4
    assert "was not created by schema-tool" in refused.stderr
    assert tables(two.database) == {"a", "b"}


def test_a_held_table_ends_in_try_again_and_nothing_applied(two: Project) -> None:
    two.run("apply")
    two.migration("0003_c", "ALTER TABLE a ADD COLUMN c int;")
    with psycopg.connect(two.database) as blocker:
        blocker.execute("SELECT * FROM a")
        blocked = two.run("apply", "--wait", "3s")
    assert blocked.returncode == 75, blocked.stderr
    assert "SQLSTATE 55P03" in blocked.stderr
    assert two.run("apply").returncode == 0
