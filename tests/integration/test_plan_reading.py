"""What a plan looks like to the person who reads it: all of one thing together, in one order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.integration.test_plan_shape import groups, place, planned

if TYPE_CHECKING:
    from tests.conftest import Project

EVENTS = """
    CREATE TABLE ev (id int NOT NULL, at date NOT NULL, {}) PARTITION BY RANGE (at);
    CREATE TABLE ev_1 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');
    CREATE TABLE ev_2 PARTITION OF ev FOR VALUES FROM ('2025-02-01') TO ('2025-03-01');
"""
NEXT = "CREATE TABLE {} PARTITION OF ev FOR VALUES FROM ('2025-03-01') TO ('2025-04-01');"


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("name", ["ev_3", "a_first"])
def test_a_parent_is_altered_by_one_command_where_partitions_come_and_go(
    project: Project, name: str, *, back: bool
) -> None:
    old = EVENTS.format("kind text, junk text")
    new = EVENTS.format("kind varchar(9), extra text") + NEXT.format(name)
    texts = "\n".join(groups(planned(project, *((new, old) if back else (old, new)))))
    assert texts.count("ALTER TABLE public.ev") == 1, texts


def test_the_parts_of_an_index_are_attached_in_their_order(project: Project) -> None:
    table = EVENTS.format("kind text") + (
        f"{NEXT.format('ev_3').rstrip(';')} PARTITION BY LIST (kind);"
        "CREATE TABLE ev_3a PARTITION OF ev_3 FOR VALUES IN ('a');"
        "CREATE TABLE ev_3b PARTITION OF ev_3 DEFAULT;"
        "CREATE TABLE ev_4 PARTITION OF ev DEFAULT;"
    )
    plan = planned(project, table, f"{table} CREATE INDEX ev_idx ON ev (kind);")
    parts = re.findall(r"ATTACH PARTITION public\.(\w+)_kind_idx", "\n".join(groups(plan)))
    assert parts == ["ev_1", "ev_2", "ev_3a", "ev_3b", "ev_3", "ev_4"]


def test_values_of_enums_come_before_an_index_goes_beside_traffic(project: Project) -> None:
    old = """
        CREATE TYPE mood AS ENUM ('ok');
        CREATE TABLE t (name varchar(9), m mood);
        CREATE INDEX t_lower_idx ON t (lower(name));
        CREATE VIEW v AS SELECT name, m FROM t;
        CREATE VIEW w AS SELECT m FROM v;
    """
    new = old.replace("varchar(9)", "text").replace("'ok'", "'ok', 'well'")
    texts = groups(planned(project, old, new))
    values = place(texts, "ADD VALUE")
    assert values < place(texts, "DROP INDEX CONCURRENTLY public.t_lower_idx")
    assert place(texts, "DROP VIEW public.v") == place(texts, "CREATE VIEW public.v")


def test_default_privileges_stand_by_their_schema_unless_something_new_would_get_them(
    project: Project,
) -> None:
    old = "DROP SCHEMA IF EXISTS b CASCADE; CREATE TABLE t (n int);"
    grants = "ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT {} TO PUBLIC;"
    new = (
        "CREATE SCHEMA b; CREATE TABLE s (n int);"
        "CREATE TABLE t (n int, m int); CREATE INDEX t_idx ON t (m);"
        + grants.format("public", "SELECT ON TABLES")
        + grants.format("public", "USAGE ON TYPES")
        + grants.format("b", "SELECT ON TABLES")
    )
    main, _ = groups(planned(project, old, new))
    lines = main.splitlines()
    schema = place(lines, "CREATE SCHEMA b")
    assert place(lines, "IN SCHEMA b GRANT SELECT ON TABLES") == schema + 1
    assert place(lines, "IN SCHEMA public GRANT USAGE ON TYPES") < place(lines, "ALTER TABLE")
    assert place(lines, "IN SCHEMA public GRANT SELECT ON TABLES") == len(lines) - 1
