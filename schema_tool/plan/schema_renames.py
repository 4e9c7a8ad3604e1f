"""A catalog as if a schema had another name: in identities, and in what the server prints."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from schema_tool.catalog import Catalog, Identity, Kind
from schema_tool.catalog.identity import OUTSIDE_SCHEMAS
from schema_tool.catalog.model.cluster import Publication
from schema_tool.catalog.model.definition import Extension, Routine
from schema_tool.catalog.normal import Printed
from schema_tool.catalog.quoting import name

if TYPE_CHECKING:
    from schema_tool.catalog.model.entity import Entity

# What people wrote, and what is no SQL: there the word is another one.
_KEPT = frozenset({"comment", "values", "options", "connection", "owner", "privileges"})
_BODY = re.compile(r"^AS ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Schema:
    """The old and the new name of one schema."""

    old: str
    new: str

    def text(self, text: str) -> str:
        """SQL text with the new name before each dot, strings left alone but for names in them."""
        before, after = name(self.old), name(self.new)
        if before not in text:
            return text
        found = rf"""('(?:[^']|'')*'(?!::reg))|(?<![\w"$.]){re.escape(before)}(?=\.)"""
        return re.sub(found, lambda match: match[1] or after, text)

    def identity(self, old: Identity) -> Identity:
        """An identity in the schema, or that names types of it."""
        kind, parts = old
        place = 1 if kind is Kind.DEFAULT_PRIVILEGES else 0
        moved = list(parts)
        if (kind not in OUTSIDE_SCHEMAS or place) and parts[place] == self.old:
            moved[place] = self.new
        if kind in (Kind.CAST, Kind.TRANSFORM):
            moved = [self.text(part) for part in moved]
        elif kind in (Kind.ROUTINE, Kind.OPERATOR):
            moved[2:] = [self.text(part) for part in moved[2:]]
        return Identity(kind, tuple(moved))

    def value(self, value: Any) -> Any:
        """Whatever a model holds."""
        if isinstance(value, Identity):
            return self.identity(value)
        if isinstance(value, Printed):
            return Printed(self.text(value), self.text(value.normal))
        if type(value) is str:
            return self.text(value)
        if isinstance(value, tuple):
            return tuple(self.value(entry) for entry in value)
        if is_dataclass(value) and not isinstance(value, type):
            return self.model(value)
        return value

    def model(self, model: Any) -> Any:
        """A model with the new name in its fields."""
        changed = {}
        for entry in fields(model):
            if entry.name not in _KEPT:
                old = getattr(model, entry.name)
                new = self.value(old)
                if new is not old and new != old:
                    changed[entry.name] = new
        return replace(model, **changed) if changed else model

    def entity(self, entity: Entity) -> Entity:
        """An object; those that name a schema alone, without a dot, and routines' bodies apart."""
        moved: Entity = self.model(entity)
        if isinstance(moved, Extension) and moved.schema == self.old:
            return replace(moved, schema=self.new)
        if isinstance(moved, Publication) and self.old in moved.schemas:
            renamed = (self.new if schema == self.old else schema for schema in moved.schemas)
            return replace(moved, schemas=tuple(sorted(renamed)))
        if isinstance(entity, Routine) and isinstance(moved, Routine) and not entity.atomic:
            return replace(
                moved,
                body=entity.body,
                definition=self._head(entity.definition),
                canonical=self._head(entity.canonical),
            )
        return moved

    def _head(self, text: str) -> Any:
        """A routine's text; its body is a string, which the server does not read."""
        found = _BODY.search(text)
        end = found.start() if found else len(text)
        return self.text(text[:end]) + text[end:]


def with_schema_renamed(live: Catalog, before: str, after: str) -> Catalog:
    """What a reading finds after ALTER SCHEMA … RENAME.

    A text in which the old name stands for something else differs afterwards without need, and is
    made anew: never a loss.
    """
    schema = _Schema(before, after)
    return live.renamed((old, schema.entity(entity)) for old, entity in live.objects.items())
