"""Change and Changes: what differs between two catalogs, and how it is said in one line."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from schema_tool.catalog import Identity, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Catalog, Uncompared
    from schema_tool.catalog.model.entity import Entity

# What stands on a relation is said as part of it.
PARTS = frozenset(
    {Kind.COLUMN, Kind.VIEW_COLUMN, Kind.CONSTRAINT, Kind.TRIGGER, Kind.RULE, Kind.POLICY}
)
# A line of output holds no longer value than this; the rest is for `diff`.
_LONGEST_VALUE = 60
_SECRET = frozenset({"connection"})
# What the catalogs have a letter for. Source: pg_attribute, pg_trigger.
LETTERS: dict[str, dict[str, str]] = {
    "storage": {"p": "PLAIN", "e": "EXTERNAL", "m": "MAIN", "x": "EXTENDED"},
    "compression": {"p": "pglz", "l": "lz4"},
    "generated": {"s": "STORED", "v": "VIRTUAL"},
    "identity_generation": {"a": "ALWAYS", "d": "BY DEFAULT"},
    "enabled": {"O": "ENABLE", "D": "DISABLE", "R": "ENABLE REPLICA", "A": "ENABLE ALWAYS"},
}


class Action(StrEnum):
    """What takes the live database to the desired one."""

    CREATED = "created"
    DROPPED = "dropped"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One object that differs; `before` is the live one, `after` the desired one.

    `attributes` are the names of the model's fields that differ, empty unless altered.
    """

    identity: Identity
    action: Action
    before: Entity | None = None
    after: Entity | None = None
    attributes: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """The kind of object."""
        return self.identity.kind

    def describe(self, *, live: str = "the database", desired: str = "the files") -> str:
        """One line for a person: what it is, and what differs from `live` to `desired`."""
        subject = _subject(self.identity)
        if self.action is Action.CREATED:
            return f"{subject}: in {desired}, missing in {live}"
        if self.action is Action.DROPPED:
            return f"{subject}: in {live}, missing in {desired}"
        parts = [
            f"{name} differ"
            if (self.kind, name) == (Kind.USER_MAPPING, "options")  # they hold passwords
            else _difference(self._said(name), *self._values(name))
            if hasattr(self.before, name)
            else f"{name.replace('_', ' ')} differs"
            for name in self.attributes
        ]
        return f"{subject}: {', '.join(parts)}"

    def _said(self, name: str) -> str:
        """What people call a field: a routine's definition is compared in one form of it."""
        return "definition" if (self.kind, name) == (Kind.ROUTINE, "canonical") else name

    def _values(self, name: str) -> tuple[object, object]:
        """The field's values, letters as the words that they stand for."""
        before, after = getattr(self.before, name), getattr(self.after, name)
        words = LETTERS.get(name)
        return (words.get(before, before), words.get(after, after)) if words else (before, after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All changes from `live` to `desired`, in the order of their identities.

    `uncompared` is what exists on either side and no model describes; `narrowed`: patterns left
    something out.
    """

    live: Catalog
    desired: Catalog
    changes: tuple[Change, ...]
    uncompared: tuple[Uncompared, ...] = ()
    narrowed: bool = False

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    @property
    def equal(self) -> bool:
        """Whether nothing that is compared differs."""
        return not self.changes

    def shown(self) -> list[Change]:
        """The changes without the parts of a relation that is created or dropped as a whole."""
        gone = {
            change.identity.parts
            for change in self.changes
            if change.action is not Action.ALTERED and change.kind not in PARTS
        }
        return [
            change
            for change in self.changes
            if not (change.kind in PARTS and change.identity.parts[:2] in gone)
        ]

    def describe(self, *, live: str = "the database", desired: str = "the files") -> list[str]:
        """A line for each change; the parts of a created or dropped relation are not listed."""
        return [change.describe(live=live, desired=desired) for change in self.shown()]


def _subject(identity: Identity) -> str:
    if identity.kind not in PARTS:
        return str(identity)
    owner = "view" if identity.kind is Kind.VIEW_COLUMN else "table"
    kind = "column" if identity.kind is Kind.VIEW_COLUMN else identity.kind
    return f"{owner} {'.'.join(identity.parts[:2])}: {kind} {identity.parts[2]}"


def _value(value: Any) -> str:
    if value is None or (isinstance(value, str | tuple) and not value):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Identity):
        return value.name
    if isinstance(value, tuple):
        text = ", ".join(_value(entry) for entry in value)
    elif isinstance(value, str | int):
        text = str(value)
    else:
        shown = (getattr(value, entry.name) for entry in fields(value) if entry.compare)
        text = " ".join(_value(entry) for entry in shown if entry not in (None, "", (), False))
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _difference(name: str, before: object, after: object) -> str:
    word = name.replace("_", " ")
    if name in _SECRET:
        return f"{word} differs"
    old, new = _value(before), _value(after)
    if old != new:
        return f"{word} {old} -> {new}"
    # Two long texts whose beginnings are the same.
    return f"{word} differs"
