"""What a world's statements make, as COMMENT ON, GRANT and ALTER name it."""

from __future__ import annotations

import re

from tests.integration.pairs.words import COMMENTS
from tests.integration.pairs.world import Thing, World

_NAME = r'((?:"(?:[^"]|"")*"|[\w.<])+)'
_KINDS = (
    "TABLE|FOREIGN TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE|TYPE|DOMAIN|SCHEMA|EXTENSION|COLLATION"
    "|STATISTICS|PUBLICATION|SERVER|FOREIGN DATA WRAPPER|EVENT TRIGGER|TEXT SEARCH DICTIONARY"
    "|TEXT SEARCH CONFIGURATION|TEXT SEARCH PARSER|TEXT SEARCH TEMPLATE|CONVERSION|LANGUAGE"
    "|ACCESS METHOD"
)
# What a statement begins with, and how that which it makes is named.
_WAYS = tuple(
    (re.compile(pattern.replace("NAME", _NAME), re.DOTALL), text)
    for pattern, text in (
        (rf"CREATE (?:UNLOGGED |TRUSTED |DEFAULT )?({_KINDS}) NAME", r"\1 \2"),
        ("CREATE (?:FUNCTION|PROCEDURE|AGGREGATE) NAME", r"ROUTINE \1"),
        (r"CREATE (?:UNIQUE )?INDEX NAME ON (?:ONLY )?(\w+|\"Odd schema\")\.", r"INDEX \2.\1"),
        ("CREATE (POLICY) NAME ON NAME", r"\1 \2 ON \3"),
        ("CREATE (?:CONSTRAINT )?(TRIGGER) NAME .*? ON NAME", r"\1 \2 ON \3"),
        (r"CREATE (RULE) NAME AS ON \w+ TO NAME", r"\1 \2 ON \3"),
        ("ALTER TABLE NAME ADD CONSTRAINT NAME", r"CONSTRAINT \2 ON \1"),
        ("ALTER DOMAIN NAME ADD CONSTRAINT NAME", r"CONSTRAINT \2 ON DOMAIN \1"),
        (r"CREATE (CAST \(.*?\))", r"\1"),
        ("CREATE OPERATOR (CLASS|FAMILY) NAME", r"OPERATOR \1 \2 USING btree"),
        ("CREATE OPERATOR (?!CLASS|FAMILY)NAME", r"OPERATOR \1 (integer, integer)"),
    )
)
_NO_OWNER = "EXTENSION|EVENT|ACCESS|INDEX|POLICY|TRIGGER|RULE|CONSTRAINT|CAST|FOREIGN DATA"
_GRANTED = {
    "TABLE": "TABLE", "VIEW": "TABLE", "MATERIALIZED VIEW": "TABLE", "FOREIGN TABLE": "TABLE",
    "SEQUENCE": "SEQUENCE", "ROUTINE": "ROUTINE", "SCHEMA": "SCHEMA", "LANGUAGE": "LANGUAGE",
    "TYPE": "TYPE", "DOMAIN": "DOMAIN", "SERVER": "FOREIGN SERVER",
    "FOREIGN DATA WRAPPER": "FOREIGN DATA WRAPPER",
}  # fmt: skip


def subjects(world: World) -> list[str]:
    """Everything that a comment can be given to; what runs as its owner is left out."""
    return [
        found.expand(text)
        for thing in world.things.values()
        for statement in thing.sql()
        if "SECURITY DEFINER" not in statement
        for pattern, text in _WAYS
        if (found := pattern.match(statement))
    ]


def owner(world: World, name: str) -> Thing:
    """Somebody else's."""
    those = [s for s in subjects(world) if not re.match(_NO_OWNER, s)]
    role = world.rng.choice(["app_reader", "app_writer"])
    text = f"ALTER {world.rng.choice(those)} OWNER TO {role}" if those else "SELECT 1"
    return Thing(kind="owner", name=name, statements=[text])


def comment(world: World, name: str) -> Thing:
    """A comment on anything, often on a column."""
    text = world.rng.choice(COMMENTS).replace("'", "''")
    subject = world.rng.choice([*subjects(world), "SCHEMA public"])
    found = world.table_column()
    if found and world.chance(0.2):
        subject = f"COLUMN {found[0].name}.{found[1]}"
    return Thing(kind="comment", name=name, statements=[f"COMMENT ON {subject} IS '{text}'"])


def any_grant(world: World, role: str) -> str:
    """All privileges on anything, for a role, or none of those that come by themselves."""
    those = []
    for subject in subjects(world):
        kind = next((k for k in _GRANTED if subject.startswith(f"{k} ")), None)
        if kind:
            those.append(subject.replace(kind, _GRANTED[kind], 1))
    subject = world.rng.choice([*those, "LANGUAGE plpgsql"])
    ways = [f"GRANT ALL ON {subject} TO {role}", f"REVOKE ALL ON {subject} FROM PUBLIC"]
    return world.rng.choice([*ways, f"REVOKE ALL ON {subject} FROM CURRENT_USER"])
