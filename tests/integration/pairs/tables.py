"""Random tables. A builder may make what the server then refuses."""

from __future__ import annotations

from tests.integration.pairs.world import Column, Thing, World


def table(world: World, name: str) -> Thing:
    """A plain table, perhaps with storage options."""
    rng = world.rng
    options = ["fillfactor = 70", "autovacuum_enabled = off", "parallel_workers = 2"]
    tail = rng.choice(["", "", "", "", *(f"WITH ({option})" for option in options)])
    method = world.one("access_method")
    if method and world.chance(0.3):
        tail = f"USING {method.name} {tail}"
    head = "CREATE UNLOGGED TABLE" if world.chance(0.07) else "CREATE TABLE"
    least = 0 if world.chance(0.05) else 1
    columns = world.columns(least, 6)
    found = Thing(kind="table", name=name, head=f"{head} {name}", columns=columns, tail=tail)
    for clause in ("ENABLE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY"):
        if world.chance(0.15):
            found.statements.append(f"ALTER TABLE {name} {clause}")
    if world.chance(0.1):
        identity = rng.choice(["FULL", "NOTHING"])
        found.statements.append(f"ALTER TABLE {name} REPLICA IDENTITY {identity}")
    for column in columns:
        if world.chance(0.08):
            setting = rng.choice(["STATISTICS 300", "STORAGE EXTERNAL", "(n_distinct = 5)"])
            found.statements.append(f"ALTER TABLE {name} ALTER {column} SET {setting}")
    return found


def of_type(world: World, name: str) -> Thing:
    """A table of a composite type."""
    kind = world.one("composite")
    statements = [f"CREATE TABLE {name} OF {kind.name}"] if kind else []
    if world.chance(0.3):
        statements.append(f"ALTER TABLE {name} ADD CONSTRAINT of_type CHECK (x IS NOT NULL)")
    return Thing(kind="of_type", name=name, statements=statements)


def partitioned(world: World, name: str) -> Thing:
    """A partitioned table with its partitions, one of them perhaps the default."""
    rng = world.rng
    columns = world.columns(1, 4)
    family, method = rng.choice([("int", "RANGE"), ("text", "LIST"), ("int", "HASH")])
    key = rng.choice(['"key"', '"part"'])
    kind = next(t for t in world.types() if t.family == family)
    columns = {key: Column(type=kind, rest="NOT NULL"), **columns}
    found = Thing(kind="partitioned", name=name, columns=columns, head=f"CREATE TABLE {name}")
    found.tail = f"PARTITION BY {method} ({key})"
    bounds = {
        "RANGE": ["FROM (0) TO (10)", "FROM (10) TO (20)", "FROM (20) TO (MAXVALUE)"],
        "LIST": ["IN ('a')", "IN ('b', 'c')", "IN (NULL)"],
        "HASH": [f"WITH (MODULUS 3, REMAINDER {n})" for n in range(3)],
    }[method]
    for number, bound in enumerate(bounds):
        child = f"{name}_{number}"
        if world.chance(0.3):
            continue
        if world.chance(0.3):
            # what is attached must not have an identity of its own
            rests = ((n, c, "" if " AS IDENTITY" in c.rest else c.rest) for n, c in columns.items())
            body = ", ".join(f"{n} {c.type.sql} {rest}" for n, c, rest in rests)
            attach = f"ALTER TABLE {name} ATTACH PARTITION {child} FOR VALUES {bound}"
            found.statements += [f"CREATE TABLE {child} ({body})", attach]
        else:
            create = f"CREATE TABLE {child} PARTITION OF {name} FOR VALUES {bound}"
            found.statements.append(create)
    if method != "HASH" and world.chance(0.4):
        found.statements.append(f"CREATE TABLE {name}_rest PARTITION OF {name} DEFAULT")
    return found


_SPLITS = {
    "RANGE (a, b)": ["FROM (0, 'a') TO (10, 'm')", "FROM (10, MINVALUE) TO (20, MAXVALUE)"],
    "RANGE ((a / 10))": ["FROM (0) TO (1)", "FROM (1) TO (2)"],
    "RANGE (a, (lower(b)))": ["FROM (0, 'a') TO (10, 'm')", "FROM (10, 'a') TO (20, 'm')"],
    "LIST (lower(b))": ["IN ('a')", "IN ('b', NULL)"],
    "HASH (a, b)": ["WITH (MODULUS 2, REMAINDER 0)", "WITH (MODULUS 2, REMAINDER 1)"],
}


def split(world: World, name: str) -> Thing:
    """A table partitioned by several columns or an expression, perhaps into foreign tables."""
    rng = world.rng
    number, text = (next(t for t in world.types() if t.sql == n) for n in ("integer", "text"))
    found = Thing(kind="split", name=name, head=f"CREATE TABLE {name}")
    found.columns = {"a": Column(type=number), "b": Column(type=text), **world.columns(0, 2)}
    found.columns |= {"a": Column(type=number, rest="NOT NULL"), "b": Column(type=text)}
    method = rng.choice(list(_SPLITS))
    found.tail = f"PARTITION BY {method}"
    far = world.one("foreign")
    for order, bound in enumerate(_SPLITS[method]):
        part = f"{name}_{order}"
        place = f"{part} PARTITION OF {name} FOR VALUES {bound}"
        if far and world.chance(0.4):
            found.statements.append(f"CREATE FOREIGN TABLE {place} SERVER {far.name}_s")
        elif world.chance(0.3):
            found.statements.append(f"CREATE TABLE {place} PARTITION BY HASH (b)")
            hashed = "FOR VALUES WITH (MODULUS 1, REMAINDER 0)"
            found.statements.append(f"CREATE TABLE {part}_h PARTITION OF {part} {hashed}")
        elif world.chance(0.8):
            found.statements.append(f"CREATE TABLE {place}")
    if not method.startswith("HASH") and world.chance(0.4):
        found.statements.append(f"CREATE TABLE {name}_rest PARTITION OF {name} DEFAULT")
    return found


def temporal(world: World, name: str) -> Thing:
    """A key without overlaps and a reference that is held to periods, or what was before 18."""
    rng = world.rng
    columns = f"id int4range, {rng.choice(['at int4range', 'at int4range, note text'])}"
    key = rng.choice(["PRIMARY KEY", "UNIQUE"])
    statements = [f"CREATE TABLE {name} ({columns})", f"CREATE TABLE {name}_of ({columns})"]
    if world.major < 18:
        text = f"ALTER TABLE {name} ADD EXCLUDE USING gist (id WITH =, at WITH &&)"
        return Thing(kind="temporal", name=name, statements=[*statements, text])
    statements.append(f"ALTER TABLE {name} ADD {key} (id, at WITHOUT OVERLAPS)")
    if world.chance(0.7):
        late = rng.choice(["", " NOT VALID", " NOT ENFORCED"])
        statements.append(
            f"ALTER TABLE {name}_of ADD CONSTRAINT during FOREIGN KEY (id, PERIOD at)"
            f" REFERENCES {name} (id, PERIOD at){late}"
        )
    return Thing(kind="temporal", name=name, statements=statements)


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


def leaf(world: World, name: str) -> Thing:
    """A partition that is there, by itself, so that something can hang on it alone."""
    rng = world.rng
    roots = [t for t in world.of("partitioned", "nested") if name.startswith(f"{t.name}_")]
    found = Thing(kind="leaf", name=name)
    if not roots:
        return found
    found.columns = roots[0].columns
    column = rng.choice(list(found.columns))
    for change in (
        "SET (fillfactor = 60)",
        "ENABLE ROW LEVEL SECURITY",
        f"ALTER {column} SET DEFAULT NULL",
        f"ALTER {column} DROP DEFAULT",
        f"ALTER {column} SET STATISTICS 50",
        f"ALTER {column} SET NOT NULL",
        "REPLICA IDENTITY FULL",
    ):
        if world.chance(0.1):
            found.statements.append(f"ALTER TABLE {name} {change}")
    return found


def heir(world: World, name: str) -> Thing:
    """A table that inherits from another."""
    parent = world.one("table")
    taken = parent.columns if parent else {}
    columns = {n: c for n, c in world.columns(0, 2).items() if n not in taken}
    tail = f"INHERITS ({parent.name})" if parent else ""
    return Thing(kind="heir", name=name, head=f"CREATE TABLE {name}", columns=columns, tail=tail)


def grandchild(world: World, name: str) -> Thing:
    """An heir of an heir, or of two tables."""
    parents = [p for p in (world.one("heir", "table"), world.one("table")) if p]
    names = list(dict.fromkeys(p.name for p in parents))
    if not names:
        return Thing(kind="grandchild", name=name)
    text = f"CREATE TABLE {name} (own integer) INHERITS ({', '.join(names)})"
    return Thing(kind="grandchild", name=name, statements=[text])


def late_default(world: World, name: str) -> Thing:
    """A default that calls a function which reads tables, or takes a sequence's next value."""
    found = world.table_column("int")
    if not found or not found[2].plain:
        return Thing(kind="late_default", name=name)
    owner, column, _ = found
    reader, sequence = world.one("reader"), world.one("sequence")
    value = f"{reader.name}()" if reader else "1"
    if sequence and world.chance(0.5):
        value = f"nextval('{sequence.name}')"
    text = f"ALTER TABLE {owner.name} ALTER {column} SET DEFAULT {value}"
    return Thing(kind="late_default", name=name, statements=[text])
