"""Primary keys and unique constraints over indexes that are built beside traffic."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.catalog.model.relation import Constraint, ConstraintForm
from schema_tool.catalog.quoting import name, qualified
from schema_tool.hazards import Hazard
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.expression import constraint_text
from schema_tool.plan.emit.indexes import EQUAL_ROWS, fresh_name, is_named_by_server
from schema_tool.plan.emit.phrase import table_identity, table_of
from schema_tool.plan.emit.rewritten import comes_with_rewrite
from schema_tool.plan.steps import Danger, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

KEYS = (ConstraintForm.PRIMARY_KEY, ConstraintForm.UNIQUE)


_FAILS = {
    ConstraintForm.CHECK: "where a row does not meet {}",
    ConstraintForm.FOREIGN_KEY: "where a row refers to none by {}",
    ConstraintForm.EXCLUSION: "where two rows exclude each other by {}",
}


def misfit(constraint: Constraint, context: Context) -> str:
    """Where rows that are there keep a constraint from being added, unless they meet it now."""
    old = context.live.objects.get(constraint.identity)
    same = isinstance(old, Constraint) and old.valid and old.definition == constraint.definition
    if same and constraint.references not in context.giving:
        return ""
    said = _FAILS.get(constraint.form, EQUAL_ROWS)
    return said.format(constraint.identity.name)


def add_constraint(constraint: Constraint, definition: str) -> str:
    """ALTER TABLE … ADD CONSTRAINT."""
    named = name(constraint.identity.parts[2])
    # Such a partitioned table's is valid once each partition's is attached.
    only = "ONLY " if constraint.form in KEYS and not constraint.valid else ""
    text = f"ADD CONSTRAINT {named} {constraint_text(definition)}"
    return f"ALTER TABLE {only}{table_of(constraint)} {text}"


def with_options(constraint: Constraint, definition: str) -> str:
    """The definition of a key with what its index shall be like."""
    extra = ""
    if constraint.index_options:
        extra += f" WITH ({settings.storage_options(constraint.index_options)})"
    if constraint.index_tablespace:
        extra += f" USING INDEX TABLESPACE {name(constraint.index_tablespace)}"
    if not extra:
        return definition
    # The options stand before DEFERRABLE and WHERE.
    found = re.search(r" (WHERE \(|DEFERRABLE|INITIALLY)", definition)
    position = found.start() if found else len(definition)
    return definition[:position] + extra + definition[position:]


def constraint_settings(constraint: Constraint) -> Iterator[Statement]:
    """What ADD CONSTRAINT cannot say."""
    if constraint.clustered:
        named = name(constraint.identity.parts[2])
        yield Statement(sql=f"ALTER TABLE {table_of(constraint)} CLUSTER ON {named}")
    if constraint.comment:
        yield settings.comment(constraint)
    if constraint.index_comment:
        yield index_comment(constraint)


def index_comment(constraint: Constraint) -> Statement:
    """COMMENT ON the index behind a key."""
    index = qualified(constraint.identity.parts[0], constraint.identity.parts[2])
    return settings.comment(constraint, constraint.index_comment, target=f"INDEX {index}")


def is_built_apart(constraint: Entity, context: Context) -> bool:
    """Whether a key's index is built first, without blocking writers."""
    if not isinstance(constraint, Constraint) or constraint.form not in KEYS:
        return False
    identity = table_identity(constraint)
    table = context.desired_table(identity)
    apart = context.online and not context.is_new(identity)
    if table is not None and table.partition_key:
        parts = key_parts(constraint, context)
        apart = apart and any(_is_built(part, context) for part in parts)
    apart = apart and "WITHOUT OVERLAPS" not in constraint.definition and bool(_parsed(constraint))
    return apart and not comes_with_rewrite(constraint, identity, context)


def _parsed(constraint: Constraint) -> re.Match[str] | None:
    return re.match(
        r"(?:PRIMARY KEY|UNIQUE)( NULLS NOT DISTINCT)? (\(.*?\))( INCLUDE \(.*?\))?(.*)$",
        constraint.definition,
    )


def _index_name(constraint: Constraint, context: Context) -> str:
    """The key's own name, where none that is there has it; joining renames the index."""
    schema, _, own = constraint.identity.parts
    return fresh_name(own) if own in context.live_names[schema] else own


def key_parts(constraint: Constraint, context: Context) -> list[Constraint]:
    """The keys of partitions that belong to a key, each before those of its own partitions.

    Nothing where not all of them can be told, or where partitions come and go.
    """
    found: list[Constraint] = []
    for table in context.partitions.get(table_identity(constraint), ()):
        keys = [
            key
            for key in context.constraints_of[table.parts]
            if key.inherited and key.form is constraint.form
            if key.definition == constraint.definition
        ]
        below = key_parts(keys[0], context) if len(keys) == 1 else []
        whole = len(keys) == 1 and bool(below) == bool(context.partitions.get(table))
        if not whole or not context.is_settled(table):
            return []
        found += [*keys, *below]
    return found


def _is_there(key: Constraint, context: Context) -> bool:
    """Whether a partition has had the key before its parent does."""
    old = context.live.objects.get(key.identity)
    if not isinstance(old, Constraint) or old.definition != key.definition:
        return False
    if key.handed and key.identity in context.rebuilt:
        return False
    return not (context.is_new(table_identity(key)) or old.inherited) or _is_attached(key, context)


def _is_attached(key: Constraint, context: Context) -> bool:
    """Whether it is and remains part of another partition's, which had that before."""
    old = context.live.objects.get(key.identity)
    above = context.desired.objects.get(key.parent) if key.parent else None
    same = isinstance(old, Constraint) and old.parent == key.parent
    return same and isinstance(above, Constraint) and _is_there(above, context)


def adopts_all(constraint: Constraint, context: Context) -> bool:
    """Whether all partitions have had the key before, so that nothing is built."""
    parts = key_parts(constraint, context)
    leaves = (k for k in parts if table_identity(k) not in context.partitions)
    return bool(parts) and all(_is_there(key, context) for key in leaves)


def _is_built(key: Constraint, context: Context) -> bool:
    table = table_identity(key)
    whole = bool(context.partitions.get(table)) or context.is_new(table)
    return context.online and not whole and not _is_there(key, context)


def is_put_together(constraint: Constraint, context: Context) -> bool:
    """Whether a key is added over indexes that are there, those of partitions one by one."""
    return is_built_apart(constraint, context) or has_other_parts(constraint, context)


def has_other_parts(constraint: Constraint, context: Context) -> bool:
    """Whether the keys that the server would give to partitions are not those that are wanted."""
    new = constraint.form not in KEYS or context.is_new(table_identity(constraint))
    for key in () if new else key_parts(constraint, context):
        said = key.comment or key.index_comment or key.index_options != constraint.index_options
        said = said or not is_named_by_server(key)
        if said and not _is_there(key, context):
            return True
    return False


def build_key(constraint: Entity, context: Context) -> Iterator[Statement]:
    """CREATE UNIQUE INDEX CONCURRENTLY for a key that is added over it, or for each partition's."""
    assert isinstance(constraint, Constraint)
    parts = key_parts(constraint, context)
    if not parts:
        yield _build(constraint, context)
    for key in parts:
        if _is_built(key, context):
            yield _build(key, context)


def _build(constraint: Constraint, context: Context) -> Statement:
    columns = _parsed(constraint)
    assert columns is not None
    lock = LockMode.SHARE_UPDATE_EXCLUSIVE
    needed = Danger(hazard=Hazard.REQUIRE_CONSTRAINT, lock=lock, fails=misfit(constraint, context))
    options = ""
    if constraint.index_options:
        options = f" WITH ({settings.storage_options(constraint.index_options)})"
    if constraint.index_tablespace:
        options += f" TABLESPACE {name(constraint.index_tablespace)}"
    index = name(_index_name(constraint, context))
    return Statement(
        sql=f"CREATE UNIQUE INDEX CONCURRENTLY {index} ON {table_of(constraint)} {columns[2]}"
        f"{columns[3] or ''}{columns[1] or ''}{options}",
        dangers=(needed,),
        alone=True,
    )


def key_over_indexes(constraint: Constraint, context: Context) -> Iterator[Statement]:
    """ADD CONSTRAINT over the index that is there.

    A partitioned table's is valid once each partition's is attached to it.
    """
    parts = key_parts(constraint, context)
    apart = is_built_apart(constraint, context)
    if not parts:
        yield _key_using_index(constraint, context)
    for key in (constraint, *parts) if parts else ():
        if apart and _is_built(key, context):
            yield _key_using_index(key, context)
        elif not _is_there(key, context):
            sql = add_constraint(key, with_options(key, key.definition))
            yield Statement(sql=sql.replace("ALTER TABLE ", "ALTER TABLE ONLY ", 1))
    for key in reversed(parts):
        table = context.desired_table(table_identity(key))
        assert table is not None
        if _is_attached(key, context):
            continue
        above = next(k for k in (constraint, *parts) if table_identity(k) == table.parents[0])
        whole, part = (qualified(*k.identity.parts[::2]) for k in (above, key))
        yield Statement(sql=f"ALTER INDEX {whole} ATTACH PARTITION {part}")
    for key in parts:
        if not _is_there(key, context):
            yield from constraint_settings(key)


def _key_using_index(constraint: Constraint, context: Context) -> Statement:
    columns = _parsed(constraint)
    assert columns is not None
    form = "PRIMARY KEY" if constraint.form is ConstraintForm.PRIMARY_KEY else "UNIQUE"
    index = name(_index_name(constraint, context))
    return Statement(sql=add_constraint(constraint, f"{form} USING INDEX {index}{columns[4]}"))
