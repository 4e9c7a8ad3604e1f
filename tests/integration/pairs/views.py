"""Random views over tables and over each other."""

from __future__ import annotations

import re

from tests.integration.pairs.words import CHECKS, COLUMNS
from tests.integration.pairs.world import Thing, World


def query_of(world: World, own: str) -> str:
    """A query over tables and over views with smaller names."""
    rng = world.rng
    views = [v.name for v in world.of("view", "matview", "over") if v.name < own]
    found = world.one("table", "partitioned", "heir")
    if views and (found is None or world.chance(0.4)):
        chosen = rng.choice(views)
        return rng.choice([f"SELECT * FROM {chosen}", f"SELECT count(*) AS n FROM {chosen}"])
    if found is None or not found.columns:
        return "SELECT 1 AS one, 'x'::text AS two"
    names = rng.sample(list(found.columns), rng.randint(1, len(found.columns)))
    shown = []
    for number, column in enumerate(names):
        text = f"t.{column}"
        if world.chance(0.2):
            text = f"{world.expression(text, found.columns[column].type)} AS x{number}"
        shown.append(text)
    query = f"SELECT {', '.join(shown)} FROM {found.name} AS t"
    routine = world.one("function")
    if routine and world.chance(0.2):
        query = query.replace(" FROM ", f", {routine.name}(1) AS fn FROM ", 1)
    usable = [n for n in found.columns if found.columns[n].type.family in CHECKS]
    if usable and world.chance(0.4):
        column = rng.choice(usable)
        query += f" WHERE {world.test(f't.{column}', found.columns[column].type)}"
    other = world.one("table", "leaf")
    more = [
        f"SELECT * FROM ({query}) AS q UNION ALL {query}",
        f"WITH q AS ({query}) SELECT *, row_number() OVER () AS place FROM q",
        f"SELECT t, t.* FROM {found.name} AS t",
        *_grouped(world, found),
    ]
    if other:
        more.append(
            f"SELECT q.*, o AS other FROM ({query}) AS q LEFT JOIN {other.name} AS o ON true"
        )
        more.append(query.replace(" FROM ", f", (SELECT count(*) FROM {other.name}) AS n FROM ", 1))
    return rng.choice(more) if world.chance(0.3) else query


def _grouped(world: World, found: Thing) -> list[str]:
    """What a primary key allows: to show all columns and group by it alone."""
    pattern = rf"ALTER TABLE {re.escape(found.name)} .*PRIMARY KEY \((.*?)\)"
    keys = [m[1] for k in world.of("key") for s in k.statements if (m := re.match(pattern, s))]
    return [f"SELECT *, count(*) AS n FROM {found.name} GROUP BY {k}" for k in keys] * 5


def view(world: World, name: str) -> Thing:
    options = world.rng.choice(["", "", "", " WITH (security_invoker)", " WITH (security_barrier)"])
    text = f"CREATE VIEW {name}{options} AS {query_of(world, name)}"
    text += world.rng.choice(["", "", "", " WITH LOCAL CHECK OPTION", " WITH CHECK OPTION"])
    if world.chance(0.1):
        own = name.rpartition(".")[2]
        step = f"SELECT n + 1 FROM {own} WHERE n < 9"  # a materialized view over it must end
        text = f"CREATE RECURSIVE VIEW {name} (n) AS SELECT 1 UNION ALL {step}"
    statements = [text]
    if world.chance(0.2):
        column = world.rng.choice(COLUMNS)
        ways = [f"ALTER VIEW {name} ALTER {column} SET DEFAULT NULL"]
        ways += [f"COMMENT ON COLUMN {name}.{column} IS 'of a view'"]
        ways += [f"GRANT SELECT ({column}) ON {name} TO app_reader"]
        statements.append(world.rng.choice(ways))
    return Thing(kind="view", name=name, statements=statements)


def matview(world: World, name: str) -> Thing:
    text = f"CREATE MATERIALIZED VIEW {name} AS {query_of(world, name)}"
    statements = [text + world.rng.choice(["", "", " WITH NO DATA"])]
    if world.chance(0.4):
        short = name.rsplit(".", 1)[-1]
        statements.append(f"CREATE INDEX {short}_i ON {name} ({world.rng.choice(COLUMNS)})")
        statements.append(f"CREATE INDEX {short}_j ON {name} ((1))")
    return Thing(kind="matview", name=name, statements=statements)


def over(world: World, name: str) -> Thing:
    """A view or a materialized one that may read materialized ones."""
    made = world.rng.choice([view, matview])(world, name)
    made.kind = "over"
    return made


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
