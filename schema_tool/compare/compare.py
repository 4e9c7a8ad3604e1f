"""compare: Catalog x Catalog -> Changes, without a connection."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from schema_tool.catalog import Identity, Kind, Uncompared
from schema_tool.compare.changes import Action, Change, Changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.entity import Entity

_ROLE = "role "
# What is there only where privileges are set.
_PRIVILEGES = frozenset({Kind.DEFAULT_PRIVILEGES, Kind.FOUND_PRIVILEGES})


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareOptions:
    """What counts as a difference.

    `include` and `exclude` are shell patterns over `kind name`, such as `table audit.*`;
    with no `include`, everything is compared. Of a role that `exclude` fits, as in
    `role audit_*`, it does not count what it owns and what is granted to it.
    """

    owners: bool = True
    privileges: bool = True
    comments: bool = True
    column_order: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether some objects do not take part."""
        return bool(self.include or self.exclude)

    def covers(self, entity: Entity) -> bool:
        """Whether an object takes part; a part of a relation goes with its relation."""
        return self.includes(entity) and not self.excludes(entity)

    def includes(self, entity: Entity) -> bool:
        """Whether `include` names an object, or is not given."""
        return not self.include or matches(entity.identity, self.include, _relation(entity))

    def excludes(self, entity: Entity) -> bool:
        """Whether `exclude` names an object."""
        return bool(self.exclude) and matches(entity.identity, self.exclude, _relation(entity))

    @property
    def ignored_roles(self) -> tuple[str, ...]:
        """Shell patterns over the names of roles."""
        return tuple(p.removeprefix(_ROLE) for p in self.exclude if p.startswith(_ROLE))

    def names(self, thing: Uncompared) -> bool:
        """Whether what cannot be compared is told."""
        text = f"{thing.kind} {thing.identity}"
        return not any(fnmatchcase(text, pattern) for pattern in self.exclude)

    def ignored_attributes(self) -> frozenset[str]:
        """The models' fields that are passed over."""
        ignored = set()
        if not self.owners:
            ignored.add("owner")
        if not self.privileges:
            ignored.add("privileges")
        if not self.comments:
            ignored |= {"comment", "index_comment", "not_null_comment"}
        return frozenset(ignored)


def _relation(entity: Entity) -> Identity | None:
    """The relation that an index, statistics or a column's sequence goes with."""
    from schema_tool.catalog.model import relation  # noqa: PLC0415 - only what differs is asked of

    if isinstance(entity, relation.Index | relation.Statistics):
        return entity.table
    if isinstance(entity, relation.Sequence) and entity.owned_by:
        return Identity(Kind.TABLE, entity.owned_by.parts[:2])
    return None


def matches(
    identity: Identity, patterns: tuple[str, ...], relation: Identity | None = None
) -> bool:
    """Whether an object, or the relation that it is part of, fits one of the patterns."""
    names = [str(identity), identity.name]
    if relation is not None:
        names += [str(relation), relation.name]
    elif len(identity.parts) > 2:
        owner = ".".join(identity.parts[:2])
        word = "view" if identity.kind is Kind.VIEW_COLUMN else "table"
        names += [owner, f"{word} {owner}"]
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _compared_fields(model: type[Entity]) -> tuple[str, ...]:
    return tuple(entry.name for entry in fields(model) if entry.compare)


def _attributes(before: Entity, after: Entity, ignored: frozenset[str]) -> tuple[str, ...]:
    if type(before) is not type(after):
        return ("kind",)
    return tuple(
        name
        for name in _compared_fields(type(before))
        if name not in ignored and _differ(name, getattr(before, name), getattr(after, name))
    )


def _differ(name: str, old: Any, new: Any) -> bool:
    """Whether the values of a field do; parents stand in the order in which they were joined."""
    return bool(old != new and not (name == "parents" and set(old) == set(new)))


def _is_default(entity: Entity, ignored: frozenset[str]) -> bool:
    """Whether nothing that counts is said, as of default privileges when privileges do not."""
    return entity.identity.kind in _PRIVILEGES and "privileges" in ignored


def _changes(
    live: Mapping[Identity, Entity], desired: Mapping[Identity, Entity], options: CompareOptions
) -> Iterator[Change]:
    ignored, kept = options.ignored_attributes(), len(live)
    for identity, before in live.items():
        after = desired.get(identity)
        if after is None:
            kept -= 1
            if options.covers(before) and not _is_default(before, ignored):
                yield Change(identity=identity, action=Action.DROPPED, before=before)
        elif before is not after and before != after and options.covers(before):
            attributes = _attributes(before, after, ignored)
            if attributes:
                yield Change(
                    identity=identity,
                    action=Action.ALTERED,
                    before=before,
                    after=after,
                    attributes=attributes,
                )
    if kept == len(desired):  # mostly so, and known without looking each of them up
        return
    for identity, after in desired.items():
        if identity not in live and options.covers(after) and not _is_default(after, ignored):
            yield Change(identity=identity, action=Action.CREATED, after=after)


def column_orders(catalog: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Each table's column names as the server keeps them, by the table's parts."""
    from schema_tool.catalog.model.relation import Column  # noqa: PLC0415 - only on request

    found: dict[tuple[str, ...], list[tuple[int, str]]] = {}
    for column in catalog.each(Column):
        parts = column.identity.parts
        found.setdefault(parts[:2], []).append((column.position, parts[2]))
    return {table: tuple(name for _, name in sorted(columns)) for table, columns in found.items()}


def _order_changes(live: Catalog, desired: Catalog, options: CompareOptions) -> Iterator[Change]:
    before, after = column_orders(live), column_orders(desired)
    for parts, names in before.items():
        identity = Identity(Kind.TABLE, parts)
        if parts in after and names != after[parts] and set(names) == set(after[parts]):
            if not options.covers(live.objects[identity]):
                continue
            yield Change(
                identity=identity,
                action=Action.ALTERED,
                before=live.objects[identity],
                after=desired.objects[identity],
                attributes=("column_order",),
            )


def _not_ours(live: Catalog, desired: Catalog) -> Iterator[Uncompared]:
    """What is granted on the other side alone, and the live one's reader may not grant.

    What an extension brings that is yet to be created belongs to a superuser, as a rule.
    """
    theirs = live.source.not_ours
    if not theirs:
        return
    from schema_tool.catalog.model.cluster import FoundPrivileges  # noqa: PLC0415 - it is rare

    for entity in desired.each(FoundPrivileges):
        kind, (word, *_) = entity.identity
        known = Identity(Kind.EXTENSION, (entity.extension,)) in live.objects
        if entity.identity not in live.objects and (entity.extension if known else "") in theirs:
            place = entity.identity.name.removeprefix(f"of {word} ")
            yield Uncompared(kind=f"{kind} of {word}", identity=place)


def _without_parts(
    found: list[Change], live: Catalog, desired: Catalog, options: CompareOptions
) -> list[Change]:
    from schema_tool.compare.wholes import without_parts  # noqa: PLC0415 - only with patterns

    ignored = options.ignored_attributes()

    def left_out(identity: Identity) -> frozenset[str]:
        before, after = live.objects.get(identity), desired.objects.get(identity)
        if any(entity and options.covers(entity) for entity in (before, after)):
            return frozenset()
        if before is None or after is None:
            return frozenset({""})
        return frozenset(_attributes(before, after, ignored))

    return list(without_parts(found, (live, desired), left_out))


def compare(live: Catalog, desired: Catalog, *, options: CompareOptions | None = None) -> Changes:
    """What must change for `live` to become `desired`."""
    options = options or CompareOptions()
    if options.ignored_roles:
        from schema_tool.compare.roles import without_roles  # noqa: PLC0415 - it is rare

        desired = without_roles(live, desired, options.ignored_roles)
    uncompared = {*live.uncompared, *desired.uncompared, *_not_ours(live, desired)}
    told = {f"{thing.kind} {thing.identity}" for thing in uncompared}
    found = [
        c for c in _changes(live.objects, desired.objects, options) if str(c.identity) not in told
    ]
    if options.narrows and found:
        found = _without_parts(found, live, desired, options)
    if options.column_order:
        found += _order_changes(live, desired, options)
    found.sort(key=lambda change: (change.identity.kind, change.identity.parts))
    return Changes(
        live=live,
        desired=desired,
        changes=tuple(found),
        narrowed=options.narrows,
        uncompared=tuple(sorted(filter(options.names, uncompared))),
    )
