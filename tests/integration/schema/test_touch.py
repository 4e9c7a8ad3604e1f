"""updated_at follows every change, at the latest at commit, and nothing else."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import psycopg
import pytest

from tests.integration.schema.world import (
    CONNECTION,
    LOOP,
    MEMBER,
    PIPELINE,
    SECOND_PIPELINE,
    STEP_ONE,
    STEP_TWO,
    TEAM,
    Connection,
    World,
    rows,
    scalar,
)


def _changed(connection: Connection) -> dict[str, datetime]:
    return dict(rows(connection, "SELECT id::text, updated_at FROM pipelines"))


@pytest.mark.parametrize(
    ("statement", "touched"),
    [
        (
            f"INSERT INTO steps (pipeline_id, name, type) VALUES ('{PIPELINE}', 'new', 'claude')",
            {PIPELINE},
        ),
        (f"UPDATE steps SET position_x = 5 WHERE id = '{STEP_ONE}'", {PIPELINE}),
        (f"DELETE FROM steps WHERE id = '{STEP_ONE}'", {PIPELINE}),
        (f"SELECT move_step('{LOOP}', '{SECOND_PIPELINE}')", {PIPELINE, SECOND_PIPELINE}),
        (
            "INSERT INTO connections (pipeline_id, from_step_id, to_step_id)"
            f" VALUES ('{PIPELINE}', '{STEP_TWO}', '{LOOP}')",
            {PIPELINE},
        ),
        (f"UPDATE connections SET to_input = 'x' WHERE id = '{CONNECTION}'", {PIPELINE}),
        (f"DELETE FROM connections WHERE id = '{CONNECTION}'", {PIPELINE}),
        (f"UPDATE pipelines SET name = 'x' WHERE id = '{PIPELINE}'", {PIPELINE}),
        # an update that changes nothing changes nothing
        ("UPDATE steps SET position_x = position_x", set()),
        ("UPDATE pipelines SET name = name, description = description", set()),
        ("UPDATE connections SET to_input = to_input", set()),
        (f"INSERT INTO comments (pipeline_id, content) VALUES ('{PIPELINE}', 'x')", set()),
        (f"SELECT create_pipeline_version('{PIPELINE}')", set()),
    ],
)
def test_pipelines_follow_their_parts(any_world: World, statement: str, touched: set[str]) -> None:
    with any_world.user(MEMBER) as member:
        before = _changed(member)
        member.execute(statement.encode())
        after = _changed(member)
    assert {key for key in after if after[key] != before[key]} == touched
    assert all(after[key] > before[key] for key in touched)


def test_the_server_keeps_the_time_whatever_the_client_says(world: World) -> None:
    with world.user(MEMBER) as member:
        for table in ("pipelines", "steps", "comments", "pipeline_templates"):
            member.execute(f"UPDATE {table} SET updated_at = '3000-01-01'".encode())
            late = f"SELECT count(*) FROM {table} WHERE updated_at > now()"
            assert scalar(member, late) == 0, table
        member.execute(
            "INSERT INTO steps (pipeline_id, name, type, updated_at)"
            " VALUES (%s, 'late', 'claude', '3000-01-01')",
            [PIPELINE],
        )
        assert scalar(member, "SELECT count(*) FROM steps WHERE updated_at > now()") == 0


@pytest.mark.parametrize(
    "statement",
    ["UPDATE steps SET position_x = 5 WHERE id = %s", "UPDATE steps SET name = 'x' WHERE id = %s"],
)
def test_an_older_transaction_that_commits_later_does_not_turn_time_back(
    world: World, statement: str
) -> None:
    times = "SELECT updated_at FROM pipelines UNION ALL SELECT updated_at FROM steps ORDER BY 1"
    with world.user(MEMBER) as older, world.user(MEMBER) as younger:
        older.execute("BEGIN")
        older.execute("SELECT")
        younger.execute("UPDATE steps SET position_y = 7")
        younger.execute("UPDATE pipelines SET description = 'x'")
        before = rows(younger, times)
        older.execute(statement.encode(), [STEP_ONE])
        older.execute("UPDATE pipelines SET name = 'x' WHERE id = %s", [SECOND_PIPELINE])
        older.execute("COMMIT")
        assert rows(younger, times) == before


@pytest.mark.parametrize("time", ["now()", "'2000-01-01'", "'infinity'", "updated_at"])
@pytest.mark.parametrize("table", ["pipelines", "steps", "comments", "pipeline_templates", "users"])
def test_no_client_turns_time_back_by_hand(world: World, table: str, time: str) -> None:
    with world.user(MEMBER) as older, world.user(MEMBER) as younger:
        older.execute("BEGIN")
        older.execute("SELECT")
        column = "content" if table == "comments" else "name"
        mine = " WHERE user_id = current_user_id()" if table == "comments" else ""
        younger.execute(f"UPDATE {table} SET {column} = {column} || ' x'{mine}".encode())
        query = f"SELECT updated_at FROM {table}{mine} ORDER BY 1"
        before = rows(younger, query)
        older.execute(
            f"UPDATE {table} SET {column} = {column} || ' y', updated_at = {time}{mine}".encode()
        )
        older.execute("COMMIT")
        assert rows(younger, query) == before


def test_a_touch_comes_with_the_commit_or_on_demand(world: World) -> None:
    with world.user(MEMBER) as member, member.transaction():
        before = _changed(member)
        member.execute("UPDATE steps SET position_x = 5 WHERE id = %s", [STEP_ONE])
        assert _changed(member) == before
        member.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert _changed(member)[PIPELINE] > before[PIPELINE]


def test_a_rollback_leaves_no_touch(world: World) -> None:
    with world.user(MEMBER) as member:
        before = _changed(member)
        with member.transaction(force_rollback=True):
            member.execute("UPDATE steps SET position_x = 5")
        assert _changed(member) == before
    with world.superuser() as owner:
        assert scalar(owner, "SELECT count(*) FROM pipeline_touches") == 0


def test_editors_of_one_pipeline_do_not_wait_for_each_other(world: World) -> None:
    with world.user(MEMBER) as one, world.user(MEMBER) as two:
        two.execute("SET lock_timeout = '200ms'")
        one.execute("BEGIN")
        one.execute("UPDATE steps SET position_x = 5 WHERE id = %s", [STEP_ONE])
        two.execute("UPDATE steps SET position_x = 5 WHERE id = %s", [STEP_TWO])
        one.execute("COMMIT")


def test_statements_over_several_pipelines_do_not_deadlock(world: World) -> None:
    errors: list[psycopg.Error] = []

    def work(number: int) -> None:
        order = "" if number % 2 else " DESC"
        with world.user(MEMBER) as member:
            for turn in range(30):
                try:
                    member.execute(
                        "INSERT INTO steps (pipeline_id, name, type)"
                        f" SELECT id, '{number}.{turn}', 'claude' FROM pipelines"
                        f" WHERE team_id = '{TEAM}' ORDER BY id{order}".encode()
                    )
                except psycopg.Error as error:
                    errors.append(error)

    threads: list[Any] = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with world.superuser() as owner:
        added = "SELECT count(*) FROM steps WHERE name LIKE '%%.%%'"
        assert scalar(owner, added.replace("%%", "%")) == 240
