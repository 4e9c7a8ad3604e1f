"""Roles that the desired state speaks of and that do not exist where the plan will be run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.privileges import OWNER, PUBLIC
from schema_tool.catalog.quoting import do_block, literal, name
from schema_tool.compare import Action
from schema_tool.compare.roles import roles_in
from schema_tool.plan.steps import Statement, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.compare import Changes


def _created(role: str) -> str:
    """CREATE ROLE for a plan that is also run where the role exists: roles are the cluster's."""
    known = f"SELECT FROM pg_catalog.pg_roles WHERE rolname = {literal(role)}"
    return do_block(
        f"BEGIN\n    IF NOT EXISTS ({known}) THEN\n"
        f"        CREATE ROLE {name(role)} NOLOGIN;\n"
        "    END IF;\nEND"
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
        for role in roles_in(change.after) if change.after else ():
            if role in known:
                continue
            known.add(role)
            yield Step(
                identity=change.identity,
                action=Action.CREATED,
                statement=Statement(sql=_created(role)),
                reason=f"role {role} does not exist here; {change.identity} names it",
            )
