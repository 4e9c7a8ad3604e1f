"""Pipelines come in from YAML, go out the same, and say what changed on the way."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
import yaml

from tests.integration.schema.world import (
    FOREIGN_PIPELINE,
    FOREIGN_TEAM,
    NEWCOMER,
    TEAM,
    VIEWER,
    Connection,
    World,
    rows,
    scalar,
)

REVIEW = """\
workflow:
  version: "3.1"
  name: review code
  tags: [nightly, "yes"]
  claude_auth:
    provider: anthropic
    auto_check: true
  defaults:
    output_dir: ./out
    claude_model: sonnet
  steps:
    - type: gemini
      name: plan
      prompt:
        - type: static
          content: |
            Look at the code.

            Then plan.
    - name: each_file
      type: for_loop
      iterator: file
      data_source: "previous_response:plan:files"
      steps:
        - name: read_file
          type: claude
          prompt: "Read {{loop.file}} after {{steps.plan.summary}}"
        - name: judge
          type: switch
          expression: steps.read_file.verdict
          cases:
            good:
              - name: praise
                type: set_variable
                variables: {note: good}
            bad.very:
              - name: complain
                type: claude
                prompt:
                  - {type: previous_response, step: read_file, extract: reason}
          default:
            - name: shrug
              type: checkpoint
              state: {last: "{{steps.read_file.verdict}}"}
    - name: finish
      type: claude
      condition: plan.ok == true and read_file.score > 3
      prompt:
        - type: previous_response
          step: plan
        - type: previous_response
          step: plan
        - type: previous_response
          step: finish
        - type: previous_response
          step: nowhere
"""
FLAT = "description: text\nname: flat\nsteps:\n- prompt: hello\n  type: claude\n  name: one\n"
BESIDE = (
    "pipeline:\n  name: beside\n  description: text\nsteps:\n- name: one\n  type: claude\n"
    "  prompt: hello\noutput: one\n"
)
FIRST_VERSION = """\
workflow:
  name: old
  steps:
    - name: ask
      type: claude
      prompt: What is it?
      max_attempts: 3
      on_error: continue
    - name: both
      type: parallel_claude
      retry: {max_attempts: 2}
      parallel_tasks:
        - id: a
          prompt: [{type: text, content: hello}]
"""


def snapshot(connection: Connection, pipeline_id: str) -> tuple[Any, ...]:
    """All that a pipeline's rows hold but ids and times."""
    return (
        rows(
            connection,
            "SELECT to_jsonb(p) - '{id,created_at,updated_at}'::text[] FROM pipelines p"
            " WHERE id = %s",
            pipeline_id,
        ),
        rows(
            connection,
            "SELECT (to_jsonb(s) - '{id,pipeline_id,parent_step_id,created_at,updated_at}'::text[])"
            " || jsonb_build_object('parent', p.name) FROM steps s"
            " LEFT JOIN steps p ON p.id = s.parent_step_id"
            " WHERE s.pipeline_id = %s ORDER BY s.name",
            pipeline_id,
        ),
        connections(connection, pipeline_id),
    )


def connections(connection: Connection, pipeline_id: str) -> list[tuple[Any, ...]]:
    return rows(
        connection,
        "SELECT f.name, t.name, c.from_output, c.to_input FROM connections c"
        " JOIN steps f ON f.id = c.from_step_id JOIN steps t ON t.id = c.to_step_id"
        " WHERE c.pipeline_id = %s ORDER BY 1, 2, 3, 4",
        pipeline_id,
    )


def in_order(value: Any) -> Any:
    """A value whose equality sees the order of keys."""
    if isinstance(value, dict):
        return [(key, in_order(member)) for key, member in value.items()]
    return [in_order(member) for member in value] if isinstance(value, list) else value


def refusal(connection: Connection, query: str, *parameters: object) -> tuple[str, str]:
    """SQLSTATE and message of a refused statement."""
    with pytest.raises(psycopg.Error) as raised, connection.transaction():
        connection.execute(query.encode(), parameters)
    return raised.value.sqlstate or "", raised.value.diag.message_primary or ""


def test_every_key_goes_to_its_column(member: Connection) -> None:
    found = scalar(member, "SELECT import_pipeline_yaml(%s)", REVIEW)
    assert rows(
        member,
        "SELECT team_id::text, name, description, tags, defaults, authentication, config,"
        " yaml_version FROM pipelines WHERE id = %s",
        found,
    ) == [
        (
            TEAM,
            "review code",
            None,
            ["nightly", "yes"],
            {"output_dir": "./out", "claude_model": "sonnet"},
            {"claude_auth": {"provider": "anthropic", "auto_check": True}},
            {"version": "3.1"},
            "v2",
        )
    ]


def test_nested_steps_know_their_parent_branch_and_place(member: Connection) -> None:
    found = scalar(member, "SELECT import_pipeline_yaml(%s)", REVIEW)
    assert rows(
        member,
        "SELECT s.name, p.name, s.branch, s.order_index FROM steps s"
        " LEFT JOIN steps p ON p.id = s.parent_step_id"
        " WHERE s.pipeline_id = %s ORDER BY s.name",
        found,
    ) == [
        ("complain", "judge", "cases.bad.very", 0),
        ("each_file", None, "steps", 1),
        ("finish", None, "steps", 2),
        ("judge", "each_file", "steps", 1),
        ("plan", None, "steps", 0),
        ("praise", "judge", "cases.good", 0),
        ("read_file", "each_file", "steps", 0),
        ("shrug", "judge", "default", 0),
    ]


def test_connections_follow_from_the_configs(member: Connection) -> None:
    report = scalar(member, "SELECT import_pipeline(%s)", REVIEW)
    assert connections(member, report["pipeline_id"]) == [
        ("plan", "each_file", "files", "data_source"),
        ("plan", "finish", "ok", "condition"),
        ("plan", "finish", "output", "prompt"),
        ("plan", "read_file", "summary", "prompt"),
        ("read_file", "complain", "reason", "prompt"),
        ("read_file", "finish", "score", "condition"),
        ("read_file", "judge", "verdict", "expression"),
        ("read_file", "shrug", "verdict", "state.last"),
    ]
    assert report["warnings"] == [
        'step "finish" uses its own result',
        'step "finish" uses the result of "nowhere", which is no step',
    ]


@pytest.mark.parametrize("text", [REVIEW, FLAT, BESIDE], ids=["workflow", "flat", "beside"])
def test_import_and_export_undo_each_other(member: Connection, text: str) -> None:
    first = scalar(member, "SELECT import_pipeline_yaml(%s)", text)
    exported = scalar(member, "SELECT export_pipeline_yaml(%s)", first)
    assert in_order(yaml.safe_load(exported)) == in_order(yaml.safe_load(text))
    second = scalar(member, "SELECT import_pipeline_yaml(%s)", exported)
    assert snapshot(member, second) == snapshot(member, first)
    assert scalar(member, "SELECT export_pipeline_yaml(%s)", second) == exported


def test_importing_again_changes_no_row(member: Connection) -> None:
    found = scalar(member, "SELECT import_pipeline_yaml(%s)", REVIEW)
    member.execute("UPDATE steps SET position_x = 7, enabled = false WHERE name = 'plan'")
    query = "SELECT xmin::text, cmin::text, * FROM steps WHERE pipeline_id = %s ORDER BY id"
    before = rows(member, query, found)
    exported = scalar(member, "SELECT export_pipeline_yaml(%s)", found)
    assert "enabled" not in exported
    assert "position" not in exported
    scalar(member, "SELECT import_pipeline_yaml(%s, NULL, %s)", exported, found)
    assert rows(member, query, found) == before


def test_an_edited_file_updates_in_place_and_makes_a_version(member: Connection) -> None:
    found = scalar(member, "SELECT import_pipeline_yaml(%s)", REVIEW)
    ids = dict(rows(member, "SELECT name, id FROM steps WHERE pipeline_id = %s", found))
    member.execute(
        "INSERT INTO connections (pipeline_id, from_step_id, to_step_id, to_input)"
        " VALUES (%s, %s, %s, 'by hand')",
        [found, ids["praise"], ids["finish"]],
    )
    edited = REVIEW.replace("previous_response:plan:files", "inputs.files").replace(
        "- name: shrug", "- name: sigh"
    )
    report = scalar(member, "SELECT import_pipeline(%s, pipeline_id => %s)", edited, found)
    assert report["version_number"] == 2
    after = dict(rows(member, "SELECT name, id FROM steps WHERE pipeline_id = %s", found))
    assert {k: v for k, v in after.items() if k != "sigh"} == {
        k: v for k, v in ids.items() if k != "shrug"
    }
    drawn = connections(member, found)
    assert ("plan", "each_file", "files", "data_source") not in drawn
    assert ("praise", "finish", "output", "by hand") in drawn


def test_version_1_is_put_into_the_words_of_version_2(member: Connection) -> None:
    found = scalar(member, "SELECT migrate_v1_pipeline(%s)", FIRST_VERSION)
    assert scalar(member, "SELECT yaml_version FROM pipelines WHERE id = %s", found) == "v1"
    ask, both = yaml.safe_load(scalar(member, "SELECT export_pipeline_yaml(%s)", found))[
        "workflow"
    ]["steps"]
    assert ask == {
        "name": "ask",
        "type": "claude",
        "prompt": [{"type": "static", "content": "What is it?"}],
        "max_retries": 3,
        "continue_on_error": True,
    }
    assert both["retry"] == {"max_retries": 2}
    assert both["parallel_tasks"][0]["prompt"] == [{"type": "static", "content": "hello"}]
    summary = scalar(
        member, "SELECT change_summary FROM pipeline_versions WHERE pipeline_id = %s", found
    )
    assert 'step "ask": max_attempts is now max_retries' in summary
    assert "claude_auth: added, provider anthropic" in summary


@pytest.mark.parametrize("text", [FIRST_VERSION, FLAT, BESIDE], ids=["workflow", "flat", "beside"])
def test_version_1_is_known_in_all_its_shapes(member: Connection, text: str) -> None:
    found = scalar(member, "SELECT migrate_v1_pipeline(%s, %s)", text, TEAM)
    exported = yaml.safe_load(scalar(member, "SELECT export_pipeline_yaml(%s)", found))
    assert list(exported) == ["workflow"]


REFUSED = {
    "an unknown type": (
        REVIEW.replace("type: checkpoint", "type: bash"),
        "YP002",
        'line 43, column 15: step "shrug" has the unknown type "bash"',
    ),
    "a name twice": (
        REVIEW.replace("name: shrug", "name: plan"),
        "YP003",
        'line 42, column 15: a second step is named "plan"',
    ),
    "no type": (
        "workflow:\n  name: x\n  steps:\n    - name: a\n",
        "YP001",
        'line 4, column 7: step "a" has no type',
    ),
    "no name": (
        "workflow:\n  steps:\n    - {name: a, type: claude}\n",
        "YP001",
        "line 1, column 1: the pipeline has no name",
    ),
    "no steps": (
        "workflow:\n  name: x\n",
        "YP001",
        "line 1, column 1: the pipeline has no list of steps",
    ),
    "no pipeline": ("- a\n", "YP001", "line 1, column 1: this is no pipeline"),
    "no YAML": ("workflow: [\n", "YA001", ""),
}


@pytest.mark.parametrize("flaw", REFUSED)
def test_a_bad_file_is_refused_whole(member: Connection, flaw: str) -> None:
    text, state, message = REFUSED[flaw]
    before = scalar(member, "SELECT count(*) FROM pipelines")
    found, said = refusal(member, "SELECT import_pipeline_yaml(%s)", text)
    assert found == state
    assert said.startswith(message), said
    assert scalar(member, "SELECT count(*) FROM pipelines") == before


def test_findings_block_only_when_asked(member: Connection) -> None:
    text = "workflow: {name: x, steps: [{name: a, type: claude}]}"
    assert scalar(member, "SELECT import_pipeline(%s)", text)["warnings"] == [
        'step "a": a claude step needs prompt'
    ]
    state, _ = refusal(member, "SELECT import_pipeline(%s, is_strict => true)", text)
    assert state == "YP005"


def test_row_security_decides(yaml_world: World) -> None:
    with yaml_world.user(VIEWER) as viewer:
        query = "SELECT import_pipeline_yaml(%s, %s)"
        assert refusal(viewer, query, FLAT, TEAM)[0] == "42501"
        assert refusal(viewer, "SELECT import_pipeline_yaml(%s)", FLAT)[0] == "YP004"
        assert refusal(viewer, query, FLAT, FOREIGN_TEAM)[0] == "42501"
        export = "SELECT export_pipeline_yaml(%s)"
        assert refusal(viewer, export, FOREIGN_PIPELINE)[0] == "P0002"
    with yaml_world.user(NEWCOMER) as newcomer:
        into = "SELECT import_pipeline_yaml(%s, NULL, %s)"
        assert refusal(newcomer, into, FLAT, FOREIGN_PIPELINE)[0] == "42501"


def test_a_pipeline_made_in_the_editor_is_exported(member: Connection) -> None:
    found = scalar(
        member, "INSERT INTO pipelines (team_id, name) VALUES (%s, 'x') RETURNING id", TEAM
    )
    assert scalar(member, "SELECT export_pipeline_yaml(%s)", found) == (
        "workflow:\n  name: x\n  steps: []\n"
    )


def test_an_unchanged_file_makes_no_version(member: Connection) -> None:
    found = scalar(member, "SELECT import_pipeline_yaml(%s)", REVIEW)
    report = scalar(member, "SELECT import_pipeline(%s, pipeline_id => %s)", REVIEW, found)
    assert (report["status"], report["version_number"]) == ("unchanged", None)
    assert (
        scalar(member, "SELECT count(*) FROM pipeline_versions WHERE pipeline_id = %s", found) == 1
    )


def test_what_version_1_says_twice_or_otherwise_is_reported(member: Connection) -> None:
    text = """\
workflow:
  name: old
  steps:
    - {name: a, type: claude, prompt: x, max_attempts: 1, max_retries: 2, on_error: stop}
    - {name: b, type: claude, prompt: x, on_error: ignore, claude_options: {session_id: s}}
    - name: c
      type: for_loop
      iterator: file
      data_source: inputs.files
      steps: [{name: d, type: claude, prompt: "Read {{file}}", on_error: continue}]
    - name: e
      type: pipeline
      pipeline: {steps: [{name: f, type: claude, prompt: x, max_attempts: 4}]}
"""
    report = scalar(member, "SELECT import_pipeline(%s, from_v1 => true)", text)
    assert 'step "a": max_attempts: dropped, max_retries stands beside it' in report["changes"]
    assert 'step "a": on_error: stop is now continue_on_error: false' in report["changes"]
    assert 'step "f": max_attempts is now max_retries' in report["changes"]
    assert report["warnings"] == [
        "checkpoint_enabled is not set: false in version 1, true in version 2 in production",
        'step "b": claude_options.session_id: a step of type claude_session has session_config'
        " for it",
        'step "b": on_error: ignore is unknown to version 2',
        'step "d": {{file}} of the loop "c" is {{loop.file}} in version 2',
    ]


def test_texts_too_long_for_an_index_are_taken_or_refused_at_their_place(
    member: Connection,
) -> None:
    words = " ".join(f"word{n}" for n in range(150_000))
    text = f"workflow:\n  name: x\n  description: {words}\n  steps: []\n"
    scalar(member, "SELECT import_pipeline_yaml(%s)", text)
    long = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(3000))
    text = f"workflow:\n  name: x\n  steps:\n    - {{name: {long}, type: claude}}\n"
    state, said = refusal(member, "SELECT import_pipeline_yaml(%s)", text)
    assert (state, said) == ("YP001", "line 4, column 8: the step's name is too long")
    text = f"workflow:\n  name: x\n  environment: {{a: {long}}}\n  steps: []\n"
    state, said = refusal(member, "SELECT import_pipeline_yaml(%s)", text)
    assert state == "YP001"
    assert said.startswith("line 3, column 3: environment is too large")


TYPES = [
    "claude",
    "gemini",
    "claude_smart",
    "claude_session",
    "claude_extract",
    "claude_batch",
    "claude_robust",
    "parallel_claude",
    "gemini_instructor",
    "pipeline",
    "for_loop",
    "while_loop",
    "switch",
    "data_transform",
    "file_ops",
    "codebase_query",
    "set_variable",
    "checkpoint",
]
SHAPES: dict[str, dict[str, Any]] = {
    "workflow": {"workflow": {"name": "old"}},
    "flat": {"name": "old", "version": "1.0", "metadata": {"by": "a generator"}},
    "beside": {"pipeline": {"name": "old", "description": "text"}, "output": "s0"},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_type_of_step_is_migrated_in_every_shape(member: Connection, shape: str) -> None:
    steps = [
        {
            "name": f"s{n}",
            "type": kind,
            "prompt": "do it",
            "max_attempts": n,
            "on_error": "continue",
        }
        for n, kind in enumerate(TYPES)
    ]
    root: dict[str, Any] = {**SHAPES[shape]}
    if shape == "workflow":
        root["workflow"] = {**root["workflow"], "steps": steps}
    else:
        root["steps"] = steps
    found = scalar(member, "SELECT migrate_v1_pipeline(%s)", yaml.safe_dump(root, sort_keys=False))
    exported = yaml.safe_load(scalar(member, "SELECT export_pipeline_yaml(%s)", found))
    assert exported["workflow"]["steps"] == [
        {
            "name": f"s{n}",
            "type": kind,
            "prompt": [{"type": "static", "content": "do it"}],
            "max_retries": n,
            "continue_on_error": True,
        }
        for n, kind in enumerate(TYPES)
    ]


LOOPED = """\
name: x
steps:
  - {name: q, type: claude, prompt: hi}
  - {name: z, type: claude, prompt: hi, condition: q.x > 1}
  - name: each
    type: for_loop
    iterator: file
    data_source: "steps.q.files"
    steps:
      - {name: inner, type: claude, prompt: hi}
"""
BY_CONDITION = ("q", "z", "x", "condition")


def test_a_loops_variable_takes_a_steps_name_from_conditions_elsewhere(member: Connection) -> None:
    shadowed = LOOPED.replace("iterator: file", "iterator: q")
    with member.transaction(force_rollback=True):
        found = scalar(member, "SELECT import_pipeline_yaml(%s)", LOOPED)
        for text, drawn in ((shadowed, False), (LOOPED, True)):
            report = scalar(member, "SELECT import_pipeline(%s, NULL, %s)", text, found)
            assert report["status"] == "updated"
            assert (BY_CONDITION in connections(member, found)) == drawn
            fresh = scalar(member, "SELECT import_pipeline_yaml(%s)", text)
            assert connections(member, found) == connections(member, fresh)


def test_what_was_drawn_by_hand_stays_beside_a_loops_variable_of_that_name(
    member: Connection,
) -> None:
    shadowed = LOOPED.replace("iterator: file", "iterator: q")
    changed = shadowed.replace("condition: q.x > 1", "condition: q.x > 2")
    with member.transaction(force_rollback=True):
        found = scalar(member, "SELECT import_pipeline_yaml(%s)", shadowed)
        member.execute(
            "INSERT INTO connections (pipeline_id, from_step_id, to_step_id, from_output, to_input)"
            " SELECT %s, f.id, t.id, 'x', 'condition' FROM steps f, steps t"
            " WHERE f.pipeline_id = %s AND t.pipeline_id = %s AND f.name = 'q' AND t.name = 'z'",
            (found, found, found),
        )
        scalar(member, "SELECT import_pipeline(%s, NULL, %s)", changed, found)
        assert BY_CONDITION in connections(member, found)
