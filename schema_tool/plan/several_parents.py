"""Columns that no ALTER of a parent's reaches, as those that come from several parents.

Source: ATPrepAlterColumnType(), tablecmds.c: "cannot alter inherited column". The heir leaves all
parents but those of one tree, each of them is altered by itself, and the heir comes back.

So does an heir whose NOT NULL is its own, not called as its parent's: the server would have the
parent's beside it. Source: RememberConstraintForRebuilding(). A new name of the parent's the server
would give to it as well, and not find the old one. Source: rename_constraint_internal().

So does an heir of an heir as an expression goes: the server takes it from direct heirs alone.
Source: ATPrepDropExpression(): "must be applied to child tables too".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Table
from schema_tool.compare import Action, Change
from schema_tool.plan.emit.not_null import NOT_NULL_ROWS_SINCE, not_null_name
from schema_tool.plan.inheritance import descendants
from schema_tool.plan.obstacles import changes_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.decisions import Decisions


def leave_other_parents(decisions: Decisions) -> None:
    """Find the heirs whose columns are in the way, and let them leave for a while."""
    left: dict[Identity, set[Identity]] = {}
    for column in _converted_columns(decisions):
        for child, parents in _others(column, decisions):
            left.setdefault(child, set()).update(parents)
            decisions.away.setdefault(child, set()).add(column.parts[2])
    _leave_with_not_nulls(left, decisions)
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
        if changes_type(c) or _renames_not_null(c)
    ]
    for column, retyped in waiting:
        for child in decisions.children.get(Identity(Kind.TABLE, column.parts[:2]), ()):
            own = Identity(Kind.COLUMN, (*child.parts, column.parts[2]))
            if child in decisions.drop or own not in decisions.desired.objects:
                continue
            if _has_own_not_null(own, column, decisions, retyped=retyped):
                left.setdefault(child, set()).add(Identity(Kind.TABLE, column.parts[:2]))
                decisions.away.setdefault(child, set()).add(column.parts[2])
                if retyped:
                    decisions.alter[own] = _altered_by_itself(own, {"type"}, decisions)
            waiting.append((own, retyped))


def _renames_not_null(change: Change) -> bool:
    after = change.after
    stays = isinstance(after, Column) and after.not_null
    return stays and "not_null_name" in change.attributes


def _has_own_not_null(
    own: Identity, above: Identity, decisions: Decisions, *, retyped: bool
) -> bool:
    column, parent = decisions.live.objects[own], decisions.live.objects[above]
    if decisions.live.source.major < NOT_NULL_ROWS_SINCE:
        return False
    if not isinstance(column, Column) or not isinstance(parent, Column):
        return False
    handed = parent.not_null and not parent.not_null_no_inherit
    # With a new type, the server calls a partition's as its parent's.
    other = not retyped and not_null_name(column) != not_null_name(parent)
    return handed and column.not_null and (other or not column.not_null_inherited)


def _leave_with_expressions(left: dict[Identity, set[Identity]], decisions: Decisions) -> None:
    """Let the heirs of heirs leave, each to become a plain column's table by itself."""
    waiting = [i for i, change in decisions.alter.items() if _drops_expression(change)]
    for column in waiting:
        for child in decisions.children.get(Identity(Kind.TABLE, column.parts[:2]), ()):
            for low in decisions.children.get(child, ()):
                own = Identity(Kind.COLUMN, (*low.parts, column.parts[2]))
                if low in decisions.drop or own not in decisions.desired.objects:
                    continue
                left.setdefault(low, set()).add(child)
                decisions.away.setdefault(low, set()).add(column.parts[2])
                decisions.alter[own] = _altered_by_itself(own, {"default", "generated"}, decisions)
                waiting.append(own)


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
    """Each heir that has the column from other parents too, and the parents that it leaves."""
    top = Identity(Kind.TABLE, column.parts[:2])
    tree = {top, *descendants(top, decisions.children)}
    live, desired = decisions.live.objects, decisions.desired.objects
    for child in sorted(tree - {top} - decisions.drop):
        table = live[child]
        if not isinstance(table, Table) or child not in desired:
            continue
        givers = [
            parent
            for parent in table.parents
            if Identity(Kind.COLUMN, (*parent.parts, column.parts[2])) in live
        ]
        inside = [parent for parent in givers if parent in tree]
        outside = [parent for parent in givers if parent not in tree]
        if inside and outside:
            yield child, outside if givers[0] in tree else inside
