"""Triggers of partitions that are switched unlike the parent's that they were cloned from.

Switching a partitioned table's trigger switches those of its partitions, and so does making it
anew, and switching it off while rows move: what is unlike is said again after it, from the top
down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, Table, Trigger
from schema_tool.plan.decide.default_partitions import tables_of_moves
from schema_tool.plan.nodes import Node, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.plan.decisions import Decisions


def ancestors(trigger: Identity, catalog: Catalog) -> Iterator[Identity]:
    """The triggers of the same name above, the nearest first, whether they are in the catalog."""
    table = catalog.objects.get(Identity(Kind.TABLE, trigger.parts[:2]))
    while isinstance(table, Table) and table.partition_bound and table.parents:
        parent = table.parents[0]
        yield Identity(Kind.TRIGGER, (*parent.parts, trigger.parts[2]))
        table = catalog.objects.get(parent)


def state_above(trigger: Trigger, catalog: Catalog) -> str:
    """How the trigger would be switched if nothing were said of it."""
    for above in ancestors(trigger.identity, catalog):
        found = catalog.objects.get(above)
        if isinstance(found, Trigger):
            return found.enabled
    return "O"


def _clones(catalog: Catalog) -> list[Trigger]:
    found = (trigger for trigger in catalog.each(Trigger) if trigger.clone)
    return sorted(found, key=lambda entity: entity.identity)


def restate_clones(decisions: Decisions) -> None:
    """Say again what is unlike the parent, wherever something happens above it."""
    touched = {i for i in decisions.drop | decisions.create if i.kind is Kind.TRIGGER}
    touched |= {i for i in decisions.alter if i.kind is Kind.TRIGGER}
    moving = {table.parts for table in tables_of_moves(decisions)}
    for clone in _clones(decisions.desired):
        family = {clone.identity, *ancestors(clone.identity, decisions.desired)}
        if family & touched or clone.identity.parts[:2] in moving:
            decisions.alter.pop(clone.identity, None)
            decisions.drop.discard(clone.identity)
            decisions.create.add(clone.identity)
    for clone in _clones(decisions.live):
        above = list(ancestors(clone.identity, decisions.live))
        stays = above == list(ancestors(clone.identity, decisions.desired))
        if not stays or any(entry in decisions.drop for entry in above):
            # It goes, or comes back, with what it was cloned from.
            decisions.drop.discard(clone.identity)


def switched_before(node: Node, decisions: Decisions) -> Iterator[Node]:
    """What a partition's trigger is switched after: its parents', which switch it as well.

    It is there once its table is attached.
    """
    found = decisions.desired.objects.get(node.identity)
    trigger = found or decisions.live.objects.get(node.identity)
    if isinstance(trigger, Trigger) and trigger.clone:
        if found is not None:
            yield Node(Verb.ALTER, Identity(Kind.TABLE, node.identity.parts[:2]))
        for above in ancestors(node.identity, decisions.desired):
            yield from (Node(verb, above) for verb in (Verb.DROP, Verb.ALTER, Verb.CREATE))


def keys_above(key: Identity, target: tuple[str, ...], decisions: Decisions) -> Iterator[Identity]:
    """The foreign keys of its parents from which a partition has its own to a table."""
    live = decisions.live.objects
    table = live.get(Identity(Kind.TABLE, key.parts[:2]))
    for parent in table.parents if isinstance(table, Table) else ():
        for part in decisions.parts.get(parent, ()):
            above = live[part]
            references = above.references if isinstance(above, Constraint) else None
            if references is not None and references.parts == target:
                yield part
