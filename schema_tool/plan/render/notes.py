"""What stands above a step: why it is there, what it destroys, whether it rewrites."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.hazards import Hazard
from schema_tool.plan.steps import LockMode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.steps import Step

_LINE_BREAKS = re.compile(r"[\r\n]+")
_WIDTH = 100
_DONE_MEANWHILE = {
    Hazard.COPY_TABLE: "scans the rows and moves some",
    Hazard.SCAN_TABLE: "scans the rows",
    Hazard.BUILD_INDEX: "builds an index",
}


def notes(step: Step, said: set[str]) -> Iterator[str]:
    """Comment lines: its reason, unless that has been `said`, and what it costs."""
    for part in step.each:
        if part.reason and part.reason not in said:
            said.add(part.reason)
            yield from _lines(part.reason)
    yield from _costs(step)
    dangers = step.statement.dangers
    rewriting = next((danger for danger in dangers if danger.rewrites), None)
    locked = {d.hazard for d in dangers if d.lock is LockMode.ACCESS_EXCLUSIVE}
    if rewriting is not None:
        table = ".".join(step.identity.parts[:2])
        builds = " and builds another index" if Hazard.BUILD_INDEX in locked else ""
        yield from _lines(f"rewrites {table}{builds} under an {rewriting.lock} lock")
        return
    for hazard, does in _DONE_MEANWHILE.items():
        if hazard in locked:
            yield from _lines(f"{does} under an {LockMode.ACCESS_EXCLUSIVE} lock")
    if any(d.hazard is Hazard.BUILD_INDEX and d.lock is LockMode.SHARE for d in dangers):
        yield from _lines(f"{_DONE_MEANWHILE[Hazard.BUILD_INDEX]} under a {LockMode.SHARE} lock")
    writers = LockMode.SHARE_ROW_EXCLUSIVE
    if any(d.hazard is Hazard.SCAN_TABLE and d.lock is writers for d in dangers):
        yield from _lines(f"scans the rows under a {writers} lock on both tables")
    scans = any(d.hazard is Hazard.SCAN_TABLE and d.lock is LockMode.SHARE for d in dangers)
    if scans and step.identity.kind is Kind.DOMAIN:
        yield from _lines(f"scans the tables with such columns under a {LockMode.SHARE} lock")


def _lines(sentence: str) -> list[str]:
    """A comment on as many lines as it needs.

    A name may hold line breaks, after which it would go on as SQL.
    """
    return textwrap.wrap(
        f"-- {_LINE_BREAKS.sub(' ', sentence)}",
        _WIDTH,
        subsequent_indent="--     ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _costs(step: Step) -> Iterator[str]:
    """What it loses and where it fails; of several columns in one sentence."""
    columns: dict[str, list[str]] = {}
    for part in step.each:
        named = part.identity.name
        for danger in part.statement.dangers:
            for word in ("loses", "fails", "keeps", "depends"):
                text = getattr(danger, word)
                own = part.identity.kind is Kind.COLUMN and text.endswith(f" {named}")
                said = f"{danger.hazard}: {word} {text.removesuffix(named) if own else text}"
                if text:
                    found = columns.setdefault(said, [])
                    found += [part.identity.parts[2] if found else named] if own else ()
    for said, names in columns.items():
        listed = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
        yield from _lines(said + listed)
