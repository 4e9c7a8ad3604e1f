"""Columns and keys of heirs and partitions that go with a parent's, by no statement of their own.

What stands on them is in the way of the parent's as if it stood on that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Column, Constraint, Table
from schema_tool.plan.children.inheritance import ancestors, columns_below
from schema_tool.plan.decisions import rebuild

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.plan.decisions import Decisions

# So many are said by name.
_FEW = 3


def find_followers(dropped: Iterable[Identity], decisions: Decisions) -> None:
    """Note for each column that is dropped which ones go with it; some come back with it."""
    for column in [i for i in dropped if i.kind is Kind.COLUMN]:
        below = columns_below(column, decisions.live, decisions.children)
        along = {i for i in below if i not in decisions.drop and _goes(i, column, decisions)}
        for back in along & decisions.desired.objects.keys():
            rebuild(back, decisions)
        if along:
            decisions.followers.setdefault(column, set()).update(along)


def along_with(identity: Identity, decisions: Decisions) -> list[Identity]:
    """What goes with a column or key as it is dropped; a table made anew is away by then."""
    if identity.kind is Kind.CONSTRAINT:
        return list(keys_along_with(identity, decisions))
    found = sorted(decisions.followers.get(identity, ()))
    return [i for i in found if Identity(Kind.TABLE, i.parts[:2]) not in decisions.drop]


def keys_along_with(key: Identity, decisions: Decisions) -> Iterator[Identity]:
    """The keys of partitions that go with a parent's as it is dropped."""
    for part in decisions.live_graph.needed_by.get(key, ()):
        below = decisions.live.objects.get(part)
        if not isinstance(below, Constraint) or below.parent != key:
            continue
        table, above = (Identity(Kind.TABLE, i.parts[:2]) for i in (part, key))
        after = decisions.desired.objects.get(table)
        if isinstance(after, Table) and after.partition_bound and above in after.parents:
            yield part
            yield from keys_along_with(part, decisions)


def also_lost(identity: Identity, decisions: Decisions) -> str:
    """The columns of heirs whose values go with a dropped one; a partition's are its parent's."""
    found = []
    for below in along_with(identity, decisions) if identity.kind is Kind.COLUMN else ():
        heir = decisions.live.objects[Identity(Kind.TABLE, below.parts[:2])]
        if below not in decisions.desired.objects and not getattr(heir, "partition_bound", ""):
            found.append(below.name)
    return f" and of {len(found)} heirs" if len(found) > _FEW else "".join(f", {n}" for n in found)


def _goes(below: Identity, column: Identity, decisions: Decisions) -> bool:
    """Whether it goes for good, or comes back with a parent's that is made anew."""
    table, parent = (Identity(Kind.TABLE, i.parts[:2]) for i in (below, column))
    if table in decisions.drop:
        return False
    live = decisions.live.objects[below]
    own = not isinstance(live, Column) or live.local
    back = decisions.rebuilt(column) and not own and parent in ancestors(table, decisions.desired)
    return back or below not in decisions.desired.objects


def follows(identity: Identity, decisions: Decisions) -> bool:
    """Whether it is a column that goes with a parent's."""
    if identity.kind is not Kind.COLUMN:
        return False
    return any(identity in along for along in decisions.followers.values())
