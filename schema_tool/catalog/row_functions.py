"""Calls of functions that return a relation's rows, without the names of all its columns.

The server prints `FROM public.f() x(a, b)` whatever was written: names by position. But the order
of a table's columns is not compared, and where they stand otherwise that text, read again, would
call `b` what is `a`. Names that are not the columns' own are somebody's choice and stay.
Source: ruleutils.c, get_from_clause_item: the aliases of a function are always printed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog.model.definition import Composite, Routine
from schema_tool.catalog.model.relation import Column, MaterializedView, Policy, Rule, View
from schema_tool.catalog.normal import normal_expression, skip_quoted
from schema_tool.catalog.quoting import name, qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from schema_tool.catalog.identity import Identity
    from schema_tool.catalog.model.entity import Entity

_ALIAS = r'( WITH ORDINALITY)? (?:\w+|"[^"]+")'
_CALL = re.compile(rf"\){_ALIAS}\(")
_AFTER_CALL = re.compile(rf"{_ALIAS}(\([^()]*\))?")


def without_columns(
    views: Iterable[View | MaterializedView], objects: Mapping[Identity, Entity]
) -> Iterator[Entity]:
    """Of all views those that call such functions, as they can be read again in any order."""
    calling = [view for view in views if _CALL.search(view.definition)]
    functions = dict(_functions(objects)) if calling else {}
    for view in calling:
        text = view.definition
        for called, columns in functions.items():
            text = _strip(text, f"{called}(", columns)
        if text != view.definition:
            yield replace(view, definition=normal_expression(text))


def with_columns(objects: Mapping[Identity, Entity], relation: Identity) -> Iterator[Entity]:
    """What calls functions of a relation's rows, with all the names in its text.

    It keeps these names while columns of the relation get others.
    """
    result = qualified(*relation.parts)
    found = {called: c for called, c in _functions(objects, only=result) if c}
    for view in objects.values() if found else ():
        if isinstance(view, Policy | Rule):
            texts = (view.using, view.check) if isinstance(view, Policy) else (view.definition,)
            if any(f"{called}(" in text for called in found for text in texts):
                yield view
        if isinstance(view, View | MaterializedView):
            text = view.definition
            for called, columns in found.items():
                text = _spell(text, f"{called}(", columns)
            if text != view.definition:
                yield replace(view, definition=normal_expression(text))


def _functions(
    objects: Mapping[Identity, Entity], *, only: str = ""
) -> Iterator[tuple[str, list[str]]]:
    """Functions of which each that has the name returns rows, and the names in these."""
    results: dict[str, set[str]] = {}
    for entity in objects.values():
        if isinstance(entity, Routine):
            called = qualified(*entity.identity.parts[:2])
            results.setdefault(called, set()).add(entity.result.removeprefix("SETOF "))
    alone = {called: found.pop() for called, found in results.items() if len(found) == 1}
    wanted = {result for result in alone.values() if only in ("", result)}
    relations = _columns(objects, wanted) if wanted else {}
    for called, result in alone.items():
        if columns := relations.get(result):
            yield called, columns


def _columns(objects: Mapping[Identity, Entity], wanted: set[str]) -> dict[str, list[str]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for entity in objects.values():
        owner = qualified(*entity.identity.parts[:2])
        if owner not in wanted:
            continue
        if isinstance(entity, Column):
            found.setdefault(owner, []).append((entity.position, entity.identity.parts[2]))
        elif isinstance(entity, Composite):
            found[owner] = list(enumerate(entry.name for entry in entity.attributes))
        elif isinstance(entity, View | MaterializedView):
            found[owner] = list(enumerate(column for column, _ in entity.columns))
    return {owner: [column for _, column in sorted(pairs)] for owner, pairs in found.items()}


def _calls(text: str, call: str) -> Iterator[re.Match[str]]:
    """What stands after each such call in FROM, last first: alias and aliases of columns."""
    found = []
    position = text.find(call)
    while position >= 0:
        after = _AFTER_CALL.match(text, _closing(text, position + len(call)))
        if after is not None and text[position - 1 : position] in (" ", "("):
            found.append(after)
        position = text.find(call, position + 1)
    return reversed(found)


def _strip(text: str, call: str, columns: list[str]) -> str:
    """Without the aliases of columns after each such call, if they are but the columns' names."""
    for after in _calls(text, call):
        own = iter([*map(name, columns), "ordinality"])
        # Beside an ordinality, columns that came after the view are not among them.
        if after[2] and all(alias in own for alias in after[2][1:-1].split(", ")):
            text = text[: after.start(2)] + text[after.end(2) :]
    return text


def _spell(text: str, call: str, columns: list[str]) -> str:
    """With the names of the columns after each such call that has none."""
    for after in _calls(text, call):
        if not after[2]:
            own = [*map(name, columns), *(["ordinality"] if after[1] else [])]
            text = f"{text[: after.end()]}({', '.join(own)}){text[after.end() :]}"
    return text


def _closing(text: str, position: int) -> int:
    """The position after the parenthesis that closes the one open at `position`."""
    depth = 1
    while depth and position < len(text):
        char = text[position]
        if char in "'\"":
            position = skip_quoted(text, position)
            continue
        depth += (char == "(") - (char == ")")
        position += 1
    return position
