"""How a statement's locks weigh on other sessions, told by its words before it runs.

Only the limits that a statement gets depend on this; what it really locks is seen by the watching
connection, which bounds a DO block that hides an ALTER TABLE all the same.
Source: manual, "Explicit Locking"; lock modes of each ALTER TABLE form.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.sqltext import Statement


class Weight(StrEnum):
    """What a statement may do to others.

    light: stalls nobody by itself, and may wait only shortly; long: stalls nobody and may take
    its time; strong: readers or writers of a table queue behind it.
    """

    LIGHT = "light"
    LONG = "long"
    STRONG = "strong"


_LONG = {"insert", "update", "delete", "merge", "with", "copy", "analyze", "vacuum"}
# a DO block, a call and a function in SELECT can hide anything: they wait shortly
_LIGHT = {
    *("select", "values", "do", "call", "explain", "set", "reset", "show", "notify", "listen"),
    *("unlisten", "comment", "grant", "revoke", "table", "security", "load", "prepare", "execute"),
    *("deallocate", "checkpoint", "discard", "savepoint", "release", "rollback", "import"),
}
_LIGHT_CREATE = {
    *("schema", "type", "domain", "function", "procedure", "sequence", "extension", "aggregate"),
    *("operator", "collation", "cast", "role", "user", "group", "publication", "server", "view"),
    *("foreign", "statistics", "text", "conversion", "language", "event", "access", "transform"),
    *("database", "tablespace", "subscription", "materialized"),
}
_LIGHT_ALTER = {
    *("function", "procedure", "routine", "role", "user", "group", "database", "system"),
    *("default", "extension", "publication", "subscription", "server", "operator", "aggregate"),
}
_LIGHT_DROP = {
    *("function", "procedure", "routine", "aggregate", "operator", "role", "user", "group"),
    *("database", "tablespace", "subscription"),
}
_TABLE_KINDS = {"temp", "temporary", "unlogged", "local", "global"}
_OTHER_TABLES = re.compile(
    r"(?:\breferences|\bpartition\s+of|\binherits\s*\(|\blike)\s+([\w\".$]+)", re.IGNORECASE
)
_IDENTIFIER = r'(?:"(?:[^"]|"")*"|[\w$]+)'
_VALIDATE = rf"validate\s+constraint\s+{_IDENTIFIER}"
# Nothing else in the command, whose lock would be the strongest of all clauses.
_VALIDATES = re.compile(
    rf"alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?{_IDENTIFIER}(?:\s*\.\s*{_IDENTIFIER})*"
    rf"\s+{_VALIDATE}(?:\s*,\s*{_VALIDATE})*\s*\Z",
    re.IGNORECASE,
)


def weigh_all(statements: Iterable[Statement]) -> Iterator[tuple[Statement, Weight]]:
    """Each statement with its weight; what the file itself has made weighs nothing.

    Nobody else can wait for a table that is not committed yet.
    """
    made: set[str] = set()
    for statement in statements:
        weight = weigh(statement, made)
        made |= _made_by(statement)
        yield statement, weight


def weigh(statement: Statement, made: set[str]) -> Weight:
    """The statement's weight, given the names of the tables that its transaction has made."""
    words = statement.words
    first, second = (*words, "", "")[:2]
    if first == "vacuum" and "full" in words[:8]:
        return Weight.STRONG
    if first in _LONG or "concurrently" in words:
        return Weight.LONG
    if first in _LIGHT:
        return Weight.LIGHT
    if first == "create":
        return _weigh_create(statement, made)
    if first == "alter":
        return _weigh_alter(statement, made)
    light = first == "drop" and second in _LIGHT_DROP and "cascade" not in words
    return Weight.LIGHT if light else Weight.STRONG


def _weigh_create(statement: Statement, made: set[str]) -> Weight:
    words = statement.words
    replaced = words[1:3] == ("or", "replace")
    rest = words[3:] if replaced else words[1:]
    if rest[:1] == ("table",) or (rest and rest[0] in _TABLE_KINDS and "table" in rest[:3]):
        others = {name.lower() for name in _OTHER_TABLES.findall(statement.text)}
        return Weight.LIGHT if others <= made | _made_by(statement) else Weight.STRONG
    if rest and rest[0] in _LIGHT_CREATE:
        # replacing a view locks the one that is there
        return Weight.STRONG if replaced and rest[0] == "view" else Weight.LIGHT
    if "on" in words:
        on = words[words.index("on") + 1 :]
        return Weight.LIGHT if _name(on) in made else Weight.STRONG
    return Weight.STRONG


def _weigh_alter(statement: Statement, made: set[str]) -> Weight:
    words = statement.words
    if words[1:2] and words[1] in _LIGHT_ALTER:
        return Weight.LIGHT
    if words[1:2] == ("type",) and words[3:6].count("value"):
        return Weight.LIGHT
    if words[1:2] == ("table",):
        name = _name(words[2:])
        if name in made and not _OTHER_TABLES.search(statement.text):
            return Weight.LIGHT
        if "validate" in words[3:8] and _VALIDATES.match(statement.text):
            return Weight.LONG
    return Weight.STRONG


def _made_by(statement: Statement) -> set[str]:
    """The table that the statement is sure to make: with IF NOT EXISTS it may be another's."""
    words = statement.words
    if words[:1] != ("create",) or "exists" in words[:8]:
        return set()
    for kind in ("table", "view"):
        if kind in words[1:4]:
            name = _name(words[words.index(kind) + 1 :])
            return {name} if "replace" not in words[:3] else set()
    return set()


def _name(words: tuple[str, ...]) -> str:
    """The possibly qualified name that the words begin with."""
    while words and words[0] in {"if", "exists", "only"}:
        words = words[1:]
    name = words[:1]
    rest = words[1:]
    while len(rest) >= 2 and rest[0] == ".":
        name += rest[:2]
        rest = rest[2:]
    return "".join(name)
