"""What heirs and partitions have from a parent's constraint that is made anew: name and comment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity
from schema_tool.catalog.model.relation import Constraint, ConstraintForm, Table
from schema_tool.compare import Action, Change
from schema_tool.plan.children.indexes import whole_of
from schema_tool.plan.children.inheritance import ancestors
from schema_tool.plan.emit.phrase import table_identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.decisions import Decisions

# Keys are told by their names.
_CALLED_ALIKE = (ConstraintForm.CHECK, ConstraintForm.FOREIGN_KEY)


def say_again_below(decisions: Decisions) -> None:
    """The parent's brings one of its own name, be it after the child's own has gone."""
    for after in decisions.desired.each(Constraint):
        if not after.inherited or after.form not in _CALLED_ALIKE:
            continue
        identity, whole = after.identity, whole_of(after, decisions.desired)
        table = table_identity(after)
        # A table in the place of another has its parents' checks as it is made.
        moved = after.form is ConstraintForm.CHECK and decisions.rebuilt(table)
        if identity in decisions.create or not (moved or _stays(table, decisions)):
            continue
        anew = moved or any(map(decisions.rebuilt, _above(after, whole, decisions)))
        if not anew and identity not in decisions.drop:
            continue
        known = decisions.alter.get(identity)
        stood = known.before if known is not None else after
        assert isinstance(stood, Constraint)
        given = Identity(identity.kind, (*identity.parts[:2], whole.parts[2]))
        before = replace(stood, identity=given, comment="")
        differing = {f for f in ("identity", "comment") if getattr(before, f) != getattr(after, f)}
        if known is not None:
            differing |= set(known.attributes) - {"identity", "comment"}
        if differing:
            decisions.alter[identity] = Change(
                identity=identity,
                action=Action.ALTERED,
                before=before,
                after=after,
                attributes=tuple(sorted(differing)),
            )


def _stays(table: Identity, decisions: Decisions) -> bool:
    """Whether a table is altered at most, and keeps its parents: one that joins has its own."""
    before, after = (side.objects.get(table) for side in (decisions.live, decisions.desired))
    if table in decisions.create or not isinstance(before, Table) or not isinstance(after, Table):
        return False
    return set(before.parents) == set(after.parents)


def _above(part: Constraint, whole: Identity, decisions: Decisions) -> Iterator[Identity]:
    """The constraints that a child's comes with."""
    if part.parent:
        yield whole
        return
    for table in ancestors(table_identity(part), decisions.desired):
        yield Identity(whole.kind, (*table.parts, whole.parts[2]))
