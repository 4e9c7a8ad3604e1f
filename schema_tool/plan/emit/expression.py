"""The server's print of expressions and queries, laid out as people write them."""

from __future__ import annotations

import re

from schema_tool.catalog.normal import skip_quoted
from schema_tool.plan.emit.phrase import WIDTH, in_clauses

_CHECK = re.compile(r"^CHECK (\(.*\))((?: NO INHERIT| NOT VALID| NOT ENFORCED)*)$", re.DOTALL)
_EXCLUDE = re.compile(
    r"^(EXCLUDE .*) WHERE \((\(.*\))\)((?: DEFERRABLE| INITIALLY DEFERRED)*)$", re.DOTALL
)
_QUERY = re.compile(r"\s*(?:SELECT|WITH|VALUES|TABLE)\b")
# Source: ruleutils.c: the clauses of the outermost query stand one to three blanks in.
_CLAUSE = re.compile(
    r"\n {1,3}(?=(?:SELECT|FROM|WHERE|GROUP BY|HAVING|WINDOW|ORDER BY|LIMIT|OFFSET|FETCH|FOR)\b)"
)
_JOIN = re.compile(r"\n {5}(?=(?:(?:LEFT|RIGHT|FULL|CROSS|NATURAL) )*JOIN\b)")
_QUOTE = re.compile("['\"]")
# What has brackets of its own around a condition, or around the joins that are done first.
_BRACKETED = re.compile(
    r"['\"]|(?P<on>(?<!DISTINCT) ON )\((?=\()|(?P<joined>\n *FROM )\("
    r"|(?:\n *|\()(?:WHERE|HAVING) \("
)
# Source: ruleutils.c, get_simple_values_rte: VALUES whose columns have other names than its own.
_COLUMN_OF_VALUES = r'(?:"\*VALUES\*"\.)?column\d+(?: AS (?:"(?:[^"]|"")+"|\w+))?'
_NAMED_VALUES = re.compile(
    rf'SELECT {_COLUMN_OF_VALUES}(?:,\s+{_COLUMN_OF_VALUES})*\s+FROM \((VALUES .*)\) "\*VALUES\*"',
    re.DOTALL,
)
# What is printed as 'Y'::text is read as text 'Y' alone there.
_CYCLE_MARK = re.compile(
    r"(?<= TO )('(?:[^']|'')*')::text DEFAULT ('(?:[^']|'')*')::text(?= USING )"
)


def bare(expression: str) -> str:
    """An expression without one pair of brackets around the whole of it."""
    if not expression.startswith("(") or _QUERY.match(expression, 1):
        return expression
    whole = _closing(expression, 0) == len(expression) - 1
    return expression[1:-1] if whole else expression


def _closing(text: str, opened: int) -> int:
    """Where the bracket that is opened at a place is closed."""
    depth, position = 0, opened
    while position < len(text):
        char = text[position]
        if char in "'\"":
            position = skip_quoted(text, position)
            continue
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return position
        position += 1
    return position


def place_of(text: str, word: str) -> int:
    """Where a word stands outside of brackets and quotes; -1 where it does not."""
    position = 0
    while position < len(text):
        if text.startswith(word, position):
            return position
        if text[position] in "'\"":
            position = skip_quoted(text, position)
        else:
            position = _closing(text, position) + 1 if text[position] == "(" else position + 1
    return -1


def trigger_text(definition: str) -> str:
    """CREATE TRIGGER with one pair of brackets around its condition, in lines where it is long."""
    place, end = place_of(definition, " WHEN ("), 0
    if place >= 0:
        opened = place + len(" WHEN ")
        condition = bare(definition[opened + 1 : _closing(definition, opened)])
        rest = definition[_closing(definition, opened) :]
        definition = f"{definition[: opened + 1]}{condition}{rest}"
        end = len(definition) - len(rest)
    for_each = place_of(definition, " FOR EACH ")
    head, clauses = definition[:for_each], [definition[for_each + 1 :]]
    if len(clauses[0]) > WIDTH:
        call = end + place_of(definition[end:], " EXECUTE ")
        clauses = [definition[for_each + 1 : call], definition[call + 1 :]]
    return in_clauses(head, clauses)


def constraint_text(definition: str) -> str:
    """A constraint with one pair of brackets around its condition."""
    if found := _CHECK.match(definition):
        return f"CHECK ({bare(found[1][1:-1])}){found[2]}"
    found = _EXCLUDE.match(definition)
    return f"{found[1]} WHERE ({bare(found[2])}){found[3]}" if found else definition


def named_values(definition: str) -> str:
    """The VALUES that a view of such a query was made of, else nothing.

    They are printed as a SELECT from them, which the server reads as one from a subquery.
    """
    found = _NAMED_VALUES.fullmatch(definition)
    return found[1] if found else ""


def query_text(definition: str) -> str:
    """A view's query with its clauses at the left; what is quoted stays as it is."""
    text = _without_needless(_CYCLE_MARK.sub(r"text \1 DEFAULT text \2", definition))
    parts, position = [], 0
    while position < len(text):
        found = _QUOTE.search(text, position)
        begin = found.start() if found else len(text)
        clauses = _CLAUSE.sub("\n", text[position:begin])
        parts.append(_JOIN.sub("\n    ", clauses))
        position = skip_quoted(text, begin) if found else begin
        parts.append(text[begin:position])
    return "".join(parts)


def _without_needless(query: str) -> str:
    """A query without the brackets that the server prints around conditions and first joins.

    A join with an alias keeps its own.
    """
    needless: set[int] = set()
    position = 0
    while found := _BRACKETED.search(query, position):
        position = found.end()
        if found[0] in "'\"":
            position = skip_quoted(query, found.start())
            continue
        opened = position - 1
        if found["on"]:
            closed = _closing(query, opened)
            inner = query[opened + 1 : closed]
            needless |= {opened, closed} if inner != bare(inner) else set()
            continue
        while query.startswith("(", opened) and not _QUERY.match(query, opened + 1):
            closed = _closing(query, opened)
            if query[closed + 1 : closed + 2] in ("", "\n", ")", ",", ";"):
                needless |= {opened, closed}
            if not found["joined"]:
                break
            opened += 1
    return "".join(char for place, char in enumerate(query) if place not in needless)
