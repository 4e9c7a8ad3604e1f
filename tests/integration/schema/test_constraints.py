"""What the tables refuse, and what they fill in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.schema.world import (
    BODY,
    COMMENT,
    CONNECTION,
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
    Connection,
    World,
    rows,
    scalar,
    sqlstate,
)

CHECK, NOT_NULL, UNIQUE, FOREIGN_KEY = "23514", "23502", "23505", "23503"


@pytest.fixture
def owner(shared_world: World) -> Iterator[Connection]:
    with shared_world.superuser() as connection:
        yield connection


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("INSERT INTO users (email, name) VALUES ('OWNER@A.example', 'x')", UNIQUE),
        ("INSERT INTO users (email, name, preferences) VALUES ('y', 'x', '[]')", CHECK),
        (f"UPDATE pipelines SET config = '42' WHERE id = '{PIPELINE}'", CHECK),
        (f"UPDATE pipelines SET defaults = 'null' WHERE id = '{PIPELINE}'", CHECK),
        (f"UPDATE pipelines SET authentication = '[]' WHERE id = '{PIPELINE}'", CHECK),
        (f"UPDATE pipelines SET yaml_version = 'v99' WHERE id = '{PIPELINE}'", CHECK),
        (f"UPDATE pipelines SET status = 'lost' WHERE id = '{PIPELINE}'", CHECK),
        (f"UPDATE pipelines SET tags = '{{a,NULL}}' WHERE id = '{PIPELINE}'", CHECK),
        (f"UPDATE pipelines SET parent_pipeline_id = id WHERE id = '{PIPELINE}'", CHECK),
        (f"UPDATE pipelines SET team_id = NULL WHERE id = '{PIPELINE}'", NOT_NULL),
        ("UPDATE steps SET type = 'unknown'", CHECK),
        ("UPDATE steps SET enabled = NULL", NOT_NULL),
        ("UPDATE steps SET position_x = 'NaN'", CHECK),
        ("UPDATE steps SET position_y = '-infinity'", CHECK),
        ("UPDATE steps SET width = 'infinity'", CHECK),
        ("UPDATE steps SET height = -1", CHECK),
        ("UPDATE steps SET branch = NULL", NOT_NULL),
        (f"UPDATE steps SET name = 'two' WHERE id = '{STEP_ONE}'", UNIQUE),
        (f"UPDATE steps SET parent_step_id = id WHERE id = '{STEP_ONE}'", CHECK),
        (f"UPDATE steps SET parent_step_id = '{BODY}' WHERE id = '{LOOP}'", CHECK),
        (f"UPDATE steps SET parent_step_id = '{FOREIGN_STEP}' WHERE id = '{LOOP}'", FOREIGN_KEY),
        (f"UPDATE steps SET team_id = '{FOREIGN_TEAM}' WHERE id = '{LOOP}'", FOREIGN_KEY),
        (
            f"UPDATE connections SET to_step_id = '{FOREIGN_STEP}' WHERE id = '{CONNECTION}'",
            FOREIGN_KEY,
        ),
        ("UPDATE connections SET to_step_id = from_step_id", CHECK),
        ("UPDATE connections SET to_step_id = NULL", NOT_NULL),
        ("UPDATE connections SET path_data = 'null'", CHECK),
        (
            f"UPDATE comments SET step_id = '{STEP_ONE}' WHERE pipeline_id <> '{PIPELINE}'",
            FOREIGN_KEY,
        ),
        ("INSERT INTO comments (content) VALUES ('x')", NOT_NULL),
        ("UPDATE presence SET status = 'gone'", CHECK),
        ("UPDATE presence SET cursor_x = 'NaN'", CHECK),
        (
            "INSERT INTO pipeline_versions (pipeline_id, version_number, pipeline_snapshot,"
            f" steps_snapshot, connections_snapshot) VALUES ('{PIPELINE}', -5, '{{}}', '[]', '[]')",
            CHECK,
        ),
        ("UPDATE team_members SET role = 'king'", CHECK),
        (
            "INSERT INTO steps (id, pipeline_id, name, type, parent_step_id) VALUES"
            f" ('{FOREIGN_TEAM}', '{PIPELINE}', 'x', 'claude', '{TEAM}'),"
            f" ('{TEAM}', '{PIPELINE}', 'y', 'claude', '{FOREIGN_TEAM}')",
            CHECK,
        ),
    ],
)
def test_wrong_rows_are_refused(owner: Connection, statement: str, refused: str) -> None:
    assert sqlstate(owner, statement) == refused


def test_names_of_two_steps_can_be_swapped(owner: Connection) -> None:
    swap = (
        "UPDATE steps SET name = CASE name WHEN 'one' THEN 'two' ELSE 'one' END"
        " WHERE name IN ('one', 'two')"
    )
    assert sqlstate(owner, swap) is None


def test_email_is_stored_in_lower_case(world: World) -> None:
    with world.superuser() as owner:
        owner.execute("INSERT INTO users (email, name) VALUES ('New@Example.COM', 'x')")
        assert scalar(owner, "SELECT count(*) FROM users WHERE email = 'new@example.com'") == 1


def test_the_documents_own_inserts_get_their_team(world: World) -> None:
    with world.user(MEMBER) as member:
        member.execute(
            "INSERT INTO comments (step_id, user_id, content) VALUES (%s, %s, 'on a step')",
            [STEP_ONE, MEMBER],
        )
        where = "FROM comments WHERE content = 'on a step'"
        assert str(scalar(member, f"SELECT pipeline_id {where}")) == PIPELINE
        assert str(scalar(member, f"SELECT team_id {where}")) == TEAM


def test_a_pipeline_takes_all_its_rows_to_another_team(world: World) -> None:
    with world.superuser() as owner:
        owner.execute("UPDATE pipelines SET team_id = %s WHERE id = %s", [FOREIGN_TEAM, PIPELINE])
        for table in ("steps", "connections", "comments", "pipeline_versions", "presence"):
            teams = rows(
                owner,
                f"SELECT DISTINCT team_id::text FROM {table} WHERE pipeline_id = %s",
                PIPELINE,
            )
            assert teams == [(FOREIGN_TEAM,)], table


def test_deleting_a_user_keeps_what_he_made(world: World) -> None:
    with world.superuser() as owner:
        owner.execute("DELETE FROM users WHERE id = %s", [MEMBER])
        where = " WHERE id = %s"
        assert scalar(owner, f"SELECT count(*) FROM pipelines{where}", PIPELINE) == 1
        assert scalar(owner, f"SELECT created_by FROM pipelines{where}", PIPELINE) is None
        assert scalar(owner, f"SELECT user_id FROM comments{where}", COMMENT) is None


def test_move_step_takes_children_and_comments_and_drops_connections(world: World) -> None:
    with world.user(MEMBER) as member:
        member.execute(
            "INSERT INTO connections (pipeline_id, from_step_id, to_step_id) VALUES"
            " (%(p)s, %(two)s, %(loop)s), (%(p)s, %(loop)s, %(body)s)",
            {"p": PIPELINE, "two": STEP_TWO, "loop": LOOP, "body": BODY},
        )
        member.execute("INSERT INTO comments (step_id, content) VALUES (%s, 'moves')", [BODY])
        assert scalar(member, "SELECT move_step(%s, %s)", LOOP, SECOND_PIPELINE) == 2
        moved = rows(
            member, "SELECT name FROM steps WHERE pipeline_id = %s ORDER BY 1", SECOND_PIPELINE
        )
        assert moved == [("body",), ("loop",)]
        assert str(scalar(member, "SELECT parent_step_id FROM steps WHERE id = %s", BODY)) == LOOP
        comment = "SELECT pipeline_id FROM comments WHERE content = 'moves'"
        assert str(scalar(member, comment)) == SECOND_PIPELINE
        ends = "SELECT count(*) FROM connections WHERE %s IN (from_step_id, to_step_id)"
        assert scalar(member, ends, STEP_TWO) == 1
        assert scalar(member, ends, LOOP) == 1
        assert scalar(member, "SELECT move_step(%s, %s)", LOOP, SECOND_PIPELINE) == 0


def test_move_step_into_another_team_changes_the_team(world: World) -> None:
    with world.superuser() as owner:
        owner.execute("SELECT move_step(%s, %s)", [LOOP, FOREIGN_PIPELINE])
        teams = "SELECT DISTINCT team_id::text FROM steps WHERE id IN (%s, %s)"
        assert rows(owner, teams, LOOP, BODY) == [(FOREIGN_TEAM,)]


def test_two_sessions_cannot_make_a_cycle_together(world: World) -> None:
    hang = "UPDATE steps SET parent_step_id = %s WHERE id = %s"
    with world.superuser() as one, world.superuser() as two:
        one.execute("BEGIN")
        one.execute(hang.encode(), [STEP_ONE, STEP_TWO])
        two.execute("SET lock_timeout = '200ms'")
        assert sqlstate(two, hang, STEP_TWO, STEP_ONE) == "55P03"
        one.execute("COMMIT")
        assert sqlstate(two, hang, STEP_TWO, STEP_ONE) == CHECK
