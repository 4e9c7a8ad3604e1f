"""What hangs on random tables. A builder may make what the server then refuses."""

from __future__ import annotations

from tests.integration.pairs.words import CHECKS, INDEX_METHODS
from tests.integration.pairs.world import Column, Thing, World


def key(world: World, name: str) -> Thing:
    """A primary key, a unique or an exclusion constraint."""
    rng = world.rng
    found = world.table_column("int", "text", "other", "time", "range")
    if not found:
        return Thing(kind="key", name=name)
    owner, column, type_ = found
    several = [column, rng.choice(list(owner.columns))][: rng.choice([1, 1, 2])]
    columns = ", ".join(dict.fromkeys([*several, *owner.split_by]))
    include = f" INCLUDE ({rng.choice(list(owner.columns))})" if world.chance(0.1) else ""
    late = rng.choice(["", "", "", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"])
    kinds = [f"PRIMARY KEY ({columns})", f"PRIMARY KEY ({columns})", f"UNIQUE ({columns})"]
    kinds += [f"UNIQUE NULLS NOT DISTINCT ({columns})", f"EXCLUDE USING btree ({column} WITH =)"]
    if type_.type.family == "range":
        some = rng.choice(["", f" WHERE ({column} IS NOT NULL)"])
        return _constraint("key", owner, name, f"EXCLUDE USING gist ({column} WITH &&){some}")
    named = f" CONSTRAINT {name}" if world.chance(0.7) else ""
    text = f"ALTER TABLE {owner.name} ADD{named} {rng.choice(kinds)}{include}{late}"
    return Thing(kind="key", name=name, statements=[text])


def check(world: World, name: str) -> Thing:
    """A check over a column, perhaps by a function."""
    found = world.table_column(*CHECKS)
    if not found:
        return Thing(kind="check", name=name)
    owner, column, kind = found
    text = world.test(column, kind.type)
    function = world.one("function")
    if function and kind.type.family == "int" and world.chance(0.4):
        text = f"{function.name}({column}::integer) > 0"
    end = world.rng.choice(["", "", "", " NOT VALID", " NO INHERIT"])
    if world.major >= 18 and world.chance(0.1):
        end = " NOT ENFORCED"
    return _constraint("check", owner, name, f"CHECK ({text}){end}")


def _constraint(kind: str, owner: Thing, name: str, text: str) -> Thing:
    sql = f"ALTER TABLE {owner.name} ADD CONSTRAINT {name} {text}"
    return Thing(kind=kind, name=name, statements=[sql])


def unproved(world: World, name: str) -> Thing:
    """A NOT NULL that rows which are there were not held to (since 18)."""
    found = world.table_column()
    # A partition that comes after it has it proved, one that was there before has not.
    if not found or world.major < 18 or found[0].kind not in ("table", "heir"):
        return Thing(kind="unproved", name=name)
    return _constraint("unproved", found[0], name, f"NOT NULL {found[1]} NOT VALID")


def foreign_key(world: World, name: str) -> Thing:
    """A foreign key to a key that may be there; makes the key where there is none."""
    rng = world.rng
    found, other = world.table_column("int"), world.table_column("int")
    if not found or not other:
        return Thing(kind="foreign_key", name=name)
    owner, column, _ = found
    target, its, _ = other
    if len(target.split_by) == 1:
        its = target.split_by[0]
    on_delete = ["CASCADE", "SET NULL", f"SET NULL ({column})", "SET DEFAULT", "RESTRICT"]
    actions = rng.choice(["", "", f" ON DELETE {rng.choice(on_delete)}", " ON UPDATE CASCADE"])
    actions = f" MATCH FULL{actions}" if world.chance(0.1) else actions
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
    key_text = _index_key(world, found) if method == "btree" else column
    unique = "UNIQUE " if method == "btree" and world.chance(0.15) else ""
    only = "ONLY " if owner.kind in ("partitioned", "nested") and world.chance(0.2) else ""
    text = f"CREATE {unique}INDEX {name} ON {only}{owner.name} USING {method} ({key_text})"
    if method == "btree" and world.chance(0.1):
        text += f" INCLUDE ({rng.choice(list(owner.columns))})"
    if unique and world.chance(0.2):
        text += " NULLS NOT DISTINCT"
    if world.chance(0.1):
        options = {"gin": "fastupdate = off", "brin": "pages_per_range = 16"}
        text += f" WITH ({options.get(method, 'fillfactor = 80')})"
    if world.chance(0.2):
        where = world.test(column, kind.type) if family in CHECKS else f"{column} IS NOT NULL"
        text += f" WHERE {where}"
    statements = [text]
    if unique and world.chance(0.3):
        statements.append(f"ALTER TABLE {owner.name} REPLICA IDENTITY USING INDEX {name}")
    if "(" in key_text and world.chance(0.3):
        schema = owner.name.split(".")[0]
        statements.append(f"ALTER INDEX {schema}.{name} ALTER COLUMN 1 SET STATISTICS 40")
    if world.chance(0.05):
        schema = owner.name.rsplit(".", 1)[0]
        statements.append(f"ALTER TABLE {owner.name} CLUSTER ON {name} /* {schema} */")
    return Thing(kind="index", name=name, statements=statements)


def _index_key(world: World, found: tuple[Thing, str, Column]) -> str:
    rng, (owner, column, kind) = world.rng, found
    text = column
    if world.chance(0.3):
        text = f"({world.expression(column, kind.type)})"
    function = world.one("function")
    if function and kind.type.family == "int" and world.chance(0.3):
        text = f"{function.name}({column}::integer)"
    if kind.type.sql == "text" and world.chance(0.2):
        text += " text_pattern_ops"
    if kind.type.sql == "integer" and world.one("operator_class") and world.chance(0.4):
        text += " public.op0_ops"
    text += rng.choice(["", "", "", " DESC", " NULLS FIRST", " DESC NULLS LAST"])
    return f"{text}, {rng.choice(list(owner.columns))}" if world.chance(0.2) else text


def statistics(world: World, name: str) -> Thing:
    """Extended statistics over two columns or an expression."""
    owner = world.one("table", "leaf", "partitioned")
    if not owner or len(owner.columns) < 2:
        return Thing(kind="statistics", name=name)
    columns = ", ".join(world.rng.sample(list(owner.columns), 2))
    function, number = world.one("function"), world.table_column("int")
    if function and number and world.chance(0.3):
        owner, column, _ = number
        columns = f"({function.name}({column}::integer)), {column}"
    other = world.table_column("enum", "composite", "domain", "text")
    if other and world.chance(0.3):
        owner, column, kind = other
        columns = f"({world.expression(column, kind.type)}), {column}"
    kinds = world.rng.choice(["", " (ndistinct)", " (dependencies, mcv)"])
    statements = [f"CREATE STATISTICS {name}{kinds} ON {columns} FROM {owner.name}"]
    if world.chance(0.2):
        statements.append(f"ALTER STATISTICS {name} SET STATISTICS 70")
    return Thing(kind="statistics", name=name, statements=statements)


def policy(world: World, name: str) -> Thing:
    """A row security policy, perhaps with a function or another table in it."""
    rng = world.rng
    found = world.table_column(*CHECKS)
    if not found:
        return Thing(kind="policy", name=name)
    owner, column, kind = found
    test = world.test(column, kind.type)
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
    owner = world.one("table", "heir", "partitioned", "leaf", "table")
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
            f"CREATE {head} BEFORE TRUNCATE OR DELETE {on} {call[:-1]}'a', 2)",
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
    owner, other = world.one("table"), world.table_column()
    if not owner or not other:
        return Thing(kind="rule", name=name)
    event = world.rng.choice(["INSERT", "UPDATE", "DELETE"])
    test = f" WHERE old.{next(iter(owner.columns), 'a')} IS NULL" if event != "INSERT" else ""
    what = world.rng.choice(["INSTEAD NOTHING", "ALSO NOTIFY changed", "ALSO DELETE FROM {}"])
    what = what.format(other[0].name)
    text = f"CREATE RULE {name} AS ON {event} TO {owner.name}{test} DO {what}"
    return Thing(kind="rule", name=name, statements=[text])
