"""Indexes and keys that the server makes with a new partition: their names and settings."""

from __future__ import annotations

from string import digits
from typing import TYPE_CHECKING

from schema_tool.catalog.model.relation import Constraint, Index
from schema_tool.catalog.quoting import do_block, literal, name, qualified
from schema_tool.plan.children.given_names import given_name, is_reference, source_of, table_of_part
from schema_tool.plan.children.indexes import whole_of
from schema_tool.plan.decide.converted_parts import gets_comment
from schema_tool.plan.emit.index_parts import is_built_by_parts
from schema_tool.plan.emit.indexes import fresh_name, index_settings, statistics_targets
from schema_tool.plan.emit.keys import constraint_settings, is_put_together, key_parts
from schema_tool.plan.emit.phrase import table_of
from schema_tool.plan.emit.settings import changed_storage_options, comment
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Identity
    from schema_tool.catalog.model.entity import Entity, Options
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context


def is_given(part: Entity, context: Context) -> bool:
    """Whether the server makes it with the partition, for what the parent has."""
    if not isinstance(part, Index | Constraint) or part.parent is None:
        return False
    if isinstance(part, Constraint):
        named = bool(part.usual_name) or is_reference(part)
        return named and context.is_new(table_of_part(part))
    above = context.desired.objects[part.parent]
    assert isinstance(above, Index)
    # One that not all partitions have is made after them, unless it has been there.
    stays = above.identity in context.live.objects and above.identity not in context.rebuilt
    return context.is_new(part.table) and (above.valid or stays)


def has_given_parts(table: Identity, context: Context) -> bool:
    """Whether a new partition has indexes from those of its parent that are put together."""
    parts = (context.desired.objects[part] for part in context.parts.get(table, ()))
    return any(
        isinstance(part, Index) and part.parent in context.attached and is_given(part, context)
        for part in parts
    )


def settle_given(part: Index | Constraint, context: Context) -> Iterator[Statement]:
    """Its name, where the server chooses another, and what CREATE TABLE cannot say."""
    if _is_built_with_whole(part, context):
        return
    yield from _named(part, context)
    yield from _settings(part, context)


def settle_converted(
    part: Index | Constraint, decisions: Decisions, context: Context
) -> Iterator[Statement]:
    """The same of one that the server has made anew as a column got another type."""
    if part.parent is None:
        assert isinstance(part, Index)
        yield from statistics_targets(part)
        return
    schema, own = part.identity.parts[0], part.identity.parts[-1]
    beside = (
        other for other in _beside(part, context) if other.identity in decisions.converted_parts
    )
    given, others = part.usual_name, {other.usual_name for other in beside}
    free = given not in context.live_names[schema] and given not in context.desired_names[schema]
    if own != given:
        taken = own.rstrip(digits) in {other.rstrip(digits) for other in others}
        if taken or given in others or not free:
            yield Statement(sql=_look_up(part, taken=taken))
        else:
            yield _renamed(part, given)
    yield from _settings(part, context, anew=True)
    if gets_comment(part, context.live, context.desired):
        yield comment(part, "", target=f"INDEX {qualified(schema, own)}")


def _renamed(part: Index | Constraint, given: str) -> Statement:
    if isinstance(part, Constraint):
        rename = f"TABLE {table_of(part)} RENAME CONSTRAINT {name(given)}"
    else:
        rename = f"INDEX {qualified(part.identity.parts[0], given)} RENAME"
    return Statement(sql=f"ALTER {rename} TO {name(part.identity.parts[-1])}")


def _settings(
    part: Index | Constraint, context: Context, *, anew: bool = False
) -> Iterator[Statement]:
    assert part.parent is not None
    above = context.desired.objects[part.parent]
    assert isinstance(above, Index | Constraint)
    index = qualified(part.identity.parts[0], part.identity.parts[-1])
    for clause in changed_storage_options(_options(above), _options(part)):
        yield Statement(sql=f"ALTER INDEX {index} {clause}")
    if isinstance(part, Constraint):
        yield from constraint_settings(part)
        return
    assert isinstance(above, Index)
    # What is set on an index is set on those of the partitions that are there.
    handed = above.statistics if anew or context.is_new(above.table) else ()
    yield from index_settings(part, handed=handed)


def _options(part: Index | Constraint) -> Options:
    return part.options if isinstance(part, Index) else part.index_options


def _is_built_with_whole(part: Index | Constraint, context: Context) -> bool:
    """Whether the whole is made now, put together of parts that have their own names."""
    identity = whole_of(part, context.desired)
    before, whole = context.live.objects.get(identity), context.desired.objects[identity]
    stays = before is not None and identity not in context.rebuilt
    if isinstance(whole, Constraint):
        put = part in key_parts(whole, context) and is_put_together(whole, context)
        return put and not stays
    assert isinstance(whole, Index)
    if stays and isinstance(before, Index) and before.definition == whole.definition:
        return False
    return is_built_by_parts(whole, context)


def _named(part: Index | Constraint, context: Context) -> Iterator[Statement]:
    own = part.identity.parts[-1]
    if is_reference(part):
        yield from _named_reference(part, context)
        return
    given = _given(part, context)
    others = [_given(other, context) for other in _beside(part, context)]
    taken = own.rstrip(digits) in (other.rstrip(digits) for other in others)
    if taken or given in others or not _is_predictable(given, part, context):
        yield Statement(sql=_look_up(part, taken=taken))
    elif own != given:
        yield _renamed(part, given)


def _named_reference(part: Index | Constraint, context: Context) -> Iterator[Statement]:
    """As its parent's, or, where that came by an ALTER TABLE of one above, as that."""
    assert part.parent is not None
    own, above = part.identity.parts[-1], part.parent
    table, whole = table_of(part), whole_of(part, context.desired)
    stays = whole in context.live.objects and whole not in context.rebuilt
    if above != whole and not (stays or whole in context.inline):
        found = " AND ".join(
            f"{which}.conrelid = {literal(qualified(*of))}::regclass"
            for which, of in (("c", part.identity.parts[:2]), ("p", above.parts[:2]))
        )
        yield Statement(
            sql=do_block(
                f"""
DECLARE
    given text;
BEGIN
    SELECT c.conname INTO STRICT given
    FROM pg_catalog.pg_constraint AS c
    JOIN pg_catalog.pg_constraint AS p ON p.oid = c.conparentid
    WHERE {found} AND p.conname = {literal(above.parts[-1])};
    IF given <> {literal(own)} THEN
        EXECUTE format(
            'ALTER TABLE %s RENAME CONSTRAINT %I TO %I', {literal(table)}, given, {literal(own)}
        );
    END IF;
END """  # noqa: S608
            )
        )
    elif own != above.parts[-1]:
        rename = f"RENAME CONSTRAINT {name(above.parts[-1])} TO {name(own)}"
        yield Statement(sql=f"ALTER TABLE {table} {rename}")


def _given(part: Index | Constraint, context: Context) -> str:
    """What the server tries first."""
    source = source_of(part, context.live, context.desired)
    return given_name(part, None if source and source.identity in context.rebuilt else source)


def _beside(part: Index | Constraint, context: Context) -> Iterator[Index | Constraint]:
    """The other indexes or keys that the server makes with the same partition."""
    for identity in context.parts.get(table_of_part(part), ()):
        other = context.desired.objects[identity]
        if isinstance(other, Index | Constraint) and other.usual_name and other != part:
            yield other


def _is_predictable(given: str, part: Index | Constraint, context: Context) -> bool:
    """Whether nothing else has, or could be given, the name that the server tries first."""
    schema = part.identity.parts[0]
    if given in context.live_names[schema]:
        return False
    return given == part.identity.parts[-1] or given not in context.desired_names[schema]


def _look_up(part: Index | Constraint, *, taken: bool) -> str:
    """Which name the server chose depends on all others: the parent tells whose index it is.

    Where another of the partition's may have got the name, that one leaves it until its own turn.
    """
    assert part.parent is not None
    schema, own = part.identity.parts[0], part.identity.parts[-1]
    table = literal(qualified(*table_of_part(part).parts))
    names = f"{literal(schema)}, given, {literal(own)}"
    renamed = f"EXECUTE format('ALTER INDEX %I.%I RENAME TO %I', {names});"
    if taken:
        other = f"{qualified(schema, own)} RENAME TO {name(fresh_name(own))}"
        renamed = f"ALTER INDEX IF EXISTS {other};\n        {renamed}"
    parent = literal(qualified(part.parent.parts[0], part.parent.parts[-1]))
    return do_block(
        f"""
DECLARE
    given text;
BEGIN
    SELECT c.relname INTO STRICT given
    FROM pg_catalog.pg_index AS i
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
    JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = i.indexrelid
    WHERE i.indrelid = {table}::regclass AND h.inhparent = {parent}::regclass;
    IF given <> {literal(own)} THEN
        {renamed}
    END IF;
END """  # noqa: S608
    )
