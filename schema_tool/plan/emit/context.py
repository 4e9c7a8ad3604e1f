"""Context: what the emitters of SQL may ask about the plan that is being made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Constraint, Sequence, Table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.definition import Domain
    from schema_tool.plan.emit.conversion import TypeCast


def goes_alone(
    column: Identity, children: Mapping[Identity, list[Identity]], desired: Catalog
) -> bool:
    """Whether a column goes from a table and not from all heirs below it."""
    if column in desired.objects:
        return False
    table, key = Identity(Kind.TABLE, column.parts[:2]), column.parts[2]
    for heir in children.get(table, ()):
        after = desired.objects.get(heir)
        if isinstance(after, Table) and table in after.parents and not after.partition_bound:
            below = Identity(Kind.COLUMN, (*heir.parts, key))
            if below in desired.objects or goes_alone(below, children, desired):
                return True
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Both catalogs, and what the plan does to whom.

    `created` are the relations that it creates, which hold no rows yet; `rebuilt` is what it
    drops and creates again; `partitions` are the wanted ones; `apart` are the parents that an heir
    leaves for a while; `functions_of` are those that a new base type brings; `live_names` and
    `desired_names` are those that relations of a schema have, with keys and other constraints;
    `bases` are what live domains stand on, by the names that they go by meanwhile, and
    `domains` the wanted ones; `row_types` are types whose NOT NULL only a CHECK could prove apart;
    `converted` are columns of a type or a collation that is made anew under its name;
    `not_nulls` are names, under their schema's, that the server would not give once more;
    `renamed_not_nulls` are the columns whose own change renames theirs;
    `giving` are those that may give rows to others or take some, or lose a partition with its rows;
    `inherited` are the tables with heirs, which a publication takes along unless told not to;
    `children` are the live ones; `typed` are the types that tables are of, before or after;
    `fitting` are tables whose rows are proved to fit before they are attached, with the condition;
    `keys_ahead` are the foreign keys and checks that these get then, too;
    `late_fillings` are materialized views that are filled when the locks of all else are gone, and
    `refilled` those of them whose old one stays until then;
    `references` are the foreign keys that ADD COLUMN says, by their columns.
    """

    live: Catalog
    desired: Catalog
    online: bool = True
    giving: set[Identity] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)
    fitting: dict[Identity, str] = field(default_factory=dict)
    keys_ahead: dict[Identity, list[Constraint]] = field(default_factory=dict)
    created: set[Identity] = field(default_factory=set)
    rebuilt: set[Identity] = field(default_factory=set)
    apart: Mapping[Identity, frozenset[Identity]] = field(default_factory=dict)
    columns_of: Mapping[tuple[str, ...], list[Column]] = field(default_factory=dict)
    constraints_of: Mapping[tuple[str, ...], list[Constraint]] = field(default_factory=dict)
    live_names: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    desired_names: Mapping[str, AbstractSet[str]] = field(default_factory=dict)
    inline: set[Identity] = field(default_factory=set)
    references: dict[Identity, list[Constraint]] = field(default_factory=dict)
    late_defaults: set[Identity] = field(default_factory=set)
    late_fillings: set[Identity] = field(default_factory=set)
    refilled: set[Identity] = field(default_factory=set)
    parents: set[Identity] = field(default_factory=set)
    inherited: set[Identity] = field(default_factory=set)
    attached: set[Identity] = field(default_factory=set)
    partitions: dict[Identity, list[Identity]] = field(default_factory=dict)
    row_casts: dict[tuple[str, str], TypeCast] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    row_types: set[str] = field(default_factory=set)
    domains: dict[str, Domain] = field(default_factory=dict)
    converted: set[Identity] = field(default_factory=set)
    moved: set[tuple[str, ...]] = field(default_factory=set)
    not_nulls: set[tuple[str, str]] = field(default_factory=set)
    renamed_not_nulls: set[Identity] = field(default_factory=set)
    identity_sequences: dict[Identity, Sequence] = field(default_factory=dict)
    live_identity_sequences: dict[Identity, Sequence] = field(default_factory=dict)
    parts: Mapping[Identity, list[Identity]] = field(default_factory=dict)
    live_parts: Mapping[Identity, list[Identity]] = field(default_factory=dict)
    children: Mapping[Identity, list[Identity]] = field(default_factory=dict)
    functions_of: dict[Identity, list[Identity]] = field(default_factory=dict)

    @property
    def major(self) -> int:
        """The live server's major version."""
        return self.live.source.major

    def is_new(self, table: Identity | None) -> bool:
        """Whether the plan creates the relation, so that nobody can be using it."""
        return table in self.created

    def desired_table(self, identity: Identity) -> Table | None:
        """A table of the desired catalog."""
        found = self.desired.objects.get(identity)
        return found if isinstance(found, Table) else None

    def is_settled(self, table: Identity) -> bool:
        """Whether a wanted partition stays where it is, or is new and empty."""
        before, after = self.live.objects.get(table), self.desired.objects[table]
        if before is None:
            return True
        assert isinstance(after, Table)
        moves = not isinstance(before, Table) or before.place != after.place
        return not (moves or self.is_new(table))

    def joins(self, table: Identity) -> bool:
        """Whether a table that is there gets another parent, which then adopts its indexes."""
        before, after = self.live.objects.get(table), self.desired.objects.get(table)
        if not isinstance(before, Table) or not isinstance(after, Table):
            return False
        return bool(after.parents) and not self.is_new(table) and before.place != after.place

    def stays_below(self, column: Identity) -> bool:
        """Whether an heir keeps a column that goes from its parent."""
        table = Identity(Kind.TABLE, column.parts[:2])
        return table in self.inherited and goes_alone(column, self.children, self.desired)

    def live_columns(self, table: Identity) -> list[Column]:
        """The columns of a live table, in their order."""
        found = [
            entity for entity in self.live.each(Column) if entity.identity.parts[:2] == table.parts
        ]
        return sorted(found, key=lambda column: column.position)
