"""When a materialized view is filled and indexed: beside traffic, and not below others' locks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.test_plan_shape import groups, place, planned

if TYPE_CHECKING:
    from tests.conftest import Project

BEFORE = "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t;"
AFTER = "CREATE TABLE t (a int, b int);"
FILLED = "CREATE MATERIALIZED VIEW m AS SELECT a, count(*) AS n FROM t GROUP BY a;"


def test_a_new_one_is_filled_when_the_locks_of_all_else_are_gone(project: Project) -> None:
    after = f"{AFTER} {FILLED} CREATE UNIQUE INDEX k ON m (a); CREATE VIEW v AS SELECT a FROM t;"
    texts = groups(planned(project, BEFORE, after))
    assert place(texts, "ADD COLUMN b") < place(texts, "MATERIALIZED VIEW public.m AS")
    assert place(texts, "MATERIALIZED VIEW public.m AS") == place(texts, "UNIQUE INDEX k ON")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BEFORE, f"{AFTER} {FILLED} CREATE VIEW v AS SELECT a FROM m;"),
        (
            "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS '{}';",
            f"{AFTER} {FILLED} CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN (SELECT max(n) FROM m); END $$;",
        ),
        (
            "CREATE TABLE t (a int); CREATE TABLE u (a int);",
            f"{AFTER} CREATE TABLE u (a int); {FILLED} CREATE FUNCTION f() RETURNS trigger"
            " LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM m; RETURN new; END $$;"
            " CREATE TRIGGER b BEFORE INSERT ON u FOR EACH ROW EXECUTE FUNCTION f();",
        ),
        (
            "CREATE TABLE t (a int); CREATE TABLE u (a int);"
            " CREATE POLICY p ON u AS RESTRICTIVE USING (a > 1);",
            f"{AFTER} CREATE TABLE u (a int); {FILLED}"
            " CREATE POLICY q ON u AS RESTRICTIVE USING (a IN (SELECT a FROM m));",
        ),
        ("CREATE TABLE t (a int); CREATE TYPE m AS (a int);", f"{AFTER} {FILLED}"),
        ("CREATE TABLE t (a int); CREATE TABLE m (a int);", f"{AFTER} {FILLED}"),
        ("", f"{AFTER} {FILLED}"),
    ],
    ids=[
        *("below_an_old_view", "named_by_an_old_function", "named_by_a_new_trigger"),
        *("read_by_a_policy", "in_place_of_a_type", "in_place_of_a_table", "over_no_rows"),
    ],
)
def test_one_that_clients_would_miss_comes_with_all_else(
    project: Project, before: str, after: str
) -> None:
    before = before.replace("{}", "BEGIN RETURN 1; END")
    assert len(planned(project, before, after).groups) == 1


def test_an_index_is_built_beside_those_who_read_it(project: Project) -> None:
    before = f"CREATE TABLE t (a int); {FILLED} CREATE UNIQUE INDEX k ON m (a);"
    after = f"{AFTER} {FILLED} CREATE UNIQUE INDEX k ON m (a, n); CREATE INDEX i ON m (n);"
    texts = groups(planned(project, before, after))
    built = place(texts, "CREATE UNIQUE INDEX CONCURRENTLY k__new")
    assert built < place(texts, "DROP INDEX CONCURRENTLY public.k")
    assert place(texts, "CREATE INDEX CONCURRENTLY i")


def test_a_changed_one_is_filled_and_indexed_beside_those_who_read_the_old_one(
    project: Project,
) -> None:
    before = f"CREATE TABLE t (a int, gone int); {FILLED} CREATE UNIQUE INDEX k ON m (a);"
    changed = FILLED.replace("a, count", "a, max(b), count")
    after = f"{AFTER} {changed} CREATE UNIQUE INDEX k ON m (a); GRANT SELECT ON m TO pg_monitor;"
    texts = groups(planned(project, before, after))
    filled, taken = place(texts, "VIEW public.m__new AS"), place(texts, "RENAME TO m")
    assert place(texts, "ADD COLUMN b") < filled == place(texts, "INDEX k__new ON public.m__new")
    assert filled == place(texts, "GRANT SELECT ON TABLE public.m__new TO pg_monitor")
    assert filled < taken == place(texts, "DROP MATERIALIZED VIEW public.m")
    assert taken == place(texts, "INDEX public.k__new RENAME TO k")
    assert place(texts, "DROP COLUMN gone") < filled


@pytest.mark.parametrize(
    ("before", "after", "rest"),
    [
        ("CREATE TABLE t (a int);", "CREATE TABLE t (a bigint, b int);", ""),
        ("CREATE TABLE t (a int);", "CREATE TABLE t (a int, b int) PARTITION BY LIST (a);", ""),
        ("CREATE TABLE t (a int);", AFTER, "CREATE VIEW v AS SELECT a FROM m;"),
        ("CREATE TABLE t (a int);", AFTER, "CREATE MATERIALIZED VIEW v AS SELECT a FROM m;"),
        ("CREATE TABLE t (a int);", f"{AFTER} CREATE TABLE m__new ();", ""),
        ("CREATE TABLE t (a int);", f"{AFTER} CREATE TYPE m__new AS ENUM ();", ""),
    ],
    ids=[
        *("over_a_converted_column", "over_a_moved_table", "below_a_view", "below_another"),
        *("beside_a_table_of_its_name", "beside_a_type_of_its_name"),
    ],
)
def test_a_changed_one_that_cannot_stay_is_made_anew_with_all_else(
    project: Project, before: str, after: str, rest: str
) -> None:
    changed = FILLED.replace("a, count", "a, max(b), count")
    plan = planned(project, f"{before} {FILLED} {rest}", f"{after} {changed} {rest}")
    assert len(plan.groups) == 1
