"""Versions and the change log: complete, immutable, and good for going back."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest

from tests.integration.schema.world import (
    BODY,
    CONNECTION,
    FOREIGN_PIPELINE,
    FOREIGN_TEAM,
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
    sqlstate,
)

IMMUTABLE, NO_DATA = "55000", "P0002"


def state(connection: Connection, pipeline: str = PIPELINE) -> tuple[Any, ...]:
    """What a version keeps of a pipeline."""
    return rows(connection, "SELECT * FROM pipeline_state(%s)", pipeline)[0]


def newest_change(connection: Connection) -> int:
    return int(scalar(connection, "SELECT max(id) FROM pipeline_changes"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pipeline_versions SET change_summary = 'forged'",
        "UPDATE pipeline_versions SET steps_snapshot = '[]'",
        "UPDATE pipeline_versions SET created_at = now() - interval '1 year'",
        f"UPDATE pipeline_versions SET created_by = '{MEMBER}'",
        "UPDATE pipeline_versions SET created_by = NULL",
        f"UPDATE pipeline_versions SET team_id = '{FOREIGN_TEAM}'",
        "DELETE FROM pipeline_versions",
        "TRUNCATE pipeline_versions",
        "TRUNCATE pipelines CASCADE",
        "UPDATE pipeline_changes SET changed_by = NULL",
        "DELETE FROM pipeline_changes",
        "TRUNCATE pipeline_changes",
    ],
)
def test_even_the_owner_does_not_rewrite_history(shared_world: World, statement: str) -> None:
    with shared_world.superuser() as owner:
        owner.execute("SET client_min_messages = warning")
        assert sqlstate(owner, statement) == IMMUTABLE


def test_an_author_is_not_taken_from_his_version(world: World) -> None:
    with world.user(MEMBER) as member:
        member.execute("SELECT create_pipeline_version(%s)", [PIPELINE])
    with world.superuser() as owner:
        forget = "UPDATE pipeline_versions SET created_by = NULL WHERE version_number = 2"
        assert sqlstate(owner, forget) == IMMUTABLE


def test_foreign_keys_pass(any_world: World) -> None:
    with any_world.superuser() as owner:
        owner.execute("SELECT set_config('app.user_id', %s, false)", [MEMBER])
        owner.execute("SELECT create_pipeline_version(%s)", [PIPELINE])
        owner.execute("UPDATE pipelines SET team_id = %s WHERE id = %s", [FOREIGN_TEAM, PIPELINE])
        owner.execute("DELETE FROM users WHERE id = %s", [MEMBER])
        where = " FROM pipeline_versions WHERE pipeline_id = %s"
        assert rows(owner, f"SELECT DISTINCT team_id::text, created_by{where}", PIPELINE) == [
            (FOREIGN_TEAM, None)
        ]
        owner.execute("DELETE FROM pipelines WHERE id = %s", [PIPELINE])
        assert scalar(owner, f"SELECT count(*){where}", PIPELINE) == 0
        log = "SELECT count(*) FROM pipeline_changes WHERE pipeline_id = %s"
        assert scalar(owner, log, PIPELINE) > 0


def test_retention_belongs_to_the_owner(world: World) -> None:
    with world.superuser() as owner:
        for _ in range(4):
            owner.execute("SELECT create_pipeline_version(%s)", [PIPELINE])
        assert scalar(owner, "SELECT prune_pipeline_versions(2, '-1 s')") == 3
        kept = "SELECT version_number FROM pipeline_versions WHERE pipeline_id = %s ORDER BY 1"
        assert rows(owner, kept, PIPELINE) == [(4,), (5,)]
        assert sqlstate(owner, "SELECT prune_pipeline_versions(0, '0')") == "22023"
        assert scalar(owner, "SELECT prune_pipeline_changes('-1 s')") > 0
        # and the door is closed behind it
        assert sqlstate(owner, "DELETE FROM pipeline_versions") == IMMUTABLE


def test_clients_at_once_get_numbers_without_gaps(world: World) -> None:
    def work() -> None:
        with world.user(MEMBER) as member:
            for _ in range(10):
                member.execute("SELECT create_pipeline_version(%s)", [SECOND_PIPELINE])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.superuser() as owner:
        numbers = "SELECT version_number FROM pipeline_versions WHERE pipeline_id = %s ORDER BY 1"
        assert rows(owner, numbers, SECOND_PIPELINE) == [(n,) for n in range(1, 41)]


def test_restore_undoes_everything_and_can_itself_be_undone(any_world: World) -> None:
    with any_world.user(MEMBER) as member:
        first = state(member)
        member.execute(
            "UPDATE pipelines SET name = 'x', tags = '{a}', config = '{\"a\": 1}' WHERE id = %s",
            [PIPELINE],
        )
        member.execute(
            "UPDATE steps SET name = CASE name WHEN 'one' THEN 'two' ELSE 'one' END"
            " WHERE name IN ('one', 'two')"
        )
        member.execute("UPDATE steps SET parent_step_id = %s WHERE id = %s", [LOOP, STEP_ONE])
        member.execute("UPDATE steps SET parent_step_id = NULL WHERE id = %s", [BODY])
        member.execute("DELETE FROM steps WHERE id = %s", [STEP_TWO])
        member.execute(
            "INSERT INTO steps (pipeline_id, name, type, parent_step_id)"
            " VALUES (%s, 'two more', 'claude', %s)",
            [PIPELINE, BODY],
        )
        edited = state(member)
        assert scalar(member, "SELECT create_pipeline_version(%s, 'edited')", PIPELINE) == 2
        assert scalar(member, "SELECT restore_pipeline_version(%s, 1)", PIPELINE) == 3
        assert state(member) == first
        assert scalar(member, "SELECT restore_pipeline_version(%s, 2)", PIPELINE) == 4
        assert state(member) == edited


def test_restore_keeps_what_stays_out_of_a_step_that_the_version_does_not_know(
    world: World,
) -> None:
    """A child must not be deleted with a new parent that it left in the same restore."""
    with world.user(MEMBER) as member:
        first = state(member)
        new = scalar(
            member,
            "INSERT INTO steps (pipeline_id, name, type) VALUES (%s, 'new', 'switch') RETURNING id",
            PIPELINE,
        )
        member.execute("UPDATE steps SET parent_step_id = %s WHERE id = %s", [new, STEP_ONE])
        member.execute("SELECT restore_pipeline_version(%s, 1)", [PIPELINE])
        assert state(member) == first


def test_restore_takes_back_a_step_that_has_moved_away(world: World) -> None:
    with world.user(MEMBER) as member:
        first = state(member)
        member.execute("SELECT move_step(%s, %s)", [LOOP, SECOND_PIPELINE])
        member.execute(
            "INSERT INTO steps (pipeline_id, name, type, parent_step_id)"
            " VALUES (%s, 'joined there', 'claude', %s)",
            [SECOND_PIPELINE, LOOP],
        )
        member.execute("SELECT restore_pipeline_version(%s, 1)", [PIPELINE])
        assert state(member) == first
        left = "SELECT name, parent_step_id FROM steps WHERE pipeline_id = %s"
        assert rows(member, left, SECOND_PIPELINE) == [("joined there", None)]


def test_restore_writes_only_what_differs(world: World) -> None:
    with world.user(MEMBER) as member:
        member.execute("UPDATE steps SET position_x = 77 WHERE id = %s", [STEP_ONE])
        before = newest_change(member)
        member.execute("SELECT restore_pipeline_version(%s, 1)", [PIPELINE])
        written = "SELECT table_name, row_id::text FROM pipeline_changes WHERE id > %s"
        assert rows(member, written, before) == [("steps", STEP_ONE)]


def test_restore_of_a_version_that_is_not_there(shared_world: World) -> None:
    with shared_world.user(MEMBER) as member:
        assert sqlstate(member, "SELECT restore_pipeline_version(%s, 99)", PIPELINE) == NO_DATA
        assert sqlstate(member, "SELECT * FROM diff_pipeline_versions(%s, 1, 99)", PIPELINE) == (
            NO_DATA
        )


def test_diff_names_what_changed(world: World) -> None:
    with world.user(MEMBER) as member:
        member.execute("UPDATE pipelines SET name = 'x' WHERE id = %s", [PIPELINE])
        member.execute("UPDATE steps SET position_x = 5 WHERE id = %s", [STEP_TWO])
        member.execute("DELETE FROM steps WHERE id = %s", [STEP_ONE])
        member.execute("SELECT create_pipeline_version(%s)", [PIPELINE])
        found = rows(
            member,
            "SELECT entity, entity_id::text, change, before ->> 'name',"
            " CASE change WHEN 'changed' THEN changed_columns END"
            " FROM diff_pipeline_versions(%s, 1, 2) ORDER BY 1, 3",
            PIPELINE,
        )
    assert found == [
        ("connection", CONNECTION, "removed", None, None),
        ("pipeline", PIPELINE, "changed", "Review code", ["name"]),
        ("step", STEP_TWO, "changed", None, ["position_x"]),
        ("step", STEP_ONE, "removed", "one", None),
    ]


def test_the_log_says_who_what_and_before(world: World) -> None:
    with world.user(MEMBER) as member:
        start = newest_change(member)
        member.execute("UPDATE steps SET name = 'renamed' WHERE id = %s", [STEP_ONE])
        member.execute("DELETE FROM connections WHERE id = %s", [CONNECTION])
        member.execute(
            "INSERT INTO connections (pipeline_id, from_step_id, to_step_id) VALUES (%s, %s, %s)",
            [PIPELINE, STEP_ONE, LOOP],
        )
        entries = rows(
            member,
            "SELECT table_name, operation, before ->> 'name', after ->> 'name',"
            " before ->> 'to_step_id', after IS NULL, changed_by::text, team_id::text"
            " FROM pipeline_changes WHERE id > %s ORDER BY id",
            start,
        )
    who = (MEMBER, TEAM)
    assert entries == [
        ("steps", "update", "one", "renamed", None, False, *who),
        ("connections", "delete", None, None, STEP_TWO, True, *who),
        ("connections", "insert", None, None, None, True, *who),
    ]


def test_a_touch_is_not_a_change(world: World) -> None:
    with world.user(MEMBER) as member:
        member.execute("UPDATE steps SET position_x = 1 WHERE id = %s", [STEP_ONE])
        touched = (
            "SELECT count(*) FROM pipeline_changes WHERE operation = 'update'"
            " AND table_name = 'pipelines'"
        )
        assert scalar(member, touched) == 0


def test_every_column_of_a_pipeline_is_watched(shared_world: World) -> None:
    with shared_world.superuser() as owner:
        unwatched = rows(
            owner,
            "SELECT a.attname FROM pg_attribute AS a JOIN pg_trigger AS t ON t.tgrelid = a.attrelid"
            " WHERE a.attrelid = 'pipelines'::regclass AND a.attnum > 0 AND NOT a.attisdropped"
            " AND t.tgname = 'log_update' AND a.attnum <> ALL (t.tgattr::int2[]) ORDER BY 1",
        )
    assert unwatched == [("search_vector",), ("updated_at",)]


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE steps SET name = 'x', config = '{{\"a\": 1}}' WHERE id = '{STEP_ONE}'",
        f"UPDATE pipelines SET name = 'x', tags = '{{a}}' WHERE id = '{PIPELINE}'",
        f"DELETE FROM steps WHERE id = '{STEP_ONE}'",
        f"DELETE FROM steps WHERE id = '{LOOP}'",
        f"DELETE FROM connections WHERE id = '{CONNECTION}'",
        f"DELETE FROM pipelines WHERE id = '{PIPELINE}'",
        f"INSERT INTO steps (pipeline_id, name, type) VALUES ('{PIPELINE}', 'x', 'claude')",
        f"UPDATE connections SET to_input = 'x' WHERE id = '{CONNECTION}'",
    ],
)
def test_a_change_can_be_undone_and_the_undo_undone(any_world: World, statement: str) -> None:
    with any_world.user(MEMBER) as member:
        before = state(member)
        start = newest_change(member)
        member.execute(statement.encode())
        changed = state(member)
        first = scalar(member, "SELECT min(id) FROM pipeline_changes WHERE id > %s", start)
        if "DELETE FROM pipelines" in statement:
            first = scalar(
                member,
                "SELECT id FROM pipeline_changes WHERE id > %s AND table_name = 'pipelines'",
                start,
            )
        undone = newest_change(member)
        assert scalar(member, "SELECT undo_change(%s)", first) > 0
        assert state(member) == before
        again = scalar(
            member,
            "SELECT id FROM pipeline_changes WHERE id > %s"
            " ORDER BY table_name = 'pipelines' DESC, id LIMIT 1",
            undone,
        )
        member.execute("SELECT undo_change(%s)", [again])
        assert state(member) == changed


def test_undoing_a_move_brings_the_step_back(world: World) -> None:
    with world.user(MEMBER) as member:
        member.execute("SELECT move_step(%s, %s)", [BODY, SECOND_PIPELINE])
        change = scalar(member, "SELECT max(id) FROM pipeline_changes WHERE row_id = %s", BODY)
        member.execute("SELECT undo_change(%s)", [change])
        where = " FROM steps WHERE id = %s"
        assert str(scalar(member, f"SELECT pipeline_id{where}", BODY)) == PIPELINE
        assert str(scalar(member, f"SELECT parent_step_id{where}", BODY)) == LOOP


def test_undo_does_not_overwrite_later_changes_unseen(world: World) -> None:
    with world.user(MEMBER) as member:
        member.execute("UPDATE steps SET name = 'x' WHERE id = %s", [STEP_ONE])
        first = newest_change(member)
        member.execute("UPDATE steps SET position_x = 9 WHERE id = %s", [STEP_ONE])
        member.execute("UPDATE steps SET name = 'y' WHERE id = %s", [STEP_ONE])
        second = newest_change(member)
        assert sqlstate(member, "SELECT undo_change(%s)", first) == IMMUTABLE
        member.execute("SELECT undo_change(%s)", [second])
        member.execute("SELECT undo_change(%s)", [first])
        now = rows(member, "SELECT name, position_x FROM steps WHERE id = %s", STEP_ONE)
        assert now == [("one", 9.0)]


@pytest.mark.parametrize(
    ("first", "later"), [('{"a": 1}', '{"a": 1, "b": 2}'), ('{"a": [1]}', '{"a": [1, 2]}')]
)
def test_undo_does_not_take_a_grown_document_for_the_same(
    world: World, first: str, later: str
) -> None:
    with world.user(MEMBER) as member:
        member.execute("UPDATE steps SET config = %s WHERE id = %s", [first, STEP_ONE])
        change = newest_change(member)
        member.execute("UPDATE steps SET config = %s WHERE id = %s", [later, STEP_ONE])
        assert sqlstate(member, "SELECT undo_change(%s)", change) == IMMUTABLE


def test_history_does_not_depend_on_the_settings_of_a_session(world: World) -> None:
    with world.user(MEMBER) as member, world.user(MEMBER) as abroad:
        abroad.execute("SET timezone = 'Asia/Tokyo'")
        abroad.execute("SET extra_float_digits = -15")
        abroad.execute("UPDATE steps SET position_x = 123.456 WHERE id = %s", [STEP_ONE])
        abroad.execute("UPDATE pipelines SET published_at = now() WHERE id = %s", [PIPELINE])
        published = newest_change(member)
        assert state(abroad) == state(member)
        for connection in (member, abroad):
            connection.execute("SELECT create_pipeline_version(%s)", [PIPELINE])
        difference = "SELECT count(*) FROM diff_pipeline_versions(%s, 2, 3)"
        assert scalar(member, difference, PIPELINE) == 0
        logged = "SELECT after ->> 'position_x' FROM pipeline_changes WHERE id = %s"
        assert scalar(member, logged, published - 1) == "123.456"
        # and a change made abroad is undone here
        assert scalar(member, "SELECT undo_change(%s)", published) == 1


def test_undo_of_a_deletion_by_another_team_is_refused(world: World) -> None:
    with world.superuser() as owner:
        owner.execute("DELETE FROM pipelines WHERE id = %s", [FOREIGN_PIPELINE])
        change = newest_change(owner)
    with world.user(MEMBER) as member:
        assert sqlstate(member, "SELECT undo_change(%s)", change) == NO_DATA
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            member.execute("SELECT reinsert_pipeline(%s)", [change])
