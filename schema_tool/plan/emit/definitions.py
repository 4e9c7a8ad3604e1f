"""Schemas, extensions and what depends on them, routines, event triggers, languages."""

# ruff: noqa: ARG001 - the registry calls all emitters alike

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.catalog.model.definition import EventTrigger, Extension, Language, Routine
from schema_tool.catalog.quoting import literal, name
from schema_tool.compare.changes import LETTERS
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.phrase import address, phrase
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

_DEFAULT = re.compile(r" DEFAULT .*$", re.DOTALL)
_ENABLED = LETTERS["enabled"]


def create_schema(schema: Entity, context: Context) -> Iterator[Statement]:
    """CREATE SCHEMA."""
    yield Statement(sql=f"CREATE {phrase(schema)}")
    yield from settings.after_creation(schema, context.live)


def create_extension(extension: Entity, context: Context) -> Iterator[Statement]:
    """CREATE EXTENSION in its schema and of its version, which need not be the server's own."""
    assert isinstance(extension, Extension)
    yield Statement(
        sql=f"CREATE EXTENSION {address(extension)} SCHEMA {name(extension.schema)}"
        f" VERSION {literal(extension.version)}"
    )
    if not extension.comes_with_comment:
        yield settings.comment(extension)


def version_key(version: str) -> tuple[int, ...]:
    """The numbers of a version, to tell an older from a newer one."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def alter_extension(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Version and schema."""
    assert isinstance(after, Extension)
    if "version" in attributes:
        yield Statement(sql=f"ALTER {phrase(after)} UPDATE TO {literal(after.version)}")
    if "schema" in attributes:
        yield Statement(sql=f"ALTER {phrase(after)} SET SCHEMA {name(after.schema)}")
    if "comment" in attributes:
        yield settings.comment(after)


def create_routine(routine: Entity, context: Context) -> Iterator[Statement]:
    """CREATE FUNCTION, PROCEDURE or AGGREGATE."""
    assert isinstance(routine, Routine)
    yield Statement(sql=routine.definition.replace("CREATE OR REPLACE", "CREATE", 1).strip())
    yield from settings.after_creation(routine, context.live)


def _names_and_types(arguments: str) -> str:
    return ",".join(_DEFAULT.sub("", part) for part in split_arguments(arguments))


def split_arguments(text: str) -> list[str]:
    """Arguments at their commas, minding brackets and quotes."""
    parts, depth, quote, begin = [], 0, "", 0
    for position, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[begin:position].strip())
            begin = position + 1
    parts.append(text[begin:].strip())
    return parts


def must_rebuild_routine(before: Routine, after: Routine, attributes: tuple[str, ...]) -> bool:
    """OR REPLACE keeps form, result, names of arguments, and only adds defaults."""
    if before.form != after.form or before.result != after.result:
        return True
    if before.arguments == after.arguments:
        return False
    if _names_and_types(before.arguments) != _names_and_types(after.arguments):
        return True
    old, new = split_arguments(before.arguments), split_arguments(after.arguments)
    return any(" DEFAULT " in a and " DEFAULT " not in b for a, b in zip(old, new, strict=True))


def alter_routine(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """OR REPLACE, owner, privileges, comment."""
    assert isinstance(after, Routine)
    if {"canonical", "arguments"} & set(attributes):
        yield Statement(sql=after.definition.strip())
    yield from settings.altered_settings(before, after, attributes)


def create_event_trigger(trigger: Entity, context: Context) -> Iterator[Statement]:
    """CREATE EVENT TRIGGER."""
    assert isinstance(trigger, EventTrigger)
    tags = ", ".join(literal(tag) for tag in trigger.written or trigger.tags)
    when = f" WHEN TAG IN ({tags})" if tags else ""
    head = f"CREATE {phrase(trigger)} ON {trigger.event}{when}"
    yield Statement(sql=f"{head} EXECUTE FUNCTION {trigger.function}()")
    if trigger.enabled != "O":
        yield Statement(sql=f"ALTER {phrase(trigger)} {_ENABLED[trigger.enabled]}")
    yield from settings.after_creation(trigger, context.live)


def must_rebuild_event_trigger(
    before: EventTrigger, after: EventTrigger, attributes: tuple[str, ...]
) -> bool:
    """Only the state can be altered."""
    return bool({"event", "tags", "function"} & set(attributes))


def alter_event_trigger(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """The enabled state."""
    assert isinstance(after, EventTrigger)
    if "enabled" in attributes:
        yield Statement(sql=f"ALTER {phrase(after)} {_ENABLED[after.enabled]}")
    yield from settings.altered_settings(before, after, attributes)


def create_extension_use(entity: Entity, context: Context) -> Iterator[Statement]:
    """DEPENDS ON EXTENSION."""
    word, address, extension = entity.identity.parts
    yield Statement(sql=f"ALTER {word.upper()} {address} DEPENDS ON EXTENSION {name(extension)}")


def drop_extension_use(entity: Entity, context: Context) -> Iterator[Statement]:
    """NO DEPENDS ON EXTENSION."""
    word, address, extension = entity.identity.parts
    yield Statement(sql=f"ALTER {word.upper()} {address} NO DEPENDS ON EXTENSION {name(extension)}")


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
