"""The context of a plan, and whether CREATE TABLE says a thing or a later statement has to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.definition import Composite, Domain, Routine
from schema_tool.catalog.model.relation import (
    Column,
    Constraint,
    ConstraintForm,
    Index,
    Sequence,
    Table,
)
from schema_tool.catalog.quoting import LONGEST_NAME, qualified
from schema_tool.plan.children.inheritance import ancestors
from schema_tool.plan.decide.default_partitions import tables_of_moves
from schema_tool.plan.decide.fitting import fitting_rows, keys_ahead
from schema_tool.plan.decide.late_fillings import late_fillings
from schema_tool.plan.decide.type_changes import changes_type
from schema_tool.plan.emit.context import Context
from schema_tool.plan.emit.given import is_given
from schema_tool.plan.emit.not_null import NOT_NULL_ROWS_SINCE, not_null_name, renames_not_null
from schema_tool.plan.graph import Graph, Lazy, closure
from schema_tool.plan.old_types import base_types, row_casts
from schema_tool.plan.order.births import born
from schema_tool.plan.references import place_foreign_keys
from schema_tool.plan.words import names_read_in_body

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import Changes
    from schema_tool.plan.decisions import Decisions

_INLINE = frozenset(
    {ConstraintForm.PRIMARY_KEY, ConstraintForm.UNIQUE, ConstraintForm.CHECK}
    | {ConstraintForm.EXCLUSION}
)

_WITH_RELATION_NAMES = frozenset(
    {Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.SEQUENCE, Kind.INDEX, Kind.COMPOSITE}
)


def plan_context(
    changes: Changes, decisions: Decisions, desired_graph: Graph, *, online: bool
) -> Context:
    """What the emitters have to know of everything else."""
    context = Context(
        live=changes.live,
        desired=changes.desired,
        online=online,
        parts=desired_graph.parts,
        live_parts=decisions.parts,
        children=decisions.children,
        apart=decisions.apart,
        columns_of=Lazy(lambda table: _columns(changes.desired, desired_graph, table)),
        live_names=Lazy(lambda schema: _names(changes.live, schema)),
        desired_names=Lazy(lambda schema: _names(changes.desired, schema)),
        constraints_of=Lazy(lambda table: _constraints(changes.desired, desired_graph, table)),
    )
    relations = (Kind.TABLE, Kind.MATERIALIZED_VIEW, Kind.VIEW)
    context.created.update(i for i in decisions.create if i.kind in relations)
    context.giving.update(tables_of_moves(decisions))
    context.giving.update(_tables_that_lose_partitions(changes))
    context.rebuilt.update(decisions.drop & decisions.create)
    context.converted.update(i for i, change in decisions.alter.items() if changes_type(change))
    context.renamed_not_nulls.update(i for i, c in decisions.alter.items() if renames_not_null(c))
    for routine, kind in sorted(decisions.brought.items()):
        context.functions_of.setdefault(kind, []).append(routine)
    if changes.live.source.major >= NOT_NULL_ROWS_SINCE:
        # The old table still has the names that the server would give.
        context.moved.update(i.parts for i in decisions.moved)
    for sequence in changes.desired.each(Sequence):
        if sequence.internal and sequence.owned_by:
            context.identity_sequences[sequence.owned_by] = sequence
    for table in changes.desired.each(Table):
        if table.partition_bound:
            context.partitions.setdefault(table.parents[0], []).append(table.identity)
    # A database, its files and its snapshot are read in different orders.
    for partitions in context.partitions.values():
        partitions.sort()
    _add_live(changes, context)
    _choose_places(decisions, context, desired_graph)
    context.fitting.update(fitting_rows(decisions, desired_graph) if online else ())
    for joining in context.fitting:
        ahead = [*keys_ahead(joining, decisions, desired_graph)]
        context.keys_ahead[joining] = ahead
        context.inline.update(key.identity for key in ahead if not key.references)
    context.late_fillings.update(late_fillings(decisions, context, desired_graph) if online else ())
    context.refilled.update(context.late_fillings & decisions.drop)
    context.row_casts.update(row_casts(decisions))
    _add_types(changes, decisions, context)
    return context


def _add_types(changes: Changes, decisions: Decisions, context: Context) -> None:
    """What domains stand on, and what is a row."""
    context.bases.update(base_types(decisions))
    if changes.live.source.major < NOT_NULL_ROWS_SINCE:
        rows = (*changes.desired.each(Composite), *changes.desired.each(Table))
        context.row_types.update(qualified(*row.identity.parts) for row in rows)
    for domain in changes.desired.each(Domain):
        context.domains[qualified(*domain.identity.parts)] = domain


def _tables_that_lose_partitions(changes: Changes) -> Iterator[Identity]:
    """What is above a partition that goes, or goes elsewhere, in the live database."""
    objects = changes.live.objects
    for table in changes.live.each(Table):
        after = changes.desired.objects.get(table.identity)
        stays = isinstance(after, Table) and after.place == table.place
        above: Entity | None = table
        while not stays and isinstance(above, Table) and above.partition_bound:
            yield above.parents[0]
            above = objects.get(above.parents[0])


def _names(catalog: Catalog, schema: str) -> set[str]:
    """What relations of a schema are called, an index by the name of its key, too."""
    return {
        identity.parts[-1]
        for identity in catalog.objects
        if identity.parts[0] == schema
        and (identity.kind in _WITH_RELATION_NAMES or identity.kind is Kind.CONSTRAINT)
    }


def _columns(catalog: Catalog, graph: Graph, table: tuple[str, ...]) -> list[Column]:
    found = (catalog.objects[part] for part in graph.parts[Identity(Kind.TABLE, table)])
    columns = [entity for entity in found if isinstance(entity, Column)]
    return sorted(columns, key=lambda column: column.position)


def _constraints(catalog: Catalog, graph: Graph, table: tuple[str, ...]) -> list[Constraint]:
    found = (catalog.objects[part] for part in graph.parts[Identity(Kind.TABLE, table)])
    constraints = [entity for entity in found if isinstance(entity, Constraint)]
    return sorted(
        constraints, key=lambda entry: (entry.form != "primary key", entry.identity.parts)
    )


def _add_live(changes: Changes, context: Context) -> None:
    """What the live database has; who has heirs, and which NOT NULL have names, in either."""
    rows = changes.live.source.major >= NOT_NULL_ROWS_SINCE
    for sequence in changes.live.each(Sequence):
        if sequence.internal and sequence.owned_by:
            context.live_identity_sequences[sequence.owned_by] = sequence
    for table in changes.live.each(Table):
        context.parents.update(table.parents)
    for side in (changes.live, changes.desired):
        for table in side.each(Table):
            if table.of_type:
                context.typed.add(table.of_type)
            if not table.partition_bound:
                context.inherited.update(table.parents)
        for column in side.each(Column) if rows else ():
            own = column.not_null_name
            if not own and column.not_null_inherited:
                # An heir may get it before there is the parent whose name for it this is.
                heir = context.desired_table(Identity(Kind.TABLE, column.identity.parts[:2]))
                own = column.not_null_inherited if heir and _joins(heir, context) else ""
            if not own and side is changes.live and column.not_null:
                # Another long name may be cut to the same.
                made = not_null_name(column)
                own = made if len(made.encode()) == LONGEST_NAME else ""
            if own:
                context.not_nulls.add((column.identity.parts[0], own))


def _joins(table: Table, context: Context) -> bool:
    """Whether it gets a parent that is new, or made anew while an heir is away."""
    anew = not table.partition_bound and not context.rebuilt.isdisjoint(table.parents)
    return anew or context.joins(table.identity)


def _choose_places(decisions: Decisions, context: Context, graph: Graph) -> None:
    # As they were made: the server names partitions' keys of the same columns in that order.
    read = _with_texts(decisions, graph)
    read_by = _read_by(read)
    for identity in sorted(decisions.create, key=lambda i: (born(i, decisions.desired), i)):
        _choose_place(identity, context, read, read_by)
    place_foreign_keys(decisions, context, graph)
    for identity in decisions.create:
        index = decisions.desired.objects[identity]
        if not isinstance(index, Index) or is_given(index, context):
            continue
        if index.parent and not context.joins(index.table):
            context.attached.add(index.parent)
    for change in decisions.alter.values():
        part = change.after
        if isinstance(part, Index) and part.parent in decisions.create:
            # It has a name that the server would not give: it is attached by itself.
            context.attached.add(part.parent)


def _with_texts(decisions: Decisions, graph: Graph) -> Graph:
    """With what a routine kept as text names, where it is new: the server calls it as it is."""
    named: dict[str, set[Identity]] = {}
    for identity in decisions.create:
        if identity.kind in (Kind.ROUTINE, Kind.VIEW, Kind.MATERIALIZED_VIEW):
            named.setdefault(identity.parts[1], set()).add(identity)

    def needs(identity: Identity) -> set[Identity]:
        found = graph.needs.get(identity, set())
        routine = decisions.desired.objects.get(identity)
        if not isinstance(routine, Routine) or routine.atomic:
            return found
        # One taken for another would leave the rows that are there without the default.
        words = names_read_in_body(routine.body) & named.keys()
        return found.union(*(named[word] for word in words))

    return replace(graph, needs=Lazy(needs))


def _choose_place(
    identity: Identity,
    context: Context,
    graph: Graph,
    read_by: Mapping[frozenset[Identity], set[tuple[str, ...]]],
) -> None:
    """Whether CREATE TABLE says a constraint or a default, or a later statement has to."""
    entity = context.desired.objects[identity]
    table = Identity(Kind.TABLE, identity.parts[:2])
    by_default = isinstance(entity, Column) and entity.default and not entity.generated
    needed = graph.needs.get(identity, ())
    routines = frozenset(i for i in needed if i.kind is Kind.ROUTINE) if by_default else frozenset()
    if table not in context.created:
        if identity in closure(routines, graph.needs):
            context.late_defaults.add(identity)
        return
    if by_default:
        # A partition gets the default of its parent.
        lineage = (table, *ancestors(table, context.desired)) if routines else ()
        if any(above.parts in read_by[routines] for above in lineage):
            context.late_defaults.add(identity)
    elif isinstance(entity, Constraint) and entity.form in _INLINE:
        plain = entity.valid and not (entity.index_options or entity.index_tablespace)
        owner = context.desired.objects.get(table)
        child = isinstance(owner, Table) and bool(owner.partition_bound)
        if entity.inherited or child or not plain or _repeats(entity, context):
            return
        routines = frozenset(i for i in needed if i.kind is Kind.ROUTINE)
        if not routines or table.parts not in read_by[routines]:
            context.inline.add(identity)


def _repeats(entity: Constraint, context: Context) -> bool:
    """Whether another key has its columns: in one CREATE TABLE the server makes one of both."""
    keys = (ConstraintForm.PRIMARY_KEY, ConstraintForm.UNIQUE)
    return any(
        (entity.form in keys and other.form in keys and other.columns == entity.columns)
        or (entity.form is ConstraintForm.EXCLUSION and other.definition == entity.definition)
        for other in context.constraints_of.get(entity.identity.parts[:2], ())
        if other.identity in context.inline
    )


def _read_by(graph: Graph) -> Mapping[frozenset[Identity], set[tuple[str, ...]]]:
    """The names of all that some routines lead to, found once for all that call them."""

    def needs(identity: Identity) -> set[Identity]:
        # CREATE TABLE says all columns, whichever of them a function reads.
        columns = graph.parts.get(identity, ()) if identity.kind is Kind.TABLE else ()
        return graph.needs.get(identity, set()).union(i for i in columns if i.kind is Kind.COLUMN)

    edges = Lazy(needs)
    return Lazy(lambda start: {i.parts[:2] for i in closure(start, edges) - start})
