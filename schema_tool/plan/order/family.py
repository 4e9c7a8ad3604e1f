"""The order of what happens to parents, children and partitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, ConstraintForm, Table
from schema_tool.plan.children.inheritance import ancestors, descendants, live_children
from schema_tool.plan.decide.converted_parts import converted_part_edges
from schema_tool.plan.decide.default_partitions import taking_edges
from schema_tool.plan.decide.going_along import key_before_leaving
from schema_tool.plan.decide.incomplete_indexes import completing_edges, is_incomplete
from schema_tool.plan.decide.index_statistics import statistics_edges
from schema_tool.plan.decide.part_names import part_name_edges
from schema_tool.plan.decide.sibling_partitions import leavers, sharing_edges
from schema_tool.plan.emit.given import has_given_parts
from schema_tool.plan.emit.new_columns import passes_identity
from schema_tool.plan.emit.parents import leaves
from schema_tool.plan.graph import relation_of
from schema_tool.plan.nodes import Node, Verb
from schema_tool.plan.order.family_columns import column_edges
from schema_tool.plan.order.family_keys import key_edges
from schema_tool.plan.order.family_parts import part_edges
from schema_tool.plan.order.unproved import makes_unproved, unproved_edges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.compare import Change
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context

    Edges = Iterator[tuple[Node, Node]]

_CHANGING = (Verb.DROP, Verb.CREATE, Verb.ALTER)
_PROVING = (*_CHANGING, Verb.VALIDATE, Verb.SETTLE)
_KEYS = (ConstraintForm.PRIMARY_KEY, ConstraintForm.UNIQUE)
_SHARED = frozenset({Kind.COLUMN, Kind.CONSTRAINT})


def is_leaving(identity: Identity, decisions: Decisions) -> bool:
    """Whether an altered table is taken from a parent or type first."""
    change = decisions.alter[identity]
    before, after = change.before, change.after
    if not isinstance(before, Table) or not isinstance(after, Table):
        return False
    return leaves(before, after, decisions.left_for_a_while(identity))


def family_edges(decisions: Decisions, context: Context) -> Edges:
    """Pairs of nodes, the first to come before the second; either may not be in the plan."""
    below = live_children(decisions.desired) if decisions.copied else {}
    for table in decisions.moved:
        yield from _moved(table, decisions, context)
    for table in decisions.copied:
        for child in descendants(table, below):
            yield Node(Verb.CREATE, child), Node(Verb.COPY, table)
            yield Node(Verb.ALTER, child), Node(Verb.COPY, table)
        for gone in descendants(table, decisions.children):
            if gone in decisions.emptied:
                yield Node(Verb.COPY, table), Node(Verb.DROP, gone)
                yield Node(Verb.DROP, gone), Node(Verb.DROP_OLD, table)
    yield from column_edges(decisions)
    for identity in decisions.alter:
        if identity.kind is Kind.TABLE:
            yield from _altered(identity, decisions, context)
        elif identity.kind is Kind.COMPOSITE:
            yield from _typed(identity, decisions, context)
    yield from key_edges(decisions, context)
    yield from part_name_edges(decisions)
    yield from _places(decisions)
    yield from taking_edges(decisions)
    yield from sharing_edges(decisions)
    yield from unproved_edges(decisions)
    yield from completing_edges(decisions)
    yield from part_edges(decisions)
    yield from converted_part_edges(decisions)
    yield from statistics_edges(decisions)


def _typed(kind: Identity, decisions: Decisions, context: Context) -> Edges:
    """The columns of typed tables come with their type's attributes."""
    for table in decisions.live_graph.needed_by.get(kind, ()):
        for node in _changes_of(table, decisions, context):
            if table.kind is Kind.TABLE and node.verb is not Verb.DROP:
                yield Node(Verb.ALTER, kind), node


def _changes_of(
    table: Identity,
    decisions: Decisions,
    context: Context,
    *,
    indexes: bool = False,
    proved: bool = False,
) -> Iterator[Node]:
    """What happens to a table's columns and constraints."""
    parts = {*decisions.parts.get(table, ()), *context.parts.get(table, ())}
    for part in parts:
        if part.kind in _SHARED or (indexes and part.kind is Kind.INDEX):
            for verb in _PROVING if proved else _CHANGING:
                yield Node(verb, part)


def _moved(table: Identity, decisions: Decisions, context: Context) -> Edges:
    """A table that is renamed away is no partition while its parent's columns change."""
    for above in ancestors(table, decisions.live):
        if above in decisions.copied:
            yield Node(Verb.COPY, above), Node(Verb.DROP_OLD, table)
        for part in decisions.parts.get(above, ()):
            # Its old table is still there when what they call goes.
            yield Node(Verb.UNDEFAULT, part), Node(Verb.RENAME, table)
        if above not in decisions.moved:
            for node in _changes_of(above, decisions, context):
                first = node.verb is Verb.DROP and _leaves_room(node.identity, above, decisions)
                away = Node(Verb.RENAME, table)
                yield (node, away) if first else (away, node)
                if not makes_unproved(node, decisions):
                    yield node, Node(Verb.CREATE, table)
            for node in _changes_of(above, decisions, context, indexes=True):
                # The server would make one of it, with a name that the new one's shall have.
                if node.verb is Verb.CREATE:
                    yield Node(Verb.RENAME, table), node
                if node.verb is Verb.DROP or node.identity in context.attached:
                    # The new one has its own as it is made, by names that are free then.
                    yield node, Node(Verb.CREATE, table)


def _leaves_room(part: Identity, table: Identity, decisions: Decisions) -> bool:
    """Whether a constraint goes so that something else can: the old table is not left with it."""
    entity = decisions.live.objects.get(part)
    if not isinstance(entity, Constraint) or entity.form in _KEYS:
        return False
    for needed in decisions.live_graph.needs.get(part, ()):
        relation = relation_of(needed, decisions.live) or needed
        if relation != table and not decisions.drop.isdisjoint({needed, relation}):
            return True
    return False


def _altered(table: Identity, decisions: Decisions, context: Context) -> Edges:
    """What the server does not allow on a partition happens before or after it is one."""
    change = decisions.alter[table]
    before, after = change.before, change.after
    if not isinstance(before, Table) or not isinstance(after, Table):
        return
    leave, join = Node(Verb.LEAVE, table), Node(Verb.ALTER, table)
    yield leave, join
    anew = {parent for parent in after.parents if decisions.rebuilt(parent)}
    joining = set(after.parents) - set(before.parents) or anew
    turns = bool(before.partition_bound) != bool(after.partition_bound)
    stays = set(after.parents) - (set() if before.partition_bound else anew)
    if set(before.parents) - stays or turns or "of_type" in change.attributes:
        # An heir is in its parent's sight while its own indexes are built beside traffic.
        attached = bool(before.partition_bound)
        for node in _changes_of(table, decisions, context, indexes=attached):
            yield leave, node
    if joining:
        for node in _changes_of(table, decisions, context, indexes=True, proved=True):
            if not _is_new_exclusion(node, decisions):
                yield node, join
        yield from _converted_above(join, decisions, context)
    elif "of_type" in change.attributes:
        yield from _of_type(leave, join, decisions, context)
    yield from _below_attached(change, join, decisions, context)
    for parent in before.parents:
        gone = parent not in after.parents or parent in anew
        if not gone and table in decisions.apart:
            yield from _away(leave, parent, decisions, context)
        else:
            yield from _left(
                leave, parent, decisions, context, gone=gone, heir=not before.partition_bound
            )
            yield from _indexes_ahead(leave, context) if not gone else ()
    yield from _left_for_good(leave, before, after, decisions, context)
    yield from _left_by_heirs(leave, decisions)
    for parent in after.parents:
        # A new table gets its indexes and foreign keys when it has its rows, and all partitions.
        if parent not in decisions.copied and (parent not in before.parents or parent in anew):
            yield from _joined(join, parent, decisions, context)


def _joined(join: Node, parent: Identity, decisions: Decisions, context: Context) -> Edges:
    for node in _changes_of(parent, decisions, context, indexes=True, proved=True):
        if not is_incomplete(node.identity, decisions.desired):
            yield node, join


def _of_type(leave: Node, join: Node, decisions: Decisions, context: Context) -> Edges:
    """A table is of its type again when both have the same columns; it asks for nothing else."""
    for node in _changes_of(join.identity, decisions, context):
        if node.identity.kind is Kind.COLUMN:
            yield node, join
    for kind in decisions.apart.get(join.identity, ()):
        yield leave, Node(Verb.ALTER, kind)
        yield Node(Verb.ALTER, kind), join


def _below_attached(change: Change, join: Node, decisions: Decisions, context: Context) -> Edges:
    """The partitions of one that joins have its identity if they come to it after that."""
    bound = {"parents", "partition_bound"} & set(change.attributes)
    if bound and passes_identity(join.identity, context):
        for child in context.partitions.get(join.identity, ()):
            yield join, Node(Verb.CREATE, child)
            yield join, Node(Verb.ALTER, child)
        for node in _changes_of(join.identity, decisions, context):
            if _is_new_exclusion(node, decisions):
                yield join, node


def _is_new_exclusion(node: Node, decisions: Decisions) -> bool:
    """Whether it makes what a partition that comes back would have twice."""
    entity = decisions.desired.objects.get(node.identity) if node.verb is Verb.CREATE else None
    return isinstance(entity, Constraint) and entity.form is ConstraintForm.EXCLUSION


def _is_unproved_check(node: Node, decisions: Decisions) -> bool:
    """Whether it makes what new partitions get when they are there, in places that this leaves."""
    return node.verb is Verb.CREATE and makes_unproved(node, decisions)


def _converted_above(join: Node, decisions: Decisions, context: Context) -> Edges:
    """A column that its other parents' convert fits its new parent's by then."""
    for above in ancestors(join.identity, decisions.desired):
        for node in _changes_of(above, decisions, context):
            if node.verb is Verb.ALTER and node.identity.kind is Kind.COLUMN:
                yield node, join


def _left(
    leave: Node,
    parent: Identity,
    decisions: Decisions,
    context: Context,
    *,
    gone: bool,
    heir: bool,
) -> Edges:
    """What goes from a parent goes from its child as well, unless the child is `gone` by then."""
    if gone:
        yield from _after_leaving(leave, parent, decisions, context)
        for above in ancestors(parent, decisions.live):
            for node in _changes_of(above, decisions, context, indexes=True):
                if node.identity.kind is Kind.INDEX and node.verb is Verb.DROP:
                    yield leave, node
        return
    away = decisions.away.get(leave.identity, ())
    for above in (parent, *ancestors(parent, decisions.live)):
        for node in _changes_of(above, decisions, context, indexes=True):
            if node.identity.kind is Kind.COLUMN and node.identity.parts[2] in away:
                # It comes from one of those, too, that are left.
                yield leave, node
            elif heir:
                # It is not left with what it had of several, and joins others when it has the new.
                yield leave, node
                yield node, Node(Verb.ALTER, leave.identity)
            elif _is_new_exclusion(node, decisions) or _is_unproved_check(node, decisions):
                yield Node(Verb.ALTER, leave.identity), node
            elif node.identity.kind is not Kind.INDEX or node.verb is Verb.DROP:
                yield node, leave


def _indexes_ahead(leave: Node, context: Context) -> Edges:
    """Else the server makes some for the parent's as the table comes back."""
    for part in context.parts.get(leave.identity, ()):
        if part.kind is Kind.INDEX:
            yield Node(Verb.CREATE, part), leave


def _left_for_good(
    leave: Node, before: Table, after: Table, decisions: Decisions, context: Context
) -> Edges:
    """What is above the parents that a table leaves, and above none that it keeps, is so, too."""
    found: dict[bool, set[Identity]] = {True: set(), False: set()}
    for parent in before.parents:
        found[parent in after.parents].update((parent, *ancestors(parent, decisions.live)))
    for above in found[False] - found[True]:
        yield from _after_leaving(leave, above, decisions, context)


def _after_leaving(leave: Node, above: Identity, decisions: Decisions, context: Context) -> Edges:
    """What happens to a table above is nothing to one that has left it, but for some keys."""
    own = (decisions.live.objects[part] for part in decisions.parts.get(leave.identity, ()))
    first = {key_before_leaving(part, decisions) for part in own}
    for node in _changes_of(above, decisions, context, indexes=True):
        gone = node.verb is Verb.DROP and node.identity in first
        yield (node, leave) if gone else (leave, node)


def _left_by_heirs(leave: Node, decisions: Decisions) -> Edges:
    """An heir of several parents that goes is gone by then: no part of theirs could be renamed."""
    for heir in descendants(leave.identity, decisions.children):
        table = decisions.live.objects[heir]
        goes = heir in decisions.drop and not decisions.rebuilt(heir)
        if goes and isinstance(table, Table) and len(table.parents) > 1:
            yield Node(Verb.DROP, heir), leave


def _away(leave: Node, parent: Identity, decisions: Decisions, context: Context) -> Edges:
    """What happens to the parents while a table is away, and what before and after that."""
    table = leave.identity
    join = Node(Verb.ALTER, table)
    for key in decisions.away.get(table, ()):
        for verb in (Verb.ALTER, Verb.DROP):
            own = Node(verb, Identity(Kind.COLUMN, (*table.parts, key)))
            yield from ((leave, own), (own, join))
    # Others join when all is done to their parent.
    takers = decisions.takers.get(table, ())
    joined = any(context.joins(taker) or has_given_parts(taker, context) for taker in takers)
    for part in context.parts.get(table, ()) if joined else ():
        if part.kind is Kind.INDEX and part in decisions.create:
            # Else the server makes one for the parent's as the table comes back.
            yield Node(Verb.CREATE, part), leave
    read = _read_while_away(table, decisions)
    for above in (parent, *ancestors(parent, decisions.live)):
        yield from _settled(leave, above, decisions, context, read)
        triggers = [p for p in decisions.parts.get(above, ()) if p.kind is Kind.TRIGGER]
        triggers += [p for p in context.parts.get(above, ()) if p.kind is Kind.TRIGGER]
        of_triggers = (Node(verb, trigger) for trigger in triggers for verb in _CHANGING)
        for node in (*_changes_of(above, decisions, context, indexes=True), *of_triggers):
            column = node.identity.kind is Kind.COLUMN
            if column and node.identity.parts[2] in decisions.away.get(table, ()):
                yield leave, node
                yield node, join
            elif column and node.verb is Verb.ALTER and node.identity.parts[2] in read:
                yield join, node
            elif node.identity.kind is Kind.TRIGGER and node.verb is not Verb.DROP:
                # It would see the rows of a default partition move.
                yield join, node
            elif not joined and _is_kept_key(node, decisions):
                yield join, node
            elif column or node.verb is Verb.DROP or joined:
                yield node, leave
            else:
                yield join, node


def _settled(
    leave: Node, above: Identity, decisions: Decisions, context: Context, read: set[str]
) -> Edges:
    """Else it comes back to a parent whose column is NOT NULL as its own is not."""
    away = decisions.away.get(leave.identity, set()) | read
    for part in context.parts.get(above, ()):
        if part.kind is Kind.COLUMN and part.parts[2] not in away:
            yield Node(Verb.SETTLE, part), leave


def _read_while_away(table: Identity, decisions: Decisions) -> set[str]:
    """The columns whose changes wait for expressions to go that are away with the table."""
    needs = decisions.live_graph.needs
    return {
        needed.parts[2]
        for key in decisions.away.get(table, ())
        for needed in needs.get(Identity(Kind.COLUMN, (*table.parts, key)), ())
        if needed.kind is Kind.COLUMN and needed.parts[:2] == table.parts
    }


def _is_kept_key(node: Node, decisions: Decisions) -> bool:
    """Whether it is a key that goes, which the one that is away has as well until it is back."""
    key = decisions.live.objects.get(node.identity)
    if node.verb is not Verb.DROP or not isinstance(key, Constraint) or not decisions.online:
        return False
    columns = (Identity(Kind.COLUMN, (*key.identity.parts[:2], part)) for part in key.columns)
    touched = decisions.alter.keys() | decisions.drop
    return key.form in _KEYS and touched.isdisjoint(columns)


def _places(decisions: Decisions) -> Edges:
    """A partition's place is free before another one takes it."""
    freed: dict[Identity, list[Node]] = {}
    going = leavers(decisions)
    for verb, identities in (
        (Verb.LEAVE, [*decisions.alter, *decisions.givers, *going]),
        (Verb.DROP, decisions.drop - going),
        (Verb.RENAME, decisions.moved),
    ):
        for identity in identities:
            table = decisions.live.objects.get(identity)
            if isinstance(table, Table) and table.partition_bound:
                freed.setdefault(table.parents[0], []).append(Node(verb, identity))
    if not freed:
        return
    for verb, wanted in ((Verb.CREATE, decisions.create), (Verb.ALTER, decisions.alter)):
        for identity in wanted:
            table = decisions.desired.objects.get(identity)
            if isinstance(table, Table) and table.partition_bound:
                for node in freed.get(table.parents[0], ()):
                    gives = node.verb is Verb.LEAVE
                    if gives or node.identity not in decisions.emptied:
                        yield node, Node(verb, identity)
