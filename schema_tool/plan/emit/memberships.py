"""GRANT and REVOKE of roles to roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.cluster import Membership
from schema_tool.catalog.quoting import name
from schema_tool.hazards import Hazard
from schema_tool.plan.steps import Danger, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

_OPTIONS_SINCE = 16
_REVOKE = (Danger(hazard=Hazard.REVOKE),)
_WORDS = {"admin": "ADMIN", "inherits": "INHERIT", "may_set": "SET"}


def _by(grantor: str) -> str:
    return f" GRANTED BY {name(grantor)}" if grantor else ""


def create_membership(membership: Entity, context: Context) -> Iterator[Statement]:
    """GRANT … TO …, with what is not the default, which for INHERIT is the member's own."""
    assert isinstance(membership, Membership)
    role, member = map(name, membership.identity.parts)
    options = " WITH ADMIN OPTION" if membership.admin else ""
    if context.major >= _OPTIONS_SINCE:
        words = ["ADMIN TRUE"] if membership.admin else []
        words.append(f"INHERIT {str(membership.inherits).upper()}")
        words += [] if membership.may_set else ["SET FALSE"]
        options = f" WITH {', '.join(words)}"
    yield Statement(sql=f"GRANT {role} TO {member}{options}")


def drop_membership(membership: Entity, context: Context) -> Iterator[Statement]:
    """REVOKE, once for each who granted; what the member granted to others comes back."""
    assert isinstance(membership, Membership)
    role, member = map(name, membership.identity.parts)
    given = list(_given_on(membership, context))
    cascade = " CASCADE" if given else ""
    for grantor in membership.grantors if context.major >= _OPTIONS_SINCE else ("",):
        sql = f"REVOKE {role} FROM {member}{_by(grantor)}{cascade}"
        yield Statement(sql=sql, dangers=_REVOKE)
    for other in given:
        yield from create_membership(other, context)


def alter_membership(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Its options, in each of the grants that it is made of."""
    assert isinstance(before, Membership)
    assert isinstance(after, Membership)
    role, member = map(name, after.identity.parts)
    if context.major < _OPTIONS_SINCE:
        yield from _altered_before_16(after, role, member)
        return
    grantors = [g for g in before.grantors if not g or _stays_admin(after, g, context)]
    if not grantors:
        # What those granted who may no longer has gone with their right to.
        yield from create_membership(after, context)
        return
    given = list(_given_on(after, context)) if "admin" in attributes and not after.admin else []
    words = [f"{_WORDS[word]} {str(getattr(after, word)).upper()}" for word in attributes]
    weaker = any(not getattr(after, word) for word in attributes)
    for grantor in grantors:
        if given:
            sql = f"REVOKE ADMIN OPTION FOR {role} FROM {member}{_by(grantor)} CASCADE"
            yield Statement(sql=sql, dangers=_REVOKE)
        sql = f"GRANT {role} TO {member} WITH {', '.join(words)}{_by(grantor)}"
        yield Statement(sql=sql, dangers=_REVOKE if weaker else ())
    for other in given:
        yield from create_membership(other, context)


def _altered_before_16(after: Membership, role: str, member: str) -> Iterator[Statement]:
    if after.admin:
        yield Statement(sql=f"GRANT {role} TO {member} WITH ADMIN OPTION")
    else:
        sql = f"REVOKE ADMIN OPTION FOR {role} FROM {member}"
        yield Statement(sql=sql, dangers=_REVOKE)


def _stays_admin(membership: Membership, grantor: str, context: Context) -> bool:
    key = Identity(Kind.MEMBERSHIP, (membership.identity.parts[0], grantor))
    found = context.desired.objects.get(key)
    return isinstance(found, Membership) and found.admin


def _given_on(membership: Membership, context: Context) -> Iterator[Membership]:
    """Memberships that stay and that stand on the member's right to grant its own.

    Source: REVOKE, Notes; before 16 nothing stands on it.
    """
    role, member = membership.identity.parts
    if context.major < _OPTIONS_SINCE:
        return
    for entity in context.live.each(Membership):
        if entity.identity.parts[0] != role:
            continue
        wanted = context.desired.objects.get(entity.identity)
        if member in entity.grantors and isinstance(wanted, Membership):
            yield wanted
