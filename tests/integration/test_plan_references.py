"""Foreign keys for which no row is read: of new columns, and of columns whose types grow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.catalog import read_catalog
from schema_tool.compare import compare
from schema_tool.plan import make_plan
from tests.integration.test_plan_shape import groups, planned

if TYPE_CHECKING:
    from tests.conftest import Project, Server

BEFORE = "CREATE TABLE shop (id int PRIMARY KEY); CREATE TABLE sale (id int);"
AFTER = f"{BEFORE} CREATE TABLE area (id int PRIMARY KEY);"


def test_it_comes_with_its_column_and_after_the_new_table(project: Project) -> None:
    columns = "shop int REFERENCES shop ON DELETE CASCADE, ADD area int REFERENCES area"
    after = f"{AFTER} ALTER TABLE sale ADD {columns}, ADD note text;"
    (text,) = groups(planned(project, BEFORE, after))
    assert text.index("CREATE TABLE public.area") < text.index("ALTER TABLE public.sale")
    assert text.split("ALTER TABLE public.sale\n")[1] == (
        "    ADD COLUMN shop integer CONSTRAINT sale_shop_fkey"
        " REFERENCES public.shop(id) ON DELETE CASCADE,\n"
        "    ADD COLUMN area integer CONSTRAINT sale_area_fkey REFERENCES public.area(id),\n"
        "    ADD COLUMN note text"
    )


@pytest.mark.parametrize(
    "columns",
    [
        "shop int DEFAULT 1 REFERENCES shop",
        "shop int REFERENCES shop, ADD made timestamptz DEFAULT clock_timestamp()",
        "shop small REFERENCES shop",
    ],
    ids=["with_a_default", "where_the_table_is_rewritten", "of_a_domain"],
)
def test_one_that_may_hold_something_is_proved(project: Project, columns: str) -> None:
    before = f"CREATE DOMAIN small AS int DEFAULT 1; {BEFORE}"
    plan = planned(project, before, f"{before} ALTER TABLE sale ADD {columns};")
    assert "VALIDATE CONSTRAINT sale_shop_fkey" in groups(plan)[-1]


NEW = (BEFORE, "ALTER TABLE sale ADD shop int REFERENCES shop, ADD note text;")
TEXT = "CREATE TABLE shop (id varchar(9) PRIMARY KEY); CREATE TABLE sale (id varchar(9));"
LONGER = (
    f"{TEXT} ALTER TABLE sale ADD FOREIGN KEY (id) REFERENCES shop;"
    "INSERT INTO shop VALUES (1), (2);",
    "ALTER TABLE shop ALTER id TYPE varchar(12); ALTER TABLE sale ALTER id TYPE text;",
)


@pytest.mark.parametrize(
    ("before", "change"), [NEW, LONGER], ids=["of_new_columns", "as_types_grow"]
)
def test_no_row_is_read(any_server: Server, before: str, change: str) -> None:
    desired, live = any_server.create(), any_server.create()
    with psycopg.connect(desired) as connection:
        connection.execute(f"{before} {change}".encode())
        wanted = read_catalog(connection)
    with psycopg.connect(live) as connection:
        connection.execute(f"{before} INSERT INTO sale VALUES (1), (2)".encode())
        connection.commit()
        (group,) = make_plan(compare(read_catalog(connection), wanted)).groups
        for step in group.steps:
            connection.execute(step.sql.encode())
        read = "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'sale'"
        assert connection.execute(read).fetchone() == (0,)
        assert compare(read_catalog(connection), wanted).equal


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("n int", "ALTER n TYPE bigint"),
        ("n int", "ADD code uuid DEFAULT gen_random_uuid()"),
        ("n text GENERATED ALWAYS AS (id || '.') STORED", ""),
    ],
    ids=["of_another_type", "filled", "computed"],
)
def test_one_is_proved_again_where_a_table_is_rewritten(
    project: Project, column: str, change: str
) -> None:
    key = "ALTER TABLE sale ADD FOREIGN KEY (id) REFERENCES shop"
    before = f"{TEXT} ALTER TABLE sale ADD {column}; {key};"
    after = f"{TEXT} ALTER TABLE shop ALTER id TYPE text; ALTER TABLE sale ALTER id TYPE text;"
    after += f"ALTER TABLE sale ADD {column}; {key};"
    after += f"ALTER TABLE sale {change};" if change else ""
    assert "VALIDATE CONSTRAINT sale_id_fkey" in groups(planned(project, before, after))[-1]
