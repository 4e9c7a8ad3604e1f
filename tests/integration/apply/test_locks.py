"""What a run costs others: waiting for locks, holding them, and who is told about it."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest

from schema_tool.apply.limits import Limits
from schema_tool.apply.watch import Watch
from tests.conftest import Project
from tests.integration.apply.sessions import reading, runs, wait_for

THREE = (
    "ALTER TABLE a ADD COLUMN n INT;\n"
    "ALTER TABLE b ADD COLUMN n INT;\n"
    "ALTER TABLE c ADD COLUMN n INT;\n"
)
SHORT = {"SCHEMA_TOOL_MAX_STALL": "800ms", "SCHEMA_TOOL_LOCK_TIMEOUT": "500ms"}


@pytest.fixture
def tables(project: Project) -> Project:
    project.migration(
        "0001_abc", "".join(f"CREATE TABLE {name} (x INT);\n" for name in ("a", "b", "c"))
    )
    assert project.run("apply").returncode == 0
    return project


def test_a_blocked_file_gives_way_and_succeeds_when_the_blocker_ends(tables: Project) -> None:
    tables.migration("0002_three", THREE)
    with psycopg.connect(tables.database, application_name="report") as blocker:
        blocker.execute("SELECT * FROM c")
        with reading(tables.database, "SELECT * FROM a") as reader:
            process = tables.start("apply")
            time.sleep(6)
            blocker.rollback()
            _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert "application report" in said or "report" in said
    assert "attempt 1" in said
    # the budget is 2 s; generous, because a loaded machine wakes the reader late
    assert reader.longest < 4


def test_a_file_that_stays_blocked_ends_with_75_and_names_who(tables: Project) -> None:
    tables.migration("0002_three", THREE)
    with psycopg.connect(tables.database, application_name="nightly-dump") as blocker:
        blocker.execute("SELECT * FROM b")
        done = tables.run("apply", "--wait", "1s")
    assert done.returncode == 75
    assert "nightly-dump" in done.stderr
    assert "nothing of migrations/0002_three.sql is applied" in done.stderr
    assert "--wait" in done.stderr
    with psycopg.connect(tables.database) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_attribute WHERE attname = 'n' AND attrelid = 'a'::regclass"
        ).fetchone()
        assert row == (0,)


def test_queries_of_others_are_hidden_off_a_terminal(tables: Project) -> None:
    tables.migration("0002_three", THREE)
    with psycopg.connect(tables.database) as blocker:
        blocker.execute("SELECT 'secret of somebody' FROM b")
        hidden = tables.run("apply", "--wait", "1s").stderr
        shown = tables.run("apply", "--wait", "1s", "--show-data").stderr
    assert "secret of somebody" not in hidden
    assert "secret of somebody" in shown


def test_holding_counts_as_much_as_waiting(tables: Project) -> None:
    tables.migration("0002_hold", "ALTER TABLE a ADD COLUMN n INT;\nSELECT pg_sleep(30);\n")
    with reading(tables.database, "SELECT * FROM a") as reader:
        done = tables.run("apply", "--wait", "1s", environ=SHORT)
    assert done.returncode == 75
    assert "outage" in done.stderr
    assert reader.longest < 5


def test_a_long_statement_that_locks_nothing_may_take_its_time(tables: Project) -> None:
    tables.migration(
        "0002_fill", "INSERT INTO a SELECT 1 FROM pg_sleep(1.5);\nALTER TABLE b ADD COLUMN n INT;\n"
    )
    done = tables.run("apply", "--wait", "1s", environ=SHORT)
    assert done.returncode == 0, done.stderr


def test_a_declared_outage_is_announced_and_may_hold_longer(tables: Project) -> None:
    tables.migration(
        "0002_hold",
        "-- schema-tool: outage 20s\nALTER TABLE a ADD COLUMN n INT;\nSELECT pg_sleep(1.5);\n",
    )
    done = tables.run("apply", environ=SHORT)
    assert done.returncode == 0, done.stderr
    assert "0002_hold.sql declares an outage" in done.stderr


def test_a_misspelled_header_is_refused(tables: Project) -> None:
    tables.migration("0002_hold", "-- schema-tool: outge 20s\nSELECT 1;\n")
    done = tables.run("apply")
    assert done.returncode == 2
    assert "outage" in done.stderr


def test_a_lock_hidden_in_a_block_is_seen_and_bounded(tables: Project) -> None:
    """Nobody can read a DO block's locks off its words; the watching connection sees them."""
    tables.migration(
        "0002_do",
        "DO $$ BEGIN ALTER TABLE a ADD COLUMN n INT; PERFORM pg_sleep(30); END $$;\n",
    )
    with reading(tables.database, "SELECT * FROM a") as reader:
        done = tables.run("apply", "--wait", "1s", environ=SHORT)
    assert done.returncode == 75, done.stderr
    assert "held a locked" in done.stderr
    assert reader.longest < 10


def test_a_crowd_behind_us_ends_the_attempt(tables: Project) -> None:
    # no second attempt: it would find nobody waiting
    tables.migration(
        "0002_do",
        "-- schema-tool: outage 60s\nALTER TABLE a ADD COLUMN n INT;\nSELECT pg_sleep(40);\n",
    )

    def read() -> None:
        with psycopg.connect(tables.database) as connection:
            connection.execute("SELECT * FROM a")

    with psycopg.connect(tables.database, autocommit=True) as eye:
        process = tables.start("apply", "--wait", "0s")
        wait_for(lambda: runs(eye, "SELECT pg_sleep"))
        crowd = [threading.Thread(target=read) for _ in range(25)]
        for thread in crowd:
            thread.start()
        _, said = process.communicate(timeout=60)
        for thread in crowd:
            thread.join()
    assert process.returncode == 75, said
    assert "sessions waited behind it" in said


def test_an_index_build_waits_long_where_a_table_change_may_not(tables: Project) -> None:
    """A short lock_timeout would end every concurrent build at the first long transaction."""
    tables.migration("0002_i", "-- transactional: false\nCREATE INDEX CONCURRENTLY i ON a (x);\n")
    with psycopg.connect(tables.database, autocommit=True) as eye:
        with psycopg.connect(tables.database) as blocker:
            blocker.execute("INSERT INTO a VALUES (1)")
            process = tables.start("apply")
            wait_for(lambda: runs(eye, "CREATE INDEX"))
            time.sleep(3)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said


def test_a_statement_of_a_non_transactional_file_is_tried_again_alone(tables: Project) -> None:
    tables.migration(
        "0002_n",
        "-- transactional: false\nINSERT INTO a VALUES (7);\nALTER TABLE b ADD COLUMN n INT;\n",
    )
    with psycopg.connect(tables.database) as blocker:
        blocker.execute("SELECT * FROM b")
        process = tables.start("apply")
        time.sleep(4)
        blocker.rollback()
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    with psycopg.connect(tables.database) as connection:
        assert connection.execute("SELECT count(*) FROM a WHERE x = 7").fetchone() == (1,)


def test_a_deadlock_is_tried_again(tables: Project) -> None:
    tables.migration(
        "0002_three", "-- schema-tool: outage 20s\n" + THREE.replace("b ADD", "b ADD", 1)
    )
    with psycopg.connect(tables.database) as other:
        other.execute("SELECT * FROM b")
        process = tables.start("apply")
        with psycopg.connect(tables.database, autocommit=True) as eye:
            wait_for(lambda: runs(eye, "ALTER TABLE b"))
        try:
            other.execute("SELECT * FROM a")
        except psycopg.errors.DeadlockDetected:
            pytest.skip("the server chose the other session")
        finally:
            other.rollback()
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said


def test_the_live_line_names_file_statement_and_who_is_in_the_way(tables: Project) -> None:
    said: list[str] = []
    texts = ("SELECT 1", "LOCK TABLE a IN ACCESS EXCLUSIVE MODE")
    with (
        psycopg.connect(tables.database, autocommit=True) as runner,
        psycopg.connect(tables.database, application_name="report") as blocker,
    ):
        blocker.execute("SELECT * FROM a")
        watch = Watch(
            lambda: psycopg.connect(tables.database, autocommit=True),
            runner.info.backend_pid,
            show_data=False,
            progress=said.append,
        )
        try:
            with watch.over("0002_x.sql", Limits(stall_ms=10_000), texts):
                runner.execute("BEGIN")
                runner.execute("SET LOCAL lock_timeout = '3s'")
                with pytest.raises(psycopg.errors.LockNotAvailable):
                    runner.execute(texts[1].encode())
                runner.execute("ROLLBACK")
        finally:
            watch.close()
    assert said
    assert said[0].startswith("0002_x.sql, statement 2 of 2, ")
    assert "waits for pid" in said[0]
    assert "report" in said[0]


def test_a_file_of_post_apply_keeps_the_same_budget(tables: Project) -> None:
    tables.migration("0002_u", "CREATE TABLE u (x INT);\n")
    hold = "ALTER TABLE a SET (fillfactor = 90);\nSELECT pg_sleep(20);\n"
    tables.migration("post-apply", hold)
    with reading(tables.database, "SELECT * FROM a") as reader:
        done = tables.run("apply", "--wait", "500ms")
    assert done.returncode == 75, done.stderr
    assert "migrations/post-apply.sql" in done.stderr
    assert reader.longest < 4
    tables.migration("post-apply", f"-- transactional: false\n{THREE}VACUUM a;\n")
    with psycopg.connect(tables.database) as blocker:
        blocker.execute("SELECT * FROM b")
        threading.Timer(3, blocker.rollback).start()
        done = tables.run("apply")
    assert done.returncode == 0, done.stderr
    assert "attempt 1" in done.stderr


PARTED = (
    "CREATE TABLE p (x INT) PARTITION BY RANGE (x);\n"
    "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);\n"
)


@pytest.mark.parametrize("patience", ["60s", "500ms"])
def test_a_detach_that_waits_for_its_partition_lets_readers_through(
    tables: Project, patience: str
) -> None:
    """DETACH … CONCURRENTLY ends with a strong lock on the partition, and others queue for it."""
    tables.migration("0002_p", PARTED)
    assert tables.run("apply").returncode == 0
    tables.migration(
        "0003_d", "-- transactional: false\nALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;\n"
    )
    with psycopg.connect(tables.database) as blocker:
        blocker.execute("SELECT * FROM p1")
        with reading(tables.database, "SELECT * FROM p1") as reader:
            process = tables.start("apply", "--wait", patience)
            time.sleep(9)
            blocker.rollback()
            _, said = process.communicate(timeout=60)
    assert reader.longest < 5, said
    if patience == "500ms":
        assert process.returncode == 75, said
        assert "half detached" in tables.run("status").stdout
        done = tables.run("apply")
        assert done.returncode == 0, done.stderr
    else:
        assert process.returncode == 0, said
    with psycopg.connect(tables.database) as connection:
        assert connection.execute("SELECT count(*) FROM pg_inherits").fetchone() == (0,)
