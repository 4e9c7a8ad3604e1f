"""Tables, columns, constraints, indexes, sequences, views and what hangs on them."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from schema_tool.catalog.model.entity import Entity, Options, Owned, model

if TYPE_CHECKING:
    from schema_tool.catalog.identity import Identity
    from schema_tool.catalog.privileges import Privileges


class TableForm(StrEnum):
    """What stores a table's rows. Source: pg_class.relkind."""

    TABLE = "table"
    PARTITIONED = "partitioned table"
    FOREIGN = "foreign table"


@model(frozen=True, slots=True, kw_only=True)
class Table(Owned):
    """A table, partitioned table or foreign table, without its columns.

    `partition_bound` is the text after the parent's name in PARTITION OF; `parents` are in
    inheritance order, a partition's single parent included. `partition_rows` is the condition of
    the rows that a partition may have, with those of all tables above it.
    """

    form: TableForm
    unlogged: bool = False
    access_method: str = ""
    tablespace: str = ""
    options: Options = ()
    toast_options: Options = ()
    replica_identity: str = ""
    row_security: bool = False
    force_row_security: bool = False
    parents: tuple[Identity, ...] = ()
    partition_key: str = ""
    partition_bound: str = ""
    partition_rows: str = field(default="", compare=False)
    of_type: str = ""
    server: str = ""
    foreign_options: Options = ()

    @property
    def place(self) -> tuple[tuple[Identity, ...], bool]:
        """Its parents, and whether it is a partition or an heir of theirs."""
        return self.parents, bool(self.partition_bound)


@model(frozen=True, slots=True, kw_only=True)
class Column(Entity):
    """A column of a table. `position` counts from 1 and is compared only on request.

    `collation`, `storage` are empty where they are the type's own. `not_null_name` is empty when
    the constraint has the name that the server gives it, or (before 18) has none. `local`: the
    table declares it itself as well, which no ALTER can change. `not_null_inherited` is the name
    that an inherited NOT NULL has and will keep when the table leaves its parent;
    `not_null_local`: it will also outlive the parent's.
    """

    position: int = field(compare=False)
    type: str
    not_null: bool
    default: str = ""
    generated: str = ""
    identity_generation: str = ""
    collation: str = ""
    storage: str = ""
    compression: str = ""
    statistics: int | None = None
    options: Options = ()
    foreign_options: Options = ()
    inherited: bool = False
    local: bool = field(default=True, compare=False)
    not_null_name: str = ""
    not_null_no_inherit: bool = False
    not_null_valid: bool = True
    not_null_comment: str = ""
    not_null_inherited: str = field(default="", compare=False)
    not_null_local: bool = field(default=True, compare=False)
    privileges: Privileges = ()


class ConstraintForm(StrEnum):
    """What a constraint demands. Source: pg_constraint.contype."""

    CHECK = "check"
    FOREIGN_KEY = "foreign key"
    PRIMARY_KEY = "primary key"
    UNIQUE = "unique"
    EXCLUSION = "exclusion"


@model(frozen=True, slots=True, kw_only=True)
class Constraint(Entity):
    """A table's constraint; `definition` is what follows ADD CONSTRAINT name.

    `inherited`: it came from a parent and cannot be dropped by itself; `parent` is the one that a
    partition's is part of, and `usual_name` what the server would call that by itself. What a
    partitioned table's hands down to new partitions: the names that its columns had as it was made
    (`handed`), joined, and its `rank` among the others, in which those are named.
    `index_options` and what follows belong to the index behind a key.
    """

    form: ConstraintForm
    definition: str
    valid: bool = True
    inherited: bool = False
    local: bool = field(default=True, compare=False)
    parent: Identity | None = field(default=None, compare=False)
    usual_name: str = field(default="", compare=False)
    handed: str = field(default="", compare=False)
    rank: int = field(default=0, compare=False)
    columns: tuple[str, ...] = ()
    references: Identity | None = field(default=None, compare=False)
    index_options: Options = ()
    index_tablespace: str = ""
    index_comment: str = ""
    clustered: bool = False


@model(frozen=True, slots=True, kw_only=True)
class Index(Entity):
    """An index that no constraint owns; `parent` is the partitioned index it is attached to.

    `definition` is the whole CREATE INDEX but for its options; an index ON ONLY a partitioned
    table is invalid until every partition's is attached. `usual_name`, `handed` and `rank` are as
    a Constraint's.
    """

    table: Identity
    definition: str
    options: Options = ()
    unique: bool = False
    valid: bool = True
    clustered: bool = False
    partitioned: bool = False
    tablespace: str = ""
    parent: Identity | None = None
    usual_name: str = field(default="", compare=False)
    handed: str = field(default="", compare=False)
    rank: int = field(default=0, compare=False)
    statistics: tuple[str, ...] = ()
    columns: tuple[str, ...] = field(default=(), compare=False)


@model(frozen=True, slots=True, kw_only=True)
class Sequence(Owned):
    """A sequence; `owned_by` is the column that takes it along when dropped.

    `internal`: it serves an identity column and lives and dies with it.
    """

    type: str
    start: int
    increment: int
    minimum: int
    maximum: int
    cache: int
    cycle: bool
    unlogged: bool = False
    owned_by: Identity | None = None
    internal: bool = False


@model(frozen=True, slots=True, kw_only=True)
class View(Owned):
    """A view; `columns` are pairs of name and type, which decide whether it can be replaced."""

    definition: str
    options: Options = ()
    columns: tuple[tuple[str, str], ...] = field(default=(), compare=False)


@model(frozen=True, slots=True, kw_only=True)
class MaterializedView(Owned):
    """A materialized view; whether it is populated is a matter of data, not of schema."""

    definition: str
    options: Options = ()
    toast_options: Options = ()
    access_method: str = ""
    tablespace: str = ""
    populated: bool = field(default=True, compare=False)
    columns: tuple[tuple[str, str], ...] = field(default=(), compare=False)


@model(frozen=True, slots=True, kw_only=True)
class ViewColumn(Entity):
    """What can be set on a column of a view apart from the query that makes it."""

    default: str = ""
    statistics: int | None = None
    storage: str = ""
    compression: str = ""
    options: Options = ()
    privileges: Privileges = ()


@model(frozen=True, slots=True, kw_only=True)
class Trigger(Entity):
    """A trigger as pg_get_triggerdef prints it.

    `enabled` is O (origin), D (disabled), R (replica) or A (always). `clone`: a partition's, made
    by the server for the parent's and switched unlike that; it has no definition of its own.
    """

    definition: str
    enabled: str = "O"
    constraint: bool = False
    clone: bool = False
    columns: tuple[str, ...] = field(default=(), compare=False)


@model(frozen=True, slots=True, kw_only=True)
class Rule(Entity):
    """A rewrite rule other than the one that makes a view a view."""

    definition: str
    enabled: str = "O"


@model(frozen=True, slots=True, kw_only=True)
class Policy(Entity):
    """A row security policy; `command` is ALL, SELECT, INSERT, UPDATE or DELETE."""

    command: str
    permissive: bool
    roles: tuple[str, ...]
    using: str = ""
    check: str = ""


@model(frozen=True, slots=True, kw_only=True)
class Statistics(Owned):
    """An extended statistics object as pg_get_statisticsobjdef prints it."""

    table: Identity
    definition: str
    target: int | None = None
