"""Partitions that go or shrink leave their rows to those that take their place in the parent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from tests.conftest import Project

PARENT = """
CREATE TABLE p (id bigint GENERATED ALWAYS AS IDENTITY, k int, twice int GENERATED ALWAYS AS (k * 2)
    STORED, PRIMARY KEY (id, k)) PARTITION BY RANGE (k);
CREATE TABLE log (what text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO log VALUES (tg_op); RETURN NULL; END $$;
CREATE TRIGGER seen AFTER INSERT OR DELETE ON p FOR EACH ROW EXECUTE FUNCTION note();
CREATE TABLE r (id bigint, k int, FOREIGN KEY (id, k) REFERENCES p ON DELETE CASCADE);
"""
ROWS = (
    "INSERT INTO p (k) SELECT g FROM generate_series(0, 19) g; INSERT INTO r SELECT id, k FROM p;"
)
PAIRS = {
    "renamed": ("a 0 20", "b 0 20"),
    "split": ("a 0 20", "b 0 10, c 10 20"),
    "split off": ("a 0 20", "a 0 10, c 10 20"),
    "merged": ("a 0 10, b 10 20", "c 0 20"),
    "merged into one": ("a 0 10, b 10 20", "b 0 20"),
    "moved": ("a 0 10, b 10 20", "a 0 5, b 5 20"),
    "exchanged": ("a 0 10, b 10 20", "a 10 20, b 0 10"),
}


def _partitions(words: str) -> str:
    parts = (part.split() for part in words.split(","))
    return "".join(
        f"CREATE TABLE {name} PARTITION OF p FOR VALUES FROM ({start}) TO ({end});"
        for name, start, end in parts
    )


@pytest.mark.parametrize("what", PAIRS)
@pytest.mark.parametrize("mode", ["--online", "--offline"])
def test_the_parent_keeps_its_rows(project: Project, what: str, mode: str) -> None:
    before, after = PAIRS[what]
    project.write("sql/010.sql", PARENT + _partitions(after))
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute((PARENT + _partitions(before) + ROWS + "DELETE FROM log;").encode())
        result = project.run("diff", mode, "--allow", "drop-table")
        assert result.returncode == 1, result.stderr
        connection.execute(result.stdout.encode())
        found = connection.execute(b"SELECT id, k, twice FROM p ORDER BY k").fetchall()
        assert found == [(k + 1, k, k * 2) for k in range(20)]
        assert connection.execute(b"SELECT count(*) FROM r").fetchone() == (20,)
        assert connection.execute(b"SELECT count(*) FROM log").fetchone() == (0,)
    assert project.run("diff").returncode == 0


def test_what_no_partition_takes_is_declared(project: Project) -> None:
    project.write("sql/010.sql", PARENT + _partitions("b 5 30"))
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute((PARENT + _partitions("a 0 20") + ROWS).encode())
        result = project.run("diff")
        assert "loses the rows of public.a that no other partition takes" in result.stderr
        result = project.run("diff", "--allow", "drop-table")
        connection.execute(b"DELETE FROM r")
        connection.execute(result.stdout.encode())
        assert connection.execute(b"SELECT count(*) FROM p").fetchone() == (15,)


def test_a_partition_keeps_what_it_kept_when_another_comes(project: Project) -> None:
    """Nothing is moved where two bounds share nothing: a month goes, the next one comes."""
    project.write("sql/010.sql", PARENT + _partitions("b 10 20, c 20 30"))
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute((PARENT + _partitions("a 0 10, b 10 20")).encode())
    result = project.run("diff", "--allow", "drop-table")
    assert "DELETE FROM" not in result.stdout
    assert "DETACH" not in result.stdout


def test_one_value_may_have_two_texts(project: Project) -> None:
    parent = "CREATE TABLE n (k numeric) PARTITION BY LIST (k);"
    part = "CREATE TABLE {} PARTITION OF n FOR VALUES IN ({});"
    before = parent + part.format("a", "1.0") + part.format("b", "2")
    project.write("sql/010.sql", parent + part.format("c", "1, 2.00"))
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute((before + "INSERT INTO n VALUES (1), (2);").encode())
        result = project.run("diff", "--allow", "drop-table")
        connection.execute(result.stdout.encode())
        assert connection.execute(b"SELECT count(*) FROM c").fetchone() == (2,)


def test_what_no_partition_takes_of_one_that_stays_is_a_failure(project: Project) -> None:
    alone = "CREATE TABLE q (k int); CREATE TABLE s (k int) PARTITION BY RANGE (k);"
    joined = "ALTER TABLE s ATTACH PARTITION q FOR VALUES FROM (0) TO (9);"
    project.write("sql/010.sql", PARENT + _partitions("a 5 15") + alone + joined)
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute((PARENT + _partitions("a 0 10") + alone).encode())
    result = project.run("diff")
    assert "fails where a row of public.a fits no partition" in result.stdout
    assert "fails where a row of public.q does not fit the bound" in result.stdout


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (["IN (1)", "IN (2)"], True),
        (["WITH (MODULUS 2, REMAINDER 0)"], True),
        (["WITH (MODULUS 2, REMAINDER 0)", "WITH (MODULUS 2, REMAINDER 1)"], False),
    ],
)
def test_what_no_partition_takes_as_rows_move_to_them_is_a_failure(
    project: Project, parts: list[str], said: bool
) -> None:
    method = "LIST" if parts[0].startswith("IN") else "HASH"
    made = f"CREATE TABLE t (k int) PARTITION BY {method} (k);"
    for number, part in enumerate(parts):
        made += f"CREATE TABLE t{number} PARTITION OF t FOR VALUES {part};"
    project.write("sql/010.sql", made)
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(b"CREATE TABLE t (k int)")
    result = project.run("diff")
    assert ("fails where a row of public.t fits no partition" in result.stdout) is said


@pytest.mark.parametrize("mode", ["--online", "--offline"])
def test_partitions_that_become_heirs_keep_their_rows(project: Project, mode: str) -> None:
    project.write(
        "sql/010.sql",
        "CREATE TABLE p (k int NOT NULL, v text); CREATE TABLE a () INHERITS (p);"
        "CREATE TABLE b (more text) INHERITS (p);",
    )
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(
            b"CREATE TABLE p (k int NOT NULL, v text) PARTITION BY LIST (k);"
            b"CREATE TABLE a PARTITION OF p FOR VALUES IN (1);"
            b"CREATE TABLE b PARTITION OF p FOR VALUES IN (2);"
            b"CREATE TABLE c PARTITION OF p DEFAULT;"
            b"INSERT INTO p VALUES (1, 'a'), (2, 'b'), (3, 'c')"
        )
        result = project.run("diff", mode)
        assert result.returncode == 1, result.stderr
        connection.execute(result.stdout.encode())
        for table, rows in (("ONLY p", [(3,)]), ("a", [(1,)]), ("b", [(2,)])):
            query = f"SELECT k FROM {table} ORDER BY k"
            assert connection.execute(query.encode()).fetchall() == rows
    assert project.run("diff").returncode == 0
