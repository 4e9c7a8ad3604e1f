"""What most objects have: owner, privileges, comment; and options as name=value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.catalog.model.entity import Owned
from schema_tool.catalog.privileges import under_owner
from schema_tool.catalog.quoting import literal, name
from schema_tool.plan.emit.access import (
    COLUMNS,
    GRANTED,
    every_privilege,
    privileges,
    privileges_at_birth,
)
from schema_tool.plan.emit.phrase import phrase
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.entity import Entity, Options
    from schema_tool.catalog.privileges import Privileges


def comment(entity: Entity, text: str | None = None, *, target: str = "") -> Statement:
    """COMMENT ON; an empty text takes the comment away."""
    text = entity.comment if text is None else text
    value = literal(text) if text else "NULL"
    return Statement(sql=f"COMMENT ON {target or phrase(entity)} IS {value}")


def owner(entity: Owned) -> Statement:
    """ALTER … OWNER TO."""
    return Statement(sql=f"ALTER {phrase(entity)} OWNER TO {name(entity.owner)}")


def after_creation(entity: Entity, live: Catalog) -> Iterator[Statement]:
    """Owner, privileges and comment of an object that has just been created."""
    if isinstance(entity, Owned) and entity.owner != live.source.role:
        yield owner(entity)
    kind = entity.identity.kind
    after: Privileges | None = getattr(entity, "privileges", None)
    if kind in GRANTED and after is not None and kind is not Kind.DEFAULT_PRIVILEGES:
        owner_name = getattr(entity, "owner", "")
        before = () if kind in COLUMNS else privileges_at_birth(entity, live)
        before, every = under_owner(before, owner_name), every_privilege(kind, live)
        yield from privileges(entity, before, after, owner_name, every=every)
    if entity.comment:
        yield comment(entity)


def altered_settings(
    before: Entity, after: Entity, attributes: tuple[str, ...], *, owner_follows: bool = False
) -> Iterator[Statement]:
    """What of an alteration concerns owner, privileges and comment.

    `owner_follows`: another object's new owner becomes this one's by itself.
    """
    moves = "owner" in attributes and isinstance(after, Owned)
    if moves and isinstance(after, Owned) and not owner_follows:
        yield owner(after)
    if {"owner", "privileges"} & set(attributes) and after.identity.kind in GRANTED:
        owner_name = getattr(after, "owner", "")
        old: Privileges = getattr(before, "privileges", ())
        new: Privileges = getattr(after, "privileges", ())
        old = under_owner(old, owner_name) if moves else old
        yield from privileges(after, old, new, owner_name)
    if "comment" in attributes:
        yield comment(after)


def split_option(option: str) -> tuple[str, str]:
    """`name=value` as a pair."""
    key, _, value = option.partition("=")
    return key.strip(), value.strip()


def storage_options(options: Options, prefix: str = "") -> str:
    """Options as in WITH (…)."""
    pairs = (split_option(option) for option in options)
    return ", ".join(f"{prefix}{key} = {_option_value(value)}" for key, value in pairs)


def _option_value(value: str) -> str:
    plain = value.replace(".", "", 1).replace("_", "").lstrip("-").isalnum()
    return value if plain else literal(value)


def changed_storage_options(before: Options, after: Options, prefix: str = "") -> Iterator[str]:
    """SET (…) and RESET (…) clauses that lead from one list of options to the other."""
    old, new = dict(map(split_option, before)), dict(map(split_option, after))
    gone = [f"{prefix}{key}" for key in old if key not in new]
    said = {key for key, value in new.items() if old.get(key) != value}
    if _said_last(old, new, said) != list(new):
        said = set(new)
    changed = tuple(f"{key}={value}" for key, value in new.items() if key in said)
    if gone:
        yield f"RESET ({', '.join(gone)})"
    if changed:
        yield f"SET ({storage_options(changed, prefix)})"


def _said_last(old: dict[str, str], new: dict[str, str], said: set[str]) -> list[str]:
    """The order that SET leaves: what is said again moves to the end."""
    return [key for key in old if key in new and key not in said] + [k for k in new if k in said]


def foreign_options(options: Options) -> str:
    """An OPTIONS clause with a blank before it; empty without options."""
    if not options:
        return ""
    pairs = (option.partition("=") for option in options)
    return f" OPTIONS ({', '.join(f'{name(key)} {literal(value)}' for key, _, value in pairs)})"


def changed_foreign_options(before: Options, after: Options) -> str:
    """An OPTIONS clause with ADD, SET and DROP."""
    old = {key: value for key, _, value in (option.partition("=") for option in before)}
    new = {key: value for key, _, value in (option.partition("=") for option in after)}
    if [key for key in old if key in new] + [key for key in new if key not in old] != list(new):
        # What is added stands at the end: all anew, to have them in this order.
        parts = [f"DROP {name(key)}" for key in old]
        parts += [f"ADD {name(key)} {literal(value)}" for key, value in new.items()]
        return f"OPTIONS ({', '.join(parts)})"
    parts = [f"DROP {name(key)}" for key in old if key not in new]
    parts += [f"SET {name(k)} {literal(v)}" for k, v in new.items() if k in old and old[k] != v]
    parts += [f"ADD {name(key)} {literal(value)}" for key, value in new.items() if key not in old]
    return f"OPTIONS ({', '.join(parts)})"
