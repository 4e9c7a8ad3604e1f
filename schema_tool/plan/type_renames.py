"""Objects as if a type had another name, be it that of a relation's rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.quoting import qualified
from schema_tool.plan.rewriting import Rewriting

# Where the parts of an identity are types.
_TYPES_FROM = {Kind.ROUTINE: 2, Kind.OPERATOR: 2, Kind.CAST: 0, Kind.TRANSFORM: 0}


@dataclass(frozen=True, slots=True)
class TypeRenamed(Rewriting):
    """The parts of a type's identity, and the new name."""

    parts: tuple[str, ...]
    new: str

    def text(self, text: str) -> str:
        """SQL text with the new name, strings left alone but for names in them."""
        before, after = qualified(*self.parts), qualified(self.parts[0], self.new)
        if before not in text:
            return text
        found = rf"""('(?:[^']|'')*'(?!::reg))|(?<![\w"$.]){re.escape(before)}(?![\w"$(])"""
        return re.sub(found, lambda match: match[1] or after, text)

    def identity(self, old: Identity) -> Identity:
        """An identity that names types."""
        first = _TYPES_FROM.get(old.kind)
        if first is None:
            return old
        return Identity(old.kind, (*old.parts[:first], *map(self.text, old.parts[first:])))
