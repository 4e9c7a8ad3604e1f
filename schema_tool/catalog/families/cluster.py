"""Default privileges, publications, subscriptions, foreign data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.families.reading import Reading, Row, present
from schema_tool.catalog.identity import Identity, Kind, SystemCatalog
from schema_tool.catalog.model.cluster import (
    DefaultPrivileges,
    ExtensionUse,
    ForeignDataWrapper,
    FoundPrivileges,
    Membership,
    Publication,
    PublishedTable,
    Server,
    Subscription,
    UserMapping,
)
from schema_tool.catalog.normal import normal_expression
from schema_tool.catalog.privileges import Granted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity

# Source: pg_authid.dat, BOOTSTRAP_SUPERUSERID
_FIRST_SUPERUSER = 10
_USERS = frozenset({"function", "procedure", "trigger", "materialized view", "index"})
_OBJECTS = {
    "r": Granted.TABLE,
    "S": Granted.SEQUENCE,
    "f": Granted.ROUTINE,
    "T": Granted.TYPE,
    "n": Granted.SCHEMA,
    "L": Granted.LARGE_OBJECT,
}


def default_privileges(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of default_privileges.sql; the value of kind of object is plural, as in GRANT."""
    for oid, role, namespace, letter, acl in rows:
        if letter not in _OBJECTS:
            continue  # a later server's: left over, and named
        schema = reading.namespaces[namespace] if namespace else ""
        parts = (reading.role(role), schema, f"{_OBJECTS[letter]}S".replace("TYS", "TIES"))
        yield DefaultPrivileges(
            identity=reading.see(
                SystemCatalog.PG_DEFAULT_ACL, oid, Identity(Kind.DEFAULT_PRIVILEGES, parts)
            ),
            privileges=reading.privileges(acl, role, _OBJECTS[letter]),
        )


def found_privileges(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of found_privileges.sql; what the reader could not change is named only."""
    for word, address, column, target, owner, acl, initial, extension, ours in rows:
        place = f"{address} column {column}" if column else address
        if not ours:
            reading.named.append((f"{Kind.FOUND_PRIVILEGES} of {word}", place))
            continue
        granted = Granted.COLUMN if column else Granted.TABLE
        yield FoundPrivileges(
            identity=Identity(Kind.FOUND_PRIVILEGES, (word, address, column)),
            privileges=reading.privileges(acl, owner, granted),
            initial=reading.privileges(initial, owner, granted),
            target=f"{'TABLE' if column else target} {address}",
            owner=reading.role(owner),
            extension=extension,
        )


def extension_uses(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of extension_uses.sql; what no ALTER says, as of a key's index, is named only."""
    for catalog, oid, word, address, extension in rows:
        user = reading.seen.get(catalog, {}).get(oid)
        identity = Identity(Kind.EXTENSION_USE, (word, address, extension))
        if user is None or word not in _USERS:
            reading.named.append((f"extension that it depends on, of {word}", address))
        else:
            yield ExtensionUse(identity=identity, user=user)


def memberships(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of memberships.sql."""
    for role, member, admin, inherits, may_set, grantors in rows:
        yield Membership(
            identity=Identity(Kind.MEMBERSHIP, (reading.role(role), reading.role(member))),
            admin=admin,
            inherits=inherits,
            may_set=may_set,
            grantors=tuple(
                sorted("" if oid == _FIRST_SUPERUSER else reading.role(oid) for oid in grantors)
            ),
        )


def publications(rows: list[Row], reading: Reading, tables: list[Row]) -> Iterator[Entity]:
    """Rows of publications.sql; published_tables.sql lists their tables."""
    published: dict[int, list[PublishedTable]] = {}
    for publication, relation, numbers, where, _ in tables:
        if relation in reading.relations:
            columns = [int(number) for number in (numbers or "").split()]
            published.setdefault(publication, []).append(
                PublishedTable(
                    table=reading.relations[relation],
                    # The server keeps them by position, which says nothing of what is published.
                    columns=tuple(sorted(reading.columns(relation, columns))),
                    where=normal_expression(where) if where else "",
                )
            )
    for oid, name, owner, all_tables, options, schemas in rows:
        found = sorted(published.get(oid, ()), key=lambda entry: entry.table)
        yield Publication(
            identity=reading.see(
                SystemCatalog.PG_PUBLICATION, oid, Identity(Kind.PUBLICATION, (name,))
            ),
            comment=reading.comment(SystemCatalog.PG_PUBLICATION, oid),
            owner=reading.role(owner),
            all_tables=all_tables,
            tables=tuple(found),
            schemas=tuple(schemas),
            options=present(options),
        )


def subscriptions(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of subscriptions.sql."""
    for oid, name, owner, enabled, slot, publications_, connection, options in rows:
        yield Subscription(
            identity=reading.see(
                SystemCatalog.PG_SUBSCRIPTION, oid, Identity(Kind.SUBSCRIPTION, (name,))
            ),
            comment=reading.comment(SystemCatalog.PG_SUBSCRIPTION, oid),
            owner=reading.role(owner),
            publications=tuple(sorted(publications_)),
            written=tuple(publications_),
            connection=connection,
            enabled=enabled,
            slot=slot or "",
            options=present(options),
        )


def foreign_data_wrappers(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of foreign_data_wrappers.sql."""
    for oid, name, owner, acl, handler, validator, options in rows:
        if reading.is_member(SystemCatalog.PG_FOREIGN_DATA_WRAPPER, oid):
            continue
        yield ForeignDataWrapper(
            identity=reading.see(
                SystemCatalog.PG_FOREIGN_DATA_WRAPPER,
                oid,
                Identity(Kind.FOREIGN_DATA_WRAPPER, (name,)),
            ),
            comment=reading.comment(SystemCatalog.PG_FOREIGN_DATA_WRAPPER, oid),
            owner=reading.role(owner),
            privileges=reading.privileges(acl, owner, Granted.FOREIGN_DATA_WRAPPER),
            handler=handler or "",
            validator=validator or "",
            options=tuple(options or ()),
        )


def servers(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of servers.sql."""
    for oid, name, owner, acl, wrapper, kind, version, options in rows:
        if reading.is_member(SystemCatalog.PG_FOREIGN_SERVER, oid):
            continue
        yield Server(
            identity=reading.see(
                SystemCatalog.PG_FOREIGN_SERVER, oid, Identity(Kind.SERVER, (name,))
            ),
            comment=reading.comment(SystemCatalog.PG_FOREIGN_SERVER, oid),
            owner=reading.role(owner),
            privileges=reading.privileges(acl, owner, Granted.FOREIGN_SERVER),
            wrapper=wrapper,
            type=kind or "",
            version=version or "",
            options=tuple(options or ()),
        )


def user_mappings(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of user_mappings.sql."""
    for oid, server, role, options in rows:
        yield UserMapping(
            identity=reading.see(
                SystemCatalog.PG_USER_MAPPING,
                oid,
                Identity(Kind.USER_MAPPING, (server, reading.role(role))),
            ),
            options=tuple(options or ()),
        )
