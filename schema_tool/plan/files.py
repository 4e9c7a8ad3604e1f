"""A plan as migration files, one for each transaction, with a rollback file each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.plan.render import group_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.steps import Group, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """A file to write: its name's end (empty for the first, `_2` and so on) and its text."""

    suffix: str
    rollback: bool
    text: str


def _text(group: Group) -> str:
    lines = []
    if not group.transactional:
        lines += ["-- transactional: false", ""]
    if any(step.identity.kind is Kind.ROUTINE for step in group.steps):
        lines += ["SET LOCAL check_function_bodies = off;", ""]
    return "\n".join([*lines, *group_body(group)]) + "\n"


def plan_files(plan: Plan, reverse: Plan) -> Iterator[PlannedFile]:
    """The migrations, and in the last one's rollback file the whole way back."""
    last = len(plan.groups)
    for number, group in enumerate(plan.groups, start=1):
        suffix = "" if number == 1 else f"_{number}"
        yield PlannedFile(suffix=suffix, rollback=False, text=_text(group))
        if number < last:
            undone = "-- Undone, with the files that follow it, by the last one's rollback.\n"
            yield PlannedFile(suffix=suffix, rollback=True, text=f"{undone}SELECT 1;\n")
        else:
            back = "\n".join(_text(group) for group in reverse.groups)
            yield PlannedFile(suffix=suffix, rollback=True, text=back)
