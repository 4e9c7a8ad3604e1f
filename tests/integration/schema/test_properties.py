"""Random sequences of operations keep every invariant; a restore undoes any of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.schema.world import (
    MEMBER,
    PIPELINE,
    SECOND_PIPELINE,
    Connection,
    World,
    rows,
    scalar,
)

# each example is a transaction that is rolled back; a few dozen of them take seconds
EXAMPLES = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# what an editor may be told: the operation made no sense in this state
EXPECTED = (
    psycopg.errors.UniqueViolation,
    psycopg.errors.CheckViolation,
    psycopg.errors.ForeignKeyViolation,
    psycopg.errors.ObjectNotInPrerequisiteState,
)
INVARIANTS = {
    "a part is in its pipeline's team": (
        "SELECT FROM {} AS x JOIN pipelines AS p ON p.id = x.pipeline_id"
        " WHERE x.team_id <> p.team_id"
    ),
}
TREE = (
    "WITH RECURSIVE down AS (SELECT id FROM steps WHERE parent_step_id IS NULL"
    " UNION ALL SELECT s.id FROM down AS d JOIN steps AS s ON s.parent_step_id = d.id"
    "  AND s.pipeline_id = (SELECT pipeline_id FROM steps WHERE id = d.id))"
    " SELECT id FROM steps EXCEPT SELECT id FROM down"
)
ENDS = (
    "SELECT FROM connections AS c JOIN steps AS f ON f.id = c.from_step_id"
    " JOIN steps AS t ON t.id = c.to_step_id"
    " WHERE f.pipeline_id <> c.pipeline_id OR t.pipeline_id <> c.pipeline_id OR f.id = t.id"
)
PARTS = ("steps", "connections", "comments", "pipeline_versions", "presence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One thing an editor does; `pick` and `other` choose among the rows that are there."""

    kind: str
    pick: int
    other: int
    number: int


KINDS = (
    "add", "nest", "unnest", "rename", "swap", "configure", "drag", "delete", "connect",
    "reroute", "disconnect", "move", "moveback", "settings", "comment", "undo", "version",
)  # fmt: skip
edits = st.lists(
    st.builds(
        Edit,
        kind=st.sampled_from(KINDS),
        pick=st.integers(0, 20),
        other=st.integers(0, 20),
        number=st.integers(0, 5),
    ),
    min_size=1,
    max_size=12,
)
STATEMENTS = {
    "add": "INSERT INTO steps (pipeline_id, name, type, order_index)"
    " VALUES (%(pipeline)s, 'new ' || %(number)s, 'switch', %(number)s)",
    "nest": "UPDATE steps SET parent_step_id = %(other)s, branch = 'cases.' || %(number)s"
    " WHERE id = %(pick)s",
    "unnest": "UPDATE steps SET parent_step_id = NULL, branch = 'steps' WHERE id = %(pick)s",
    "rename": "UPDATE steps SET name = 'name ' || %(number)s WHERE id = %(pick)s",
    "swap": "UPDATE steps SET name = (SELECT o.name FROM steps AS o WHERE o.id ="
    " CASE steps.id WHEN %(pick)s THEN %(other)s ELSE %(pick)s END)"
    " WHERE id IN (%(pick)s, %(other)s)",
    "configure": "UPDATE steps SET config = jsonb_build_object('n', %(number)s::int),"
    " enabled = NOT enabled WHERE id = %(pick)s",
    "drag": "UPDATE steps SET position_x = %(number)s / 3.0, width = 1e-7 WHERE id = %(pick)s",
    "delete": "DELETE FROM steps WHERE id = %(pick)s",
    "connect": "INSERT INTO connections (pipeline_id, from_step_id, to_step_id, path_data)"
    " SELECT pipeline_id, id, %(other)s, '[1.5]' FROM steps WHERE id = %(pick)s",
    "reroute": "UPDATE connections SET to_step_id = %(other)s, to_input = 'i' || %(number)s"
    " WHERE from_step_id = %(pick)s",
    "disconnect": "DELETE FROM connections WHERE from_step_id = %(pick)s",
    "move": "SELECT move_step(%(pick)s, %(second)s)",
    "moveback": "SELECT move_step(%(pick)s, %(pipeline)s)",
    "settings": "UPDATE pipelines SET name = 'P' || %(number)s, tags = array['t' || %(number)s],"
    " config = jsonb_build_object('n', %(number)s::int), status = 'active',"
    " published_at = now(), description = NULL WHERE id = %(pipeline)s",
    "comment": "INSERT INTO comments (step_id, content) VALUES (%(pick)s, 'x')",
    "undo": "SELECT undo_change(id) FROM pipeline_changes ORDER BY id DESC LIMIT 1"
    " OFFSET %(number)s",
    "version": "SELECT create_pipeline_version(%(pipeline)s)",
}


@contextmanager
def _session(world: World) -> Iterator[Connection]:
    with world.user(MEMBER) as connection, connection.transaction(force_rollback=True):
        yield connection


def _apply(connection: Connection, edit: Edit) -> None:
    """Do one edit as the member; what makes no sense is refused and leaves nothing behind."""
    ids = [key for (key,) in rows(connection, "SELECT id FROM steps ORDER BY id")]
    if not ids:
        return
    values: dict[str, Any] = {
        "pick": ids[edit.pick % len(ids)],
        "other": ids[edit.other % len(ids)],
        "number": edit.number,
        "pipeline": PIPELINE,
        "second": SECOND_PIPELINE,
    }
    try:
        with connection.transaction():
            connection.execute(STATEMENTS[edit.kind].encode(), values)
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            connection.execute("SET CONSTRAINTS ALL DEFERRED")
            connection.execute("SET CONSTRAINTS unique_step_name IMMEDIATE")
    except EXPECTED:
        pass


def _check(connection: Connection) -> None:
    for part in PARTS:
        for claim, query in INVARIANTS.items():
            assert rows(connection, query.format(part)) == [], (claim, part)
    assert rows(connection, TREE) == []
    assert rows(connection, ENDS) == []
    numbers = rows(
        connection,
        "SELECT array_agg(version_number ORDER BY version_number) FROM pipeline_versions"
        " GROUP BY pipeline_id",
    )
    assert all(given == list(range(1, len(given) + 1)) for (given,) in numbers)


@pytest.fixture(scope="module")
def property_world(shared_world: World) -> World:
    return shared_world


@EXAMPLES
@given(sequence=edits)
def test_any_sequence_of_edits_keeps_the_invariants(
    property_world: World, sequence: list[Edit]
) -> None:
    with _session(property_world) as connection:
        for edit in sequence:
            _apply(connection, edit)
        _check(connection)
        # the superuser sees that nothing left the team
        connection.execute("SAVEPOINT looking")


@EXAMPLES
@given(before=edits, after=edits)
def test_restore_is_the_identity_whatever_happened_since(
    property_world: World, before: list[Edit], after: list[Edit]
) -> None:
    with _session(property_world) as connection:
        for edit in before:
            _apply(connection, edit)
        state = "SELECT * FROM pipeline_state(%s)"
        kept = rows(connection, state, PIPELINE)
        number = scalar(connection, "SELECT create_pipeline_version(%s)", PIPELINE)
        for edit in after:
            _apply(connection, edit)
        edited = rows(connection, state, PIPELINE)
        saved = scalar(connection, "SELECT create_pipeline_version(%s)", PIPELINE)
        connection.execute("SELECT restore_pipeline_version(%s, %s)", [PIPELINE, number])
        assert rows(connection, state, PIPELINE) == kept
        _check(connection)
        connection.execute("SELECT restore_pipeline_version(%s, %s)", [PIPELINE, saved])
        assert rows(connection, state, PIPELINE) == edited
        _check(connection)


@EXAMPLES
@given(sequence=edits)
def test_undoing_every_change_backwards_returns_to_the_start(
    property_world: World, sequence: list[Edit]
) -> None:
    """One statement at a time, newest first; what one statement did comes back together."""
    with _session(property_world) as connection:
        query = "SELECT * FROM pipeline_state(%s), pipeline_state(%s) AS second"
        start = rows(connection, query, PIPELINE, SECOND_PIPELINE)
        for edit in sequence:
            if edit.kind not in {"undo", "move", "moveback", "delete", "swap", "comment"}:
                first = int(scalar(connection, "SELECT max(id) FROM pipeline_changes"))
                _apply(connection, edit)
                done = rows(
                    connection,
                    "SELECT id FROM pipeline_changes WHERE id > %s ORDER BY id DESC",
                    first,
                )
                for (change,) in done:
                    connection.execute("SELECT undo_change(%s)", [change])
        assert rows(connection, query, PIPELINE, SECOND_PIPELINE) == start


@settings(max_examples=200, deadline=None)
@given(value=st.text(alphabet=st.characters(blacklist_characters="\x00", codec="utf-8")))
def test_no_text_in_the_setting_is_an_error(property_world: World, value: str) -> None:
    with property_world.user(None) as connection:
        for name in ("app.user_id", "request.jwt.claims"):
            connection.execute("SELECT set_config(%s, %s, false)", [name, value])
            assert scalar(connection, "SELECT current_user_id()") is None
            connection.execute("SELECT set_config(%s, '', false)", [name])
