"""What is to be done: the nodes of all decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Index, Sequence
from schema_tool.plan.graph import relation_of
from schema_tool.plan.nodes import Node, Verb
from schema_tool.plan.order.family import is_leaving
from schema_tool.plan.order.later import later_nodes
from schema_tool.plan.order.replica_identities import finishing, leaving_index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context


def all_nodes(d: Decisions, context: Context) -> set[Node]:
    """Every verb that every object meets."""
    nodes = {Node(Verb.DROP, i) for i in d.drop - d.swapped - d.moved - context.refilled}
    nodes |= {Node(Verb.DROP, i) for i in d.unfolded}
    nodes |= {Node(Verb.RENAME, i) for i in d.swapped | d.moved}
    nodes |= {Node(Verb.DROP_OLD, i) for i in d.swapped | d.moved}
    nodes |= {Node(Verb.COPY, i) for i in (*d.copied, *d.shares)}
    nodes |= {Node(Verb.DISOWN, i) for i in d.disowned}
    nodes |= {Node(Verb.ALTER, i) for i in d.alter}
    nodes |= {Node(Verb.LEAVE, i) for i in d.alter if is_leaving(i, d)}
    nodes |= {Node(Verb.LEAVE, i) for i in (*d.givers, *d.nameless, *d.shares)}
    nodes |= {Node(Verb.CREATE, i) for i in d.create if not _is_folded(i, d, context)}
    nodes |= set(_owning(d))
    nodes |= {Node(Verb.DEFAULT, i) for i in context.late_defaults}
    for identity in d.undefaulted:
        if identity not in d.create:
            nodes |= {Node(Verb.UNDEFAULT, identity), Node(Verb.DEFAULT, identity)}
        elif identity in d.swapped or relation_of(identity, d.live) in d.drop:
            nodes.add(Node(Verb.UNDEFAULT, identity))
    nodes |= {Node(Verb.FINISH, i) for i in (*finishing(d), *d.converted_parts)}
    nodes |= {Node(Verb.UNIDENTIFY, i) for i in leaving_index(d)}
    return nodes | set(later_nodes(d, context))


def _is_folded(identity: Identity, d: Decisions, context: Context) -> bool:
    """Whether it is said where what it is part of is made."""
    if identity in context.inline or identity in d.brought:
        return True
    entity = d.desired.objects[identity]
    if isinstance(entity, Index) and entity.table in context.refilled:
        return True
    if identity.kind is not Kind.COLUMN:
        return False
    return Identity(Kind.TABLE, identity.parts[:2]) in d.create


def _owning(d: Decisions) -> Iterator[Node]:
    """A sequence leaves its column, or is given to one, apart from what else happens to it."""
    for identity in d.create:
        entity = d.desired.objects[identity]
        if isinstance(entity, Sequence) and entity.owned_by and not entity.internal:
            yield Node(Verb.OWN, identity)
    for identity, change in d.alter.items():
        if identity.kind is Kind.SEQUENCE and "owned_by" in change.attributes:
            for side, verb in ((change.before, Verb.DISOWN), (change.after, Verb.OWN)):
                if isinstance(side, Sequence) and side.owned_by:
                    yield Node(verb, identity)
