"""Random objects that stand beside tables, types and routines, and who may do what with them."""

from __future__ import annotations

from tests.integration.pairs.subjects import any_grant
from tests.integration.pairs.words import CHECKS, ROLES
from tests.integration.pairs.world import Thing, World


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
    role = rng.choice(["", "", "", " FOR ROLE app_writer"])
    text = f"ALTER DEFAULT PRIVILEGES{role}{where} {what}"
    return Thing(kind=name.rstrip("0123456789"), name=name, statements=[text])


def sequence(world: World, name: str) -> Thing:
    rng = world.rng
    unlogged = rng.choice(["", "", "", "UNLOGGED "])
    text = f"CREATE {unlogged}SEQUENCE {name}{rng.choice(['', ' AS integer', ' AS smallint'])}"
    text += rng.choice(["", " INCREMENT 5", " MINVALUE 10 MAXVALUE 100 CYCLE", " CACHE 20"])
    return Thing(kind="sequence", name=name, statements=[text])


def owned(world: World, name: str) -> Thing:
    found, sequence_ = world.table_column("int"), world.one("sequence")
    if not found or not sequence_:
        return Thing(kind="owned", name=name)
    text = f"ALTER SEQUENCE {sequence_.name} OWNED BY {found[0].name}.{found[1]}"
    return Thing(kind="owned", name=name, statements=[text])


def grant(world: World, name: str) -> Thing:
    """Privileges on anything, revoked from PUBLIC where it has them by itself."""
    rng = world.rng
    role = rng.choice(['"odd ""role"' if r.startswith("odd") else r for r in ROLES])
    ways = []
    owner = world.one("table", "view", "partitioned", "matview", "leaf")
    if owner:
        rights = rng.choice(["SELECT", "SELECT, INSERT", "ALL", "UPDATE"])
        ways.append(f"GRANT {rights} ON {owner.name} TO {role}")
        if owner.columns:
            column = rng.choice(list(owner.columns))
            ways.append(f"GRANT SELECT ({column}), UPDATE ({column}) ON {owner.name} TO {role}")
        # To one who owns nothing: an owner may grant anyway, what he says of it is not compared.
        ways.append(f'GRANT SELECT ON {owner.name} TO "odd ""role" WITH GRANT OPTION')
    routine = world.one("function", "reader")
    if routine:
        arguments = "(integer)" if routine.kind == "function" else "()"
        ways.append(f"REVOKE ALL ON FUNCTION {routine.name}{arguments} FROM PUBLIC")
        ways.append(f"GRANT EXECUTE ON FUNCTION {routine.name}{arguments} TO {role}")
    sequence, enum = world.one("sequence"), world.one("enum", "domain")
    if sequence:
        ways.append(f"GRANT USAGE ON SEQUENCE {sequence.name} TO {role}")
    if enum:
        ways.append(f"REVOKE USAGE ON TYPE {enum.name} FROM PUBLIC")
    ways.append(f"GRANT USAGE ON SCHEMA app TO {role}")
    if world.chance(0.5):
        ways = [any_grant(world, role)]
    return Thing(kind="grant", name=name, statements=[rng.choice(ways)])


def publication(world: World, name: str) -> Thing:
    rng = world.rng
    found = world.one("table"), world.one("table", "partitioned", "leaf")
    names = sorted({t.name for t in found if t})
    what = rng.choice([f"FOR TABLE {', '.join(names)}" if names else "", "FOR ALL TABLES", ""])
    number = world.table_column("int")
    if number and world.chance(0.3):
        what = f"FOR TABLE {number[0].name} WHERE ({number[1]} > 0)"
    options = ["", " WITH (publish = 'insert')", " WITH (publish_via_partition_root)"]
    text = f"CREATE PUBLICATION {name} {what}{rng.choice(options)}"
    return Thing(kind="publication", name=name, statements=[text])


def published(world: World, name: str) -> Thing:
    """A publication of a schema, or of some columns."""
    what = "FOR TABLES IN SCHEMA app"
    found = world.table_column(*CHECKS)
    if found and world.chance(0.6):
        what = f"FOR TABLE {found[0].name} ({found[1]})"
    return Thing(kind="published", name=name, statements=[f"CREATE PUBLICATION {name} {what}"])


def subscription(world: World, name: str) -> Thing:
    """A subscription that never connects."""
    rng = world.rng
    publications = rng.choice(["p0", "p0, p1", "p1"])
    options = ["", ", binary = true", ", streaming = true", ", synchronous_commit = on"]
    options += [", disable_on_error = true", ", two_phase = true"]
    text = (
        f"CREATE SUBSCRIPTION {name} CONNECTION 'host=h{rng.randint(1, 2)}'"
        f" PUBLICATION {publications}"
        f" WITH (connect = false, slot_name = NONE{rng.choice(options)})"
    )
    return Thing(kind="subscription", name=name, statements=[text])


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


def dictionary(world: World, name: str) -> Thing:
    """A text search dictionary, and a configuration that uses it."""
    language = world.rng.choice(["english", "german"])
    statements = [
        f"CREATE TEXT SEARCH DICTIONARY {name} (TEMPLATE = snowball, LANGUAGE = {language})",
        f"CREATE TEXT SEARCH CONFIGURATION {name}_c (COPY = simple)",
        f"ALTER TEXT SEARCH CONFIGURATION {name}_c ALTER MAPPING FOR word WITH {name}",
    ]
    return Thing(kind="dictionary", name=name, statements=statements)


def search(world: World, name: str) -> Thing:
    """A text search configuration."""
    base = world.rng.choice(["simple", "english", "german"])
    statements = [f"CREATE TEXT SEARCH CONFIGURATION {name} (COPY = pg_catalog.{base})"]
    if world.chance(0.5):
        mapping = "ALTER MAPPING FOR asciiword, word WITH simple"
        statements.append(f"ALTER TEXT SEARCH CONFIGURATION {name} {mapping}")
    return Thing(kind="search", name=name, statements=statements)


def language(world: World, name: str) -> Thing:
    """A procedural language under another name, and a routine in it."""
    trusted = world.rng.choice(["", " TRUSTED"])
    statements = [
        f"CREATE{trusted} LANGUAGE {name} HANDLER plpgsql_call_handler"
        " INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator",
        f"CREATE FUNCTION public.{name}_f() RETURNS integer LANGUAGE {name}"
        " AS 'BEGIN RETURN 1; END'",
    ]
    return Thing(kind="language", name=name, statements=statements)


def conversion(world: World, name: str) -> Thing:
    """A conversion between encodings."""
    default = world.rng.choice(["", "DEFAULT "])
    text = f"CREATE {default}CONVERSION {name} FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8"
    return Thing(kind="conversion", name=name, statements=[text])


def transform(world: World, name: str) -> Thing:
    """How a language sees a type's values."""
    ways = ["FROM SQL WITH FUNCTION prsd_lextype(internal)"]
    ways += ["TO SQL WITH FUNCTION int4recv(internal)"]
    said = ", ".join(world.rng.sample(ways, world.rng.randint(1, 2)))
    text = f"CREATE TRANSFORM FOR integer LANGUAGE {name} ({said})"
    return Thing(kind="transform", name=name, statements=[text])


def access_method(_: World, name: str) -> Thing:
    """An access method of tables, which stores them as the usual one does."""
    text = f"CREATE ACCESS METHOD {name} TYPE TABLE HANDLER heap_tableam_handler"
    return Thing(kind="access_method", name=name, statements=[text])


def parser(world: World, name: str) -> Thing:
    """A text search parser and template, a configuration and a dictionary of them."""
    headline = world.rng.choice(["", ", HEADLINE = prsd_headline"])
    statements = [
        f"CREATE TEXT SEARCH PARSER {name} (START = prsd_start, GETTOKEN = prsd_nexttoken,"
        f" END = prsd_end, LEXTYPES = prsd_lextype{headline})",
        f"CREATE TEXT SEARCH TEMPLATE {name} (INIT = dsimple_init, LEXIZE = dsimple_lexize)",
        f"CREATE TEXT SEARCH DICTIONARY {name} (TEMPLATE = {name})",
        f"CREATE TEXT SEARCH CONFIGURATION {name} (PARSER = {name})",
        f"ALTER TEXT SEARCH CONFIGURATION {name} ADD MAPPING FOR word WITH {name}",
    ]
    return Thing(kind="parser", name=name, statements=statements)
