"""Partitions that go, or get another bound, give what others take then: the parent keeps its rows.

A default partition among them has rules of its own; see `default_partitions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Table, TableForm
from schema_tool.catalog.quoting import qualified
from schema_tool.plan.children.bounds import DEFAULT, cover_together, may_share_rows, rows_that_fit
from schema_tool.plan.children.inheritance import ancestors, descendants, live_children
from schema_tool.plan.decide.default_partitions import (
    around,
    default_of,
    is_narrowed,
    is_new,
    keys_to,
    unseen,
)
from schema_tool.plan.decisions import rebuild
from schema_tool.plan.nodes import Node, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.decisions import Decisions


def give_to_siblings(decisions: Decisions) -> None:
    """Find what may have rows that are others' next, and the keys that would see those go."""
    others: dict[Identity, list[Table]] = {}
    for taker in sorted({*decisions.create, *decisions.alter}):
        table = decisions.desired.objects.get(taker)
        if isinstance(table, Table) and table.partition_bound and is_new(table, decisions):
            others.setdefault(table.parents[0], []).append(table)
    for giver in sorted({*decisions.drop, *decisions.alter}) if others else ():
        table = decisions.live.objects.get(giver)
        if not isinstance(table, Table) or not _gives(table, decisions):
            continue
        takers = [o for o in others.get(table.parents[0], ()) if _takes(o, table, decisions)]
        if takers:
            # What comes as a default partition takes what is left.
            takers.sort(key=lambda taker: taker.partition_bound == DEFAULT)
            decisions.shares[giver] = [taker.identity for taker in takers]
    for away in sorted({*decisions.shares, *_returning(decisions)}):
        for key in keys_to({away, *around(away, decisions)}, decisions):
            rebuild(key, decisions, because=away)


def _returning(decisions: Decisions) -> list[Identity]:
    """The partitions that leave to come back with another bound."""
    tables = ((i, decisions.desired.objects[i]) for i in decisions.alter if i.kind is Kind.TABLE)
    return [
        i
        for i, table in tables
        if isinstance(table, Table) and is_new(table, decisions) and is_narrowed(i, decisions)
    ]


def _gives(table: Table, decisions: Decisions) -> bool:
    """Whether it goes, or stays with less, in a parent that stays and has no default partition."""
    giver = table.identity
    if not table.partition_bound or table.form is TableForm.FOREIGN:
        return False
    if table.parents[0] in decisions.drop or table.parents[0] not in decisions.desired.objects:
        return False
    if giver in decisions.drop:
        return giver not in decisions.create and giver not in decisions.givers
    after = decisions.desired.objects[giver]
    if not (isinstance(after, Table) and is_new(after, decisions)):
        return False
    return is_narrowed(giver, decisions) and default_of(table.parents[0], decisions) is None


def _takes(taker: Table, giver: Table, decisions: Decisions) -> bool:
    if taker.identity == giver.identity or taker.form is TableForm.FOREIGN:
        return False
    fits = may_share_rows(giver.partition_bound, taker.partition_bound)
    return fits and bool(rows_of(taker.identity, decisions))


def rows_of(taker: Identity, decisions: Decisions, giver: Identity | None = None) -> str:
    """The condition on rows that are a partition's: a default one's are what `giver` has left."""
    table = decisions.desired.objects[taker]
    assert isinstance(table, Table)
    if table.partition_bound == DEFAULT:
        stays = giver is not None and giver not in decisions.drop
        own = rows_of(giver, decisions) if giver is not None and stays else ""
        return f"({own}) IS NOT TRUE" if own else "true"
    parent = decisions.desired.objects[table.parents[0]]
    assert isinstance(parent, Table)
    written = parent.partition_key, table.partition_bound, qualified(*parent.identity.parts)
    said = "" if parent.identity in decisions.defaults else rows_that_fit(*written)
    return said or table.partition_rows


def leave_to_parents(decisions: Decisions) -> None:
    """Where the parent, or the partition itself, is made anew after all, all rows move with it."""
    for giver in list(decisions.shares):
        parent = decisions.live.objects[giver].parents[0]  # type: ignore[attr-defined]
        if parent in decisions.drop or decisions.rebuilt(giver):
            del decisions.shares[giver]


def leavers(decisions: Decisions) -> set[Identity]:
    """The partitions that go when others have taken what is theirs."""
    return decisions.drop.intersection(decisions.shares)


def gives_rows(gone: Identity, decisions: Decisions) -> bool:
    """Whether others take rows of a table that goes, or of one that it is a part of."""
    leaving = leavers(decisions)
    found = bool(leaving) and not leaving.isdisjoint((gone, *ancestors(gone, decisions.live)))
    return found or gone in decisions.emptied


def left_rows(gone: Identity, decisions: Decisions) -> str | None:
    """What is lost with a table as others have taken rows of it; None where they take none."""
    if gone not in decisions.shares:
        # Of what is a part of one that goes, that says it.
        return "" if gives_rows(gone, decisions) else None
    takers = [decisions.desired.objects[taker] for taker in decisions.shares[gone]]
    bounds = [taker.partition_bound for taker in takers if isinstance(taker, Table)]
    table = decisions.live.objects[gone]
    assert isinstance(table, Table)
    taken = cover_together(bounds, table.partition_bound)
    return "" if taken else f"the rows of {gone.name} that no other partition takes"


def sharing_edges(decisions: Decisions) -> Iterator[tuple[Node, Node]]:
    """A partition is away, and those that take of it are there or away, when its rows move."""
    below = live_children(decisions.desired) if decisions.shares else {}
    for giver, takers in decisions.shares.items():
        leave, move = Node(Verb.LEAVE, giver), Node(Verb.COPY, giver)
        yield leave, move
        yield move, Node(Verb.ALTER, giver)
        for taker in takers:
            whole = [] if is_narrowed(taker, decisions) else [taker]
            for table in (*whole, *descendants(taker, below)):
                yield Node(Verb.CREATE, table), move
                yield Node(Verb.ALTER, table), move
            if not whole:
                # Two may give to each other: they come back when both have.
                yield Node(Verb.LEAVE, taker), move
                yield move, Node(Verb.ALTER, taker)
        for table in (giver, *descendants(giver, decisions.children)):
            yield move, Node(Verb.DROP, table)
        # What goes is converted with its parents, while it is theirs: its rows are to fit.
        for above in ancestors(giver, decisions.live) if giver in decisions.drop else ():
            for part in decisions.parts.get(above, ()):
                if part.kind is Kind.COLUMN:
                    yield Node(Verb.ALTER, part), leave
        yield from unseen(leave, move, {giver, *takers}, below, decisions)
    for away in {*decisions.shares, *_returning(decisions)}:
        for key in keys_to({away, *around(away, decisions)}, decisions):
            yield Node(Verb.DROP, key), Node(Verb.LEAVE, away)
            for back in (Verb.COPY, Verb.ALTER):
                yield Node(back, away), Node(Verb.CREATE, key)
