"""Foreign keys of new columns: ADD COLUMN says them, and no row is read."""

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


def test_no_row_is_read(any_server: Server) -> None:
    desired, live = any_server.create(), any_server.create()
    changed = "ALTER TABLE sale ADD shop int REFERENCES shop, ADD note text"
    with psycopg.connect(desired) as connection:
        connection.execute(f"{BEFORE} {changed}".encode())
        wanted = read_catalog(connection)
    with psycopg.connect(live) as connection:
        connection.execute(f"{BEFORE} INSERT INTO sale VALUES (1), (2)".encode())
        connection.commit()
        plan = make_plan(compare(read_catalog(connection), wanted))
        for step in plan.groups[0].steps:
            connection.execute(step.sql.encode())
        read = "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'sale'"
        assert connection.execute(read).fetchone() == (0,)
        assert compare(read_catalog(connection), wanted).equal
