"""What is done beside traffic in nodes of its own: the indexes of keys, and NOT NULL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Constraint, ConstraintForm, Index
from schema_tool.catalog.quoting import name
from schema_tool.plan.children.inheritance import ancestors, columns_below, descendants
from schema_tool.plan.decide.fitting import is_hashed
from schema_tool.plan.decide.publishing import publishing_edges
from schema_tool.plan.decide.type_changes import FREE_OF_KEYS
from schema_tool.plan.emit.conversion import cast_between
from schema_tool.plan.emit.foreign_keys import comes_by_parts
from schema_tool.plan.emit.index_parts import is_built_by_parts, new_partitions
from schema_tool.plan.emit.indexes_ahead import is_built_ahead
from schema_tool.plan.emit.keys import has_other_parts, is_built_apart, key_parts
from schema_tool.plan.emit.not_null import NOT_NULL_ROWS_SINCE, is_proved_later
from schema_tool.plan.emit.phrase import table_identity
from schema_tool.plan.nodes import Node, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context

    Edges = Iterator[tuple[Node, Node]]

_UNIQUE = (ConstraintForm.PRIMARY_KEY, ConstraintForm.UNIQUE)
_PROOF = (Verb.VALIDATE, Verb.SETTLE)


def later_nodes(decisions: Decisions, context: Context) -> Iterator[Node]:
    """BUILD for keys, VALIDATE and on old servers SETTLE for columns; CHECK for what joins."""
    yield from (Node(Verb.LEAVE, publication) for publication in decisions.unpublished)
    for identity in decisions.create:
        key = decisions.desired.objects[identity]
        apart = is_built_apart(key, context) or comes_by_parts(key, context)
        if apart or is_built_ahead(key, context):
            yield Node(Verb.BUILD, identity)
    for identity, change in decisions.alter.items():
        if identity.kind is Kind.COLUMN and is_proved_later(change.before, change.after, context):
            yield Node(Verb.VALIDATE, identity)
            if context.major < NOT_NULL_ROWS_SINCE:
                yield Node(Verb.SETTLE, identity)
    for identity in context.fitting:
        yield Node(Verb.CHECK, identity)
        yield Node(Verb.VALIDATE, identity)


def later_edges(nodes: AbstractSet[Node], decisions: Decisions, context: Context) -> Edges:
    """Pairs of nodes, the first to come before the second; either may not be in the plan."""
    yield from publishing_edges(decisions)
    for node in nodes:
        verb, identity = node
        if verb in (Verb.CREATE, Verb.ALTER) and identity.kind is Kind.INDEX:
            yield from _part_edges(node, decisions, context)
        elif verb is Verb.BUILD:
            yield node, Node(Verb.CREATE, identity)
        elif verb is Verb.ALTER and identity.kind is Kind.COLUMN:
            yield from _expression_edges(identity, decisions)
            yield from _heirs_default_edges(node, decisions)
        elif verb is Verb.DEFAULT:
            yield from _heirs_default_edges(node, decisions)
        elif verb is Verb.CHECK:
            yield from _fitting_edges(identity, context)
        elif verb in _PROOF and identity.kind is Kind.COLUMN:
            yield Node(Verb.ALTER, identity), node
            yield Node(Verb.VALIDATE, identity), Node(Verb.SETTLE, identity)
            yield node, Node(Verb.FINISH, Identity(Kind.TABLE, identity.parts[:2]))
        if verb is Verb.CREATE and identity.kind is Kind.CONSTRAINT:
            yield from _key_edges(identity, decisions)
            key = decisions.desired.objects[identity]
            apart = Node(Verb.BUILD, identity) in nodes
            if isinstance(key, Constraint) and (apart or has_other_parts(key, context)):
                yield from _key_part_edges(key, context)
            elif isinstance(key, Constraint) and key.form in _UNIQUE and not key.inherited:
                yield from _adopting_edges(key, decisions)


def is_free_of(identity: Identity, birth: Node, decisions: Decisions) -> bool:
    """Whether it is a key that may come before a column loses its NOT NULL, or the like.

    An index over a column stays as it is where the column gets another type without a rewrite.
    New values of an enum end a transaction: they do not wait for what its schema is granted.
    """
    if birth.identity.kind is Kind.SCHEMA and identity.kind is Kind.ENUM:
        change = decisions.alter.get(identity)
        return change is not None and "owner" not in change.attributes
    key, change = decisions.desired.objects.get(identity), decisions.alter.get(birth.identity)
    if not isinstance(key, Constraint) or change is None or birth.verb is not Verb.ALTER:
        return False
    before, after, touched = change.before, change.after, set(change.attributes)
    if not isinstance(before, Column) or not isinstance(after, Column):
        return False
    if cast_between(before.type, after.type).free:
        touched.discard("type")
    unique = key.form is ConstraintForm.UNIQUE
    return touched <= FREE_OF_KEYS if unique else key.form in _UNIQUE and not touched


def _expression_edges(identity: Identity, decisions: Decisions) -> Edges:
    """A column that is computed no more stands on no other's type, nor on its being there."""
    before, after = decisions.live.objects.get(identity), decisions.desired.objects[identity]
    assert isinstance(after, Column)
    if isinstance(before, Column) and before.generated and not after.generated:
        for needed in decisions.live_graph.needs.get(identity, ()):
            if needed.kind in (Kind.COLUMN, Kind.ROUTINE):
                for verb in (Verb.ALTER, Verb.DROP):
                    yield Node(Verb.ALTER, identity), Node(verb, needed)


def _fitting_edges(table: Identity, context: Context) -> Edges:
    """Rows are proved to fit before their table leaves for another; a hash names its parents."""
    yield Node(Verb.CHECK, table), Node(Verb.VALIDATE, table)
    for verb in (Verb.LEAVE, Verb.ALTER):
        yield Node(Verb.VALIDATE, table), Node(verb, table)
    for above in ancestors(table, context.desired):
        # One that moves is empty until its rows are copied.
        yield Node(Verb.VALIDATE, table), Node(Verb.RENAME, above)
        if is_hashed(context.fitting[table]):
            yield Node(Verb.CREATE, above), Node(Verb.CHECK, table)


def _heirs_default_edges(node: Node, decisions: Decisions) -> Edges:
    """Heirs' own defaults are off before their column is converted, and come after the parent's."""
    for below in columns_below(node.identity, decisions.live, decisions.children):
        if below in decisions.undefaulted:
            yield Node(Verb.UNDEFAULT, below), node
            yield node, Node(Verb.DEFAULT, below)


def _part_edges(node: Node, decisions: Decisions, context: Context) -> Edges:
    """New partitions are there before the indexes that are attached one by one."""
    index = decisions.desired.objects[node.identity]
    if isinstance(index, Index) and is_built_by_parts(index, context):
        for table in new_partitions(index, context):
            yield Node(Verb.CREATE, table), node


def _adopting_edges(key: Constraint, decisions: Decisions) -> Edges:
    """A partition's own key goes before its parent's would adopt it, and hold it fast."""
    for partition in descendants(table_identity(key), decisions.children):
        for part in decisions.parts.get(partition, ()):
            own = decisions.live.objects[part]
            if isinstance(own, Constraint) and own.form in _UNIQUE and not own.inherited:
                yield Node(Verb.DROP, part), Node(Verb.CREATE, key.identity)


def _key_part_edges(key: Constraint, context: Context) -> Edges:
    """The server would name the keys of new partitions; what they have is in the way."""
    for part in key_parts(key, context):
        index = Identity(Kind.INDEX, part.identity.parts[::2])
        gone = (Node(Verb.DROP, old) for old in (part.identity, index))
        for first in (Node(Verb.CREATE, table_identity(part)), *gone):
            yield first, Node(Verb.CREATE, key.identity)


def _reference_edges(key: Constraint, decisions: Decisions) -> Edges:
    """Of two that fit, the server may choose the one that goes for a foreign key."""
    if key.references is None:
        return
    referred = re.search(r" REFERENCES [^(]*\(([^)]*)\)", key.definition)
    wanted = set(referred[1].split(", ")) if referred else set()
    for part in decisions.parts.get(key.references, ()):
        old = decisions.live.objects[part]
        columns: set[str] = set()
        if isinstance(old, Constraint) and old.form in _UNIQUE:
            columns = set(map(name, old.columns))
        elif isinstance(old, Index) and old.unique:
            listed = re.search(r" \(([^()]*)\)", old.definition)
            columns = set(listed[1].split(", ")) if listed else set()
        if columns and columns == wanted:
            yield Node(Verb.DROP, part), Node(Verb.CREATE, key.identity)


def _key_edges(identity: Identity, decisions: Decisions) -> Edges:
    """A primary key stands on columns that are NOT NULL."""
    key = decisions.desired.objects[identity]
    if not isinstance(key, Constraint):
        return
    yield from _reference_edges(key, decisions)
    yield from _successor_edges(key, decisions)
    if key.form is not ConstraintForm.PRIMARY_KEY:
        return
    birth = Node(Verb.CREATE, identity)
    for column in key.columns:
        for verb in _PROOF:
            yield Node(verb, Identity(Kind.COLUMN, (*identity.parts[:2], column))), birth


def _successor_edges(key: Constraint, decisions: Decisions) -> Edges:
    """No table has two primary keys, nor two keys of one name; a partition has its parent's."""
    table = table_identity(key)
    old = decisions.live.objects.get(key.identity)
    inherited = isinstance(old, Constraint) and old.inherited
    for above in (table, *ancestors(table, decisions.live)):
        for part in decisions.parts.get(above, ()):
            gone = decisions.live.objects[part]
            form = gone.form if isinstance(gone, Constraint) else None
            primary = form is key.form is ConstraintForm.PRIMARY_KEY
            if primary or (inherited and above != table and form in _UNIQUE):
                yield Node(Verb.DROP, part), Node(Verb.CREATE, key.identity)
