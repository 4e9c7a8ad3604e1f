"""The keys of partitions, which the server numbers: one that stays may have another's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, ConstraintForm
from schema_tool.compare import Action, Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.partition_indexes import Family

_KEYS = (ConstraintForm.PRIMARY_KEY, ConstraintForm.UNIQUE, ConstraintForm.EXCLUSION)


def renamed_keys(by_identity: Mapping[Identity, Change], family: Family) -> dict[Identity, Change]:
    """A partition's key that is there under another name is renamed."""
    gone: dict[tuple[Identity, str], list[Constraint]] = {}
    for change in by_identity.values():
        for key in _differing(change, change.before, family):
            gone.setdefault((_table(key), key.definition), []).append(key)
    found: dict[Identity, Change] = {}
    for change in by_identity.values() if gone else ():
        for key in _differing(change, change.after, family):
            old = gone.get((_table(key), key.definition))
            if old:
                found[key.identity] = Change(
                    identity=key.identity,
                    action=Action.ALTERED,
                    before=old.pop(0),
                    after=key,
                    attributes=("identity",),
                )
    return {i: change for i, change in found.items() if not _is_round(i, found)}


def _differing(change: Change, side: Entity | None, family: Family) -> Iterator[Constraint]:
    """One side of a change, where it is a key that came from a parent which stays."""
    if not isinstance(side, Constraint) or side.form not in _KEYS or not side.inherited:
        return
    whole = change.action is not Action.ALTERED or "definition" in change.attributes
    if whole and family.kept_parents(_table(side)):
        yield side


def _table(key: Constraint) -> Identity:
    return Identity(Kind.TABLE, key.identity.parts[:2])


def _is_round(start: Identity, renamed: Mapping[Identity, Change]) -> bool:
    """Whether keys change their names in a circle, in which none is free."""
    waiting = {c.before.identity: i for i, c in renamed.items() if c.before is not None}
    seen, place = {start}, waiting.get(start)
    while place is not None and place not in seen:
        seen.add(place)
        place = waiting.get(place)
    return place == start
