"""The objects of a live catalog as if one of them had another name or schema.

Texts in which the server prints the old name are rewritten word by word; a wrong guess makes an
index or a check be built again, never a loss.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from schema_tool.catalog import Catalog, Identity, Kind
from schema_tool.catalog.model.cluster import ExtensionUse, PublishedTable
from schema_tool.catalog.model.definition import Enum, Routine
from schema_tool.catalog.model.relation import Column, Constraint, ConstraintForm, Trigger
from schema_tool.catalog.quoting import literal, made_name, name
from schema_tool.catalog.row_functions import with_columns
from schema_tool.plan.children.inheritance import descendants, live_children
from schema_tool.plan.graph import RELATIONS, Lazy
from schema_tool.plan.renames.placed import Placed
from schema_tool.plan.renames.ranges import with_multirange
from schema_tool.plan.renames.schema_moves import with_schema_left
from schema_tool.plan.renames.schema_renames import with_schema_renamed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.graph import Graph
    from schema_tool.plan.renames.declared import Rename

_TEXTS = ("definition", "default", "using", "check", "partition_key")
# What the server prints with its schema; the first four never without.
_ALWAYS_WHOLE = ("type", "function", "sequence", "statistics")
_WHOLE = (*_ALWAYS_WHOLE, "table", "view", "index")
_VIEWS = frozenset({Kind.VIEW, Kind.MATERIALIZED_VIEW})
_NOT_NULL_ROWS_SINCE = 18


def renamed_objects(
    live: Catalog, identity: Identity, rename: Rename, graph: Graph
) -> Iterator[tuple[Identity, Entity]]:
    """Each object that is another one afterwards, with the identity that it had before."""
    if rename.what == "schema":
        found = with_schema_renamed(live, identity.parts[0], rename.new)
    elif rename.schema:
        found = with_schema_left(live, identity, rename.schema, graph)
    else:
        found = _with_new_name(live, identity, rename, graph)
    return ((old, entity) for old, entity in found if entity is not live.objects[old])


def _with_new_name(
    live: Catalog, identity: Identity, rename: Rename, graph: Graph
) -> Iterator[tuple[Identity, Entity]]:
    dependents = {*graph.needed_by.get(identity, ())}
    for part in graph.parts.get(identity, ()) if identity.kind in RELATIONS else ():
        dependents |= graph.needed_by.get(part, set())
    # What prints the arguments of a routine stands on the routine.
    for routine in [i for i in dependents if i.kind is Kind.ROUTINE]:
        dependents |= graph.needed_by.get(routine, set())
    placed = Placed(with_multirange(live, identity, rename)) if rename.what in _WHOLE else None
    if identity.kind is Kind.COLUMN:
        # It may be in the partition key.
        dependents.add(Identity(Kind.TABLE, identity.parts[:2]))
    as_before = _called_otherwise(live, identity)

    for key, entity in live.objects.items():
        if key in as_before:
            yield key, as_before[key]
            continue
        near = key in dependents or key == identity or _within(key, identity, rename)
        if not near and len(_NAMING[type(entity)]) == 1:
            # It names nothing but itself.
            continue
        changed = _entity(entity, identity, rename, live) if near else entity
        changed = placed.entity(changed) if near and placed else changed
        yield key, _fields(changed, identity, rename)


def renamed_along(live: Catalog, identity: Identity) -> Iterator[Identity]:
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


def _within(key: Identity, identity: Identity, rename: Rename) -> bool:
    return (
        rename.what in ("table", "view") and len(key.parts) == 3 and key.parts[:2] == identity.parts
    )


def _identity(old: Identity, identity: Identity, rename: Rename) -> Identity:
    """An identity with the new name in it, where it names the renamed object or a part of it."""
    if rename.what == "value":
        return old
    if old == identity:
        return Identity(old.kind, rename.applied(old.parts))
    if _within(old, identity, rename) and old.kind is not Kind.ROUTINE:
        return Identity(old.kind, (old.parts[0], rename.new, old.parts[2]))
    return old


def _fields(entity: Entity, identity: Identity, rename: Rename) -> Entity:
    """The entity with new identities, its own and those that it refers to."""
    changed: dict[str, object] = {}
    for named in _NAMING[type(entity)]:
        value = getattr(entity, named)
        new = _moved(value, identity, rename)
        if new is not value and new != value:
            changed[named] = new
    return replace(entity, **changed) if changed else entity  # type: ignore[arg-type]


def _naming(model: type) -> tuple[str, ...]:
    named = ("Identity", "PublishedTable")
    return tuple(f.name for f in fields(model) if any(word in str(f.type) for word in named))


# The fields of a model that name objects: each rename looks at those of all objects.
_NAMING: Lazy[type, tuple[str, ...]] = Lazy(_naming)


def _moved(value: Any, identity: Identity, rename: Rename) -> Any:
    if isinstance(value, Identity):
        return _identity(value, identity, rename)
    if isinstance(value, PublishedTable):
        moved = replace(value, table=_identity(value.table, identity, rename))
        if rename.what == "column" and value.table.parts == identity.parts[:2]:
            columns = (rename.new if c == identity.parts[2] else c for c in value.columns)
            moved = replace(moved, columns=tuple(columns), where=_words(value.where, rename))
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
    if isinstance(entity, ExtensionUse) and rename.what == "trigger":
        kind, (word, address, extension) = entity.identity
        address = address.replace(f"{name(rename.old)} on ", f"{name(rename.new)} on ", 1)
        return replace(entity, identity=Identity(kind, (word, address, extension)))
    by_word = not isinstance(entity, Routine) and rename.what not in _ALWAYS_WHOLE
    for field_name in _TEXTS if by_word else ():
        text = getattr(entity, field_name, "")
        if isinstance(text, str) and text:
            changed[field_name] = _words(text, rename)
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


def _words(text: str, rename: Rename) -> str:
    if rename.what == "value":
        return text.replace(literal(rename.parts[2]), literal(rename.new))
    old, new = name(rename.old), name(rename.new)
    return re.sub(rf'(?<![\w"]){re.escape(old)}(?![\w"])', lambda _: new, text)


def _put_out(query: str, old: str, rename: Rename) -> str:
    """A view keeps the names that it puts out: a column of another name gets it back."""
    new = re.escape(name(rename.new))
    item = rf"^(SELECT |    )((?:[\w\"]+\.)?{new})(,?)$"
    return re.sub(item, lambda m: f"{m[1]}{m[2]} AS {name(old)}{m[3]}", query, flags=re.MULTILINE)
