"""The names that a routine's text may be using."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from schema_tool.catalog.model.definition import Routine
from schema_tool.catalog.model.relation import Rule, View
from schema_tool.catalog.quoting import qualified

if TYPE_CHECKING:
    from schema_tool.catalog.model.entity import Entity

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
_NAME = r'(?:[A-Za-z_][A-Za-z0-9_$]*|"[^"]+")'
_READ = re.compile(rf"\b(?:from|join|only)\s+(?:{_NAME}\s*\.\s*)?({_NAME})", re.IGNORECASE)
# from a word's start only: a word of a megabyte is read once, and not once for each letter
_CALL = re.compile(rf"(?<![A-Za-z0-9_$])({_NAME})\s*\(")


@lru_cache(maxsize=1024)
def names_in_body(body: str) -> frozenset[str]:
    """Every word of the text, folded; a guess, good enough for an order that may be wrong."""
    return frozenset(word.lower() for word in _WORD.findall(body))


@lru_cache(maxsize=1024)
def names_read_in_body(body: str) -> frozenset[str]:
    """What the text reads from and calls: a word alone may be a variable, or stand in a string."""
    found = (*_READ.findall(body), *_CALL.findall(body))
    return frozenset(name[1:-1] if name[0] == '"' else name.lower() for name in found)


def names_all_columns(entity: Entity | None) -> bool:
    """Whether it stands on every column of a table that it inserts into.

    Source: `excluded` of ON CONFLICT DO UPDATE is a row of the whole table, parse_clause.c.
    """
    text = entity.definition if isinstance(entity, Routine | Rule) else ""
    conflict = text.find("ON CONFLICT")
    return conflict >= 0 and "DO UPDATE" in text[conflict:]


def makes_rows_of(table: tuple[str, ...], entity: Entity | None) -> bool:
    """Whether it puts rows of a table together, which then have all of its columns."""
    text = entity.definition if isinstance(entity, Routine | Rule | View) else ""
    return f")::{qualified(*table)}" in text
