"""Who gives a name up before who takes it, among the keys and indexes of partitions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Index
from schema_tool.plan.children.indexes import whole_of
from schema_tool.plan.children.inheritance import ancestors
from schema_tool.plan.emit.indexes import fresh_name
from schema_tool.plan.nodes import Node, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import Change
    from schema_tool.plan.decisions import Decisions

    Edges = Iterator[tuple[Node, Node]]

_NUMBERED = (Kind.CONSTRAINT, Kind.INDEX)


def settle_rounds(decisions: Decisions) -> None:
    """Of keys and indexes that change their names in a circle, one leaves its own for a while."""
    names = _renamed_parts(decisions)
    done: set[Identity] = set()
    for start in sorted(names):
        place: Identity | None = start
        path: list[Identity] = []
        while place is not None and place not in done:
            done.add(place)
            path.append(place)
            place = names[place] if names[place] in names else None
        if place is not None and place in path:
            decisions.nameless.add(place)


def without_name(entity: Entity) -> Entity:
    """Under the name that it has until it gets its own."""
    *place, own = entity.identity.parts
    return replace(entity, identity=Identity(entity.identity.kind, (*place, fresh_name(own))))


def gets_name(identity: Identity, decisions: Decisions) -> bool:
    """Whether something that stays under another name is renamed to this one."""
    change = decisions.alter.get(identity)
    return change is not None and change.before is not None and change.before.identity != identity


def _renamed_parts(decisions: Decisions) -> dict[Identity, Identity]:
    """The old names of partitions' keys and indexes, by the new ones."""
    return {
        key: change.before.identity
        for key, change in decisions.alter.items()
        if key.kind in _NUMBERED and change.before and gets_name(key, decisions)
    }


def part_name_edges(decisions: Decisions) -> Edges:
    """Pairs of nodes, the first to come before the second; either may not be in the plan."""
    names = _renamed_parts(decisions)
    for key, old in names.items():
        leave = Node(Verb.LEAVE if key in decisions.nameless else Verb.ALTER, key)
        if old in names:
            yield leave, Node(Verb.ALTER, old)
        yield from _renamed(key, old, decisions)
    built = [i for i in decisions.create if i.kind is Kind.INDEX]
    built += [i for i, change in decisions.alter.items() if _may_replace(change)]
    if built:
        yield from _replaced(set(built), decisions)


def _renamed(key: Identity, old: Identity, decisions: Decisions) -> Edges:
    """A partition's key gets its name once that is free, and before another may take its own."""
    node = Node(Verb.ALTER, key)
    for above in ancestors(_table_of(old, decisions), decisions.live):
        for part in decisions.parts.get(above, ()):
            if part.kind is key.kind:
                yield Node(Verb.DROP, part), node
    yield from ((node, Node(Verb.CREATE, i)) for i in decisions.create if i.kind is key.kind)


def _table_of(part: Identity, decisions: Decisions) -> Identity:
    index = decisions.live.objects.get(part)
    return index.table if isinstance(index, Index) else Identity(Kind.TABLE, part.parts[:2])


def _may_replace(change: Change) -> bool:
    return isinstance(change.after, Index) and "definition" in change.attributes


def _replaced(built: set[Identity], decisions: Decisions) -> Edges:
    """An index is replaced before another is made whose parts have the names of its parts."""
    live, desired = decisions.live, decisions.desired
    for index in desired.each(Index):
        before = live.objects.get(index.identity) if index.parent else None
        if not isinstance(before, Index) or not before.parent:
            continue
        new, old = whole_of(index, desired), whole_of(before, live)
        if new != old and new in built:
            for verb in (Verb.ALTER, Verb.DROP):
                yield Node(verb, old), Node(Verb.CREATE, new)
                yield Node(verb, old), Node(Verb.ALTER, new)
