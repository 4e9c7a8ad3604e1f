"""A catalog as if a schema had another name: in identities, and in what the server prints."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Catalog, Identity, Kind
from schema_tool.catalog.identity import OUTSIDE_SCHEMAS
from schema_tool.catalog.model.cluster import Publication
from schema_tool.catalog.model.definition import Extension
from schema_tool.catalog.quoting import name
from schema_tool.plan.renames.rewriting import Rewriting, with_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity


@dataclass(frozen=True, slots=True)
class _Schema(Rewriting):
    """The old and the new name of one schema."""

    old: str
    new: str

    def text(self, text: str) -> str:
        """SQL text with the new name before each dot, strings left alone but for names in them."""
        before, after = name(self.old), name(self.new)
        if before not in text:
            return text
        return with_names(text, rf"""(?<![\w"$.]){re.escape(before)}(?=\.)""", lambda _: after)

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

    def entity(self, entity: Entity) -> Entity:
        """An object; those that name a schema alone, without a dot, apart."""
        # dataclasses with slots are made anew, which super() without arguments does not know
        moved = Rewriting.entity(self, entity)
        if isinstance(moved, Extension) and moved.schema == self.old:
            return replace(moved, schema=self.new)
        if isinstance(moved, Publication) and self.old in moved.schemas:
            renamed = (self.new if schema == self.old else schema for schema in moved.schemas)
            return replace(moved, schemas=tuple(sorted(renamed)))
        return moved


def with_schema_renamed(
    live: Catalog, before: str, after: str
) -> Iterator[tuple[Identity, Entity]]:
    """What a reading finds after ALTER SCHEMA … RENAME.

    A text in which the old name stands for something else differs afterwards without need, and is
    made anew: never a loss.
    """
    schema = _Schema(before, after)
    return ((old, schema.entity(entity)) for old, entity in live.objects.items())
