"""Default privileges, and privileges of what the server or an extension made."""

# ruff: noqa: ARG001 - the registry calls all emitters alike

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.model.cluster import DefaultPrivileges, FoundPrivileges
from schema_tool.catalog.privileges import Granted, Privileges, default_privileges
from schema_tool.catalog.quoting import name
from schema_tool.plan.emit.access import by_grantee, privileges
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

_GRANTED = {
    "TABLES": Granted.TABLE,
    "SEQUENCES": Granted.SEQUENCE,
    "ROUTINES": Granted.ROUTINE,
    "TYPES": Granted.TYPE,
    "SCHEMAS": Granted.SCHEMA,
    "LARGE OBJECTS": Granted.LARGE_OBJECT,
}


# --- default privileges ----------------------------------------------------------------------


def _initial(entity: DefaultPrivileges, context: Context) -> Privileges:
    """Without an entry, the built-in list holds everywhere, and nothing is added in a schema."""
    if entity.identity.parts[1]:
        return ()
    return default_privileges(_GRANTED[entity.identity.parts[2]], context.major)


def _default_privileges(
    entity: DefaultPrivileges, before: Privileges, after: Privileges
) -> Iterator[Statement]:
    owner, schema, objects = entity.identity.parts
    head = f"ALTER DEFAULT PRIVILEGES FOR ROLE {name(owner)}"
    if schema:
        head += f" IN SCHEMA {name(schema)}"
    old = {(grant.grantee, grant.privilege): grant for grant in before}
    new = {(grant.grantee, grant.privilege): grant for grant in after}
    lost = [grant for key, grant in old.items() if key not in new]
    weaker = [g for key, g in new.items() if key in old and old[key].grantable and not g.grantable]
    gained = [g for key, g in new.items() if old.get(key) != g and g not in weaker]
    for option, grants in (("", lost), ("GRANT OPTION FOR ", weaker)):
        for who, words in by_grantee(grants, owner):
            yield Statement(sql=f"{head} REVOKE {option}{', '.join(words)} ON {objects} FROM {who}")
    for option, grantable in (("", False), (" WITH GRANT OPTION", True)):
        chosen = [grant for grant in gained if grant.grantable is grantable]
        for who, words in by_grantee(chosen, owner):
            yield Statement(sql=f"{head} GRANT {', '.join(words)} ON {objects} TO {who}{option}")


def create_default_privileges(entity: Entity, context: Context) -> Iterator[Statement]:
    """From the built-in list to the wanted one."""
    assert isinstance(entity, DefaultPrivileges)
    yield from _default_privileges(entity, _initial(entity, context), entity.privileges)


def drop_default_privileges(entity: Entity, context: Context) -> Iterator[Statement]:
    """Back to the built-in list."""
    assert isinstance(entity, DefaultPrivileges)
    yield from _default_privileges(entity, entity.privileges, _initial(entity, context))


def alter_default_privileges(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """GRANT and REVOKE."""
    assert isinstance(before, DefaultPrivileges)
    assert isinstance(after, DefaultPrivileges)
    yield from _default_privileges(after, before.privileges, after.privileges)


# --- privileges of what the server or an extension made ------------------------------------------


def create_found_privileges(entity: Entity, context: Context) -> Iterator[Statement]:
    """From what initdb or the extension gave to the wanted list."""
    assert isinstance(entity, FoundPrivileges)
    yield from privileges(entity, entity.initial, entity.privileges, entity.owner)


def drop_found_privileges(entity: Entity, context: Context) -> Iterator[Statement]:
    """Back to what initdb or the extension gave."""
    assert isinstance(entity, FoundPrivileges)
    usual = entity.initial
    yield from privileges(entity, entity.privileges, usual, entity.owner, usual)


def alter_found_privileges(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """GRANT and REVOKE."""
    assert isinstance(before, FoundPrivileges)
    assert isinstance(after, FoundPrivileges)
    owner, usual = before.owner, before.initial
    yield from privileges(after, before.privileges, after.privileges, owner, usual)
