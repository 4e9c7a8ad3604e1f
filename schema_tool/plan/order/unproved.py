"""What is NOT VALID above: an heir that comes after it has it proved, one that is there as it is.

Source: CREATE TABLE … INHERITS and PARTITION OF have no rows to look at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Constraint
from schema_tool.plan.children.inheritance import descendants, live_children
from schema_tool.plan.nodes import Node, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.decisions import Decisions


def makes_unproved(node: Node, decisions: Decisions) -> bool:
    """Whether it makes a check or a NOT NULL that is NOT VALID."""
    entity = decisions.desired.objects.get(node.identity)
    if node.verb is Verb.CREATE:
        return isinstance(entity, Constraint) and not entity.valid
    change = decisions.alter.get(node.identity) if node.verb is Verb.ALTER else None
    if change is None or not isinstance(entity, Column) or not _is_unproved(entity):
        return False
    return not {"not_null", "not_null_valid"}.isdisjoint(change.attributes)


def is_there_before(child: Identity, node: Node, decisions: Decisions) -> bool:
    """Whether a new heir shall have something of its parent's NOT VALID as well."""
    return makes_unproved(node, decisions) and _is_unproved(_own(child, node, decisions))


def unproved_edges(decisions: Decisions) -> Iterator[tuple[Node, Node]]:
    """A new heir has what is NOT VALID above proved, and what comes later as it comes."""
    made = [Node(Verb.CREATE, i) for i in decisions.create if i.kind is Kind.CONSTRAINT]
    made += [Node(Verb.ALTER, i) for i in decisions.alter if i.kind is Kind.COLUMN]
    late = [node for node in made if makes_unproved(node, decisions)]
    below = live_children(decisions.desired) if late else {}
    for node in late:
        for child in descendants(Identity(Kind.TABLE, node.identity.parts[:2]), below):
            own = _own(child, node, decisions)
            if own is not None and _is_inherited(own):
                nodes = Node(Verb.CREATE, child), node
                yield nodes if _is_unproved(own) else nodes[::-1]


def _own(child: Identity, node: Node, decisions: Decisions) -> Entity | None:
    """An heir's column or constraint of the same name."""
    kind, parts = node.identity
    return decisions.desired.objects.get(Identity(kind, (*child.parts, parts[2])))


def _is_inherited(own: Entity) -> bool:
    """Whether an heir has a constraint, or the NOT NULL of a column, from above."""
    if isinstance(own, Column):
        return bool(own.not_null_inherited)
    return isinstance(own, Constraint) and own.inherited


def _is_unproved(own: Entity | None) -> bool:
    if isinstance(own, Column):
        return own.not_null and not own.not_null_valid
    return isinstance(own, Constraint) and not own.valid
