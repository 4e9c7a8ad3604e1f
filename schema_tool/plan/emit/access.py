"""GRANT and REVOKE between two access lists, minding what the server does by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.catalog.model.cluster import FoundPrivileges
from schema_tool.catalog.model.definition import Routine
from schema_tool.catalog.privileges import (
    OWNER,
    PUBLIC,
    Grant,
    Granted,
    Privileges,
    default_privileges,
    merged,
    under_owner,
)
from schema_tool.catalog.quoting import name, qualified
from schema_tool.hazards import Hazard
from schema_tool.plan.emit.phrase import address, role
from schema_tool.plan.steps import Danger, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.entity import Entity, Owned
    from schema_tool.plan.emit.context import Context

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
COLUMNS = frozenset({Kind.COLUMN, Kind.VIEW_COLUMN})
_DEFAULTS_FOR = {
    Granted.TABLE: "TABLES",
    Granted.SEQUENCE: "SEQUENCES",
    Granted.ROUTINE: "ROUTINES",
    Granted.TYPE: "TYPES",
    Granted.SCHEMA: "SCHEMAS",
}
_REVOKE = (Danger(hazard=Hazard.REVOKE),)
_WEAKER = (Danger(hazard=Hazard.WEAKEN_SECURITY),)
# The order in which people write them.
_ORDER = {word: place for place, word in enumerate(("SELECT", "INSERT", "UPDATE", "DELETE"))}

# So many are said by name though they are all.
_FEW = 2

Key = tuple[str, str]


def grantee(grant: Grant, owner: str) -> str:
    """Who follows TO and FROM."""
    if grant.grantee == OWNER:
        return name(owner)
    return "PUBLIC" if grant.grantee == PUBLIC else role(grant.grantee)


def by_grantee(grants: Iterable[Grant], owner: str) -> Iterator[tuple[str, list[str]]]:
    """Privileges and who has just these, in an order that is pleasant to read."""
    found: dict[str, list[str]] = {}
    for grant in sorted(grants, key=lambda g: (_ORDER.get(g.privilege, len(_ORDER)), g)):
        found.setdefault(grantee(grant, owner), []).append(grant.privilege)
    alike: dict[tuple[str, ...], list[str]] = {}
    for who, words in sorted(found.items()):
        alike.setdefault(tuple(words), []).append(who)
    yield from ((", ".join(names), [*words]) for words, names in alike.items())


def _target(entity: Entity) -> str:
    """What stands after ON in GRANT."""
    identity = entity.identity
    if isinstance(entity, FoundPrivileges):
        return entity.target
    if identity.kind in COLUMNS:
        return f"TABLE {qualified(*identity.parts[:2])}"
    granted = GRANTED[identity.kind]
    if granted is Granted.TABLE:
        return f"TABLE {address(entity)}"
    if isinstance(entity, Routine):
        word = {"procedure": "PROCEDURE"}.get(entity.form, "FUNCTION")
        return f"{word} {qualified(*identity.parts[:2])}({identity.parts[2]})"
    return f"{granted} {address(entity)}"


def _listed(
    grants: Iterable[Grant], entity: Entity, owner: str, every: AbstractSet[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """Grantees, and their privileges as text, with the column in brackets for columns.

    `every` is what ALL stands for.
    """
    kind, parts = entity.identity
    named = kind in COLUMNS or (kind is Kind.FOUND_PRIVILEGES and parts[2])
    column = f" ({name(parts[2])})" if named else ""
    for who, words in by_grantee(grants, owner):
        short = len(words) > _FEW and every == set(words)
        yield who, "ALL" if short else ", ".join(f"{word}{column}" for word in words)


def _keyed(grants: Privileges) -> dict[Key, Grant]:
    return {(grant.grantee, grant.privilege): grant for grant in grants}


def _weaker(old: dict[Key, Grant], new: dict[Key, Grant]) -> set[Grant]:
    """The grants that stay without their grant option."""
    return {g for key, g in new.items() if key in old and old[key].grantable and not g.grantable}


def privileges(
    entity: Entity,
    before: Privileges,
    after: Privileges,
    owner: str,
    usual: Privileges = (),
    *,
    every: AbstractSet[str] = frozenset(),
) -> Iterator[Statement]:
    """GRANT and REVOKE that lead from one access list to the other.

    Of what is `usual` somebody had taken away what is granted: on purpose. `every` is what ALL
    stands for, where that is known.
    """
    new = _keyed(after)
    left = before
    for root in _chains(before, new):
        yield from _cut(root, entity, owner)
        left = merged(_without(root, left))
    old = _keyed(left)
    target = _target(entity)
    lost = {grant for key, grant in old.items() if key not in new}
    weaker = _weaker(old, new)
    for who, words in _listed(lost, entity, owner):
        yield Statement(sql=f"REVOKE {words} ON {target} FROM {who}", dangers=_REVOKE)
    for who, words in _listed(weaker, entity, owner):
        sql = f"REVOKE GRANT OPTION FOR {words} ON {target} FROM {who}"
        yield Statement(sql=sql, dangers=_REVOKE)
    gained = {grant for key, grant in new.items() if old.get(key) != grant} - weaker
    opened = {key for key in _keyed(usual) if key not in _keyed(before)}
    undone = {grant for grant in gained if (grant.grantee, grant.privilege) in opened}
    yield from _granted(gained - undone, entity, owner, every)
    yield from (replace(s, dangers=_WEAKER) for s in _granted(undone, entity, owner))


def _granted(
    grants: set[Grant], entity: Entity, owner: str, every: AbstractSet[str] = frozenset()
) -> Iterator[Statement]:
    target = _target(entity)
    for grantable in (False, True):
        chosen = (grant for grant in grants if grant.grantable is grantable)
        option = " WITH GRANT OPTION" if grantable else ""
        for who, words in _listed(chosen, entity, owner, every):
            yield Statement(sql=f"GRANT {words} ON {target} TO {who}{option}")


def _chains(before: Privileges, new: dict[Key, Grant]) -> list[Key]:
    """Whose grant option has to go because of what they granted to others.

    REVOKE takes away what the owner granted; what another granted goes only with that one's
    grant option.
    """
    old = _keyed(before)
    ends = {key for key in old if key not in new}
    ends |= {(grant.grantee, grant.privilege) for grant in _weaker(old, new)}
    roots = {
        _root(grantor, privilege, old)
        for (who, privilege), grant in old.items()
        for grantor in grant.grantors
        if grantor != OWNER and {(who, privilege), (grantor, privilege)} & ends
    }
    return sorted(key for key in roots if key in old)


def _cut(root: Key, entity: Entity, owner: str) -> Iterator[Statement]:
    grant = Grant(grantee=root[0], privilege=root[1])
    for who, words in _listed([grant], entity, owner):
        sql = f"REVOKE GRANT OPTION FOR {words} ON {_target(entity)} FROM {who} CASCADE"
        yield Statement(sql=sql, dangers=_REVOKE)


def _root(grantor: str, privilege: str, old: dict[Key, Grant]) -> Key:
    """Whom the owner gave the grant option from which a chain of grants hangs."""
    seen = {grantor}
    while True:
        grant = old.get((grantor, privilege))
        above = [who for who in grant.grantors if who not in seen] if grant else []
        if not above or OWNER in above:
            return grantor, privilege
        grantor = above[0]
        seen.add(grantor)


def _without(root: Key, grants: Privileges) -> Iterator[Grant]:
    """The grants that remain when a grantee's grant option goes, with all that came of it."""
    fallen, privilege = {root[0]}, root[1]
    kept = {g.grantee: g for g in grants if g.privilege == privilege}
    again = True
    while again:
        again = False
        for who, grant in list(kept.items()):
            grantors = tuple(entry for entry in grant.grantors if entry not in fallen)
            if not grantors:
                del kept[who]
                again = again or who not in fallen
                fallen.add(who)
            elif grantors != grant.grantors:
                kept[who] = replace(grant, grantors=grantors)
    for grant in grants:
        if grant.privilege != privilege:
            yield grant
        elif grant.grantee in kept:
            remaining = kept[grant.grantee]
            lessened = grant.grantee == root[0]
            yield replace(remaining, grantable=False) if lessened else remaining


def given_back_to_columns(
    before: Owned, after: Owned, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """REVOKE on a relation takes the privilege from its columns too: what stays is granted again.

    Source: REVOKE, Notes, and ExecGrant_Relation(), aclchk.c.
    """
    if "owner" in attributes:
        yield from _follow_owner(before, after, context)
    if "privileges" not in attributes:
        return
    old = before.privileges
    if "owner" in attributes:
        old = under_owner(old, after.owner)
    here, there = _keyed(old), _keyed(after.privileges)
    lost = {key for key in here if key not in there}
    lost |= {(grant.grantee, grant.privilege) for grant in _weaker(here, there)}
    for part in context.parts.get(after.identity, ()):
        live = context.live.objects.get(part)
        if part.kind not in COLUMNS or live is None or part in context.rebuilt:
            continue
        column = context.desired.objects[part]
        mine: Privileges = getattr(column, "privileges", ())
        known = _keyed(getattr(live, "privileges", ()))
        # One that gets its grant option now is granted with the column's own changes.
        both = {
            key: grant
            for key, grant in _keyed(mine).items()
            if key in known and known[key].grantable >= grant.grantable
        }
        yield from _granted({grant for key, grant in both.items() if key in lost}, column, "")


def _follow_owner(before: Owned, after: Owned, context: Context) -> Iterator[Statement]:
    """What the old owner was granted on columns has become the new one's: it is given back.

    Source: change_owner_fix_column_acls(), tablecmds.c.
    """
    for part in context.parts.get(after.identity, ()):
        live = context.live.objects.get(part)
        if part.kind not in COLUMNS or live is None or part in context.rebuilt:
            continue
        column = context.desired.objects[part]
        known = _keyed(getattr(live, "privileges", ()))
        wanted = _keyed(getattr(column, "privileges", ()))
        moved = [grant for (who, _), grant in known.items() if who == before.owner]
        gained = (replace(grant, grantee=after.owner) for grant in moved)
        extra = [g for g in gained if (g.grantee, g.privilege) not in wanted]
        for who, words in _listed(extra, column, after.owner):
            yield Statement(sql=f"REVOKE {words} ON {_target(column)} FROM {who}", dangers=_REVOKE)
        yield from _granted({grant for grant in moved if grant in wanted.values()}, column, "")


def every_privilege(kind: Kind, live: Catalog) -> AbstractSet[str]:
    """What ALL stands for on a server: since 17 MAINTAIN is among a table's."""
    if kind in COLUMNS:
        return frozenset()
    initial = default_privileges(GRANTED[kind], live.source.major)
    return {grant.privilege for grant in initial if grant.grantee == OWNER}


def privileges_at_birth(entity: Entity, live: Catalog, maker: str = "") -> Privileges:
    """What a new object grants by itself: the built-in list, and the live default privileges.

    `maker`: whose those are, where it is not the role that runs the plan.
    """
    granted = GRANTED[entity.identity.kind]
    initial = default_privileges(granted, live.source.major)
    word = _DEFAULTS_FOR.get(granted)
    if word is None:
        return initial
    schema = entity.identity.parts[0] if granted is not Granted.SCHEMA else ""
    added: Privileges = ()
    for where in dict.fromkeys(("", schema)):
        key = (Kind.DEFAULT_PRIVILEGES, (maker or live.source.role, where, word))
        found = getattr(live.objects.get(key), "privileges", None)  # type: ignore[call-overload]
        if found is not None and where == "":
            initial = found
        elif found is not None:
            added = found
    return merged((*initial, *added))
