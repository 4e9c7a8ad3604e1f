"""The one place where a Step becomes SQL text: what is printed is what is run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.plan.as_written import as_written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.steps import Group, Plan, Step

# A routine may name what a later statement makes.
_PREAMBLE = "SET check_function_bodies = off"
_LINE_BREAKS = re.compile(r"[\r\n]+")


def render(step: Step, *, hide: bool = False) -> str:
    """One statement, ready to run, without its semicolon.

    `hide`: with `:'NAME'` for each secret, which `apply` and psql fill in.
    """
    text = as_written(step.statement.sql)
    for secret, variable in step.statement.secrets if hide else ():
        text = text.replace(secret, f":'{variable}'")
    return text


def preamble(plan: Plan) -> tuple[str, ...]:
    """What is set for the session before the first step."""
    kinds = {step.identity.kind for step in plan.steps}
    return (_PREAMBLE,) if Kind.ROUTINE in kinds else ()


def _notes(step: Step, said: set[str]) -> Iterator[str]:
    """What is said above a step: its reason once, and what it destroys."""
    for part in step.each:
        if part.reason and part.reason not in said:
            said.add(part.reason)
            yield part.reason
    dangers = step.statement.dangers
    for danger in dangers:
        if danger.loses:
            yield f"{danger.hazard}: loses {danger.loses}"
        if danger.fails:
            yield f"{danger.hazard}: fails {danger.fails}"
    rewriting = next((danger for danger in dangers if danger.rewrites), None)
    if rewriting is not None:
        table = ".".join(step.identity.parts[:2])
        yield f"rewrites {table} under an {rewriting.lock} lock"


def group_body(group: Group, said: set[str] | None = None, *, hide: bool = False) -> Iterator[str]:
    """The lines of one group, without BEGIN and COMMIT."""
    said = set() if said is None else said
    last = None
    for step in group.steps:
        # A name may hold line breaks, after which a comment would go on as SQL.
        notes = [f"-- {_LINE_BREAKS.sub(' ', note)}" for note in _notes(step, said)]
        subject = step.identity.parts[:2]
        if last is not None and (subject != last or notes):
            yield ""
        last = subject
        yield from notes
        yield f"{render(step, hide=hide)};"


def _group_lines(group: Group, said: set[str]) -> Iterator[str]:
    if not group.transactional:
        yield from group_body(group, said)
        return
    yield "BEGIN;"
    yield ""
    yield from group_body(group, said)
    yield ""
    yield "COMMIT;"


def render_plan(plan: Plan) -> str:
    """The whole plan as a script for psql, a transaction for each group."""
    if not plan.groups:
        return ""
    said: set[str] = set()
    blocks = [";\n".join([*preamble(plan), ""]).rstrip("\n")] if preamble(plan) else []
    blocks += ["\n".join(_group_lines(group, said)) for group in plan.groups]
    return "\n\n".join(blocks) + "\n"
