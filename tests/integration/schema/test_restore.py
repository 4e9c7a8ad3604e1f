"""A restored pipeline is exactly the version, wherever its rows have gone since."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.integration.schema.test_history import newest_change, state
from tests.integration.schema.world import (
    ADMIN,
    BODY,
    CONNECTION,
    FOREIGN_PIPELINE,
    LOOP,
    MEMBER,
    PIPELINE,
    SECOND_PIPELINE,
    STEP_ONE,
    STEP_TWO,
    Connection,
    World,
    rows,
    scalar,
)


def _two_steps_of_the_second_pipeline(connection: Connection) -> list[str]:
    made = connection.execute(
        "INSERT INTO steps (pipeline_id, name, type)"
        " VALUES (%(p)s, 'x', 'claude'), (%(p)s, 'y', 'claude') RETURNING id::text",
        {"p": SECOND_PIPELINE},
    )
    return [step for (step,) in made.fetchall()]


@pytest.mark.parametrize("how", ["updated", "deleted and inserted"])
def test_a_connection_that_is_now_in_another_pipeline_comes_back(
    any_world: World, how: str
) -> None:
    with any_world.user(MEMBER) as member:
        first = state(member)
        x, y = _two_steps_of_the_second_pipeline(member)
        if how == "updated":
            member.execute(
                "UPDATE connections SET pipeline_id = %s, from_step_id = %s, to_step_id = %s"
                " WHERE id = %s",
                [SECOND_PIPELINE, x, y, CONNECTION],
            )
        else:
            member.execute("DELETE FROM connections WHERE id = %s", [CONNECTION])
            member.execute(
                "INSERT INTO connections (id, pipeline_id, from_step_id, to_step_id)"
                " VALUES (%s, %s, %s, %s)",
                [CONNECTION, SECOND_PIPELINE, x, y],
            )
        member.execute("SELECT restore_pipeline_version(%s, 1)", [PIPELINE])
        assert state(member) == first


def test_rows_made_again_under_their_ids_get_back_when_they_were_created(any_world: World) -> None:
    with any_world.user(MEMBER) as member:
        first = state(member)
        member.execute("DELETE FROM steps WHERE pipeline_id = %s", [PIPELINE])
        member.execute(
            "INSERT INTO steps (id, pipeline_id, name, type, order_index) VALUES"
            " (%(one)s, %(p)s, 'one', 'claude', 0), (%(two)s, %(p)s, 'two', 'gemini', 1)",
            {"one": STEP_ONE, "two": STEP_TWO, "p": PIPELINE},
        )
        member.execute(
            "INSERT INTO connections (id, pipeline_id, from_step_id, to_step_id)"
            " VALUES (%s, %s, %s, %s)",
            [CONNECTION, PIPELINE, STEP_ONE, STEP_TWO],
        )
        member.execute("SELECT restore_pipeline_version(%s, 1)", [PIPELINE])
        assert state(member) == first


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param(
            [
                "UPDATE steps SET parent_step_id = NULL WHERE id = '{BODY}'",
                "UPDATE steps SET parent_step_id = '{BODY}' WHERE id = '{LOOP}'",
            ],
            id="parent and child change places",
        ),
        pytest.param(
            [
                "UPDATE steps SET name = 'three' WHERE id = '{STEP_ONE}'",
                "UPDATE steps SET name = 'one' WHERE id = '{STEP_TWO}'",
                "UPDATE steps SET name = 'two' WHERE id = '{LOOP}'",
                "UPDATE steps SET name = 'loop' WHERE id = '{STEP_ONE}'",
            ],
            id="names go round",
        ),
        pytest.param(
            [
                "SELECT move_step('{STEP_ONE}', '{SECOND_PIPELINE}')",
                "INSERT INTO steps (pipeline_id, name, type)"
                " VALUES ('{PIPELINE}', 'one', 'claude')",
            ],
            id="the name of a step that left is taken",
        ),
        pytest.param(
            [
                "SELECT move_step('{LOOP}', '{SECOND_PIPELINE}')",
                "SELECT move_step('{BODY}', '{PIPELINE}')",
                "UPDATE steps SET parent_step_id = '{STEP_ONE}', branch = 'x' WHERE id = '{BODY}'",
                "DELETE FROM steps WHERE id = '{STEP_TWO}'",
            ],
            id="a family is torn apart",
        ),
        pytest.param(
            [
                "UPDATE connections SET from_step_id = to_step_id, to_step_id = from_step_id",
                "INSERT INTO connections (pipeline_id, from_step_id, to_step_id)"
                " VALUES ('{PIPELINE}', '{STEP_ONE}', '{STEP_TWO}')",
            ],
            id="another connection holds the old place",
        ),
    ],
)
def test_whatever_changed_places_goes_back(world: World, edits: list[str]) -> None:
    names = {
        "BODY": BODY,
        "LOOP": LOOP,
        "PIPELINE": PIPELINE,
        "SECOND_PIPELINE": SECOND_PIPELINE,
        "STEP_ONE": STEP_ONE,
        "STEP_TWO": STEP_TWO,
    }
    with world.user(MEMBER) as member:
        first = state(member)
        for edit in edits:
            member.execute(edit.format(**names).encode())
        edited = state(member)
        assert edited != first
        number = scalar(member, "SELECT create_pipeline_version(%s)", PIPELINE)
        member.execute("SELECT restore_pipeline_version(%s, 1)", [PIPELINE])
        assert state(member) == first
        member.execute("SELECT restore_pipeline_version(%s, %s)", [PIPELINE, number])
        assert state(member) == edited


def test_a_step_in_a_pipeline_that_one_may_not_write_is_not_taken(world: World) -> None:
    with world.superuser() as owner:
        owner.execute("SELECT move_step(%s, %s)", [STEP_ONE, FOREIGN_PIPELINE])
    with world.user(MEMBER) as member:
        edited = state(member)
        start = newest_change(member)
        with pytest.raises(psycopg.errors.UniqueViolation):
            member.execute("SELECT restore_pipeline_version(%s, 1)", [PIPELINE])
        assert state(member) == edited
        assert newest_change(member) == start
    with world.superuser() as owner:
        where = rows(owner, "SELECT pipeline_id::text FROM steps WHERE id = %s", STEP_ONE)
        assert where == [(FOREIGN_PIPELINE,)]


def _while_restoring(world: World, holder: Connection, pipeline: str) -> None:
    """Restore version 1 in another session, and commit the holder's work once that waits."""
    with world.user(ADMIN) as restorer, ThreadPoolExecutor(1) as pool:
        work = pool.submit(restorer.execute, "SELECT restore_pipeline_version(%s, 1)", [pipeline])
        with world.superuser() as owner:
            waits = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"
            while not (work.done() or scalar(owner, waits, restorer.info.backend_pid)):
                pass
        holder.execute("COMMIT")
        work.result()


@pytest.mark.parametrize(
    "edit",
    [
        f"UPDATE steps SET name = 'two times' WHERE id = '{STEP_ONE}'",
        f"UPDATE connections SET to_input = 'x' WHERE id = '{CONNECTION}'",
        f"INSERT INTO connections (pipeline_id, from_step_id, to_step_id)"
        f" SELECT pipeline_id, id, '{BODY}' FROM steps WHERE name = 'new'",
    ],
)
def test_a_restore_and_an_editor_of_the_same_row_wait_for_each_other(
    world: World, edit: str
) -> None:
    """The editor's commit touches the pipeline, for which he must not wait for the restore."""
    with world.user(MEMBER) as editor:
        editor.execute("UPDATE steps SET name = 'once' WHERE id = %s", [STEP_ONE])
        editor.execute("UPDATE connections SET to_input = 'y' WHERE id = %s", [CONNECTION])
        insert = "INSERT INTO steps (pipeline_id, name, type) VALUES (%s, 'new', 'claude')"
        editor.execute(insert.encode(), [PIPELINE])
        before = newest_change(editor)
        editor.execute("BEGIN")
        assert editor.execute(edit.encode()).rowcount == 1
        _while_restoring(world, editor, PIPELINE)
        names = rows(editor, "SELECT name FROM steps WHERE pipeline_id = %s ORDER BY 1", PIPELINE)
        assert names == [("body",), ("loop",), ("one",), ("two",)]
        assert newest_change(editor) > before


def test_two_restores_that_take_from_each_other_wait_for_each_other(world: World) -> None:
    with world.user(MEMBER) as member:
        x, _ = _two_steps_of_the_second_pipeline(member)
        member.execute("SELECT create_pipeline_version(%s)", [SECOND_PIPELINE])
        member.execute("SELECT move_step(%s, %s)", [x, PIPELINE])
        member.execute("SELECT move_step(%s, %s)", [BODY, SECOND_PIPELINE])
        member.execute("BEGIN")
        member.execute("SELECT restore_pipeline_version(%s, 1)", [PIPELINE])
        _while_restoring(world, member, SECOND_PIPELINE)
        where = "SELECT pipeline_id::text FROM steps WHERE id = %s"
        assert scalar(member, where, x) == SECOND_PIPELINE
        assert scalar(member, where, BODY) == PIPELINE
