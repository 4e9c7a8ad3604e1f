"""Rows of a default partition that a new one takes end there, unseen by triggers and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from tests.conftest import Project

BEFORE = """
CREATE TABLE log (what text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO log VALUES (tg_op); RETURN NULL; END $$;
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, k int, twice int GENERATED ALWAYS AS (k * 2)
    STORED, PRIMARY KEY (id, k)) PARTITION BY RANGE (k);
CREATE TABLE t_rest PARTITION OF t DEFAULT;
CREATE TRIGGER seen AFTER INSERT OR DELETE ON t FOR EACH ROW EXECUTE FUNCTION note();
CREATE TRIGGER own AFTER DELETE ON t_rest FOR EACH STATEMENT EXECUTE FUNCTION note();
ALTER TABLE t_rest ENABLE ALWAYS TRIGGER own;
CREATE TABLE r (id bigint, k int, FOREIGN KEY (id, k) REFERENCES t ON DELETE CASCADE);
"""
ROWS = """
INSERT INTO t (k) VALUES (1), (5), (15);
INSERT INTO r SELECT id, k FROM t;
DELETE FROM log;
"""


def test_rows_of_a_default_partition_end_in_the_new_one(project: Project) -> None:
    project.write(
        "sql/010.sql", BEFORE + "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);"
    )
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute((BEFORE + ROWS).encode())
        result = project.run("diff")
        assert result.returncode == 1, result.stderr
        connection.execute(result.stdout.encode())
        found = connection.execute(
            b"SELECT tableoid::regclass::text, id, k, twice FROM t ORDER BY k"
        )
        assert found.fetchall() == [("t_1", 1, 1, 2), ("t_1", 2, 5, 10), ("t_rest", 3, 15, 30)]
        assert connection.execute(b"SELECT count(*) FROM r").fetchone() == (3,)
        assert connection.execute(b"SELECT count(*) FROM log").fetchone() == (0,)
        connection.execute(b"DELETE FROM t WHERE k = 5")
        assert connection.execute(b"SELECT what FROM log").fetchall() == [("DELETE",)]
        assert connection.execute(b"SELECT count(*) FROM r").fetchone() == (2,)
    assert project.run("diff").returncode == 0
