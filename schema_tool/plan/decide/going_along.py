"""What goes with something else: parts with their relation, a partition's with its parent's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.cluster import DefaultPrivileges, FoundPrivileges
from schema_tool.catalog.model.relation import Column, Constraint, Index, Sequence, Table
from schema_tool.plan.children.indexes import Family, is_by_hand, whole_of
from schema_tool.plan.children.inheritance import ancestors, beyond_parent
from schema_tool.plan.decide.mutual import unfold_mutual_keys
from schema_tool.plan.decide.old_tables import parts_in_the_way
from schema_tool.plan.decide.shared_sequences import leave_to_column
from schema_tool.plan.emit.context import goes_alone
from schema_tool.plan.emit.phrase import table_identity
from schema_tool.plan.graph import relation_of

if TYPE_CHECKING:
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.decisions import Decisions


def _grants_on_what_goes(entity: Entity, decisions: Decisions) -> bool:
    """Whether nobody needs to revoke anything: what it was granted on is dropped."""
    if isinstance(entity, FoundPrivileges):
        return Identity(Kind.EXTENSION, (entity.extension,)) in decisions.drop
    schema = Identity(Kind.SCHEMA, entity.identity.parts[1:2])
    return isinstance(entity, DefaultPrivileges) and schema in decisions.drop


def drop_what_goes_along(decisions: Decisions) -> None:
    """Parts of a dropped relation go with it, but for what a mutual reference holds fast."""
    family = Family(live=decisions.live, desired=decisions.desired, children=decisions.children)
    anew = {i for i in decisions.drop if _comes_with_anew(i, decisions, family)}
    for identity in list(decisions.drop):
        relation = relation_of(identity, decisions.live)
        entity = decisions.live.objects[identity]
        if isinstance(entity, Sequence) and entity.owned_by:
            leave_to_column(entity, decisions)
        elif relation in decisions.drop:
            decisions.drop.discard(identity)
        elif isinstance(entity, Index) and _goes_with_parent(entity, decisions):
            decisions.drop.discard(identity)
            if identity in anew:
                decisions.create.discard(identity)
        elif _grants_on_what_goes(entity, decisions) or key_before_leaving(entity, decisions):
            decisions.drop.discard(identity)
    _leave_to_parents(decisions)
    unfold_mutual_keys(decisions)
    decisions.unfolded |= parts_in_the_way(decisions)


def key_before_leaving(part: Entity, decisions: Decisions) -> Identity | None:
    """The key that goes with all of its parts before a partition leaves: it refers to its rows."""
    if not isinstance(part, Constraint) or part.references is None or part.parent is None:
        return None
    table, whole = table_identity(part), whole_of(part, decisions.live)
    after = decisions.desired.objects.get(table)
    above = Identity(Kind.TABLE, whole.parts[:2])
    leaves = isinstance(after, Table) and above not in ancestors(table, decisions.desired)
    gone = whole in decisions.drop and part.identity not in decisions.desired.objects
    itself = part.references in ancestors(table, decisions.live)
    return whole if leaves and gone and itself else None


def _leave_to_parents(decisions: Decisions) -> None:
    """An heir's generated column goes and comes with its parent's; what is its own is left."""
    live, desired = decisions.live, decisions.desired
    going = {i for i in decisions.drop if i.kind is Kind.COLUMN}
    for identity in going:
        before = live.objects[identity]
        if not isinstance(before, Column) or not before.inherited or before.local:
            continue
        table = Identity(Kind.TABLE, identity.parts[:2])
        stays = set(ancestors(table, desired))
        parents = [parent for parent in ancestors(table, live) if parent in stays]
        above = [Identity(Kind.COLUMN, (*p.parts, identity.parts[2])) for p in parents]
        above = [i for i in above if i in going and not goes_alone(i, decisions.children, desired)]
        left = None
        if above and decisions.rebuilt(identity):
            left = beyond_parent(desired.objects[identity], desired.objects[above[0]])
        for column in above:
            decisions.followers.setdefault(column, set()).add(identity)
            decisions.forget(identity)
        if left is not None:
            decisions.alter[identity] = left


def _goes_with_parent(index: Index, decisions: Decisions) -> bool:
    """Whether a partition's index is attached when its parent's is dropped."""
    parent = decisions.live.objects.get(index.parent) if index.parent else None
    if not isinstance(parent, Index):
        return False
    if parent.identity not in decisions.drop and not _goes_with_parent(parent, decisions):
        return False
    after = decisions.desired.objects.get(index.table)
    before = decisions.live.objects[index.table]
    if not isinstance(before, Table) or not isinstance(after, Table):
        return True
    return before.place == after.place


def _comes_with_anew(identity: Identity, decisions: Decisions, family: Family) -> bool:
    """Whether the server makes a partition's index for the parent's that is made anew."""
    index = decisions.desired.objects.get(identity)
    parent = index.parent if isinstance(index, Index) else None
    return parent in decisions.create and not is_by_hand(parent, family)
