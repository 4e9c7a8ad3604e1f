"""Whether a new name is free, and by which steps something gets there."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from schema_tool.catalog import Catalog, Identity, Kind
from schema_tool.catalog.model.relation import Constraint, Sequence
from schema_tool.plan.graph import Graph, dependency_graph
from schema_tool.plan.nodes import names_of
from schema_tool.plan.renames.certain import WITH_INDEX
from schema_tool.plan.renames.places import find, has
from schema_tool.plan.renames.schema_moves import moved_along

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.renames.declared import Rename

_Name = tuple[str, ...]


class FreeNames:
    """The names that are taken in a catalog."""

    def __init__(self, live: Catalog) -> None:
        self._live = live

    @cached_property
    def _taken(self) -> dict[_Name, Identity]:
        return {name: i for i in self._live.objects for name in self._names(i, i)}

    @cached_property
    def graph(self) -> Graph:
        """The dependencies, found once for a catalog."""
        return dependency_graph(self._live)

    def follow(self, live: Catalog, moved: Iterable[tuple[Identity, Entity]]) -> None:
        """Know the catalog as it has become, in which some objects are others."""
        taken, others = self._taken, [(old, new.identity) for old, new in moved]
        for old, _ in others:
            for name in self._names(old, old):
                taken.pop(name, None)
        self._live = live
        for _, new in others:
            taken.update(dict.fromkeys(self._names(new, new), new))
        self.__dict__.pop("graph", None)

    def _names(self, identity: Identity, now: Identity) -> Iterator[_Name]:
        """The names that an object takes; `now` is how the catalog calls it."""
        entity = self._live.objects.get(now)
        if isinstance(entity, Constraint) and entity.form not in WITH_INDEX:
            yield ("constraint", *identity.parts)
            return
        names = tuple(names_of(identity))
        yield from names or ((identity.kind, *identity.parts),)

    def hindrance(self, identity: Identity, rename: Rename) -> str:
        """Why something cannot get its new name; what is in the way, or that it cannot move."""
        entity = self._live.objects[identity]
        if rename.schema and isinstance(entity, Sequence) and entity.owned_by:
            return "it goes where the table of its column goes"
        if rename.schema and identity.kind is Kind.RANGE:
            return "the functions and the multirange of a range type would stay where they are"
        ways = [list(self._in_the_way(identity, way, rename)) for way in _ways(rename)]
        if not all(ways):
            return ""
        return f"{ways[0][0]} is there already"

    def way(self, rename: Rename, live: Catalog) -> tuple[Rename, ...]:
        """The steps that lead to the new name, of which none meets another's."""
        identity = find(live, rename)
        ways = list(_ways(rename))
        if identity is None or len(ways) == 1:
            return ways[0]
        free = (way for way in ways if not any(self._in_the_way(identity, way, rename)))
        return next(free, ways[0])

    def _in_the_way(
        self, identity: Identity, way: tuple[Rename, ...], whole: Rename
    ) -> Iterator[Identity]:
        """What has a name that is needed at the end of a step; `whole` is all of them in one."""
        if whole.what == "value":
            place = whole.applied(whole.parts)
            if has(self._live, identity, whole, place):
                yield Identity(identity.kind, place)
            return
        moving = list(moved_along(identity, self.graph)) if whole.schema else [identity]
        for step in (*way[:-1], whole):
            for name in self._names(
                Identity(identity.kind, step.applied(identity.parts)), identity
            ):
                yield from self._others(name, moving)
            for old in moving if step.schema else ():
                for name in self._names(Identity(old.kind, (step.schema, *old.parts[1:])), old):
                    if name[0] == "relation" and old != identity:
                        yield from self._others(name, moving)

    def _others(self, name: _Name, moving: list[Identity]) -> Iterator[Identity]:
        found = self._taken.get(name)
        if found is not None and found not in moving:
            yield found


def _ways(rename: Rename) -> Iterator[tuple[Rename, ...]]:
    """To another schema and name in two steps, either of which can be the first."""
    if not rename.schema or rename.new == rename.old:
        yield (rename,)
        return
    moved = replace(rename, new=rename.old)
    yield moved, replace(rename, parts=moved.applied(rename.parts), schema="")
    renamed = replace(rename, schema="")
    yield renamed, replace(rename, parts=renamed.applied(rename.parts))
