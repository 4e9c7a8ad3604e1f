"""Checks that are NOT VALID above and proved below: what heirs and partitions have of them.

An heir that comes after such a check has it proved; one that was there before has it as its
parent does. Source: CREATE TABLE … INHERITS and PARTITION OF have no rows to look at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, ConstraintForm, Table
from schema_tool.compare import Action, Change
from schema_tool.plan.emit.phrase import table_identity
from schema_tool.plan.emit.tables import must_rebuild_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.children.indexes import Family

_VALIDITY = ("definition", "valid")


def settled_checks(
    family: Family, children: dict[Identity, list[Identity]]
) -> dict[Identity, Change]:
    """The changes that NOT VALID checks need besides: to be made anew, and to be proved below.

    `children` are the wanted ones.
    """
    found: dict[Identity, Change] = {}
    for check in family.desired.each(Constraint):
        if check.valid or check.inherited or check.form is not ConstraintForm.CHECK:
            continue
        before = family.live.objects.get(check.identity)
        below = list(_below(check, family, children))
        if not isinstance(before, Constraint):
            # Those who are there get it as it is, and are proved one by one.
            new = (own for own in below if own.identity not in family.live.objects and own.valid)
            there = (own for own in new if not _comes(table_identity(own), family))
            for own in there:
                found[own.identity] = _differing(replace(_unproved(own), comment=""), own)
            continue
        # Only its parent's takes the proof of an heir's.
        anew = before.definition != check.definition or any(
            not own.valid and _is_proved(own, family) for own in below
        )
        if anew:
            found[check.identity] = _differing(before, check)
        for own in below:
            stays = not _comes(table_identity(own), family) and own.identity in family.live.objects
            if own.valid and stays and (anew or not _is_proved(own, family)):
                found[own.identity] = _differing(_unproved(own), own)
    return found


def _unproved(check: Constraint) -> Constraint:
    return replace(check, valid=False, definition=f"{check.definition} NOT VALID")


def _differing(before: Constraint, after: Constraint) -> Change:
    return Change(
        identity=after.identity,
        action=Action.ALTERED,
        before=before,
        after=after,
        attributes=(*_VALIDITY, *(("comment",) if before.comment != after.comment else ())),
    )


def _is_proved(own: Constraint, family: Family) -> bool:
    """Whether an heir has a check proved, or will as it comes."""
    live = family.live.objects.get(own.identity)
    if not isinstance(live, Constraint) or _comes(table_identity(own), family):
        return True
    return live.valid


def _comes(table: Identity, family: Family) -> bool:
    """Whether there is no such table yet, or none that can be altered to what it shall be."""
    before, after = family.live.objects.get(table), family.desired.objects.get(table)
    if isinstance(before, Table) and isinstance(after, Table):
        return must_rebuild_table(before, after)
    return True


def _below(
    check: Constraint, family: Family, children: dict[Identity, list[Identity]]
) -> Iterator[Constraint]:
    """What a check is below, of heirs that are new or have been below it."""
    waiting = [Identity(Kind.TABLE, check.identity.parts[:2])]
    seen: set[Identity] = set()
    while waiting:
        for child in children.get(waiting.pop(), ()):
            own = family.desired.objects.get(
                Identity(Kind.CONSTRAINT, (*child.parts, check.identity.parts[2]))
            )
            known = _comes(child, family) or family.kept_parents(child)
            if child not in seen and known and isinstance(own, Constraint):
                seen.add(child)
                waiting.append(child)
                yield own
