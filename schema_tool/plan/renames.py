"""Renames: declared in the files, or certain because nothing but a name differs.

A rename is taken as done: the live catalog is read as if it had happened, and the comparison then
finds only what differs besides. Texts in which the server prints the old name are rewritten word
by word; a wrong guess makes an index or a check be built again, never a loss.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Catalog, Identity, Kind
from schema_tool.catalog.model.definition import Enum, Routine
from schema_tool.catalog.model.relation import Column, Constraint, Index, Sequence
from schema_tool.catalog.quoting import literal, name, qualified
from schema_tool.compare import Action
from schema_tool.plan.declared import Rename
from schema_tool.plan.graph import dependency_graph
from schema_tool.plan.steps import Statement, Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.catalog.model.entity import Entity

_KINDS = {
    "table": (Kind.TABLE,),
    "column": (Kind.COLUMN,),
    "type": (Kind.ENUM, Kind.DOMAIN, Kind.COMPOSITE, Kind.RANGE),
    "value": (Kind.ENUM,),
    "constraint": (Kind.CONSTRAINT,),
    "index": (Kind.INDEX,),
    "sequence": (Kind.SEQUENCE,),
    "view": (Kind.VIEW, Kind.MATERIALIZED_VIEW),
    "function": (Kind.ROUTINE,),
    "policy": (Kind.POLICY,),
    "trigger": (Kind.TRIGGER,),
}
# A view keeps the names that it puts out, so that its text is not the old one with a new word.
_TEXTS = ("definition", "default", "using", "check")
_ROUTINE = ("definition", "canonical")
_UNTOUCHED = frozenset({Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.ROUTINE})
_NOT_NULL_ROWS_SINCE = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """The live catalog after the renames, the steps that do them, and the stale declarations.

    `back` are the steps that undo them, last first.
    """

    catalog: Catalog
    steps: tuple[Step, ...] = ()
    back: tuple[Step, ...] = ()
    stale: tuple[Rename, ...] = ()


def apply_renames(live: Catalog, desired: Catalog, declared: Iterable[Rename]) -> Renamed:
    """Do the declared renames, then those that are certain."""
    steps: list[Step] = []
    back: list[Step] = []
    stale: list[Rename] = []
    for rename in declared:
        identity = _find(live, rename)
        if identity is None or not _wanted(desired, identity, rename):
            stale.append(rename)
            continue
        live = _do(live, identity, rename, steps, back)
    for rename in _certain(live, desired):
        identity = _find(live, rename)
        if identity is not None:
            live = _do(live, identity, rename, steps, back)
    return Renamed(catalog=live, steps=tuple(steps), back=tuple(reversed(back)), stale=tuple(stale))


def _do(
    live: Catalog, identity: Identity, rename: Rename, steps: list[Step], back: list[Step]
) -> Catalog:
    parts = _renamed_parts(rename.parts, rename)
    undo = Rename(what=rename.what, parts=parts, new=rename.parts[_place(rename)])
    steps.append(_step(identity, rename))
    back.append(_step(_identity(identity, identity, rename), undo))
    return _rewritten(live, identity, rename)


def _step(identity: Identity, rename: Rename) -> Step:
    return Step(
        identity=identity,
        action=Action.ALTERED,
        statement=Statement(sql=_sql(identity, rename)),
        reason=f"{rename.words} is called {rename.new}",
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


def _wanted(desired: Catalog, identity: Identity, rename: Rename) -> bool:
    """Whether the new name is in the desired state and the old one is not."""
    if rename.what == "value":
        entity = desired.objects.get(identity)
        return isinstance(entity, Enum) and rename.new in entity.values
    new = Identity(identity.kind, _renamed_parts(identity.parts, rename))
    return identity not in desired.objects and new in desired.objects


def _sql(identity: Identity, rename: Rename) -> str:  # noqa: PLR0911 - by kind
    parts, new = identity.parts, name(rename.new)
    if rename.what == "table":
        return f"ALTER TABLE {qualified(*parts)} RENAME TO {new}"
    if rename.what == "column":
        return f"ALTER TABLE {qualified(*parts[:2])} RENAME COLUMN {name(parts[2])} TO {new}"
    if rename.what == "constraint":
        return f"ALTER TABLE {qualified(*parts[:2])} RENAME CONSTRAINT {name(parts[2])} TO {new}"
    if rename.what in ("policy", "trigger"):
        place = f"{name(parts[2])} ON {qualified(*parts[:2])}"
        return f"ALTER {rename.what.upper()} {place} RENAME TO {new}"
    if rename.what == "function":
        return f"ALTER ROUTINE {qualified(*parts[:2])}({parts[2]}) RENAME TO {new}"
    if rename.what in ("index", "sequence", "view"):
        return f"ALTER {identity.kind.upper()} {qualified(*parts)} RENAME TO {new}"
    if rename.what == "value":
        values = f"{literal(rename.parts[2])} TO {literal(rename.new)}"
        return f"ALTER TYPE {qualified(*parts)} RENAME VALUE {values}"
    word = "DOMAIN" if identity.kind is Kind.DOMAIN else "TYPE"
    return f"ALTER {word} {qualified(*parts)} RENAME TO {new}"


def _rewritten(live: Catalog, identity: Identity, rename: Rename) -> Catalog:
    dependents = dependency_graph(live).needed_by.get(identity, set())
    objects = {}
    for key, entity in live.objects.items():
        near = key in dependents or key == identity or _within(key, identity, rename)
        changed = _entity(entity, identity, rename, live) if near else entity
        moved = _fields(changed, identity, rename)
        objects[moved.identity] = moved
    return replace(live, objects=objects)


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
        if isinstance(value, Identity):
            new = _identity(value, identity, rename)
            if new != value:
                changed[entry.name] = new
    if isinstance(entity, Column) and rename.what == "type":
        old, new_type = qualified(*identity.parts), qualified(identity.parts[0], rename.new)
        if entity.type in (old, f"{old}[]"):
            changed["type"] = entity.type.replace(old, new_type)
    return replace(entity, **changed) if changed else entity  # type: ignore[arg-type]


def _entity(entity: Entity, identity: Identity, rename: Rename, live: Catalog) -> Entity:
    """The entity with the new name in its texts."""
    changed: dict[str, object] = {}
    if isinstance(entity, Enum) and rename.what == "value":
        values = (rename.new if v == rename.parts[2] else v for v in entity.values)
        return replace(entity, values=tuple(values))
    if isinstance(entity, Routine) and entity.identity == identity:
        old, new = (qualified(identity.parts[0], word) for word in (identity.parts[1], rename.new))
        texts = {key: getattr(entity, key).replace(f" {old}(", f" {new}(", 1) for key in _ROUTINE}
        return replace(entity, **texts)
    if entity.identity.kind not in _UNTOUCHED:
        for field_name in _TEXTS:
            text = getattr(entity, field_name, "")
            if isinstance(text, str) and text:
                changed[field_name] = _words(text, identity, rename)
    if isinstance(entity, Constraint) and rename.what == "column":
        old = identity.parts[2]
        changed["columns"] = tuple(rename.new if c == old else c for c in entity.columns)
    if isinstance(entity, Column) and entity.not_null and not entity.not_null_name:
        affected = entity.identity == identity or _within(entity.identity, identity, rename)
        if affected and live.source.major >= _NOT_NULL_ROWS_SINCE and rename.what != "type":
            parts = entity.identity.parts
            changed["not_null_name"] = f"{parts[1]}_{parts[2]}_not_null"
    return replace(entity, **changed) if changed else entity  # type: ignore[arg-type]


def _words(text: str, identity: Identity, rename: Rename) -> str:
    if rename.what == "value":
        return text.replace(literal(rename.parts[2]), literal(rename.new))
    old, new = name(identity.parts[_place(rename)]), name(rename.new)
    return re.sub(rf'(?<![\w"]){re.escape(old)}(?![\w"])', lambda _: new, text)


def _certain(live: Catalog, desired: Catalog) -> Iterator[Rename]:
    """Constraints, indexes and columns' sequences of which nothing differs but the name."""
    wanted: dict[tuple[object, ...], list[Identity]] = {}
    for entity in desired.objects.values():
        if not isinstance(entity, Constraint | Index | Sequence):
            continue
        if entity.identity not in live.objects:
            wanted.setdefault(_nameless(entity), []).append(entity.identity)
    for entity in sorted(live.objects.values(), key=lambda entity: entity.identity.parts):
        if not isinstance(entity, Constraint | Index | Sequence):
            continue
        if entity.identity in desired.objects or _follows(entity):
            continue
        found = wanted.get(_nameless(entity))
        if found:
            new = found.pop(0)
            what = entity.identity.kind.value
            yield Rename(what=what, parts=entity.identity.parts, new=new.parts[-1])


def _follows(entity: Constraint | Index | Sequence) -> bool:
    """Whether it has its name from a parent's, or belongs to nothing that says which it is."""
    if isinstance(entity, Sequence):
        return entity.owned_by is None
    return isinstance(entity, Constraint) and entity.inherited


def _nameless(entity: Constraint | Index | Sequence) -> tuple[object, ...]:
    """What makes two of them one but for the name."""
    if isinstance(entity, Sequence):
        return (Kind.SEQUENCE, entity.identity.parts[0], entity.owned_by, entity.internal)
    if isinstance(entity, Constraint):
        return (*entity.identity.parts[:2], entity.form, entity.definition, entity.valid)
    quoted = name(entity.identity.parts[1])
    definition = entity.definition.replace(f" {quoted} ON ", " ON ", 1)
    return (entity.table, definition, entity.valid, entity.parent, entity.identity.parts[0])
