"""Two readings beside each other share what is the same in both, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from schema_tool.catalog import Identity, Kind, read_catalog
from schema_tool.compare import compare

if TYPE_CHECKING:
    from schema_tool.catalog.families.reading import Twins
    from tests.conftest import Server

ALIKE = """
CREATE TABLE alike (a int NOT NULL, b text DEFAULT 'x', c int, d int CONSTRAINT mine NOT NULL);
COMMENT ON COLUMN alike.b IS 'here';
GRANT SELECT (c) ON alike TO PUBLIC;
"""
ONE = """
CREATE TABLE t (a int NOT NULL, b text DEFAULT 'x', c int, d int, e int, f int, g int);
COMMENT ON COLUMN t.c IS 'here';
GRANT SELECT (d) ON t TO PUBLIC;
ALTER TABLE t ALTER COLUMN e SET STATISTICS 7;
CREATE TABLE u (id int PRIMARY KEY);
ALTER TABLE t ADD CONSTRAINT same CHECK (a > 0), ADD CONSTRAINT other CHECK (a > 1),
    ADD CONSTRAINT told UNIQUE (a), ADD CONSTRAINT far FOREIGN KEY (c) REFERENCES u;
COMMENT ON INDEX told IS 'here';
CREATE INDEX like_it ON t (c) WHERE c > 0;
CREATE INDEX unlike ON t (d);
"""
OTHER = """
CREATE TABLE t (a int NOT NULL, b text DEFAULT 'y', c int, d int, e int, g int, f int);
CREATE TABLE v (id int PRIMARY KEY);
CREATE TABLE u (id int PRIMARY KEY);
ALTER TABLE t ADD CONSTRAINT same CHECK (a > 0), ADD CONSTRAINT other CHECK (a > 2),
    ADD CONSTRAINT told UNIQUE (a), ADD CONSTRAINT far FOREIGN KEY (c) REFERENCES u;
CREATE INDEX like_it ON t (c) WHERE c > 0;
CREATE INDEX unlike ON t (d DESC);
DROP TABLE v;
"""


def constraint(name: str) -> Identity:
    return Identity(Kind.CONSTRAINT, ("public", "t", name))


def test_what_is_equal_is_one_object_and_the_rest_is_not(any_server: Server) -> None:
    twins: Twins = {}
    with (
        psycopg.connect(any_server.create(), autocommit=True) as first,
        psycopg.connect(any_server.create(), autocommit=True) as second,
    ):
        first.execute(f"{ALIKE}{ONE}".encode())
        second.execute(f"CREATE TABLE before (); {ALIKE}{OTHER}".encode())
        one, other = (read_catalog(c, twins=twins) for c in (first, second))
        alone = read_catalog(first), read_catalog(second)
    shared = {i for i, found in one.objects.items() if found is other.objects.get(i)}
    # those of one table together
    assert {c for c in shared if c.kind is Kind.COLUMN} == {
        *(Identity(Kind.COLUMN, ("public", "alike", name)) for name in "abcd"),
        Identity(Kind.COLUMN, ("public", "u", "id")),
    }
    assert {constraint("same"), constraint("far")} <= shared
    assert Identity(Kind.INDEX, ("public", "like_it")) in shared
    assert not {constraint("other"), constraint("told")} & shared
    assert (one, other) == alone
    assert list(map(repr, other.objects.values())) == list(map(repr, alone[1].objects.values()))
    assert {change.identity.parts[-1] for change in compare(one, other)} == {
        *"bcde",
        *("other", "told", "unlike", "before"),
    }
