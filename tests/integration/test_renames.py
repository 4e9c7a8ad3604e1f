"""Renames are declared, done first, and leave rows, grants and comments where they were."""

from __future__ import annotations

import os
import pty
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from tests.conftest import Project

BEFORE = """
CREATE TYPE state AS ENUM ('new', 'old');
CREATE TABLE pipelines (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL CHECK (title <> ''),
    state state NOT NULL DEFAULT 'new'
);
CREATE TABLE steps (id int PRIMARY KEY, pipeline_id bigint REFERENCES pipelines);
CREATE INDEX pipelines_title_idx ON pipelines (lower(title)) WHERE state = 'new';
CREATE VIEW titles AS SELECT id, title FROM pipelines;
CREATE FUNCTION shout(t text) RETURNS text LANGUAGE sql RETURN upper(t);
CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON pipelines FOR EACH ROW EXECUTE FUNCTION touched();
CREATE POLICY own ON pipelines USING (title = current_user);
COMMENT ON COLUMN pipelines.title IS 'what people read';
"""


def after(*renames: str, **words: str) -> str:
    text = BEFORE
    for old, new in words.items():
        text = text.replace(old, new)
    return "".join(f"-- schema-tool: rename {line}\n" for line in renames) + text


CASES = {
    "column": (["column pipelines.title to name"], {"title": "name"}),
    "table": (["table pipelines to flows"], {"pipelines": "flows"}),
    "type": (["type state to phase"], {"TYPE state": "TYPE phase", "state state": "state phase"}),
    "value": (["value state.old to ended"], {"'old'": "'ended'"}),
    "index": ([], {"pipelines_title_idx": "other_idx"}),
    "view": (["view titles to names"], {"titles": "names"}),
    "function": (["function shout(text) to yell"], {"shout": "yell"}),
    "policy": (["policy pipelines.own to mine"], {"POLICY own": "POLICY mine"}),
    "trigger": (["trigger pipelines.touch to bump"], {"TRIGGER touch": "TRIGGER bump"}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_rename_keeps_the_rows_and_converges(project: Project, case: str) -> None:
    renames, words = CASES[case]
    project.write("sql/010.sql", after(*renames, **words))
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(BEFORE.encode())
        connection.execute("INSERT INTO pipelines (title, state) VALUES ('a', 'old')")
        result = project.run("diff", "--offline")
        assert result.returncode == 1, result.stderr
        assert "RENAME" in result.stdout
        connection.execute(result.stdout.encode())
        table = "flows" if case == "table" else "pipelines"
        row = connection.execute(f"SELECT * FROM {table}".encode()).fetchone()
        assert row is not None
        assert row[1] == "a"
    again = project.run("diff")
    assert again.returncode == 0, again.stdout + again.stderr
    assert ("stale" in again.stderr) == bool(renames)


def test_without_a_declaration_a_column_is_never_guessed(project: Project) -> None:
    project.write("sql/010.sql", after(title="name"))
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(BEFORE.encode())
    result = project.run("diff")
    assert result.returncode == 4
    assert "loses the values of public.pipelines.title" in result.stderr


def test_the_way_back_of_a_rename_is_in_the_rollback_file(project: Project) -> None:
    project.write("sql/010.sql", after("column pipelines.title to name", title="name"))
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(BEFORE.encode())
    result = project.run("diff", "--offline", "-o", "migrations/0001_rename.sql")
    assert result.returncode == 1, result.stderr
    text = (project.root / "migrations/0001_rename.rollback.sql").read_text(encoding="utf-8")
    assert "RENAME COLUMN name TO title" in text


def test_a_line_that_declares_nothing_is_an_error(project: Project) -> None:
    project.write("sql/010.sql", "-- schema-tool: rename colum a.b to c\n")
    result = project.run("diff")
    assert result.returncode == 2
    assert "rename colum a.b to c" in result.stderr


def answer(project: Project, text: bytes) -> tuple[int, str]:
    """Run `diff` on a terminal, answer its question; the exit code and all that was shown."""
    environ = {k: v for k, v in project.environ({"TERM": "dumb"}).items() if k != "CI"}
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(project.root)
        command = [*project.command(), "diff", "--offline", "-d", project.database]
        os.execve(command[0], command, environ)  # noqa: S606 - the tool itself
    shown = b""
    answered = False
    while True:
        try:
            read = os.read(terminal, 4096)
        except OSError:
            break
        if not read:
            break
        shown += read
        if not answered and b"[y/N]" in shown:
            os.write(terminal, text)
            answered = True
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("word", ["y", "n"])
def test_on_a_terminal_a_drop_and_an_add_that_look_alike_are_asked_about(
    project: Project, word: str
) -> None:
    project.write("sql/010.sql", after(title="name"))
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(BEFORE.encode())
    code, shown = answer(project, f"{word}\n".encode())
    assert "Is column pipelines.title renamed to name?" in shown
    if word == "y":
        assert code == 1, shown
        assert "-- schema-tool: rename column pipelines.title to name" in shown
        assert "RENAME COLUMN title TO name" in shown
    else:
        assert code == 4, shown
