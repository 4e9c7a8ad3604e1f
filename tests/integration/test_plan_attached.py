"""A filled table becomes a partition: its rows are looked at beside traffic, not as it is attached.

What the server says in debug messages is whether it took them as proved.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.hazards import Hazard
from schema_tool.plan.steps import LockMode
from tests.integration.test_plan_shape import groups, place, planned

if TYPE_CHECKING:
    from schema_tool.plan import Plan
    from tests.conftest import Project, Server

_BOUNDS = {
    "range": ("id int, at date", "RANGE (at)", "FROM ('2025-01-01') TO ('2026-01-01')"),
    "columns": ("id int, at text", "RANGE (id, at)", "FROM (1, 'a') TO (9, MAXVALUE)"),
    "expression": ("id int, at text", "RANGE (lower(at))", "FROM ('a') TO ('b')"),
    "list": ("id int, at text", "LIST (at)", "IN ('a', 'b')"),
    "null": ("id int, at varchar(9)", "LIST (at)", "IN ('a', NULL)"),
    "hash": ("id int, at text", "HASH (id)", "WITH (MODULUS 2, REMAINDER 0)"),
}


def heard(project: Project, plan: Plan) -> list[str]:
    """Run a plan; returns what the server says of rows as tables are attached."""
    said: list[str] = []
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.add_notice_handler(lambda notice: said.append(notice.message_primary or ""))
        connection.execute(b"SET client_min_messages = debug1")
        for group in plan.groups:
            connection.execute(";".join(step.sql for step in group.steps).encode())
    words = ("implied by existing constraints", "verifying table")
    return [message for message in said if any(word in message for word in words)]


def checks(project: Project) -> int:
    with psycopg.connect(project.database) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0"
        ).fetchone()
    assert row is not None
    return int(row[0])


def sides(columns: str, key: str, bound: str) -> tuple[str, str]:
    table = f"CREATE TABLE parent ({columns}) PARTITION BY {key}; CREATE TABLE child ({columns});"
    return table, f"{table} ALTER TABLE parent ATTACH PARTITION child FOR VALUES {bound}"


@pytest.mark.parametrize("columns_key_bound", _BOUNDS.values(), ids=_BOUNDS)
def test_rows_are_proved_before_they_are_attached(
    project: Project, columns_key_bound: tuple[str, str, str]
) -> None:
    plan = planned(project, *sides(*columns_key_bound))
    scans = [g for g in plan.groups if any("VALIDATE" in step.sql for step in g.steps)]
    assert len(scans) == 1
    said = heard(project, plan)
    # Once as the check is validated, and not again.
    assert ["implied" in message for message in said] == [False, True], said
    assert checks(project) == 0


def test_rows_are_proved_for_all_levels_above(project: Project) -> None:
    above = """
        CREATE TABLE top (id int, at date) PARTITION BY HASH (id);
        CREATE TABLE parent PARTITION OF top FOR VALUES WITH (MODULUS 2, REMAINDER 1)
            PARTITION BY RANGE (at);
    """
    child = "CREATE TABLE child (id int, at date);"
    attach = (
        "ALTER TABLE parent ATTACH PARTITION child FOR VALUES FROM ('2025-01-01') TO (MAXVALUE)"
    )
    said = heard(project, planned(project, above + child, above + child + attach))
    assert ["implied" in message for message in said] == [False, True], said


def test_a_new_parent_gets_a_filled_table_with_the_default_one(project: Project) -> None:
    tables = """
        CREATE TABLE child (id int, at date);
        CREATE TABLE other (id int, at date);
    """
    after = f"""
        CREATE TABLE parent (id int, at date) PARTITION BY RANGE (at);
        {tables}
        ALTER TABLE parent ATTACH PARTITION child FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        ALTER TABLE parent ATTACH PARTITION other DEFAULT;
    """
    said = heard(project, planned(project, tables, after))
    assert sum("implied" in message for message in said) == 2, said
    assert sum("verifying" in message for message in said) == 2, said


@pytest.mark.parametrize(
    "columns_key_bound",
    [
        ("id int, at text", "HASH (at)", "WITH (MODULUS 2, REMAINDER 0)"),
        ("id int, at text", 'RANGE (at COLLATE "C")', "FROM ('a') TO ('b')"),
    ],
)
def test_what_the_server_would_not_take_as_proved_is_attached_at_once(
    project: Project, columns_key_bound: tuple[str, str, str]
) -> None:
    plan = planned(project, *sides(*columns_key_bound))
    assert len(plan.groups) == 1
    assert not any("implied" in message for message in heard(project, plan))


def test_heirs_leave_their_parent_when_the_rows_of_all_are_proved(project: Project) -> None:
    before = """
        CREATE TABLE parent (id int);
        CREATE TABLE one () INHERITS (parent);
        CREATE TABLE two () INHERITS (parent);
    """
    after = """
        CREATE TABLE parent (id int) PARTITION BY RANGE (id);
        CREATE TABLE one PARTITION OF parent FOR VALUES FROM (1) TO (10);
        CREATE TABLE two PARTITION OF parent FOR VALUES FROM (10) TO (20);
    """
    texts = groups(planned(project, before, after))
    left = {place(texts, f"public.{heir} NO INHERIT") for heir in ("one", "two")}
    assert left == {len(texts) - 1}
    assert max(place(texts, f"VALIDATE CONSTRAINT {heir}_") for heir in ("one", "two")) < min(left)


def test_a_key_of_all_partitions_is_adopted_where_each_has_it_proved(
    project: Project, any_server: Server
) -> None:
    there = replace(project, database=any_server.create())
    tables = """
        CREATE TABLE r (id int PRIMARY KEY);
        CREATE TABLE p (id int) PARTITION BY LIST (id);
        CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
        CREATE TABLE p_2 PARTITION OF p FOR VALUES IN (2);
        INSERT INTO r VALUES (1); INSERT INTO p VALUES (1);
    """
    plan = planned(there, tables, f"{tables} ALTER TABLE p ADD FOREIGN KEY (id) REFERENCES r;")
    # No statement both adds a key and looks at rows: that would keep writers waiting.
    for step in plan.steps:
        locks = [d.lock for d in step.statement.dangers if d.hazard is Hazard.SCAN_TABLE]
        assert LockMode.SHARE_ROW_EXCLUSIVE not in locks
    adopted_without_a_look(there, plan)


def adopted_without_a_look(project: Project, plan: Plan) -> None:
    """Run a plan in which foreign keys are proved by VALIDATE and by nothing else."""
    said: list[str] = []
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.add_notice_handler(lambda notice: said.append(notice.message_primary or ""))
        connection.execute(b"SET client_min_messages = debug1")
        for group in plan.groups:
            said.clear()
            text = ";".join(step.sql for step in group.steps)
            connection.execute(text.encode())
            looked = any("validating foreign key" in message for message in said)
            assert looked == ("VALIDATE" in text), text


def test_a_table_that_is_attached_has_its_parents_foreign_keys_before(
    project: Project, any_server: Server
) -> None:
    there = replace(project, database=any_server.create())
    tables = """
        CREATE TABLE r (id int PRIMARY KEY);
        CREATE TABLE p (id int, x int REFERENCES r ON DELETE CASCADE) PARTITION BY LIST (id);
        CREATE TABLE child (id int, x int);
        INSERT INTO child VALUES (1, NULL);
    """
    attach = "ALTER TABLE p ATTACH PARTITION child FOR VALUES IN (1)"
    plan = planned(there, tables, tables + attach)
    assert "ADD CONSTRAINT p_x_fkey FOREIGN KEY" in groups(plan)[0]
    adopted_without_a_look(there, plan)


def test_a_table_that_is_attached_has_its_parents_checks_proved_before(project: Project) -> None:
    parent = "CREATE TABLE p (a int, n int CHECK (n > 0)) PARTITION BY LIST (a);"
    before = f"{parent} CREATE TABLE q (a int, n int); INSERT INTO q VALUES (1, 1);"
    plan = planned(project, before, f"{parent} CREATE TABLE q PARTITION OF p FOR VALUES IN (1);")
    added, proved, attached = groups(plan)
    assert "ADD CONSTRAINT p_n_check CHECK (n > 0) NOT VALID" in added
    assert "VALIDATE CONSTRAINT p_n_check" in proved
    assert "ATTACH PARTITION" in attached
    scans = {
        d.lock
        for step in plan.steps
        for d in step.statement.dangers
        if d.hazard is Hazard.SCAN_TABLE
    }
    assert scans == {LockMode.SHARE_UPDATE_EXCLUSIVE}
