"""Literals in the columns of queries that nobody names, as they were written.

A literal in a subquery or in a later branch of a UNION is printed with its type, `'x'::text`; read
back, the column is named after the type, and that name is printed from then on (see
catalog/normal.py). A name or a cast by whoever wrote it is always printed with a name, so that one
without is the server's own.
Source: parse_target.c, FigureColname; ruleutils.c, get_target_list and get_const_expr.
"""

from __future__ import annotations

import re
from itertools import pairwise

from schema_tool.catalog.normal import QUOTED

_QUOTED = re.compile(rf"{QUOTED}|(\$[A-Za-z_0-9]*\$).*?\1", re.DOTALL)
_HIDDEN = re.compile(r"'(\d+)'")
_SELECT = re.compile(r"\bSELECT(?: DISTINCT)?\s")
# What ends a column of a query, or stands in one.
_MARK = re.compile(
    r"[(\[,)\];]|\s(?:FROM|WHERE|GROUP BY|HAVING|WINDOW|ORDER BY|LIMIT|OFFSET|FETCH|FOR"
    r"|UNION|EXCEPT|INTERSECT)\b|$"
)
_LITERAL = re.compile(
    r"(?P<start>\s*)(?P<value>NULL|'\d+')::(?P<type>(?:[\w.]|'\d+')+(?: [a-z]+)*)(?:\[\])*"
    r"(?P<end>\s*)"
)
# Types that numbers and bit strings have of themselves; all others come from where it stands.
_OWN = ("integer", "bigint", "numeric", '"bit"')
_NUMBER = {"integer": re.compile(r"'(-\d+)'"), "numeric": re.compile(r"'(-?\d+\.\d+)'")}


def with_bare_literals(text: str) -> str:
    """The statement with the literals of columns without a name as people write them."""
    if "SELECT" not in text or "::" not in text:
        return text
    quoted: list[str] = []

    def hide(found: re.Match[str]) -> str:
        quoted.append(found[0])
        return f"'{len(quoted) - 1}'"

    text = _QUOTED.sub(hide, text)
    # From the last on: what is inside is done before what is around it.
    for found in reversed(list(_SELECT.finditer(text))):
        for start, end in reversed(_columns(text, found.end())):
            literal = _LITERAL.fullmatch(text, start, end)
            if literal:
                bare = literal["start"] + _bare(literal, quoted) + literal["end"]
                text = text[:start] + bare + text[end:]
    return _HIDDEN.sub(lambda found: quoted[int(found[1])], text)


def _columns(text: str, start: int) -> list[tuple[int, int]]:
    """Where the columns of a query stand, from after its SELECT."""
    depth, bounds = 0, [start - 1]
    for found in _MARK.finditer(text, start):
        mark = found[0]
        if mark in ("(", "["):
            depth += 1
        elif mark in (")", "]") and depth:
            depth -= 1
        elif not depth:
            bounds.append(found.start())
            if mark != ",":
                break
    return [(first + 1, second) for first, second in pairwise(bounds)]


def _bare(literal: re.Match[str], quoted: list[str]) -> str:
    value = literal["value"]
    kind = _HIDDEN.sub(lambda found: quoted[int(found[1])], literal["type"])
    if value == "NULL" or kind not in _OWN:
        return value
    number = _NUMBER[kind].fullmatch(quoted[int(value.strip("'"))]) if kind in _NUMBER else None
    return number[1] if number else f'{literal[0].strip()} AS "?column?"'
