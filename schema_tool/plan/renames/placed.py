"""Objects as if others had another name or schema: in identities, and in what the server prints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.quoting import qualified
from schema_tool.plan.renames.rewriting import Rewriting, with_names

if TYPE_CHECKING:
    from collections.abc import Mapping

# Where the parts of an identity are types, or the name of another object.
_NAMES_FROM = {
    Kind.ROUTINE: 2,
    Kind.OPERATOR: 2,
    Kind.CAST: 0,
    Kind.TRANSFORM: 0,
    Kind.EXTENSION_USE: 1,
}
# A range type has functions of its name.
_CALLED = (Kind.ROUTINE, Kind.RANGE)


@dataclass(frozen=True)
class Placed(Rewriting):
    """What is called otherwise, by its identity; that of a relation stands for its rows, too."""

    moved: Mapping[Identity, Identity]

    @cached_property
    def _names(self) -> dict[str, str]:
        named = ((old.parts[:2], new.parts[:2]) for old, new in self.moved.items())
        return {qualified(*old): qualified(*new) for old, new in named if old != new}

    @cached_property
    def _pattern(self) -> str:
        names = "|".join(map(re.escape, sorted(self._names, key=len, reverse=True)))
        called = any(old.kind in _CALLED for old in self.moved)
        # What is called is a function; but for a key's reference, a relation stands alone.
        alone = "" if called else rf"(?<=REFERENCES )(?:{names})(?=\()|"
        end = "" if called else r"(?!\()"
        return rf"""{alone}(?<![\w"$.])(?:{names})(?![\w"$]){end}"""

    def text(self, text: str) -> str:
        """SQL text with the new names, strings left alone but for names in them."""
        if not any(name in text for name in self._names):
            return text
        return with_names(text, self._pattern, lambda found: self._names[found])

    def identity(self, old: Identity) -> Identity:
        """An identity in its new place, or that names types."""
        kind, parts = self.moved.get(old, old)
        first = _NAMES_FROM.get(kind)
        if first is None:
            return Identity(kind, parts)
        return Identity(kind, (*parts[:first], *map(self.text, parts[first:])))
