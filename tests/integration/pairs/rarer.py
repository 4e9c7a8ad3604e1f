"""Random objects of the kinds that few schemas have."""

from __future__ import annotations

from tests.integration.pairs.words import CHECKS
from tests.integration.pairs.world import Column, Thing, World


def nested(world: World, name: str) -> Thing:
    """A partition that is itself split, with rows' bounds of its own."""
    columns = {
        "part": Column(type=next(t for t in world.types() if t.sql == "integer"), rest="NOT NULL"),
        "sub": Column(type=next(t for t in world.types() if t.sql == "text"), rest="NOT NULL"),
        **world.columns(0, 2),
    }
    found = Thing(kind="nested", name=name, columns=columns, head=f"CREATE TABLE {name}")
    found.tail = "PARTITION BY RANGE (part)"
    middle = f"{name}_m"
    bound = world.rng.choice(["FROM (0) TO (100)", "FROM (0) TO (10)"])
    method = world.rng.choice(["LIST (sub)", "HASH (sub)"])
    found.statements.append(
        f"CREATE TABLE {middle} PARTITION OF {name} FOR VALUES {bound} PARTITION BY {method}"
    )
    leaves = (
        ["IN ('a')", "IN ('b', NULL)"]
        if method.startswith("LIST")
        else [f"WITH (MODULUS 2, REMAINDER {n})" for n in range(2)]
    )
    for number, leaf in enumerate(leaves):
        if world.chance(0.7):
            create = f"CREATE TABLE {name}_m{number} PARTITION OF {middle} FOR VALUES {leaf}"
            found.statements.append(create)
    if world.chance(0.5):
        found.statements.append(f"CREATE INDEX ON {name} (part)")
    if world.chance(0.3):
        found.statements.append(f"ALTER TABLE {name} ADD PRIMARY KEY (part, sub)")
    return found


def grandchild(world: World, name: str) -> Thing:
    """An heir of an heir, or of two tables."""
    parents = [p for p in (world.one("heir", "table"), world.one("table")) if p]
    names = list(dict.fromkeys(p.name for p in parents))
    if not names:
        return Thing(kind="grandchild", name=name)
    text = f"CREATE TABLE {name} (own integer) INHERITS ({', '.join(names)})"
    return Thing(kind="grandchild", name=name, statements=[text])


def owner(world: World, name: str) -> Thing:
    """Somebody else's."""
    words = {"table": "TABLE", "view": "VIEW", "enum": "TYPE", "sequence": "SEQUENCE"} | {
        "schema": "SCHEMA",
        "matview": "MATERIALIZED VIEW",
        "domain": "DOMAIN",
        "partitioned": "TABLE",
        "statistics": "STATISTICS",
    }
    thing = world.one(*words)
    role = world.rng.choice(["app_reader", "app_writer"])
    text = f"ALTER {words[thing.kind]} {thing.name} OWNER TO {role}" if thing else "SELECT 1"
    return Thing(kind="owner", name=name, statements=[text])


def foreign(world: World, name: str) -> Thing:
    """A wrapper, a server, a mapping and a foreign table."""
    rng = world.rng
    version = rng.choice(["", " VERSION '2'"])
    ends = ("", " NOT NULL", " OPTIONS (a 'b')")
    names = ((n, c.type.sql) for n, c in world.columns(1, 3).items())
    columns = ", ".join(f"{n} {kind}{rng.choice(ends)}" for n, kind in names)
    options = f"OPTIONS (t '{rng.randint(1, 2)}')"
    statements = [
        f"CREATE FOREIGN DATA WRAPPER {name}_w",
        f"CREATE SERVER {name}_s{version} FOREIGN DATA WRAPPER {name}_w OPTIONS (host 'h')",
        f"CREATE FOREIGN TABLE {name} ({columns}) SERVER {name}_s {options}",
    ]
    if world.chance(0.5):
        statements.append(f"CREATE USER MAPPING FOR app_reader SERVER {name}_s OPTIONS (u 'x')")
    if world.chance(0.3):
        statements.append(f"GRANT USAGE ON FOREIGN SERVER {name}_s TO app_writer")
    return Thing(kind="foreign", name=name, statements=statements)


def operator(world: World, name: str) -> Thing:
    """An operator over a function, perhaps with an operator class."""
    function = f"public.{name}_f"
    body = world.rng.choice(["SELECT $1 < $2", "SELECT $2 > $1"])
    statements = [
        f"CREATE FUNCTION {function}(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE"
        f" AS '{body}'",
        f"CREATE OPERATOR public.<<<< (FUNCTION = {function}, LEFTARG = integer,"
        " RIGHTARG = integer" + world.rng.choice(["", ", RESTRICT = scalarltsel"]) + ")",
    ]
    return Thing(kind="operator", name=name, statements=statements)


def cast(world: World, name: str) -> Thing:
    """A cast from a composite type or an enum of ours."""
    source = world.one("composite", "enum")
    if not source:
        return Thing(kind="cast", name=name)
    how = world.rng.choice(["WITH INOUT", "WITH INOUT AS ASSIGNMENT"])
    if source.kind == "composite" or world.chance(0.5):
        function = f"public.{name}_f"
        how = f"WITH FUNCTION {function}({source.name})"
        statements = [
            f"CREATE FUNCTION {function}({source.name}) RETURNS bigint LANGUAGE sql IMMUTABLE"
            " AS 'SELECT 1::bigint'"
        ]
    else:
        statements = []
    return Thing(
        kind="cast",
        name=name,
        statements=[*statements, f"CREATE CAST ({source.name} AS bigint) {how}"],
    )


def event_trigger(world: World, name: str) -> Thing:
    """An event trigger and its function."""
    tags = world.rng.choice(["", " WHEN TAG IN ('DROP TABLE')"])
    statements = [
        f"CREATE FUNCTION public.{name}_f() RETURNS event_trigger LANGUAGE plpgsql"
        " AS $$ BEGIN END $$",
        f"CREATE EVENT TRIGGER {name} ON sql_drop{tags} EXECUTE FUNCTION public.{name}_f()",
    ]
    if world.chance(0.3):
        statements.append(f"ALTER EVENT TRIGGER {name} DISABLE")
    return Thing(kind="event_trigger", name=name, statements=statements)


def dictionary(world: World, name: str) -> Thing:
    """A text search dictionary, and a configuration that uses it."""
    language = world.rng.choice(["english", "german"])
    statements = [
        f"CREATE TEXT SEARCH DICTIONARY {name} (TEMPLATE = snowball, LANGUAGE = {language})",
        f"CREATE TEXT SEARCH CONFIGURATION {name}_c (COPY = simple)",
        f"ALTER TEXT SEARCH CONFIGURATION {name}_c ALTER MAPPING FOR word WITH {name}",
    ]
    return Thing(kind="dictionary", name=name, statements=statements)


def instead(world: World, name: str) -> Thing:
    """An INSTEAD OF trigger or a rule on a view."""
    view, function = world.one("view"), world.one("trigger_function")
    if not view or not function:
        return Thing(kind="instead", name=name)
    text = (
        f"CREATE TRIGGER {name} INSTEAD OF UPDATE ON {view.name} FOR EACH ROW"
        f" EXECUTE FUNCTION {function.name}()"
    )
    if world.chance(0.4):
        text = f"CREATE RULE {name} AS ON DELETE TO {view.name} DO INSTEAD NOTHING"
    return Thing(kind="instead", name=name, statements=[text])


def subdomain(world: World, name: str) -> Thing:
    """A domain over a domain, an array of an enum or a range."""
    base = world.one("domain", "enum", "range")
    if not base:
        return Thing(kind="subdomain", name=name)
    ending = world.rng.choice(["", "[]"]) if base.kind == "enum" else ""
    check = world.rng.choice(["", " CHECK (VALUE IS NOT NULL)", " NOT NULL"])
    text = f"CREATE DOMAIN {name} AS {base.name}{ending}{check}"
    return Thing(kind="subdomain", name=name, statements=[text])


def published(world: World, name: str) -> Thing:
    """A publication of a schema, or of some columns."""
    what = "FOR TABLES IN SCHEMA app"
    found = world.table_column(*CHECKS)
    if found and world.chance(0.6):
        what = f"FOR TABLE {found[0].name} ({found[1]})"
    return Thing(kind="published", name=name, statements=[f"CREATE PUBLICATION {name} {what}"])


def search(world: World, name: str) -> Thing:
    """A text search configuration."""
    base = world.rng.choice(["simple", "english", "german"])
    statements = [f"CREATE TEXT SEARCH CONFIGURATION {name} (COPY = pg_catalog.{base})"]
    if world.chance(0.5):
        mapping = "ALTER MAPPING FOR asciiword, word WITH simple"
        statements.append(f"ALTER TEXT SEARCH CONFIGURATION {name} {mapping}")
    return Thing(kind="search", name=name, statements=statements)


def collation(world: World, name: str) -> Thing:
    """A collation of the C library."""
    text = f"CREATE COLLATION {name} (provider = libc, locale = 'C')"
    return Thing(kind="collation", name=name, statements=[text])
