"""Random renames: done in the desired schema, and declared in a line above each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from tests.integration.pairs.world import Thing, World

# What a statement begins with, what it makes, and how that is renamed.
_NAME = r'((?:"(?:[^"]|"")*"|[\w.])+)'
_KINDS = {"DOMAIN": "type", "MATERIALIZED VIEW": "view"}
_MADE = re.compile(
    rf"CREATE (?:UNLOGGED )?(TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE|DOMAIN|TYPE) {_NAME}"
)
_ROUTINE = re.compile(rf"CREATE FUNCTION {_NAME}\((?:i integer)?\)")
_INDEX = re.compile(rf'CREATE (?:UNIQUE )?INDEX {_NAME} ON (?:ONLY )?(\w+|"Odd schema")\.')
_ON = re.compile(rf"CREATE (POLICY|TRIGGER) {_NAME} (?:.*? )?ON {_NAME}", re.DOTALL)
_CONSTRAINT = re.compile(rf"ALTER TABLE {_NAME} ADD CONSTRAINT {_NAME}")
_VALUES = re.compile(rf"CREATE TYPE {_NAME} AS ENUM \('(\w+)'")


def renames(before: World, after: World, rng: Random) -> list[str]:
    """A few renames of what both have, for the end of the second.

    The columns of a partitioned table keep their names where its partitions' keys and indexes have
    theirs of them: a file that says the new name from the start gives them other ones.
    """
    found = [
        rename
        for key, thing in after.things.items()
        if key in before.things
        for statement in thing.sql()
        for rename in _ways(thing, statement)
        if " RENAME COLUMN " not in rename or not (thing.split_by and _hung(thing, after))
    ]
    return rng.sample(found, min(len(found), rng.randint(1, 4)))


def _hung(thing: Thing, world: World) -> bool:
    those = world.of("key", "foreign_key", "index")
    return any(f" {thing.name} " in sql for other in those for sql in other.statements)


def _ways(thing: Thing, statement: str) -> Iterator[str]:
    if made := _MADE.match(statement):
        kind, name = made.groups()
        yield _declared(_KINDS.get(kind, kind.lower()), name, "new name", f"{kind} {name}")
    if made and made[2] == thing.name:
        for column in thing.columns:
            what = f"TABLE {thing.name} RENAME COLUMN {column}"
            yield _declared("column", f"{thing.name}.{column}", "renamed", what, "")
    if made := _ROUTINE.match(statement):
        arguments = "(integer)" if "(i integer)" in made[0] else "()"
        yield _declared("function", made[1] + arguments, "fn", f"ROUTINE {made[1]}{arguments}")
    if made := _INDEX.match(statement):
        name = f"{made[2]}.{made[1]}"
        yield _declared("index", name, "new index", f"INDEX {name}")
    if made := _ON.match(statement):
        what = f"{made[1]} {made[2]} ON {made[3]}"
        yield _declared(made[1].lower(), f"{made[3]}.{made[2]}", "hung", what)
    if made := _CONSTRAINT.match(statement):
        what = f"TABLE {made[1]} RENAME CONSTRAINT {made[2]}"
        yield _declared("constraint", f"{made[1]}.{made[2]}", "bound", what, "")
    if made := _VALUES.match(statement):
        what = f"TYPE {made[1]} RENAME VALUE '{made[2]}' TO 'named'"
        yield f"-- schema-tool: rename value {made[1]}.{made[2]} to named\nALTER {what}"


def _declared(what: str, old: str, new: str, altered: str, rename: str = " RENAME") -> str:
    line = f'-- schema-tool: rename {what} {old} to "{new}"'
    return f'{line}\nALTER {altered}{rename} TO "{new}"'
