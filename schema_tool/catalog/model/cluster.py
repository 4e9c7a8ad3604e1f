"""Objects that no schema contains: replication, foreign data, default privileges."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from schema_tool.catalog.model.entity import Entity, Options, Owned, model

if TYPE_CHECKING:
    from schema_tool.catalog.identity import Identity
    from schema_tool.catalog.privileges import Privileges


@model(frozen=True, slots=True, kw_only=True)
class DefaultPrivileges(Entity):
    """What ALTER DEFAULT PRIVILEGES says for one role, schema (or all) and kind of object."""

    privileges: Privileges


@model(frozen=True, slots=True, kw_only=True)
class FoundPrivileges(Entity):
    """Who may do what with what the server or an extension made, where that was changed since.

    `target` stands after ON in GRANT; `initial` is what holds where nobody has changed it, `owner`
    whose grants are under no name.
    """

    privileges: Privileges
    initial: Privileges = field(default=(), compare=False)
    target: str = field(default="", compare=False)
    owner: str = field(default="", compare=False)
    extension: str = field(default="", compare=False)


@model(frozen=True, slots=True, kw_only=True)
class ExtensionUse(Entity):
    """That an object goes with an extension that it is no part of: DEPENDS ON EXTENSION."""

    user: Identity


@model(frozen=True, slots=True, kw_only=True)
class Membership(Entity):
    """A role's membership in another; before 16 a member's own attribute says whether it inherits.

    `grantors` are not compared: nobody for the superuser that the cluster began with.
    """

    admin: bool = False
    inherits: bool = True
    may_set: bool = True
    grantors: tuple[str, ...] = field(default=("",), compare=False)


@model(frozen=True, slots=True, kw_only=True)
class PublishedTable:
    """One table of a publication, with its column list (empty: all) and its row filter."""

    table: Identity
    columns: tuple[str, ...] = ()
    where: str = ""


@model(frozen=True, slots=True, kw_only=True)
class Publication(Owned):
    """A publication; `options` are those of WITH (…), all of them, in a fixed order."""

    all_tables: bool
    tables: tuple[PublishedTable, ...] = ()
    schemas: tuple[str, ...] = ()
    options: Options = ()


@model(frozen=True, slots=True, kw_only=True)
class Subscription(Owned):
    """A subscription. The connection string may hold a password: never printed.

    `written` are the publications in their own order.
    """

    publications: tuple[str, ...]
    connection: str = field(repr=False)
    enabled: bool
    slot: str = ""
    options: Options = ()
    written: tuple[str, ...] = field(default=(), compare=False)


@model(frozen=True, slots=True, kw_only=True)
class ForeignDataWrapper(Owned):
    """A foreign-data wrapper."""

    handler: str = ""
    validator: str = ""
    options: Options = ()


@model(frozen=True, slots=True, kw_only=True)
class Server(Owned):
    """A foreign server."""

    wrapper: str
    type: str = ""
    version: str = ""
    options: Options = ()


@model(frozen=True, slots=True, kw_only=True)
class UserMapping(Entity):
    """A role's mapping to a foreign server; options may hold passwords and are not printed."""

    options: Options = field(default=(), repr=False)
