"""Default privileges, publications, subscriptions, foreign data, languages."""

# ruff: noqa: ARG001 - the registry calls all emitters alike

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.catalog.model.cluster import (
    DefaultPrivileges,
    ForeignDataWrapper,
    FoundPrivileges,
    Publication,
    Server,
    Subscription,
    UserMapping,
)
from schema_tool.catalog.model.definition import Language
from schema_tool.catalog.privileges import Granted, Privileges, default_privileges
from schema_tool.catalog.quoting import literal, name, qualified
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.access import by_grantee, privileges
from schema_tool.plan.emit.phrase import address, phrase
from schema_tool.plan.steps import Statement
from schema_tool.sqltext.secrets import SECRET_OPTION, holds_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.cluster import PublishedTable
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
        for who, words in by_grantee(grants, owner).items():
            yield Statement(sql=f"{head} REVOKE {option}{', '.join(words)} ON {objects} FROM {who}")
    for option, grantable in (("", False), (" WITH GRANT OPTION", True)):
        chosen = [grant for grant in gained if grant.grantable is grantable]
        for who, words in by_grantee(chosen, owner).items():
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


def create_extension_use(entity: Entity, context: Context) -> Iterator[Statement]:
    """DEPENDS ON EXTENSION."""
    word, address, extension = entity.identity.parts
    yield Statement(sql=f"ALTER {word.upper()} {address} DEPENDS ON EXTENSION {name(extension)}")


def drop_extension_use(entity: Entity, context: Context) -> Iterator[Statement]:
    """NO DEPENDS ON EXTENSION."""
    word, address, extension = entity.identity.parts
    yield Statement(sql=f"ALTER {word.upper()} {address} NO DEPENDS ON EXTENSION {name(extension)}")


# --- publications and subscriptions ----------------------------------------------------------


def published(entry: PublishedTable, context: Context) -> str:
    """A table with its list and its filter, as a publication names it."""
    own = (column.identity.parts[2] for column in context.columns_of.get(entry.table.parts, ()))
    listed = [column for column in own if column in entry.columns]
    columns = f" ({', '.join(map(name, listed))})" if listed else ""
    where = f" WHERE ({entry.where})" if entry.where else ""
    only = "ONLY " if entry.table in context.inherited else ""
    return f"TABLE {only}{qualified(*entry.table.parts)}{columns}{where}"


# Source: the manual's page on CREATE PUBLICATION, in the words of publications.sql.
_USUAL = (
    "publish = 'insert, update, delete, truncate'",
    "publish_via_partition_root = false",
)


def _contents(publication: Publication, context: Context) -> list[str]:
    found = [published(entry, context) for entry in publication.tables]
    if publication.schemas:
        names = ", ".join(name(schema) for schema in publication.schemas)
        found.append(f"TABLES IN SCHEMA {names}")
    return found


def create_publication(publication: Entity, context: Context) -> Iterator[Statement]:
    """CREATE PUBLICATION."""
    assert isinstance(publication, Publication)
    contents = _contents(publication, context)
    what = " FOR ALL TABLES" if publication.all_tables else ""
    if contents:
        what = f" FOR {', '.join(contents)}"
    said = [option for option in publication.options if option not in _USUAL]
    options = f" WITH ({', '.join(said)})" if said else ""
    yield Statement(sql=f"CREATE {phrase(publication)}{what}{options}")
    yield from settings.after_creation(publication, context.live)


def must_rebuild_publication(
    before: Publication, after: Publication, attributes: tuple[str, ...]
) -> bool:
    """FOR ALL TABLES is for ever."""
    return "all_tables" in attributes


def alter_publication(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Contents and options."""
    assert isinstance(before, Publication)
    assert isinstance(after, Publication)
    target = f"ALTER {phrase(after)}"
    if {"tables", "schemas"} & set(attributes):
        contents = _contents(after, context)
        if contents:
            yield Statement(sql=f"{target} SET {', '.join(contents)}")
        else:
            for entry in _contents(before, context):
                plain = entry.split(" WHERE (", 1)[0].split(" (", 1)[0]
                yield Statement(sql=f"{target} DROP {plain}")
    if "options" in attributes:
        options = [option for option in after.options if option not in before.options]
        kept = {o.split(" = ")[0] for o in after.options}
        lost = {o.split(" = ")[0] for o in before.options} - kept
        options += [f"{key} = none" for key in sorted(lost)]
        yield Statement(sql=f"{target} SET ({', '.join(options)})")
    yield from settings.altered_settings(before, after, attributes)


# What a new subscription has on every server; its `streaming` is another one since 18.
_USUALLY_SUBSCRIBED = (
    *("binary = false", "synchronous_commit = 'off'", "two_phase = false", "failover = false"),
    *("disable_on_error = false", "password_required = true", "run_as_owner = false"),
    "origin = any",
)


def create_subscription(subscription: Entity, context: Context) -> Iterator[Statement]:
    """CREATE SUBSCRIPTION without connecting: enabled by hand, when the publisher is ready."""
    assert isinstance(subscription, Subscription)
    options = ["connect = false"]
    if subscription.slot != subscription.identity.parts[0]:
        # The subscription's own name is the default, and may be none that a slot can have.
        slot = literal(subscription.slot) if subscription.slot else "NONE"
        options.append(f"slot_name = {slot}")
    options += [o for o in subscription.options if o not in _USUALLY_SUBSCRIBED]
    names = ", ".join(name(entry) for entry in subscription.written or subscription.publications)
    yield Statement(
        sql=f"CREATE {phrase(subscription)} CONNECTION {literal(subscription.connection)}"
        f" PUBLICATION {names} WITH ({', '.join(options)})",
        secrets=_connection_secret(subscription),
    )
    if subscription.enabled:
        yield Statement(sql=f"ALTER {phrase(subscription)} ENABLE")
    yield from settings.after_creation(subscription, context.live)


def drop_subscription(subscription: Entity, context: Context) -> Iterator[Statement]:
    """DROP SUBSCRIPTION with its slot left to the publisher's administrator."""
    assert isinstance(subscription, Subscription)
    if subscription.enabled:
        yield Statement(sql=f"ALTER {phrase(subscription)} DISABLE")
    if subscription.slot:
        yield Statement(sql=f"ALTER {phrase(subscription)} SET (slot_name = NONE)")
    yield Statement(sql=f"DROP {phrase(subscription)}")


_AT_PUBLISHER = ("failover", "two_phase")


def must_rebuild_subscription(before: Subscription, after: Subscription, major: int) -> bool:
    """What is set on the slot, too: without one, or before 18, only at the beginning."""
    changed = {option.split(" = ")[0] for option in set(before.options) ^ set(after.options)}
    slot = bool(before.slot and after.slot)
    return bool(changed & set(_AT_PUBLISHER)) and (not slot or major < 18)


def alter_subscription(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Connection, publications, options, slot, state."""
    assert isinstance(before, Subscription)
    assert isinstance(after, Subscription)
    target = f"ALTER {phrase(after)}"
    if "connection" in attributes:
        yield Statement(
            sql=f"{target} CONNECTION {literal(after.connection)}",
            secrets=_connection_secret(after),
        )
    if "enabled" in attributes and not after.enabled:
        yield Statement(sql=f"{target} DISABLE")
    if "publications" in attributes:
        names = ", ".join(name(entry) for entry in after.written or after.publications)
        yield Statement(sql=f"{target} SET PUBLICATION {names} WITH (refresh = false)")
    changed = [option for option in after.options if option not in before.options]
    if "slot" in attributes:
        changed.insert(0, f"slot_name = {literal(after.slot) if after.slot else 'NONE'}")
    for option in [option for option in changed if option.startswith(_AT_PUBLISHER)]:
        # It changes the publisher's slot and so refuses a transaction.
        changed.remove(option)
        yield Statement(sql=f"{target} SET ({option})", alone=True)
    if changed:
        yield Statement(sql=f"{target} SET ({', '.join(changed)})")
    if "enabled" in attributes and after.enabled:
        yield Statement(sql=f"{target} ENABLE")
    yield from settings.altered_settings(before, after, attributes)


# --- foreign data ----------------------------------------------------------------------------


def create_wrapper(wrapper: Entity, context: Context) -> Iterator[Statement]:
    """CREATE FOREIGN DATA WRAPPER."""
    assert isinstance(wrapper, ForeignDataWrapper)
    handler = f" HANDLER {wrapper.handler}" if wrapper.handler else ""
    validator = f" VALIDATOR {wrapper.validator}" if wrapper.validator else ""
    options = settings.foreign_options(wrapper.options)
    yield Statement(sql=f"CREATE {phrase(wrapper)}{handler}{validator}{options}")
    yield from settings.after_creation(wrapper, context.live)


def alter_wrapper(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Handler, validator, options."""
    assert isinstance(before, ForeignDataWrapper)
    assert isinstance(after, ForeignDataWrapper)
    words = []
    if "handler" in attributes:
        words.append(f"HANDLER {after.handler}" if after.handler else "NO HANDLER")
    if "validator" in attributes:
        words.append(f"VALIDATOR {after.validator}" if after.validator else "NO VALIDATOR")
    if "options" in attributes:
        words.append(settings.changed_foreign_options(before.options, after.options))
    if words:
        yield Statement(sql=f"ALTER {phrase(after)} {' '.join(words)}")
    yield from settings.altered_settings(before, after, attributes)


def create_server(server: Entity, context: Context) -> Iterator[Statement]:
    """CREATE SERVER."""
    assert isinstance(server, Server)
    kind = f" TYPE {literal(server.type)}" if server.type else ""
    version = f" VERSION {literal(server.version)}" if server.version else ""
    options = settings.foreign_options(server.options)
    yield Statement(
        sql=f"CREATE {phrase(server)}{kind}{version}"
        f" FOREIGN DATA WRAPPER {name(server.wrapper)}{options}"
    )
    yield from settings.after_creation(server, context.live)


def must_rebuild_server(before: Server, after: Server, attributes: tuple[str, ...]) -> bool:
    """Type and wrapper are for ever."""
    return bool({"type", "wrapper"} & set(attributes))


def alter_server(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Version and options."""
    assert isinstance(before, Server)
    assert isinstance(after, Server)
    words = []
    if "version" in attributes:
        words.append(f"VERSION {literal(after.version) if after.version else 'NULL'}")
    if "options" in attributes:
        words.append(settings.changed_foreign_options(before.options, after.options))
    if words:
        yield Statement(sql=f"ALTER {phrase(after)} {' '.join(words)}")
    yield from settings.altered_settings(before, after, attributes)


def create_mapping(mapping: Entity, context: Context) -> Iterator[Statement]:
    """CREATE USER MAPPING."""
    assert isinstance(mapping, UserMapping)
    yield Statement(
        sql=f"CREATE {phrase(mapping)}{settings.foreign_options(mapping.options)}",
        secrets=tuple(_mapping_secrets(mapping)),
    )


def alter_mapping(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Options."""
    assert isinstance(before, UserMapping)
    assert isinstance(after, UserMapping)
    clause = settings.changed_foreign_options(before.options, after.options)
    secrets = tuple(_mapping_secrets(after))
    yield Statement(sql=f"ALTER {phrase(after)} {clause}", secrets=secrets)


def _variable(*words: str) -> str:
    """What stands for a secret: `SUBSCRIPTION_ORDERS_CONNECTION`."""
    return re.sub(r"[^A-Z0-9_]", "_", "_".join(words).upper())


def _connection_secret(subscription: Subscription) -> tuple[tuple[str, str], ...]:
    if not holds_password(subscription.connection):
        return ()
    variable = _variable("subscription", subscription.identity.parts[0], "connection")
    return ((literal(subscription.connection), variable),)


def _mapping_secrets(mapping: UserMapping) -> Iterator[tuple[str, str]]:
    for key, _, value in (option.partition("=") for option in mapping.options):
        if SECRET_OPTION.match(key):
            yield literal(value), _variable("server", *mapping.identity.parts, key)


def create_language(language: Entity, context: Context) -> Iterator[Statement]:
    """CREATE LANGUAGE."""
    assert isinstance(language, Language)
    trusted = "TRUSTED " if language.trusted else ""
    inline = f" INLINE {language.inline}" if language.inline else ""
    validator = f" VALIDATOR {language.validator}" if language.validator else ""
    yield Statement(
        sql=f"CREATE {trusted}LANGUAGE {address(language)} HANDLER {language.handler}"
        f"{inline}{validator}"
    )
    yield from settings.after_creation(language, context.live)
