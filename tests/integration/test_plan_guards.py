"""What guards the rows is there at the end of each transaction of a plan, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from tests.integration.test_plan_shape import groups, place, planned

if TYPE_CHECKING:
    from schema_tool.plan import Plan
    from tests.conftest import Project

_UNIQUE = """
    SELECT count(*) FROM pg_index AS i WHERE i.indrelid = {}::regclass AND i.indisunique
    AND i.indisvalid
"""
_REFERENCES = "SELECT count(*) FROM pg_constraint WHERE conrelid = {}::regclass AND contype = 'f'"


def fewest(project: Project, plan: Plan, query: str, table: str) -> int:
    """The fewest guards of a table that other sessions can see while the plan runs."""
    found: list[int] = []
    with psycopg.connect(project.database, autocommit=True) as connection:
        for group in plan.groups:
            text = ";".join(step.sql for step in group.steps)
            connection.execute(text.encode())
            row = connection.execute(query.format(f"'public.{table}'").encode()).fetchone()
            assert row is not None
            found.append(row[0])
    return min(found)


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (", CONSTRAINT k UNIQUE (tenant, code, id))", "); CREATE UNIQUE INDEX u ON t (tenant, id)"),
        ("); CREATE UNIQUE INDEX u ON t (lower(code), id)", ", CONSTRAINT k UNIQUE (id))"),
        ("); CREATE UNIQUE INDEX u ON t (lower(code))", "); CREATE UNIQUE INDEX u ON t (code)"),
        (", CONSTRAINT k PRIMARY KEY (code, id))", ", CONSTRAINT k PRIMARY KEY (id))"),
    ],
)
def test_what_is_unique_over_fewer_columns_is_there_before_one_is_converted(
    project: Project, old: str, new: str, *, back: bool
) -> None:
    table = "CREATE TABLE z (n int); {} CREATE TABLE t (id int, tenant int, code {} {}"
    sides = table.format("", "char(9)", old), table.format("CREATE INDEX i ON z (n);", "text", new)
    plan = planned(project, *(sides[::-1] if back else sides))
    assert fewest(project, plan, _UNIQUE, "t") == 1


@pytest.mark.parametrize("index", ["(lower(code))", "(id) WHERE code = 'x'"])
def test_a_unique_index_comes_back_as_its_column_becomes_text(project: Project, index: str) -> None:
    text = "CREATE TABLE t (id int, code {}); CREATE UNIQUE INDEX u ON t {}"
    plan = planned(project, text.format("varchar(9)", index), text.format("text", index))
    assert fewest(project, plan, _UNIQUE, "t") == 1


def test_a_check_of_a_column_that_grows_is_proved_beside_traffic(project: Project) -> None:
    text = """
        CREATE TABLE t (n numeric({}, 2) CONSTRAINT positive CHECK (n > 0), c text COLLATE "{}");
        CREATE INDEX i ON t (c);
    """
    plan = planned(project, text.format(5, "C"), text.format(7, "POSIX"))
    texts = groups(plan)
    grown = place(texts, "ALTER COLUMN n TYPE")
    assert "CHECK (n > (0)::numeric) NOT VALID" in texts[grown]
    assert place(texts, "VALIDATE CONSTRAINT positive") == grown + 1
    said = [
        (str(d.hazard), str(d.lock))
        for step in plan.groups[0].steps
        for d in step.statement.dangers
    ]
    assert ("build-index", "ACCESS EXCLUSIVE") in said
    assert not any(hazard == "scan-table" for hazard, _ in said)


@pytest.mark.parametrize("back", [False, True])
def test_a_reference_comes_back_as_its_key_changes_and_its_column_grows(
    project: Project, *, back: bool
) -> None:
    table = "CREATE TABLE p (id {0} NOT NULL, k int NOT NULL, {1});"
    table += "CREATE TABLE c (p {0} CONSTRAINT c_p_fkey REFERENCES p (id));"
    keys = "CONSTRAINT p_id_key UNIQUE (id), CONSTRAINT p_pkey PRIMARY KEY (k)"
    other = "CREATE TABLE z (n int);"
    old = table.format("varchar(9)", "CONSTRAINT p_pkey PRIMARY KEY (id)") + other
    new = table.format("text", keys) + other + "CREATE INDEX i ON z (n);"
    plan = planned(project, *((new, old) if back else (old, new)))
    assert fewest(project, plan, _REFERENCES, "c") == 1


def test_what_a_replaced_function_has_computed_or_let_pass_is_named(project: Project) -> None:
    text = """
        CREATE FUNCTION f(n int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT n {}';
        CREATE TABLE t (
            n int, g int GENERATED ALWAYS AS (f(n)) STORED, d int DEFAULT f(1),
            CONSTRAINT c CHECK (f(n) > 0), CONSTRAINT e EXCLUDE (f(n) WITH =)
        );
        CREATE VIEW v AS SELECT f(n) FROM t;
        CREATE MATERIALIZED VIEW m AS SELECT f(n) FROM t;
        CREATE DOMAIN d AS int CHECK (f(VALUE) > 0);
    """
    plan = planned(project, text.format(""), text.format("+ 1"))
    (danger,) = (d for step in plan.steps for d in step.statement.dangers if d.keeps)
    assert danger.keeps == (
        "what it has computed or let pass: column public.t.g, constraint public.t.c,"
        " constraint public.t.e, domain public.d, materialized view public.m"
    )


def test_nothing_else_is_built_while_a_key_is_missing(project: Project) -> None:
    old = "CREATE TABLE p (id int, k int NOT NULL, CONSTRAINT p_pkey PRIMARY KEY (id));"
    new = "CREATE TABLE p (id timestamp, k int NOT NULL, CONSTRAINT p_pkey PRIMARY KEY (k));"
    other = "CREATE TABLE z (n int);"
    texts = groups(planned(project, old + other, new + other + "CREATE INDEX i ON z (n);"))
    assert place(texts, "DROP CONSTRAINT p_pkey") == place(texts, "ADD CONSTRAINT p_pkey")


@pytest.mark.parametrize("back", [False, True])
def test_a_unique_index_of_a_partitioned_table_comes_with_the_conversion(
    project: Project, *, back: bool
) -> None:
    table = """
        CREATE TABLE p (id int NOT NULL, k {} NOT NULL) PARTITION BY RANGE (id);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
        CREATE UNIQUE INDEX p_u ON p (id, k) WHERE id > {};
    """
    sides = table.format("varchar(9)", "0"), table.format("int", "1")
    plan = planned(project, *(sides[::-1] if back else sides))
    assert fewest(project, plan, _UNIQUE, "p1") == 1


@pytest.mark.parametrize("online", [True, False])
def test_a_plan_says_which_rows_would_keep_it_from_being_carried_out(
    project: Project, *, online: bool
) -> None:
    before = """
        CREATE TABLE r (id int PRIMARY KEY);
        CREATE TABLE t (a int, b int, c int, r int4range, kept int REFERENCES r);
        CREATE TABLE u (a int);
        CREATE UNIQUE INDEX u_a ON u (a);
    """
    after = """
        CREATE TABLE r (id bigint PRIMARY KEY);
        CREATE TABLE t (
            a int NOT NULL, b int UNIQUE, c int REFERENCES r CHECK (c > 0), r int4range,
            kept int REFERENCES r, EXCLUDE USING gist (r WITH &&)
        );
        CREATE UNIQUE INDEX t_ab ON t (a, b);
        CREATE TABLE u (a bigint);
        CREATE UNIQUE INDEX u_a ON u (a);
        CREATE TABLE new (a int NOT NULL UNIQUE CHECK (a > 0));
    """
    plan = planned(project, before, after, online=online)
    fails = {d.fails for step in plan.steps for d in step.statement.dangers if d.fails}
    assert fails == {
        "on NULL in public.t.a",
        "where two rows are equal in public.t.t_b_key",
        "where a row refers to none by public.t.t_c_fkey",
        "where a row does not meet public.t.t_c_check",
        "where two rows exclude each other by public.t.t_r_excl",
        "where two rows are equal in public.t_ab",
    }
    assert not plan.refused(frozenset())


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("index", ["t_id_key", "other"])
@pytest.mark.parametrize("gone", ["", ", gone boolean"])
@pytest.mark.parametrize("where", ["", " WHERE id > 0"])
def test_a_unique_index_and_a_key_take_each_others_place_and_name(
    project: Project, index: str, gone: str, where: str, *, back: bool
) -> None:
    condition = " WHERE NOT gone" if gone else where
    sides = (
        f"CREATE TABLE t (id int{gone}); CREATE UNIQUE INDEX {index} ON t (id){condition}",
        "CREATE TABLE t (id int CONSTRAINT t_id_key UNIQUE)",
    )
    plan = planned(project, *(sides[::-1] if back else sides))
    assert fewest(project, plan, _UNIQUE, "t") == 1


def test_an_index_of_a_partition_is_there_before_its_parents_goes(project: Project) -> None:
    tables = """
        CREATE TABLE p (id int, x int) PARTITION BY LIST (id);
        CREATE TABLE t PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (x);
        CREATE TABLE t_1 PARTITION OF t FOR VALUES IN (1);
    """
    before, after = "CREATE INDEX ON p (x);", "CREATE INDEX t_1_x_idx ON t_1 (x, id);"
    plan = planned(project, tables + before, tables + after)
    query = "SELECT count(*) FROM pg_index WHERE indrelid = {}::regclass AND indisvalid"
    assert fewest(project, plan, query, "t_1") == 1
