"""Random worlds: what a world is made of in which order, and its edits."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.integration.pairs import attached, others, routines, subjects, tables, types, views
from tests.integration.pairs.renaming import renames
from tests.integration.pairs.words import COLUMNS, TABLES
from tests.integration.pairs.world import Draws, Thing, World, tame


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """How many things of a kind there are, and the names that they can have."""

    build: Callable[[World, str], Thing]
    names: tuple[str, ...]
    most: int
    least: int = 0


def _named(stem: str, number: int, *schemas: str) -> tuple[str, ...]:
    return tuple(f"{s}.{stem}{n}" for n in range(number) for s in (schemas or ("public", "app")))


_TABLES = (
    *(f"{s}.{name}" for name in TABLES for s in ("public", "app")),
    '"Odd schema".t0',
)
# In the order in which they are made. What stands in a schema may have the name of what another
# kind has there: one follows the other then, or they are overloads.
PHASES: dict[str, Phase] = {
    "schema": Phase(build=others.schema, names=("app", '"Odd schema"'), most=2, least=2),
    "early": Phase(build=others.default_privileges, names=("early0", "early1"), most=1),
    "language": Phase(build=others.language, names=("la0",), most=1),
    "conversion": Phase(build=others.conversion, names=_named("co", 1), most=1),
    "access_method": Phase(build=others.access_method, names=("am0",), most=1),
    "extension": Phase(build=others.extension, names=("citext", "hstore", "vector"), most=1),
    "collation": Phase(build=types.collation, names=_named("coll", 1), most=1),
    "base": Phase(build=types.base, names=("public.bt0", "public.e1"), most=1),
    "function": Phase(build=routines.function, names=_named("f", 2), most=3),
    "enum": Phase(build=types.enum, names=_named("e", 2), most=2),
    "domain": Phase(build=types.domain, names=(*_named("d", 2), "public.e0"), most=2),
    "composite": Phase(
        build=types.composite, names=(*_named("k", 2), "public.d0", "public.t3"), most=1
    ),
    "range": Phase(build=types.range_type, names=(*_named("rng", 1), "public.e1"), most=1),
    "subdomain": Phase(build=types.subdomain, names=_named("dd", 1), most=1),
    "domain_check": Phase(build=types.domain_check, names=("dc0", "dc1"), most=2),
    "sequence": Phase(build=others.sequence, names=(*_named("s", 2), "public.t2"), most=2),
    "trigger_function": Phase(
        build=routines.trigger_function, names=(*_named("tf", 1), "public.f0"), most=2
    ),
    "table": Phase(build=tables.table, names=_TABLES, most=5),
    "of_type": Phase(build=tables.of_type, names=("app.ot0", "public.t4"), most=1),
    "partitioned": Phase(build=tables.partitioned, names=_named("p", 1) + _TABLES[:4], most=2),
    "heir": Phase(build=tables.heir, names=_named("h", 1) + _TABLES[:4], most=1),
    "grandchild": Phase(build=tables.grandchild, names=_named("gc", 1), most=1),
    "nested": Phase(build=tables.nested, names=_named("n", 1), most=1),
    "leaf": Phase(
        build=tables.leaf,
        names=(*_named("p0_", 2), "public.t0_1", "app.t1_rest", "public.n0_m", "public.n0_m0"),
        most=4,
    ),
    "foreign": Phase(build=others.foreign, names=("fo0", "fo1", "t1"), most=1),
    "split": Phase(build=tables.split, names=(*_named("sp", 1), "public.t1"), most=1),
    "temporal": Phase(build=tables.temporal, names=_named("te", 1), most=1),
    "operator": Phase(build=routines.operator, names=("op0",), most=1),
    "cast": Phase(build=types.cast, names=("ca0",), most=1),
    "operator_class": Phase(build=routines.operator_class, names=("op0",), most=1),
    "typed": Phase(build=routines.typed, names=(*_named("g", 2), "public.f0"), most=3),
    "key": Phase(build=attached.key, names=tuple(f"k{n}" for n in range(6)), most=4),
    "check": Phase(build=attached.check, names=tuple(f"c{n}" for n in range(6)), most=4),
    "unproved": Phase(build=attached.unproved, names=("un0", "un1"), most=1),
    "foreign_key": Phase(
        build=attached.foreign_key, names=tuple(f"fk{n}" for n in range(5)), most=3
    ),
    "index": Phase(build=attached.index, names=(*(f"i{n}" for n in range(7)), "t2"), most=5),
    "statistics": Phase(build=attached.statistics, names=_named("st", 1), most=1),
    "view": Phase(build=views.view, names=(*_named("v", 3), "public.t4", "public.t0"), most=4),
    "matview": Phase(
        build=views.matview, names=(*_named("w", 1), "public.v2", "public.t1"), most=2
    ),
    "over": Phase(build=views.over, names=_named("x", 2), most=2),
    "reader": Phase(build=routines.reader, names=(*_named("r", 2), "public.f0"), most=3),
    "rows_function": Phase(build=routines.rows_function, names=_named("rf", 1), most=1),
    "procedure": Phase(build=routines.procedure, names=(*_named("pr", 1), "public.f1"), most=1),
    "aggregate": Phase(
        build=routines.aggregate, names=(*_named("ag", 1), "public.f0", "public.pr0"), most=1
    ),
    "ordered": Phase(build=routines.ordered, names=(*_named("og", 1), "public.ag0"), most=1),
    "transform": Phase(build=others.transform, names=("sql", "plpgsql"), most=1),
    "late_default": Phase(build=tables.late_default, names=("ld0", "ld1"), most=2),
    "owned": Phase(build=others.owned, names=("ow0",), most=1),
    "policy": Phase(build=attached.policy, names=("po0", "po1", "po2"), most=2),
    "trigger": Phase(build=attached.trigger, names=("tr0", "tr1", "tr2"), most=3),
    "instead": Phase(build=views.instead, names=("in0", "in1"), most=2),
    "event_trigger": Phase(build=routines.event_trigger, names=("et0",), most=1),
    "dictionary": Phase(build=others.dictionary, names=_named("td", 1), most=1),
    "parser": Phase(build=others.parser, names=_named("tp", 1), most=1),
    "published": Phase(build=others.published, names=("pub2",), most=1),
    "owner": Phase(build=subjects.owner, names=("o0", "o1", "o2", "o3"), most=3),
    "rule": Phase(build=attached.rule, names=("ru0",), most=1),
    "search": Phase(build=others.search, names=_named("ts", 1), most=1),
    "publication": Phase(build=others.publication, names=("pub0", "pub1"), most=1),
    "subscription": Phase(build=others.subscription, names=("sub0",), most=1),
    "grant": Phase(build=others.grant, names=tuple(f"g{n}" for n in range(6)), most=5),
    "comment": Phase(build=subjects.comment, names=tuple(f"cm{n}" for n in range(8)), most=5),
    "late": Phase(build=others.default_privileges, names=("late0",), most=1),
}


def random_world(rng: random.Random, major: int) -> World:
    """A schema from nothing."""
    world = World(rng=rng, major=major)
    for kind, phase in PHASES.items():
        number = min(rng.randint(phase.least, phase.most), len(phase.names))
        for name in rng.sample(phase.names, number):
            _make(world, kind, name, Draws(str(rng.random())))
    return world


def _make(world: World, kind: str, name: str, draws: Draws) -> None:
    outer, world.rng = world.rng, draws
    made = PHASES[kind].build(world, name)
    made.draws = draws
    world.things[kind, name], world.rng = made, outer


def edited(world: World, rng: random.Random, edits: int) -> World:
    """The schema after some edits."""
    after = World(rng=rng, major=world.major, things=copy.deepcopy(world.things))
    for _ in range(edits):
        kind = rng.choice(list(PHASES))
        if rng.random() < 0.4:
            kind = rng.choice(["table", "partitioned", "view", "enum", "function", "table"])
        _edit(after, kind)
    return after


def _edit(world: World, kind: str) -> None:
    rng, phase = world.rng, PHASES[kind]
    present = [key for key in world.things if key[0] == kind]
    free = [name for name in phase.names if (kind, name) not in world.things]
    way = rng.random()
    if present and way < 0.2:
        del world.things[rng.choice(present)]
    elif (not present or way < 0.45) and free:
        _make(world, kind, rng.choice(free), Draws(str(rng.random())))
    elif present:
        _change(world, world.things[rng.choice(present)])


def _change(world: World, thing: Thing) -> None:
    """Change a table's columns, one thing about it, or all of it."""
    rng = world.rng
    way = rng.random()
    if thing.columns and way < 0.6:
        _edit_columns(world, thing)
        return
    if thing.draws and way < 0.9:
        world.kept = thing.columns
        _make(world, thing.kind, thing.name, thing.draws.nudged(rng))
        world.kept = {}
    else:
        _make(world, thing.kind, thing.name, Draws(str(rng.random())))


def _edit_columns(world: World, thing: Thing) -> None:
    rng = world.rng
    name = rng.choice(COLUMNS)
    way = rng.random()
    if way < 0.25:
        thing.columns.pop(rng.choice(list(thing.columns)))
    elif way < 0.5:
        thing.columns[name] = world.column()
    elif way < 0.6:
        world.add_generated(thing.columns)
    else:
        name = rng.choice(list(thing.columns))
        before, fresh = thing.columns[name], world.column()
        if before.plain and rng.random() < 0.5:
            fresh.type = before.type
            fresh.rest = rng.choice(["", "NOT NULL", f"DEFAULT {(*before.type.values, 'NULL')[0]}"])
        thing.columns[name] = fresh


def statements(world: World) -> list[str]:
    """What makes the schema, in order."""
    return [sql for kind in PHASES for thing in world.of(kind) for sql in thing.sql()]


def random_pair(seed: int, major: int) -> tuple[list[str], list[str]]:
    """Two schemas; mostly the second one is the first one edited."""
    rng = random.Random(seed)
    before = random_world(rng, major)
    if rng.random() < 0.2:
        after = random_world(rng, major)
    else:
        # what a migration mostly is
        after = edited(before, rng, rng.randint(1, rng.choice([6, 6, 6, 12])))
    tame(before, after)
    if rng.random() < 0.3:
        before, after = after, before
    declared = renames(before, after, rng) if rng.random() < 0.25 else []
    return statements(before), [*statements(after), *declared]
