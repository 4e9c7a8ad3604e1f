"""What validate_step_config() finds."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.integration.schema.world import Connection, rows

# a type, a config that it is content with, and what is missing in an empty one
NEEDS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "claude": ({"prompt": "x"}, ["prompt"]),
    "gemini": ({"prompt": []}, ["prompt"]),
    "claude_smart": ({"prompt": "x"}, ["prompt"]),
    "claude_session": ({"prompt": "x", "session_config": {}}, ["prompt", "session_config"]),
    "claude_extract": ({"prompt": "x"}, ["prompt"]),
    "claude_batch": ({"tasks": []}, ["tasks or prompt"]),
    "claude_robust": ({"prompt": "x"}, ["prompt"]),
    "parallel_claude": ({"parallel_tasks": []}, ["parallel_tasks or task_template"]),
    "gemini_instructor": ({"prompt": "x"}, ["prompt"]),
    "pipeline": ({"pipeline_ref": "x"}, ["pipeline_file or pipeline or pipeline_ref"]),
    "for_loop": ({"as": "x", "data_source": []}, ["iterator or as", "data_source or over"]),
    "while_loop": ({"condition": "x.y"}, ["condition"]),
    "switch": ({"expression": "x.y"}, ["expression"]),
    "data_transform": ({"input_source": "x", "operations": []}, ["input_source", "operations"]),
    "file_ops": ({"operation": "list"}, ["operation"]),
    "codebase_query": ({"queries": {}}, ["queries"]),
    "set_variable": ({"variable": "x", "value": 1}, ["variables or variable"]),
    "checkpoint": ({"action": "load"}, ["state or action"]),
}


def findings(
    connection: Connection, kind: str | None, config: Any, names: list[str] | None = None
) -> list[tuple[Any, ...]]:
    query = "SELECT * FROM validate_step_config(%s, %s::jsonb, %s) ORDER BY path, message"
    return rows(connection, query, kind, json.dumps(config), names)


@pytest.mark.parametrize("kind", NEEDS)
def test_a_type_asks_for_its_own_fields(parser: Connection, kind: str) -> None:
    config, missing = NEEDS[kind]
    assert findings(parser, kind, config) == []
    said = [message for _, _, message in findings(parser, kind, {})]
    assert sorted(said) == sorted(f"a {kind} step needs {one}" for one in missing)


def test_every_allowed_type_is_known(parser: Connection) -> None:
    query = """
        SELECT m[1] FROM pg_constraint,
            regexp_matches(pg_get_constraintdef(oid), '''([a-z_]+)''', 'g') AS m
        WHERE conname = 'valid_step_type'
    """
    found = rows(parser, query)
    assert sorted(row[0] for row in found) == sorted(NEEDS)


@pytest.mark.parametrize(
    ("prompt", "path", "message"),
    [
        (1, "prompt", "the prompt is neither a text nor a list"),
        ({"type": "static"}, "prompt", "the prompt is neither a text nor a list"),
        (["text"], "prompt.0", "a prompt part is a mapping with type"),
        ([{}], "prompt.0", "unknown type of prompt part: none"),
        ([{"type": "static", "content": ""}, {"type": "x"}], "prompt.1", "unknown type of prompt"),
        ([{"type": "static"}], "prompt.0", "a prompt part of type static needs content"),
        ([{"type": "file"}], "prompt.0", "a prompt part of type file needs path"),
        ([{"type": "previous_response"}], "prompt.0", "a prompt part of type previous_resp"),
    ],
)
def test_a_malformed_prompt_is_found_at_its_place(
    parser: Connection, prompt: Any, path: str, message: str
) -> None:
    ((severity, found, said),) = findings(parser, "claude", {"prompt": prompt})
    assert (severity, found) == ("error", path)
    assert said.startswith(message)


def test_tasks_have_ids_and_prompts_of_their_own(parser: Connection) -> None:
    tasks = [{"id": "a", "prompt": [{"type": "static"}]}, {"prompt": 1}, "text"]
    assert findings(parser, "parallel_claude", {"parallel_tasks": tasks}) == [
        ("error", "parallel_tasks.0.prompt.0", "a prompt part of type static needs content"),
        ("error", "parallel_tasks.1", "a parallel task needs id"),
        ("error", "parallel_tasks.1.prompt", "the prompt is neither a text nor a list"),
        ("error", "parallel_tasks.2", "a parallel task needs id"),
    ]


def test_a_reference_to_no_step_is_a_warning_when_the_names_are_given(parser: Connection) -> None:
    config = {"prompt": "{{steps.plan.x}} {{steps.gone.x}}", "condition": "other.x > 1"}
    assert findings(parser, "claude", config) == []
    assert findings(parser, "claude", config, ["plan"]) == [
        ("warning", "prompt", 'there is no step "gone"')
    ]


@pytest.mark.parametrize("config", [None, 1, "text", []])
def test_what_is_no_object_is_no_config(parser: Connection, config: Any) -> None:
    assert findings(parser, "claude", config) == [("error", "", "the config is no object")]


def test_an_unknown_type_is_an_error(parser: Connection) -> None:
    assert findings(parser, "bash", {}) == [("error", "type", 'unknown step type "bash"')]
    assert findings(parser, None, {})[0][:2] == ("error", "type")
