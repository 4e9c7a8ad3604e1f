"""What moves to another schema keeps its rows and all that stands on it; what cannot is said."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.sqltext import split_statements
from tests.integration.pairs.proof import Trial, prepare
from tests.integration.test_renames import answer

if TYPE_CHECKING:
    from tests.conftest import Project, Server

FOLDERS = sorted((Path(__file__).parent / "moves").iterdir())


def statements(path: Path) -> list[str]:
    """The lines that declare renames, and the statements."""
    text = path.read_text("utf-8")
    lines = [line for line in text.splitlines() if line.startswith("-- schema-tool:")]
    return lines + [statement.text for statement in split_statements(text)]


@pytest.mark.parametrize("forth", [True, False], ids=["forth", "back"])
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_move_leads_there_and_drops_nothing(
    any_server: Server, folder: Path, *, forth: bool
) -> None:
    prepare(any_server)
    pair = statements(folder / "before.sql"), statements(folder / "after.sql")
    pair = pair if forth else (pair[1], pair[0])
    plan = Trial(server=any_server, pair=pair, online=forth).run(rng=random.Random(1))
    said = "\n".join(step.sql for step in plan.steps)
    assert "SET SCHEMA" in said
    assert "CREATE TABLE" not in said
    assert "DROP " not in said.replace("DROP SCHEMA", "").replace("DROP COLUMN more", "")


BEFORE = """
CREATE SCHEMA app;
CREATE SCHEMA core;
CREATE TABLE app.users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, no serial, x text);
CREATE TABLE app.people (id integer);
CREATE TYPE app.span AS RANGE (subtype = integer);
"""
MOVED = BEFORE.replace("app.users", "core.users")
# What is declared, what else is there, what is wanted, and what is said.
REFUSED = {
    "the target is there": (
        "table app.users to core.users",
        BEFORE + "CREATE VIEW core.users AS SELECT 1 AS a;",
        MOVED,
        "not renamed, view core.users is there already: "
        "“-- schema-tool: rename table app.users to core.users”",
    ),
    "an index of its name is there": (
        "table app.users to core.users",
        BEFORE + "CREATE TABLE core.t (a integer); CREATE INDEX users_pkey ON core.t (a);",
        MOVED,
        "not renamed, index core.users_pkey is there already",
    ),
    "a key of its name is there": (
        "table app.users to core.users",
        BEFORE + "CREATE TABLE core.t (a integer CONSTRAINT users_pkey PRIMARY KEY);",
        MOVED,
        "not renamed, constraint core.t.users_pkey is there already",
    ),
    "there is no source": (
        "table app.nobody to core.users",
        BEFORE,
        MOVED,
        "stale: nothing is left to rename for “-- schema-tool: rename table app.nobody to core",
    ),
    "two get one name": (
        "table app.users to core.users\n-- schema-tool: rename table app.people to core.users",
        BEFORE,
        MOVED.replace("CREATE TABLE app.people (id integer);", ""),
        "not renamed, table core.users is there already: "
        "“-- schema-tool: rename table app.people to core.users”",
    ),
    "it is not wanted there": (
        "table app.users to core.nobody",
        BEFORE,
        MOVED,
        "not renamed, nothing is to be called core.nobody",
    ),
    "the old one is wanted as well": (
        "table app.users to core.users",
        BEFORE,
        BEFORE + "CREATE TABLE core.users (id integer);",
        "not renamed, there is to be a table app.users as well",
    ),
    "a sequence of a column": (
        "sequence app.users_no_seq to core.users_no_seq",
        BEFORE,
        BEFORE.replace("no serial", "no integer NOT NULL")
        + "CREATE SEQUENCE core.users_no_seq AS integer;",
        "not renamed, it goes where the table of its column goes",
    ),
    "a range type": (
        "type app.span to core.span",
        BEFORE,
        BEFORE.replace("app.span", "core.span"),
        "not renamed, the functions and the multirange of a range type would stay where they are",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_is_said(project: Project, case: str) -> None:
    line, before, wanted, said = REFUSED[case]
    project.write("sql/010.sql", f"-- schema-tool: rename {line}\n{wanted}")
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(before.encode())
        result = project.run("diff")
        assert said in result.stderr
        result = project.run("diff", "--allow", "all")
        assert result.returncode in (0, 1), result.stderr
        connection.execute(result.stdout.encode())
    again = project.run("diff")
    assert again.returncode == 0, again.stdout + again.stderr


@pytest.mark.parametrize(
    "line",
    [
        "index app.i to core.i",
        "column app.t.a to app.u.b",
        "constraint app.t.a to core.t.a",
        "schema app to core.x",
        "table app.t to a.b.c",
    ],
)
def test_what_is_part_of_a_table_moves_with_it_alone(project: Project, line: str) -> None:
    project.write("sql/010.sql", f"-- schema-tool: rename {line}\n")
    result = project.run("diff")
    assert result.returncode == 2
    assert "a rename leaves this where it is" in result.stderr


def test_the_way_back_is_in_the_rollback_file(project: Project) -> None:
    wanted = BEFORE.replace("app.users", "core.staff").replace("CREATE SCHEMA core;", "")
    project.write(
        "sql/010.sql",
        "-- schema-tool: rename table app.users to core.staff\nCREATE SCHEMA core;\n" + wanted,
    )
    live = BEFORE.replace("CREATE SCHEMA core;", "")
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(live.encode())
        connection.execute("INSERT INTO app.users (x) VALUES ('kept')")
        result = project.run("diff", "-o", "migrations/0001_move.sql")
        assert result.returncode == 1, result.stderr
        files = sorted((project.root / "migrations").glob("*_move*.sql"))
        for path in [path for path in files if ".rollback" not in path.name]:
            connection.execute(path.read_bytes())
        assert connection.execute("SELECT x FROM core.staff").fetchone() == ("kept",)
        assert project.run("diff").returncode == 0
        for path in [path for path in reversed(files) if ".rollback" in path.name]:
            connection.execute(path.read_bytes())
        assert connection.execute("SELECT x FROM app.users").fetchone() == ("kept",)
    project.write("sql/010.sql", live)
    back = project.run("diff")
    assert back.returncode == 0, back.stdout + back.stderr


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_on_a_terminal_a_table_in_another_schema_is_asked_about(project: Project) -> None:
    project.write("sql/010.sql", MOVED)
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(BEFORE.encode())
    assert project.run("diff").returncode == 4
    code, shown = answer(project, b"y\n")
    assert code == 1, shown
    assert "Is table app.users moved to core.users?" in shown
    assert "-- schema-tool: rename table app.users to core.users" in shown
    assert "ALTER TABLE app.users SET SCHEMA core;" in shown
