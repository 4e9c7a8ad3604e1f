"""Decisions: what happens to each object."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.compare import Action, Change

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.relation import Index
    from schema_tool.plan.graph import Graph
    from schema_tool.plan.steps import Unplanned

TYPES = frozenset({Kind.ENUM, Kind.DOMAIN, Kind.COMPOSITE, Kind.RANGE, Kind.BASE_TYPE})


@dataclass(slots=True, kw_only=True)
class Decisions:
    """What happens to each object; a rebuilt one is in `drop` and in `create`.

    `swapped`: types that are renamed away while their columns are converted, and functions that
    partition keys call. `copied`: tables
    whose rows move to a new table. `undefaulted`: columns whose default is off for a while.
    `emptied`: dropped partitions whose rows move with their parent's. `children`: live ones.
    `absorbed` and `brought`: functions that go and come with the base type that they serve.
    `because`: what a rebuilt object stands on; `immutable`: what of it cannot be altered.
    `apart`: heirs, and the parents that they leave while the columns in `away` change, or
    default partitions, and `takers` the partitions that take rows of theirs.
    `shares`: partitions that go or get another bound, and those that take what is theirs next.
    `defaults`: by their parents, the default partitions that are wanted.
    `gives_back`: the plan undoes another; `givers`: dropped partitions whose rows go back to the
    default one.
    `followers`: the columns of heirs and partitions that go with a dropped one of a parent's;
    `disowned`: dropped sequences that leave their column before; `ended`: by their columns, those
    that end with what happens to the column.
    `converted_parts`: partitions' keys and indexes that come anew with the types of columns.
    `nameless`: keys and indexes of partitions that leave their name before they get another.
    `stale`: by the functions and text searches that change, what stands on them and stays.
    `holders`: by the relations whose rows columns hold, these columns before and after.
    `unpublished`: by the publications that their tables leave for a while, the columns that change.
    `unplanned`: what no statement changes.
    """

    live: Catalog
    desired: Catalog
    online: bool
    live_graph: Graph
    drop: set[Identity] = field(default_factory=set)
    create: set[Identity] = field(default_factory=set)
    alter: dict[Identity, Change] = field(default_factory=dict)
    swapped: set[Identity] = field(default_factory=set)
    copied: set[Identity] = field(default_factory=set)
    moved: set[Identity] = field(default_factory=set)
    undefaulted: set[Identity] = field(default_factory=set)
    absorbed: dict[Identity, Identity] = field(default_factory=dict)
    brought: dict[Identity, Identity] = field(default_factory=dict)
    unfolded: set[Identity] = field(default_factory=set)
    emptied: set[Identity] = field(default_factory=set)
    parts: Mapping[Identity, list[Identity]] = field(default_factory=dict)
    desired_parts: Mapping[Identity, list[Identity]] = field(default_factory=dict)
    children: dict[Identity, list[Identity]] = field(default_factory=dict)
    because: dict[Identity, Identity] = field(default_factory=dict)
    immutable: dict[Identity, tuple[str, ...]] = field(default_factory=dict)
    converted_parts: dict[Identity, set[Identity]] = field(default_factory=dict)
    apart: dict[Identity, frozenset[Identity]] = field(default_factory=dict)
    away: dict[Identity, set[str]] = field(default_factory=dict)
    followers: dict[Identity, set[Identity]] = field(default_factory=dict)
    takers: dict[Identity, list[Identity]] = field(default_factory=dict)
    shares: dict[Identity, list[Identity]] = field(default_factory=dict)
    defaults: dict[Identity, Identity] = field(default_factory=dict)
    gives_back: bool = False
    givers: dict[Identity, Identity] = field(default_factory=dict)
    disowned: set[Identity] = field(default_factory=set)
    ended: dict[Identity, list[Identity]] = field(default_factory=dict)
    nameless: set[Identity] = field(default_factory=set)
    stale: dict[Identity, list[Identity]] = field(default_factory=dict)
    holders: dict[tuple[str, ...], tuple[Set[Identity], Set[Identity]]] = field(
        default_factory=dict
    )
    unpublished: dict[Identity, set[Identity]] = field(default_factory=dict)
    unplanned: list[Unplanned] = field(default_factory=list)

    def rebuilt(self, identity: Identity) -> bool:
        """Whether the object is dropped and created again."""
        return identity in self.drop and identity in self.create

    def left_for_a_while(self, table: Identity) -> set[Identity]:
        """The parents that a table leaves, to come back: those made anew, and see `apart`."""
        return (self.drop & self.create) | self.apart.get(table, frozenset())

    def leave_for_a_while(
        self, table: Identity, parents: frozenset[Identity], *, attribute: str = "parents"
    ) -> None:
        """Let a table leave parents, or its type, and come back, besides what else is altered."""
        self.apart[table] = parents
        known = self.alter.get(table)
        attributes = {attribute, *(known.attributes if known else ())}
        self.alter[table] = Change(
            identity=table,
            action=Action.ALTERED,
            before=self.live.objects[table],
            after=self.desired.objects[table],
            attributes=tuple(sorted(attributes)),
        )

    def forget(self, identity: Identity) -> None:
        """Leave an object to what happens to another."""
        self.drop.discard(identity)
        self.create.discard(identity)
        self.alter.pop(identity, None)


def build_again(index: Index, how: str, decisions: Decisions, *, because: Identity) -> None:
    """Have an index built again whose text is the same.

    `how` is what is said to differ: its `contents`, or, where it is to be another beside the old
    one, its `definition`.
    """
    decisions.because[index.identity] = because
    decisions.alter[index.identity] = Change(
        identity=index.identity,
        action=Action.ALTERED,
        before=decisions.live.objects[index.identity],
        after=index,
        attributes=(how,),
    )


def rebuild(identity: Identity, decisions: Decisions, *, because: Identity | None = None) -> None:
    """Drop an object and, where it is wanted, create it again; `because` of what it stands on."""
    if because is not None:
        decisions.because.setdefault(identity, because)
    decisions.alter.pop(identity, None)
    decisions.unpublished.pop(identity, None)
    decisions.drop.add(identity)
    if identity in decisions.desired.objects:
        decisions.create.add(identity)
