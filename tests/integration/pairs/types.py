"""Random types, and what is made for types: collations and casts."""

from __future__ import annotations

from tests.integration.pairs.world import Thing, World

BASE_TYPES = ("integer", "text", "varchar(30)", "numeric(8,3)")


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
    if base in ("text", "varchar(30)") and world.chance(0.2):
        text = text.replace(base, f"{base} COLLATE {world.collation()}", 1)
    function = world.one("function")
    if function and world.chance(0.2):
        text += f" CONSTRAINT called CHECK (VALUE IS NULL OR {function.name}(9) > 0)"
    text += " NOT NULL" if world.chance(0.1) else ""
    return Thing(kind="domain", name=name, statements=[text])


def domain_check(world: World, name: str) -> Thing:
    """A check of a domain that values which are there need not pass."""
    owner = world.one("domain", "subdomain")
    if not owner:
        return Thing(kind="domain_check", name=name)
    test = world.rng.choice(["VALUE IS NOT NULL", "VALUE IS NULL OR length(VALUE::text) < 9"])
    text = f"ALTER DOMAIN {owner.name} ADD CONSTRAINT {name} CHECK ({test}) NOT VALID"
    return Thing(kind="domain_check", name=name, statements=[text])


def subdomain(world: World, name: str) -> Thing:
    """A domain over a domain, an array of an enum, a range or a composite type."""
    base = world.one("domain", "enum", "range", "composite")
    if not base:
        return Thing(kind="subdomain", name=name)
    ending = world.rng.choice(["", "[]"]) if base.kind == "enum" else ""
    check = world.rng.choice(["", " CHECK (VALUE IS NOT NULL)", " NOT NULL"])
    text = f"CREATE DOMAIN {name} AS {base.name}{ending}{check}"
    return Thing(kind="subdomain", name=name, statements=[text])


def composite(world: World, name: str) -> Thing:
    names = world.rng.sample(["x", "y", "z", "w"], world.rng.randint(1, 4))
    # No two contain each other.
    others = {thing.name for thing in world.of("composite") if thing.name >= name}
    chosen = [t.sql for t in world.types() if t.sql.removesuffix("[]") not in others]
    chosen.append(f"text COLLATE {world.collation()}")
    body = ", ".join(f"{n} {world.rng.choice(chosen)}" for n in sorted(names))
    return Thing(kind="composite", name=name, statements=[f"CREATE TYPE {name} AS ({body})"])


def range_type(world: World, name: str) -> Thing:
    own = world.one("domain", "enum", "composite")
    subtypes = ["integer", "text", "float8", "float8, subtype_diff = float8mi"]
    subtype = world.rng.choice([*subtypes, own.name] if own else subtypes)
    several = f", multirange_type_name = {name}s" if world.chance(0.2) else ""
    text = f"CREATE TYPE {name} AS RANGE (subtype = {subtype}{several})"
    return Thing(kind="range", name=name, statements=[text])


def base(world: World, name: str) -> Thing:
    """A type that is stored and written as text is."""
    functions = [
        f"CREATE FUNCTION {name}_{way} RETURNS {result} LANGUAGE internal IMMUTABLE STRICT"
        f" AS 'text{way[:3].rstrip('(')}'"
        for way, result in (("in(cstring)", name), (f"out({name})", "cstring"))
    ]
    like = world.rng.choice(["LIKE = text", "LIKE = text, CATEGORY = 'S'", "STORAGE = extended"])
    made = f"CREATE TYPE {name} (INPUT = {name}_in, OUTPUT = {name}_out, {like})"
    # The first of the functions makes a type without anything, which the last statement fills.
    return Thing(kind="base", name=name, statements=[*functions, made])


def collation(world: World, name: str) -> Thing:
    """A collation of the C library, or one of ICU where the server has that."""
    ways = ["provider = libc, locale = 'C'", "provider = libc, locale = 'POSIX'"]
    if world.major == 15:
        ways.append("provider = icu, locale = 'und', deterministic = false")
    text = f"CREATE COLLATION {name} ({world.rng.choice(ways)})"
    return Thing(kind="collation", name=name, statements=[text])


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
