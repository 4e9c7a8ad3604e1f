"""The keys of partitions, which the server numbers: one that stays may have another's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, ConstraintForm
from schema_tool.compare import Action, Change
from schema_tool.plan.children.constraints import SET_APART
from schema_tool.plan.children.indexes import whole_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from schema_tool.catalog import Catalog
    from schema_tool.plan.children.indexes import Family

_KEYS = (
    ConstraintForm.PRIMARY_KEY,
    ConstraintForm.UNIQUE,
    ConstraintForm.EXCLUSION,
    ConstraintForm.FOREIGN_KEY,
)


def renamed_keys(by_identity: Mapping[Identity, Change], family: Family) -> dict[Identity, Change]:
    """A partition's key that is there under another name is renamed."""
    differing = {_table(key) for change in by_identity.values() for key in _keys_of(change)}
    tables = {table for table in differing if family.kept_parents(table)}
    if not tables:
        return {}
    there = _by_whole(family.live, tables)
    found: dict[Identity, Change] = {}
    for place, key in _by_whole(family.desired, tables).items():
        old = there.get(place)
        if old is not None and old.identity != key.identity and _stays(place[1], family):
            others = (f for f in SET_APART if getattr(old, f) != getattr(key, f))
            found[key.identity] = Change(
                identity=key.identity,
                action=Action.ALTERED,
                before=old,
                after=key,
                attributes=("identity", *others),
            )
    return found


def _keys_of(change: Change) -> Iterator[Constraint]:
    """Both sides of a change, where they are a key that came from a parent."""
    for side in (change.before, change.after):
        if isinstance(side, Constraint) and side.form in _KEYS and side.inherited:
            yield side


def _by_whole(
    catalog: Catalog, tables: AbstractSet[Identity]
) -> dict[tuple[Identity, Identity], Constraint]:
    """The keys of partitions, by the partition and the key of which they are parts."""
    return {
        (_table(key), whole_of(key, catalog)): key
        for key in catalog.each(Constraint)
        if key.form in _KEYS and key.parent and _table(key) in tables
    }


def _stays(key: Identity, family: Family) -> bool:
    """Whether a key and its parts are not made anew."""
    before, after = family.live.objects.get(key), family.desired.objects.get(key)
    if not isinstance(before, Constraint) or not isinstance(after, Constraint):
        return False
    return (before.definition, before.valid) == (after.definition, after.valid)


def _table(key: Constraint) -> Identity:
    return Identity(Kind.TABLE, key.identity.parts[:2])
