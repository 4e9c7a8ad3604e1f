"""Nodes and their order: what must be done before what."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, Index, Sequence
from schema_tool.plan.children.inheritance import ancestors as tables_above
from schema_tool.plan.decide.clones import keys_above, switched_before
from schema_tool.plan.decide.followers import along_with
from schema_tool.plan.decide.held_rows import held_edges
from schema_tool.plan.decide.sibling_partitions import gives_rows
from schema_tool.plan.decide.type_changes import is_mild, survives
from schema_tool.plan.decide.whole_rows import row_edges
from schema_tool.plan.decisions import TYPES
from schema_tool.plan.emit.registry import SETTINGS
from schema_tool.plan.graph import Graph, relation_of
from schema_tool.plan.nodes import READERS, Node, Verb, name_edges
from schema_tool.plan.order.all_nodes import all_nodes
from schema_tool.plan.order.default_privileges import default_edges
from schema_tool.plan.order.family import family_edges
from schema_tool.plan.order.family_keys import reference_edges
from schema_tool.plan.order.later import is_free_of, later_edges
from schema_tool.plan.order.operator_links import link_edges
from schema_tool.plan.order.phases import Phases
from schema_tool.plan.order.replica_identities import replica_edges
from schema_tool.plan.order.sorting import fulfillable, hastened, in_order
from schema_tool.plan.order.texts import body_edges, excluded_edges
from schema_tool.plan.order.windows import find_windows, window_edges
from schema_tool.plan.order.wishes import wished_edges

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context

# What a partition gets from its parent by itself.
_CLONED = frozenset({Kind.CONSTRAINT, Kind.INDEX, Kind.TRIGGER})


class Ordering:
    """Builds the nodes of the decisions, the edges between them, and one order for all."""

    def __init__(
        self,
        decisions: Decisions,
        context: Context,
        *,
        live: Graph,
        desired: Graph,
        splits: Callable[[Node], bool],
    ) -> None:
        self._decisions = decisions
        self._context = context
        self._live = live
        self._desired = desired
        self._splits = splits
        self._nodes = all_nodes(decisions, context)
        self._before: dict[Node, set[Node]] = defaultdict(set)
        self._soft: dict[Node, set[Node]] = defaultdict(set)

    def order(self) -> list[Node]:
        """All nodes, each after what it needs."""
        for node in list(self._nodes):
            self._edges_of(node)
        family = family_edges(self._decisions, self._context)
        later = later_edges(self._nodes, self._decisions, self._context)
        replica = replica_edges(self._decisions)
        granted = default_edges(self._nodes)
        excluded = excluded_edges(self._nodes, self._decisions.desired, self._desired)
        for first, second in chain(family, replica, later, excluded, granted):
            self._edge(first, second)
        live = self._decisions.live, self._decisions.parts
        desired = self._decisions.desired, self._context.parts
        for first, second, soft in name_edges(self._nodes, live, desired, self._context.inline):
            self._edge(first, second, soft=soft)
        for first, second in link_edges(self._nodes, self._decisions.desired):
            self._edge(first, second, soft=True)
        for first, second in body_edges(self._nodes, self._decisions.desired, self._desired):
            self._edge(first, second, soft=True)
        graphs = self._decisions, self._desired
        wished = wished_edges(self._nodes, self._before, *graphs)
        held = chain(held_edges(self._nodes, *graphs), row_edges(self._nodes, self._decisions))
        for first, second in chain(wished, held):
            self._edge(first, second, soft=True)
        for first, second, soft in reference_edges(self._context):
            self._edge(first, second, soft=soft)
        phases = Phases(self._decisions, self._nodes, self._before, self._splits)
        priority = {node: phases.priority(node) for node in self._nodes}
        wishes = fulfillable(self._before, self._soft, priority)
        windows = find_windows(self._nodes, self._before, phases)
        for first, second in window_edges(windows, self._before, wishes, priority, phases):
            wishes.setdefault(second, set()).add(first)
        hasty = hastened(priority, self._before, wishes)
        return in_order(hasty, self._before, wishes, windows, self._splits)

    def _edge(self, first: Node, second: Node, *, soft: bool = False) -> None:
        if first != second and first in self._nodes and second in self._nodes:
            (self._soft if soft else self._before)[second].add(first)

    def _end_of(self, identity: Identity) -> Iterator[Node]:
        """The nodes that make a live object, or what it stands on, disappear."""
        for verb in (Verb.DROP, Verb.RENAME):
            node = Node(verb, identity)
            if node in self._nodes:
                yield node
                return
        if identity in self._context.refilled:
            yield Node(Verb.CREATE, identity)
            return
        relation = relation_of(identity, self._decisions.live)
        relation = relation or self._decisions.absorbed.get(identity)
        if relation is not None:
            yield from self._end_of(relation)
        if identity.kind is Kind.COLUMN and identity not in self._decisions.desired.objects:
            above = self._with_parents(identity, Verb.DROP, self._decisions.live)
            # That of a parent which lets go of its default has its heirs let go of theirs.
            yield from (i for i in above if i.identity not in self._decisions.undefaulted)

    def _with_parents(self, column: Identity, verb: Verb, catalog: Catalog) -> Iterator[Node]:
        """What happens to columns of its parents, or further up, with which it comes or goes."""
        for parent in tables_above(Identity(Kind.TABLE, column.parts[:2]), catalog):
            above = Node(verb, Identity(Kind.COLUMN, (*parent.parts, column.parts[2])))
            if above in self._nodes:
                yield above

    def _birth_of(self, identity: Identity) -> Iterator[Node]:
        """The nodes after which a desired object is as it should be."""
        node = Node(Verb.CREATE, identity)
        if node in self._nodes:
            yield node
        elif identity in self._decisions.create:
            relation = relation_of(identity, self._decisions.desired)
            relation = relation or self._decisions.brought.get(identity)
            if relation is not None:
                yield from self._birth_of(relation)
        altered = Node(Verb.ALTER, identity)
        if altered in self._nodes:
            yield altered
        part = self._decisions.desired.objects.get(identity)
        if isinstance(part, Constraint | Index) and part.parent and node not in self._nodes:
            # A partition's comes with its parent's.
            yield from self._birth_of(part.parent)
        live = self._decisions.live.objects.get(identity)
        column = live.owned_by if isinstance(live, Sequence) else None
        if column and identity in self._decisions.ended.get(column, ()):
            # Another comes under its name as the column is altered.
            yield Node(Verb.ALTER, column)
        table = self._context.desired_table(Identity(Kind.TABLE, identity.parts[:2]))
        if identity.kind is Kind.COLUMN and table is not None and node not in self._nodes:
            yield from self._with_parents(identity, Verb.CREATE, self._decisions.desired)

    def _edges_of(self, node: Node) -> None:
        verb, identity = node
        if verb in (Verb.DROP, Verb.RENAME) or self._disturbs(node):
            self._live_edges(node)
        if verb in (Verb.CREATE, Verb.BUILD, Verb.ALTER, Verb.DEFAULT):
            self._desired_edges(node)
        self._owner_edges(node)
        for first in switched_before(node, self._decisions):
            self._edge(first, node)
        if verb is Verb.RENAME:
            self._edge(node, Node(Verb.CREATE, identity))
            self._edge(Node(Verb.CREATE, identity), Node(Verb.COPY, identity))
            self._edge(Node(Verb.COPY, identity), Node(Verb.DROP_OLD, identity))
            self._edge(Node(Verb.CREATE, identity), Node(Verb.DROP_OLD, identity))
            self._moving_edges(node)
        elif verb in (Verb.OWN, Verb.FINISH):
            self._after_relation(node)
        elif verb is Verb.DISOWN:
            self._disowning_edges(node)
        elif verb is Verb.UNDEFAULT:
            self._edge(node, Node(Verb.DEFAULT, identity))
            # The new default is of the new type.
            self._edge(Node(Verb.ALTER, identity), Node(Verb.DEFAULT, identity), soft=True)
            for end in self._end_of(identity):
                self._edge(node, end)
        if verb is Verb.CREATE and self._is_made_by_column(identity):
            # What is created are its privileges and its comment.
            self._after_relation(node)
        for end in self._end_of(identity):
            if verb in (Verb.CREATE, Verb.DEFAULT):
                self._edge(end, node)

    def _disturbs(self, node: Node) -> bool:
        """Whether altering it concerns what stands on it: owner, grants and new values do not."""
        if node.verb is not Verb.ALTER or node.identity.kind in (Kind.TABLE, Kind.ENUM):
            return False
        return not set(self._decisions.alter[node.identity].attributes) <= SETTINGS

    def _is_made_by_column(self, identity: Identity) -> bool:
        entity = self._decisions.desired.objects.get(identity)
        return isinstance(entity, Sequence) and entity.internal

    def _live_edges(self, node: Node) -> None:
        """What stood on it goes before it goes, or is altered off it."""
        verb, identity = node
        stack = [identity]
        owner = relation_of(identity, self._decisions.live) or identity
        moving = owner in self._decisions.moved
        if verb in (Verb.DROP, Verb.RENAME):
            parts = self._decisions.parts.get(identity, ())
            stack += (part for part in parts if Node(Verb.DISOWN, part) not in self._nodes)
            stack += along_with(identity, self._decisions)
        stack += self._decisions.ended.get(identity, ())
        for part in stack:
            for dependent in self._live.needed_by.get(part, ()):
                if self._goes_along(dependent, node, part):
                    continue
                relation = relation_of(dependent, self._decisions.live) or dependent
                itself = Node(Verb.DROP, dependent) in self._nodes
                called = part.kind is Kind.ROUTINE and dependent in self._decisions.undefaulted
                itself = itself or called or part.kind in _CLONED
                if verb is Verb.DROP and identity not in self._decisions.create and not itself:
                    # The old table of one that moves still uses it until its rows are copied.
                    self._edge(Node(Verb.DROP_OLD, relation), node)
                own = relation == identity
                if own and Node(Verb.DROP, dependent) not in self._nodes:
                    continue
                stays = dependent not in self._decisions.undefaulted
                if stays and not self._is_mild(node, dependent):
                    for end in self._end_of(dependent):
                        if end.identity in self._decisions.emptied and moving:
                            continue
                        self._edge(end, node, soft=self._is_wish(end, node))
                        away = end.verb is Verb.RENAME and part.kind not in _CLONED
                        if away and verb is Verb.DROP:
                            self._edge(Node(Verb.DROP_OLD, end.identity), node)
                if (
                    (verb is not Verb.ALTER or part != identity)
                    and identity not in self._decisions.swapped
                    and stays
                ):
                    left = Node(Verb.LEAVE, dependent)
                    left = left if left in self._nodes else Node(Verb.ALTER, dependent)
                    # A publication loses a table that goes, were it not altered before.
                    lost = dependent.kind is Kind.PUBLICATION and identity.kind is Kind.TABLE
                    self._edge(left, node, soft=lost)
                self._edge(Node(Verb.UNDEFAULT, dependent), node)

    def _is_wish(self, end: Node, node: Node) -> bool:
        """Whether what stands on it need not go first: a type's name says not what it is of."""
        if node.verb is Verb.RENAME and end.identity.kind in TYPES:
            return True
        if node.verb is Verb.RENAME or (node.verb is Verb.ALTER and node.identity.kind in TYPES):
            # The rows of a partition move before it goes.
            return node.is_replaced or gives_rows(end.identity, self._decisions)
        return node.is_replaced

    def _is_mild(self, node: Node, user: Identity) -> bool:
        """Whether altering a column need not wait for what reads it, nor that for this."""
        if node.verb is not Verb.ALTER or user.kind not in READERS:
            return False
        return is_mild(self._decisions.alter[node.identity])

    def _goes_along(self, identity: Identity, node: Node, part: Identity) -> bool:
        """Whether it need not go first.

        Such is a partition's part of a constraint or an index, which goes when the whole goes, and
        an index that can stand on the column's new type until all else is done.
        """
        entity = self._decisions.live.objects.get(identity)
        if isinstance(entity, Index) and entity.parent:
            given = entity.table in self._decisions.shares
            if given or self._goes_with_parents(entity, node):
                return True
        change = self._decisions.alter.get(part) if node.verb is Verb.ALTER else None
        again = isinstance(entity, Index) and self._decisions.rebuilt(identity)
        if not again and survives(entity, change, self._decisions):
            return True
        inherited = isinstance(entity, Constraint) and entity.inherited and not entity.local
        if not inherited or Node(Verb.DROP, identity) in self._nodes:
            return False
        above = (Node(Verb.DROP, k) for k in keys_above(identity, part.parts[:2], self._decisions))
        if part.kind is Kind.CONSTRAINT or not self._nodes.isdisjoint(above):
            return True
        # A check goes with its parents', though what is said of it alone is altered later.
        tables = tables_above(Identity(Kind.TABLE, identity.parts[:2]), self._decisions.live)
        checks = (Identity(Kind.CONSTRAINT, (*t.parts, identity.parts[2])) for t in tables)
        return any(Node(Verb.DROP, check) in self._nodes for check in checks)

    def _goes_with_parents(self, index: Index, node: Node) -> bool:
        """Whether one further up that it is a part of is dropped, for what is to go after it."""
        above = self._decisions.live.objects.get(index.parent) if index.parent else None
        if not isinstance(above, Index) or above.identity == node.identity:
            return False
        dropped = Node(Verb.DROP, above.identity) in self._nodes
        return dropped or self._goes_with_parents(above, node)

    def _desired_edges(self, node: Node) -> None:
        """What it will stand on is there before it."""
        identity = node.identity
        stack = [identity]
        entity = self._decisions.desired.objects.get(identity)
        own_table = Identity(Kind.TABLE, identity.parts[:2])
        own_table = entity.table if isinstance(entity, Index) else own_table
        table = self._context.desired_table(identity)
        whole = table or self._context.desired_table(own_table)
        cloned = bool(whole and whole.partition_bound)
        cloned = cloned and (table is not None or self._context.joins(own_table))
        lineage = {*tables_above(whole.identity, self._decisions.desired)} if whole else set()
        split = table and table.partition_key
        if node.verb is Verb.CREATE and identity.kind is Kind.TABLE:
            parts = self._context.parts.get(identity, ())
            columns = [part for part in parts if part.kind is Kind.COLUMN]
            for column in columns if table and table.parents else ():
                # What it has of its own in a new column of its parent's is said right after it.
                for above in self._with_parents(column, Verb.CREATE, self._decisions.desired):
                    self._edge(above, node, soft=True)
            stack += [*columns, *(part for part in parts if part in self._context.inline)]
        stack += self._context.functions_of.get(identity, ())
        for part in stack:
            for needed in self._desired.needs.get(part, ()):
                if needed.kind is Kind.ROUTINE and self._is_bare(part, node):
                    continue
                called = part.kind is Kind.TABLE and needed.kind is Kind.ROUTINE and not split
                owner = relation_of(needed, self._decisions.desired) or needed
                if cloned and (called or (needed.kind in _CLONED and owner in lineage)):
                    # The server gives it its own (a trigger with its function) with its parent's.
                    continue
                for birth in self._birth_of(needed):
                    free = is_free_of(part, birth, self._decisions)
                    if free or birth == Node(Verb.ALTER, own_table):
                        # A part does not wait for what is altered of its table.
                        continue
                    if self._is_mild(birth, identity):
                        continue
                    both = birth.verb is Verb.ALTER is node.verb
                    self._edge(birth, node, soft=both)
                if owner in self._decisions.copied and identity.kind is not Kind.TABLE:
                    self._edge(Node(Verb.COPY, owner), node)

    def _is_bare(self, column: Identity, node: Node) -> bool:
        """Whether a column is made, or altered, without its default, which comes after it."""
        if node.verb is Verb.CREATE:
            return column in self._context.late_defaults
        return node.verb is Verb.ALTER and column in self._decisions.undefaulted

    def _owner_edges(self, node: Node) -> None:
        """An identity column brings its sequence."""
        sequence = self._decisions.desired.objects.get(node.identity)
        if not isinstance(sequence, Sequence) or sequence.owned_by is None:
            return
        if sequence.internal and node.verb in (Verb.CREATE, Verb.ALTER):
            live = self._decisions.live.objects.get(node.identity)
            stays = isinstance(live, Sequence) and live.internal
            for birth in self._birth_of(sequence.owned_by):
                if stays and birth.verb is Verb.ALTER:
                    # Where it stands is within the new bounds before those come.
                    self._edge(node, birth)
                else:
                    self._edge(birth, node)

    def _moving_edges(self, node: Node) -> None:
        """Columns of a renamed type are converted between its creation and the old one's end."""
        identity = node.identity
        for dependent in self._live.needed_by.get(identity, ()):
            change = Node(Verb.ALTER, dependent)
            self._edge(Node(Verb.CREATE, identity), change)
            self._edge(change, Node(Verb.DROP_OLD, identity))
            user = relation_of(dependent, self._decisions.live) or dependent
            self._edge(Node(Verb.DROP_OLD, user), Node(Verb.DROP_OLD, identity))
            if dependent.kind is Kind.TABLE and dependent in self._decisions.create:
                self._edge(Node(Verb.CREATE, dependent), Node(Verb.COPY, identity))
            for end in self._end_of(dependent):
                self._edge(end, Node(Verb.DROP_OLD, identity))
        for part in self._context.parts.get(identity, ()):
            if part.kind is not Kind.COLUMN:
                # An index of the old table may have had its name until then.
                named = part.kind is Kind.INDEX and part not in self._decisions.drop
                first = Node(Verb.DROP_OLD, identity)
                self._edge(first, Node(Verb.CREATE, part), soft=not named)
        for dependent in self._desired.needed_by.get(identity, ()):
            if dependent.kind is Kind.TABLE:
                self._edge(Node(Verb.CREATE, dependent), Node(Verb.COPY, identity))

    def _disowning_edges(self, node: Node) -> None:
        """A sequence leaves its column before the column goes and takes it along."""
        sequence = self._decisions.live.objects[node.identity]
        column = sequence.owned_by if isinstance(sequence, Sequence) else None
        for end in (*self._end_of(node.identity), *(self._end_of(column) if column else ())):
            self._edge(node, end)
        self._edge(node, Node(Verb.ALTER, node.identity))

    def _after_relation(self, node: Node) -> None:
        entity = self._decisions.desired.objects[node.identity]
        self._edge(Node(Verb.CREATE, node.identity), node)
        self._edge(Node(Verb.ALTER, node.identity), node)
        if isinstance(entity, Sequence) and entity.owned_by:
            for birth in self._birth_of(entity.owned_by):
                self._edge(birth, node)
        for part in self._context.parts.get(node.identity, ()):
            self._edge(Node(Verb.CREATE, part), node)
            self._edge(Node(Verb.ALTER, part), node)
