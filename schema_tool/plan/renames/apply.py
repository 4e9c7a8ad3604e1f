"""Renames: declared in the files, or certain because nothing but a name differs.

A rename is taken as done: the live catalog is read as if it had happened, and the comparison then
finds only what differs besides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Catalog, Identity, Kind
from schema_tool.catalog.model.definition import Schema
from schema_tool.catalog.quoting import name
from schema_tool.compare import Action, CompareOptions, compare
from schema_tool.plan.emit.access import privileges_at_birth
from schema_tool.plan.renames.certain import SWAP, SWAP_BYTES, certain_renames
from schema_tool.plan.renames.commands import rename_command
from schema_tool.plan.renames.free_names import FreeNames
from schema_tool.plan.renames.objects import renamed_along, renamed_objects
from schema_tool.plan.renames.places import Places, find, has, takes_part
from schema_tool.plan.renames.ranges import rename_what_it_made
from schema_tool.plan.renames.schema_moves import moved_oids
from schema_tool.plan.steps import Statement, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from schema_tool.plan.renames.declared import Rename


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """The live catalog after the renames, the steps that do them, and the stale declarations.

    `back` are the renames that undo them, last first; `stuck` those that cannot be done, and why.
    """

    catalog: Catalog
    steps: tuple[Step, ...] = ()
    back: tuple[Rename, ...] = ()
    stale: tuple[Rename, ...] = ()
    stuck: tuple[tuple[Rename, str], ...] = ()


def apply_renames(
    live: Catalog,
    desired: Catalog,
    declared: Iterable[Rename],
    options: CompareOptions | None = None,
) -> Renamed:
    """Do the declared renames, then those that are certain, of what takes part.

    A line may name what it renames by the old or by the new name of what contains it; one that
    takes a name which another gives up waits for it, and those that exchange names go together.
    """
    options = options or CompareOptions()
    if options.narrows:
        declared = [r for r in declared if takes_part(r, (live, desired), options)]
    work = _Work(live)
    # Nothing moves into a schema that has yet to get its name.
    waiting = sorted(declared, key=lambda rename: rename.what != "schema")
    while waiting:
        ready = next((r for r in waiting if work.ready(r, desired, waiting)), None)
        if ready is not None:
            waiting.remove(ready)
            work.do(ready)
            continue
        swap = next((c for c in work.swaps(desired, waiting) if work.gains(c, desired)), None)
        if swap is None:
            break
        waiting = [r for r in waiting if r not in swap]
        work.swap(swap)
    stuck = {r: why for r in waiting if (why := work.stuck(r, desired, waiting))}
    for rename in certain_renames(work.live, desired, options):
        work.go(rename, f"{rename.words} differs in its name alone")
    return Renamed(
        catalog=work.live,
        steps=tuple(work.steps),
        back=tuple(rename.undoing for rename in reversed(work.done)),
        stale=tuple(rename for rename in waiting if rename not in stuck),
        stuck=tuple(stuck.items()),
    )


def undo_renames(catalog: Catalog, renamed: Renamed) -> Renamed:
    """Take them back in a catalog in which they are done."""
    work = _Work(catalog)
    for rename in renamed.back:
        work.do_now(rename)
    return Renamed(catalog=work.live, steps=tuple(work.steps))


class _Work:
    """The live catalog as it becomes, and what made it so."""

    def __init__(self, live: Catalog) -> None:
        self.live = live
        self.steps: list[Step] = []
        self.done: list[Rename] = []
        self._places = Places()
        self._free = FreeNames(live)

    def _now(self, rename: Rename) -> Rename:
        return self._places.now(rename, self.done, self.live)

    def ready(self, rename: Rename, desired: Catalog, waiting: Sequence[Rename]) -> bool:
        """Whether it can be done now, and is wanted."""
        there = find(self.live, self._now(rename)) is not None
        return there and not self.hindrance(rename, desired, waiting)

    def hindrance(self, rename: Rename, desired: Catalog, waiting: Sequence[Rename]) -> str:
        """Why it cannot be done now; empty also where there is nothing of the old name."""
        now = self._now(rename)
        identity = find(self.live, now)
        place = now.applied(now.parts)
        if identity is None or place == now.parts:
            return ""
        if not _is_wanted(identity, now, desired, waiting):
            return f"nothing is to be called {now.target}"
        if reason := self._free.hindrance(identity, now):
            return reason
        # Another rename may give the name that this one gives up.
        if has(desired, identity, now, now.parts) and not any(
            self._takes(other, now.parts) for other in waiting if other is not rename
        ):
            return f"there is to be a {now.words} as well"
        return ""

    def stuck(self, rename: Rename, desired: Catalog, waiting: Sequence[Rename]) -> str:
        """Why it was not done; empty where both names are wanted and there: it has been done."""
        now = self._now(rename)
        identity = find(self.live, now)
        stays = identity and has(desired, identity, now, now.parts)
        if identity and stays and has(self.live, identity, now, now.applied(now.parts)):
            return ""
        return self.hindrance(rename, desired, waiting)

    def _takes(self, other: Rename, parts: tuple[str, ...]) -> bool:
        now = self._now(other)
        return now.applied(now.parts) == parts

    def do(self, rename: Rename, reason: str = "") -> None:
        """Do a declared rename, whose names may be of before other renames."""
        self.go(self._now(rename), reason or f"declared: {rename.words} is called {rename.target}")

    def go(self, rename: Rename, reason: str) -> None:
        """Do a rename of what has that name by now, in the steps that it takes."""
        if rename.applied(rename.parts) != rename.parts:
            for step in self._free.way(rename, self.live):
                self.do_now(step, reason)

    def do_now(self, rename: Rename, reason: str = "") -> None:
        """Take it as done, where there is something to rename."""
        identity = find(self.live, rename)
        if identity is None:
            return
        if rename.schema:
            self._make_schema(rename, reason)
        along = list(renamed_along(self.live, identity))
        made = list(rename_what_it_made(self.live, identity, rename))
        self._rewrite(identity, rename)
        for below in along:
            self._rewrite(below, replace(rename, parts=below.parts))
        self.steps.append(_step(identity, rename, reason))
        self.steps += (
            Step(identity=identity, action=Action.ALTERED, statement=statement)
            for statement in made
        )
        self.done.append(rename)

    def _rewrite(self, identity: Identity, rename: Rename) -> None:
        graph = self._free.graph
        objects = list(renamed_objects(self.live, identity, rename, graph))
        moved = moved_oids(self.live, identity, graph) if rename.schema else ()
        self._places.follow((old, entity.identity) for old, entity in objects)
        self.live = self.live.renamed(objects, moved)
        self._free.follow(self.live, objects)

    def _make_schema(self, rename: Rename, reason: str) -> None:
        """The schema that something moves to, bare; the comparison finds what else it has."""
        identity = Identity(Kind.SCHEMA, (rename.schema,))
        if identity in self.live.objects:
            return
        schema = Schema(identity=identity, owner=self.live.source.role)
        schema = replace(schema, privileges=privileges_at_birth(schema, self.live))
        self.live = replace(self.live, objects={**self.live.objects, identity: schema})
        self._free = FreeNames(self.live)
        statement = Statement(sql=f"CREATE SCHEMA {name(rename.schema)}")
        self.steps.append(
            Step(identity=identity, action=Action.CREATED, statement=statement, reason=reason)
        )

    def swaps(self, desired: Catalog, waiting: list[Rename]) -> Iterator[tuple[Rename, ...]]:
        """Renames of which each takes the name that the next one gives up, in a circle."""
        waiting = [rename for rename in waiting if not rename.schema]
        for first in waiting:
            circle = [first]
            while True:
                last = circle[-1]
                found = [r for r in waiting if r.parts == last.applied(last.parts)]
                if len(found) != 1 or found[0].what != first.what:
                    break
                if found[0] is first:
                    if all(_wanted_and_there(self.live, desired, r) for r in circle):
                        yield tuple(circle)
                    break
                if found[0] in circle:
                    break
                circle.append(found[0])

    def swap(self, circle: tuple[Rename, ...]) -> None:
        """Exchange names by way of one that nothing has."""
        first = circle[0]
        away = replace(first, new=f"{first.old[:SWAP_BYTES]}{SWAP}")
        reason = f"declared: {first.words} is called {first.new}, once nothing else is"
        self.do(away, reason)
        for rename in reversed(circle[1:]):
            self.do(rename)
        self.do(replace(first, parts=away.applied(first.parts)), reason)

    def gains(self, circle: tuple[Rename, ...], desired: Catalog) -> bool:
        """Whether less differs afterwards: names alone do not say whether it has been done."""
        other = _Work(self.live)
        other.swap(circle)
        return _distance(other.live, desired) < _distance(self.live, desired)


def _distance(live: Catalog, desired: Catalog) -> tuple[int, int]:
    """How much would be lost on the way, then how much differs: a key's name does as well."""
    changes = compare(live, desired)
    gone = (change.kind for change in changes if change.action is Action.DROPPED)
    return sum(kind in (Kind.TABLE, Kind.COLUMN) for kind in gone), len(changes)


def _wanted_and_there(live: Catalog, desired: Catalog, rename: Rename) -> bool:
    identity = find(live, rename)
    place = rename.applied(rename.parts)
    return identity is not None and has(desired, identity, rename, place)


def _is_wanted(
    identity: Identity, rename: Rename, desired: Catalog, waiting: Sequence[Rename]
) -> bool:
    """Whether the new name, or the one that further renames make of it, is in the files."""
    place = rename.applied(rename.parts)
    for _ in range(len(waiting) + 1):
        if has(desired, identity, rename, place):
            return True
        further = next((r for r in waiting if (r.what, r.parts) == (rename.what, place)), None)
        if further is None:
            return False
        place = further.applied(place)
    return False


def _step(identity: Identity, rename: Rename, reason: str) -> Step:
    return Step(
        identity=identity,
        action=Action.ALTERED,
        statement=Statement(sql=rename_command(identity, rename)),
        reason=reason,
    )
