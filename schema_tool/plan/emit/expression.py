"""The server's print of expressions and queries, laid out as people write them."""

from __future__ import annotations

import re

from schema_tool.catalog.normal import skip_quoted

_CHECK = re.compile(r"^CHECK (\(.*\))((?: NO INHERIT| NOT VALID| NOT ENFORCED)*)$", re.DOTALL)
_QUERY = re.compile(r"\s*(?:SELECT|WITH|VALUES|TABLE)\b")
# Source: ruleutils.c: the clauses of the outermost query stand one to three blanks in.
_CLAUSE = re.compile(
    r"\n {1,3}(?=(?:SELECT|FROM|WHERE|GROUP BY|HAVING|WINDOW|ORDER BY|LIMIT|OFFSET|FETCH|FOR)\b)"
)
_JOIN = re.compile(r"\n {5}(?=(?:(?:LEFT|RIGHT|FULL|CROSS|NATURAL) )*JOIN\b)")
_QUOTE = re.compile("['\"]")


def bare(expression: str) -> str:
    """An expression without one pair of brackets around the whole of it."""
    if not expression.startswith("(") or _QUERY.match(expression, 1):
        return expression
    depth, position = 0, 0
    while position < len(expression):
        char = expression[position]
        if char in "'\"":
            position = skip_quoted(expression, position)
            continue
        depth += (char == "(") - (char == ")")
        position += 1
        if depth == 0:
            break
    return expression[1:-1] if position == len(expression) else expression


def constraint_text(definition: str) -> str:
    """A CHECK with one pair of brackets, any other constraint as it is printed."""
    found = _CHECK.match(definition)
    return f"CHECK ({bare(found[1][1:-1])}){found[2]}" if found else definition


def query_text(definition: str) -> str:
    """A view's query with its clauses at the left; what is quoted stays as it is."""
    parts, position = [], 0
    while position < len(definition):
        found = _QUOTE.search(definition, position)
        begin = found.start() if found else len(definition)
        text = _CLAUSE.sub("\n", definition[position:begin])
        parts.append(_JOIN.sub("\n    ", text))
        position = skip_quoted(definition, begin) if found else begin
        parts.append(definition[begin:position])
    return "".join(parts)
