"""A default partition is away while new partitions take those of its rows that are theirs.

Whether it has such rows no catalog says: the server refuses the new partition if so. While it is
away its rows can be moved past the parent's triggers, and no key that refers to the parent sees
them go: such keys are made anew.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, Table, TableForm, Trigger
from schema_tool.catalog.quoting import name, qualified
from schema_tool.plan.decisions import rebuild
from schema_tool.plan.inheritance import ancestors, descendants, live_children
from schema_tool.plan.nodes import Node, Verb
from schema_tool.plan.steps import Danger, Hazard, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context

_DEFAULT = "DEFAULT"
_EVENTS = re.compile(r"CREATE (?:CONSTRAINT )?TRIGGER .*? (?:BEFORE|AFTER) (.*?) ON ", re.DOTALL)
# Disabled triggers, and those for replicas, do not fire.
_FIRING = {"O": "ENABLE", "A": "ENABLE ALWAYS"}


def make_defaults_leave(decisions: Decisions) -> None:
    """Find the default partitions whose parents get others, and let them leave for a while."""
    for taker in sorted({*decisions.create, *decisions.alter}):
        table = decisions.desired.objects.get(taker)
        if isinstance(table, Table) and table.partition_rows and _is_new(table, decisions):
            default = _default_of(table.parents[0], decisions)
            if default is not None:
                decisions.takers.setdefault(default, []).append(taker)
    for default in decisions.takers:
        parent = decisions.desired.objects[default].parents[0]  # type: ignore[attr-defined]
        if not _is_default(parent, decisions.live.objects.get(default)):
            continue
        decisions.leave_for_a_while(default, frozenset({parent}))
        for key in _keys_to(parent, decisions):
            rebuild(key, decisions, because=default)


def _is_new(table: Table, decisions: Decisions) -> bool:
    """Whether it gets rows that it had not."""
    before = decisions.live.objects.get(table.identity)
    place = table.parents, table.partition_bound
    return not isinstance(before, Table) or (before.parents, before.partition_bound) != place


def _is_default(parent: Identity, table: object) -> bool:
    bound = isinstance(table, Table) and (table.parents, table.partition_bound)
    return bound == ((parent,), _DEFAULT)


def _default_of(parent: Identity, decisions: Decisions) -> Identity | None:
    """The default partition that a parent will have, where it is there already."""
    if parent in decisions.drop or parent not in decisions.live.objects:
        return None
    for identity, table in decisions.desired.objects.items():
        if identity.kind is Kind.TABLE and _is_default(parent, table):
            before = decisions.live.objects.get(identity)
            stays = isinstance(before, Table) and before.form is not TableForm.FOREIGN
            return identity if stays and identity not in decisions.drop else None
    return None


def _keys_to(parent: Identity, decisions: Decisions) -> Iterator[Identity]:
    """The foreign keys that would miss what is away."""
    referred = {parent, *ancestors(parent, decisions.live)}
    for identity, key in decisions.live.objects.items():
        if isinstance(key, Constraint) and key.references in referred and not key.inherited:
            yield identity


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
            for key in _keys_to(parent, decisions):
                yield Node(Verb.DROP, key), leave
                yield join, Node(Verb.CREATE, key)


def take_rows(default: Identity, decisions: Decisions, context: Context) -> Iterator[Statement]:
    """Each new partition takes the rows that are its."""
    for taker in decisions.takers.get(default, ()):
        quiet = [*_firing(default, "DELETE", context), *_firing(taker, "INSERT", context)]
        for table, trigger in quiet:
            yield Statement(sql=f"ALTER TABLE {table} DISABLE TRIGGER {name(trigger.name)}")
        yield _taking(default, taker, context)
        for table, trigger in quiet:
            word = _FIRING[trigger.enabled]
            yield Statement(sql=f"ALTER TABLE {table} {word} TRIGGER {name(trigger.name)}")


def _taking(default: Identity, taker: Identity, context: Context) -> Statement:
    table = context.desired.objects[taker]
    assert isinstance(table, Table)
    kept = {column.identity.parts[2] for column in context.live_columns(default)}
    columns = [
        column
        for column in context.columns_of.get(taker.parts, [])
        if column.identity.parts[2] in kept and not column.generated
    ]
    names = ", ".join(name(column.identity.parts[2]) for column in columns)
    always = any(column.identity_generation == "a" for column in columns)
    overriding = " OVERRIDING SYSTEM VALUE" if always else ""
    return Statement(
        sql="WITH moved AS (\n"  # noqa: S608 - quoted names
        f"    DELETE FROM {qualified(*default.parts)}\n"
        f"    WHERE {table.partition_rows}\n"
        f"    RETURNING {names}\n"
        ")\n"
        f"INSERT INTO {qualified(*taker.parts)} ({names}){overriding}\n"
        f"SELECT {names} FROM moved",
        dangers=(Danger(hazard=Hazard.COPY_TABLE, lock=LockMode.ACCESS_EXCLUSIVE),),
    )


class _Switch(NamedTuple):
    """A trigger of a table that fires as rows move."""

    name: str
    enabled: str


def _firing(table: Identity, event: str, context: Context) -> Iterator[tuple[str, _Switch]]:
    """The triggers of a table, its parents' of each row included, that the plan leaves as they are.

    A default partition has its parents' no more while it is away.
    """
    above = set(ancestors(table, context.desired)) if event == "INSERT" else set()
    tables = {place.parts for place in (table, *above)}
    for identity, trigger in context.live.objects.items():
        if not isinstance(trigger, Trigger) or identity.parts[:2] not in tables or trigger.clone:
            continue
        found = _EVENTS.match(trigger.definition)
        own = identity.parts[:2] == table.parts
        stays = identity in context.desired.objects and identity not in context.rebuilt
        fires = found and event in found[1] and (own or "FOR EACH ROW" in trigger.definition)
        if stays and fires and trigger.enabled in _FIRING:
            yield qualified(*table.parts), _Switch(identity.parts[2], trigger.enabled)
