"""Random pipeline files of version 2, and random edits of them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import yaml
from hypothesis import strategies as st

from tests.integration.yaml.core_loader import core_load

Node = dict[str, Any]

NAMES = ["plan", "read-file", "x y", "é", "1a", "steps", "cases.x", "loop", "a.b", "Z", "q", "r"]
BRANCHES = {
    "for_loop": ["steps"],
    "while_loop": ["steps"],
    "switch": ["default", "cases"],
    "checkpoint": ["on_not_found"],
}
TYPES = ["claude", "gemini", "parallel_claude", "pipeline", "data_transform", *BRANCHES]
CASES = ["good", "a.b", "1", "true", "", "cases", "steps"]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-99, 99),
    st.sampled_from([0.5, 1e-7, 1e22]),
    st.sampled_from(["", "yes", "null", "1.0", "a: b", " x", "line\nline\n", "{{ steps.plan.f }}"]),
    st.sampled_from([f"{{{{steps.{name}.out}}}}" for name in NAMES[:5]]),
)


def _values(*keys: str) -> st.SearchStrategy[Any]:
    return st.recursive(
        SCALARS,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(keys), inner)
        ),
        max_leaves=5,
    )


# What stands where steps may stand has no name: a list of names is a list of steps, and one
# without a type is refused.
BRANCH_VALUES = _values("z", "in", "keys", "steps", "b")
VALUES = _values("z", "name", "in", "keys", "steps", "b")
REFERENCES = st.sampled_from([*NAMES, "nowhere"])
PROMPTS = st.one_of(
    st.sampled_from(["do it", "see {{steps.plan.summary}} and {{ steps.read-file }}"]),
    st.lists(
        st.one_of(
            st.fixed_dictionaries({"type": st.just("static"), "content": st.just("text")}),
            st.fixed_dictionaries({"step": REFERENCES, "type": st.just("previous_response")}),
        ),
        max_size=3,
    ),
)
MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        "prompt": PROMPTS,
        "condition": st.sampled_from(["plan.ok == true", {"and": ["q.x > 1", "steps.r.y"]}]),
        "data_source": st.sampled_from(["previous_response:plan:files", "q", "inputs.x", [1]]),
        "input_source": st.sampled_from(["plan", "steps.r", "state.x"]),
        "enabled": st.booleans(),
        "iterator": st.sampled_from(["file", "q"]),
        "zone": VALUES,
        "cases": BRANCH_VALUES,
        "default": BRANCH_VALUES,
        "on_error": st.sampled_from(["continue", [], {"action": "x"}]),
        "steps": st.sampled_from([[], None]),
    },
)
EXTRAS = st.fixed_dictionaries(
    {},
    optional={
        "description": st.sampled_from(["text", "", None, ["a"]]),
        "tags": st.sampled_from([[], ["b", "a", "a"], ["a", 1], None, "a"]),
        "defaults": st.sampled_from([{}, {"z": 1, "claude_model": "x"}, None, "a"]),
        "claude_auth": st.sampled_from([{}, {"provider": "anthropic", "auto_check": True}, None]),
        "environment": st.sampled_from([{"mode": "production"}, "production"]),
        "zone": VALUES,
    },
)


def text_of(document: Node) -> str:
    """A document as the text of a file, its keys in order."""
    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))


def exact(text: str) -> str:
    """The value of a text in a form whose equality sees the order of keys, and types."""
    return json.dumps(_plain(core_load(text)))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return {"number": str(Decimal(value).normalize())}
    return value


def workflow_of(document: Node) -> Node:
    """The mapping that holds the steps."""
    found: Node = document.get("workflow", document)
    return found


def step_lists(owner: Node) -> Iterator[list[Node]]:
    """All lists of steps below a workflow or step, itself first."""
    below = [owner.get(key) for key in ("steps", "error_handler", "on_error", "on_not_found")]
    if owner.get("type") == "switch":
        below.append(owner.get("default"))
    cases = owner.get("cases")
    below += cases.values() if isinstance(cases, dict) else []
    for one in below:
        if isinstance(one, list) and one and all(_is_step(step) for step in one):
            yield one
            for step in one:
                yield from step_lists(step)


def _is_step(value: Any) -> bool:
    return isinstance(value, dict) and ("name" in value or "type" in value)


@st.composite
def steps(draw: st.DrawFn, names: list[str], depth: int) -> list[Node]:
    """A list of steps that take their names from the end of `names`."""
    made: list[Node] = []
    for _ in range(draw(st.integers(1, 3))):
        if not names:
            break
        kind = draw(st.sampled_from(TYPES))
        members = {**draw(MEMBERS), "name": names.pop(), "type": kind}
        if depth > 0 and names and draw(st.booleans()):
            branch = draw(st.sampled_from([*BRANCHES.get(kind, []), "error_handler", "on_error"]))
            inside = draw(steps(names, depth - 1))
            if branch == "cases":
                members["cases"] = {draw(st.sampled_from(CASES)): inside, "text": draw(SCALARS)}
                if names:
                    members["cases"]["good"] = draw(steps(names, depth - 1))
            else:
                members[branch] = inside
        made.append({key: members[key] for key in draw(st.permutations(list(members)))})
    return made


@st.composite
def documents(draw: st.DrawFn) -> Node:
    """A pipeline file in any of the three shapes."""
    names = draw(st.permutations(NAMES))
    workflow = {**draw(EXTRAS), "name": "x", "steps": draw(steps(list(names), 3))}
    workflow = {key: workflow[key] for key in draw(st.permutations(list(workflow)))}
    shape = draw(st.sampled_from(["workflow", "flat", "beside"]))
    if shape == "flat":
        return workflow
    if shape == "beside":
        beside = draw(
            st.sets(st.sampled_from(sorted(workflow.keys() - {"steps", "name"} or {"-"})))
        )
        below = {k: v for k, v in workflow.items() if k not in beside and k != "steps"}
        return {"pipeline": below, **{k: workflow[k] for k in workflow if k not in below}}
    return {**draw(st.sampled_from([{}, {"z": 1, "$root": None}])), "workflow": workflow}


def _rename(draw: st.DrawFn, lists: list[list[Node]]) -> None:
    draw(st.sampled_from(_all(lists)))["name"] = draw(st.sampled_from(["new", "newer"]))


def _remove(draw: st.DrawFn, lists: list[list[Node]]) -> None:
    chosen = draw(st.sampled_from(lists))
    if chosen is not lists[0] or len(chosen) > 1:
        chosen.pop(draw(st.integers(0, len(chosen) - 1)))


def _add(draw: st.DrawFn, lists: list[list[Node]]) -> None:
    step = {"type": "claude", "name": "added", "prompt": draw(PROMPTS)}
    draw(st.sampled_from(lists)).insert(0, step)


def _swap_names(draw: st.DrawFn, lists: list[list[Node]]) -> None:
    one, other = draw(st.sampled_from(_all(lists))), draw(st.sampled_from(_all(lists)))
    one["name"], other["name"] = other["name"], one["name"]


def _move(draw: st.DrawFn, lists: list[list[Node]]) -> None:
    source = draw(st.sampled_from(lists))
    step = source[draw(st.integers(0, len(source) - 1))]
    inside = [id(one) for one in step_lists(step)]
    targets = [one for one in lists if one is not source and id(one) not in inside]
    if targets and not (source is lists[0] and len(source) == 1):
        source.remove(step)
        draw(st.sampled_from(targets)).append(step)


def _change(draw: st.DrawFn, lists: list[list[Node]]) -> None:
    draw(st.sampled_from(_all(lists))).update(draw(MEMBERS))


def _retype(draw: st.DrawFn, lists: list[list[Node]]) -> None:
    draw(st.sampled_from(_all(lists)))["type"] = draw(st.sampled_from(TYPES))


def _reorder(draw: st.DrawFn, lists: list[list[Node]]) -> None:
    chosen = draw(st.sampled_from(lists))
    chosen[:] = draw(st.permutations(chosen))


def _all(lists: list[list[Node]]) -> list[Node]:
    return [step for one in lists for step in one]


EDITS: list[Callable[[st.DrawFn, list[list[Node]]], None]] = [
    *(_rename, _remove, _add, _swap_names, _move, _change, _retype, _reorder),
]


@st.composite
def edited(draw: st.DrawFn, document: Node) -> Node:
    """A document after a few edits; names stay unique."""
    new = copy.deepcopy(document)
    workflow = workflow_of(new)
    for edit in draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=4)):
        before = copy.deepcopy(workflow)
        edit(draw, list(step_lists(workflow)))
        names = [step["name"] for step in _all(list(step_lists(workflow)))]
        if len(names) != len(set(names)):
            workflow.clear()
            workflow.update(before)
    if draw(st.booleans()):
        workflow.update(draw(EXTRAS) if "pipeline" not in new else {})
    return new
