"""How each transaction of a plan is undone: the plan is run on a copy of the schema, and back.

The way to the state before each transaction is planned from what the ways back after it leave; once
one of them cannot be run, the others are planned from the states on the way there, and not run.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from schema_tool.catalog import Kind, read_catalog
from schema_tool.catalog.families.reading import Twins
from schema_tool.catalog.model.relation import Index
from schema_tool.compare import compare
from schema_tool.errors import FailedError
from schema_tool.plan import Group, Plan, WayBack, apply_renames, make_plan, preamble, undo_renames
from schema_tool.verify.desired import copy_schema, run_plan
from schema_tool.verify.load import scratch_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

    from schema_tool.catalog import Catalog, Identity
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import CompareOptions
    from schema_tool.plan import Renamed
    from schema_tool.server.scratch import ScratchServer


def ways_back(
    server: ScratchServer,
    plan: Plan,
    sides: tuple[Catalog, Catalog],
    renamed: Renamed,
    options: CompareOptions,
) -> tuple[WayBack, ...]:
    """For each group of the plan what takes the schema back to where it was before the group.

    `sides` are the live and the desired schema. The first group of the plan does the renames.
    Errors: FailedError when the copy cannot be made or a step of the plan fails on it.
    """
    import psycopg  # noqa: PLC0415 - the caller has paid for it

    with scratch_database(server, "back") as scratch:
        try:
            copy_schema(scratch, *sides)
            for statement in preamble(plan):
                scratch.execute(statement.encode())
            return tuple(_each(scratch, plan, sides, renamed, options))[::-1]
        except psycopg.Error as error:
            raise FailedError(
                "cannot plan the way back: the plan fails on a copy of the schema: "
                f"{error.diag.message_primary or error}",
                hint="look at the plan: leave -o away",
                sqlstate=error.sqlstate or "",
            ) from error


def _each(
    scratch: psycopg.Connection[Any],
    plan: Plan,
    sides: tuple[Catalog, Catalog],
    renamed: Renamed,
    options: CompareOptions,
) -> Iterator[WayBack]:
    """The ways back, the last group's first: each is planned from what those after it leave."""
    live, runs, twins = sides[0], list(_runs(plan, *sides)), Twins()
    states = list(_states(scratch, runs, sides, twins))
    now = states.pop()
    proved = True
    for run in reversed(runs):
        before = states.pop() if states else live
        first = before is live
        names = undo_renames(now, renamed) if first else apply_renames(now, before, ())
        # What was done beside others' work is undone so; the rest in as few steps as there are.
        changes = compare(names.catalog, before, options=options)
        online = not run[0].transactional
        whole = make_plan(changes, online=online, first=names.steps, gives_back=True)
        for group, back in _shared(whole, run):
            # One that cannot be run here is written as one transaction only where it is one.
            alone = len(back.groups) <= 1 and all(step.transactional for step in back.groups)
            together, fails = group.transactional and alone, ""
            if proved:
                together, fails = _run(scratch, back, together=group.transactional)
                proved = not fails
            yield WayBack(plan=back, together=together, fails=fails)
        now = before
        if proved and not first:
            now = _with_memberships(read_catalog(scratch, twins=twins), _memberships(before))


def _runs(plan: Plan, live: Catalog, desired: Catalog) -> Iterator[tuple[Group, ...]]:
    """The groups; neighbours that make or drop an index each stand together.

    Reading the schema and planning the way back cost as much for one of them as for hundreds.
    """

    def is_one_index(group: Group) -> bool:
        identity = group.steps[0].identity
        old, new = (side.objects.get(identity) for side in (live, desired))
        index = old or new
        known = isinstance(index, Index) and not index.partitioned and not (old and new)
        return known and not group.transactional

    for alike, groups in groupby(plan.groups, key=is_one_index):
        if alike:
            yield tuple(groups)
        else:
            yield from ((group,) for group in groups)


def _shared(back: Plan, run: tuple[Group, ...]) -> Iterator[tuple[Group, Plan]]:
    """The groups of a run, the last first, each with its share of what undoes them all.

    The last one's is all that is none of the others'.
    """
    indexes = [group.steps[0].identity for group in run]
    others = set(indexes[:-1])
    yield run[-1], _steps_of(back, lambda identity: identity not in others)
    for group, index in reversed(list(zip(run[:-1], indexes, strict=False))):
        yield group, _steps_of(back, index.__eq__)


def _steps_of(plan: Plan, wanted: Callable[[Identity], bool]) -> Plan:
    """The steps of a plan that are for some objects."""
    chosen = (
        replace(group, steps=tuple(step for step in group.steps if wanted(step.identity)))
        for group in plan.groups
    )
    return Plan(groups=tuple(group for group in chosen if group.steps))


def _states(
    scratch: psycopg.Connection[Any],
    runs: list[tuple[Group, ...]],
    sides: tuple[Catalog, Catalog],
    twins: Twins,
) -> Iterator[Catalog]:
    """The schema after each run of a plan's groups."""
    members, wanted = map(_memberships, sides)
    for groups in runs:
        run_plan(scratch, Plan(groups=groups))
        # Of memberships, which are the cluster's, the copy has none: what the group would do.
        steps = (step for group in groups for step in group.steps)
        for identity in {step.identity for step in steps if _is_membership(step.identity)}:
            members.pop(identity, None)
            if identity in wanted:
                members[identity] = wanted[identity]
        yield _with_memberships(read_catalog(scratch, twins=twins), members)


def _with_memberships(catalog: Catalog, members: dict[Identity, Entity]) -> Catalog:
    return replace(catalog, objects={**catalog.objects, **members})


def _is_membership(identity: Identity) -> bool:
    return identity.kind is Kind.MEMBERSHIP


def _memberships(catalog: Catalog) -> dict[Identity, Entity]:
    return {i: entity for i, entity in catalog.objects.items() if _is_membership(i)}


def _run(scratch: psycopg.Connection[Any], back: Plan, *, together: bool) -> tuple[bool, str]:
    """Run a way back; whether one transaction did it, and why it cannot be run at all."""
    import psycopg  # noqa: PLC0415

    if together and all(group.transactional for group in back.groups):
        # A plan of several groups may be run as one all the same, unless the server minds.
        with suppress(psycopg.Error), scratch.transaction():
            run_plan(scratch, back)
            return True, ""
    try:
        run_plan(scratch, back)
    except psycopg.Error as error:
        return False, error.diag.message_primary or str(error)
    return False, ""
