"""Reading: what the builders share while one snapshot is being read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, TypeVar

from schema_tool.catalog.identity import Identity, Kind, SystemCatalog
from schema_tool.catalog.privileges import PUBLIC, parse_privileges

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from schema_tool.catalog.model.relation import MaterializedView, View
    from schema_tool.catalog.privileges import Granted, Privileges

Row = tuple[Any, ...]
Twins = dict[tuple[Any, ...], tuple[Row, Any]]
_Made = TypeVar("_Made")


@dataclass(slots=True, kw_only=True)
class Reading:
    """Names found so far, by OID; builders add to it in the order in which they run.

    `named` is what cannot be compared: words for its kind, and its name; `views` are all views.
    `seen` collects the rows that became a model, by their catalog and OID, or (None) part of one.
    `twins` are what a reading beside this one has made of some kinds, each with what its rows say:
    most are the same on both sides, and then one object.
    """

    major: int
    roles: dict[int, str]
    members: dict[int, set[int]]
    namespaces: dict[int, str]
    comments: dict[tuple[int, int, int], str] = field(default_factory=dict)
    relations: dict[int, Identity] = field(default_factory=dict)
    attributes: dict[int, dict[int, str]] = field(default_factory=dict)
    owners: dict[int, int] = field(default_factory=dict)
    named: list[tuple[str, str]] = field(default_factory=list)
    views: list[View | MaterializedView] = field(default_factory=list)
    twins: Twins | None = None
    seen: defaultdict[int, dict[int, Identity | None]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def comment(self, catalog: SystemCatalog, oid: int, subid: int = 0) -> str:
        """The comment of an object, or of a relation's column; empty when it has none."""
        return self.comments.get((catalog, oid, subid), "")

    def see(self, catalog: SystemCatalog, oid: int, identity: Identity) -> Identity:
        """Note that a row has become a model, and hand back what that is called."""
        self.seen[catalog][oid] = identity
        return identity

    def shared(self, key: tuple[Any, ...], said: Row, make: Callable[[], _Made]) -> _Made:
        """What a row says, made once for the readings beside each other that find the same words.

        `said` must hold all that the model does but its key: no OID, whose names may differ.
        """
        twins = self.twins
        if twins is None:
            return make()
        found = twins.get(key)
        if found is None or found[0] != said:
            found = twins[key] = said, make()
        return found[1]

    def see_part(self, catalog: SystemCatalog, oid: int) -> None:
        """Note that a row has become part of a model."""
        self.seen[catalog][oid] = None

    def is_member(self, catalog: SystemCatalog, oid: int) -> bool:
        """Whether an extension owns the object."""
        return oid in self.members.get(catalog, ())

    def role(self, oid: int) -> str:
        """A role's name; PUBLIC for 0."""
        return self.roles.get(oid, str(oid)) if oid else PUBLIC

    def privileges(self, items: Sequence[str] | None, owner: int, granted: Granted) -> Privileges:
        """An access list as grants; None stands for the built-in defaults."""
        return parse_privileges(
            tuple(items) if items is not None else None, self.role(owner), granted, self.major
        )

    def schema_identity(self, kind: Kind, namespace: int, name: str) -> Identity:
        """The identity of something that a schema contains."""
        return Identity(kind, (self.namespaces[namespace], name))

    def within(self, kind: Kind, relation: int, name: str) -> Identity | None:
        """The identity of something on a relation; None when the relation is left out."""
        owner = self.relations.get(relation)
        return Identity(kind, (*owner.parts, name)) if owner else None

    def columns(self, relation: int, numbers: Iterable[int]) -> tuple[str, ...]:
        """Column names by number; expressions (0) and system columns are passed over."""
        known = self.attributes.get(relation, {})
        return tuple([known[n] for n in numbers if n in known])

    def joined(self, relation: int, numbers: Iterable[int], named: Iterable[str]) -> str:
        """What an index's columns would be called now; `named`: as they were when it was made.

        Source: indexcmds.c, ChooseIndexColumnNames: one that is there again gets a number.
        """
        known = self.attributes.get(relation, {})
        names: list[str] = []
        for number, own in zip_longest(numbers, named):
            called = known.get(number or 0, own or "")
            tries = (f"{called}{count or ''}" for count in range(len(names) + 1))
            names.append(next(name for name in tries if name not in names))
        return "_".join(names)


def present(values: Iterable[str | None] | None) -> tuple[str, ...]:
    """The values that are not NULL, as a tuple."""
    return tuple(value for value in values or () if value is not None)
