"""Schemas, extensions, views, routines, types, sequences, event triggers."""

# ruff: noqa: ARG001 - the registry calls all emitters alike

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.catalog.model.definition import (
    BaseType,
    Composite,
    Domain,
    DomainConstraint,
    Enum,
    EventTrigger,
    Extension,
    Range,
    Routine,
)
from schema_tool.catalog.model.relation import MaterializedView, Sequence, View
from schema_tool.catalog.quoting import literal, name, qualified
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.columns import sequence_options
from schema_tool.plan.emit.phrase import address, phrase
from schema_tool.plan.steps import Danger, Hazard, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

_DEFAULT = re.compile(r" DEFAULT .*$", re.DOTALL)
_ENABLED = {"O": "ENABLE", "D": "DISABLE", "R": "ENABLE REPLICA", "A": "ENABLE ALWAYS"}


def create_schema(schema: Entity, context: Context) -> Iterator[Statement]:
    """CREATE SCHEMA."""
    yield Statement(sql=f"CREATE {phrase(schema)}")
    yield from settings.after_creation(schema, context.live)


def create_extension(extension: Entity, context: Context) -> Iterator[Statement]:
    """CREATE EXTENSION in its schema; the version is the server's own unless it must differ."""
    assert isinstance(extension, Extension)
    yield Statement(
        sql=f"CREATE EXTENSION {address(extension)} SCHEMA {name(extension.schema)}"
        f" VERSION {literal(extension.version)}"
    )
    if extension.comment:
        yield settings.comment(extension)


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


# --- views -----------------------------------------------------------------------------------


def _with(options: tuple[str, ...]) -> str:
    return f" WITH ({settings.storage_options(options)})" if options else ""


def _replaced_view(view: View) -> str:
    return f"CREATE OR REPLACE VIEW {address(view)}{_with(view.options)} AS\n{view.definition}"


def create_view(view: Entity, context: Context) -> Iterator[Statement]:
    """CREATE VIEW with its options."""
    assert isinstance(view, View)
    yield Statement(sql=f"CREATE VIEW {address(view)}{_with(view.options)} AS\n{view.definition}")
    yield from settings.after_creation(view, context.live)


def must_rebuild_view(before: View, after: View, attributes: tuple[str, ...]) -> bool:
    """OR REPLACE can only add columns at the end."""
    if "definition" not in attributes:
        return False
    return after.columns[: len(before.columns)] != before.columns


def alter_view(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """OR REPLACE, or the options."""
    assert isinstance(before, View)
    assert isinstance(after, View)
    if "definition" in attributes:
        yield Statement(sql=_replaced_view(after))
    elif "options" in attributes:
        for clause in settings.changed_storage_options(before.options, after.options):
            yield Statement(sql=f"ALTER {phrase(after)} {clause}")
    yield from settings.altered_settings(before, after, attributes)


def create_materialized_view(view: Entity, context: Context) -> Iterator[Statement]:
    """CREATE MATERIALIZED VIEW, filled when the live one was or when it is new."""
    assert isinstance(view, MaterializedView)
    live = context.live.objects.get(view.identity)
    filled = live.populated if isinstance(live, MaterializedView) else view.populated
    using = f" USING {name(view.access_method)}" if view.access_method else ""
    space = f" TABLESPACE {name(view.tablespace)}" if view.tablespace else ""
    end = "WITH DATA" if filled else "WITH NO DATA"
    yield Statement(
        sql=f"CREATE MATERIALIZED VIEW {address(view)}{using}{_with(view.options)}{space} AS\n"
        f"{view.definition}\n{end}"
    )
    yield from settings.after_creation(view, context.live)


def alter_materialized_view(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Options, tablespace, access method."""
    assert isinstance(before, MaterializedView)
    assert isinstance(after, MaterializedView)
    for clause in settings.changed_storage_options(before.options, after.options):
        yield Statement(sql=f"ALTER {phrase(after)} {clause}")
    if "tablespace" in attributes:
        space = name(after.tablespace or "pg_default")
        yield Statement(sql=f"ALTER {phrase(after)} SET TABLESPACE {space}")
    if "access_method" in attributes:
        method = name(after.access_method or "heap")
        yield Statement(sql=f"ALTER {phrase(after)} SET ACCESS METHOD {method}")
    yield from settings.altered_settings(before, after, attributes)


# --- sequences -------------------------------------------------------------------------------


def create_sequence(sequence: Entity, context: Context) -> Iterator[Statement]:
    """CREATE SEQUENCE; an identity column brings its own."""
    assert isinstance(sequence, Sequence)
    if not sequence.internal:
        unlogged = "UNLOGGED " if sequence.unlogged else ""
        options = " ".join(["", *sequence_options(sequence)])
        yield Statement(sql=f"CREATE {unlogged}SEQUENCE {address(sequence)}{options}")
        yield from settings.after_creation(sequence, context.live)
        return
    before = settings.privileges_at_birth(sequence, context.live)
    yield from settings.privileges(sequence, before, sequence.privileges, sequence.owner)
    if sequence.comment:
        yield settings.comment(sequence)


def own_sequence(sequence: Sequence) -> Statement:
    """OWNED BY, once both the sequence and the column exist."""
    column = qualified(*sequence.owned_by.parts) if sequence.owned_by else "NONE"
    return Statement(sql=f"ALTER SEQUENCE {address(sequence)} OWNED BY {column}")


def drop_sequence(sequence: Entity, context: Context) -> Iterator[Statement]:
    """DROP SEQUENCE; its position is lost."""
    loses = f"the position of {sequence.identity.name}"
    danger = Danger(hazard=Hazard.DROP_SEQUENCE, loses=loses)
    yield Statement(sql=f"DROP {phrase(sequence)}", dangers=(danger,))


def alter_sequence(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Type, bounds, increment and the rest; never the current value."""
    assert isinstance(before, Sequence)
    assert isinstance(after, Sequence)
    words = []
    if "type" in attributes:
        words.append(f"AS {after.type}")
    simple = {
        "increment": f"INCREMENT BY {after.increment}",
        "minimum": f"MINVALUE {after.minimum}",
        "maximum": f"MAXVALUE {after.maximum}",
        "start": f"START WITH {after.start}",
        "cache": f"CACHE {after.cache}",
        "cycle": "CYCLE" if after.cycle else "NO CYCLE",
    }
    bounds = {"minimum", "maximum"} if "type" in attributes else set()
    words += [text for key, text in simple.items() if key in attributes or key in bounds]
    low, high = max(before.minimum, after.minimum), min(before.maximum, after.maximum)
    if low > high:
        words.append(f"RESTART WITH {after.start}")
    elif low > before.minimum or high < before.maximum:
        # Where the sequence stands must be within the new bounds.
        place, target = literal(address(after)), address(after)
        yield Statement(
            sql=f"SELECT setval({place}, least(greatest(last_value, {low}), {high}), is_called)"  # noqa: S608
            f" FROM {target} WHERE last_value NOT BETWEEN {low} AND {high}"
        )
    if words:
        yield Statement(sql=f"ALTER SEQUENCE {address(after)} {' '.join(words)}")
    if "unlogged" in attributes:
        word = "UNLOGGED" if after.unlogged else "LOGGED"
        yield Statement(sql=f"ALTER SEQUENCE {address(after)} SET {word}")
    if "owner" in attributes and after.owned_by:
        # An owned sequence follows its table.
        attributes = tuple(entry for entry in attributes if entry != "owner")
    yield from settings.altered_settings(before, after, attributes)


# --- routines --------------------------------------------------------------------------------


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
    tags = ", ".join(literal(tag) for tag in trigger.tags)
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


# --- types -----------------------------------------------------------------------------------


def create_enum(enum: Entity, context: Context) -> Iterator[Statement]:
    """CREATE TYPE … AS ENUM."""
    assert isinstance(enum, Enum)
    values = ", ".join(literal(value) for value in enum.values)
    yield Statement(sql=f"CREATE TYPE {address(enum)} AS ENUM ({values})")
    yield from settings.after_creation(enum, context.live)


def must_rebuild_enum(before: Enum, after: Enum, attributes: tuple[str, ...]) -> bool:
    """Values can be added anywhere, but neither removed nor moved."""
    kept = tuple(value for value in after.values if value in before.values)
    return kept != before.values


def alter_enum(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """ADD VALUE at its place; the value can be used only after a commit."""
    assert isinstance(before, Enum)
    assert isinstance(after, Enum)
    present = list(before.values)
    for position, value in enumerate(after.values):
        if value in present:
            continue
        if position:
            where = f" AFTER {literal(after.values[position - 1])}"
        else:
            where = f" BEFORE {literal(present[0])}" if present else ""
        yield Statement(
            sql=f"ALTER TYPE {address(after)} ADD VALUE {literal(value)}{where}", commits=True
        )
        present.append(value) if position else present.insert(0, value)
    yield from settings.altered_settings(before, after, attributes)


def _domain_constraint(constraint: DomainConstraint) -> str:
    return f"CONSTRAINT {name(constraint.name)} {constraint.definition}"


def create_domain(domain: Entity, context: Context) -> Iterator[Statement]:
    """CREATE DOMAIN with its constraints."""
    assert isinstance(domain, Domain)
    parts = [f"CREATE DOMAIN {address(domain)} AS {domain.base_type}"]
    if domain.collation:
        parts.append(f"COLLATE {domain.collation}")
    if domain.default:
        parts.append(f"DEFAULT {domain.default}")
    named = [entry for entry in domain.constraints if entry.definition.startswith("NOT NULL")]
    if domain.not_null and not named:
        parts.append("NOT NULL")
    parts += [_domain_constraint(entry) for entry in domain.constraints if entry.valid]
    yield Statement(sql=" ".join(parts))
    for entry in domain.constraints:
        if not entry.valid:
            yield Statement(sql=f"ALTER {phrase(domain)} ADD {_domain_constraint(entry)}")
        yield from _domain_comment(domain, entry, "")
    yield from settings.after_creation(domain, context.live)


def _domain_comment(domain: Domain, entry: DomainConstraint, before: str) -> Iterator[Statement]:
    if entry.comment != before:
        target = f"CONSTRAINT {name(entry.name)} ON DOMAIN {address(domain)}"
        yield settings.comment(domain, entry.comment, target=target)


def must_rebuild_domain(before: Domain, after: Domain, attributes: tuple[str, ...]) -> bool:
    """The base type and its collation are for ever."""
    return bool({"base_type", "collation"} & set(attributes))


def alter_domain(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Default, NOT NULL and constraints."""
    assert isinstance(before, Domain)
    assert isinstance(after, Domain)
    target = f"ALTER {phrase(after)}"
    if "default" in attributes:
        clause = f"SET DEFAULT {after.default}" if after.default else "DROP DEFAULT"
        yield Statement(sql=f"{target} {clause}")
    yield from _alter_domain_constraints(before, after, target)
    has_row = any(
        e.definition.startswith("NOT NULL") for e in (*before.constraints, *after.constraints)
    )
    if "not_null" in attributes and not has_row:
        clause = "SET NOT NULL" if after.not_null else "DROP NOT NULL"
        yield Statement(sql=f"{target} {clause}")
    yield from settings.altered_settings(before, after, attributes)


def _alter_domain_constraints(before: Domain, after: Domain, target: str) -> Iterator[Statement]:
    old = {entry.name: entry for entry in before.constraints}
    new = {entry.name: entry for entry in after.constraints}
    scan = (Danger(hazard=Hazard.REQUIRE_CONSTRAINT, lock=LockMode.SHARE),)
    for key, entry in old.items():
        if (
            key not in new
            or _bare(new[key]) != _bare(entry)
            or (entry.valid and not new[key].valid)
        ):
            yield Statement(sql=f"{target} DROP CONSTRAINT {name(key)}")
    for key, entry in new.items():
        known = old.get(key)
        if known is None or _bare(known) != _bare(entry) or (known.valid and not entry.valid):
            yield Statement(sql=f"{target} ADD {_domain_constraint(entry)}", dangers=scan)
            yield from _domain_comment(after, entry, "")
        else:
            if entry.valid and not known.valid:
                yield Statement(sql=f"{target} VALIDATE CONSTRAINT {name(key)}", dangers=scan)
            yield from _domain_comment(after, entry, known.comment)


def _bare(entry: DomainConstraint) -> str:
    return entry.definition.removesuffix(" NOT VALID")


def create_composite(composite: Entity, context: Context) -> Iterator[Statement]:
    """CREATE TYPE … AS (…)."""
    assert isinstance(composite, Composite)
    entries = [
        f"{name(a.name)} {a.type}" + (f" COLLATE {a.collation}" if a.collation else "")
        for a in composite.attributes
    ]
    body = "(\n    " + ",\n    ".join(entries) + "\n)" if entries else "()"
    yield Statement(sql=f"CREATE TYPE {address(composite)} AS {body}")
    for attribute in composite.attributes:
        if attribute.comment:
            target = f"COLUMN {address(composite)}.{name(attribute.name)}"
            yield settings.comment(composite, attribute.comment, target=target)
    yield from settings.after_creation(composite, context.live)


def must_rebuild_composite(
    before: Composite, after: Composite, attributes: tuple[str, ...]
) -> bool:
    """Attributes are added at the end only."""
    kept = [a.name for a in after.attributes if a.name in {b.name for b in before.attributes}]
    old_order = [b.name for b in before.attributes if b.name in set(kept)]
    starts = [a.name for a in after.attributes][: len(kept)] == kept
    return kept != old_order or not starts


def alter_composite(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """ADD, DROP and ALTER ATTRIBUTE."""
    assert isinstance(before, Composite)
    assert isinstance(after, Composite)
    target = f"ALTER TYPE {address(after)}"
    old = {entry.name: entry for entry in before.attributes}
    new = {entry.name: entry for entry in after.attributes}
    for key in old:
        if key not in new:
            loses = f"the values of {after.identity.name}.{key}"
            danger = Danger(hazard=Hazard.DROP_COLUMN, loses=loses)
            yield Statement(sql=f"{target} DROP ATTRIBUTE {name(key)} CASCADE", dangers=(danger,))
    for key, entry in new.items():
        collate = f" COLLATE {entry.collation}" if entry.collation else ""
        known = old.get(key)
        if known is None:
            yield Statement(sql=f"{target} ADD ATTRIBUTE {name(key)} {entry.type}{collate} CASCADE")
        elif (known.type, known.collation) != (entry.type, entry.collation):
            yield Statement(
                sql=f"{target} ALTER ATTRIBUTE {name(key)} TYPE {entry.type}{collate} CASCADE"
            )
        if entry.comment != (known.comment if known else ""):
            column = f"COLUMN {address(after)}.{name(key)}"
            yield settings.comment(after, entry.comment, target=column)
    yield from settings.altered_settings(before, after, attributes)


def create_range(kind: Entity, context: Context) -> Iterator[Statement]:
    """CREATE TYPE … AS RANGE."""
    assert isinstance(kind, Range)
    parts = [f"SUBTYPE = {kind.subtype}"]
    named = {
        "SUBTYPE_OPCLASS": kind.subtype_opclass,
        "COLLATION": kind.collation,
        "CANONICAL": kind.canonical,
        "SUBTYPE_DIFF": kind.subtype_diff,
        "MULTIRANGE_TYPE_NAME": kind.multirange,
    }
    parts += [f"{key} = {value}" for key, value in named.items() if value]
    yield Statement(sql=f"CREATE TYPE {address(kind)} AS RANGE ({', '.join(parts)})")
    yield from settings.after_creation(kind, context.live)


def rename_range_functions(kind: Range, suffix: str) -> Iterator[Statement]:
    """Renaming a range type leaves its constructors and its multirange their names."""
    schema, named = kind.identity.parts
    old_range = qualified(schema, f"{named}{suffix}")
    multirange = kind.multirange.rsplit(".", 1)[-1].strip('"')
    for arguments in (f"{kind.subtype}, {kind.subtype}", f"{kind.subtype}, {kind.subtype}, text"):
        yield Statement(
            sql=f"ALTER FUNCTION {qualified(schema, named)}({arguments})"
            f" RENAME TO {name(f'{named}{suffix}')}"
        )
    for arguments in ("", old_range, f"VARIADIC {old_range}[]"):
        yield Statement(
            sql=f"ALTER FUNCTION {kind.multirange}({arguments})"
            f" RENAME TO {name(f'{multirange}{suffix}')}"
        )
    yield Statement(sql=f"ALTER TYPE {kind.multirange} RENAME TO {name(f'{multirange}{suffix}')}")


def create_base_type(kind: Entity, context: Context) -> Iterator[Statement]:
    """CREATE TYPE with its functions; without properties a shell."""
    assert isinstance(kind, BaseType)
    body = f" ({', '.join(kind.properties)})" if kind.properties else ""
    yield Statement(sql=f"CREATE TYPE {address(kind)}{body}")
    if body:
        yield from settings.after_creation(kind, context.live)
