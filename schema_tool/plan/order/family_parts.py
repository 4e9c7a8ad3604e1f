"""The order of what children have of their own and what they have from their parents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint
from schema_tool.plan.children.indexes import whole_of
from schema_tool.plan.children.inheritance import ancestors
from schema_tool.plan.nodes import Node, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.decisions import Decisions

    Edges = Iterator[tuple[Node, Node]]


def part_edges(decisions: Decisions) -> Edges:
    """Pairs of nodes, the first to come before the second; either may not be in the plan."""
    for identity in decisions.drop | decisions.create:
        yield from _inherited_part(identity, decisions)
    yield from _given_parts(decisions)


def _given_parts(decisions: Decisions) -> Edges:
    """What is said of a child's own comes once the child has it from its parent."""
    for identity in (i for i in decisions.alter if i.kind is Kind.CONSTRAINT):
        table = Identity(Kind.TABLE, identity.parts[:2])
        yield Node(Verb.CREATE, table), Node(Verb.ALTER, identity)
        part = decisions.desired.objects.get(identity)
        if isinstance(part, Constraint):
            yield Node(Verb.CREATE, whole_of(part, decisions.desired)), Node(Verb.ALTER, identity)
        for above in ancestors(table, decisions.desired):
            parent = Identity(Kind.CONSTRAINT, (*above.parts, identity.parts[2]))
            yield Node(Verb.CREATE, parent), Node(Verb.ALTER, identity)


def _inherited_part(identity: Identity, decisions: Decisions) -> Edges:
    """A child's own goes after its parent's of the same name, and before that comes back."""
    if identity.kind is Kind.COLUMN:
        # Its parent's goes from the parent alone: before that, this is not its own.
        for above in ancestors(Identity(Kind.TABLE, identity.parts[:2]), decisions.live):
            parent = Identity(Kind.COLUMN, (*above.parts, identity.parts[2]))
            yield Node(Verb.DROP, parent), Node(Verb.DROP, identity)
        for above in ancestors(Identity(Kind.TABLE, identity.parts[:2]), decisions.desired):
            # What is the child's own as well is there when its parent's comes, and merges with it.
            parent = Identity(Kind.COLUMN, (*above.parts, identity.parts[2]))
            yield Node(Verb.CREATE, identity), Node(Verb.CREATE, parent)
    entity = decisions.live.objects.get(identity)
    if not isinstance(entity, Constraint) or not entity.inherited:
        return
    table = Identity(Kind.TABLE, identity.parts[:2])
    stays = set(ancestors(table, decisions.desired))
    for above in ancestors(table, decisions.live):
        if above not in stays and table in decisions.alter:
            # By then it has left, and nothing of its parent's is in it any more.
            continue
        parent = Identity(Kind.CONSTRAINT, (*above.parts, identity.parts[2]))
        yield Node(Verb.DROP, parent), Node(Verb.DROP, identity)
        yield Node(Verb.DROP, parent), Node(Verb.CREATE, identity)
        yield Node(Verb.DROP, identity), Node(Verb.CREATE, parent)
