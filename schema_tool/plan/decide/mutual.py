"""What needs each other is taken apart before it goes: foreign keys, defaults, parts of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Constraint, ConstraintForm, Index, Table
from schema_tool.plan.children.inheritance import ancestors
from schema_tool.plan.decide.old_tables import APART
from schema_tool.plan.decide.released import has_rival
from schema_tool.plan.decide.sibling_partitions import gives_rows
from schema_tool.plan.decide.type_changes import changes_type
from schema_tool.plan.graph import Graph, closure, relation_of

if TYPE_CHECKING:
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.decisions import Decisions

_CALLED = (Kind.ROUTINE, Kind.OPERATOR)


def free_defaults(decisions: Decisions, graph: Graph) -> None:
    """A dropped default by a dropped function that itself reads the table or column that goes.

    So does that of a table whose rows others take: these may wait for the function to come back.
    """
    for routine in [i for i in decisions.drop if i.kind is Kind.ROUTINE]:
        reached: set[Identity] | None = None
        for column in graph.needed_by.get(routine, ()):
            table = Identity(Kind.TABLE, column.parts[:2])
            if column.kind is not Kind.COLUMN:
                continue
            converted = column in decisions.alter and changes_type(decisions.alter[column])
            if converted or not decisions.drop.isdisjoint((table, column)):
                if gives_rows(table, decisions):
                    decisions.undefaulted.add(column)
                    continue
                if reached is None:
                    reached = _reached(routine, decisions.drop, graph)
                # A partition has its default from its parent.
                above = (table, *ancestors(table, decisions.live))
                columns = (Identity(Kind.COLUMN, (*t.parts, column.parts[2])) for t in above)
                if not reached.isdisjoint(above if table in decisions.drop else columns):
                    decisions.undefaulted.add(column)


def free_old_tables(decisions: Decisions, graph: Graph) -> None:
    """A default of a table whose rows move, by what is made anew or cannot be beside what comes."""
    for table in decisions.moved | decisions.emptied:
        for column in decisions.parts.get(table, ()):
            entity = decisions.live.objects[column]
            if isinstance(entity, Column) and entity.default:
                needed = graph.needs.get(column, ())
                if any(_is_in_its_own_way(called, decisions) for called in needed):
                    decisions.undefaulted.add(column)


def _is_in_its_own_way(called: Identity, decisions: Decisions) -> bool:
    """Whether a function or an operator has to go before its successor can come."""
    if called.kind not in _CALLED or called not in decisions.drop or called in decisions.swapped:
        return False
    return decisions.rebuilt(called) or has_rival(called, decisions)


def set_defaults_late(decisions: Decisions, graph: Graph) -> None:
    """A new function reads a column that gets another type, and by default its result."""
    converted = {i for i, change in decisions.alter.items() if changes_type(change)}
    for routine in [i for i in decisions.create if converted and i.kind is Kind.ROUTINE]:
        columns = graph.needed_by.get(routine, set()) & converted
        if columns:
            decisions.undefaulted |= columns & _reached(routine, decisions.create, graph)


def unfold_mutual_parts(decisions: Decisions, graph: Graph) -> None:
    """What stands on a dropped table and calls what itself reads the table goes before both."""
    reached: dict[Identity, set[Identity]] = {}
    for table in [i for i in decisions.drop if i.kind is Kind.TABLE]:
        for part in decisions.parts.get(table, ()):
            if part.kind not in APART or _is_clone(decisions.live.objects[part]):
                continue
            for read in graph.needs.get(part, ()):
                # Where it reads columns, it stands on these alone.
                needed = relation_of(read, decisions.live) or read
                if needed == table or needed not in decisions.drop:
                    continue
                if needed not in reached:
                    reached[needed] = _reached(needed, decisions.drop, graph)
                if table in reached[needed]:
                    decisions.unfolded.add(part)


def _is_clone(entity: Entity) -> bool:
    """Whether it is a partition's part of what its parent has."""
    if isinstance(entity, Constraint):
        return entity.inherited or entity.form is ConstraintForm.FOREIGN_KEY
    return bool(entity.parent if isinstance(entity, Index) else getattr(entity, "clone", False))


def _reached(start: Identity, touched: set[Identity], graph: Graph) -> set[Identity]:
    """What an object stands on, itself or by the parts that go or come with it."""
    found: set[Identity] = set()
    waiting = [start]
    while waiting:
        identity = waiting.pop()
        if identity not in found:
            found.add(identity)
            waiting += graph.needs.get(identity, ())
            if identity in touched:
                waiting += graph.parts.get(identity, ())
    return found


def unfold_mutual_keys(decisions: Decisions) -> None:
    """Foreign keys between dropped tables that refer to each other are dropped before both.

    An heir stands on its parents as well.
    """
    references = {table.identity: set(table.parents) for table in decisions.live.each(Table)}
    keys: list[tuple[Identity, Identity, Identity]] = []
    for table in decisions.drop:
        for part in decisions.parts.get(table, ()):
            entity = decisions.live.objects[part]
            if isinstance(entity, Constraint) and entity.references in decisions.drop:
                target = entity.references
                if target is None or entity.inherited:
                    continue
                if target == table:
                    # The key refers to each partition as well, and those go before the table.
                    live = decisions.live.objects[table]
                    if isinstance(live, Table) and live.partition_key:
                        decisions.unfolded.add(part)
                else:
                    references.setdefault(table, set()).add(target)
                    keys.append((table, target, part))
    for table, target, part in keys:
        if table in closure([target], references):
            decisions.unfolded.add(part)
