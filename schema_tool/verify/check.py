"""Check: one claim, and what speaks against it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tool.compare import Action, compare
from schema_tool.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.compare import Change, Changes

NOT_COMPARED = "not-compared"
# It belongs to one database of the many that the files are for, and the files cannot name that.
OF_THIS_DATABASE = {
    *("setting of the database", "setting of a role in the database"),
    *("privileges of the database", "comment of the database"),
}
# enough to see what a function body's change is about; `diff` shows the whole
SHOWN_DIFFERENCE_LINES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One claim that was tested.

    `name` is the rule of its findings; `claim` is a sentence, such as "migrations/ gives sql/";
    `objects` is how many objects were compared.
    """

    name: str
    claim: str
    objects: int
    findings: tuple[Finding, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing speaks against the claim."""
        return all(finding.severity is Severity.NOTE for finding in self.findings)

    @property
    def complete(self) -> bool:
        """Whether everything that there is was compared."""
        return all(finding.rule != NOT_COMPARED for finding in self.findings)


def compare_catalogs(
    left: Catalog, right: Catalog, *, name: str, claim: str, names: tuple[str, str]
) -> Check:
    """Compare two catalogs; `names` are what left and right are called in the findings."""
    changes = compare(left, right)
    findings = [difference(change, rule=name, names=names) for change in changes.shown()]
    return Check(
        name=name,
        claim=claim,
        objects=len(right.objects),
        findings=(*findings, *_not_compared(changes)),
    )


def difference(change: Change, *, rule: str, names: tuple[str, str]) -> Finding:
    """One object that differs, with both values."""
    left, right = names
    return Finding(
        rule=rule,
        message=change.describe(live=left, desired=right),
        subject=str(change.identity),
        hint="\n".join(_text_difference(change, names)),
    )


def _text_difference(change: Change, names: tuple[str, str]) -> Iterator[str]:
    """The lines that differ within texts of several lines, such as a function's body."""
    if change.action is not Action.ALTERED:
        return
    for attribute in change.attributes:
        texts = [getattr(entity, attribute, None) for entity in (change.before, change.after)]
        before, after = (text.splitlines() if isinstance(text, str) else [] for text in texts)
        if len(before) < 2 and len(after) < 2:
            continue
        lines = list(difflib.unified_diff(before, after, *names, lineterm="", n=0))
        yield from lines[:SHOWN_DIFFERENCE_LINES]
        if len(lines) > SHOWN_DIFFERENCE_LINES:
            yield f"… and {len(lines) - SHOWN_DIFFERENCE_LINES} more lines"


def _not_compared(changes: Changes) -> Iterator[Finding]:
    for thing in changes.uncompared:
        yield Finding(
            rule="of-this-database" if thing.kind in OF_THIS_DATABASE else NOT_COMPARED,
            message=f"{thing.kind} {thing.identity} is not compared",
            severity=Severity.NOTE,
            subject=f"{thing.kind} {thing.identity}",
        )
