"""A rename reaches signatures, arrays, composites, heirs, partitions: nothing is made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from tests.conftest import Project, Server

# What is renamed; the schema, in which the old word is written @; the word before and after.
CASES = {
    "enum of a signature": (
        "type public.e to ee",
        "CREATE TYPE @ AS ENUM ('a'); CREATE FUNCTION f(@, @[]) RETURNS SETOF @ LANGUAGE sql"
        " AS $$ SELECT $1 $$; CREATE FUNCTION g(x @ DEFAULT 'a') RETURNS int LANGUAGE sql RETURN 1;"
        "CREATE TABLE t (a @[] DEFAULT '{a}', b @); CREATE VIEW v AS SELECT f(b, a) FROM t;"
        "CREATE TYPE pair AS (x @, y @[]); CREATE DOMAIN d AS @;"
        "CREATE OPERATOR <<>> (LEFTARG = @, RIGHTARG = @[], FUNCTION = f);"
        "CREATE AGGREGATE agg(@) (SFUNC = array_append, STYPE = @[]);"
        "CREATE CAST (@ AS int) WITH FUNCTION g(@); GRANT EXECUTE ON FUNCTION g TO PUBLIC;"
        "COMMENT ON FUNCTION g IS 'of @'",
        ("e", "ee"),
    ),
    "range type": (
        "type public.span to stretch",
        "CREATE TYPE @ AS RANGE (subtype = int); CREATE TABLE t (a @, b @[], m @_multirange"
        " DEFAULT @_multirange(@(1, 2)), CHECK (a <> @(3, 4)), EXCLUDE USING gist (a WITH &&));"
        "CREATE VIEW v AS SELECT @(1, 5, '[]') AS r, @_multirange(a) AS m FROM t;"
        "CREATE FUNCTION f(@, @_multirange) RETURNS @[] LANGUAGE sql AS $$ SELECT ARRAY[$1] $$;"
        "CREATE INDEX i ON t ((a * @(1, 9)))",
        ("span", "stretch"),
    ),
    "range type with a multirange of another name": (
        "type public.span to stretch",
        "CREATE TYPE @ AS RANGE (subtype = int, multirange_type_name = many);"
        "CREATE TABLE t (a @, m many DEFAULT many(@(1, 2)))",
        ("span", "stretch"),
    ),
    "rows of a table": (
        "table public.t to u",
        "CREATE TABLE @ (a int); CREATE FUNCTION f(@) RETURNS @ LANGUAGE sql AS $$ SELECT $1 $$;"
        "CREATE FUNCTION h(@[]) RETURNS SETOF @ LANGUAGE sql AS $$ SELECT * FROM unnest($1) $$",
        ("t", "u"),
    ),
    "parent": (
        "table public.t to u",
        "CREATE TABLE @ (a int); CREATE TABLE heir (b int) INHERITS (@);"
        "CREATE TABLE grand () INHERITS (heir)",
        ("t", "u"),
    ),
    "partitioned table": (
        "table public.t to u",
        "CREATE TABLE @ (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF @"
        " FOR VALUES IN (1); CREATE PUBLICATION pub FOR TABLE @ WITH (publish = 'insert')",
        ("t", "u"),
    ),
    "column of heirs": (
        "column public.t.a to z",
        "CREATE TABLE t (@ int CHECK (@ > 0)); CREATE TABLE heir (b int) INHERITS (t);"
        "CREATE TABLE grand () INHERITS (heir); CREATE INDEX gi ON grand (@);"
        "CREATE VIEW v AS SELECT @ AS x FROM grand; COMMENT ON COLUMN heir.@ IS 'kept'",
        ("a", "z"),
    ),
    "column of partitions": (
        "column public.t.a to z",
        "CREATE TABLE t (@ int, b int) PARTITION BY LIST (@); CREATE INDEX ti ON t (b, @);"
        "CREATE TABLE p1 PARTITION OF t FOR VALUES IN (1); CREATE INDEX pi ON p1 (@) WHERE @ > 0",
        ("a", "z"),
    ),
    "trigger of partitions": (
        "trigger public.t.a to z",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;"
        "CREATE TABLE t (a int) PARTITION BY LIST (a);"
        "CREATE TABLE p1 PARTITION OF t FOR VALUES IN (1);"
        "CREATE TRIGGER @ AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();"
        "ALTER TABLE p1 DISABLE TRIGGER @",
        ("a", "z"),
    ),
    "function behind others": (
        "function plus(integer, integer) to sum",
        "CREATE FUNCTION @(integer, integer) RETURNS integer LANGUAGE sql RETURN $1 + $2;"
        "CREATE AGGREGATE total(integer) (SFUNC = @, STYPE = integer);"
        "CREATE OPERATOR %%% (LEFTARG = integer, RIGHTARG = integer, FUNCTION = @);"
        "CREATE TYPE d AS (x integer); CREATE FUNCTION other() RETURNS integer LANGUAGE sql"
        " BEGIN ATOMIC SELECT @(1, 2) AS n; END;"
        "CREATE VIEW v AS SELECT total(1) AS t, 1 %%% 2 AS o",
        ("plus", "sum"),
    ),
    "function of an event trigger": (
        "function ev() to on_ddl",
        "CREATE FUNCTION @() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;"
        "CREATE EVENT TRIGGER et ON ddl_command_start EXECUTE FUNCTION @()",
        ("ev", "on_ddl"),
    ),
    "function that depends on an extension": (
        "function f() to g",
        "CREATE FUNCTION @() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NEW; END $$; ALTER FUNCTION @() DEPENDS ON EXTENSION plpgsql;"
        "CREATE TABLE t (a int); CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW"
        " EXECUTE FUNCTION @(); ALTER TRIGGER tr ON t DEPENDS ON EXTENSION plpgsql",
        ("f", "g"),
    ),
    "trigger that depends on an extension": (
        "trigger t.tr to bump",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NEW; END $$; CREATE TABLE t (a int);"
        "CREATE TRIGGER @ BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();"
        "ALTER TRIGGER @ ON t DEPENDS ON EXTENSION plpgsql",
        ("tr", "bump"),
    ),
    "check of heirs": (
        "constraint public.t.a to z",
        "CREATE TABLE t (n int, CONSTRAINT @ CHECK (n > 0)); CREATE TABLE heir () INHERITS (t)",
        ("a", "z"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_only_the_name_changes(any_server: Server, project: Project, case: str) -> None:
    rename, text, (old, new) = CASES[case]
    # the comment is the user's own words
    before, after = (text.replace("'of @'", "'of it'").replace("@", w) for w in (old, new))
    live = any_server.create()
    project.write("sql/010.sql", f"-- schema-tool: rename {rename}\n{after};\n")
    arguments = ("diff", "-d", live, "--offline")
    with psycopg.connect(live, autocommit=True) as connection:
        connection.execute(before.encode())
        result = project.run(*arguments, target=False)
        assert result.returncode == 1, result.stderr
        found = [s.strip() for s in result.stdout.split(";")]
        statements = [s for s in found if s not in ("", "BEGIN", "COMMIT")]
        assert statements, result.stdout
        assert all("RENAME" in statement for statement in statements), result.stdout
        connection.execute(result.stdout.encode())
    again = project.run(*arguments, target=False)
    assert again.returncode == 0, again.stdout + again.stderr
