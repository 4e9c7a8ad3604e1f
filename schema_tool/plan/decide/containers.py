"""Types inside of other types: the server looks for a domain's values in columns of it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.definition import Composite, Domain, DomainConstraint, Routine
from schema_tool.catalog.model.relation import Column, Table
from schema_tool.catalog.quoting import qualified
from schema_tool.plan.decisions import TYPES

if TYPE_CHECKING:
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import Change
    from schema_tool.plan.decisions import Decisions

_READING = frozenset({Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.RULE, Kind.POLICY, Kind.TRIGGER})


def is_stored(kind: Identity, decisions: Decisions) -> bool:
    """Whether a column holds values of a type, be it inside of those of another type."""
    users = decisions.live_graph.needed_by.get(kind, ())
    return any(
        u.kind is Kind.COLUMN or (u.kind in TYPES and is_stored(u, decisions)) for u in users
    )


def has_rows(kind: Identity, decisions: Decisions) -> bool:
    """Whether values of a type may be somewhere: in a column, or as the rows of a typed table."""
    users = decisions.live_graph.needed_by.get(kind, ())
    return is_stored(kind, decisions) or any(u.kind is Kind.TABLE for u in users)


def is_in_key(kind: Identity, decisions: Decisions) -> bool:
    """Whether a partition key may read an attribute, which is not altered as long as it does."""
    users = map(decisions.live.objects.get, decisions.live_graph.needed_by.get(kind, ()))
    return any(isinstance(user, Table) and user.partition_key for user in users)


def loses_attribute(change: Change) -> bool:
    """Whether a composite type's attribute goes or gets another type: nothing may read it then."""
    before, after = change.before, change.after
    if not isinstance(before, Composite) or not isinstance(after, Composite):
        return False
    kept = {(entry.name, entry.type, entry.collation) for entry in after.attributes}
    return any((e.name, e.type, e.collation) not in kept for e in before.attributes)


def may_read(user: Entity | None) -> bool:
    """Whether an expression of what stands on a composite type may name an attribute.

    Indexes, checks and statistics are rebuilt by the server.
    """
    if isinstance(user, Routine):
        return user.atomic or " DEFAULT " in user.arguments
    if isinstance(user, Column):
        return bool(user.generated)
    if isinstance(user, Domain):
        return any(entry.definition.startswith("CHECK") for entry in user.constraints)
    return user is not None and user.identity.kind in _READING


def is_inside(domain: Identity, decisions: Decisions) -> bool:
    """Whether a column holds a domain's values in an array, a row or a range.

    The domain gets no stricter then: "cannot alter type because column uses it".
    Source: find_composite_type_dependencies(), tablecmds.c.
    """
    array = f"{qualified(*domain.parts)}[]"
    for user in decisions.live_graph.needed_by.get(domain, ()):
        entity = decisions.live.objects.get(user)
        if isinstance(entity, Column):
            if entity.type == array:
                return True
        elif isinstance(entity, Domain) and entity.base_type != array:
            if is_inside(user, decisions):
                return True
        elif user.kind in TYPES and is_stored(user, decisions):
            return True
    return False


def _meaning(constraint: DomainConstraint) -> tuple[str, str]:
    return constraint.name, constraint.definition


def gets_stricter(before: Domain, after: Domain) -> bool:
    """Whether values that are there have to be looked at."""
    proved = {_meaning(entry) for entry in before.constraints if entry.valid}
    gained = any(entry.valid and _meaning(entry) not in proved for entry in after.constraints)
    return gained or (after.not_null and not before.not_null)


def is_refused_in_use(change: Change, decisions: Decisions) -> bool:
    """Whether the server would alter the type if no column held values of it."""
    before, after = change.before, change.after
    if isinstance(before, Composite) and isinstance(after, Composite):
        used = is_stored(change.identity, decisions) or is_in_key(change.identity, decisions)
        return _retyped(before, after) and used
    if isinstance(before, Domain) and isinstance(after, Domain):
        return gets_stricter(before, after) and is_inside(change.identity, decisions)
    return False


def _retyped(before: Composite, after: Composite) -> bool:
    """Whether an attribute changes its type, which the server refuses where it is stored."""
    old = {entry.name: (entry.type, entry.collation) for entry in before.attributes}
    return any(
        old.get(entry.name, (entry.type, entry.collation)) != (entry.type, entry.collation)
        for entry in after.attributes
    )
