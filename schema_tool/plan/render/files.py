"""A plan as migration files, one for each transaction, each with its own way back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tool.plan.render.render import group_body, has_body

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schema_tool.plan.steps import Group, Plan

_NUMBER = re.compile(r"\d+")
# By this line `lint` knows a plan's file from one that a person wrote.
_PLANNED = "-- schema-tool: planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """How one group is undone; `together` when one transaction can do it.

    A migration and its rollback run alike, so a group whose way back needs several transactions
    is written statement by statement, too. `fails`: the server's words where it cannot be run.
    """

    plan: Plan
    together: bool = True
    fails: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """A migration to write: its id, its text and its rollback's.

    `fails`: the server's words where that cannot be run.
    """

    id: str
    text: str
    rollback: str
    fails: str = ""


def _lines(groups: Sequence[Group], *, together: bool) -> list[str]:
    lines: list[str] = []
    if any(has_body(step) for group in groups for step in group.steps):
        lines += [f"SET {'LOCAL ' if together else ''}check_function_bodies = off;", ""]
    for group in groups:
        lines += [*group_body(group, hide=True), ""]
    return lines[:-1]


def _ids(first: str, count: int) -> Iterator[str]:
    """The ids of the files: each has the next number, where the first has one."""
    number = _NUMBER.match(first)
    if number is None:
        width = len(str(count))
        yield first
        yield from (f"{first}_{place:0{width}}" for place in range(2, count + 1))
        return
    width = len(number[0])
    for place in range(count):
        yield f"{int(number[0]) + place:0{width}}{first[width:]}"


def plan_files(
    plan: Plan, ways_back: Sequence[WayBack], first: str, *, header: str = ""
) -> Iterator[PlannedFile]:
    """The migrations, the first of them called `first`; each depends on the one before.

    `header` is a line for the first, which is the one that changes the database.
    """
    before = ""
    ids = _ids(first, len(plan.groups))
    for group, back, own in zip(plan.groups, ways_back, ids, strict=True):
        together = group.transactional and back.together
        lines = [f"-- depends: {before}"] if before else [header] if header else []
        lines += [] if together else ["-- transactional: false"]
        lines += [_PLANNED, "", *_lines((group,), together=together)]
        undo = [_PLANNED, "", *(_lines(back.plan.groups, together=together) or ["SELECT 1;"])]
        text, rollback = ("\n".join(own_lines) + "\n" for own_lines in (lines, undo))
        yield PlannedFile(id=own, text=text, rollback=rollback, fails=back.fails)
        before = own
