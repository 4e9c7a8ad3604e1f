"""When a node is taken, where nothing that it waits for or that waits for it says otherwise."""

from __future__ import annotations

from collections import defaultdict
from enum import IntEnum, auto
from typing import TYPE_CHECKING, NamedTuple

from schema_tool.catalog import Kind
from schema_tool.catalog.model.relation import (
    Column,
    Constraint,
    ConstraintForm,
    Index,
    Sequence,
    Table,
)
from schema_tool.plan.emit.phrase import table_identity
from schema_tool.plan.emit.rewritten import is_unique, names_column
from schema_tool.plan.graph import relation_of
from schema_tool.plan.nodes import RANK, Node, Verb
from schema_tool.plan.order.births import born
from schema_tool.plan.order.default_privileges import idle_defaults
from schema_tool.plan.order.sorting import followers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from schema_tool.catalog import Identity
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.decisions import Decisions

    Edges = Mapping[Node, AbstractSet[Node]]

_VERBS = list(Verb)
_EARLY = frozenset({Verb.DISOWN, Verb.LEAVE, Verb.DROP})
# A table comes, or leaves its parent for a while, after all that is altered of that one.
_ARRIVALS = frozenset({Verb.CREATE, Verb.ALTER, Verb.LEAVE})
# Dropped with what else is altered of their table, in one command.
_CLAUSES = frozenset({Kind.COLUMN, Kind.CONSTRAINT})
_NEEDING = frozenset({Kind.TABLE, Kind.COLUMN, Kind.CONSTRAINT})
# What clients miss. Of others one may have to go before the next can come: a default conversion.
_MISSED = frozenset(
    {Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.ROUTINE, Kind.POLICY, Kind.TRIGGER, Kind.RULE}
    | {Kind.INDEX, Kind.STATISTICS}
)
_GUARDS = frozenset({ConstraintForm.FOREIGN_KEY, ConstraintForm.UNIQUE, ConstraintForm.PRIMARY_KEY})

# As many as a table can have. Source: MaxHeapAttributeNumber.
_ALL_COLUMNS = 1600


class Phase(IntEnum):
    """What splits a transaction stands before or after the one that does the rest.

    Nothing that clients use is then missing between two.
    """

    DEAFEN = auto()  # event triggers go: they hear nothing of the plan
    PREPARE = auto()  # new values of enums, usable only after a commit
    FREE = auto()  # what goes beside traffic before something else can be done
    DROP = auto()
    CHANGE = auto()
    GRANT = auto()  # default privileges: what is created before gets what the live ones give
    BUILD = auto()  # indexes beside traffic
    JOIN = auto()  # keys over such indexes
    RELEASE = auto()  # what the new ones replace
    FILL = auto()  # materialized views over rows that are there
    VALIDATE = auto()
    SETTLE = auto()  # NOT NULL, once it is proved
    LISTEN = auto()  # event triggers come


class Priority(NamedTuple):
    """Its place among the nodes that could come next; what is of one relation stands together."""

    phase: Phase
    rank: int
    relation: tuple[str, ...]
    inner: int
    position: int
    parts: tuple[str, ...]
    verb: int
    node: Node


class Phases:
    """The priority of each node of a plan."""

    def __init__(
        self,
        decisions: Decisions,
        nodes: AbstractSet[Node],
        before: Edges,
        splits: Callable[[Node], bool],
    ) -> None:
        self._decisions = decisions
        self.splits = splits
        self._before = before
        self._after = followers_of(before)
        self._built = {Node(Verb.CREATE, n.identity) for n in nodes if n.verb is Verb.BUILD}
        self._idle = set(idle_defaults(nodes))
        self._joining: dict[tuple[str, ...], set[Node]] = defaultdict(set)
        self._arriving: set[tuple[str, ...]] = set()
        self._unique: dict[tuple[str, ...], set[Node]] = defaultdict(set)
        for node in nodes if decisions.online else ():
            self._note_arrival(node)

    def _note_arrival(self, node: Node) -> None:
        """Tables that get keys or unique indexes at the end: theirs that go do so then."""
        entity = self._decisions.desired.objects.get(node.identity)
        if isinstance(entity, Constraint) and node.verb is Verb.CREATE and self._joins(node):
            self._joining[node.identity.parts[:2]].add(node)
            self._arriving.add(node.identity.parts[:2])
        elif isinstance(entity, Index) and entity.unique and self.splits(node):
            self._arriving.add(entity.table.parts)
            self._unique[entity.table.parts].add(node)
        if node.verb is Verb.BUILD and isinstance(entity, Constraint) and is_unique(entity):
            self._unique[node.identity.parts[:2]].add(node)

    def priority(self, node: Node) -> Priority:
        """Its place among the nodes that could come next."""
        verb, identity = node
        phase = self._phase(node)
        sides = (self._decisions.desired, self._decisions.live)
        relation = next((r for side in sides if (r := relation_of(identity, side))), identity)
        entity = next((e for side in sides if (e := side.objects.get(identity))), None)
        inner = -1 if relation is identity else RANK[identity.kind]
        with_others = phase in (Phase.CHANGE, Phase.JOIN)
        if with_others and verb is Verb.DROP and identity.kind in _CLAUSES:
            inner = -2
        elif verb is Verb.ALTER and self._stands_apart(identity):
            # Between its table's columns it would split what is altered of them.
            inner = -3
        elif verb is Verb.OWN or (isinstance(entity, Sequence) and entity.internal):
            # What is done to the sequence of an identity waits for its column, not others for it.
            inner = len(RANK)
        elif verb is Verb.ALTER and self._begins_identity(node):
            # A command of its own: all else that is altered of its table comes before it.
            inner = RANK[Kind.CONSTRAINT]
        elif verb is Verb.VALIDATE and identity.kind is Kind.TABLE:
            # With what is proved of columns, after its indexes.
            inner = len(RANK)
        rank = RANK[relation.kind]
        # One that is made anew goes where it comes back.
        back = Node(Verb.CREATE, identity)
        waiting = {*self._after.get(node, ()), *self._after.get(back, ())}
        if identity.kind is Kind.ROUTINE and any(n.identity.kind in _NEEDING for n in waiting):
            # Else what needs it of a table would stand apart from the rest of the table.
            rank = RANK[Kind.TABLE] - 1
        place = relation.parts
        if node in self._idle:
            # Beside the schema that they are in.
            rank, place = RANK[Kind.SCHEMA], identity.parts[1:2]
        return Priority(
            phase=phase,
            rank=-rank if phase is Phase.DROP else rank,
            relation=place,
            inner=inner,
            position=self._position(entity, relation) + self._delay(node),
            parts=identity.parts,
            verb=_VERBS.index(verb),
            node=node,
        )

    def _stands_apart(self, identity: Identity) -> bool:
        """Whether it is altered by a command of its own: a sequence, or a table that is given."""
        if identity.kind is not Kind.TABLE:
            return identity.kind is Kind.SEQUENCE
        return set(self._decisions.alter[identity].attributes) == {"owner"}

    def _delay(self, node: Node) -> int:
        """First what makes a command of its own: a sequence's end, or that of an expression.

        Last a sequence's begin, and before that other expressions. All else that is converted of
        a table is converted at once.
        """
        change = self._decisions.alter.get(node.identity) if node.verb is Verb.ALTER else None
        before, after = (change.before, change.after) if change else (None, None)
        if not isinstance(before, Column) or not isinstance(after, Column):
            return 0
        if before.identity_generation and not after.identity_generation:
            return -_ALL_COLUMNS
        if before.generated and not after.generated:
            return -_ALL_COLUMNS
        if before.generated and before.default != after.default:
            return _ALL_COLUMNS
        return 2 * _ALL_COLUMNS if self._begins_identity(node) else 0

    def _begins_identity(self, node: Node) -> bool:
        """Whether a column that is there gets an identity."""
        change = self._decisions.alter.get(node.identity)
        before, after = (change.before, change.after) if change else (None, None)
        if not isinstance(before, Column) or not isinstance(after, Column):
            return False
        return bool(after.identity_generation) and not before.identity_generation

    def _position(self, entity: Entity | None, relation: Identity) -> int:
        """The place of a column, and of what partitions get: the server numbers its names."""
        if isinstance(entity, Column):
            return entity.position
        table = self._decisions.desired.objects.get(relation)
        if not isinstance(table, Table) or not table.partition_key:
            return 0
        return born(entity.identity, self._decisions.desired) if entity else 0

    def _phase(self, node: Node) -> Phase:  # noqa: PLR0911 - a return for each phase
        verb, identity = node
        if identity.kind is Kind.EVENT_TRIGGER:
            return Phase.DEAFEN if verb is Verb.DROP else Phase.LISTEN
        if verb is Verb.ALTER and identity.kind is Kind.ENUM:
            return Phase.PREPARE
        if identity.kind is Kind.MEMBERSHIP:
            # Whoever runs the plan may do so as a member.
            return Phase.PREPARE if verb is Verb.CREATE else Phase.LISTEN
        if identity.kind is Kind.DEFAULT_PRIVILEGES:
            return Phase.CHANGE if node in self._idle else Phase.GRANT
        if verb in (Verb.VALIDATE, Verb.SETTLE):
            if identity.kind is Kind.TABLE:
                return Phase.BUILD
            if self._is_awaited(node):
                # Else all tables were scanned before that key comes, and again for the rest.
                return Phase.BUILD
            return Phase.VALIDATE if verb is Verb.VALIDATE else Phase.SETTLE
        if self.splits(node):
            if verb is not Verb.DROP:
                return Phase.FILL if identity.kind is Kind.MATERIALIZED_VIEW else Phase.BUILD
            return Phase.FREE if node in self._after else Phase.RELEASE
        if self._joins(node):
            return Phase.JOIN
        if self._is_released(node) and identity.parts[:2] in self._arriving:
            # In one command with the keys that come.
            return Phase.JOIN if identity.parts[:2] in self._joining else Phase.RELEASE
        early = verb in _EARLY and not (verb is Verb.DROP and self._goes_with_others(node))
        return Phase.DROP if early else Phase.CHANGE

    def _is_awaited(self, proof: Node) -> bool:
        """Whether a key waits for a column's NOT NULL to be proved."""
        followers = self._after.get(proof, ())
        return any(
            follower.verb is Verb.CREATE
            or (follower.verb is Verb.SETTLE and self._is_awaited(follower))
            for follower in followers
        )

    def _goes_with_others(self, node: Node) -> bool:
        """Whether it is dropped where it comes back, or where its table is altered.

        What is in the way of others goes first: all that happens to a table then stands together.
        """
        identity = node.identity
        followers = self._after.get(node, set())
        if identity.kind in _CLAUSES:
            return all(
                follower.identity.parts[:2] == identity.parts[:2]
                or (follower.identity.kind is Kind.TABLE and follower.verb in _ARRIVALS)
                for follower in followers
            )
        returns = self._decisions.rebuilt(identity) and identity.kind in _MISSED
        return returns and followers <= {Node(Verb.CREATE, identity)}

    def _joins(self, node: Node) -> bool:
        """Whether it is a key over an index built before, refers to one or gives it its place.

        All that waits for a key to go are then other keys, and columns that leave it.
        """
        if node.verb is Verb.CREATE:
            ahead = (node, *self._before.get(node, ()))
            return not self._built.isdisjoint(ahead)
        followers = self._after.get(node, set())
        return (
            self._is_guard(node)
            and all(self._waits_for_keys(follower) for follower in followers)
            and any(self._joins(follower) for follower in followers)
        )

    def successors(self, node: Node) -> set[Node]:
        """What takes the place of a key or an index that goes, as far as can be told."""
        if self._is_released(node):
            return self._joining.get(node.identity.parts[:2], set())
        if node.verb is not Verb.DROP:
            return set()
        found = {new for new in self._after.get(node, ()) if new.verb is Verb.CREATE}
        return (found if self._joins(node) else set()) | self._unique_ones(node)

    def _unique_ones(self, node: Node) -> set[Node]:
        """What is built beside traffic and unique, as is what goes, over some of its columns."""
        old = self._decisions.live.objects.get(node.identity)
        if not isinstance(old, Constraint | Index) or not is_unique(old):
            return set()
        table = old.table if isinstance(old, Index) else table_identity(old)
        columns = [i for i in self._decisions.parts[table] if i.kind is Kind.COLUMN]
        named = [column for column in columns if names_column(old, column)]
        found = set()
        for new in self._unique[table.parts]:
            guard = self._decisions.desired.objects[new.identity]
            assert isinstance(guard, Constraint | Index)
            if any(names_column(guard, column) for column in named):
                found.add(new)
        return found

    def _waits_for_keys(self, node: Node) -> bool:
        verb, identity = node
        if identity.kind is Kind.CONSTRAINT:
            return verb is Verb.CREATE or self._joins(node)
        keys = (Verb.CREATE, Kind.CONSTRAINT)
        waiting = {(other.verb, other.identity.kind) for other in self._after.get(node, ())}
        if identity.kind is not Kind.COLUMN or not waiting <= {keys}:
            return False
        if verb is Verb.ALTER:
            # It may be NULL once it is no part of the key.
            return all("not_null" in word for word in self._decisions.alter[identity].attributes)
        return verb is Verb.DROP and not self._decisions.rebuilt(identity)

    def _is_released(self, node: Node) -> bool:
        """Whether a key goes last: but for other such keys, only columns that leave it wait."""
        if not self._is_guard(node):
            return False
        followers = self._after.get(node, set())
        gone = sum(f.verb is Verb.DROP and f.identity.kind is Kind.COLUMN for f in followers)
        key = self._decisions.live.objects[node.identity]
        if isinstance(key, Constraint) and 0 < len(key.columns) <= gone:
            # Without its columns it guards nothing.
            return False
        return all(
            self._is_released(follower)
            or (
                follower.identity.kind is Kind.COLUMN
                and follower not in self._after
                and self._waits_for_keys(follower)
            )
            for follower in followers
        )

    def _is_guard(self, node: Node) -> bool:
        """Whether a key goes that guards the rows until the new ones do."""
        entity = self._decisions.live.objects.get(node.identity)
        guards = isinstance(entity, Constraint) and entity.form in _GUARDS
        return guards and node.verb is Verb.DROP and self._decisions.online
