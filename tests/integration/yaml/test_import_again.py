"""A file imported into an existing pipeline: what it takes along, and what stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.schema.world import (
    FOREIGN_TEAM,
    MEMBER,
    Connection,
    World,
    rows,
    scalar,
)
from tests.integration.yaml.test_pipelines import FLAT, connections, refusal

TWO_STEPS = """\
workflow:
  name: x
  steps:
    - name: one
      type: claude
      prompt: hello
    - name: two
      type: claude
      prompt: bye
"""
INTO = "SELECT import_pipeline(%s, NULL, %s)"


def store(connection: Connection, text: str) -> str:
    return str(scalar(connection, "SELECT import_pipeline_yaml(%s)", text))


def links(connection: Connection, steps: str) -> list[tuple[Any, ...]]:
    return connections(connection, store(connection, f"name: x\nsteps:\n{steps}"))


def test_comments_go_with_their_step_and_stay_with_the_others(member: Connection) -> None:
    found = store(member, TWO_STEPS)
    member.execute(
        "INSERT INTO comments (pipeline_id, step_id, content)"
        " SELECT pipeline_id, id, 'on ' || name FROM steps WHERE pipeline_id = %s"
        " UNION ALL SELECT %s::uuid, NULL, 'on all'",
        [found, found],
    )
    renamed = TWO_STEPS.replace("name: two", "name: three").replace("hello", "good day")
    report = scalar(member, INTO, renamed, found)
    assert report["changes"] == ['step "two": removed, with its comment']
    query = "SELECT content FROM comments WHERE pipeline_id = %s ORDER BY content"
    assert rows(member, query, found) == [("on all",), ("on one",)]


def test_enabled_is_the_editor_s_until_the_file_changes_its_mind(member: Connection) -> None:
    found = store(member, TWO_STEPS)
    enabled = "SELECT name, enabled FROM steps WHERE pipeline_id = %s ORDER BY order_index"

    def import_and_see(text: str) -> list[tuple[Any, ...]]:
        scalar(member, INTO, text, found)
        return rows(member, enabled, found)

    member.execute("UPDATE steps SET enabled = false WHERE name = 'one'")
    assert import_and_see(TWO_STEPS.replace("bye", "so long")) == [("one", False), ("two", True)]
    off = TWO_STEPS.replace("bye", "bye\n      enabled: false")
    assert import_and_see(off) == [("one", False), ("two", False)]
    member.execute("UPDATE steps SET enabled = true WHERE name = 'two'")
    assert import_and_see(off.replace("bye", "so long")) == [("one", False), ("two", True)]
    on = off.replace("enabled: false", "enabled: true").replace(
        "hello", "hello\n      enabled: true"
    )
    assert import_and_see(on) == [("one", True), ("two", True)]
    assert import_and_see(TWO_STEPS) == [("one", True), ("two", True)]


def test_positions_stay_and_new_steps_get_their_own(member: Connection) -> None:
    found = store(member, TWO_STEPS)
    member.execute("UPDATE steps SET position_x = 7, position_y = 8 WHERE name = 'one'")
    scalar(member, INTO, TWO_STEPS.replace("name: two", "name: three"), found)
    query = "SELECT name, position_x, position_y FROM steps WHERE pipeline_id = %s ORDER BY 2"
    assert rows(member, query, found) == [("one", 7, 8), ("three", 280, 0)]


def test_a_join_s_other_source_is_drawn_as_right_source(member: Connection) -> None:
    steps = """\
- {name: a, type: claude}
- {name: b, type: claude}
- name: c
  type: data_transform
  input_source: a
  operations: [{operation: sort}, {operation: join, right_source: "previous_response:b:rows"}]
"""
    assert links(member, steps) == [
        ("a", "c", "output", "input_source"),
        ("b", "c", "rows", "right_source"),
    ]


def test_a_loop_s_variable_is_no_step_of_that_name(member: Connection) -> None:
    steps = """\
- {name: file, type: claude}
- name: outer
  type: for_loop
  iterator: file
  data_source: inputs.files
  steps:
    - {name: inner, type: for_loop, iterator: line, data_source: file.lines, steps: []}
    - {name: sure, type: claude, prompt: "{{steps.file.text}}"}
"""
    assert links(member, steps) == [("file", "sure", "text", "prompt")]


@pytest.fixture
def owner(yaml_world: World) -> Iterator[Connection]:
    """A session that row security does not bind and that acts for no user."""
    with yaml_world.superuser() as connection, connection.transaction(force_rollback=True):
        yield connection


def test_an_owner_who_acts_for_no_user_names_any_team_that_is_there(owner: Connection) -> None:
    found = scalar(owner, "SELECT import_pipeline_yaml(%s, %s)", FLAT, FOREIGN_TEAM)
    query = "SELECT team_id::text, created_by FROM pipelines WHERE id = %s"
    assert rows(owner, query, found) == [(FOREIGN_TEAM, None)]
    assert refusal(owner, "SELECT import_pipeline_yaml(%s, %s)", FLAT, MEMBER) == (
        "42501",
        f"there is no team {MEMBER}",
    )
    assert refusal(owner, "SELECT import_pipeline_yaml(%s)", FLAT)[0] == "YP004"


def test_an_owner_who_acts_for_a_user_is_held_to_what_the_user_may(owner: Connection) -> None:
    owner.execute("SELECT set_config('app.user_id', %s, true)", [MEMBER])
    state, said = refusal(owner, "SELECT import_pipeline_yaml(%s, %s)", FLAT, FOREIGN_TEAM)
    assert (state, said) == ("42501", f"user {MEMBER} is in no team {FOREIGN_TEAM}")


def test_the_version_says_which_steps_were_removed(member: Connection) -> None:
    found = store(member, TWO_STEPS)
    report = scalar(member, INTO, TWO_STEPS[: TWO_STEPS.index("    - name: two")], found)
    assert (report["status"], report["changes"]) == ("updated", ['step "two": removed'])
    query = "SELECT change_summary FROM pipeline_versions WHERE version_number = 2"
    assert scalar(member, f"{query} AND pipeline_id = %s", found) == (
        'Imported from YAML\nstep "two": removed'
    )


@pytest.mark.parametrize("text", [None, "", "# only a comment\n"])
def test_no_text_is_no_pipeline(member: Connection, text: str | None) -> None:
    state, said = refusal(member, "SELECT import_pipeline_yaml(%s)", text)
    assert (state, said) == ("YA006", "the text holds 0 documents")
