"""Columns that no ALTER of a parent's reaches, as those that come from several parents.

Source: ATPrepAlterColumnType(), tablecmds.c: "cannot alter inherited column". The heir leaves all
parents but those of one tree, each of them is altered by itself, and the heir comes back.

So does an heir whose NOT NULL is its own, not called as its parent's: the server would have the
parent's beside it. Source: RememberConstraintForRebuilding(). A new name of the parent's the server
would give to it as well, and not find the old one. Source: rename_constraint_internal().

So does, before 18, a partition with a key of its own as its parent's column loses its NOT NULL.
Source: ATExecDropNotNull(): "column is in a primary key".

So does an heir of an heir as an expression goes: the server takes it from direct heirs alone.
Source: ATPrepDropExpression(): "must be applied to child tables too".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Table
from schema_tool.compare import Action, Change
from schema_tool.plan.children.handed_not_nulls import keyed_columns
from schema_tool.plan.children.inheritance import RECURSES, descendants
from schema_tool.plan.decide.type_changes import changes_type
from schema_tool.plan.emit.not_null import (
    NOT_NULL_ROWS_SINCE,
    hands_not_null,
    not_null_name,
    renames_not_null,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.decisions import Decisions


def leave_other_parents(decisions: Decisions) -> None:
    """Find the heirs whose columns are in the way, and let them leave for a while."""
    left: dict[Identity, set[Identity]] = {}
    for column in _converted_columns(decisions):
        for child, parents in _others(column, decisions):
            if parents:
                left.setdefault(child, set()).update(parents)
            decisions.away.setdefault(child, set()).add(column.parts[2])
    _leave_with_not_nulls(left, decisions)
    _leave_with_keys(left, decisions)
    _leave_with_expressions(left, decisions)
    for child, away in left.items():
        before = decisions.live.objects[child]
        assert isinstance(before, Table)
        # Those that follow leave and come back as well: the parents' order stays.
        first = next(place for place, parent in enumerate(before.parents) if parent in away)
        decisions.leave_for_a_while(child, frozenset(before.parents[first:]))


def _leave_with_not_nulls(left: dict[Identity, set[Identity]], decisions: Decisions) -> None:
    """Let those leave whose column has a NOT NULL of another name than its parent's."""
    waiting = [
        (i, changes_type(c))
        for i, c in decisions.alter.items()
        if changes_type(c) or renames_not_null(c)
    ]
    for column, retyped in waiting:
        for child in decisions.children.get(Identity(Kind.TABLE, column.parts[:2]), ()):
            own = Identity(Kind.COLUMN, (*child.parts, column.parts[2]))
            if child in decisions.drop or own not in decisions.desired.objects:
                continue
            if _has_own_not_null(own, column, decisions, retyped=retyped):
                _leave(own, column, left, decisions, retyped=retyped)
            waiting.append((own, retyped))
    for column in [i for i, c in decisions.alter.items() if renames_not_null(c)]:
        for above in _who_hands(column, decisions):
            _leave(column, above, left, decisions, retyped=(above, True) in waiting)


def _leave(
    column: Identity,
    above: Identity,
    left: dict[Identity, set[Identity]],
    decisions: Decisions,
    *,
    retyped: bool,
) -> None:
    """Let a column's table leave a parent, whose changes it gets by itself meanwhile."""
    child = Identity(Kind.TABLE, column.parts[:2])
    left.setdefault(child, set()).add(Identity(Kind.TABLE, above.parts[:2]))
    decisions.away.setdefault(child, set()).add(column.parts[2])
    before, after = decisions.live.objects[column], decisions.desired.objects[column]
    what = {field for field in RECURSES if getattr(before, field) != getattr(after, field)}
    if what or retyped:
        what |= {"type"} if retyped else set()
        decisions.alter[column] = _altered_by_itself(column, what, decisions)


def _who_hands(column: Identity, decisions: Decisions) -> Iterator[Identity]:
    """The columns of parents from which one has its NOT NULL before and after."""
    table = Identity(Kind.TABLE, column.parts[:2])
    before, after = (side.objects.get(table) for side in (decisions.live, decisions.desired))
    if not isinstance(before, Table) or not isinstance(after, Table) or table in decisions.drop:
        return
    if bool(before.partition_bound) != bool(after.partition_bound):
        return  # It leaves for good.
    for parent in before.parents:
        above = Identity(Kind.COLUMN, (*parent.parts, column.parts[2]))
        sides = (side.objects.get(above) for side in (decisions.live, decisions.desired))
        if parent in after.parents and all(hands_not_null(side) for side in sides):
            yield above


def _has_own_not_null(
    own: Identity, above: Identity, decisions: Decisions, *, retyped: bool
) -> bool:
    column, parent = decisions.live.objects[own], decisions.live.objects[above]
    if decisions.live.source.major < NOT_NULL_ROWS_SINCE:
        return False
    if not isinstance(column, Column) or not isinstance(parent, Column):
        return False
    handed = hands_not_null(parent)
    # With a new type, the server calls a partition's as its parent's.
    other = not retyped and not_null_name(column) != not_null_name(parent)
    return handed and column.not_null and (other or not column.not_null_inherited)


def _leave_with_keys(left: dict[Identity, set[Identity]], decisions: Decisions) -> None:
    """Let partitions leave whose own key keeps the NOT NULL that their parent's column loses."""
    keyed = keyed_columns(decisions.live, decisions.desired)
    waiting = [i for i, change in decisions.alter.items() if _loses_not_null(change)]
    for column in waiting if keyed else ():
        for child in decisions.children.get(Identity(Kind.TABLE, column.parts[:2]), ()):
            table = decisions.live.objects[child]
            own = Identity(Kind.COLUMN, (*child.parts, column.parts[2]))
            if child in decisions.drop or not isinstance(table, Table) or not table.partition_bound:
                continue
            if own in keyed:
                _leave(own, column, left, decisions, retyped=False)
            else:
                waiting.append(own)


def _loses_not_null(change: Change) -> bool:
    before, after = change.before, change.after
    if not isinstance(before, Column) or not isinstance(after, Column):
        return False
    return before.not_null and not after.not_null


def _leave_with_expressions(left: dict[Identity, set[Identity]], decisions: Decisions) -> None:
    """Let the heirs of heirs leave, each to become a plain column's table by itself."""
    waiting = [(i, changes_type(c)) for i, c in decisions.alter.items() if _drops_expression(c)]
    for column, retyped in waiting:
        for child in decisions.children.get(Identity(Kind.TABLE, column.parts[:2]), ()):
            for low in decisions.children.get(child, ()):
                own = Identity(Kind.COLUMN, (*low.parts, column.parts[2]))
                if low in decisions.drop or own not in decisions.desired.objects:
                    continue
                above = Identity(Kind.COLUMN, (*child.parts, column.parts[2]))
                _leave(own, above, left, decisions, retyped=retyped)
                waiting.append((own, retyped))


def drop_what_was_read(decisions: Decisions) -> None:
    """A column that an expression reads, which its heir loses while away, goes there by itself."""
    read = [
        (child, needed)
        for child, keys in decisions.away.items()
        for own in (Identity(Kind.COLUMN, (*child.parts, key)) for key in sorted(keys))
        if own in decisions.alter and _drops_expression(decisions.alter[own])
        for needed in sorted(decisions.live_graph.needs.get(own, ()))
        if needed.kind is Kind.COLUMN and needed not in decisions.desired.objects
    ]
    for child, needed in read:
        decisions.drop.add(needed)
        decisions.away[child].add(needed.parts[2])
        for followers in decisions.followers.values():
            followers.discard(needed)


def _drops_expression(change: Change) -> bool:
    before, after = change.before, change.after
    if not isinstance(before, Column) or not isinstance(after, Column):
        return False
    return bool(before.generated) and not after.generated


def _altered_by_itself(column: Identity, what: set[str], decisions: Decisions) -> Change:
    """What is altered of a column that no parent's takes along."""
    before, after = decisions.live.objects[column], decisions.desired.objects[column]
    known = decisions.alter.get(column)
    attributes = set(known.attributes) if known else set()
    return Change(
        identity=column,
        action=Action.ALTERED,
        before=before,
        after=after,
        attributes=tuple(sorted(attributes | what)),
    )


def _converted_columns(decisions: Decisions) -> Iterator[Identity]:
    """The columns whose type changes, in place or by being made anew."""
    yield from (i for i, change in decisions.alter.items() if changes_type(change))
    for identity in decisions.drop & decisions.create:
        if identity.kind is Kind.COLUMN:
            yield identity


def _others(column: Identity, decisions: Decisions) -> Iterator[tuple[Identity, list[Identity]]]:
    """Each heir that has the column from other parents too, and the parents that it leaves.

    There are none where it leaves for good all but those of one tree.
    """
    top = Identity(Kind.TABLE, column.parts[:2])
    tree = {top, *descendants(top, decisions.children)}
    live, desired = decisions.live.objects, decisions.desired.objects
    for child in sorted(tree - {top} - decisions.drop):
        table, after = live[child], desired.get(child)
        if not isinstance(table, Table) or not isinstance(after, Table):
            continue
        givers = [
            parent
            for parent in table.parents
            if Identity(Kind.COLUMN, (*parent.parts, column.parts[2])) in live
        ]
        if tree.isdisjoint(givers) or tree.issuperset(givers):
            continue
        kept = [parent for parent in givers if parent in after.parents]
        stays_inside = bool(kept) and kept[0] in tree
        yield child, [parent for parent in kept if (parent in tree) is not stays_inside]
