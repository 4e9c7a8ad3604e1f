"""Objects as if something had another name, in whatever field it is written."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from schema_tool.catalog import Identity
from schema_tool.catalog.model.definition import Routine
from schema_tool.catalog.normal import Printed, normal_expression

if TYPE_CHECKING:
    from collections.abc import Callable

    from schema_tool.catalog.model.entity import Entity

# What people wrote, and what is no SQL: there the word is another one.
_KEPT = frozenset({"comment", "values", "options", "connection", "owner", "privileges"})
_BODY = re.compile(r"^AS ", re.MULTILINE)
# A string, which names something where it is cast to what names things.
_STRING = r"""'(?:[^']|'')*+'(?:::reg[a-z]+)?"""


def with_names(text: str, pattern: str, new: Callable[[str], str]) -> str:
    """SQL text with other names for what fits, strings left alone but for names in them."""

    def said(match: re.Match[str]) -> str:
        if not match[0].startswith("'"):
            return new(match[0])
        names = "'::reg" in match[0]
        return re.sub(pattern, lambda found: new(found[0]), match[0]) if names else match[0]

    return re.sub(f"{_STRING}|{pattern}", said, text)


class Rewriting(ABC):
    """How SQL text and identities change; what people wrote is left alone."""

    __slots__ = ()

    @abstractmethod
    def text(self, text: str) -> str:
        """SQL text with the new name."""

    @abstractmethod
    def identity(self, old: Identity) -> Identity:
        """An identity with the new name."""

    def value(self, value: Any) -> Any:
        """Whatever a model holds."""
        if isinstance(value, Identity):
            return self.identity(value)
        if isinstance(value, Printed):
            return normal_expression(self.text(value))
        if type(value) is str:
            return self.text(value)
        if isinstance(value, tuple):
            return tuple(self.value(entry) for entry in value)
        if is_dataclass(value) and not isinstance(value, type):
            return self.model(value)
        return value

    def model(self, model: Any) -> Any:
        """A model with the new name in its fields."""
        changed = {}
        for entry in fields(model):
            if entry.name not in _KEPT:
                old = getattr(model, entry.name)
                new = self.value(old)
                if new is not old and new != old:
                    changed[entry.name] = new
        return replace(model, **changed) if changed else model

    def entity(self, entity: Entity) -> Entity:
        """An object; of a routine's body, which is a string, nothing changes."""
        moved: Entity = self.model(entity)
        if isinstance(entity, Routine) and isinstance(moved, Routine) and not entity.atomic:
            return replace(
                moved,
                body=entity.body,
                definition=self._head(entity.definition),
                canonical=self._head(entity.canonical),
            )
        return moved

    def _head(self, text: str) -> Any:
        found = _BODY.search(text)
        end = found.start() if found else len(text)
        return self.text(text[:end]) + text[end:]
