"""A default partition is away while new partitions take those of its rows that are theirs.

Whether it has such rows no catalog says: the server refuses the new partition if so. While it is
away its rows can be moved past the parent's triggers, and no key that refers to the parent, or to
what they leave, sees them go: such keys are made anew. Triggers and rules come after the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, Table, TableForm, Trigger
from schema_tool.plan.children.bounds import DEFAULT
from schema_tool.plan.children.inheritance import ancestors, descendants, live_children
from schema_tool.plan.decisions import rebuild
from schema_tool.plan.nodes import Node, Verb

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.plan.decisions import Decisions


def make_defaults_leave(decisions: Decisions) -> None:
    """Find the default partitions whose parents get others, and let them leave for a while."""
    for partition in decisions.desired.each(Table):
        if partition.partition_bound == DEFAULT:
            decisions.defaults[partition.parents[0]] = partition.identity
    for taker in sorted({*decisions.create, *decisions.alter}):
        table = decisions.desired.objects.get(taker)
        if isinstance(table, Table) and table.partition_rows and is_new(table, decisions):
            default = default_of(table.parents[0], decisions)
            if default is not None and default != taker:
                decisions.takers.setdefault(default, []).append(taker)
    for default in decisions.takers:
        parent = decisions.desired.objects[default].parents[0]  # type: ignore[attr-defined]
        if not _is_default(parent, decisions.live.objects.get(default)):
            continue
        decisions.leave_for_a_while(default, frozenset({parent}))
        for key in keys_to(_left_by_rows(default, parent, decisions), decisions):
            rebuild(key, decisions, because=default)
    if decisions.gives_back:
        _give_back(decisions)


def _give_back(decisions: Decisions) -> None:
    """What took rows of a default partition when it came gives them back before it goes."""
    for giver in sorted(decisions.drop):
        table = decisions.live.objects[giver]
        if not isinstance(table, Table) or not table.partition_bound:
            continue
        default = default_of(table.parents[0], decisions)
        if default in (None, giver) or table.form is TableForm.FOREIGN:
            continue
        assert default is not None
        decisions.givers[giver] = default
        decisions.emptied.update((giver, *descendants(giver, decisions.children)))
        for key in keys_to({giver, *around(giver, decisions)}, decisions):
            rebuild(key, decisions, because=giver)


def around(table: Identity, decisions: Decisions) -> set[Identity]:
    """What is above and below a live table."""
    return {*ancestors(table, decisions.live), *descendants(table, decisions.children)}


def _left_by_rows(default: Identity, parent: Identity, decisions: Decisions) -> set[Identity]:
    """The tables that rows leave, and those whose rows would seem to go."""
    found = {parent, default, *around(default, decisions)}
    for taker in decisions.takers[default]:
        if is_narrowed(taker, decisions):
            found |= {taker, *around(taker, decisions)}
    return found


def is_narrowed(taker: Identity, decisions: Decisions) -> bool:
    """Whether it stays the parent's, and may have rows that are not its any more."""
    before, after = decisions.live.objects.get(taker), decisions.desired.objects[taker]
    if not isinstance(before, Table) or not isinstance(after, Table) or not before.partition_bound:
        return False
    return before.parents == after.parents and taker not in decisions.create


def tables_of_moves(decisions: Decisions) -> set[Identity]:
    """The tables that rows leave or come to, but for those that go."""
    if not decisions.takers and not decisions.givers and not decisions.shares:
        return set()
    ends = {*decisions.takers, *decisions.givers.values()}
    ends.update(giver for giver in decisions.shares if giver not in decisions.drop)
    for takers in (*decisions.takers.values(), *decisions.shares.values()):
        ends.update(takers)
    below = live_children(decisions.desired)
    return {table for end in ends for table in (end, *descendants(end, below))}


def is_new(table: Table, decisions: Decisions) -> bool:
    """Whether it gets rows that it had not."""
    before = decisions.live.objects.get(table.identity)
    place = table.parents, table.partition_bound
    return not isinstance(before, Table) or (before.parents, before.partition_bound) != place


def _is_default(parent: Identity, table: object) -> bool:
    bound = isinstance(table, Table) and (table.parents, table.partition_bound)
    return bound == ((parent,), DEFAULT)


def default_of(parent: Identity, decisions: Decisions) -> Identity | None:
    """The default partition that a parent will have, where it is there already."""
    if parent in decisions.drop or parent not in decisions.live.objects:
        return None
    default = decisions.defaults.get(parent)
    before = decisions.live.objects.get(default) if default else None
    stays = isinstance(before, Table) and before.form is not TableForm.FOREIGN
    return default if stays and default not in decisions.drop else None


def keys_to(referred: set[Identity], decisions: Decisions) -> Iterator[Identity]:
    """The foreign keys that would miss what is away."""
    for key in decisions.live.each(Constraint):
        if key.references in referred and not key.inherited:
            yield key.identity


def taking_edges(decisions: Decisions) -> Iterator[tuple[Node, Node]]:
    """It comes back when the others are whole, and keys when it is back."""
    below = live_children(decisions.desired) if decisions.takers else {}
    for default, takers in decisions.takers.items():
        leave, join = Node(Verb.LEAVE, default), Node(Verb.ALTER, default)
        for taker in takers:
            yield leave, Node(Verb.LEAVE, taker)
            for table in (taker, *descendants(taker, below)):
                yield Node(Verb.CREATE, table), join
                yield Node(Verb.ALTER, table), join
        for inner in descendants(default, below):
            # What the outer one gives up may be in an inner default: that is still there.
            yield join, Node(Verb.LEAVE, inner)
        for parent in decisions.apart.get(default, ()):
            for key in keys_to(_left_by_rows(default, parent, decisions), decisions):
                yield Node(Verb.DROP, key), leave
                yield join, Node(Verb.CREATE, key)
        yield from unseen(leave, join, {default, *takers}, below, decisions)
    yield from _giving_edges(decisions)


def unseen(
    first: Node,
    last: Node,
    ends: Iterable[Identity],
    below: dict[Identity, list[Identity]],
    decisions: Decisions,
) -> Iterator[tuple[Node, Node]]:
    """Triggers and rules go before the rows move, and come, or are switched, after it."""
    tables = {table.parts for end in ends for table in (end, *descendants(end, below))}
    for identity in {*decisions.drop, *decisions.create, *decisions.alter}:
        if identity.kind in (Kind.TRIGGER, Kind.RULE) and identity.parts[:2] in tables:
            entity = decisions.live.objects.get(identity)
            clone = isinstance(entity, Trigger) and entity.clone
            gone = Node(Verb.DROP, identity)
            yield (last, gone) if clone else (gone, first)
            yield last, Node(Verb.CREATE, identity)
            yield last, Node(Verb.ALTER, identity)


def _giving_edges(decisions: Decisions) -> Iterator[tuple[Node, Node]]:
    """What gives its rows back does so before it or anything below it goes."""
    below = live_children(decisions.desired) if decisions.givers else {}
    for giver, default in decisions.givers.items():
        give = Node(Verb.LEAVE, giver)
        yield give, Node(Verb.LEAVE, default)
        for table in (giver, *descendants(giver, decisions.children)):
            yield give, Node(Verb.DROP, table)
        for key in keys_to({giver, *around(giver, decisions)}, decisions):
            yield Node(Verb.DROP, key), give
            yield give, Node(Verb.CREATE, key)
        above = ancestors(default, decisions.desired)
        yield from unseen(give, give, {default}, below, decisions)
        yield from unseen(give, give, above, {}, decisions)
