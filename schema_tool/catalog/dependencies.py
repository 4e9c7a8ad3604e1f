"""What pg_depend says of one database: few of its rows are ever looked at, so that none is parsed.

The server sorts them twice, by either end; each is found in the text by halving it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

SEPARATOR = ","


class Edge(NamedTuple):
    """A row of pg_depend: what depends, on what it does, and how.

    Source: pg_depend's columns in their order; 0 is the column of a whole object.
    """

    catalog: int
    oid: int
    column: int
    to_catalog: int
    to_oid: int
    to_column: int
    type: str


@dataclass(frozen=True, slots=True)
class Dependencies:
    """The rows, sorted by the OID of what depends, and of what it depends on."""

    by_dependent: str = ""
    by_referenced: str = ""

    def of(self, catalog: int, oid: int) -> Iterator[Edge]:
        """What an object depends on."""
        return (edge for edge in _found(self.by_dependent, 1, oid) if edge.catalog == catalog)

    def on(self, catalog: int, oid: int) -> Iterator[Edge]:
        """What depends on an object, or on a column of it."""
        return (edge for edge in _found(self.by_referenced, 4, oid) if edge.to_catalog == catalog)


def _found(text: str, place: int, oid: int) -> Iterator[Edge]:
    """The rows with that OID in one place, by which they are sorted."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high) // 2
        start = text.rfind(SEPARATOR, 0, middle) + 1
        end = text.find(SEPARATOR, middle)
        end = len(text) if end < 0 else end
        if int(text[start:end].split(" ", place + 1)[place]) < oid:
            low = end + 1
        else:
            high = start
    while low < len(text):
        end = text.find(SEPARATOR, low)
        end = len(text) if end < 0 else end
        fields = text[low:end].split(" ")
        if int(fields[place]) != oid:
            return
        yield Edge._make([*map(int, fields[:-1]), fields[-1]])
        low = end + 1
