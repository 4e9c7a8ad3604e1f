"""Roles that are called otherwise in the live cluster, and roles that are none of ours."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from schema_tool.catalog import Catalog, Identity, Kind
from schema_tool.catalog.model.cluster import DefaultPrivileges
from schema_tool.catalog.model.entity import Owned
from schema_tool.catalog.model.relation import Index, Policy, Statistics
from schema_tool.catalog.privileges import Granted, default_privileges, merged, under_owner
from schema_tool.compare.changes import PARTS
from schema_tool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.catalog.privileges import Privileges

_RELATIONS = (Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW)
# Where a role stands in an identity.
_PLACES = {Kind.DEFAULT_PRIVILEGES: (0,), Kind.USER_MAPPING: (1,), Kind.MEMBERSHIP: (0, 1)}
_INITIAL = {"TABLES": Granted.TABLE, "SEQUENCES": Granted.SEQUENCE, "ROUTINES": Granted.ROUTINE} | {
    "TYPES": Granted.TYPE,
    "SCHEMAS": Granted.SCHEMA,
}


def roles_in(entity: Entity) -> Iterator[str]:
    """Every role that an object names; an owner's own privileges are under no name."""
    if isinstance(entity, Owned):
        yield entity.owner
    if isinstance(entity, Policy):
        yield from entity.roles
    yield from (entity.identity.parts[place] for place in _PLACES.get(entity.identity.kind, ()))
    grants: Privileges = getattr(entity, "privileges", ())
    yield from (grant.grantee for grant in grants)


def with_roles_mapped(catalog: Catalog, roles: Mapping[str, str]) -> Catalog:
    """The catalog with other roles in the place of some; its source says which nothing names.

    Errors: UsageError where what is said of two roles would be said of one.
    """
    if not roles:
        return catalog
    moved = [(identity, _mapped(entity, roles)) for identity, entity in catalog.objects.items()]
    found: set[Identity] = set()
    for _, entity in moved:
        if entity.identity in found:
            raise UsageError(
                f"with --map-role two things of the desired state become one: {entity.identity}",
                hint="map to a role of which the files say nothing by its own name",
            )
        found.add(entity.identity)
    named = {role for entity in catalog.objects.values() for role in roles_in(entity)}
    unmapped = tuple(sorted(roles.keys() - named))
    mapped = catalog.renamed(moved)
    return replace(mapped, source=replace(mapped.source, unmapped=unmapped))


def _mapped(entity: Entity, roles: Mapping[str, str]) -> Entity:
    if roles.keys().isdisjoint(roles_in(entity)):
        return entity
    changed: dict[str, Any] = {}
    kind, parts = entity.identity
    if kind in _PLACES:
        named = list(parts)
        for place in _PLACES[kind]:
            named[place] = roles.get(parts[place], parts[place])
        changed["identity"] = Identity(kind, tuple(named))
    owner = ""
    if isinstance(entity, Owned):
        owner = changed["owner"] = roles.get(entity.owner, entity.owner)
    if isinstance(entity, Policy):
        changed["roles"] = tuple(sorted({roles.get(role, role) for role in entity.roles}))
    grants: Privileges = getattr(entity, "privileges", ())
    if grants:
        renamed = merged(
            replace(
                grant,
                grantee=roles.get(grant.grantee, grant.grantee),
                grantors=tuple(roles.get(grantor, grantor) for grantor in grant.grantors),
            )
            for grant in grants
        )
        changed["privileges"] = under_owner(renamed, owner) if owner else renamed
    return replace(entity, **changed)


def without_roles(live: Catalog, desired: Catalog, patterns: Iterable[str]) -> Catalog:
    """The desired catalog with what the live one says of the roles that fit the patterns.

    What they own stays theirs, and what would be theirs belongs to who runs the plan; what is
    granted to them, or by default, stays granted. Policies are for whom they say they are for.
    """
    shapes = tuple(patterns)
    if not shapes:
        return desired

    def ignored(role: str) -> bool:
        return any(fnmatchcase(role, shape) for shape in shapes)

    objects = dict(desired.objects)
    for identity, entity in desired.objects.items():
        found = _settled(entity, live.objects.get(identity), live, ignored)
        if found is None:
            del objects[identity]
        else:
            objects[identity] = found
    objects |= {
        identity: known
        for identity, known in live.objects.items()
        if identity not in desired.objects
        and (_is_theirs(known, live, ignored) or _is_owned(known, live, desired, ignored))
    }
    return replace(desired, objects=objects)


def _settled(
    entity: Entity, known: Entity | None, live: Catalog, ignored: Callable[[str], bool]
) -> Entity | None:
    """A desired object with what is ignored as it is in the live database."""
    if known is None and _is_theirs(entity, live, ignored):
        return None
    if any(ignored(entity.identity.parts[p]) for p in _PLACES.get(entity.identity.kind, ())):
        return known
    changed: dict[str, Any] = {}
    if isinstance(entity, Owned):
        theirs = known.owner if isinstance(known, Owned) else live.source.role
        if ignored(entity.owner) or ignored(theirs):
            changed["owner"] = theirs
    grants: Privileges = getattr(entity, "privileges", ())
    there: Privileges = getattr(known, "privileges", ())
    kept = [grant for grant in grants if not ignored(grant.grantee)]
    kept += [grant for grant in there if ignored(grant.grantee)]
    if any(ignored(grant.grantee) for grant in (*grants, *there)):
        changed["privileges"] = merged(kept)
    return replace(entity, **changed) if changed else entity


def _is_owned(
    entity: Entity, live: Catalog, desired: Catalog, ignored: Callable[[str], bool]
) -> bool:
    """Whether what the files do not name is of an ignored role, by itself or with its relation."""
    relations: list[Identity] = []
    if isinstance(entity, Index | Statistics):
        relations = [entity.table]
    elif entity.identity.kind in PARTS:
        relations = [Identity(kind, entity.identity.parts[:2]) for kind in _RELATIONS]
    if relations and any(relation in desired.objects for relation in relations):
        return False
    owners = [live.objects.get(relation) for relation in relations] if relations else [entity]
    return any(isinstance(owner, Owned) and ignored(owner.owner) for owner in owners)


def _is_theirs(entity: Entity, live: Catalog, ignored: Callable[[str], bool]) -> bool:
    """Whether an object is of ignored roles alone, so that nothing is to be said of it."""
    if any(ignored(entity.identity.parts[p]) for p in _PLACES.get(entity.identity.kind, ())):
        return True
    if not isinstance(entity, DefaultPrivileges):
        return False
    rest = tuple(grant for grant in entity.privileges if not ignored(grant.grantee))
    _, schema, objects = entity.identity.parts
    nothing = () if schema else default_privileges(_INITIAL[objects], live.source.major)
    return rest == nothing


def with_memberships_among(catalog: Catalog, roles: Iterable[str]) -> Catalog:
    """The catalog with those memberships alone of which both sides are among the roles.

    What the server itself calls pg_… is everybody's.
    """
    known = set(roles)
    return replace(
        catalog,
        objects={
            identity: entity
            for identity, entity in catalog.objects.items()
            if identity.kind is not Kind.MEMBERSHIP
            or all(role in known or role.startswith("pg_") for role in identity.parts)
        },
    )


def roles_used(catalogs: Iterable[Catalog]) -> set[str]:
    """The roles that the objects of schemas name."""
    return {
        role
        for catalog in catalogs
        for entity in catalog.objects.values()
        if entity.identity.kind is not Kind.MEMBERSHIP
        for role in roles_in(entity)
    }
