"""The one place where a Step becomes SQL text: what is printed is what is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.plan.render.as_written import as_written
from schema_tool.plan.render.notes import notes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.steps import Group, Plan, Step

# A routine may name what a later statement makes.
_PREAMBLE = "SET check_function_bodies = off"
# An aggregate has none.
_WITH_BODY = tuple(
    f"{create} {what} "
    for create in ("CREATE", "CREATE OR REPLACE")
    for what in ("FUNCTION", "PROCEDURE")
)


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
    return (_PREAMBLE,) if any(map(has_body, plan.steps)) else ()


def has_body(step: Step) -> bool:
    """Whether it makes or replaces a routine, whose body the server would look at."""
    return step.identity.kind is Kind.ROUTINE and step.sql.startswith(_WITH_BODY)


def group_body(group: Group, said: set[str] | None = None, *, hide: bool = False) -> Iterator[str]:
    """The lines of one group, without BEGIN and COMMIT."""
    said = set() if said is None else said
    last = None
    for step in group.steps:
        above = list(notes(step, said))
        subject = step.identity.parts[:2]
        if last is not None and (subject != last or above):
            yield ""
        last = subject
        yield from above
        yield f"{render(step, hide=hide)};"


def _group_lines(group: Group, said: set[str]) -> Iterator[str]:
    if len(group.steps) == 1:
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
