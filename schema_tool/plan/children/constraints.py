"""Constraints of children and partitions that come and go with their parents'."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, ConstraintForm
from schema_tool.compare import Action, Change
from schema_tool.plan.children.indexes import is_unusual, whole_of
from schema_tool.plan.emit.phrase import table_identity

if TYPE_CHECKING:
    from schema_tool.catalog import Catalog
    from schema_tool.plan.children.indexes import Family

_ADOPTED = (ConstraintForm.PRIMARY_KEY, ConstraintForm.UNIQUE)
_TAKEN_IN = (ConstraintForm.CHECK, ConstraintForm.FOREIGN_KEY)
# What one of a partition has by itself.
SET_APART = ("index_options", "index_tablespace", "index_comment", "clustered", "comment")
# No ALTER can change them.
PROVENANCE = frozenset({"inherited", "local"})


def own_constraint(change: Change, family: Family) -> Change | None:
    """The change of a constraint, or what is left; None for what the server does by itself."""
    before, after = change.before, change.after
    if isinstance(after, Constraint) and _is_given(after, family):
        own = isinstance(before, Constraint) and (
            before.local or not _is_kept_above(before, family.live, family)
        )
        adopted = after.form is not ConstraintForm.EXCLUSION
        if own and ("definition" in change.attributes or not adopted):
            # The child's own one, which it is as it leaves a parent, stays and is in the way.
            return replace(change, action=Action.DROPPED, after=None, attributes=())
        return _set_apart(change, after, family)
    if isinstance(after, Constraint) and change.action is not Action.DROPPED:
        old = before if isinstance(before, Constraint) else None
        if old and old.inherited and not old.local and _is_kept_above(old, family.live, family):
            # The parent's takes it along.
            return replace(change, action=Action.CREATED, before=None, attributes=())
        same = isinstance(before, Constraint) and "definition" not in change.attributes
        return None if same and set(change.attributes) <= PROVENANCE else change
    if isinstance(before, Constraint) and before.inherited and not before.local:
        goes = family.is_gone(table_identity(before)) or _is_kept_above(before, family.live, family)
        return None if goes else change
    return change


def _set_apart(change: Change, after: Constraint, family: Family) -> Change | None:
    """What is said of a child's alone, which its parent's does not bring; of new keys, as built."""
    before = change.before if "definition" not in change.attributes else None
    # One that its parent's takes in as it is keeps what was said of it.
    kept = isinstance(before, Constraint) and (before.inherited or after.form in _TAKEN_IN)
    if not kept or not isinstance(before, Constraint):
        built = after.form is not ConstraintForm.FOREIGN_KEY or family.is_new(table_identity(after))
        if built and after.form is not ConstraintForm.CHECK:
            return None
        before = replace(after, comment="")
    whole = whole_of(after, family.desired)
    old, new = family.live.objects.get(whole), family.desired.objects.get(whole)
    if isinstance(old, Constraint) and isinstance(new, Constraint):  # noqa: SIM102 - for mypy
        if old.index_options != new.index_options:
            # The options of a partitioned index cannot be altered: all parts are made anew.
            return None
    left = tuple(f for f in SET_APART if getattr(before, f) != getattr(after, f))
    altered = replace(change, action=Action.ALTERED, before=before, attributes=left)
    return altered if left else None


def _is_given(after: Constraint, family: Family) -> bool:
    """Whether no statement is needed for what comes from above, be it for its name."""
    unusual = family.is_new(table_identity(after)) and is_unusual(after, family)
    return comes_from_above(after, family) and not unusual


def comes_from_above(after: Constraint, family: Family) -> bool:
    """Whether the server makes a constraint as a parent gets it, or its table the parent."""
    return after.inherited and not _stands_alone(after, family)


def _stands_alone(after: Constraint, family: Family) -> bool:
    """Whether a constraint that will be inherited must be there before its table has a parent."""
    table = table_identity(after)
    if after.form is not ConstraintForm.CHECK:
        # As the table joins, its parent adopts a key that is there, or builds it under a lock.
        if family.kept_parents(table):
            return False
        adopted = after.form in _ADOPTED and _is_whole(table, family)
        return after.local or (adopted and _is_unlike_others(after, family))
    return not family.is_new(table) and not _is_kept_above(after, family.desired, family)


def _is_whole(table: Identity, family: Family) -> bool:
    """Whether a table is there with all its partitions, new ones of which wait for it to join."""
    return not (family.is_new(table) or any(map(family.is_new, family.parts_of(table))))


def _is_unlike_others(key: Constraint, family: Family) -> bool:
    """Whether the parent can adopt no other: it looks at the columns, and takes what it finds."""
    keys = family.keys_of(table_identity(key))
    return sum(k.form in _ADOPTED and k.columns == key.columns for k in keys) == 1


def _is_kept_above(part: Constraint, catalog: Catalog, family: Family) -> bool:
    """Whether a parent has it in a catalog that is one before and after; a key by another name."""
    parents = family.kept_parents(table_identity(part))
    if part.form is not ConstraintForm.CHECK:
        return bool(parents)
    key = part.identity.parts[2]
    return any(Identity(Kind.CONSTRAINT, (*p.parts, key)) in catalog.objects for p in parents)
