"""Expression text as PostgreSQL prints it -> one form for texts that mean the same.

What PostgreSQL prints is not always what it prints again after reading it: `x IN ('a', 'b')` over
a varchar column is printed as `(x)::text = ANY ((ARRAY['a'::character varying, …])::text[])`, and
that text, read back, as `… ANY (ARRAY[('a'::character varying)::text, …])`. Both are one
expression: casting the array casts its elements. Only rewrites of that certainty stand here.
Source: parse_coerce.c, transformArrayExpr: a cast of ARRAY[…] is pushed down to its elements.
"""

from __future__ import annotations

import re

_ARRAY = "(ARRAY["
_ARRAY_CAST = re.compile(r"::((?:[a-z_][a-z0-9_]*\.)?[a-z_][a-z0-9_ ]*(?:\([0-9, ]+\))?)\[\]")
_TRAILING_BLANKS = re.compile(r"[ \t\r]+$", re.MULTILINE)


def _skip_quoted(text: str, position: int) -> int:
    """The position after the string or quoted name that begins at `position`."""
    quote = text[position]
    escapes = quote == "'" and text[position - 1 : position] == "E"
    position += 1
    while position < len(text):
        if escapes and text[position] == "\\":
            position += 1
        elif text[position] == quote:
            if text[position + 1 : position + 2] != quote:
                return position + 1
            position += 1
        position += 1
    return position


def _elements(text: str, start: int) -> tuple[list[str], int] | None:
    """Split ARRAY[…] at its own commas, from after the bracket to after the closing one."""
    depth, begin, position = 0, start, start
    found: list[str] = []
    while position < len(text):
        char = text[position]
        if char in "'\"":
            position = _skip_quoted(text, position)
            continue
        if char in "([":
            depth += 1
        elif char in ")]":
            if depth == 0:
                found.append(text[begin:position].strip())
                return found, position + 1
            depth -= 1
        elif char == "," and depth == 0:
            found.append(text[begin:position].strip())
            begin = position + 1
        position += 1
    return None


def _push_down(text: str, at: int) -> tuple[str, int] | None:
    """Rewrite the `(ARRAY[…])::type[]` at `at`; returns the new text and where to go on."""
    parsed = _elements(text, at + len(_ARRAY))
    if parsed is None or text[parsed[1] : parsed[1] + 1] != ")":
        return None
    cast = _ARRAY_CAST.match(text, parsed[1] + 1)
    if cast is None:
        return None
    elements = ", ".join(f"({element})::{cast[1]}" for element in parsed[0])
    head = f"{text[:at]}ARRAY[{elements}]"
    return head + text[cast.end() :], at + len("ARRAY[")


def normal_expression(text: str) -> str:
    """The form that a second reading by the server would give, where that is certain."""
    position = text.find(_ARRAY)
    while position >= 0:
        pushed = _push_down(text, position)
        if pushed is None:
            position += 1
        else:
            text, position = pushed
        position = text.find(_ARRAY, position)
    return text


def normal_query(text: str) -> str:
    """A view's query without the blanks and the semicolon at its ends."""
    return normal_expression(text.strip().removesuffix(";").rstrip())


def normal_routine(text: str) -> str:
    """A routine's definition without the blanks at the ends of its lines, which say nothing."""
    return _TRAILING_BLANKS.sub("", text)
