"""`diff -o` and `--snapshot`: where the files land, and what they never write over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.integration.test_diff import run_sql

if TYPE_CHECKING:
    from tests.conftest import Project

ONE = "CREATE TABLE a (id int CONSTRAINT a_pkey PRIMARY KEY);\n"
TWO = ONE + "CREATE INDEX a_idx ON a (id);\n"
FIRST = "migrations/0001_wish.sql"


@pytest.fixture
def folder(project: Project) -> Project:
    """A project that wishes for a table, with an empty folder of migrations."""
    project.write("sql/010.sql", ONE)
    project.write("migrations/README", "")
    return project


@pytest.mark.parametrize("flag", ["--summary", "--format=json"])
def test_the_files_are_written_however_the_result_is_shown(folder: Project, flag: str) -> None:
    result = folder.run("diff", "-o", FIRST, flag)
    assert result.returncode == 1, result.stderr
    assert f"wrote {FIRST}" in result.stderr
    assert "CREATE TABLE" in (folder.root / FIRST).read_text("utf-8")
    if "json" in flag:
        assert json.loads(result.stdout)["groups"]


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_plan_made_anew_replaces_its_own_files(folder: Project, end: str) -> None:
    assert folder.run("diff", "-o", FIRST).returncode == 1
    text = (folder.root / FIRST).read_text("utf-8")
    (folder.root / FIRST).write_text(text, "utf-8", newline=end)
    folder.write("sql/010.sql", TWO)
    assert folder.run("diff", "-o", FIRST).returncode == 1
    assert "a_idx" in (folder.root / FIRST).read_text("utf-8")


def test_what_a_person_wrote_is_not_written_over(folder: Project) -> None:
    folder.migration("0001_wish", "CREATE TABLE mine (id int);\n")
    result = folder.run("diff", "-o", FIRST)
    assert result.returncode == 4
    assert FIRST in result.stderr
    assert "mine" in (folder.root / FIRST).read_text("utf-8")


def test_what_is_applied_here_is_not_written_over(folder: Project) -> None:
    assert folder.run("diff", "-o", FIRST).returncode == 1
    assert folder.run("apply").returncode == 0
    before = (folder.root / FIRST).read_text("utf-8")
    folder.write("sql/010.sql", TWO)
    result = folder.run("diff", "-o", FIRST)
    assert result.returncode == 4
    assert "0001_wish is applied" in result.stderr
    assert (folder.root / FIRST).read_text("utf-8") == before


def test_what_an_earlier_longer_plan_leaves_is_told_and_nothing_is_written(folder: Project) -> None:
    run_sql(folder, ONE + "CREATE TABLE b (id int)")
    folder.write("sql/010.sql", TWO + "CREATE TABLE b (id bigint);\n")
    assert folder.run("diff", "-o", FIRST, "--allow", "all").returncode == 1
    assert (folder.root / "migrations/0002_wish.sql").exists()
    folder.write("sql/010.sql", ONE + "CREATE TABLE b (id bigint);\n")
    result = folder.run("diff", "-o", FIRST, "--allow", "all")
    assert result.returncode == 4
    assert "rm migrations/0002_wish.sql migrations/0002_wish.rollback.sql" in result.stderr


def test_a_folder_is_no_name_for_a_file(folder: Project) -> None:
    result = folder.run("diff", "-o", "migrations")
    assert result.returncode == 2
    assert not (folder.root / "migrations.sql").exists()


def test_paths_are_relative_to_where_one_stands(folder: Project) -> None:
    folder.write("schema-tool.toml", "")
    inside = folder.root / "sql"
    for flags in (("--to", "010.sql", "-o", f"../{FIRST}"), ("--snapshot", "here.json")):
        result = folder.run("diff", *flags, within="sql")
        assert "wrote" in result.stderr, result.stderr
    assert (folder.root / FIRST).exists()
    assert (inside / "here.json").exists()


def test_the_files_are_written_where_nobody_reads_the_result(folder: Project) -> None:
    with folder.start("diff", "-o", FIRST, "--summary") as running:
        assert running.stdout is not None
        running.stdout.close()
        assert running.wait(timeout=60) == 1
    assert (folder.root / FIRST).exists()


@pytest.mark.parametrize("flag", ["--to=sql", "--include=table a", "--schema=pubic"])
def test_a_snapshot_is_only_written(folder: Project, flag: str) -> None:
    assert folder.run("diff", "--snapshot", "here.json", flag).returncode == 2
    assert not (folder.root / "here.json").exists()
    result = folder.run("diff", "--snapshot", "here.json", "--format", "json")
    assert json.loads(result.stdout) == {"written": ["here.json"]}


def test_with_nothing_to_do_there_is_nothing_to_prove(folder: Project) -> None:
    made = (
        "CREATE TABLE a (id int);"
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        "CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();"
    )
    run_sql(folder, made)
    folder.write("sql/010.sql", made + "\n-- schema-tool: rename table was to a\n")
    result = folder.run("diff", "--prove", "-o", FIRST)
    assert result.returncode == 0, result.stderr
    assert "nothing to do: equal" in result.stderr
    assert not (folder.root / FIRST).exists()


@pytest.mark.parametrize(
    "flags",
    [("--schema", "pubic"), ("--include", "tabel public.*"), ("--include", "role postgres")],
    ids=["schema", "include", "role"],
)
def test_to_compare_nothing_is_not_to_be_equal(folder: Project, flags: tuple[str, str]) -> None:
    result = folder.run("diff", *flags)
    assert (result.returncode, result.stdout) == (2, "")
    assert flags[1] in result.stderr


def test_what_is_left_out_and_is_not_there_is_told(folder: Project) -> None:
    folder.write("schema-tool.ignore", "table audit.*  # theirs\n")
    run_sql(folder, "CREATE SCHEMA audit; CREATE TABLE audit.log (id int)")
    result = folder.run("diff", "--exclude", "tabel public.*", "--exclude", "schema audit")
    assert result.returncode == 1
    assert "--exclude “tabel public.*” matches nothing" in result.stderr
    assert "“schema audit”" not in result.stderr
    # what lies outside of the schemas that were asked for is not there to be matched
    folder.write("sql/020.sql", "-- schema-tool: rename table audit.log to logs\n")
    narrow = folder.run("diff", "--schema", "public").stderr
    assert "matches nothing" not in narrow
    assert "stale" not in narrow
