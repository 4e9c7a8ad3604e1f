"""Text that PostgreSQL prints, and prints otherwise once it has read it, is no difference."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.catalog import Catalog, read_catalog
from schema_tool.catalog.snapshot import dump as dump_snapshot
from schema_tool.catalog.snapshot import fingerprint
from schema_tool.catalog.snapshot import load as load_snapshot
from schema_tool.compare import compare
from schema_tool.plan import make_plan
from schema_tool.plan.render.render import render_plan

if TYPE_CHECKING:
    from tests.conftest import Server

AS_WRITTEN = (Path(__file__).parent / "as_written.sql").read_text(encoding="utf-8")
REWRITTEN = (Path(__file__).parent / "rewritten.sql").read_text(encoding="utf-8")


def dumped(server: Server, dsn: str) -> str:
    """The schema as pg_dump writes it, without psql's own commands."""
    done = subprocess.run(
        [server.bin / "pg_dump", "--schema-only", dsn], capture_output=True, text=True, check=True
    )
    text = re.sub(r"^\\.*$", "", done.stdout, flags=re.MULTILINE)
    # the schema is there in every new database
    return text.replace("CREATE SCHEMA public;", "")


def load(dsn: str, text: str) -> Catalog:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(text.encode())
        connection.execute("SET search_path = public")
        return read_catalog(connection)


def test_what_pg_dump_wrote_loads_into_an_equal_database(any_server: Server) -> None:
    dsn = any_server.create()
    first = load(dsn, REWRITTEN)
    again = any_server.create()
    second = load(again, dumped(any_server, dsn))
    assert compare(first, second).describe() == []
    third = load(any_server.create(), dumped(any_server, again))
    assert compare(first, third).describe() == []
    assert compare(third, second).describe() == []


@pytest.mark.parametrize("text", ["every_kind.sql", "rewritten.sql"])
def test_a_dump_of_the_oldest_server_loads_into_the_newest(
    servers: object, server: Server, text: str
) -> None:
    assert callable(servers)
    oldest: Server = servers(15)
    source = (Path(__file__).parent / text).read_text(encoding="utf-8")
    dsn = oldest.create()
    load(dsn, source)
    taken = load(server.create(), dumped(oldest, dsn))
    written = load(server.create(), source)
    assert compare(written, taken).describe() == []


def printed(server: Server, dsn: str) -> list[str]:
    """The dump's lines without their order: a plan may make objects in another."""
    return sorted(dumped(server, dsn).splitlines())


def test_a_plan_makes_the_server_print_what_it_prints_of_the_written_text(
    any_server: Server,
) -> None:
    written, made = any_server.create(), any_server.create()
    desired = load(written, AS_WRITTEN)
    with psycopg.connect(made, autocommit=True) as connection:
        plan = make_plan(compare(read_catalog(connection), desired))
        connection.execute(render_plan(plan).encode())
    assert printed(any_server, made) == printed(any_server, written)


def test_both_prints_of_an_expression_have_one_fingerprint(any_server: Server) -> None:
    dsn = any_server.create()
    first = load(dsn, AS_WRITTEN)
    second = load(any_server.create(), dumped(any_server, dsn))
    assert compare(first, second).describe() == []
    assert fingerprint(first) == fingerprint(second)
    again = load_snapshot(dump_snapshot(first), origin="test")
    assert dump_snapshot(again) == dump_snapshot(first)
    assert fingerprint(again) == fingerprint(first)
