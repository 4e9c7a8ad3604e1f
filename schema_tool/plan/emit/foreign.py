"""Foreign data wrappers, servers, user mappings."""

# ruff: noqa: ARG001 - the registry calls all emitters alike

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.model.cluster import ForeignDataWrapper, Server, UserMapping
from schema_tool.catalog.quoting import literal, name
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.phrase import phrase
from schema_tool.plan.emit.secrets import mapping_secrets
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context


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
        secrets=tuple(mapping_secrets(mapping)),
    )


def alter_mapping(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Options."""
    assert isinstance(before, UserMapping)
    assert isinstance(after, UserMapping)
    clause = settings.changed_foreign_options(before.options, after.options)
    secrets = tuple(mapping_secrets(after))
    yield Statement(sql=f"ALTER {phrase(after)} {clause}", secrets=secrets)
