"""Publications and subscriptions."""

# ruff: noqa: ARG001 - the registry calls all emitters alike

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.model.cluster import Publication, Subscription
from schema_tool.catalog.quoting import literal, name, qualified
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.phrase import phrase
from schema_tool.plan.emit.secrets import connection_secret
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.cluster import PublishedTable
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context


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

_BY_ROOT = "publish_via_partition_root = true"


def _contents(publication: Publication, context: Context) -> list[str]:
    found = [published(entry, context) for entry in publication.tables]
    if publication.schemas:
        names = ", ".join(name(schema) for schema in publication.schemas)
        found.append(f"TABLES IN SCHEMA {names}")
    return found


def _listed(contents: list[str]) -> str:
    """What is published, the word TABLE said once: tables come first."""
    first, *others = contents
    return ", ".join([first, *(entry.removeprefix("TABLE ") for entry in others)])


def create_publication(publication: Entity, context: Context) -> Iterator[Statement]:
    """CREATE PUBLICATION."""
    assert isinstance(publication, Publication)
    contents = _contents(publication, context)
    what = " FOR ALL TABLES" if publication.all_tables else ""
    if contents:
        what = f" FOR {_listed(contents)}"
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
    options = [option for option in after.options if option not in before.options]
    # A partitioned table has a list or a filter only while that is true.
    if _BY_ROOT in options:
        yield from _alter_options(before, after, options)
    if {"tables", "schemas"} & set(attributes):
        yield from _alter_contents(before, after, context)
    if "options" in attributes and _BY_ROOT not in options:
        yield from _alter_options(before, after, options)
    yield from settings.altered_settings(before, after, attributes)


def _alter_contents(
    before: Publication, after: Publication, context: Context
) -> Iterator[Statement]:
    target = f"ALTER {phrase(after)}"
    contents = _contents(after, context)
    if contents:
        yield Statement(sql=f"{target} SET {_listed(contents)}")
    else:
        for entry in _contents(before, context):
            plain = entry.split(" WHERE (", 1)[0].split(" (", 1)[0]
            yield Statement(sql=f"{target} DROP {plain}")


def _alter_options(
    before: Publication, after: Publication, options: list[str]
) -> Iterator[Statement]:
    kept = {o.split(" = ")[0] for o in after.options}
    lost = {o.split(" = ")[0] for o in before.options} - kept
    said = [*options, *(f"{key} = none" for key in sorted(lost))]
    yield Statement(sql=f"ALTER {phrase(after)} SET ({', '.join(said)})")


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
        secrets=connection_secret(subscription),
    )
    if subscription.enabled:
        yield Statement(sql=f"ALTER {phrase(subscription)} ENABLE")
    yield from settings.after_creation(subscription, context.live)


def drop_subscription(subscription: Entity, context: Context) -> Iterator[Statement]:
    """DROP SUBSCRIPTION with its slot left to the publisher's administrator."""
    assert isinstance(subscription, Subscription)
    if subscription.enabled:
        yield Statement(sql=f"ALTER {phrase(subscription)} DISABLE")
    # Said of one that has no slot as well: only then may a transaction drop it.
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
            secrets=connection_secret(after),
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
