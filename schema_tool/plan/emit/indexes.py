"""Indexes that no constraint owns."""

from __future__ import annotations

import re
from dataclasses import replace
from string import digits
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, Index
from schema_tool.catalog.quoting import name, qualified
from schema_tool.hazards import Hazard
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.expression import bare, place_of
from schema_tool.plan.emit.phrase import address, suffixed
from schema_tool.plan.emit.rewritten import comes_with_rewrite, goes_with_rewrite
from schema_tool.plan.steps import Danger, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.catalog.model.relation import Constraint
    from schema_tool.plan.emit.context import Context

# Others, such as BRIN's pages_per_range, hold for the index as it is built.
_SETTABLE = frozenset(
    {"fillfactor", "fastupdate", "gin_pending_list_limit", "autosummarize", "deduplicate_items"}
)
_WHERE = " WHERE "
_CREATE_INDEX = re.compile(r"^CREATE (UNIQUE )?INDEX ")


_NEW = "__new"
EQUAL_ROWS = "where two rows are equal in {}"


def fresh_name(index: str) -> str:
    """The name under which an index is built beside the one that it replaces."""
    return suffixed(index, _NEW)


def called(index: Index, own: str) -> Index:
    """The index under another name, which its definition says, too."""
    schema, known = index.identity.parts
    text = index.definition.replace(f" {name(known)} ON ", f" {name(own)} ON ", 1)
    return replace(index, identity=Identity(Kind.INDEX, (schema, own)), definition=text)


def calling(statement: Statement, named: Index, index: Index) -> Statement:
    """What it costs to build one that is called otherwise meanwhile, by the name that it gets."""
    dangers = (
        replace(danger, fails=danger.fails.replace(named.identity.name, index.identity.name))
        for danger in statement.dangers
    )
    return replace(statement, dangers=tuple(dangers))


def cluster_on(table: Identity, index: str) -> Statement:
    """CLUSTER ON an index, which takes it from the one that had it."""
    return Statement(sql=f"ALTER TABLE {qualified(*table.parts)} CLUSTER ON {name(index)}")


def changed_cluster(
    table: Identity, after: Index | Constraint, context: Context
) -> Iterator[Statement]:
    """CLUSTER ON an index, or on none where no other of the table is wished for."""
    if after.clustered:
        yield cluster_on(table, after.identity.parts[-1])
        return
    of_indexes = any(i.clustered and i.table == table for i in context.desired.each(Index))
    if not of_indexes and not any(c.clustered for c in context.constraints_of.get(table.parts, ())):
        yield Statement(sql=f"ALTER TABLE {qualified(*table.parts)} SET WITHOUT CLUSTER")


def create_index(index: Entity, context: Context) -> Iterator[Statement]:
    """CREATE INDEX, concurrently where others may be writing."""
    assert isinstance(index, Index)
    definition = definition_of(index)
    if index.partitioned and index.valid and index.identity not in context.attached:
        # ON ONLY, as the server prints it, would leave it invalid until all are attached.
        definition = definition.replace(" ON ONLY ", " ON ", 1)
    new = context.is_new(index.table)
    apart = context.online and not new and not index.partitioned
    meanwhile = context.online and not new and comes_with_rewrite(index, index.table, context)
    if apart and not meanwhile:
        yield build_index(index, context)
    else:
        # As a column is converted, its table is locked already.
        lock = LockMode.ACCESS_EXCLUSIVE if meanwhile else LockMode.SHARE
        yield Statement(sql=definition, dangers=() if new else tuple(_costs(index, lock, context)))
    if index.parent and not context.joins(index.table):
        parent = qualified(*index.parent.parts)
        yield Statement(sql=f"ALTER INDEX {parent} ATTACH PARTITION {address(index)}")
    yield from index_settings(index)


def build_index(index: Index, context: Context) -> Statement:
    """CREATE INDEX CONCURRENTLY, alone."""
    sql = _CREATE_INDEX.sub(r"CREATE \1INDEX CONCURRENTLY ", definition_of(index))
    dangers = tuple(_costs(index, LockMode.SHARE_UPDATE_EXCLUSIVE, context))
    return Statement(sql=sql, dangers=dangers, alone=True)


def _costs(index: Index, lock: LockMode, context: Context) -> Iterator[Danger]:
    """That it is built, and that rows may be in the way of a unique one."""
    old = context.live.objects.get(index.identity)
    same = isinstance(old, Index) and old.valid and old.definition == index.definition
    if index.unique and not same:
        fails = EQUAL_ROWS.format(index.identity.name)
        yield Danger(hazard=Hazard.REQUIRE_CONSTRAINT, lock=lock, fails=fails)
    yield Danger(hazard=Hazard.BUILD_INDEX, lock=lock)


def definition_of(index: Index) -> str:
    """CREATE INDEX as people write it, with its options and tablespace before its WHERE."""
    definition = index.definition.replace(" USING btree (", " (", 1)
    position = place_of(definition, _WHERE)
    clause = f" WITH ({settings.storage_options(index.options)})" if index.options else ""
    clause += f" TABLESPACE {name(index.tablespace)}" if index.tablespace else ""
    if position < 0:
        return definition + clause
    condition = bare(definition[position + len(_WHERE) :])
    return f"{definition[:position]}{clause}{_WHERE}{condition}"


def is_named_by_server(part: Index | Constraint) -> bool:
    """Whether a partition's has the name that the server gives, or that with a number."""
    return part.identity.parts[-1].rstrip(digits) == part.usual_name.rstrip(digits)


def statistics_targets(index: Index, *, handed: tuple[str, ...] = ()) -> Iterator[Statement]:
    """SET STATISTICS of each column of an index, and of those that a parent's may have set."""
    numbers = {entry.partition("=")[0]: "-1" for entry in handed}
    numbers |= dict(entry.split("=") for entry in index.statistics)
    for number, target in numbers.items():
        clause = f"ALTER COLUMN {number} SET STATISTICS {target}"
        yield Statement(sql=f"ALTER INDEX {address(index)} {clause}")


def index_settings(index: Index, *, handed: tuple[str, ...] = ()) -> Iterator[Statement]:
    """What CREATE INDEX cannot say; `handed`: the statistics that a parent's may have set."""
    yield from statistics_targets(index, handed=handed)
    if index.clustered:
        yield cluster_on(index.table, index.identity.parts[1])
    if index.comment:
        yield settings.comment(index)


def drop_index(index: Entity, context: Context) -> Iterator[Statement]:
    """DROP INDEX, concurrently where others may be reading."""
    assert isinstance(index, Index)
    plain = index.partitioned or index.parent or not context.online
    if plain or goes_with_rewrite(index, context):
        yield Statement(sql=f"DROP INDEX {address(index)}")
    else:
        yield Statement(sql=f"DROP INDEX CONCURRENTLY {address(index)}", alone=True)


def must_rebuild_index(before: Index, after: Index, attributes: tuple[str, ...]) -> bool:
    """Whether the index has to be built again."""
    if {"definition", "table", "unique"} & set(attributes):
        return True
    if "options" in attributes and (after.partitioned or not _settable(before, after)):
        return True
    if after.partitioned and not after.valid and before.valid:
        return True
    return "valid" in attributes and not after.partitioned and not before.valid


def _settable(before: Index, after: Index) -> bool:
    """Whether the options that differ hold for what is written from now on."""
    differing = set(before.options) ^ set(after.options)
    return {option.partition("=")[0] for option in differing} <= _SETTABLE


def _build_again(index: Index, context: Context) -> Statement:
    """REINDEX; of a partitioned one in no transaction."""
    beside = " CONCURRENTLY" if context.online else ""
    lock = LockMode.SHARE_UPDATE_EXCLUSIVE if context.online else LockMode.ACCESS_EXCLUSIVE
    return Statement(
        sql=f"REINDEX INDEX{beside} {address(index)}",
        dangers=(Danger(hazard=Hazard.BUILD_INDEX, lock=lock),),
        alone=context.online or index.partitioned,
    )


def alter_index(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Name, tablespace, statistics, clustering, attachment, comment."""
    assert isinstance(before, Index)
    assert isinstance(after, Index)
    if before.identity != after.identity:
        new = name(after.identity.parts[1])
        yield Statement(sql=f"ALTER INDEX {address(before)} RENAME TO {new}")
    if "contents" in attributes:
        yield _build_again(after, context)
    for clause in settings.changed_storage_options(before.options, after.options):
        yield Statement(sql=f"ALTER INDEX {address(after)} {clause}")
    if "tablespace" in attributes:
        space = name(after.tablespace or "pg_default")
        yield Statement(sql=f"ALTER INDEX {address(after)} SET TABLESPACE {space}")
    if "statistics" in attributes:
        yield from statistics_targets(after, handed=before.statistics)
    if "clustered" in attributes:
        yield from changed_cluster(after.table, after, context)
    if "parent" in attributes and after.parent and not context.joins(after.table):
        parent = qualified(*after.parent.parts)
        yield Statement(sql=f"ALTER INDEX {parent} ATTACH PARTITION {address(after)}")
    if before.comment != after.comment:
        yield settings.comment(after)
