"""Renames that need no declaration: of constraints, indexes, statistics, sequences of columns.

A sequence that goes while another gets its name makes way under a third.
"""

from __future__ import annotations

from dataclasses import replace
from string import digits
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import (
    Constraint,
    ConstraintForm,
    Index,
    Sequence,
    Statistics,
    Table,
)
from schema_tool.catalog.quoting import name, qualified
from schema_tool.plan.children.inheritance import descendants, live_children
from schema_tool.plan.nodes import names_of
from schema_tool.plan.old_types import old_name
from schema_tool.plan.renames.declared import Rename

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import CompareOptions

# The name that one of two things has while they exchange theirs; 63 bytes are a name.
SWAP = "__swap"
SWAP_BYTES = 57
WITH_INDEX = (ConstraintForm.PRIMARY_KEY, ConstraintForm.UNIQUE, ConstraintForm.EXCLUSION)
# Before, a foreign key to a partitioned table had more, named as if by themselves.
_PARTS_NAMED_BY_KEY_SINCE = 18

_Nameless = Constraint | Index | Sequence | Statistics
_Place = tuple[str, str] | None
_Waiting = list[tuple[Rename, _Place]]


def certain_renames(live: Catalog, desired: Catalog, options: CompareOptions) -> Iterator[Rename]:
    """Those of which nothing differs but the name, each when its new name is free.

    One whose name is held by what is not renamed is left out: it is dropped and made again.
    """
    waiting = [
        (rename, _place(live.objects[old])) for rename, old in _found(live, desired, options)
    ]
    if not any(place for _, place in waiting):
        yield from (rename for rename, _ in waiting)
        return
    taken: set[_Place] = {place for entity in live.objects.values() if (place := _place(entity))}
    waiting = _possible(waiting, taken)
    while waiting:
        rename, old = waiting.pop(next(_free(waiting, taken), 0))
        if _new_place(rename, old) in taken and old is not None:
            # All that are left wait for each other: one goes by way of a name that nothing has.
            free = f"{rename.parts[-1][:SWAP_BYTES]}{SWAP}"
            waiting.append((replace(rename, parts=(*rename.parts[:-1], free)), (old[0], free)))
            rename = replace(rename, new=free)
        taken.discard(old)
        taken.add(_new_place(rename, old))
        yield rename


def _new_place(rename: Rename, old: _Place) -> _Place:
    return (old[0], rename.new) if old else None


def _possible(waiting: _Waiting, taken: set[_Place]) -> _Waiting:
    """Without those whose names are held by what is not renamed."""
    while True:
        given_up = {old for _, old in waiting if old}
        left = [
            (rename, old)
            for rename, old in waiting
            if (new := _new_place(rename, old)) not in taken or new in given_up
        ]
        if len(left) == len(waiting):
            return left
        waiting = left


def _free(waiting: _Waiting, taken: set[_Place]) -> Iterator[int]:
    """Those whose new names nothing has by now."""
    for number, (rename, old) in enumerate(waiting):
        if old is None or _new_place(rename, old) not in taken:
            yield number


def _place(entity: Entity) -> _Place:
    """Schema and name of what shares the names of relations."""
    if isinstance(entity, Constraint) and entity.form not in WITH_INDEX:
        return None
    spaces = [names for names in names_of(entity.identity) if names[0] == "relation"]
    return (spaces[0][1], spaces[0][2]) if spaces else None


def _found(
    live: Catalog, desired: Catalog, options: CompareOptions
) -> Iterator[tuple[Rename, Identity]]:
    wanted: dict[tuple[object, ...], list[Identity]] = {}
    for entity in filter(options.covers, _without_other(desired, live)):
        wanted.setdefault(_nameless(entity), []).append(entity.identity)
    gone = [
        entity
        for entity in filter(options.covers, _without_other(live, desired))
        if entity.identity in desired.objects or not _follows(entity)
    ]
    children = live_children(live) if any(map(_recurses, gone)) else {}
    for entity in sorted(gone, key=lambda entity: entity.identity.parts):
        found = None if _follows(entity) else wanted.get(_nameless(entity))
        if found and _is_free(entity, found[0].parts[-1], live, children):
            new = found.pop(0)
            kind, parts = entity.identity
            elsewhere = new.parts[0] if new.parts[0] != parts[0] else ""
            rename = Rename(what=kind.value, parts=parts, new=new.parts[-1], schema=elsewhere)
            yield rename, entity.identity
        elif entity.identity in desired.objects:
            # It goes under another name: its own is needed by then.
            away = old_name(entity.identity.parts[-1])
            yield Rename(what="sequence", parts=entity.identity.parts, new=away), entity.identity


def _recurses(entity: _Nameless) -> bool:
    return isinstance(entity, Constraint) and entity.form is ConstraintForm.CHECK


def _is_free(
    entity: _Nameless, new: str, live: Catalog, children: Mapping[Identity, list[Identity]]
) -> bool:
    """Whether a constraint can have a name that none which is compared has in its table."""
    if not _recurses(entity):
        return not (isinstance(entity, Constraint) and _may_stand_for_parts(entity, new, live))
    return _is_free_below(entity.identity, new, live, children)


def _may_stand_for_parts(key: Constraint, new: str, live: Catalog) -> bool:
    """Whether a foreign key to a partitioned table has one of that name for each partition."""
    table = live.objects.get(key.references) if key.references else None
    if live.source.major >= _PARTS_NAMED_BY_KEY_SINCE or not isinstance(table, Table):
        return False
    given = f"{key.identity.parts[1]}_{'_'.join(key.columns)}_fkey"
    return bool(table.partition_key) and new.rstrip(digits) == given


def _is_free_below(
    check: Identity, new: str, live: Catalog, children: Mapping[Identity, list[Identity]]
) -> bool:
    """Whether no heir has a check of the new name, or the old one from another parent as well."""
    *place, old = check.parts
    table = Identity(Kind.TABLE, tuple(place))
    below = set(descendants(table, children))
    named = [(heir, new) for heir in below]
    for heir in map(live.objects.get, below):
        assert isinstance(heir, Table)
        named += [(parent, old) for parent in heir.parents if parent not in {table, *below}]
    return not any(Identity(Kind.CONSTRAINT, (*i.parts, key)) in live.objects for i, key in named)


def _without_other(one: Catalog, other: Catalog) -> Iterator[_Nameless]:
    """Those of one side of which the other has nothing of their name that they could be.

    An identity column has its sequence for good: one of the same name that is not this column's
    is another one.
    """
    yield from (key for key in one.each(Constraint) if key.identity not in other.objects)
    yield from (index for index in one.each(Index) if index.identity not in other.objects)
    yield from (found for found in one.each(Statistics) if found.identity not in other.objects)
    for sequence in one.each(Sequence):
        found = other.objects.get(sequence.identity)
        if found is None or (
            isinstance(found, Sequence)
            and (sequence.internal or found.internal)
            and sequence.owned_by != found.owned_by
        ):
            yield sequence


def _follows(entity: _Nameless) -> bool:
    """Whether it has its name from a parent's, or belongs to nothing that says which it is."""
    if isinstance(entity, Sequence):
        return entity.owned_by is None
    return isinstance(entity, Constraint) and entity.inherited


def _nameless(entity: _Nameless) -> tuple[object, ...]:
    """What makes two of them one but for the name."""
    if isinstance(entity, Sequence):
        return (Kind.SEQUENCE, entity.identity.parts[0], entity.owned_by, entity.internal)
    if isinstance(entity, Constraint):
        return (*entity.identity.parts[:2], entity.form, entity.definition, entity.valid)
    if isinstance(entity, Statistics):
        definition = entity.definition.replace(qualified(*entity.identity.parts), "", 1)
        return (entity.table, definition)
    quoted = name(entity.identity.parts[1])
    definition = entity.definition.replace(f" {quoted} ON ", " ON ", 1)
    return (entity.table, definition, entity.valid, entity.parent, entity.identity.parts[0])
