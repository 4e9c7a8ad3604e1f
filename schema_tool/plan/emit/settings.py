"""What most objects have: owner, privileges, comment; and options as name=value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.catalog.model.definition import Routine
from schema_tool.catalog.model.entity import Owned
from schema_tool.catalog.privileges import (
    OWNER,
    PUBLIC,
    Grant,
    Granted,
    Privileges,
    default_privileges,
)
from schema_tool.catalog.quoting import literal, name, qualified
from schema_tool.plan.emit.phrase import address, phrase, role
from schema_tool.plan.steps import Danger, Hazard, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.entity import Entity, Options

GRANTED = {
    Kind.TABLE: Granted.TABLE,
    Kind.VIEW: Granted.TABLE,
    Kind.MATERIALIZED_VIEW: Granted.TABLE,
    Kind.COLUMN: Granted.COLUMN,
    Kind.VIEW_COLUMN: Granted.COLUMN,
    Kind.SEQUENCE: Granted.SEQUENCE,
    Kind.ROUTINE: Granted.ROUTINE,
    Kind.SCHEMA: Granted.SCHEMA,
    Kind.ENUM: Granted.TYPE,
    Kind.DOMAIN: Granted.TYPE,
    Kind.COMPOSITE: Granted.TYPE,
    Kind.RANGE: Granted.TYPE,
    Kind.BASE_TYPE: Granted.TYPE,
    Kind.LANGUAGE: Granted.LANGUAGE,
    Kind.FOREIGN_DATA_WRAPPER: Granted.FOREIGN_DATA_WRAPPER,
    Kind.SERVER: Granted.FOREIGN_SERVER,
}
_COLUMNS = frozenset({Kind.COLUMN, Kind.VIEW_COLUMN})
_DEFAULTS_FOR = {
    Granted.TABLE: "TABLES",
    Granted.SEQUENCE: "SEQUENCES",
    Granted.ROUTINE: "ROUTINES",
    Granted.TYPE: "TYPES",
    Granted.SCHEMA: "SCHEMAS",
}


def comment(entity: Entity, text: str | None = None, *, target: str = "") -> Statement:
    """COMMENT ON; an empty text takes the comment away."""
    text = entity.comment if text is None else text
    value = literal(text) if text else "NULL"
    return Statement(sql=f"COMMENT ON {target or phrase(entity)} IS {value}")


def owner(entity: Owned) -> Statement:
    """ALTER … OWNER TO."""
    return Statement(sql=f"ALTER {phrase(entity)} OWNER TO {name(entity.owner)}")


def _grantee(grant: Grant, owner_name: str) -> str:
    if grant.grantee == OWNER:
        return name(owner_name)
    return "PUBLIC" if grant.grantee == PUBLIC else role(grant.grantee)


def _target(entity: Entity) -> str:
    """What stands after ON in GRANT."""
    identity = entity.identity
    if identity.kind in _COLUMNS:
        return f"TABLE {qualified(*identity.parts[:2])}"
    granted = GRANTED[identity.kind]
    if granted is Granted.TABLE:
        return f"TABLE {address(entity)}"
    if isinstance(entity, Routine):
        word = {"procedure": "PROCEDURE"}.get(entity.form, "FUNCTION")
        return f"{word} {qualified(*identity.parts[:2])}({identity.parts[2]})"
    return f"{granted} {address(entity)}"


def _collected(grants: set[Grant], entity: Entity, owner_name: str) -> dict[str, list[str]]:
    """Grantees -> privileges, with the column in brackets for columns."""
    column = ""
    if entity.identity.kind in _COLUMNS:
        column = f" ({name(entity.identity.parts[2])})"
    found: dict[str, list[str]] = {}
    for grant in sorted(grants):
        found.setdefault(_grantee(grant, owner_name), []).append(f"{grant.privilege}{column}")
    return found


def privileges(
    entity: Entity, before: Privileges, after: Privileges, owner_name: str
) -> Iterator[Statement]:
    """GRANT and REVOKE that lead from one access list to the other."""
    old = {(grant.grantee, grant.privilege): grant for grant in before}
    new = {(grant.grantee, grant.privilege): grant for grant in after}
    target = _target(entity)
    lost = {grant for key, grant in old.items() if key not in new}
    weaker = {
        grant
        for key, grant in new.items()
        if key in old and old[key].grantable and not grant.grantable
    }
    gained = {grant for key, grant in new.items() if old.get(key) != grant} - weaker
    danger = (Danger(hazard=Hazard.REVOKE),)
    for grantee, words in _collected(lost, entity, owner_name).items():
        sql = f"REVOKE {', '.join(words)} ON {target} FROM {grantee}"
        yield Statement(sql=sql, dangers=danger)
    for grantee, words in _collected(weaker, entity, owner_name).items():
        sql = f"REVOKE GRANT OPTION FOR {', '.join(words)} ON {target} FROM {grantee}"
        yield Statement(sql=sql, dangers=danger)
    for grantable in (False, True):
        chosen = {grant for grant in gained if grant.grantable is grantable}
        option = " WITH GRANT OPTION" if grantable else ""
        for grantee, words in _collected(chosen, entity, owner_name).items():
            yield Statement(sql=f"GRANT {', '.join(words)} ON {target} TO {grantee}{option}")


def privileges_at_birth(entity: Entity, live: Catalog) -> Privileges:
    """What a new object grants by itself: the built-in list, and the live default privileges."""
    granted = GRANTED[entity.identity.kind]
    initial = default_privileges(granted, live.source.major)
    word = _DEFAULTS_FOR.get(granted)
    if word is None:
        return initial
    schema = entity.identity.parts[0] if granted is not Granted.SCHEMA else ""
    added: dict[tuple[str, str], Grant] = {}
    for where in dict.fromkeys(("", schema)):
        key = (Kind.DEFAULT_PRIVILEGES, (live.source.role, where, word))
        found = getattr(live.objects.get(key), "privileges", None)  # type: ignore[call-overload]
        if found is not None and where == "":
            initial = found
        elif found is not None:
            added = {(grant.grantee, grant.privilege): grant for grant in found}
    merged = {(grant.grantee, grant.privilege): grant for grant in initial} | added
    return tuple(sorted(merged.values()))


def after_creation(entity: Entity, live: Catalog) -> Iterator[Statement]:
    """Owner, privileges and comment of an object that has just been created."""
    if isinstance(entity, Owned) and entity.owner != live.source.role:
        yield owner(entity)
    kind = entity.identity.kind
    after: Privileges | None = getattr(entity, "privileges", None)
    if kind in GRANTED and after is not None and kind is not Kind.DEFAULT_PRIVILEGES:
        before = () if kind in _COLUMNS else privileges_at_birth(entity, live)
        yield from privileges(entity, before, after, getattr(entity, "owner", ""))
    if entity.comment:
        yield comment(entity)


def altered_settings(
    before: Entity, after: Entity, attributes: tuple[str, ...]
) -> Iterator[Statement]:
    """What of an alteration concerns owner, privileges and comment."""
    if "owner" in attributes and isinstance(after, Owned):
        yield owner(after)
    if "privileges" in attributes and after.identity.kind in GRANTED:
        owner_name = getattr(after, "owner", "")
        old: Privileges = getattr(before, "privileges", ())
        new: Privileges = getattr(after, "privileges", ())
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
    changed = tuple(f"{key}={value}" for key, value in new.items() if old.get(key) != value)
    if gone:
        yield f"RESET ({', '.join(gone)})"
    if changed:
        yield f"SET ({storage_options(changed, prefix)})"


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
    parts = [f"DROP {name(key)}" for key in old if key not in new]
    parts += [f"SET {name(k)} {literal(v)}" for k, v in new.items() if k in old and old[k] != v]
    parts += [f"ADD {name(key)} {literal(value)}" for key, value in new.items() if key not in old]
    return f"OPTIONS ({', '.join(parts)})"
