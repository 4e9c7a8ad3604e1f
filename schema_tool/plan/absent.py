"""Roles that the desired state speaks of and that do not exist where the plan will be run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.model.cluster import DefaultPrivileges, UserMapping
from schema_tool.catalog.model.entity import Owned
from schema_tool.catalog.model.relation import Policy
from schema_tool.catalog.privileges import OWNER, PUBLIC, Grant
from schema_tool.catalog.quoting import literal, name
from schema_tool.compare import Action
from schema_tool.plan.steps import Statement, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import Changes


def _roles_of(entity: Entity) -> Iterator[str]:
    if isinstance(entity, Owned):
        yield entity.owner
    if isinstance(entity, Policy):
        yield from entity.roles
    elif isinstance(entity, DefaultPrivileges):
        yield entity.identity.parts[0]
    elif isinstance(entity, UserMapping):
        yield entity.identity.parts[1]
    grants: tuple[Grant, ...] = getattr(entity, "privileges", ())
    yield from (grant.grantee for grant in grants)


def _created(role: str) -> str:
    """CREATE ROLE for a plan that is also run where the role exists: roles are the cluster's."""
    known = f"SELECT FROM pg_catalog.pg_roles WHERE rolname = {literal(role)}"
    return (
        f"DO $$BEGIN\n    IF NOT EXISTS ({known}) THEN\n"
        f"        CREATE ROLE {name(role)} NOLOGIN;\n"
        "    END IF;\nEND$$"
    )


def absent_roles(changes: Changes) -> Iterator[Step]:
    """CREATE ROLE for each, without any right to log in, before the first step that needs it.

    Roles belong to the whole cluster: how they log in and who is a member is not the schema's.
    """
    known = set(changes.live.source.roles)
    if not known:
        return
    known |= {OWNER, PUBLIC}
    for change in changes:
        for role in _roles_of(change.after) if change.after else ():
            if role in known:
                continue
            known.add(role)
            yield Step(
                identity=change.identity,
                action=Action.CREATED,
                statement=Statement(sql=_created(role)),
                reason=f"role {role} does not exist here; {change.identity} names it",
            )
