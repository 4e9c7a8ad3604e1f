"""`--include` and `--exclude`: what is left out is neither changed nor renamed nor in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from tests.conftest import Project


def run_sql(project: Project, text: str) -> None:
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(text.encode())


RENAMES = """
-- schema-tool: rename table a to b
-- schema-tool: rename column c.old to new
-- schema-tool: rename table gone to nowhere
CREATE TABLE b (id int);
CREATE TABLE c (new int, n int CONSTRAINT c_new CHECK (n > 0));
CREATE TABLE d (id int, more int);
"""


@pytest.mark.parametrize(
    ("flags", "renamed"),
    [
        (("--include", "table public.d"), ()),
        (("--include", "table public.a"), ("TABLE public.a RENAME TO b",)),
        (("--include", "table public.b"), ("TABLE public.a RENAME TO b",)),
        (
            ("--include", "table *.c"),
            (
                "TABLE public.c RENAME COLUMN old TO new",
                "TABLE public.c RENAME CONSTRAINT c_old TO c_new",
            ),
        ),
        (("--exclude", "table public.[abc]"), ()),
        (("--exclude", "constraint public.c.*"), ("a RENAME TO b", "COLUMN old TO new")),
    ],
)
def test_what_is_left_out_is_not_renamed(
    project: Project, flags: tuple[str, str], renamed: tuple[str, ...]
) -> None:
    project.write("sql/010.sql", RENAMES)
    run_sql(
        project,
        "CREATE TABLE a (id int); CREATE TABLE c (old int, n int CONSTRAINT c_old CHECK (n > 0));"
        "CREATE TABLE d (id int)",
    )
    result = project.run("diff", *flags)
    assert result.returncode == 1, result.stderr
    assert result.stdout.count("RENAME") == len(renamed)
    assert all(line in result.stdout for line in renamed)
    assert ("nowhere" in result.stderr) == (flags[0] == "--exclude")
    assert "rename table a" not in result.stderr


def test_a_renamed_schema_counts_where_something_in_it_is_included(project: Project) -> None:
    project.write(
        "sql/010.sql",
        "-- schema-tool: rename schema x to y\nCREATE SCHEMA y;\nCREATE TABLE y.t (id int);\n",
    )
    run_sql(project, "CREATE SCHEMA x; CREATE TABLE x.t (id int); CREATE TABLE other ()")
    result = project.run("diff", "--include", "table [xy].t")
    assert "ALTER SCHEMA x RENAME TO y" in result.stdout, result.stderr
    result = project.run("diff", "--include", "table public.other", "--allow", "all")
    assert "SCHEMA" not in result.stdout


def test_a_schema_stays_where_something_in_it_is_left_out(project: Project) -> None:
    project.write("sql/010.sql", "CREATE TABLE t (id int);\n")
    run_sql(project, "CREATE SCHEMA x; CREATE TABLE x.a (id serial); CREATE TYPE x.e AS ENUM ()")
    left = project.run("diff", "--include", "schema x", "--include", "table *.t", "--allow", "all")
    assert left.returncode == 3
    assert "schema x: enum x.e is in it, and 2 more, and left out" in left.stderr
    assert "CREATE TABLE public.t" in left.stdout
    assert "DROP" not in left.stdout
    whole = project.run("diff", "--include", "schema x", "--include", "* x.*", "--allow", "all")
    assert whole.returncode == 1, whole.stderr
    run_sql(project, whole.stdout)
    assert project.run("diff", "--include", "table *.t").returncode == 1


def test_what_stands_on_something_left_out_is_told_and_not_tried(project: Project) -> None:
    project.write("sql/010.sql", "CREATE SCHEMA x;\nCREATE TABLE x.t (id int);\n")
    result = project.run("diff", "--include", "table x.*")
    assert (result.returncode, result.stdout) == (3, "")
    assert "table x.t: it needs schema x, which is left out" in result.stderr


def test_what_is_left_out_keeps_what_it_stands_on(project: Project) -> None:
    project.write("sql/010.sql", "")
    run_sql(project, "CREATE TABLE t (id int); CREATE VIEW v AS SELECT * FROM t")
    result = project.run("diff", "--exclude", "view *.v", "--allow", "all")
    assert (result.returncode, result.stdout) == (3, "")
    assert "view public.v: it is left out, and column public.t.id goes" in result.stderr


PARTS = """
CREATE TABLE a (id serial PRIMARY KEY, n int);
CREATE INDEX i ON a (n);
CREATE STATISTICS s ON id, n FROM a;
"""


def test_what_is_part_of_a_table_goes_with_it(project: Project) -> None:
    project.write("sql/010.sql", "CREATE TABLE a (id int PRIMARY KEY, n int);\n")
    run_sql(project, PARTS)
    only = project.run("diff", "--offline", "--include", "table public.a", "--allow", "all")
    assert all(f"DROP {line}" in only.stdout for line in ("INDEX public.i", "STATISTICS public.s"))
    run_sql(project, only.stdout)
    assert project.run("diff").returncode == 0
    project.write("sql/010.sql", "")
    run_sql(project, f"DROP TABLE a; {PARTS}")
    result = project.run("diff", "--exclude", "table public.a")
    assert (result.returncode, result.stdout) == (0, ""), result.stderr


@pytest.mark.parametrize(
    ("flags", "meant"),
    [
        (("--include", "orders"), "“*.orders”"),
        (("--include", "TABLE public.orders"), "“table public.orders”"),
        (("--include", "table public.odd [1]"), "“table public.odd [[]1]”"),
    ],
)
def test_what_fits_nothing_is_answered_with_what_would(
    project: Project, flags: tuple[str, str], meant: str
) -> None:
    project.write("sql/010.sql", 'CREATE TABLE orders ();\nCREATE TABLE "odd [1]" ();\n')
    result = project.run("diff", *flags)
    assert (result.returncode, result.stdout) == (2, "")
    assert f"did you mean {meant}?" in result.stderr


def test_where_all_is_left_out_nothing_is_said_to_be_equal(project: Project) -> None:
    project.write("sql/010.sql", "CREATE TABLE t (id int);\n")
    for flags in (("--exclude", "*"), ("--include", "* public.t", "--exclude", "table *")):
        result = project.run("diff", *flags)
        assert result.returncode == 2, flags
        assert "nothing is left to be compared" in result.stderr


PARTED = """
CREATE TABLE p (a int NOT NULL, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE h (a int);
CREATE TABLE hh () INHERITS (h);
"""
INDEX = "CREATE INDEX pi ON p (a);\n"
WIDER = "CREATE INDEX pi ON p (a, b);\n"
KEY = "ALTER TABLE p ADD CONSTRAINT pk PRIMARY KEY (a);\n"
CHECK = "ALTER TABLE p ADD CONSTRAINT c CHECK (b > 0);\n"
NEW = "ALTER TABLE p ADD c int;\nALTER TABLE h ADD c int;\n"


@pytest.mark.parametrize(
    ("before", "after", "flags"),
    [
        ("DROP TABLE p1;", INDEX, ("--exclude", "index public.pi")),
        ("", INDEX, ("--exclude", "index public.pi")),
        ("", INDEX, ("--exclude", "table public.p")),
        ("", INDEX, ("--include", "table public.p1")),
        ("", KEY, ("--exclude", "constraint public.p.pk")),
        ("", KEY, ("--include", "table public.p1")),
        ("", CHECK, ("--include", "table public.p1")),
        (INDEX, "", ("--exclude", "table public.p")),
        (INDEX, WIDER, ("--include", "table public.p1")),
        (INDEX, WIDER, ("--exclude", "table public.p")),
        ("", NEW, ("--include", "table public.p1")),
        ("", NEW, ("--include", "table public.hh")),
        (NEW, "", ("--include", "table public.hh")),
    ],
)
def test_what_comes_from_above_alone_is_left_out_with_it(
    project: Project, before: str, after: str, flags: tuple[str, str]
) -> None:
    more = "ALTER TABLE h ADD more int;\n" if "--exclude" in flags else ""
    project.write("sql/010.sql", PARTED + after + more)
    run_sql(project, PARTED + before)
    result = project.run("diff", *flags)
    assert result.returncode == bool(more), result.stdout + result.stderr
    assert ("more" in result.stdout) == bool(more)
    run_sql(project, result.stdout)
    again = project.run("diff", *flags)
    assert (again.returncode, again.stdout) == (0, ""), again.stderr


def test_what_a_partition_has_apart_is_compared_by_itself(project: Project) -> None:
    apart = (
        "COMMENT ON COLUMN p.b IS 'of p';COMMENT ON COLUMN p1.b IS 'of p1';"
        "ALTER TABLE p1 ALTER b SET NOT NULL;CREATE INDEX own ON p1 (b);\n"
    )
    project.write("sql/010.sql", PARTED + WIDER + NEW + apart)
    run_sql(project, PARTED + INDEX)
    flags = ("--offline", "--include", "table public.p1")
    result = project.run("diff", *flags)
    assert result.returncode == 1, result.stderr
    assert all(word in result.stdout for word in ("own", "NOT NULL", "of p1"))
    run_sql(project, result.stdout)
    assert project.run("diff", *flags).returncode == 0


def test_two_new_databases_are_equal_whatever_the_ignore_file_names(project: Project) -> None:
    project.write("schema-tool.ignore", "*  # theirs\n")
    project.write("sql/010.sql", "")
    for flags in ((), ("--exclude", "table public.*")):
        result = project.run("diff", *flags)
        assert (result.returncode, result.stdout) == (0, ""), result.stderr


@pytest.mark.parametrize("name", ["a", "b"])
@pytest.mark.parametrize(
    ("what", "declared", "before", "after"),
    [
        ("table public.{}", "table a to b", "CREATE TABLE a (x int)", "CREATE TABLE b (x int)"),
        (
            "column public.t.{}",
            "column t.a to b",
            "CREATE TABLE t (a int, c int)",
            "CREATE TABLE t (b int, c int)",
        ),
        (
            "table public.{}",
            "column a.x to y;-- schema-tool: rename table a to b",
            "CREATE TABLE a (x int)",
            "CREATE TABLE b (y int)",
        ),
    ],
)
def test_what_a_left_out_rename_makes_is_left_out_too(
    project: Project, *, what: str, declared: str, before: str, after: str, name: str
) -> None:
    lines = declared.replace(";", "\n")
    project.write("sql/010.sql", f"-- schema-tool: rename {lines}\n{after};\n")
    run_sql(project, before)
    result = project.run("diff", "--allow", "all", "--exclude", what.format(name))
    assert (result.returncode, result.stdout) == (0, ""), result.stderr
    assert "not renamed" not in result.stderr
    run_sql(project, "CREATE TABLE other ()")
    more = project.run("diff", "--prove", "--allow", "all", "--exclude", what.format(name))
    assert more.returncode == 1, more.stderr
    assert more.stdout.count(";") == 1


USED = """
CREATE TYPE e AS ENUM ('a');
CREATE DOMAIN d AS int;
CREATE SEQUENCE s;
CREATE TABLE k (c e, i d, n int DEFAULT nextval('s'));
"""


@pytest.mark.parametrize(
    ("flags", "held"),
    [
        (("--exclude", "table public.k"), "enum public.e: column public.k.c needs it"),
        (("--include", "enum *"), "enum public.e: column public.k.c needs it"),
        (("--include", "domain public.d"), "domain public.d: column public.k.i needs it"),
        (("--include", "sequence *"), "sequence public.s: column public.k.n needs it"),
    ],
)
def test_what_is_left_out_keeps_what_it_uses(
    project: Project, flags: tuple[str, str], held: str
) -> None:
    project.write("sql/010.sql", "CREATE TABLE k (c text, i int, n int);\n")
    run_sql(project, USED)
    result = project.run("diff", *flags, "--allow", "all")
    assert (result.returncode, result.stdout) == (3, "")
    assert held in result.stderr


def test_a_left_out_partition_does_not_keep_what_its_whole_loses(project: Project) -> None:
    project.write("sql/010.sql", PARTED)
    run_sql(project, PARTED + INDEX + CHECK)
    flags = ("--exclude", "table public.p1")
    result = project.run("diff", *flags, "--allow", "all", "--offline")
    assert result.returncode == 1, result.stderr
    run_sql(project, result.stdout)
    assert project.run("diff").returncode == 0


def test_what_is_left_out_and_differs_is_not_made_anew(project: Project) -> None:
    project.write(
        "sql/010.sql", "CREATE TABLE k (c bigint); CREATE VIEW v AS SELECT c, 1 FROM k;\n"
    )
    run_sql(project, "CREATE TABLE k (c int); CREATE VIEW v AS SELECT c FROM k")
    result = project.run("diff", "--exclude", "view *")
    assert (result.returncode, result.stdout) == (3, "")
    assert "view public.v: it is left out, and column public.k.c goes" in result.stderr
    project.write("sql/010.sql", "CREATE TABLE k (c bigint); CREATE VIEW v AS SELECT c FROM k;\n")
    run_sql(project, "CREATE INDEX more ON k (c)")
    result = project.run("diff", "--exclude", "index *")
    assert result.returncode == 1, result.stderr
