"""Random worlds: types, routines and views, and what a world is made of in which order."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.integration.pairs import rarer, tables
from tests.integration.pairs.words import CHECKS, COLUMNS, COMMENTS, EXPRESSIONS, TABLES
from tests.integration.pairs.world import Thing, World, tame

BASE_TYPES = ("integer", "text", "varchar(30)", "numeric(8,3)")


def schema(world: World, name: str) -> Thing:
    return Thing(kind="schema", name=name, statements=[f"CREATE SCHEMA {name}"])


def extension(world: World, name: str) -> Thing:
    return Thing(kind="extension", name=name, statements=[f"CREATE EXTENSION {name}"])


def default_privileges(world: World, name: str) -> Thing:
    rng = world.rng
    where = rng.choice(["", " IN SCHEMA app", " IN SCHEMA public"])
    what = rng.choice(
        [
            "GRANT SELECT ON TABLES TO app_reader",
            "GRANT USAGE ON SEQUENCES TO app_writer",
            "GRANT EXECUTE ON FUNCTIONS TO app_reader",
            "REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
            "GRANT USAGE ON TYPES TO app_reader",
        ]
    )
    text = f"ALTER DEFAULT PRIVILEGES{where} {what}"
    return Thing(kind=name.rstrip("0123456789"), name=name, statements=[text])


def enum(world: World, name: str) -> Thing:
    rng = world.rng
    values = ["new", "open", "it's", "closed", "gone"]
    chosen = [v for v in values if rng.random() < 0.7] or ["new"]
    if world.chance(0.1):
        rng.shuffle(chosen)
    quoted = [f"""'{v.replace("'", "''")}'""" for v in chosen]
    text = f"CREATE TYPE {name} AS ENUM ({', '.join(quoted)})"
    return Thing(kind="enum", name=name, statements=[text], tail=quoted[0])


def domain(world: World, name: str) -> Thing:
    rng = world.rng
    base = rng.choice([*BASE_TYPES, *(e.name for e in world.of("enum"))])
    text = f"CREATE DOMAIN {name} AS {base}"
    if base in ("integer", "numeric(8,3)"):
        text += rng.choice(
            ["", " DEFAULT 3", " CHECK (VALUE > 0)", " DEFAULT 1 CHECK (VALUE < 99)"]
        )
    elif base in BASE_TYPES:
        text += rng.choice(
            ["", " DEFAULT 'x'", " CHECK (VALUE <> '')", " CHECK (VALUE IN ('a','b'))"]
        )
    text += " NOT NULL" if world.chance(0.1) else ""
    return Thing(kind="domain", name=name, statements=[text])


def composite(world: World, name: str) -> Thing:
    names = world.rng.sample(["x", "y", "z", "w"], world.rng.randint(1, 4))
    chosen = [t for t in world.types() if t.family != "composite"]
    body = ", ".join(f"{n} {world.rng.choice(chosen).sql}" for n in sorted(names))
    return Thing(kind="composite", name=name, statements=[f"CREATE TYPE {name} AS ({body})"])


def range_type(world: World, name: str) -> Thing:
    subtype = world.rng.choice(["integer", "text", "float8"])
    text = f"CREATE TYPE {name} AS RANGE (subtype = {subtype})"
    return Thing(kind="range", name=name, statements=[text])


def sequence(world: World, name: str) -> Thing:
    rng = world.rng
    text = f"CREATE SEQUENCE {name}{rng.choice(['', ' AS integer', ' AS smallint'])}"
    text += rng.choice(["", " INCREMENT 5", " MINVALUE 10 MAXVALUE 100 CYCLE", " CACHE 20"])
    return Thing(kind="sequence", name=name, statements=[text])


def owned(world: World, name: str) -> Thing:
    found, sequence_ = world.table_column("int"), world.one("sequence")
    if not found or not sequence_:
        return Thing(kind="owned", name=name)
    text = f"ALTER SEQUENCE {sequence_.name} OWNED BY {found[0].name}.{found[1]}"
    return Thing(kind="owned", name=name, statements=[text])


def function(world: World, name: str) -> Thing:
    """A function of one integer that no table is needed for."""
    rng = world.rng
    number = rng.randint(1, 4)
    others = [f.name for f in world.of("function") if f.name < name]
    value = (
        f"{rng.choice(others)}(i) + {number}" if others and world.chance(0.4) else f"i + {number}"
    )
    body = rng.choice(
        [
            f"LANGUAGE sql IMMUTABLE AS $$ SELECT {value} $$",
            f"LANGUAGE sql IMMUTABLE RETURN {value}",
            f"LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT {value}; END",
            f"LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN\n    RETURN {value};\nEND $$",
        ]
    )
    extra = rng.choice(["", "", " STRICT", " PARALLEL SAFE", " COST 10"])
    parameter = rng.choice(["i", "i", "i"]) + " integer"
    body = body.replace(" IMMUTABLE", f" IMMUTABLE{extra}", 1)
    text = f"CREATE FUNCTION {name}({parameter}) RETURNS integer {body}"
    return Thing(kind="function", name=name, statements=[text])


def trigger_function(world: World, name: str) -> Thing:
    word = world.rng.choice(["NEW", "NULL"])
    body = f"$$ BEGIN RETURN {word}; END $$"
    text = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS {body}"
    return Thing(kind="trigger_function", name=name, statements=[text])


def reader(world: World, name: str) -> Thing:
    """A function without arguments that reads a table, a view or another reader."""
    rng = world.rng
    source = world.one("table", "partitioned", "view")
    others = [f.name for f in world.of("reader") if f.name < name]
    query = f"SELECT count(*)::integer FROM {source.name}" if source else "SELECT 0"
    if others and world.chance(0.3):
        query = f"SELECT {rng.choice(others)}()"
    body = rng.choice(
        [
            f"LANGUAGE sql STABLE AS $$ {query} $$",
            f"LANGUAGE sql STABLE BEGIN ATOMIC {query}; END",
            f"LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN ({query}); END $$",
            f"LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$ {query} $$",
        ]
    )
    return Thing(
        kind="reader", name=name, statements=[f"CREATE FUNCTION {name}() RETURNS integer {body}"]
    )


def rows_function(world: World, name: str) -> Thing:
    """A function over a table's row type, which goes when the table goes."""
    source = world.one("table")
    if not source:
        return Thing(kind="rows_function", name=name)
    forms = [
        "({}) RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$".format(f"r {source.name}"),
        f"() RETURNS SETOF {source.name} LANGUAGE sql AS $$ SELECT * FROM {source.name} $$",
    ]
    text = f"CREATE FUNCTION {name}{world.rng.choice(forms)}"
    return Thing(kind="rows_function", name=name, statements=[text])


def procedure(world: World, name: str) -> Thing:
    body = world.rng.choice(["BEGIN END", "BEGIN NULL; END", "BEGIN RAISE NOTICE 'x'; END"])
    arguments = world.rng.choice(["", "a integer", "a integer, b text DEFAULT 'x'"])
    text = f"CREATE PROCEDURE {name}({arguments}) LANGUAGE plpgsql AS $$ {body} $$"
    return Thing(kind="procedure", name=name, statements=[text])


def aggregate(world: World, name: str) -> Thing:
    step = world.rng.choice(["int4pl", "int4larger", "int4smaller"])
    start = world.rng.choice(["", ", INITCOND = '0'"])
    text = f"CREATE AGGREGATE {name}(integer) (SFUNC = {step}, STYPE = integer{start})"
    return Thing(kind="aggregate", name=name, statements=[text])


def query_of(world: World, own: str) -> str:
    """A query over tables and over views with smaller names."""
    rng = world.rng
    views = [v.name for v in world.of("view", "matview") if v.name < own]
    found = world.one("table", "partitioned", "heir")
    if views and (found is None or world.chance(0.4)):
        chosen = rng.choice(views)
        return rng.choice([f"SELECT * FROM {chosen}", f"SELECT count(*) AS n FROM {chosen}"])
    if found is None or not found.columns:
        return "SELECT 1 AS one, 'x'::text AS two"
    names = rng.sample(list(found.columns), rng.randint(1, len(found.columns)))
    shown = []
    for number, column in enumerate(names):
        family = found.columns[column].type.family
        text = f"t.{column}"
        if family in EXPRESSIONS and world.chance(0.2):
            text = f"{rng.choice(EXPRESSIONS[family]).format(c=text)} AS x{number}"
        shown.append(text)
    query = f"SELECT {', '.join(shown)} FROM {found.name} AS t"
    routine = world.one("function")
    if routine and world.chance(0.2):
        query = query.replace(" FROM ", f", {routine.name}(1) AS fn FROM ", 1)
    usable = [n for n in found.columns if found.columns[n].type.family in CHECKS]
    if usable and world.chance(0.4):
        column = rng.choice(usable)
        family = found.columns[column].type.family
        query += f" WHERE {rng.choice(CHECKS[family]).format(c=f't.{column}')}"
    if world.chance(0.1):
        query = f"SELECT * FROM ({query}) AS q UNION ALL {query}"
    return query


def view(world: World, name: str) -> Thing:
    options = world.rng.choice(["", "", "", " WITH (security_invoker)", " WITH (security_barrier)"])
    text = f"CREATE VIEW {name}{options} AS {query_of(world, name)}"
    if world.chance(0.1):
        own = name.rpartition(".")[2]
        step = f"SELECT n + 1 FROM {own} WHERE n < 9"  # a materialized view over it must end
        text = f"CREATE RECURSIVE VIEW {name} (n) AS SELECT 1 UNION ALL {step}"
    return Thing(kind="view", name=name, statements=[text])


def matview(world: World, name: str) -> Thing:
    text = f"CREATE MATERIALIZED VIEW {name} AS {query_of(world, name)}"
    statements = [text + world.rng.choice(["", "", " WITH NO DATA"])]
    if world.chance(0.4):
        short = name.rsplit(".", 1)[-1]
        statements.append(f"CREATE INDEX {short}_i ON {name} ({world.rng.choice(COLUMNS)})")
        statements.append(f"CREATE INDEX {short}_j ON {name} ((1))")
    return Thing(kind="matview", name=name, statements=statements)


def comment(world: World, name: str) -> Thing:
    rng = world.rng
    text = rng.choice(COMMENTS).replace("'", "''")
    words = {
        "table": "TABLE", "view": "VIEW", "matview": "MATERIALIZED VIEW", "sequence": "SEQUENCE",
        "enum": "TYPE", "domain": "DOMAIN", "composite": "TYPE", "index": "INDEX",
        "procedure": "PROCEDURE", "schema": "SCHEMA", "function": "FUNCTION",
        "statistics": "STATISTICS", "partitioned": "TABLE", "publication": "PUBLICATION",
    }  # fmt: skip
    thing = world.one(*words)
    subject = f"{words[thing.kind]} {thing.name}" if thing else "SCHEMA public"
    found = world.table_column()
    if found and world.chance(0.3):
        subject = f"COLUMN {found[0].name}.{found[1]}"
    return Thing(kind="comment", name=name, statements=[f"COMMENT ON {subject} IS '{text}'"])


def publication(world: World, name: str) -> Thing:
    rng = world.rng
    names = sorted({t.name for t in (world.one("table"), world.one("table")) if t})
    what = rng.choice([f"FOR TABLE {', '.join(names)}" if names else "", "FOR ALL TABLES", ""])
    found = world.table_column("int")
    if found and world.chance(0.3):
        what = f"FOR TABLE {found[0].name} WHERE ({found[1]} > 0)"
    options = rng.choice(["", " WITH (publish = 'insert')"])
    text = f"CREATE PUBLICATION {name} {what}{options}"
    return Thing(kind="publication", name=name, statements=[text])


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """How many things of a kind there are, and the names that they can have."""

    build: Callable[[World, str], Thing]
    names: tuple[str, ...]
    most: int


def _named(stem: str, number: int, *schemas: str) -> tuple[str, ...]:
    return tuple(f"{s}.{stem}{n}" for n in range(number) for s in (schemas or ("public", "app")))


_TABLES = tuple(f"{s}.{name}" for name in TABLES for s in ("public", "app"))
# In the order in which they are made.
PHASES: dict[str, Phase] = {
    "schema": Phase(build=schema, names=("app", '"Odd schema"'), most=2),
    "early": Phase(build=default_privileges, names=("early0", "early1"), most=1),
    "extension": Phase(build=extension, names=("citext", "hstore", "vector"), most=1),
    "collation": Phase(build=rarer.collation, names=_named("coll", 1), most=1),
    "enum": Phase(build=enum, names=_named("e", 2), most=2),
    "domain": Phase(build=domain, names=_named("d", 2), most=2),
    "composite": Phase(build=composite, names=_named("k", 2), most=1),
    "range": Phase(build=range_type, names=_named("rng", 1), most=1),
    "subdomain": Phase(build=rarer.subdomain, names=_named("dd", 1), most=1),
    "sequence": Phase(build=sequence, names=_named("s", 2), most=2),
    "function": Phase(build=function, names=_named("f", 2), most=3),
    "trigger_function": Phase(build=trigger_function, names=_named("tf", 1), most=2),
    "table": Phase(build=tables.table, names=_TABLES, most=5),
    "partitioned": Phase(build=tables.partitioned, names=_named("p", 1) + _TABLES[:4], most=2),
    "heir": Phase(build=tables.heir, names=_named("h", 1) + _TABLES[:2], most=1),
    "grandchild": Phase(build=rarer.grandchild, names=_named("gc", 1), most=1),
    "nested": Phase(build=rarer.nested, names=_named("n", 1), most=1),
    "foreign": Phase(build=rarer.foreign, names=("fo0", "fo1"), most=1),
    "operator": Phase(build=rarer.operator, names=("op0",), most=1),
    "cast": Phase(build=rarer.cast, names=("ca0",), most=1),
    "key": Phase(build=tables.key, names=tuple(f"k{n}" for n in range(6)), most=4),
    "check": Phase(build=tables.check, names=tuple(f"c{n}" for n in range(6)), most=4),
    "foreign_key": Phase(build=tables.foreign_key, names=tuple(f"fk{n}" for n in range(5)), most=3),
    "index": Phase(build=tables.index, names=tuple(f"i{n}" for n in range(8)), most=5),
    "statistics": Phase(build=tables.statistics, names=_named("st", 1), most=1),
    "view": Phase(build=view, names=(*_named("v", 3), "public.t4"), most=4),
    "matview": Phase(build=matview, names=(*_named("w", 1), "public.v2"), most=2),
    "reader": Phase(build=reader, names=_named("r", 2), most=3),
    "rows_function": Phase(build=rows_function, names=_named("rf", 1), most=1),
    "procedure": Phase(build=procedure, names=_named("pr", 1), most=1),
    "aggregate": Phase(build=aggregate, names=_named("ag", 1), most=1),
    "late_default": Phase(build=tables.late_default, names=("ld0", "ld1"), most=2),
    "owned": Phase(build=owned, names=("ow0",), most=1),
    "policy": Phase(build=tables.policy, names=("po0", "po1", "po2"), most=2),
    "trigger": Phase(build=tables.trigger, names=("tr0", "tr1", "tr2"), most=3),
    "instead": Phase(build=rarer.instead, names=("in0", "in1"), most=2),
    "event_trigger": Phase(build=rarer.event_trigger, names=("et0",), most=1),
    "dictionary": Phase(build=rarer.dictionary, names=_named("td", 1), most=1),
    "published": Phase(build=rarer.published, names=("pub2",), most=1),
    "owner": Phase(build=rarer.owner, names=("o0", "o1", "o2"), most=2),
    "rule": Phase(build=tables.rule, names=("ru0",), most=1),
    "search": Phase(build=rarer.search, names=_named("ts", 1), most=1),
    "publication": Phase(build=publication, names=("pub0", "pub1"), most=1),
    "grant": Phase(build=tables.grant, names=tuple(f"g{n}" for n in range(6)), most=5),
    "comment": Phase(build=comment, names=tuple(f"cm{n}" for n in range(8)), most=5),
    "late": Phase(build=default_privileges, names=("late0",), most=1),
}


def random_world(rng: random.Random, major: int) -> World:
    """A schema from nothing."""
    world = World(rng=rng, major=major)
    for kind, phase in PHASES.items():
        for name in rng.sample(phase.names, min(rng.randint(0, phase.most), len(phase.names))):
            world.things[kind, name] = phase.build(world, name)
    return world


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
        name = rng.choice(free)
        world.things[kind, name] = phase.build(world, name)
    elif present:
        key = rng.choice(present)
        if world.things[key].columns and rng.random() < 0.9:
            _edit_columns(world, world.things[key])
        else:
            world.things[key] = phase.build(world, key[1])


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
    if rng.random() < 0.25:
        after = random_world(rng, major)
    else:
        after = edited(before, rng, rng.randint(1, 10))
    tame(before, after)
    pair = statements(before), statements(after)
    return pair if rng.random() < 0.7 else (pair[1], pair[0])
