"""What SET SCHEMA of an extension changes by itself: the names of its members in other objects."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from schema_tool.catalog.model.definition import Extension, Routine
from schema_tool.catalog.quoting import name
from schema_tool.compare import Action

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from schema_tool.catalog import Catalog, Identity
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import Change, Changes

# Text that the server does not read as SQL, and so leaves as it is.
_PLAIN = frozenset({"comment", "options", "foreign_options"})
# A string, which names something where it is cast to what names things.
_STRING = r"""(?P<string>'(?:[^']|'')*+')(?P<cast>::reg[a-z]+)?"""
_MEMBER = r"""(?P<quoted>"(?:[^"]|"")+")|(?P<plain>[^\W\d][\w$]*|[^\w\s"'(),;]+)"""


def left_after_moves(own: Collection[Change], changes: Changes) -> list[Change]:
    """The changes that are left when the extensions have moved.

    An object names a member by its new schema then, and stays as it is.
    """
    moves = []
    for change in own:
        before, after = change.before, change.after
        if isinstance(before, Extension) and isinstance(after, Extension):
            # One that is made anew takes along what stands on it.
            in_place = before.relocatable and "version" not in change.attributes
            if in_place and before.schema != after.schema:
                moves.append(_Move.between(before.schema, after.schema, changes))
    return [*_left(own, moves)] if moves else [*own]


def _left(own: Collection[Change], moves: list[_Move]) -> Iterator[Change]:
    called = {*_called_otherwise(own, moves)}
    for change in own:
        if change.identity in called:
            continue
        as_text = _says_otherwise(change.before, change.after)
        moved = isinstance(change.before, Extension)
        if change.action is not Action.ALTERED or as_text or moved:
            yield change
            continue
        differ = tuple(word for word in change.attributes if _differs(change, word, moves))
        if differ:
            yield replace(change, attributes=differ)


def _called_otherwise(own: Collection[Change], moves: list[_Move]) -> list[Identity]:
    """What is another only in the types that tell it from others, such as a routine's arguments.

    Nothing, where one that is told so changes otherwise, too: what stands on it goes with it.
    """
    found: list[Identity] = []
    made = {change.identity: change.after for change in own if change.action is Action.CREATED}
    for change in own if made else ():
        now: Any = change.before if change.action is Action.DROPPED else None
        for move in moves:
            now = move.value(now)
        after = made.get(now.identity) if now else None
        if after and (now != after or _says_otherwise(change.before, after)):
            return []
        if after:
            found += (change.identity, after.identity)
    return found


def _says_otherwise(before: Entity | None, after: Entity | None) -> bool:
    """Whether a routine kept as text has another: in that no name changes by itself."""
    if not isinstance(before, Routine) or not isinstance(after, Routine):
        return False
    return not before.atomic and before.body != after.body


def _differs(change: Change, attribute: str, moves: list[_Move]) -> bool:
    value = getattr(change.before, attribute, None)
    if value is None or attribute in _PLAIN:
        return True
    for move in moves:
        value = move.value(value)
    return bool(value != getattr(change.after, attribute, None))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Move:
    """From one schema to another; `others` are the names there that are no extension's."""

    old: str
    new: str
    others: frozenset[str]

    @classmethod
    def between(cls, old: str, new: str, changes: Changes) -> _Move:
        others = {*_names(changes.live, old), *_names(changes.desired, new)}
        return cls(old=old, new=new, others=frozenset(others))

    def value(self, value: Any) -> Any:
        """What of a model holds names, with the members under the new schema."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, tuple):
            return tuple(map(self.value, value))
        if is_dataclass(value) and not isinstance(value, type):
            held = {f.name: self.value(getattr(value, f.name)) for f in fields(value) if f.init}
            return replace(value, **held)
        return value

    def text(self, text: str) -> str:
        """SQL text; strings are left alone but for names in them."""
        old, new = name(self.old), name(self.new)
        if f"{old}." not in text:
            return text
        named = rf"""(?<![\w"$.]){re.escape(old)}\.(?:{_MEMBER})"""

        def moved(match: re.Match[str]) -> str:
            quoted, member = match["quoted"], match["plain"]
            bare = quoted[1:-1].replace('""', '"') if quoted else member
            return match[0] if bare in self.others else f"{new}.{quoted or member}"

        def said(match: re.Match[str]) -> str:
            if match["string"] is None:
                return moved(match)
            if match["cast"] is None:
                return match[0]
            return re.sub(named, moved, match["string"]) + match["cast"]

        return re.sub(f"{_STRING}|{named}", said, text)


def _names(catalog: Catalog, schema: str) -> Iterator[str]:
    for identity in catalog.objects:
        if len(identity.parts) > 1 and identity.parts[0] == schema:
            yield identity.parts[1]
