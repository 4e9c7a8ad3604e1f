"""The indexes of partitions, which come and go with their parents' or are attached one by one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from schema_tool.catalog.model.relation import Constraint, Index, Table
from schema_tool.compare import Action, Change
from schema_tool.plan.children.given_names import given_name, is_reference, source_of, table_of_part
from schema_tool.plan.emit.indexes import is_named_by_server, must_rebuild_index

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from schema_tool.catalog import Catalog, Identity
    from schema_tool.catalog.model.entity import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Both catalogs, asked about who is whose child; `untyped` tables leave their type.

    `children`: the live ones; `keyed`: the columns whose own key keeps their NOT NULL.
    `by_hand`: what `is_by_hand` has found out, asked once more for each partition.
    """

    live: Catalog
    desired: Catalog
    children: Mapping[Identity, list[Identity]]
    untyped: AbstractSet[Identity] = frozenset()
    keyed: AbstractSet[Identity] = frozenset()
    by_hand: dict[Identity, bool] = field(default_factory=dict)
    _keys: dict[tuple[str, ...], list[Constraint]] = field(default_factory=dict)
    _parts: dict[Identity, list[Identity]] = field(default_factory=dict)
    _alike: dict[tuple[str, str], list[Index | Constraint]] = field(default_factory=dict)

    def kept_parents(self, table: Identity) -> list[Identity]:
        """The parents that a table keeps; an heir that becomes a partition leaves them."""
        before, after = self.live.objects.get(table), self.desired.objects.get(table)
        if not isinstance(before, Table) or not isinstance(after, Table):
            return []
        if bool(before.partition_bound) != bool(after.partition_bound):
            return []
        kept = [parent for parent in before.parents if parent in after.parents]
        return kept if before.partition_bound else [p for p in kept if not self._is_another(p)]

    def _is_another(self, parent: Identity) -> bool:
        """Whether another table takes a parent's place: its heirs leave it, and join that."""
        before, after = self.live.objects[parent], self.desired.objects[parent]
        assert isinstance(before, Table)
        assert isinstance(after, Table)
        return before.form is not after.form or before.server != after.server

    def is_partition(self, table: Identity) -> bool:
        """Whether a live table is a partition."""
        before = self.live.objects.get(table)
        return isinstance(before, Table) and bool(before.partition_bound)

    def keys_of(self, table: Identity) -> list[Constraint]:
        """The constraints that a table shall have."""
        if not self._keys:
            for key in self.desired.each(Constraint):
                self._keys.setdefault(key.identity.parts[:2], []).append(key)
        return self._keys.get(table.parts, [])

    def parts_of(self, table: Identity) -> list[Identity]:
        """The heirs and partitions that a table shall have."""
        if not self._parts:
            for part in self.desired.each(Table):
                for parent in part.parents:
                    self._parts.setdefault(parent, []).append(part.identity)
        return self._parts.get(table, [])

    def source_of(self, part: Index | Constraint) -> Index | Constraint | None:
        """What is there and has the server make a new partition's index or key."""
        return (
            source_of(part, self.live, self.desired) if self.is_new(table_of_part(part)) else None
        )

    def alike(self, part: Index | Constraint) -> list[Index | Constraint]:
        """All that the server would give the same name, but for a number."""
        if not self._alike:
            for other in (*self.desired.each(Index), *self.desired.each(Constraint)):
                if isinstance(other, Index | Constraint) and other.usual_name:
                    given = given_name(other, self.source_of(other))
                    self._alike.setdefault((other.identity.parts[0], given), []).append(other)
        return self._alike[part.identity.parts[0], given_name(part, self.source_of(part))]

    def is_new(self, table: Identity) -> bool:
        """Whether there is no such table yet."""
        return table not in self.live.objects

    def is_gone(self, table: Identity) -> bool:
        """Whether the table goes as a whole."""
        return table not in self.desired.objects


def index_follows(change: Change, family: Family) -> bool:
    """Whether an index comes and goes with its parent's."""
    before, after = change.before, change.after
    if change.action is Action.CREATED or change.attributes == ("parent",):
        assert isinstance(after, Index)
        return _comes_by_itself(after, family, created=change.action is Action.CREATED)
    assert isinstance(before, Index)
    if before.parent is None or family.is_gone(before.table):
        return before.parent is not None
    # It goes with its parent's and is made again.
    anew = isinstance(after, Index) and after.parent is None
    if anew or not family.kept_parents(before.table):
        return False
    if change.action is Action.DROPPED and _leaves_parts(before, family):
        return False
    return _is_rebuilt(before.parent, family)


def _leaves_parts(before: Index, family: Family) -> bool:
    """Whether parts of it come again by themselves: they are looked for where it is dropped."""
    parts = family.live.index_parts(before.identity)
    return any(part.identity in family.desired.objects for part in parts)


def _comes_by_itself(after: Index, family: Family, *, created: bool) -> bool:
    if after.parent is None or not _arrives(after, family):
        return False
    if _joins(after.table, family):
        # The parent adopts what it finds, and makes what it does not find.
        return not created
    if family.is_new(after.table):
        return not is_unusual(after, family)
    return not is_by_hand(after.parent, family)


def _is_rebuilt(index: Identity, family: Family) -> bool:
    """Whether a live index, or the one that it is attached to, goes or is built anew."""
    before, after = family.live.objects.get(index), family.desired.objects.get(index)
    if not isinstance(before, Index) or not isinstance(after, Index):
        return True
    fields = ("definition", "options", "table", "unique", "valid")
    differing = tuple(f for f in fields if getattr(before, f) != getattr(after, f))
    if must_rebuild_index(before, after, differing):
        return True
    return before.parent is not None and _is_rebuilt(before.parent, family)


def _arrives(index: Index, family: Family) -> bool:
    """Whether the parent's index or the partition is new, so that the server makes this one."""
    assert index.parent is not None
    if index.table not in family.live.objects or _is_rebuilt(index.parent, family):
        return True
    return _joins(index.table, family)


def _joins(table: Identity, family: Family) -> bool:
    """Whether a table that is there gets another parent."""
    live, desired = family.live.objects.get(table), family.desired.objects.get(table)
    return isinstance(live, Table) and isinstance(desired, Table) and live.place != desired.place


def is_by_hand(index: Identity, family: Family) -> bool:
    """Whether partitions' indexes are made one by one: the server would make them otherwise."""
    if index not in family.by_hand:
        parent = family.desired.objects[index]
        assert isinstance(parent, Index)
        above = parent.parent
        family.by_hand[index] = is_by_hand(above, family) if above else _is_unlike(parent, family)
    return family.by_hand[index]


def _is_unlike(parent: Index, family: Family) -> bool:
    """Whether an index, or one below it, hands another name or other options down."""
    return not parent.valid or any(
        part.options != parent.options or not is_named_by_server(part) or _is_unlike(part, family)
        for part in family.desired.index_parts(parent.identity)
    )


def is_unusual(part: Index | Constraint, family: Family, *, anew: bool = False) -> bool:
    """Whether a new partition's is not just as the server makes it for its parent's.

    `anew`: the partition has been there before, and its parent's index may have been as well.
    """
    above = family.desired.objects.get(part.parent) if part.parent else None
    if above is None or not (part.usual_name or is_reference(part)):
        return False
    if is_reference(part):
        # One that comes by an ALTER TABLE of the first above is called as that.
        over = above.identity, whole_of(part, family.desired)
        return bool(part.comment) or any(part.identity.parts[-1] != i.parts[-1] for i in over)
    if isinstance(part, Constraint):
        return _is_unusual_key(part, above, family)
    if part.comment or part.clustered or not _is_named_as_given(part, family):
        return True
    assert isinstance(above, Index)
    if part.options != above.options:
        return True
    handed = above.statistics and (anew or family.is_new(above.table))
    return bool(not above.valid or part.statistics or handed)


def _is_unusual_key(part: Constraint, above: Entity, family: Family) -> bool:
    if not isinstance(above, Constraint) or part.form != above.form:
        return False
    said = part.comment or part.index_comment or part.clustered
    return bool(
        said or part.index_options != above.index_options or not _is_named_as_given(part, family)
    )


def _is_named_as_given(part: Index | Constraint, family: Family) -> bool:
    """Whether a new partition's has the name that it gets; some are numbered in their order."""
    alike, own = family.alike(part), part.identity.parts[-1]
    source = family.source_of(part)
    if len(alike) == 1:
        return own == given_name(part, source)
    sources = [family.source_of(other) for other in alike]
    if source is None or None in sources or len({table_of_part(other) for other in alike}) > 1:
        # Which of them comes first is not known here.
        known = any(sources)
        return not known and is_named_by_server(part)
    number = sum(other.rank < source.rank for other in sources if other)
    return own == given_name(part, source, number)


def renamed_indexes(
    by_identity: dict[Identity, Change], family: Family
) -> dict[Identity, Change | None]:
    """A partition's index that has another name under the same parent's is renamed.

    What takes the name that it had, the parent of that makes.
    """
    sides = (side for change in by_identity.values() for side in (change.before, change.after))
    tables = {side.table for side in sides if isinstance(side, Index) and side.parent}
    tables = {table for table in tables if family.kept_parents(table)}
    if not tables:
        return {}
    there = _by_whole(family.live, tables)
    found: dict[Identity, Change | None] = {}
    left: list[Identity] = []
    for place, index in _by_whole(family.desired, tables).items():
        old = there.get(place)
        if old is None or old.identity == index.identity or _is_rebuilt(place[1], family):
            continue
        kept = ("options", "statistics", "clustered", "tablespace")
        differing = (f for f in kept if getattr(old, f) != getattr(index, f))
        found[index.identity] = Change(
            identity=index.identity,
            action=Action.ALTERED,
            before=old,
            after=index,
            attributes=("identity", *differing),
        )
        left.append(old.identity)
    for identity in left:
        if identity not in found:
            found[identity] = _made_instead(by_identity.get(identity), family)
    return found


def _by_whole(
    catalog: Catalog, tables: AbstractSet[Identity]
) -> dict[tuple[Identity, Identity], Index]:
    """The indexes of partitions, by the partition and the index of which they are parts."""
    return {
        (index.table, whole_of(index, catalog)): index
        for index in catalog.each(Index)
        if index.parent and index.table in tables
    }


def whole_of(part: Index | Constraint, catalog: Catalog) -> Identity:
    """The index or key, of whatever partitioned table, from which all others have come."""
    above: Entity | None = part
    while isinstance(above, Index | Constraint) and above.parent:
        part, above = above, catalog.objects.get(above.parent)
    return above.identity if above is not None else part.identity


def _made_instead(change: Change | None, family: Family) -> Change | None:
    """What is left to do for the index that gets the name of one that is renamed."""
    if change is None or change.action is not Action.ALTERED:
        return None
    created = replace(change, action=Action.CREATED, before=None, attributes=())
    return None if index_follows(created, family) else created
