"""Where what a declared rename speaks of is by now, after other renames."""

from __future__ import annotations

from dataclasses import replace
from glob import escape
from typing import TYPE_CHECKING

from schema_tool.catalog import Catalog, Identity, Kind
from schema_tool.catalog.model.definition import Enum
from schema_tool.compare import matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from schema_tool.compare import CompareOptions
    from schema_tool.plan.renames.declared import Rename

_KINDS = {
    "schema": (Kind.SCHEMA,),
    "table": (Kind.TABLE,),
    "column": (Kind.COLUMN,),
    "type": (Kind.ENUM, Kind.DOMAIN, Kind.COMPOSITE, Kind.RANGE, Kind.BASE_TYPE),
    "value": (Kind.ENUM,),
    "constraint": (Kind.CONSTRAINT,),
    "index": (Kind.INDEX,),
    "sequence": (Kind.SEQUENCE,),
    "view": (Kind.VIEW, Kind.MATERIALIZED_VIEW),
    "function": (Kind.ROUTINE,),
    "policy": (Kind.POLICY,),
    "trigger": (Kind.TRIGGER,),
    "statistics": (Kind.STATISTICS,),
}
_CONTAINERS = ("schema", "table", "view", "type")


def find(catalog: Catalog, rename: Rename) -> Identity | None:
    """What a rename speaks of, by the names that it says."""
    for kind in _KINDS[rename.what]:
        identity = Identity(kind, _own(rename, rename.parts))
        if has(catalog, identity, rename, rename.parts):
            return identity
    return None


def has(catalog: Catalog, identity: Identity, rename: Rename, parts: tuple[str, ...]) -> bool:
    """Whether the same kind of thing is called so in a catalog."""
    entity = catalog.objects.get(Identity(identity.kind, _own(rename, parts)))
    if rename.what == "value":
        return isinstance(entity, Enum) and parts[-1] in entity.values
    return entity is not None


def takes_part(rename: Rename, sides: tuple[Catalog, Catalog], options: CompareOptions) -> bool:
    """Whether what it renames takes part by its old or its new name, or anything in a schema."""
    live, desired = sides
    ways = ((live, rename.parts), (desired, rename.applied(rename.parts)))
    found = [
        entity
        for side, parts in ways
        for kind in _KINDS[rename.what]
        if (entity := side.objects.get(Identity(kind, _own(rename, parts))))
    ]
    if rename.what == "schema":
        inside = (
            entity
            for side, parts in ways
            for entity in side.objects.values()
            if entity.identity.parts[0] == parts[0]
        )
        return any(map(options.covers, inside))
    if any(map(options.excludes, found)):
        return False
    # Of what is nowhere, no pattern of `include` says that it is meant.
    return any(map(options.includes, found)) if found else not options.include


def leave_out_both(
    renames: Sequence[Rename], sides: tuple[Catalog, Catalog], options: CompareOptions
) -> CompareOptions:
    """Leave out what a rename is to make where its old name is left out, and the other way."""
    waiting = [r for r in renames if r.what not in ("schema", "value")]
    found = True
    while found and options.exclude:
        found = False
        for rename in waiting:
            names = _names_of(rename, sides)
            if any(_is_excluded(identity, sides, options) for identity in names):
                waiting.remove(rename)
                patterns = (escape(str(identity)) for identity in names)
                options = replace(options, exclude=(*options.exclude, *patterns))
                found = True
                break
    return options


def _names_of(rename: Rename, sides: tuple[Catalog, Catalog]) -> list[Identity]:
    """What it is about by both names; nothing where it has been done."""
    live, desired = sides
    new = rename.applied(rename.parts)
    if any(Identity(kind, new) in live.objects for kind in _KINDS[rename.what]):
        return []
    found = [
        kind
        for kind in _KINDS[rename.what]
        if Identity(kind, rename.parts) in live.objects or Identity(kind, new) in desired.objects
    ]
    kinds = found or _KINDS[rename.what]
    return [Identity(kind, parts) for kind in kinds for parts in (rename.parts, new)]


def _is_excluded(
    identity: Identity, sides: tuple[Catalog, Catalog], options: CompareOptions
) -> bool:
    there = [side.objects[identity] for side in sides if identity in side.objects]
    if there:
        return any(map(options.excludes, there))
    return matches(identity, options.exclude)


def _own(rename: Rename, parts: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of an identity: an enum's value has none."""
    return parts[:-1] if rename.what == "value" else parts


class Places:
    """The identities that objects have by now, by those that they had at first."""

    def __init__(self) -> None:
        self._by_first: dict[Identity, Identity] = {}
        self._first: dict[Identity, Identity] = {}

    def follow(self, moved: Iterable[tuple[Identity, Identity]]) -> None:
        """Note what is called otherwise from now on."""
        changed = [(self._first.pop(old, old), new) for old, new in moved if old != new]
        for first, new in changed:
            self._first[new] = first
            self._by_first[first] = new

    def now(self, rename: Rename, done: Sequence[Rename], live: Catalog) -> Rename:
        """The rename with the names that hold by now, where something has them."""
        own = _own(rename, rename.parts)
        for kind in _KINDS[rename.what]:
            if place := self._by_first.get(Identity(kind, own)):
                now = replace(rename, parts=(*place.parts, *rename.parts[len(own) :]))
                if find(live, now) is not None:
                    return now
        # Some of its names may be old ones, others new.
        parts = rename.parts
        for other in done:
            inner = other.what in _CONTAINERS and other.what != rename.what
            if inner and parts[: len(other.parts)] == other.parts:
                parts = (*other.applied(other.parts), *parts[len(other.parts) :])
        now = replace(rename, parts=parts)
        return now if find(live, now) is not None else rename
