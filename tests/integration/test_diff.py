"""`diff` as its users run it: what it prints, what it refuses, what it exits with."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.integration.test_cases import CASES

if TYPE_CHECKING:
    from tests.conftest import Project, Server

BEFORE = "CREATE TABLE steps (id int PRIMARY KEY, width int DEFAULT 200, old text)"
AFTER = "CREATE TABLE steps (id int PRIMARY KEY, width int DEFAULT 100);\n"


def run_sql(project: Project, text: str) -> None:
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(text.encode())


def test_equal_is_exit_0_and_prints_nothing(project: Project) -> None:
    project.write("sql/010.sql", AFTER)
    run_sql(project, AFTER)
    result = project.run("diff")
    assert (result.returncode, result.stdout) == (0, ""), result.stderr
    assert "equal" in result.stderr


def test_a_difference_is_exit_1_with_sql_on_stdout_that_removes_it(project: Project) -> None:
    project.write("sql/010.sql", "CREATE TABLE a (id int PRIMARY KEY);\n")
    result = project.run("diff")
    assert result.returncode == 1, result.stderr
    assert "CREATE TABLE public.a" in result.stdout
    run_sql(project, result.stdout)
    assert project.run("diff").returncode == 0


def test_what_destroys_is_refused_until_it_is_allowed_by_name(project: Project) -> None:
    project.write("sql/010.sql", AFTER)
    run_sql(project, BEFORE)
    refused = project.run("diff")
    assert (refused.returncode, refused.stdout) == (4, "")
    assert "loses the values of public.steps.old" in refused.stderr
    assert "--allow drop-column" in refused.stderr
    allowed = project.run("diff", "--allow", "drop-column")
    assert allowed.returncode == 1
    assert "DROP COLUMN old" in allowed.stdout
    assert "SET DEFAULT 100" in allowed.stdout


def test_an_unknown_hazard_is_a_usage_error_that_names_the_known_ones(project: Project) -> None:
    project.write("sql/010.sql", AFTER)
    result = project.run("diff", "--allow", "everything")
    assert result.returncode == 2
    assert "drop-table" in result.stderr


def test_what_is_not_compared_is_named_and_is_exit_5(project: Project) -> None:
    project.write("sql/010.sql", AFTER)
    run_sql(project, AFTER)
    run_sql(
        project,
        "CREATE OPERATOR public.<<<< (FUNCTION = int4lt, LEFTARG = int, RIGHTARG = int,"
        " COMMUTATOR = OPERATOR(public.>>>>))",
    )
    result = project.run("diff", "--exclude", "operator public.<<<<*")
    assert result.returncode == 5, result.stderr
    assert "not compared: operator public.>>>>" in result.stderr


def test_what_no_statement_changes_is_named_and_is_exit_3(project: Project) -> None:
    project.write("sql/010.sql", "CREATE TABLE a (one int, two int);\nCREATE TABLE b (n int);\n")
    run_sql(project, "CREATE TABLE a (two int, one int)")
    result = project.run("diff", "--column-order")
    assert result.returncode == 3, result.stderr
    assert "no statement changes this: table public.a: no ALTER moves a column" in result.stderr
    assert "CREATE TABLE public.b" in result.stdout
    as_json = json.loads(project.run("diff", "--column-order", "--format", "json").stdout)
    assert [entry["object"] for entry in as_json["unplanned"]] == ["table public.a"]


def test_the_summary_says_what_differs_and_what_it_costs(project: Project) -> None:
    project.write("sql/010.sql", AFTER)
    run_sql(project, BEFORE)
    result = project.run("diff", "--summary", "--allow", "all")
    assert result.stdout.startswith(
        "schema public\n  ~ table steps\n    - column old\n    ~ column width: default 200 -> 100\n"
    )
    assert "drop-column" in result.stdout


def test_the_summary_says_what_is_renamed(project: Project) -> None:
    project.write("sql/010.sql", "-- schema-tool: rename table a to b\nCREATE TABLE b (id int);\n")
    run_sql(project, "CREATE TABLE a (id int)")
    result = project.run("diff", "--summary")
    assert result.stdout.startswith("renames\n  ~ table a is called b\n\n")
    assert "1 change, 1 statement in 1 transaction" in result.stdout


def test_json_holds_changes_steps_and_hazards(project: Project) -> None:
    project.write("sql/010.sql", AFTER)
    run_sql(project, BEFORE)
    result = project.run("diff", "--format", "json", "--allow", "all")
    document = json.loads(result.stdout)
    assert not document["equal"]
    steps = [step for group in document["groups"] for step in group["steps"]]
    assert {"drop-column"} <= {h["hazard"] for step in steps for h in step["hazards"]}


def test_a_plan_is_proved_on_a_copy_before_it_is_printed(project: Project) -> None:
    project.write("sql/010.sql", AFTER + "CREATE VIEW v AS SELECT id FROM steps;\n")
    run_sql(project, BEFORE + "; CREATE VIEW v AS SELECT id, old FROM steps")
    result = project.run("diff", "--allow", "all", "--prove")
    assert result.returncode == 1, result.stderr
    assert "proved" in result.stderr


@pytest.mark.parametrize("flags", [(), ("--prove",)], ids=["planned", "proved"])
def test_a_migration_is_written_with_its_way_back_and_both_can_be_run(
    project: Project, flags: tuple[str, ...]
) -> None:
    project.write("sql/010.sql", "CREATE TABLE a (id int PRIMARY KEY, n int NOT NULL);\n")
    result = project.run("diff", "-o", "migrations/0001_first.sql", *flags)
    assert result.returncode == 1, result.stderr
    assert project.run("apply").returncode == 0
    assert project.run("diff").returncode == 0
    undone = project.run("rollback", "--steps", "1", "--yes")
    assert undone.returncode == 0, undone.stderr
    assert project.run("diff").returncode == 1


def test_each_way_back_starts_from_what_those_after_it_leave(project: Project) -> None:
    before = """
        CREATE TABLE t (k int, v int) PARTITION BY RANGE (k);
        CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);
        CREATE TABLE t_3 (k int, v int);
        CREATE TABLE t_rest PARTITION OF t DEFAULT;
    """
    run_sql(project, before)
    project.write(
        "sql/010.sql",
        f"""{before}
        CREATE INDEX byv ON t (v);
        ALTER TABLE t ATTACH PARTITION t_3 FOR VALUES FROM (20) TO (30);
        CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20);
    """,
    )
    project.migration("0001_before", "SELECT 1;")
    assert project.run("baseline", "0001_before").returncode == 0
    written = project.run("diff", "--allow", "all", "-o", "migrations/0002_index.sql")
    assert written.returncode == 1, written.stderr
    assert "by hand" not in written.stderr
    assert "0005_index.sql" in written.stderr
    assert project.run("apply").returncode == 0
    undone = project.run("rollback", "--to", "0001_before", "--yes")
    assert undone.returncode == 0, undone.stderr
    project.write("sql/010.sql", before)
    assert project.run("diff").returncode == 0


def test_a_detached_partition_comes_back_whatever_its_not_null_is_called(project: Project) -> None:
    case = CASES / "partitions/detached_keeps_indexes"
    run_sql(project, (case / "before.sql").read_text("utf-8"))
    project.write("sql/010.sql", (case / "after.sql").read_text("utf-8"))
    project.migration("0001_before", "SELECT 1;")
    assert project.run("baseline", "0001_before").returncode == 0
    written = project.run("diff", "--allow", "all", "-o", "migrations/0002_detached.sql")
    assert written.returncode == 1, written.stderr
    assert project.run("apply").returncode == 0
    undone = project.run("rollback", "--to", "0001_before", "--yes")
    assert undone.returncode == 0, undone.stderr


def test_each_index_made_or_dropped_beside_traffic_is_undone_by_its_own_file(
    project: Project,
) -> None:
    before = "CREATE TABLE t (a int, b int, c int); CREATE INDEX byc ON t (c);"
    run_sql(project, f"{before} COMMENT ON INDEX byc IS 'why'")
    project.write(
        "sql/010.sql",
        "CREATE TABLE t (a int, b int, c int);"
        "CREATE INDEX bya ON t (a); CREATE INDEX byb ON t (b);",
    )
    written = project.run("diff", "-o", "migrations/0001_index.sql")
    assert written.returncode == 1, written.stderr
    assert "0004" not in written.stderr
    made, undone = ("DROP INDEX CONCURRENTLY public.{}", "CREATE INDEX CONCURRENTLY {} ")
    for path in sorted((project.root / "migrations").glob("*[0-9]_index.sql")):
        text = path.read_text("utf-8")
        back = path.with_suffix(".rollback.sql").read_text("utf-8")
        own = next(index for index in ("bya", "byb", "byc") if index in text)
        assert (undone if own == "byc" else made).format(own) in back
        assert ("COMMENT" in back) == (own == "byc")
        assert not any(other in back for other in {"bya", "byb", "byc"} - {own})


def test_a_way_back_that_cannot_be_run_is_told_by_name(project: Project) -> None:
    case = CASES / "columns/not_null_no_inherit_toggled"
    run_sql(project, (case / "before.sql").read_text("utf-8"))
    project.write("sql/010.sql", (case / "after.sql").read_text("utf-8"))
    written = project.run("diff", "--allow", "all", "-o", "migrations/0001_toggled.sql")
    assert written.returncode == 1, written.stderr
    # PostgreSQL takes no NOT NULL from an heir whose parent has it.
    assert "mend 0002_toggled.rollback.sql by hand" in written.stderr
    assert "cannot drop inherited constraint" in written.stderr


def test_a_slotless_subscription_goes_in_a_file_that_can_be_applied(project: Project) -> None:
    subscribed = "CREATE SUBSCRIPTION zsub CONNECTION 'dbname=nowhere' PUBLICATION p"
    run_sql(project, f"{subscribed} WITH (connect = false, slot_name = NONE)")
    project.migration("0001_before", "SELECT 1;")
    assert project.run("baseline", "0001_before").returncode == 0
    project.write("sql/010.sql", "")
    written = project.run("diff", "--allow", "all", "-o", "migrations/0002_without.sql")
    assert written.returncode == 1, written.stderr
    linted = project.run("lint", "migrations/0002_without.sql", target=False)
    assert linted.returncode == 0, linted.stdout
    applied = project.run("apply")
    assert applied.returncode == 0, applied.stderr


def test_another_database_can_be_the_desired_state(project: Project, server: Server) -> None:
    other = server.create()
    with psycopg.connect(other, autocommit=True) as connection:
        connection.execute("CREATE TABLE elsewhere (id int)")
    result = project.run("diff", "--to", other)
    assert result.returncode == 1, result.stderr
    assert "CREATE TABLE public.elsewhere" in result.stdout


@pytest.mark.parametrize("flag", ["--no-owners", "--exit-zero"])
def test_differences_can_be_left_out_or_tolerated(project: Project, flag: str) -> None:
    project.write("sql/010.sql", AFTER)
    run_sql(project, AFTER.replace("100", "200"))
    expected = 0 if flag == "--exit-zero" else 1
    assert project.run("diff", flag).returncode == expected


def test_the_desired_database_is_named_as_the_live_one_is(project: Project, server: Server) -> None:
    words = psycopg.conninfo.conninfo_to_dict(server.create())
    name = words.pop("dbname")
    url = f"postgresql+psycopg:///{name}?" + "&".join(f"{k}={v}" for k, v in words.items())
    assert project.run("diff", "--to", url).returncode == 0
    other = project.run("diff", "--to", "mysql://host/db")
    assert other.returncode == 2
    assert "--to: mysql:// is not a PostgreSQL URL" in other.stderr


def test_a_file_may_have_any_name(project: Project) -> None:
    project.write("a=b.sql", "")
    assert project.run("diff", "--to", "a=b.sql").returncode == 0


def test_a_database_equals_itself(project: Project) -> None:
    assert project.run("diff", "--to", project.database).returncode == 0


@pytest.mark.parametrize(
    "flag",
    [
        *("--to", "-o", "--snapshot", "--scratch"),
        *("--schema", "--include", "--exclude", "--map-role"),
    ],
)
def test_an_empty_flag_is_a_variable_that_is_unset(project: Project, flag: str) -> None:
    project.write("sql/010.sql", AFTER)
    result = project.run("diff", flag, "")
    assert (result.returncode, result.stdout) == (2, "")
    assert "is empty" in result.stderr


@pytest.mark.parametrize(
    "out",
    [
        *("sql/0001_new.sql", "sql/cluster/0001_new.sql", "nowhere/", "-"),
        *("0001_new.rollback.sql", "0001_new.rollback", "post-apply.sql"),
    ],
)
def test_a_plan_is_written_where_it_is_a_migration(project: Project, out: str) -> None:
    project.write("sql/010.sql", AFTER)
    result = project.run("diff", "-o", out)
    assert (result.returncode, result.stdout) == (2, "")
    assert sorted(path.name for path in project.root.rglob("*.sql")) == ["010.sql"]


def test_a_plan_is_no_part_of_the_side_that_it_leads_to(project: Project) -> None:
    project.write("schema-tool.toml", 'sql = "db"\nmigrations = "db/migrations"\n')
    for folder in ("db", "other"):
        project.write(f"{folder}/010.sql", AFTER)
    project.write("db/migrations/README", "")
    into_other = ("--to", "other", "-o", "other/0009_new.sql")
    over_it = ("--to", "other/010.sql", "-o", "other/010.sql")
    for flags in (into_other, over_it, ("-o", "db/0009_new.sql")):
        refused = project.run("diff", *flags)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "would be part of the desired state" in refused.stderr
    written = project.run("diff", "-o", "db/migrations/0009_new.sql")
    assert written.returncode == 1, written.stderr
    assert (project.root / "db/migrations/0009_new.sql").exists()


def test_a_missing_folder_is_a_usage_error(project: Project) -> None:
    for place in ("nowhere", "no=where.sql"):
        result = project.run("diff", "--to", place)
        assert result.returncode == 2
        assert f"{place}: there is no such folder or file" in result.stderr


def test_a_pipe_is_no_ignore_file(project: Project) -> None:
    project.write("sql/010.sql", "")
    os.mkfifo(project.root / "schema-tool.ignore")
    result = project.run("diff")
    assert result.returncode == 2
    assert "schema-tool.ignore is a pipe" in result.stderr


def test_one_sql_file_can_be_the_desired_state(project: Project) -> None:
    project.write("wish.sql", "CREATE TABLE wished (id int);\n")
    result = project.run("diff", "--to", "wish.sql")
    assert result.returncode == 1, result.stderr
    assert "CREATE TABLE public.wished" in result.stdout


def test_what_a_file_would_undo_in_silence_is_an_error_at_its_place(project: Project) -> None:
    project.write("sql/010.sql", "BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\n")
    assert "CREATE TABLE public.a" in project.run("diff").stdout
    project.write("sql/010.sql", "CREATE TABLE a (id int);\nROLLBACK;\n")
    result = project.run("diff")
    assert (result.returncode, result.stdout) == (2, "")
    assert "sql/010.sql:2:1: ROLLBACK" in result.stderr


def test_a_desired_state_is_not_told_to_be_a_migration(project: Project) -> None:
    project.write("sql/010.sql", "CREATE TABLE a (id int);\nCREATE INDEX CONCURRENTLY ON a (id);\n")
    result = project.run("diff")
    assert result.returncode == 3
    assert "sql/010.sql:2:1" in result.stderr
    assert "leave out CONCURRENTLY" in result.stderr
    assert "file of its own" not in result.stderr


def test_a_misspelt_declaration_is_an_error(project: Project) -> None:
    project.write("sql/010.sql", "-- schema-tool: rename table c to d\n")
    project.write("sql/020.sql", "\n-- schema-tool: renmae table a to b\n-- schema-tool: ours\n")
    result = project.run("diff")
    assert result.returncode == 2
    assert "sql/020.sql:2:1: this line declares no rename" in result.stderr
    assert "renmae table a to b" in result.stderr


def test_who_reads_as_another_than_the_owner_is_told(project: Project, server: Server) -> None:
    project.write("sql/010.sql", AFTER)
    run_sql(project, f"{AFTER} CREATE ROLE onlooker LOGIN")
    try:
        reader = psycopg.conninfo.make_conninfo(project.database, user="onlooker")
        told = project.run("diff", "-d", reader, target=False)
        quiet = project.run("diff", "-d", reader, "--no-owners", target=False)
    finally:
        run_sql(project, "DROP ROLE onlooker")
    assert "1 object would go to onlooker" in told.stderr
    assert (quiet.returncode, "onlooker, who" in quiet.stderr) == (0, False)


def test_what_the_ignore_file_names_is_left_alone(project: Project) -> None:
    project.write("sql/010.sql", AFTER)
    run_sql(project, AFTER + "CREATE TABLE audit_log (id int); CREATE SCHEMA audit")
    assert project.run("diff").returncode == 4
    project.write("schema-tool.ignore", "# theirs\n* audit*  # kept by another team\n")
    project.write("sql/020.sql", "")
    ignored = project.run("diff", "--exclude", "table public.audit_log")
    assert (ignored.returncode, ignored.stdout) == (0, ""), ignored.stderr
    project.write("schema-tool.ignore", "* *audit*  # kept by another team\n")
    assert project.run("diff").returncode == 0


def test_an_ignored_pattern_without_a_reason_is_an_error_at_its_line(project: Project) -> None:
    project.write("sql/010.sql", AFTER)
    project.write("schema-tool.ignore", "\ntable audit.*\n")
    result = project.run("diff")
    assert result.returncode == 2
    assert "schema-tool.ignore:2" in result.stderr
    assert "no reason" in result.stderr


def test_an_ignored_pattern_that_matches_nothing_is_told(project: Project) -> None:
    project.write("sql/010.sql", AFTER)
    run_sql(project, AFTER)
    project.write("schema-tool.ignore", "table gone.*  # was theirs\n")
    result = project.run("diff")
    assert result.returncode == 0
    assert "“table gone.*” matches nothing any more" in result.stderr


@pytest.mark.skipif(shutil.which("script") is None, reason="needs util-linux's script")
def test_on_a_terminal_the_summary_is_coloured(project: Project) -> None:
    project.write("sql/010.sql", 'CREATE TABLE "[red]" (id int);\n')
    plain = project.run("diff", "--summary").stdout
    command = shlex.join([*project.command(), "diff", "--summary", "-d", project.database])
    shown = subprocess.run(
        ["script", "-qec", command, "/dev/null"],
        cwd=project.root,
        env=project.environ({"TERM": "xterm", "CI": ""}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.replace("\r", "")
    assert "\x1b[32m  + table" in shown
    assert plain in re.sub(r"\x1b\[[0-9;]*m", "", shown)


def test_findings_are_in_json_and_leave_the_exit_code_alone(project: Project) -> None:
    rename = "-- schema-tool: rename table gone to steps\n"
    project.write("sql/010.sql", rename + AFTER)
    run_sql(project, AFTER)
    project.write("schema-tool.ignore", "table gone.*  # was theirs\n")
    result = project.run("diff", "--format", "json")
    assert result.returncode == 0, result.stderr
    findings = {f["rule"]: f for f in json.loads(result.stdout)["findings"]}
    assert set(findings) == {"unmatched-ignore", "stale-rename"}
    assert findings["unmatched-ignore"]["line"] == 1
    assert findings["stale-rename"]["subject"] == "table gone"


def test_a_mappings_password_is_not_in_the_summary(project: Project) -> None:
    text = (
        "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
        "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (password '{}');\n"
    )
    project.write("sql/010.sql", text.format("new"))
    run_sql(project, text.format("hunter2"))
    result = project.run("diff", "--summary")
    assert "options differ" in result.stdout
    assert "hunter2" not in result.stdout + result.stderr


SECRETS = (
    "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
    "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (\"user\" 'me', password 'hunter2');"
    "CREATE SUBSCRIPTION \"u-1\" CONNECTION 'postgres://me:hunter3@nowhere/db' PUBLICATION p"
    " WITH (connect = false);\n"
)


def drop_subscription(project: Project) -> None:
    run_sql(project, 'ALTER SUBSCRIPTION "u-1" SET (slot_name = NONE)')
    run_sql(project, 'DROP SUBSCRIPTION "u-1"')


def test_secrets_are_in_the_sql_that_runs_and_in_nothing_that_is_kept(project: Project) -> None:
    project.write("sql/010.sql", SECRETS)
    for arguments in (("--summary",), ("--format", "json"), ("-o", "migrations/0001_s.sql")):
        result = project.run("diff", "--offline", *arguments)
        assert result.returncode == 1, result.stderr
        assert "hunter" not in result.stdout + result.stderr
    text = (project.root / "migrations/0001_s.sql").read_text(encoding="utf-8")
    assert "password :'SERVER_S_PUBLIC_PASSWORD'" in text
    assert "CONNECTION :'SUBSCRIPTION_U_1_CONNECTION'" in text
    assert "export SERVER_S_PUBLIC_PASSWORD=" in result.stderr
    linted = project.run("lint", "migrations/0001_s.sql", target=False)
    assert linted.returncode == 0, linted.stdout
    whole = project.run("diff", "--offline", "--prove")
    assert "hunter2" in whole.stdout
    assert "hunter" not in whole.stderr
    assert "this SQL holds passwords" in whole.stderr
    secrets = {
        "SERVER_S_PUBLIC_PASSWORD": "hunter2",
        "SUBSCRIPTION_U_1_CONNECTION": "postgres://me:hunter3@nowhere/db",
    }
    applied = project.run("apply", environ=secrets)
    assert applied.returncode == 0, applied.stderr
    try:
        assert project.run("diff").returncode == 0
    finally:
        drop_subscription(project)


def test_what_the_reader_is_not_shown_is_named_and_no_difference(project: Project) -> None:
    project.write("sql/010.sql", f"SET SESSION AUTHORIZATION postgres;{SECRETS}")
    run_sql(project, f"CREATE ROLE reader_only LOGIN;{SECRETS}")
    try:
        result = project.run("diff", "--role", "reader_only")
        assert result.returncode == 5, result.stdout + result.stderr
        assert "not compared: connection string of subscription u-1" in result.stderr
        assert "not compared: options of user mapping for public server s" in result.stderr
    finally:
        drop_subscription(project)
        run_sql(project, "DROP ROLE reader_only")


def test_the_desired_state_may_be_what_pg_dump_wrote(project: Project, server: Server) -> None:
    run_sql(project, "CREATE TABLE a (id int PRIMARY KEY, s text DEFAULT 'x;y');")
    dump = [str(server.bin / "pg_dump"), "--schema-only", project.database]
    written = subprocess.run(dump, capture_output=True, text=True, check=True).stdout
    if server.major >= 18:
        assert "\n\\restrict " in written
    project.write("sql/010_dump.sql", written)
    assert project.run("diff").returncode == 0
    assert project.run("diff", "--to", "sql/010_dump.sql").returncode == 0


def test_a_desired_database_that_is_not_there_is_exit_3_and_its_password_unsaid(
    project: Project,
) -> None:
    missing = re.sub(r"dbname='?\w+'?", "dbname=nowhere", project.database)
    result = project.run("diff", "--to", f"{missing} password=hunter2")
    assert result.returncode == 3, result.stderr
    assert "nowhere" in result.stderr
    assert "hunter2" not in result.stderr
    broken = project.run("diff", "--to", "postgresql://u:hunter2%zz@localhost/x")
    assert broken.returncode in {2, 3}
    assert "hunter2" not in broken.stderr


def test_a_generated_column_that_becomes_plain_keeps_its_values(project: Project) -> None:
    run_sql(
        project,
        "CREATE TABLE t (a int, c int GENERATED ALWAYS AS (a * 2) STORED);"
        "INSERT INTO t VALUES (21)",
    )
    project.write("sql/010.sql", "CREATE TABLE t (a bigint, c int);\n")
    result = project.run("diff")
    assert result.returncode == 1, result.stderr
    run_sql(project, result.stdout)
    with psycopg.connect(project.database) as connection:
        assert connection.execute("SELECT a, c FROM t").fetchall() == [(21, 42)]


def test_what_an_ignored_role_owns_is_not_dropped(project: Project) -> None:
    run_sql(
        project,
        "DO $$ BEGIN CREATE ROLE audit_x; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
        "CREATE TABLE log (a int PRIMARY KEY); CREATE INDEX ON log (a);"
        "ALTER TABLE log OWNER TO audit_x; CREATE TABLE gone (a int)",
    )
    project.write("sql/010.sql", "\n")
    project.write("schema-tool.ignore", "role audit_*  # the auditors'\n")
    result = project.run("diff", "--allow", "all")
    assert "DROP TABLE public.gone" in result.stdout
    assert "log" not in result.stdout


def test_roles_that_become_one_by_a_mapping_are_refused(project: Project) -> None:
    run_sql(
        project,
        "DO $$ BEGIN CREATE ROLE app_a; CREATE ROLE app_b;"
        " EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    )
    project.write(
        "sql/010.sql",
        "ALTER DEFAULT PRIVILEGES FOR ROLE app_a GRANT SELECT ON TABLES TO PUBLIC;\n"
        "ALTER DEFAULT PRIVILEGES FOR ROLE app_b GRANT INSERT ON TABLES TO PUBLIC;\n",
    )
    result = project.run("diff", "--map-role", "app_a=app_b")
    assert result.returncode == 2, result.stdout
    assert "become one" in result.stderr


def test_a_mapped_role_that_nothing_names_is_told(project: Project) -> None:
    project.write("sql/010.sql", "CREATE TABLE a (id int);\n")
    mapped = project.run("diff", "--map-role", "postgres=postgres", "--map-role", "ap=app_prod")
    assert mapped.returncode == 1
    assert "policy of the desired state names “ap”" in mapped.stderr
    assert "names “postgres”" not in mapped.stderr


def test_a_database_and_its_snapshot_give_the_same_plan(server: Server, project: Project) -> None:
    tables = "CREATE TABLE t (a int NOT NULL, b int NOT NULL) PARTITION BY LIST (a);"
    parts = [f"CREATE TABLE p{n} PARTITION OF t FOR VALUES IN ({n});" for n in range(8)]
    after = "ALTER TABLE t ADD PRIMARY KEY (a, b); CREATE INDEX i ON t (b);"
    wanted = server.create()
    run_sql(project, tables + "".join(parts))
    with psycopg.connect(wanted, autocommit=True) as connection:
        connection.execute((tables + "".join(reversed(parts)) + after).encode())
    assert project.run("diff", "-d", wanted, "--snapshot", "s.json", target=False).returncode == 0
    plans = [project.run("diff", "--to", place).stdout for place in (wanted, "s.json")]
    assert plans[0] == plans[1]
    assert "CONCURRENTLY p7_pkey" in plans[0]


def test_lists_without_an_order_of_their_own_are_printed_as_written(project: Project) -> None:
    function = "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';\n"
    head = "CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN "
    wanted = f"{head}('DROP TABLE', 'CREATE TABLE') EXECUTE FUNCTION f();\n"
    project.write("sql/010.sql", function + wanted)
    assert "IN ('DROP TABLE', 'CREATE TABLE')" in project.run("diff").stdout
    run_sql(project, f"{function}{head}('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION f();")
    assert project.run("diff").returncode == 0
