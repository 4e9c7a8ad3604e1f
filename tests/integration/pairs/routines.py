"""Random routines, and operators and event triggers, which are made of routines."""

from __future__ import annotations

from tests.integration.pairs.world import Thing, World


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


def typed(world: World, name: str) -> Thing:
    """A function over a type of ours, or a row of a table."""
    rng = world.rng
    own = world.one("enum", "domain", "composite", "range", "table")
    if not own:
        return Thing(kind="typed", name=name)
    kind, value = own.name, own.tail if own.kind == "enum" else "NULL"
    form = rng.choice(
        [
            f"(a {kind}) RETURNS {kind} LANGUAGE sql IMMUTABLE AS 'SELECT a'",
            f"(a {kind}) RETURNS text LANGUAGE sql IMMUTABLE RETURN a::text || '!'",
            f"(a {kind} DEFAULT {value}) RETURNS {kind} LANGUAGE sql IMMUTABLE"
            " BEGIN ATOMIC SELECT a; END",
            f"(a {kind}, b integer DEFAULT 1) RETURNS SETOF {kind} LANGUAGE sql AS 'SELECT a'",
            f"(a {kind}[]) RETURNS TABLE (x {kind}, y integer) LANGUAGE sql AS 'SELECT a[1], 1'",
            f"(VARIADIC a {kind}[]) RETURNS integer LANGUAGE sql AS 'SELECT 1'",
            f"(a integer, OUT b {kind}, INOUT c text) LANGUAGE plpgsql AS 'BEGIN END'",
            f"(a {kind}) RETURNS text LANGUAGE plpgsql AS 'DECLARE b {kind} := a; BEGIN RETURN b;"
            " END'",
        ]
    )
    if name == "public.f0":
        form = form.replace(f" DEFAULT {value}", "")  # a call of f0() is of a reader
    return Thing(kind="typed", name=name, statements=[f"CREATE FUNCTION {name}{form}"], tail=kind)


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
    found, second = world.table_column(), world.table_column("int")
    if found and second and world.chance(0.4):
        join = f"{found[0].name} AS x JOIN {second[0].name} AS y ON y.{second[1]} > 0"
        query = f"SELECT count(x.{found[1]})::integer FROM {join}"
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
    if name == "public.f1":
        arguments = arguments.replace(" DEFAULT 'x'", "")  # calls of f1(1) are of a function
    text = f"CREATE PROCEDURE {name}({arguments}) LANGUAGE plpgsql AS $$ {body} $$"
    return Thing(kind="procedure", name=name, statements=[text])


def aggregate(world: World, name: str) -> Thing:
    step = world.rng.choice(["int4pl", "int4larger", "int4smaller"])
    start = world.rng.choice(["", ", INITCOND = '0'"])
    text = f"CREATE AGGREGATE {name}(integer) (SFUNC = {step}, STYPE = integer{start})"
    return Thing(kind="aggregate", name=name, statements=[text])


def ordered(world: World, name: str) -> Thing:
    """An aggregate over ordered rows, a hypothetical one, or one over a moving frame."""
    form = world.rng.choice(
        [
            "(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal,"
            " FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA)",
            '(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi,'
            " STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL)",
            "(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', MSFUNC = int4pl,"
            " MINVFUNC = int4mi, MSTYPE = integer, MINITCOND = '0', PARALLEL = safe)",
        ]
    )
    return Thing(kind="ordered", name=name, statements=[f"CREATE AGGREGATE {name}{form}"])


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


def operator_class(world: World, name: str) -> Thing:
    """An operator class of the operator, alone or in a family."""
    family = world.rng.choice(["", f" FAMILY public.{name}_fam"])
    statements = [f"CREATE OPERATOR FAMILY public.{name}_fam USING btree"] if family else []
    text = (
        f"CREATE OPERATOR CLASS public.{name}_ops FOR TYPE integer USING btree{family}"
        " AS OPERATOR 1 public.<<<<, OPERATOR 3 =, FUNCTION 1 btint4cmp(integer, integer)"
    )
    return Thing(kind="operator_class", name=name, statements=[*statements, text])


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
