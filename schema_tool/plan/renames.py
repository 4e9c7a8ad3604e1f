"""Renames: declared in the files, or certain because nothing but a name differs.

A rename is taken as done: the live catalog is read as if it had happened, and the comparison then
finds only what differs besides. Texts in which the server prints the old name are rewritten word
by word; a wrong guess makes an index or a check be built again, never a loss.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from schema_tool.catalog import Catalog, Identity, Kind
from schema_tool.catalog.model.cluster import PublishedTable
from schema_tool.catalog.model.definition import Enum, Routine
from schema_tool.catalog.model.relation import Column, Constraint, ConstraintForm, Trigger
from schema_tool.catalog.quoting import literal, made_name, name, qualified
from schema_tool.catalog.row_functions import with_columns
from schema_tool.compare import Action, compare
from schema_tool.plan.certain import SWAP, SWAP_BYTES, certain_renames
from schema_tool.plan.declared import Rename
from schema_tool.plan.graph import RELATIONS, dependency_graph
from schema_tool.plan.inheritance import descendants, live_children
from schema_tool.plan.rename_commands import rename_command
from schema_tool.plan.schema_renames import with_schema_renamed
from schema_tool.plan.steps import Statement, Step
from schema_tool.plan.type_renames import TypeRenamed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.catalog.model.entity import Entity

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
}
_TEXTS = ("definition", "default", "using", "check", "partition_key")
_ROUTINE = ("definition", "canonical")
# What gives a type its name.
_TYPED = frozenset({"type", "table", "view"})
_VIEWS = frozenset({Kind.VIEW, Kind.MATERIALIZED_VIEW})
_NOT_NULL_ROWS_SINCE = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """The live catalog after the renames, the steps that do them, and the stale declarations.

    `back` are the renames that undo them, last first.
    """

    catalog: Catalog
    steps: tuple[Step, ...] = ()
    back: tuple[Rename, ...] = ()
    stale: tuple[Rename, ...] = ()


def apply_renames(live: Catalog, desired: Catalog, declared: Iterable[Rename]) -> Renamed:
    """Do the declared renames, then those that are certain.

    A line may name what it renames by the old or by the new name of what contains it; one that
    takes a name which another gives up waits for it, and those that exchange names go together.
    """
    work = _Work(live)
    waiting = list(declared)
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
    for rename in certain_renames(work.live, desired):
        work.do_now(rename, f"{rename.words} differs in its name alone")
    return Renamed(
        catalog=work.live,
        steps=tuple(work.steps),
        back=tuple(_undoing(rename) for rename in reversed(work.done)),
        stale=tuple(waiting),
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

    def ready(self, rename: Rename, desired: Catalog, waiting: list[Rename]) -> bool:
        """Whether it can be done now, and is wanted."""
        now = self._now(rename)
        identity = _find(self.live, now)
        if identity is None or not _has(desired, identity, now, now.new):
            return False
        if _has(self.live, identity, now, now.new):
            return False
        old = now.parts[_place(now)]
        taken = any(self._takes(other, now, old) for other in waiting if other is not rename)
        return taken or not _has(desired, identity, now, old)

    def _takes(self, other: Rename, rename: Rename, word: str) -> bool:
        """Whether another rename gives the name that this one gives up."""
        now = self._now(other)
        return now.new == word and _renamed_parts(now.parts, now) == rename.parts

    def _now(self, rename: Rename) -> Rename:
        """The rename with the names that hold by now, where something has them."""
        parts = rename.parts
        for done in self.done:
            inner = done.what in ("schema", "table", "view", "type") and done.what != rename.what
            if inner and parts[: len(done.parts)] == done.parts:
                parts = (*_renamed_parts(done.parts, done), *parts[len(done.parts) :])
        now = replace(rename, parts=parts)
        return now if _find(self.live, now) is not None else rename

    def do(self, rename: Rename, reason: str = "") -> None:
        """Do a declared rename, whose names may be of before other renames."""
        reason = reason or f"declared: {rename.words} is called {rename.new}"
        self.do_now(self._now(rename), reason)

    def do_now(self, rename: Rename, reason: str = "") -> None:
        """Take it as done, where there is something to rename."""
        identity = _find(self.live, rename)
        if identity is not None:
            along = list(_renamed_along(self.live, identity))
            self.live = _rewritten(self.live, identity, rename)
            for below in along:
                self.live = _rewritten(self.live, below, replace(rename, parts=below.parts))
            self.steps.append(_step(identity, rename, reason))
            self.done.append(rename)

    def swaps(self, desired: Catalog, waiting: list[Rename]) -> Iterator[tuple[Rename, ...]]:
        """Renames of which each takes the name that the next one gives up, in a circle."""
        for first in waiting:
            circle = [first]
            while True:
                last = circle[-1]
                found = [r for r in waiting if r.parts == _renamed_parts(last.parts, last)]
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
        free = f"{first.parts[_place(first)][:SWAP_BYTES]}{SWAP}"
        reason = f"declared: {first.words} is called {first.new}, once nothing else is"
        self.do(replace(first, new=free), reason)
        for rename in reversed(circle[1:]):
            self.do(rename)
        last = replace(first, parts=_renamed_parts(first.parts, replace(first, new=free)))
        self.do(last, reason)

    def gains(self, circle: tuple[Rename, ...], desired: Catalog) -> bool:
        """Whether less differs afterwards: names alone do not say whether it has been done."""
        other = _Work(self.live)
        other.swap(circle)
        return len(compare(other.live, desired)) < len(compare(self.live, desired))


def _wanted_and_there(live: Catalog, desired: Catalog, rename: Rename) -> bool:
    identity = _find(live, rename)
    return identity is not None and _has(desired, identity, rename, rename.new)


def _undoing(rename: Rename) -> Rename:
    parts = _renamed_parts(rename.parts, rename)
    return Rename(what=rename.what, parts=parts, new=rename.parts[_place(rename)])


def _step(identity: Identity, rename: Rename, reason: str) -> Step:
    return Step(
        identity=identity,
        action=Action.ALTERED,
        statement=Statement(sql=rename_command(identity, rename)),
        reason=reason,
    )


def _find(catalog: Catalog, rename: Rename) -> Identity | None:
    parts = rename.parts[:2] if rename.what == "value" else rename.parts
    for kind in _KINDS[rename.what]:
        identity = Identity(kind, parts)
        entity = catalog.objects.get(identity)
        if isinstance(entity, Enum) and rename.what == "value":
            return identity if rename.parts[2] in entity.values else None
        if entity is not None:
            return identity
    return None


def _has(catalog: Catalog, identity: Identity, rename: Rename, word: str) -> bool:
    """Whether the same kind of thing is called so in a catalog."""
    if rename.what == "value":
        entity = catalog.objects.get(identity)
        return isinstance(entity, Enum) and word in entity.values
    parts = _renamed_parts(identity.parts, replace(rename, new=word))
    return Identity(identity.kind, parts) in catalog.objects


def _rewritten(live: Catalog, identity: Identity, rename: Rename) -> Catalog:
    if rename.what == "schema":
        return with_schema_renamed(live, identity.parts[0], rename.new)
    graph = dependency_graph(live)
    dependents = {*graph.needed_by.get(identity, ())}
    for part in graph.parts.get(identity, ()) if identity.kind in RELATIONS else ():
        dependents |= graph.needed_by.get(part, set())
    # What prints the arguments of a routine stands on the routine.
    for routine in [i for i in dependents if i.kind is Kind.ROUTINE]:
        dependents |= graph.needed_by.get(routine, set())
    typed = TypeRenamed(identity.parts, rename.new) if rename.what in _TYPED else None
    if identity.kind is Kind.COLUMN:
        # It may be in the partition key.
        dependents.add(Identity(Kind.TABLE, identity.parts[:2]))
    as_before = _called_otherwise(live, identity)

    def moved() -> Iterator[tuple[Identity, Entity]]:
        for key, entity in live.objects.items():
            if key in as_before:
                yield key, as_before[key]
                continue
            near = key in dependents or key == identity or _within(key, identity, rename)
            changed = _entity(entity, identity, rename, live) if near else entity
            changed = typed.entity(changed) if near and typed else changed
            yield key, _fields(changed, identity, rename)

    return live.renamed(moved())


def _renamed_along(live: Catalog, identity: Identity) -> Iterator[Identity]:
    """What heirs and partitions have of their parent, which is renamed with it."""
    if identity.kind not in (Kind.COLUMN, Kind.TRIGGER, Kind.CONSTRAINT):
        return
    table, own = Identity(Kind.TABLE, identity.parts[:2]), identity.parts[2]
    for heir in dict.fromkeys(descendants(table, live_children(live))):
        place = Identity(identity.kind, (*heir.parts, own))
        below = live.objects.get(place)
        check = isinstance(below, Constraint) and below.form is ConstraintForm.CHECK
        if (isinstance(below, Trigger) and below.clone) or (
            (isinstance(below, Column) or check) and getattr(below, "inherited", False)
        ):
            yield place


def _called_otherwise(live: Catalog, identity: Identity) -> dict[Identity, Entity]:
    """What calls a column as it did: what reads a function of its table's rows."""
    if identity.kind is not Kind.COLUMN:
        return {}
    table = Identity(Kind.TABLE, identity.parts[:2])
    return {reader.identity: reader for reader in with_columns(live.objects, table)}


def _place(rename: Rename) -> int:
    """Which part of the identity is the name: a routine's stands before its arguments."""
    return 1 if rename.what == "function" else -1


def _renamed_parts(parts: tuple[str, ...], rename: Rename) -> tuple[str, ...]:
    changed = list(parts)
    changed[_place(rename)] = rename.new
    return tuple(changed)


def _within(key: Identity, identity: Identity, rename: Rename) -> bool:
    return (
        rename.what in ("table", "view") and len(key.parts) == 3 and key.parts[:2] == identity.parts
    )


def _identity(old: Identity, identity: Identity, rename: Rename) -> Identity:
    """An identity with the new name in it, where it names the renamed object or a part of it."""
    if rename.what == "value":
        return old
    if old == identity:
        return Identity(old.kind, _renamed_parts(old.parts, rename))
    if _within(old, identity, rename) and old.kind is not Kind.ROUTINE:
        return Identity(old.kind, (old.parts[0], rename.new, old.parts[2]))
    return old


def _fields(entity: Entity, identity: Identity, rename: Rename) -> Entity:
    """The entity with new identities, its own and those that it refers to."""
    changed: dict[str, object] = {}
    for entry in fields(entity):
        value = getattr(entity, entry.name)
        new = _moved(value, identity, rename)
        if new != value:
            changed[entry.name] = new
    return replace(entity, **changed) if changed else entity  # type: ignore[arg-type]


def _moved(value: Any, identity: Identity, rename: Rename) -> Any:
    if isinstance(value, Identity):
        return _identity(value, identity, rename)
    if isinstance(value, PublishedTable):
        moved = replace(value, table=_identity(value.table, identity, rename))
        if rename.what == "column" and value.table.parts == identity.parts[:2]:
            columns = (rename.new if c == identity.parts[2] else c for c in value.columns)
            moved = replace(
                moved, columns=tuple(columns), where=_words(value.where, identity, rename)
            )
        return moved
    if isinstance(value, tuple) and value and isinstance(value[0], Identity | PublishedTable):
        return tuple(_moved(entry, identity, rename) for entry in value)
    return value


def _entity(entity: Entity, identity: Identity, rename: Rename, live: Catalog) -> Entity:
    """The entity with the new name in its texts."""
    changed: dict[str, Any] = {}
    if isinstance(entity, Enum) and rename.what == "value":
        values = (rename.new if v == rename.parts[2] else v for v in entity.values)
        return replace(entity, values=tuple(values))
    if isinstance(entity, Routine) and entity.identity == identity:
        old, new = (qualified(identity.parts[0], word) for word in (identity.parts[1], rename.new))
        texts = {key: getattr(entity, key).replace(f" {old}(", f" {new}(", 1) for key in _ROUTINE}
        return replace(entity, **texts)
    for field_name in () if isinstance(entity, Routine) else _TEXTS:
        text = getattr(entity, field_name, "")
        if isinstance(text, str) and text:
            changed[field_name] = _words(text, identity, rename)
            if entity.identity.kind in _VIEWS and rename.what == "column":
                changed[field_name] = _put_out(changed[field_name], identity.parts[2], rename)
    if isinstance(entity, Constraint) and rename.what == "column":
        old = identity.parts[2]
        changed["columns"] = tuple(rename.new if c == old else c for c in entity.columns)
    if (
        isinstance(entity, Column)
        and entity.not_null
        and not (entity.not_null_name or entity.not_null_inherited)
    ):
        affected = entity.identity == identity or _within(entity.identity, identity, rename)
        if affected and live.source.major >= _NOT_NULL_ROWS_SINCE and rename.what != "type":
            parts = entity.identity.parts
            changed["not_null_name"] = made_name(parts[1], parts[2], "not_null")
    return replace(entity, **changed) if changed else entity


def _words(text: str, identity: Identity, rename: Rename) -> str:
    if rename.what == "value":
        return text.replace(literal(rename.parts[2]), literal(rename.new))
    old, new = name(identity.parts[_place(rename)]), name(rename.new)
    return re.sub(rf'(?<![\w"]){re.escape(old)}(?![\w"])', lambda _: new, text)


def _put_out(query: str, old: str, rename: Rename) -> str:
    """A view keeps the names that it puts out: a column of another name gets it back."""
    new = re.escape(name(rename.new))
    item = rf"^(SELECT |    )((?:[\w\"]+\.)?{new})(,?)$"
    return re.sub(item, lambda m: f"{m[1]}{m[2]} AS {name(old)}{m[3]}", query, flags=re.MULTILINE)
