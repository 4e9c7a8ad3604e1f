"""Expression text as PostgreSQL prints it -> one form for texts that mean the same.

What PostgreSQL prints is not always what it prints again after reading it: `x IN ('a', 'b')` over
a varchar column is printed as `(x)::text = ANY ((ARRAY['a'::character varying, …])::text[])`, and
that text, read back, as `… ANY (ARRAY[('a'::character varying)::text, …])`. Both are one
expression: casting the array casts its elements. And `n BETWEEN 1 AND 2 AND …`, which is printed as
`(((n >= 1) AND (n <= 2)) AND …)`, is read back as one AND of three. And `VALUES (1)` whose columns
a view names, which is printed as `SELECT … FROM (VALUES (1)) "*VALUES*"`, is read back as a
subquery, `( VALUES (1))`. And the 'x' of `k IN (SELECT 'x')` or of a later branch of a UNION, whose
column nobody names, is printed as `'x'::text`, which read back is a column named after its type,
`'x'::text AS text`. Only rewrites of that certainty stand here.
Source: parse_expr.c, transformArrayExpr: a cast of ARRAY[…] is pushed down to its elements; gram.y,
makeAndExpr and makeOrExpr: an AND whose left side is an AND becomes one, parentheses or not;
ruleutils.c, get_target_list: a parameter given as `$1` is printed by its name, which is then the
column's as well and is said, and a name is left out only if it is "?column?"; parse_target.c,
FigureColname; get_simple_values_rte.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ARRAY = "(ARRAY["
_ARRAY_CAST = re.compile(r"::((?:[a-z_][a-z0-9_]*\.)?[a-z_][a-z0-9_ ]*(?:\([0-9, ]+\))?)\[\]")
_JOINED = (" AND ", " OR ")
_LANDMARK = re.compile(r"['\"()]| AND | OR ")
_BODY = re.compile(r"^AS ", re.MULTILINE)
_VALUES = " FROM (VALUES ("
_PARAMETER = re.compile(r"(?<!\w)(\w+|'\d+') AS \1(?!\w)")
_HIDDEN = re.compile(r"'(\d+)'")
QUOTED = r"""E'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*\""""
"""A string or a quoted name, as the server prints them."""
_QUOTED = re.compile(QUOTED, re.DOTALL)
_NAMED_CAST = re.compile(
    rf"""{QUOTED}|(?P<cast>::
    (?:(?:\w+|"(?:[^"]|"")+")\.)?(?P<type>"(?:[^"]|"")+"|\w+(?:\ [a-z]+)*?)
    (?:\([0-9,]+\))?(?:\[\])*(?:\ COLLATE\ (?:[\w.]|"(?:[^"]|"")++")++)?\)*)
    \ AS\ (?P<name>"(?:[^"]|"")+"|\w+)(?P<around>(?:\)\ AS\ (?P=name)(?![\w"]))*)""",
    re.DOTALL | re.VERBOSE,
)
# What the grammar makes of the names that SQL has for types. Source: gram.y, SystemTypeName.
_TYPE_NAMES = {
    "bigint": "int8",
    "bit varying": "varbit",
    "boolean": "bool",
    "character": "bpchar",
    "character varying": "varchar",
    "double precision": "float8",
    "integer": "int4",
    "real": "float4",
    "smallint": "int2",
    "time with time zone": "timetz",
    "time without time zone": "time",
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
}
_TRAILING_BLANKS = re.compile(r"[ \t\r]+$", re.MULTILINE)


def skip_quoted(text: str, position: int) -> int:
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


def array_elements(text: str, start: int) -> tuple[list[str], int] | None:
    """Split ARRAY[…] at its own commas, from after the bracket to after the closing one."""
    depth, begin, position = 0, start, start
    found: list[str] = []
    while position < len(text):
        char = text[position]
        if char in "'\"":
            position = skip_quoted(text, position)
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
    parsed = array_elements(text, at + len(_ARRAY))
    if parsed is None:
        return None
    if text[parsed[1] : parsed[1] + 1] != ")":
        # Statistics are printed with fewer parentheses.
        cast = _ARRAY_CAST.match(text, parsed[1])
        if cast is None or not parsed[0][0]:
            return None
        inner = ", ".join(f"{element}::{cast[1]}" for element in parsed[0])
        return f"{text[:at]}{_ARRAY}{inner}]{text[cast.end() :]}", at + len(_ARRAY)
    cast = _ARRAY_CAST.match(text, parsed[1] + 1)
    if cast is None:
        return None
    elements = ", ".join(f"({element})::{cast[1]}" for element in parsed[0])
    head = f"{text[:at]}ARRAY[{elements}]"
    return head + text[cast.end() :], at + len("ARRAY[")


def _group_end(text: str, start: int) -> tuple[int, str]:
    """Where the parenthesis at `start` closes, and what joins its parts: AND, OR or nothing."""
    depth, position, joined = 0, start, ""
    while found := _LANDMARK.search(text, position):
        mark, position = found[0], found.end()
        if mark in "'\"":
            position = skip_quoted(text, found.start())
        elif mark == "(":
            depth += 1
        elif mark == ")":
            depth -= 1
            if depth == 0:
                return found.start(), joined
        elif depth == 1 and not joined:
            joined = mark
    return -1, ""


def _flatten(text: str) -> str:
    """Make one of an AND (or OR) and the AND (or OR) on its left."""
    position = text.find("((")
    while position >= 0:
        end, joined = _group_end(text, position + 1)
        if end >= 0 and joined and text.startswith(joined, end + 1):
            text = text[: position + 1] + text[position + 2 : end] + text[end + 1 :]
        else:
            position += 1
        position = text.find("((", position)
    return text


class Printed(str):
    """An expression as the server printed it, equal to every print of the same expression.

    What is compared is the normal form; what is emitted is what stands in the catalog, so that the
    database that a plan makes holds, and prints, what one loaded from sql/ does.
    """

    __slots__ = ("normal",)
    normal: str

    def __new__(cls, text: str, normal: str) -> Printed:
        """Hold both forms."""
        self = super().__new__(cls, text)
        self.normal = normal
        return self

    def __eq__(self, other: object) -> bool:
        """Whether the other text is a print of the same expression."""
        if isinstance(other, Printed):
            return self.normal == other.normal
        return isinstance(other, str) and self.normal == _normal(other)

    def __ne__(self, other: object) -> bool:
        """Whether the other text is of another expression."""
        return not self == other

    def __hash__(self) -> int:
        """Of the normal form, which a plain text is itself."""
        return hash(self.normal)


def normal_expression(text: str) -> str:
    """The text, comparing as the form that a second reading by the server would give."""
    normal = _normal(text)
    return text if normal == text else Printed(text, normal)


def _outside_quotes(text: str, rewrite: Callable[[str], str]) -> str:
    """Rewrite a text in which what is quoted is a number in quotes, the same for the same."""
    numbers: dict[str, int] = {}
    hidden = _QUOTED.sub(lambda found: f"'{numbers.setdefault(found[0], len(numbers))}'", text)
    quoted = list(numbers)
    return _HIDDEN.sub(lambda found: quoted[int(found[1])], rewrite(hidden))


def _normal(text: str) -> str:
    """The form that a second reading by the server would give, where that is certain."""
    if "SELECT" in text and " AS " in text:
        text = _NAMED_CAST.sub(_without_name_of_type, text)
    joined = "((" in text and any(text.count(word) > 1 for word in _JOINED)
    if joined or _ARRAY in text or _VALUES in text:
        return _outside_quotes(text, _rewritten)
    return text


def _without_name_of_type(found: re.Match[str]) -> str:
    """A cast, and the subqueries that it ends, without the name that reading it would give."""
    kind, name = found["type"], found["name"]
    given = kind and (kind if kind.startswith('"') else _TYPE_NAMES.get(kind, kind))
    if not given or given.strip('"') != name.strip('"'):
        return found[0]
    return found["cast"] + ")" * found["around"].count(" AS ")


def _rewritten(text: str) -> str:
    text = _flatten(text.replace(_VALUES, " FROM ( VALUES ("))
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


def normal_routine(text: str, *, atomic: bool = False) -> str:
    """A routine's definition without the blanks at the ends of its lines, which say nothing.

    What the server keeps as a tree is normal: the defaults of arguments and an `atomic` body.
    """
    text = _TRAILING_BLANKS.sub("", text)
    if atomic:
        text = _outside_quotes(text, lambda bare: _PARAMETER.sub(r"\1", bare))
    body = None if atomic else _BODY.search(text)
    if body is None:
        return _normal(text)
    return _normal(text[: body.start()]) + text[body.start() :]
