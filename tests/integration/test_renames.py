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
CREATE SEQUENCE numbers;
CREATE DOMAIN amount AS integer CHECK (VALUE > 0);
CREATE TYPE code;
CREATE FUNCTION read(cstring) RETURNS code LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION print(code) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE code (INPUT = read, OUTPUT = print, LIKE = text);
CREATE TABLE codes (own code, several code[]);
CREATE TABLE steps (
    id int PRIMARY KEY DEFAULT nextval('numbers'),
    pipeline_id bigint REFERENCES pipelines,
    size amount DEFAULT 1,
    CONSTRAINT steps_check CHECK (id > 0)
);
CREATE MATERIALIZED VIEW longest AS SELECT id, title, size FROM pipelines JOIN steps USING (id);
CREATE UNIQUE INDEX longest_idx ON longest (id);
CREATE VIEW sizes AS SELECT p.title, l.size FROM longest AS l JOIN pipelines AS p USING (id);
CREATE INDEX pipelines_title_idx ON pipelines (lower(title)) WHERE state = 'new';
CREATE VIEW titles AS SELECT id, title FROM pipelines;
CREATE FUNCTION shout(t varchar) RETURNS text LANGUAGE sql RETURN upper(t);
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
    "function": (["function shout(t  varchar) to yell"], {"shout": "yell"}),
    "sequence": (["sequence numbers to counts"], {"numbers": "counts"}),
    "constraint": (["constraint steps.steps_check to even"], {"steps_check": "even"}),
    "materialized view": (["view longest to shortest"], {"longest": "shortest"}),
    "domain": (["type amount to price"], {"amount": "price"}),
    "base type": (["type code to mark"], {"code": "mark", "marks (": "codes ("}),
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
        assert "MATERIALIZED VIEW" not in result.stdout or case in (
            "column",
            "materialized view",
        )
        connection.execute(result.stdout.encode())
        table = "flows" if case == "table" else "pipelines"
        row = connection.execute(f"SELECT * FROM {table}".encode()).fetchone()
        assert row is not None
        assert row[1] == "a"
    again = project.run("diff")
    assert again.returncode == 0, again.stdout + again.stderr
    assert ("stale" in again.stderr) == bool(renames)


INSIDE = """
CREATE SCHEMA "Sales dept" AUTHORIZATION CURRENT_USER;
COMMENT ON SCHEMA "Sales dept" IS 'kept';
CREATE SEQUENCE "Sales dept".numbers;
CREATE TYPE "Sales dept".state AS ENUM ('new', 'old');
CREATE DOMAIN "Sales dept".amount AS numeric CHECK (VALUE > 0);
CREATE FUNCTION "Sales dept".plus(a "Sales dept".amount) RETURNS numeric LANGUAGE sql IMMUTABLE
    RETURN a + 1;
CREATE FUNCTION "Sales dept".touched() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE "Sales dept".orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number integer DEFAULT nextval('"Sales dept".numbers'),
    state "Sales dept".state DEFAULT 'new' CHECK (state <> 'old'::"Sales dept".state),
    paid "Sales dept".amount,
    more numeric GENERATED ALWAYS AS ("Sales dept".plus(paid)) STORED
);
CREATE TABLE public.items (order_id bigint REFERENCES "Sales dept".orders);
CREATE INDEX ON "Sales dept".orders ("Sales dept".plus(paid));
CREATE VIEW "Sales dept".open AS SELECT * FROM "Sales dept".orders WHERE state = 'new';
CREATE VIEW public.all_open AS SELECT id FROM "Sales dept".open;
CREATE TRIGGER touch BEFORE UPDATE ON "Sales dept".orders
    FOR EACH ROW EXECUTE FUNCTION "Sales dept".touched();
CREATE POLICY own ON "Sales dept".orders USING ("Sales dept".plus(paid) > 1);
CREATE PUBLICATION p FOR TABLES IN SCHEMA "Sales dept";
CREATE PUBLICATION q FOR TABLE "Sales dept".orders;
ALTER DEFAULT PRIVILEGES IN SCHEMA "Sales dept" GRANT SELECT ON TABLES TO PUBLIC;
"""


def test_a_schema_keeps_all_that_is_in_it(project: Project) -> None:
    text = INSIDE.replace('"Sales dept"', "shop")
    project.write("sql/010.sql", '-- schema-tool: rename schema "Sales dept" to shop\n' + text)
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(INSIDE.encode())
        connection.execute('INSERT INTO "Sales dept".orders (paid) VALUES (3)')
        result = project.run("diff")
        assert result.returncode == 1, result.stderr
        assert 'ALTER SCHEMA "Sales dept" RENAME TO shop;' in result.stdout
        assert result.stdout.count(";") == 1, result.stdout
        connection.execute(result.stdout.encode())
        assert connection.execute("SELECT more FROM shop.orders").fetchone() == (4,)
    again = project.run("diff")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "stale" in again.stderr


TOGETHER = """
CREATE TABLE a (x integer, y text);
CREATE TABLE b (z date);
CREATE TYPE e AS ENUM ('one', 'two');
CREATE SCHEMA s;
CREATE TABLE s.t (c integer);
CREATE VIEW v AS SELECT x, y FROM a;
CREATE SCHEMA q;
CREATE TABLE q.w (z integer);
"""
COMBINED = {
    "a table and its column by the old name": (
        ("column a.x to first", "table a to c"),
        {"a (x integer": "c (first integer", "SELECT x, y FROM a": "SELECT first AS x, y FROM c"},
    ),
    "a table and its column by the new name": (
        ("column c.x to first", "table a to c"),
        {"a (x integer": "c (first integer", "SELECT x, y FROM a": "SELECT first AS x, y FROM c"},
    ),
    "a schema, its table and its column": (
        ("column s.t.c to d", "table s.t to u", "schema s to r"),
        {"SCHEMA s": "SCHEMA r", "s.t (c": "r.u (d"},
    ),
    "a name that another gives up": (
        ("table a to b", "table b to c"),
        {"TABLE b": "TABLE c", "TABLE a": "TABLE b", "FROM a": "FROM b"},
    ),
    "two tables that exchange their names": (
        ("table a to b", "table b to a"),
        {"TABLE b": "TABLE !", "TABLE a": "TABLE b", "FROM a": "FROM b", "!": "a"},
    ),
    "two schemas that exchange their names": (
        ("schema s to q", "schema q to s"),
        {"SCHEMA s": "SCHEMA !", "SCHEMA q": "SCHEMA s", "!": "q"}
        | {"s.t": "!.t", "q.w": "s.w", "!.t": "q.t"},
    ),
    "two columns that exchange their names": (
        ("column a.x to y", "column a.y to x"),
        {"x integer, y text": "y integer, x text", "SELECT x, y": "SELECT y AS x, x AS y"},
    ),
    "two values that exchange their names": (
        ("value e.one to two", "value e.two to one"),
        {"'one', 'two'": "'two', 'one'"},
    ),
}


@pytest.mark.parametrize("case", COMBINED)
def test_renames_go_together(project: Project, case: str) -> None:
    lines, words = COMBINED[case]
    text = TOGETHER
    for old, new in words.items():
        text = text.replace(old, new)
    project.write("sql/010.sql", "".join(f"-- schema-tool: rename {s}\n" for s in lines) + text)
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(TOGETHER.encode())
        connection.execute("INSERT INTO a VALUES (1, 'y'); INSERT INTO s.t VALUES (5)")
        connection.execute("INSERT INTO b VALUES ('2000-01-01')")
        result = project.run("diff", "-o", "migrations/0001_names.sql")
        assert result.returncode == 1, result.stderr
        assert "stale" not in result.stderr
        files = sorted((project.root / "migrations").glob("*_names*.sql"))
        said = [line for path in files for line in path.read_text().splitlines() if "-- " in line]
        assert not any("__swap" in line for line in said)  # which nobody has declared
        for path in [path for path in files if ".rollback" not in path.name]:
            connection.execute(path.read_bytes())
        assert connection.execute("SELECT * FROM v").fetchone() == (1, "y")
        again = project.run("diff")
        assert again.returncode == 0, again.stdout + again.stderr
        assert again.stderr.count("stale") == len(lines)
        for path in [path for path in reversed(files) if ".rollback" in path.name]:
            connection.execute(path.read_bytes())
        assert connection.execute("SELECT x, y FROM a").fetchone() == (1, "y")
        assert connection.execute("SELECT c FROM s.t").fetchone() == (5,)


def test_tables_exchange_names_though_as_much_differs_afterwards(project: Project) -> None:
    # Their keys have names of their own.
    before = "".join(f"CREATE TABLE {t} ({c} integer PRIMARY KEY);" for t, c in ("ax", "by", "cz"))
    lines = "".join(f"-- schema-tool: rename table {r}\n" for r in ("a to b", "b to c", "c to a"))
    after = "".join(f"CREATE TABLE {t} ({c} integer PRIMARY KEY);" for t, c in ("bx", "cy", "az"))
    project.write("sql/010.sql", lines + after)
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(before.encode())
        result = project.run("diff")
        assert result.returncode == 1, result.stderr
        assert "COLUMN" not in result.stdout
        connection.execute(result.stdout.encode())
    assert project.run("diff").returncode == 0


SEQUENCES = {
    "exchanged": (
        """
        CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME first));
        CREATE TABLE b (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME second INCREMENT BY 2));
        CREATE TABLE c (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME third));
        """,
        """
        CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME second));
        CREATE TABLE b (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME third INCREMENT BY 5));
        CREATE TABLE c (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME first));
        """,
    ),
    "exchanged with a serial column's": (
        """
        CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME first));
        CREATE TABLE b (id serial);
        """,
        """
        CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME b_id_seq));
        CREATE SEQUENCE first AS integer;
        CREATE TABLE b (id int NOT NULL DEFAULT nextval('first'));
        ALTER SEQUENCE first OWNED BY b.id;
        """,
    ),
    "of columns that become and cease to be identities": (
        """
        CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME first));
        CREATE TABLE b (id bigint NOT NULL);
        """,
        """
        CREATE TABLE a (id bigint NOT NULL);
        CREATE TABLE b (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME first));
        """,
    ),
    "of a free sequence that goes": (
        """
        CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME first));
        CREATE SEQUENCE second INCREMENT BY 3;
        """,
        """
        CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME second));
        CREATE SEQUENCE first;
        """,
    ),
    "of tables that come and go": (
        """
        CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME first));
        CREATE TABLE b (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME second));
        """,
        """
        CREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME second));
        CREATE TABLE c (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME first));
        """,
    ),
}


@pytest.mark.parametrize("forth", [True, False], ids=["forth", "back"])
@pytest.mark.parametrize("case", SEQUENCES)
def test_a_column_keeps_its_sequence_whoever_has_its_name(
    project: Project, case: str, forth: bool
) -> None:
    before, wanted = SEQUENCES[case] if forth else reversed(SEQUENCES[case])
    project.write("sql/010.sql", wanted)
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(before.encode())
        last = "SELECT setval(pg_get_serial_sequence('a', 'id'), 7)"
        stays = connection.execute(last.encode()).fetchone() == (7,)
        result = project.run("diff", "--allow", "all")
        assert result.returncode == 1, result.stderr
        connection.execute(result.stdout.encode())
        if stays and "DROP IDENTITY" not in result.stdout:
            row = connection.execute(b"INSERT INTO a DEFAULT VALUES RETURNING id").fetchone()
            assert row == (8,)
    again = project.run("diff")
    assert again.returncode == 0, again.stdout + again.stderr


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
