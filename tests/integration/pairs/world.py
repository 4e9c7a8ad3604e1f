"""World: a random schema as a list of things, each made by a few statements."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random

from tests.integration.pairs.words import (
    CHECKS,
    COLUMNS,
    EXPRESSIONS,
    EXTENSION_TYPES,
    TYPES,
    Type,
)


class Draws(Random):
    """Random numbers, each of which can be drawn anew while the others stay."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
        self.done = 0  # how many were drawn
        self.anew: Counter[int] = Counter()

    def random(self) -> float:
        """The next number; all choices come from here."""
        self.done += 1
        return Random(f"{self.name} {self.done} {self.anew[self.done]}").random()

    def __deepcopy__(self, memo: object) -> Draws:
        return self  # only read, once its thing is made

    def nudged(self, rng: Random) -> Draws:
        """The same numbers from the start, but one."""
        fresh = Draws(self.name)
        fresh.anew = self.anew + Counter([rng.randint(1, max(1, self.done))])
        return fresh


@dataclass(slots=True, kw_only=True)
class Column:
    """A column: its type and what follows the type."""

    type: Type
    rest: str = ""

    @property
    def plain(self) -> bool:
        """Whether values can be written into it."""
        return "GENERATED" not in self.rest


@dataclass(slots=True, kw_only=True)
class Thing:
    """Something with a name; `columns` where it is a table."""

    kind: str
    name: str
    statements: list[str] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)
    tail: str = ""
    head: str = ""
    draws: Draws | None = None

    @property
    def split_by(self) -> list[str]:
        """The columns that tell its rows' partitions, which each unique key of it has."""
        _, split, key = self.tail.rpartition("PARTITION BY ")
        column = key.partition("(")[2].rstrip(")").split(", ") if split else []
        return [*column, "sub"] if self.kind == "nested" else column

    def sql(self) -> list[str]:
        """Its statements."""
        if not self.head:
            return self.statements
        body = ", ".join(
            f"{name} {c.type.sql} {c.rest}".strip() for name, c in self.columns.items()
        )
        return [f"{self.head} ({body}) {self.tail}".strip(), *self.statements]


@dataclass(slots=True, kw_only=True)
class World:
    """A schema: its things by kind and name."""

    rng: Random
    major: int
    things: dict[tuple[str, str], Thing] = field(default_factory=dict)
    # What a table that is built anew keeps.
    kept: dict[str, Column] = field(default_factory=dict)

    def of(self, *kinds: str) -> list[Thing]:
        """The things of some kinds, in the order of their names."""
        found = [thing for thing in self.things.values() if thing.kind in kinds]
        return sorted(found, key=lambda thing: (kinds.index(thing.kind), thing.name))

    def one(self, *kinds: str) -> Thing | None:
        """Any one of them."""
        found = self.of(*kinds)
        return self.rng.choice(found) if found else None

    def chance(self, share: float) -> bool:
        """Yes, in this share of the cases."""
        return self.rng.random() < share

    def types(self) -> list[Type]:
        """What a column can be of."""
        own = [
            Type(sql=thing.name, family=thing.kind, values=tuple(thing.tail.split("|")))
            for thing in self.of("enum", "domain", "composite", "range", "base")
        ]
        own = [t if t.values != ("",) else Type(sql=t.sql, family=t.family) for t in own]
        arrays = [Type(sql=f"{t.sql}[]", family="other", values=("'{}'",)) for t in own]
        there = [thing.name for thing in self.of("extension")]
        return [*TYPES, *own, *own, *arrays, *(t for n in there for t in EXTENSION_TYPES[n])]

    def column(self) -> Column:
        """A column of any type."""
        rng = self.rng
        kind = rng.choice(self.types())
        rest = []
        if kind.family == "text" and self.chance(0.1) and "char" not in kind.sql[:5]:
            rest.append(f"COLLATE {self.collation()}")
        if kind.sql == "integer" and self.chance(0.05):
            return Column(type=replace(kind, sql="serial"), rest="")
        if kind.sql == "text" and self.chance(0.1):
            rest.append("COMPRESSION pglz")
        if kind.family == "int" and self.chance(0.15):
            way = rng.choice(["ALWAYS", "BY DEFAULT"])
            bounds = rng.choice(["", "", " (START 100)", " (INCREMENT 5 CACHE 3)"])
            rest.append(f"GENERATED {way} AS IDENTITY{bounds}")
        elif kind.family == "int" and (routine := self.one("function")) and self.chance(0.1):
            rest.append(f"DEFAULT {routine.name}(1)")
        elif kind.values and self.chance(0.3):
            rest.append(f"DEFAULT {rng.choice(kind.values)}")
        if self.chance(0.3):
            rest.append("NOT NULL")
            if self.major >= 18 and self.chance(0.2):
                rest[-1] = f"CONSTRAINT nn{rng.randint(1, 99)} NOT NULL"
        return Column(type=kind, rest=" ".join(rest))

    def collation(self) -> str:
        """That of C, or one of ours."""
        return self.rng.choice(['"C"', *(thing.name for thing in self.of("collation"))])

    def columns(self, least: int, most: int) -> dict[str, Column]:
        """Some columns, the last perhaps generated from another."""
        outer, self.rng = self.rng, Draws(str(self.rng.random()))
        try:
            return dict(self.kept) or self._columns(least, most)
        finally:
            self.rng = outer

    def _columns(self, least: int, most: int) -> dict[str, Column]:
        names = self.rng.sample(COLUMNS, self.rng.randint(least, most))
        found = {name: self.column() for name in names}
        if found and self.chance(0.2):
            self.add_generated(found)
        return found

    def add_generated(self, columns: dict[str, Column]) -> None:
        """A column computed from another one."""
        name = self.rng.choice(COLUMNS)
        sources = [n for n, c in columns.items() if c.plain and c.type.family in ("int", "text")]
        if name in columns or not sources:
            return
        source = self.rng.choice(sources)
        integer = columns[source].type.family == "int"
        expression = f"{source} + 1" if integer else f"lower({source})"
        kind = next(t for t in TYPES if t.sql == ("bigint" if integer else "text"))
        stored = "VIRTUAL" if self.major >= 18 and self.chance(0.5) else "STORED"
        routine = self.one("function")
        if integer and routine and self.chance(0.3):
            expression, stored = f"{routine.name}({source}::integer)", "STORED"
        columns[name] = Column(type=kind, rest=f"GENERATED ALWAYS AS ({expression}) {stored}")

    def test(self, column: str, kind: Type) -> str:
        """A condition that a column's values can be held to."""
        value = (*kind.values, "NULL")[0]
        own = self.of("operator")
        if own and kind.family == "int" and self.chance(0.1):
            return f"{column}::integer OPERATOR(public.<<<<) 9"
        return self.rng.choice(CHECKS[kind.family]).format(c=column, v=value)

    def expression(self, column: str, kind: Type) -> str:
        """Something computed from a column, or the column."""
        value = (*kind.values, "NULL")[0]
        routine = self.one("typed")
        if routine and routine.tail == kind.sql and self.chance(0.5):
            return f"{routine.name}({column})"
        ways = EXPRESSIONS.get(kind.family, ("{c}",))
        return self.rng.choice(ways).format(c=column, v=value)

    def table_column(self, *families: str) -> tuple[Thing, str, Column] | None:
        """A table and one of its columns, of one of the families when any is given."""
        found = [
            (table, name, column)
            for table in self.of("table", "partitioned", "nested", "leaf", "heir", "split")
            for name, column in table.columns.items()
            if not families or column.type.family in families
        ]
        return self.rng.choice(found) if found else None


def tame(before: World, after: World) -> None:
    """Leave out what cannot be, or not be compared.

    Default privileges would be given to the members of an extension; and a materialized view
    is not filled from a view whose owner may not read what it reads.
    """
    if before.of("matview", "over") or after.of("matview", "over"):
        for world in (before, after):
            for thing in world.of("owner"):
                if thing.statements[0].startswith("ALTER VIEW "):
                    del world.things[thing.kind, thing.name]
    if before.of("early", "late") or after.of("early", "late"):
        for world in (before, after):
            for thing in world.of("extension"):
                del world.things[thing.kind, thing.name]
