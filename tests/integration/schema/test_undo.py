"""The change log follows rows that leave, and undo says why it cannot."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.integration.schema.test_history import newest_change, state
from tests.integration.schema.world import (
    BODY,
    CONNECTION,
    FOREIGN,
    FOREIGN_PIPELINE,
    FOREIGN_STEP,
    FOREIGN_TEAM,
    LOOP,
    MEMBER,
    PIPELINE,
    SECOND_PIPELINE,
    STEP_ONE,
    STEP_TWO,
    TEAM,
    VIEWER,
    Connection,
    World,
    rows,
    scalar,
    sqlstate,
)


def _entries(connection: Connection, row: str) -> list[tuple[Any, ...]]:
    """Pipeline, team and where the row went, of every update of a row."""
    return rows(
        connection,
        "SELECT pipeline_id::text, team_id::text, before ->> 'pipeline_id',"
        " after ->> 'pipeline_id' FROM pipeline_changes"
        " WHERE row_id = %s AND operation = 'update' ORDER BY id",
        row,
    )


def _refusal(connection: Connection, change: int) -> str:
    """The sentence with which undo_change() refuses, SQLSTATE 55000."""
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState) as caught:
        connection.execute("SELECT undo_change(%s)", [change])
    return caught.value.diag.message_primary or ""


@pytest.fixture
def both_teams(world: World) -> World:
    """The owner of the other team is a member of the first one, too."""
    with world.superuser() as owner:
        owner.execute("INSERT INTO team_members VALUES (%s, %s, 'member')", [TEAM, FOREIGN])
    return world


def test_a_step_that_leaves_leaves_an_entry(both_teams: World) -> None:
    with both_teams.user(FOREIGN) as mover:
        mover.execute("SELECT move_step(%s, %s)", [LOOP, FOREIGN_PIPELINE])
        mover.execute("UPDATE steps SET name = 'secret of b' WHERE id = %s", [LOOP])
    with both_teams.user(MEMBER) as member:
        gone = (PIPELINE, TEAM, PIPELINE, FOREIGN_PIPELINE)
        assert _entries(member, LOOP) == [gone]
        assert _entries(member, BODY) == [gone]
        log = scalar(member, "SELECT string_agg(c::text, ' ') FROM pipeline_changes AS c")
        assert "secret of b" not in log
    with both_teams.superuser() as owner:
        came = (FOREIGN_PIPELINE, FOREIGN_TEAM, PIPELINE, FOREIGN_PIPELINE)
        assert _entries(owner, BODY) == [gone, came]


def test_what_changes_as_a_row_leaves_is_not_told_where_it_was(both_teams: World) -> None:
    with both_teams.user(FOREIGN) as mover:
        mover.execute(
            "UPDATE pipelines SET team_id = %s, name = 'secret of b' WHERE id = %s",
            [FOREIGN_TEAM, SECOND_PIPELINE],
        )
    with both_teams.user(MEMBER) as member:
        told = rows(
            member,
            "SELECT before ->> 'name', after ->> 'name', after ->> 'team_id'"
            " FROM pipeline_changes WHERE row_id = %s AND operation = 'update'",
            SECOND_PIPELINE,
        )
    assert told == [("Second of A", "Second of A", FOREIGN_TEAM)]


@pytest.mark.parametrize("place", ["where it was", "where it is"])
def test_either_entry_of_a_move_undoes_it_once(both_teams: World, place: str) -> None:
    pipeline = PIPELINE if place == "where it was" else FOREIGN_PIPELINE
    with both_teams.user(FOREIGN) as mover:
        before = state(mover)
        mover.execute("SELECT move_step(%s, %s)", [BODY, FOREIGN_PIPELINE])
        moved = state(mover)
        query = "SELECT id FROM pipeline_changes WHERE row_id = %s AND operation = 'update'"
        found = f"{query} AND pipeline_id = %s ORDER BY id DESC"
        change = scalar(mover, found, BODY, pipeline)
        changes = rows(mover, query, BODY)
        mover.execute("SELECT undo_change(%s)", [change])
        assert state(mover) == before
        for (done,) in changes:
            assert "has changed since" in _refusal(mover, done)
        # the undo is a move as well, and is undone as one
        mover.execute("SELECT undo_change(%s)", [scalar(mover, found, BODY, PIPELINE)])
        assert state(mover) == moved


def test_a_move_is_not_undone_when_the_step_has_moved_on(world: World) -> None:
    with world.user(MEMBER) as member:
        third = scalar(
            member, "INSERT INTO pipelines (team_id, name) VALUES (%s, 'x') RETURNING id", TEAM
        )
        member.execute("SELECT move_step(%s, %s)", [BODY, SECOND_PIPELINE])
        first = newest_change(member)
        member.execute("SELECT move_step(%s, %s)", [BODY, third])
        second = newest_change(member)
        assert "has changed since" in _refusal(member, first)
        member.execute("SELECT undo_change(%s)", [second])
        member.execute("SELECT undo_change(%s)", [first])
        where = rows(
            member, "SELECT pipeline_id::text, parent_step_id::text FROM steps WHERE id = %s", BODY
        )
        assert where == [(PIPELINE, LOOP)]


def test_undo_says_that_the_pipeline_is_gone(any_world: World) -> None:
    with any_world.user(MEMBER) as member:
        changes = []
        for statement in (
            f"DELETE FROM connections WHERE id = '{CONNECTION}'",
            f"UPDATE steps SET name = 'x' WHERE id = '{STEP_TWO}'",
            f"DELETE FROM steps WHERE id = '{STEP_ONE}'",
            f"INSERT INTO steps (pipeline_id, name, type) VALUES ('{PIPELINE}', 'new', 'claude')",
        ):
            member.execute(statement.encode())
            changes.append(newest_change(member))
        member.execute("DELETE FROM pipelines WHERE id = %s", [PIPELINE])
        for change in changes:
            assert "pipeline" in _refusal(member, change)
            assert "gone" in _refusal(member, change)


def test_undo_says_that_a_name_is_taken(world: World) -> None:
    with world.user(MEMBER) as member:
        member.execute("DELETE FROM steps WHERE id = %s", [STEP_TWO])
        deleted = scalar(
            member,
            "SELECT id FROM pipeline_changes WHERE operation = 'delete' AND row_id = %s",
            STEP_TWO,
        )
        member.execute("UPDATE steps SET name = 'two' WHERE id = %s", [STEP_ONE])
        renamed = newest_change(member)
        assert "in use" in _refusal(member, deleted)
        member.execute("SELECT undo_change(%s)", [renamed])
        assert scalar(member, "SELECT undo_change(%s)", deleted) == 2


def test_undo_says_that_an_end_of_a_connection_is_gone(world: World) -> None:
    with world.user(MEMBER) as member:
        member.execute("DELETE FROM connections WHERE id = %s", [CONNECTION])
        deleted = newest_change(member)
        member.execute("DELETE FROM steps WHERE id = %s", [STEP_TWO])
        step = newest_change(member)
        assert "is gone" in _refusal(member, deleted)
        member.execute("SELECT undo_change(%s)", [step])
        assert scalar(member, "SELECT undo_change(%s)", deleted) == 1


@pytest.mark.parametrize("turns", [4])
def test_undo_of_undo_of_undo(world: World, turns: int) -> None:
    """Each turn takes back the one before it: two states in alternation."""
    with world.user(MEMBER) as member:
        states = [state(member)]
        member.execute("DELETE FROM steps WHERE id = %s", [LOOP])
        states.append(state(member))
        for turn in range(turns):
            last = scalar(
                member,
                "SELECT id FROM pipeline_changes WHERE row_id = %s ORDER BY id DESC LIMIT 1",
                LOOP,
            )
            member.execute("SELECT undo_change(%s)", [last])
            assert state(member) == states[turn % 2]


def test_undoing_an_insert_deletes_no_row_that_has_moved_on(both_teams: World) -> None:
    with both_teams.user(FOREIGN) as mover:
        insert = (
            "INSERT INTO steps (pipeline_id, name, type) VALUES (%s, 'n', 'claude') RETURNING id"
        )
        step = scalar(mover, insert, PIPELINE)
        inserted = newest_change(mover)
        mover.execute("SELECT move_step(%s, %s)", [step, FOREIGN_PIPELINE])
        assert "has changed since" in _refusal(mover, inserted)
        assert rows(mover, "SELECT name FROM steps WHERE id = %s", step) == [("n",)]


def test_the_branch_under_which_a_step_now_stands_is_not_told(both_teams: World) -> None:
    with both_teams.user(FOREIGN) as mover:
        mover.execute(
            "SELECT move_step(%s, %s, %s, 'cases.secret')",
            [STEP_ONE, FOREIGN_PIPELINE, FOREIGN_STEP],
        )
    with both_teams.user(MEMBER) as member:
        log = scalar(member, "SELECT string_agg(c::text, ' ') FROM pipeline_changes AS c")
        assert FOREIGN_PIPELINE in log
        assert "secret" not in log


def test_a_move_between_teams_is_undone_by_those_only_who_write_in_both(both_teams: World) -> None:
    """Whoever has left one of them is refused, and changes nothing."""
    with both_teams.user(FOREIGN) as mover, both_teams.superuser() as owner:
        mover.execute(
            "UPDATE pipelines SET team_id = %s WHERE id = %s", [FOREIGN_TEAM, SECOND_PIPELINE]
        )
        left, came = (
            entry
            for (entry,) in rows(
                owner,
                "SELECT id FROM pipeline_changes WHERE row_id = %s AND operation = 'update'"
                " ORDER BY id",
                SECOND_PIPELINE,
            )
        )
        leave = "DELETE FROM team_members WHERE team_id = %s AND user_id = %s"
        owner.execute(leave.encode(), [TEAM, FOREIGN])
        assert sqlstate(mover, "SELECT undo_change(%s)", left) == "P0002"
        assert sqlstate(mover, "SELECT undo_change(%s)", came) == "42501"
        with both_teams.user(MEMBER) as member, both_teams.user(VIEWER) as viewer:
            assert sqlstate(member, "SELECT undo_change(%s)", left) == "55000"
            assert sqlstate(member, "SELECT undo_change(%s)", came) == "P0002"
            assert sqlstate(viewer, "SELECT undo_change(%s)", left) == "42501"
        team = scalar(owner, "SELECT team_id::text FROM pipelines WHERE id = %s", SECOND_PIPELINE)
        assert team == FOREIGN_TEAM
