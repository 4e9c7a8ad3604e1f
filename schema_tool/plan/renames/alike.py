"""A drop and an add that look like a rename: what a person may be asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.catalog.model.definition import Composite, Enum, Routine
from schema_tool.catalog.model.relation import Column, MaterializedView, Policy, Trigger, View
from schema_tool.compare import Action
from schema_tool.plan.renames.declared import MOVABLE, Rename

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Catalog, Identity
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import Change, Changes

_WORDS = {
    Kind.SCHEMA: "schema",
    Kind.TABLE: "table",
    Kind.COLUMN: "column",
    Kind.ENUM: "type",
    Kind.COMPOSITE: "type",
    Kind.VIEW: "view",
    Kind.MATERIALIZED_VIEW: "view",
    Kind.ROUTINE: "function",
    Kind.POLICY: "policy",
    Kind.TRIGGER: "trigger",
}
# Of all that is in two schemas, of all the columns of two tables, the share that both have.
_ALIKE = 0.7


def renames_that_look_likely(changes: Changes) -> Iterator[Rename]:
    """Pairs of one dropped and one created object that differ in little but their names.

    Tables come first: a column of a renamed table is no question of its own. An object that
    looks like several others is not asked about.
    """
    gone = [c for c in changes.shown() if c.action is Action.DROPPED and c.kind in _WORDS]
    new = [c for c in changes.shown() if c.action is Action.CREATED and c.kind in _WORDS]
    gone.sort(key=lambda change: list(_WORDS).index(change.kind))
    for before in gone:
        found = [after for after in new if _alike(before, after, changes)]
        if len(found) != 1:
            continue
        rivals = [other for other in gone if _alike(other, found[0], changes)]
        if len(rivals) == 1:
            yield _rename(before.identity, found[0].identity)


def _rename(old: Identity, new: Identity) -> Rename:
    """The rename between them, into another schema where they are in two."""
    place = 1 if old.kind is Kind.ROUTINE else -1
    moves = old.kind is not Kind.SCHEMA and old.parts[0] != new.parts[0]
    return Rename(
        what=_WORDS[old.kind],
        parts=old.parts,
        new=new.parts[place],
        schema=new.parts[0] if moves else "",
    )


def _alike(before: Change, after: Change, changes: Changes) -> bool:
    old, new = before.before, after.after
    if before.kind is not after.kind or old is None or new is None:
        return False
    if not _same_place(before.identity, after.identity):
        return False
    if before.kind in (Kind.SCHEMA, Kind.TABLE):
        inside = _columns if before.kind is Kind.TABLE else _contents
        mine = inside(changes.live, before.identity)
        theirs = inside(changes.desired, after.identity)
        return bool(mine) and len(mine & theirs) >= _ALIKE * len(mine | theirs)
    return _fingerprint(old) == _fingerprint(new)


def _same_place(old: Identity, new: Identity) -> bool:
    """Whether the one can be the other under a new name, or under its own in another schema."""
    if old.kind is Kind.SCHEMA:
        return True
    moved = _WORDS[old.kind] in MOVABLE and old.parts[1:] == new.parts[1:]
    rest = 2 if old.kind is Kind.ROUTINE else len(old.parts)
    above = rest - 1 if rest == len(old.parts) else 1
    return moved or (old.parts[:above], old.parts[rest:]) == (new.parts[:above], new.parts[rest:])


def _contents(catalog: Catalog, schema: Identity) -> set[tuple[str, ...]]:
    return {
        (identity.kind.value, *identity.parts[1:])
        for identity in catalog.objects
        if identity.parts[:1] == schema.parts and len(identity.parts) > 1
    }


def _columns(catalog: Catalog, table: Identity) -> set[tuple[str, ...]]:
    return {
        (column.identity.parts[2], column.type)
        for column in catalog.each(Column)
        if column.identity.parts[:2] == table.parts
    }


def _fingerprint(entity: Entity) -> tuple[object, ...]:  # noqa: PLR0911 - by kind
    """What a rename leaves as it is."""
    if isinstance(entity, Column):
        return (entity.type, entity.generated, entity.identity_generation)
    if isinstance(entity, Enum):
        return entity.values
    if isinstance(entity, Composite):
        return entity.attributes
    if isinstance(entity, View | MaterializedView):
        return (entity.definition,)
    if isinstance(entity, Routine):
        return (entity.form, entity.result, entity.body.strip())
    if isinstance(entity, Policy):
        return (entity.command, entity.permissive, entity.roles, entity.using, entity.check)
    if isinstance(entity, Trigger):
        return (entity.definition.replace(entity.identity.parts[2], "", 1),)
    return (entity.identity,)
