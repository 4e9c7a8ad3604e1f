"""What pg_depend says of one database: few of its rows are looked at, so that none is parsed.

The server sorts them twice, by either end; each is found in the text by halving it. Where a plan
makes or drops nearly everything, as many are asked for as there are: then all are parsed at once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SEPARATOR = ","
ROW_LENGTH = 40
"""About so many characters a row has; finding one costs about as much as parsing one."""


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
    _asked: list[int] = field(default_factory=lambda: [0], init=False, repr=False, compare=False)
    _parsed: dict[int, dict[int, list[Edge]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def of(self, catalog: int, oid: int) -> Iterator[Edge]:
        """What an object depends on."""
        rows = self._rows(self.by_dependent, 1, oid)
        return (edge for edge in rows if edge.catalog == catalog)

    def on(self, catalog: int, oid: int) -> Iterator[Edge]:
        """What depends on an object, or on a column of it."""
        rows = self._rows(self.by_referenced, 4, oid)
        return (edge for edge in rows if edge.to_catalog == catalog)

    def _rows(self, text: str, place: int, oid: int) -> Iterable[Edge]:
        self._asked[0] += 1
        if self._asked[0] * ROW_LENGTH < len(text):
            return _found(text, place, oid)
        if place not in self._parsed:
            self._parsed[place] = _all(text, place)
        return self._parsed[place].get(oid, ())


def _edge(fields: list[str]) -> Edge:
    return Edge._make([*map(int, fields[:-1]), fields[-1]])


def _all(text: str, place: int) -> dict[int, list[Edge]]:
    """All rows, by the OID in one place."""
    found: dict[int, list[Edge]] = defaultdict(list)
    for row in text.split(SEPARATOR) if text else ():
        fields = row.split(" ")
        found[int(fields[place])].append(_edge(fields))
    return dict(found)


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
        yield _edge(fields)
        low = end + 1
