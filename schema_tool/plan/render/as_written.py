"""Statement text -> text that the server, reading it, makes the same expressions of.

What PostgreSQL prints of an expression is not always read back as the same tree (see
catalog/normal.py). The plan's text comes from such prints, so what was written as `v IN ('a', 'b')`
over a varchar column, or as `n BETWEEN 1 AND 2 AND …`, would be held, and printed, otherwise than
in a database that was loaded from sql/. Both prints have but one origin; it is written again.
Source: parse_expr.c, transformAExprIn and transformAExprBetween; gram.y, makeAndExpr.
"""

from __future__ import annotations

import re

from schema_tool.catalog.normal import array_elements, skip_quoted
from schema_tool.plan.render.casts import with_bare_casts
from schema_tool.plan.render.unnamed import with_bare_literals

_LANDMARK = re.compile(r"['\"()]|\$[A-Za-z_0-9]*\$")
_CAST_ARRAY = re.compile(r"\)::text (=|<>) (ANY|ALL) \(\(ARRAY\[")
_VARCHAR = "::character varying"
_AFTER_ARRAY = ")::text[])"
# What joins the bounds, and the two comparisons that BETWEEN becomes.
_BETWEEN = ((" AND ", " >= ", " <= ", "BETWEEN"), (" OR ", " < ", " > ", "NOT BETWEEN"))


def _in_list(text: str, opened: int, closed: int) -> tuple[int, str] | None:
    """`(v)::text = ANY ((ARRAY['a'::character varying])::text[])`: the cast is the server's own."""
    found = _CAST_ARRAY.match(text, closed)
    listed = array_elements(text, found.end()) if found else None
    if not found or not listed or not text.startswith(_AFTER_ARRAY, listed[1]):
        return None
    elements, end = listed
    if not all(element.endswith(_VARCHAR) for element in elements):
        return None
    array = f"ARRAY[{', '.join(elements)}]"
    operand = text[opened : closed + 1]
    return end + len(_AFTER_ARRAY), f"{operand} {found[1]} {found[2]} ({array})"


def _pretty_list(text: str, opened: int, closed: int) -> tuple[int, str] | None:
    """`(ARRAY['a'::character varying]::text[])`: the same, as statistics are printed."""
    if not text.startswith("(ARRAY[", opened):
        return None
    listed = array_elements(text, opened + len("(ARRAY["))
    if not listed or text[listed[1] : closed] != "::text[]":
        return None
    if not all(element.endswith(_VARCHAR) for element in listed[0]):
        return None
    return closed + 1, text[opened : listed[1]] + ")"


def _split(text: str, word: str) -> list[str]:
    """Split at `word` where no parenthesis or quote is open."""
    depth, position, begin = 0, 0, 0
    parts = []
    while position < len(text):
        char = text[position]
        if char in "'\"":
            position = skip_quoted(text, position)
            continue
        depth += (char in "([") - (char in ")]")
        if depth == 0 and text.startswith(word, position):
            parts.append(text[begin:position])
            position += len(word)
            begin = position
            continue
        position += 1
    return [*parts, text[begin:]]


def _between(text: str, opened: int, closed: int) -> tuple[int, str] | None:
    """`((n >= 1) AND (n <= 2))` on the left of an AND: only BETWEEN leaves it a pair."""
    for joined, above, below, word in _BETWEEN:
        if not text.startswith(joined, closed + 1):
            continue
        halves = _split(text[opened + 1 : closed], joined)
        if len(halves) != 2 or not all(half[0] == "(" and half[-1] == ")" for half in halves):
            return None
        low, high = _split(halves[0][1:-1], above), _split(halves[1][1:-1], below)
        if len(low) != 2 or len(high) != 2 or low[0] != high[0]:
            return None
        return closed + 1, f"({low[0]} {word} {low[1]} AND {high[1]})"
    return None


def as_written(text: str) -> str:
    """The statement with expressions as they were written before the server printed them."""
    return with_bare_casts(_as_written(with_bare_literals(text)))


def _as_written(text: str) -> str:
    if " >= " not in text and " < " not in text and "(ARRAY[" not in text:
        return text
    opened: list[int] = []
    position = 0
    while found := _LANDMARK.search(text, position):
        mark, position = found[0], found.end()
        if mark in "'\"":
            position = skip_quoted(text, found.start())
        elif mark[0] == "$":
            # A body is text, whatever it looks like.
            end = text.find(mark, position)
            position = len(text) if end < 0 else end + len(mark)
        elif mark == "(":
            opened.append(found.start())
        elif opened:
            start, closed = opened.pop(), found.start()
            new = (
                _in_list(text, start, closed)
                or _pretty_list(text, start, closed)
                or _between(text, start, closed)
            )
            if new is not None:
                end, written = new
                text = text[:start] + written + text[end:]
                position = start + len(written)
    return text
