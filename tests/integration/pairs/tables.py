"""Random tables and what hangs on them. A builder may make what the server then refuses."""

from __future__ import annotations

from tests.integration.pairs.words import CHECKS, EXPRESSIONS, INDEX_METHODS, ROLES
from tests.integration.pairs.world import Column, Thing, World


def table(world: World, name: str) -> Thing:
    """A plain table, perhaps with storage options."""
    rng = world.rng
    tail = rng.choice(["", "", "", "", "WITH (fillfactor = 70)", "WITH (autovacuum_enabled = off)"])
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


def heir(world: World, name: str) -> Thing:
    """A table that inherits from another."""
    parent = world.one("table")
    taken = parent.columns if parent else {}
    columns = {n: c for n, c in world.columns(0, 2).items() if n not in taken}
    tail = f"INHERITS ({parent.name})" if parent else ""
    return Thing(kind="heir", name=name, head=f"CREATE TABLE {name}", columns=columns, tail=tail)


def key(world: World, name: str) -> Thing:
    """A primary key, a unique or an exclusion constraint."""
    rng = world.rng
    found = world.table_column("int", "text", "other", "time")
    if not found:
        return Thing(kind="key", name=name)
    owner, column, _ = found
    columns = ", ".join(
        dict.fromkeys([column, rng.choice(list(owner.columns))][: rng.choice([1, 1, 2])])
    )
    include = f" INCLUDE ({rng.choice(list(owner.columns))})" if world.chance(0.1) else ""
    late = rng.choice(["", "", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"])
    kinds = [f"PRIMARY KEY ({columns})", f"PRIMARY KEY ({columns})", f"UNIQUE ({columns})"]
    kinds += [f"UNIQUE NULLS NOT DISTINCT ({columns})", f"EXCLUDE USING btree ({column} WITH =)"]
    text = f"ALTER TABLE {owner.name} ADD CONSTRAINT {name} {rng.choice(kinds)}{include}{late}"
    return Thing(kind="key", name=name, statements=[text])


def check(world: World, name: str) -> Thing:
    """A check over a column, perhaps by a function."""
    found = world.table_column(*CHECKS)
    if not found:
        return Thing(kind="check", name=name)
    owner, column, kind = found
    text = world.rng.choice(CHECKS[kind.type.family]).format(c=column)
    function = world.one("function")
    if function and kind.type.family == "int" and world.chance(0.4):
        text = f"{function.name}({column}::integer) > 0"
    end = world.rng.choice(["", "", "", " NOT VALID", " NO INHERIT"])
    return _constraint("check", owner, name, f"CHECK ({text}){end}")


def _constraint(kind: str, owner: Thing, name: str, text: str) -> Thing:
    sql = f"ALTER TABLE {owner.name} ADD CONSTRAINT {name} {text}"
    return Thing(kind=kind, name=name, statements=[sql])


def foreign_key(world: World, name: str) -> Thing:
    """A foreign key to a key that may be there; makes the key where there is none."""
    rng = world.rng
    found, other = world.table_column("int"), world.table_column("int")
    if not found or not other:
        return Thing(kind="foreign_key", name=name)
    owner, column, _ = found
    target, its, _ = other
    actions = rng.choice(
        ["", "", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON UPDATE CASCADE"]
    )
    late = rng.choice(["", "", " DEFERRABLE INITIALLY DEFERRED", " NOT VALID"])
    if world.major >= 18 and world.chance(0.1):
        late = " NOT ENFORCED"
    index = f'"ux {target.name} {its}"'.replace('""', "").replace('"', "").join('""')
    key_text = f"ALTER TABLE {target.name} ADD CONSTRAINT {index} UNIQUE ({its})"
    text = f"FOREIGN KEY ({column}) REFERENCES {target.name} ({its}){actions}{late}"
    thing = _constraint("foreign_key", owner, name, text)
    thing.statements.insert(0, key_text)
    return thing


def index(world: World, name: str) -> Thing:
    """An index of any kind."""
    rng = world.rng
    found = world.table_column()
    if not found:
        return Thing(kind="index", name=name)
    owner, column, kind = found
    family = kind.type.family
    method = INDEX_METHODS.get(family, rng.choice(["btree"] * 5 + ["hash", "brin"]))
    key_text = column
    if method == "btree":
        if family in EXPRESSIONS and world.chance(0.3):
            key_text = f"({rng.choice(EXPRESSIONS[family]).format(c=column)})"
        function = world.one("function")
        if function and family == "int" and world.chance(0.3):
            key_text = f"{function.name}({column}::integer)"
        if kind.type.sql == "text" and world.chance(0.2):
            key_text += " text_pattern_ops"
        key_text += rng.choice(["", "", "", " DESC", " NULLS FIRST", " DESC NULLS LAST"])
        if world.chance(0.2):
            key_text += f", {rng.choice(list(owner.columns))}"
    unique = "UNIQUE " if method == "btree" and world.chance(0.15) else ""
    text = f"CREATE {unique}INDEX {name} ON {owner.name} USING {method} ({key_text})"
    if method == "btree" and world.chance(0.1):
        text += f" INCLUDE ({rng.choice(list(owner.columns))})"
    if world.chance(0.1):
        text += " WITH (fillfactor = 80)" if method in ("btree", "hash") else ""
    if world.chance(0.2):
        text += f" WHERE {column} IS NOT NULL"
    statements = [text]
    if world.chance(0.05):
        schema = owner.name.rsplit(".", 1)[0]
        statements.append(f"ALTER TABLE {owner.name} CLUSTER ON {name} /* {schema} */")
    return Thing(kind="index", name=name, statements=statements)


def statistics(world: World, name: str) -> Thing:
    """Extended statistics over two columns or an expression."""
    owner = world.one("table")
    if not owner or len(owner.columns) < 2:
        return Thing(kind="statistics", name=name)
    columns = ", ".join(world.rng.sample(list(owner.columns), 2))
    kinds = world.rng.choice(["", " (ndistinct)", " (dependencies, mcv)"])
    text = f"CREATE STATISTICS {name}{kinds} ON {columns} FROM {owner.name}"
    return Thing(kind="statistics", name=name, statements=[text])


def policy(world: World, name: str) -> Thing:
    """A row security policy, perhaps with a function or another table in it."""
    rng = world.rng
    found = world.table_column(*CHECKS)
    if not found:
        return Thing(kind="policy", name=name)
    owner, column, kind = found
    test = rng.choice(CHECKS[kind.type.family]).format(c=column)
    reader = world.one("reader")
    if reader and world.chance(0.3):
        test = f"{reader.name}() >= 0"
    other = world.one("table")
    if other and world.chance(0.2):
        test = f"EXISTS (SELECT FROM {other.name})"
    command = rng.choice(["ALL", "ALL", "SELECT", "UPDATE", "DELETE"])
    form = rng.choice(["", "", " AS RESTRICTIVE"])
    role = rng.choice(["PUBLIC", "app_reader", "app_reader, app_writer"])
    text = f"CREATE POLICY {name} ON {owner.name}{form} FOR {command} TO {role} USING ({test})"
    if command in ("ALL", "UPDATE") and world.chance(0.3):
        text += f" WITH CHECK ({test})"
    return Thing(kind="policy", name=name, statements=[text])


def trigger(world: World, name: str) -> Thing:
    """A trigger, perhaps a constraint trigger or one with transition tables."""
    rng = world.rng
    owner = world.one("table", "heir", "partitioned")
    function = world.one("trigger_function")
    if not owner or not function or not owner.columns:
        return Thing(kind="trigger", name=name)
    column = rng.choice(list(owner.columns))
    head = f"TRIGGER {name}"
    on, call = f"ON {owner.name}", f"EXECUTE FUNCTION {function.name}()"
    text = rng.choice(
        [
            f"CREATE {head} BEFORE INSERT OR UPDATE {on} FOR EACH ROW {call}",
            f"CREATE {head} AFTER UPDATE OF {column} {on} FOR EACH ROW {call}",
            f"CREATE {head} AFTER UPDATE {on} FOR EACH ROW WHEN (NEW.* <> OLD.*) {call}",
            f"CREATE {head} AFTER DELETE {on} REFERENCING OLD TABLE AS gone {call}",
            f"CREATE CONSTRAINT {head} AFTER INSERT {on} DEFERRABLE FOR EACH ROW {call}",
            f"CREATE {head} AFTER INSERT {on} FOR EACH ROW WHEN (NEW.{column} IS NULL) {call}",
        ]
    )
    statements = [text]
    if world.chance(0.2):
        state = rng.choice(["DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"])
        statements.append(f"ALTER TABLE {owner.name} {state} TRIGGER {name}")
    return Thing(kind="trigger", name=name, statements=statements)


def rule(world: World, name: str) -> Thing:
    """A rewrite rule."""
    owner = world.one("table")
    if not owner:
        return Thing(kind="rule", name=name)
    event = world.rng.choice(["INSERT", "UPDATE", "DELETE"])
    text = f"CREATE RULE {name} AS ON {event} TO {owner.name} DO INSTEAD NOTHING"
    return Thing(kind="rule", name=name, statements=[text])


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


def grant(world: World, name: str) -> Thing:
    """Privileges on anything, revoked from PUBLIC where it has them by itself."""
    rng = world.rng
    role = rng.choice(['"odd ""role"' if r.startswith("odd") else r for r in ROLES])
    ways = []
    owner = world.one("table", "view", "partitioned", "matview")
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
    return Thing(kind="grant", name=name, statements=[rng.choice(ways)])
