"""A pipeline file is refused at its true place, and nothing of it is changed silently."""

from __future__ import annotations

import psycopg
import pytest
import yaml

from tests.integration.schema.world import Connection, scalar

TWELVE = "".join(f"    - {{name: s{n}, type: claude}}\n" for n in range(12))
IN_A_LIST = "workflow:\n  name: x\n  steps:\n"

REFUSED = {
    "a number as name": (
        IN_A_LIST + "    - name: 12\n      type: claude\n",
        "YP001",
        "line 4, column 7: the step's name is not a text",
    ),
    "a mapping as name": (
        IN_A_LIST + "    - type: claude\n      name: {a: b}\n",
        "YP001",
        "line 5, column 7: the step's name is not a text",
    ),
    "a list as name": (
        IN_A_LIST + "    - {type: claude, name: [a]}\n",
        "YP001",
        "line 4, column 22: the step's name is not a text",
    ),
    "null as name": (
        IN_A_LIST + "    - {type: claude, name: ~}\n",
        "YP001",
        "line 4, column 7: the step has no name",
    ),
    "a step that is null": (
        IN_A_LIST + "    -\n",
        "YP001",
        "line 3, column 3: the step has no name",
    ),
    "the second and the eleventh step bad": (
        IN_A_LIST + TWELVE.replace("name: s2,", "").replace("name: s10,", ""),
        "YP001",
        "line 6, column 7: the step has no name",
    ),
    "the eleventh named as the third": (
        IN_A_LIST + TWELVE.replace("s10", "s2"),
        "YP003",
        'line 14, column 8: a second step is named "s2"',
    ),
    "a default before its cases": (
        IN_A_LIST + "    - name: s\n      type: switch\n      expression: a\n"
        "      default: [{name: a, type: claude}]\n"
        "      cases: {b: [{name: a, type: claude}]}\n",
        "YP003",
        'line 8, column 20: a second step is named "a"',
    ),
    "the key $root": (
        "workflow:\n  name: x\n  $root: {a: b}\n  steps: []\n",
        "YP001",
        "line 3, column 3: the key $root is taken",
    ),
    "the key $root in a flat file": (
        "name: x\nsteps: []\n$root: {a: b}\n",
        "YP001",
        "line 3, column 1: the key $root is taken",
    ),
    "the key $root below pipeline": (
        "pipeline:\n  name: x\n  $root: {a: b}\nsteps: []\n",
        "YP001",
        "line 3, column 3: the key $root is taken",
    ),
}


@pytest.mark.parametrize("flaw", REFUSED)
def test_the_place_is_the_first_flaw_s(member: Connection, flaw: str) -> None:
    text, state, message = REFUSED[flaw]
    with pytest.raises(psycopg.Error) as raised, member.transaction():
        member.execute("SELECT import_pipeline(%s)", [text])
    assert raised.value.sqlstate == state
    assert raised.value.diag.message_primary == message


def test_a_key_root_beside_the_workflow_is_kept(member: Connection) -> None:
    text = "$root: {a: b}\nworkflow:\n  name: x\n  steps: []\n"
    found = scalar(member, "SELECT import_pipeline_yaml(%s)", text)
    exported = scalar(member, "SELECT export_pipeline_yaml(%s)", found)
    assert yaml.safe_load(exported) == yaml.safe_load(text)


@pytest.mark.parametrize("text", ["1", '"a"', "[]", "[1, [2]]", "{}", '{"a": {"b": [1]}}'])
def test_an_order_as_jsonb_has_it_is_null(parser: Connection, text: str) -> None:
    assert scalar(parser, "SELECT yaml.key_order(%s)", text) is None


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ('{"b": 1, "a": 2}', {"keys": ["b", "a"]}),
        ('{"a": [1, {"d": 1, "c": 2}]}', {"in": {"a": {"in": {"1": {"keys": ["d", "c"]}}}}}),
        (
            '{"b": {"d": 1, "c": 2}, "a": 2}',
            {"keys": ["b", "a"], "in": {"b": {"keys": ["d", "c"]}}},
        ),
    ],
)
def test_only_orders_that_differ_are_recorded(
    parser: Connection, text: str, order: dict[str, object]
) -> None:
    assert scalar(parser, "SELECT yaml.key_order(%s)", text) == order


def test_a_step_in_the_order_of_jsonb_keeps_it(member: Connection) -> None:
    text = (
        "workflow:\n  name: x\n  steps:\n    - as: f\n      name: a\n      type: for_loop\n"
        "      iterator: f\n"
    )
    found = scalar(member, "SELECT import_pipeline_yaml(%s)", text)
    assert scalar(member, "SELECT export_pipeline_yaml(%s)", found) == text


@pytest.mark.parametrize("key", ["tags", "defaults"])
@pytest.mark.parametrize("value", ["[]", "{}"])
def test_an_empty_member_beside_pipeline_is_kept(member: Connection, key: str, value: str) -> None:
    text = f"pipeline: {{name: x}}\n{key}: {value}\nsteps: []\n"
    found = scalar(member, "SELECT import_pipeline_yaml(%s)", text)
    exported = scalar(member, "SELECT export_pipeline_yaml(%s)", found)
    assert yaml.safe_load(exported) == yaml.safe_load(text)
