"""NOT NULL of heirs' and partitions' columns, as what happens to their parents' leaves it.

Source: AdjustNotNullInheritance(), pg_constraint.c, and dropconstraint_internal(), tablecmds.c: one
that is there takes the parent's in, and stays without it where it is the table's own as well.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, ConstraintForm
from schema_tool.plan.emit.not_null import NOT_NULL_ROWS_SINCE, hands_not_null, not_null_name

if TYPE_CHECKING:
    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.relation import Column

NOT_NULL = frozenset({"not_null", "not_null_name", "not_null_no_inherit", "not_null_valid"})


def keyed_columns(live: Catalog, desired: Catalog) -> set[Identity]:
    """The columns of primary keys that are there before and after; before 18 that is all they say.

    The server takes no NOT NULL from them, be it their parent's that goes.
    """
    if live.source.major >= NOT_NULL_ROWS_SINCE:
        return set()
    found: set[Identity] = set()
    for key in live.each(Constraint):
        after = desired.objects.get(key.identity)
        if key.form is ConstraintForm.PRIMARY_KEY and isinstance(after, Constraint):
            kept = set(key.columns) & set(after.columns)
            found |= {Identity(Kind.COLUMN, (*key.identity.parts[:2], each)) for each in kept}
    return found


def inherit_not_null(
    child: Column, before: Column, parent: Column, after: Column, *, major: int, others: bool
) -> Column:
    """The child's column after its parent's is altered; `others`: another parent hands it, too."""
    rows = major >= NOT_NULL_ROWS_SINCE
    handed, hands = hands_not_null(before), hands_not_null(parent)
    own = rows and after.not_null and not after.not_null_inherited
    if hands and not handed:
        if own or (rows and child.not_null and child.not_null_local):
            # One of its own is there before its parent's comes, and stays.
            return _called_as_wanted(child, after)
        return _as(after, child)
    if handed and not hands:
        stays = rows and (parent.not_null or child.not_null_local or others)
        # NO INHERIT leaves it to the child, as one of its own.
        kept = _as(after, child) if others and not own else with_own_not_null(child)
        return kept if stays else _without(child)
    if hands and child.not_null:
        # It leaves its parent to get a name of its own.
        return with_own_not_null(child) if own else _renamed(child, before, parent, after)
    return child


def _as(after: Column, child: Column) -> Column:
    return replace(child, **{field: getattr(after, field) for field in NOT_NULL})


def _without(child: Column) -> Column:
    return replace(
        child, not_null=False, not_null_name="", not_null_no_inherit=False, not_null_valid=True
    )


def _renamed(child: Column, before: Column, parent: Column, after: Column) -> Column:
    """With its parent's new name, where it had the old one."""
    if not child.not_null_inherited and not_null_name(child) != not_null_name(before):
        return child
    if before.not_null_valid and not parent.not_null_valid and after.not_null_inherited:
        inherited = not_null_name(parent)
        return replace(_as(after, child), not_null_valid=False, not_null_inherited=inherited)
    return _as(after, child)


def _called_as_wanted(child: Column, after: Column) -> Column:
    """As it is; under its own name where that is to be another, before it is inherited."""
    own = not_null_name(child)
    if not child.not_null or not after.not_null_inherited or own == after.not_null_inherited:
        return child
    return replace(child, not_null_name=own)


def with_own_not_null(child: Column) -> Column:
    """With a NOT NULL that is its own, by the name that it has."""
    own = not_null_name(child)
    child = replace(child, not_null_name="", not_null_inherited="", not_null_local=True)
    return replace(child, not_null_name="" if own == not_null_name(child) else own)
