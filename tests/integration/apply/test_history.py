"""History is guarded: edited, deleted, late and rival files; secrets; the ledger's own life."""

from __future__ import annotations

import subprocess

import psycopg
import pytest

from schema_tool.server import session
from tests.conftest import Project

ONE = "CREATE TABLE one (a INT);\n"
DROP_ONE = "DROP TABLE one;\n"


@pytest.fixture
def applied(project: Project) -> Project:
    project.migration("0001_one", ONE, DROP_ONE)
    project.migration("0002_two", "CREATE TABLE two (a INT);\n", "DROP TABLE two;\n")
    assert project.run("apply").returncode == 0
    return project


def test_repair_accepts_exactly_one_edit_and_keeps_the_reason(applied: Project) -> None:
    applied.migration("0001_one", ONE + "SELECT 1;\n")
    applied.migration("0002_two", "CREATE TABLE two (a INT, b INT);\n")
    assert applied.run("apply").returncode == 4
    assert applied.run("repair", "0001_one").returncode == 2
    done = applied.run("repair", "0001_one", "--reason", "the SELECT was left out")
    assert done.returncode == 0, done.stderr
    still = applied.run("apply")
    assert still.returncode == 4
    assert "0002_two" in still.stderr
    with psycopg.connect(applied.database) as connection:
        rows = connection.execute(
            "SELECT migration_id, reason FROM schema_tool.event WHERE action = 'repair'"
        ).fetchall()
    assert rows == [("0001_one", "the SELECT was left out")]


def test_repair_of_what_needs_none_is_refused(applied: Project) -> None:
    done = applied.run("repair", "0001_one", "--reason", "none")
    assert done.returncode == 2
    assert "is what was applied" in done.stderr


def test_a_deleted_file_is_rolled_back_by_the_ledgers_text(applied: Project) -> None:
    for suffix in (".sql", ".rollback.sql"):
        (applied.root / f"migrations/0002_two{suffix}").unlink()
    assert applied.run("apply").returncode == 4
    done = applied.run("rollback", "--yes")
    assert done.returncode == 0, done.stderr
    with psycopg.connect(applied.database) as connection:
        assert connection.execute("SELECT to_regclass('two')").fetchone() == (None,)
    assert applied.run("apply").returncode == 0


def test_a_tampered_rollback_text_is_not_run(applied: Project) -> None:
    for suffix in (".sql", ".rollback.sql"):
        (applied.root / f"migrations/0002_two{suffix}").unlink()
    with psycopg.connect(applied.database, autocommit=True) as connection:
        connection.execute("UPDATE schema_tool.migration SET rollback_text = 'DROP TABLE one'")
    done = applied.run("rollback", "--yes")
    assert done.returncode == 4
    assert "was changed after it was written" in done.stderr


def test_a_rollback_names_what_it_would_lose(applied: Project) -> None:
    with psycopg.connect(applied.database, autocommit=True) as connection:
        connection.execute("INSERT INTO two VALUES (1)")
    refused = applied.run("rollback")
    assert refused.returncode == 4
    assert "two, which has rows" in refused.stderr
    assert applied.run("rollback", "--yes").returncode == 0


def test_a_late_file_needs_a_word_or_a_header(applied: Project) -> None:
    applied.migration("0001_5_late", "SELECT 1;\n")
    late = applied.run("apply")
    assert late.returncode == 4
    assert "--allow-out-of-order" in late.stderr
    applied.migration("0001_5_late", "-- schema-tool: allow-out-of-order\nSELECT 1;\n")
    assert applied.run("apply").returncode == 0


def test_branches_that_each_add_a_migration_conflict_in_git(applied: Project) -> None:
    def git(*words: str) -> int:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@t", *words]
        return subprocess.run(
            command, cwd=applied.root, capture_output=True, check=False
        ).returncode

    def add(name: str) -> None:
        assert applied.run("new", name, target=False).returncode == 0
        assert git("add", "migrations") == 0
        assert git("commit", "-m", name) == 0

    assert applied.run("manifest", target=False).returncode == 0
    assert git("init", "-b", "main") == 0
    assert git("add", "migrations") == 0
    assert git("commit", "-m", "start") == 0
    assert git("checkout", "-b", "other") == 0
    add("theirs")
    assert git("checkout", "main") == 0
    add("ours")
    assert git("merge", "other") != 0
    text = (applied.root / "migrations/MANIFEST").read_text()
    assert "<<<<<<<" in text


def test_the_manifest_is_held_against_the_folder(applied: Project) -> None:
    assert applied.run("manifest", target=False).returncode == 0
    assert applied.run("apply").returncode == 0
    applied.migration("0003_three", "SELECT 1;\n")
    missing = applied.run("apply")
    assert missing.returncode == 2
    assert "0003_three.sql has no line in migrations/MANIFEST" in missing.stderr
    (applied.root / "migrations/0003_three.sql").unlink()
    (applied.root / "migrations/MANIFEST").write_text("0001_one\n0002_two\n0009_gone\n")
    stale = applied.run("apply")
    assert stale.returncode == 2
    assert "0009_gone" in stale.stderr
    linted = applied.run("lint", target=False)
    assert linted.returncode == 1
    assert "0009_gone" in linted.stdout


SECRET = "hunter2-of-the-test"
ROLE = "CREATE ROLE {name} LOGIN PASSWORD {password};\nDROP ROLE {name};\n"


def test_a_password_in_a_file_is_refused_without_repeating_it(project: Project) -> None:
    project.migration("0001_role", ROLE.format(name="r1", password=f"'{SECRET}'"))
    done = project.run("apply")
    assert done.returncode == 2
    assert ":'NAME'" in done.stderr
    assert SECRET not in done.stderr + done.stdout


@pytest.mark.parametrize(
    "text",
    [
        f"CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'u', password '{SECRET}');",
        f"CREATE SUBSCRIPTION s CONNECTION 'host=h password={SECRET}' PUBLICATION p;",
        f"ALTER ROLE r ENCRYPTED PASSWORD '{SECRET}';",
    ],
)
def test_secrets_of_every_kind_are_refused(project: Project, text: str) -> None:
    project.migration("0001_secret", "-- transactional: false\n" + text)
    done = project.run("apply")
    assert done.returncode == 2, done.stderr
    assert SECRET not in done.stderr + done.stdout


def test_a_secret_comes_from_the_environment_and_is_stored_nowhere(project: Project) -> None:
    project.write("schema-tool.toml", 'ledger_text = "full"\n')
    project.migration("0001_role", ROLE.format(name="r2", password=":'THE_PASSWORD'"))
    missing = project.run("apply")
    assert missing.returncode == 2
    assert "THE_PASSWORD" in missing.stderr
    given = {"THE_PASSWORD": SECRET}
    dry = project.run("apply", "--dry-run", environ=given)
    assert ":'THE_PASSWORD'" in dry.stdout
    done = project.run("apply", environ=given)
    assert done.returncode == 0, done.stderr
    assert SECRET not in dry.stdout + dry.stderr + done.stdout + done.stderr
    with psycopg.connect(project.database) as connection:
        rows = connection.execute("SELECT m::text FROM schema_tool.migration AS m").fetchall()
    assert ":'THE_PASSWORD'" in rows[0][0]
    assert SECRET not in str(rows)


def test_an_error_in_a_statement_with_a_secret_does_not_show_it(project: Project) -> None:
    project.migration("0001_role", "CREATE ROLE postgres LOGIN PASSWORD :'THE_PASSWORD';\n")
    done = project.run("apply", environ={"THE_PASSWORD": SECRET})
    assert done.returncode == 3
    assert "42710" in done.stderr
    assert SECRET not in done.stderr


def test_the_ledger_keeps_no_text_unless_told(applied: Project) -> None:
    with psycopg.connect(applied.database) as connection:
        rows = connection.execute("SELECT apply_text FROM schema_tool.migration").fetchall()
    assert rows == [(None,), (None,)]


def test_an_old_tool_refuses_a_newer_ledger(applied: Project) -> None:
    with psycopg.connect(applied.database, autocommit=True) as connection:
        connection.execute("INSERT INTO schema_tool.layout (version) VALUES (99)")
    for command in ("apply", "status"):
        done = applied.run(command)
        assert done.returncode == 4
        assert "layout 99" in done.stderr


def test_the_ledger_can_be_uninstalled_and_the_database_adopted_again(applied: Project) -> None:
    assert applied.run("ledger", "uninstall").returncode == 4
    assert applied.run("ledger", "uninstall", "--yes").returncode == 0
    with psycopg.connect(applied.database) as connection:
        row = connection.execute("SELECT to_regnamespace('schema_tool'), to_regclass('one')")
        assert row.fetchone() == (None, "one")
    assert applied.run("apply").returncode == 4
    assert applied.run("baseline", "0002_two").returncode == 0
    assert applied.run("apply").returncode == 0


DAMAGE = (
    "DELETE FROM schema_tool.layout",
    "DROP TABLE schema_tool.layout",
    "DROP TABLE schema_tool.statement",
    "DROP TABLE schema_tool.event",
    "ALTER TABLE schema_tool.migration DROP COLUMN depends",
    "ALTER TABLE schema_tool.migration DROP CONSTRAINT migration_state_check; "
    "UPDATE schema_tool.migration SET state = 'odd'",
)


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("command", ["apply", "status"])
def test_a_ledger_that_was_changed_by_hand_is_named(
    project: Project, damage: str, command: str
) -> None:
    project.migration("0001_t", "CREATE TABLE t (a INT);\n")
    assert project.run("apply").returncode == 0
    project.migration("0002_u", "CREATE TABLE u (a INT);\n")
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(damage.encode())
    done = project.run(command)
    assert done.returncode == 4, done.stderr
    assert "the ledger in this database is damaged" in done.stderr
    assert "HINT" in done.stderr


def test_a_schema_of_the_ledger_s_name_that_is_none_is_named(project: Project) -> None:
    project.migration("0001_t", "CREATE TABLE t (a INT);\n")
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA schema_tool")
    done = project.run("apply")
    assert done.returncode == 4, done.stderr
    assert "schema_tool" in done.stderr
    assert "DROP SCHEMA schema_tool" in done.stderr


def test_a_secret_that_is_missing_is_told_before_the_first_file(project: Project) -> None:
    project.migration("0001_t", "CREATE TABLE t (a TEXT);\n")
    project.migration("0002_s", "INSERT INTO t VALUES (:'SECRET_OF_0002');\n")
    done = project.run("apply")
    assert done.returncode == 2
    assert "SECRET_OF_0002" in done.stderr
    with psycopg.connect(project.database) as connection:
        assert connection.execute("SELECT to_regclass('t')").fetchone() == (None,)
    assert project.run("apply", environ={"SECRET_OF_0002": "x"}).returncode == 0


@pytest.mark.parametrize("command", ["apply", "status"])
def test_a_ledger_that_somebody_has_locked_is_not_waited_for_for_ever(
    applied: Project, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "LOCK_TIMEOUT_S", 1)
    with psycopg.connect(applied.database) as holder:
        holder.execute("LOCK TABLE schema_tool.migration")
        done = applied.run(command)
    assert done.returncode == 75, done.stderr
    assert "in the way" in done.stderr
