"""Rows of a default partition that a new one takes end there, unseen by triggers and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

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
        assert (
            "-- scans the rows and moves some under an ACCESS EXCLUSIVE lock\nDO" in result.stdout
        )
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


SIMPLE = """
CREATE TABLE log (what text);
CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO log VALUES (tg_op); RETURN coalesce(new, old); END $$;
CREATE TABLE p (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);
CREATE TABLE d PARTITION OF p DEFAULT PARTITION BY LIST (id);
CREATE TABLE d_rest PARTITION OF d DEFAULT;
"""
TAKER = "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10) PARTITION BY LIST (id);"
WHOLE = "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);"
LEAF = f"{TAKER} CREATE TABLE p1_rest PARTITION OF p1 DEFAULT;"
LOSING = "FOR EACH ROW EXECUTE FUNCTION lose();"
NOTING = "FOR EACH ROW EXECUTE FUNCTION note();"
TABLES = "CREATE TABLE p1 (id int PRIMARY KEY, v text);"
# What both sides have, what only the live one, and what only the desired one has.
MOVES = {
    "new trigger": ("", "", f"{WHOLE} CREATE TRIGGER t BEFORE INSERT ON p1 {LOSING}"),
    "new trigger below": ("", "", f"{LEAF} CREATE TRIGGER t BEFORE INSERT ON p1_rest {LOSING}"),
    "old trigger below": (
        "",
        "CREATE TABLE p1 (id int PRIMARY KEY, v text) PARTITION BY LIST (id);"
        "CREATE TABLE p1_rest PARTITION OF p1 DEFAULT;"
        f"CREATE TRIGGER t BEFORE INSERT ON p1_rest {LOSING}",
        f"{LEAF} CREATE TRIGGER t BEFORE INSERT ON p1_rest {LOSING}",
    ),
    "key to the default": (
        "CREATE TABLE r (id int REFERENCES d ON DELETE CASCADE);"
        "CREATE TABLE s (id int REFERENCES d_rest ON DELETE CASCADE);",
        "",
        LEAF,
    ),
    "deferred key": (
        "CREATE TABLE a (id int PRIMARY KEY); INSERT INTO a VALUES (1), (100);"
        "ALTER TABLE p ADD FOREIGN KEY (id) REFERENCES a DEFERRABLE INITIALLY DEFERRED;"
        f"CREATE TRIGGER t AFTER INSERT ON p {NOTING}",
        "",
        WHOLE,
    ),
    "clones": (
        f"CREATE TRIGGER t AFTER INSERT OR DELETE ON p {NOTING}"
        f"CREATE TRIGGER u BEFORE DELETE ON d {NOTING}"
        "ALTER TABLE d_rest DISABLE TRIGGER t; ALTER TABLE d_rest DISABLE TRIGGER u;",
        "",
        LEAF,
    ),
    "switched off but below": (
        f"CREATE TRIGGER u BEFORE DELETE ON d {LOSING} ALTER TABLE d DISABLE TRIGGER u;"
        "ALTER TABLE d_rest ENABLE ALWAYS TRIGGER u;",
        "",
        LEAF,
    ),
    "trigger below the default": (f"CREATE TRIGGER t BEFORE DELETE ON d_rest {LOSING}", "", LEAF),
    "rule of the default": ("CREATE RULE r AS ON DELETE TO d DO INSTEAD NOTHING;", "", LEAF),
    "rule of the new one": (
        "",
        f"{TABLES} CREATE RULE r AS ON INSERT TO p1 DO INSTEAD NOTHING;",
        f"{WHOLE} CREATE RULE r AS ON INSERT TO p1 DO INSTEAD NOTHING;",
    ),
}


@pytest.mark.parametrize("what", MOVES)
def test_nothing_that_watches_keeps_a_row_from_moving(project: Project, what: str) -> None:
    both, live, desired = MOVES[what]
    project.write("sql/010.sql", SIMPLE + both + desired)
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute((SIMPLE + both + live).encode())
        connection.execute(b"INSERT INTO p VALUES (1, 'a'), (100, 'b')")
        connection.execute(b"TRUNCATE log")
        if what == "key to the default":
            connection.execute(b"INSERT INTO r VALUES (100); INSERT INTO s VALUES (100)")
        result = project.run("diff", "--offline")
        assert result.returncode == 1, result.stderr
        connection.execute(result.stdout.encode())
        assert connection.execute(b"TABLE p ORDER BY id").fetchall() == [(1, "a"), (100, "b")]
        assert connection.execute(b"SELECT id FROM d").fetchall() == [(100,)]
        assert connection.execute(b"TABLE log").fetchall() == []
    again = project.run("diff")
    assert again.returncode == 0, again.stdout


def test_what_refers_to_a_row_that_would_move_is_not_deleted(project: Project) -> None:
    both = SIMPLE + "CREATE TABLE r (id int REFERENCES d ON DELETE CASCADE);"
    project.write("sql/010.sql", both + LEAF)
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(both.encode())
        connection.execute(b"INSERT INTO p VALUES (1, 'a'); INSERT INTO r VALUES (1)")
        plan = project.run("diff").stdout
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute(plan.encode())
        connection.execute(b"ROLLBACK")
        assert connection.execute(b"SELECT id FROM r").fetchall() == [(1,)]
        assert connection.execute(b"SELECT id FROM d").fetchall() == [(1,)]


def test_a_rollback_gives_the_rows_back(project: Project) -> None:
    both = (
        SIMPLE
        + f"CREATE TABLE r (id int REFERENCES p); CREATE TRIGGER t BEFORE INSERT ON p {NOTING}"
    )
    leaf = LEAF + f"CREATE TRIGGER own BEFORE DELETE ON p1_rest {LOSING}"
    project.write("sql/010.sql", both + leaf)
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(both.encode())
        connection.execute(b"INSERT INTO p VALUES (1, 'a'), (100, 'b'); INSERT INTO r VALUES (1)")
        connection.execute(b"TRUNCATE log")
        assert project.run("diff", "--offline", "-o", "migrations/0001_p1.sql").returncode == 1
        for ending in ("sql", "rollback.sql"):
            text = (project.root / f"migrations/0001_p1.{ending}").read_text(encoding="utf-8")
            assert "loses" not in text
            connection.execute(text.encode())
            assert connection.execute(b"TABLE p ORDER BY id").fetchall() == [(1, "a"), (100, "b")]
            assert connection.execute(b"TABLE r").fetchall() == [(1,)]
            assert connection.execute(b"TABLE log").fetchall() == []
        assert connection.execute(b"SELECT to_regclass('p1')").fetchone() == (None,)
        connection.execute(b"INSERT INTO p VALUES (2, 'c')")
        assert connection.execute(b"SELECT count(*) FROM log").fetchone() == (1,)


def test_a_rollback_gives_back_rows_that_their_owner_is_not_shown(project: Project) -> None:
    owned = "ALTER TABLE p OWNER TO keeper; ALTER TABLE d OWNER TO keeper;"
    both = (
        "CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE d PARTITION OF p DEFAULT;"
        + owned
    )
    hidden = (
        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); ALTER TABLE p1 OWNER TO keeper;"
        "ALTER TABLE p1 ENABLE ROW LEVEL SECURITY; ALTER TABLE p1 FORCE ROW LEVEL SECURITY;"
    )
    project.write("sql/010.sql", both + hidden)
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(
            b"DO $$ BEGIN CREATE ROLE keeper; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
            b"GRANT CREATE ON SCHEMA public TO keeper"
        )
        connection.execute(f"{both} INSERT INTO p VALUES (1), (2)".encode())
        assert project.run("diff", "--offline", "-o", "migrations/0001_p1.sql").returncode == 1
        for ending in ("sql", "rollback.sql"):
            text = (project.root / f"migrations/0001_p1.{ending}").read_text(encoding="utf-8")
            connection.execute(text.encode())
            connection.execute(b"SET ROLE keeper")
        assert connection.execute(b"SELECT id FROM d ORDER BY 1").fetchall() == [(1,), (2,)]
