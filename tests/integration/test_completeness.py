"""What exists in a database is compared, or it is named: no catalog is passed over."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

import schema_tool.catalog
from schema_tool.catalog import read_catalog
from schema_tool.catalog.sweep import MEMBERS, NOT_SCHEMA
from schema_tool.server import scratch, target

if TYPE_CHECKING:
    from tests.conftest import Server

FAMILIES = Path(schema_tool.catalog.__file__).parent / "families"
CATALOGS = """
SELECT relname::text FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'pg_catalog'::regnamespace
"""
SWEPT = f"{CATALOGS} AND oid IN (SELECT attrelid FROM pg_attribute WHERE attname = 'oid')"


def named(connection: psycopg.Connection) -> list[tuple[str, str]]:
    return [(found.kind, found.identity) for found in read_catalog(connection).uncompared]


def test_every_catalog_is_read_or_swept_or_no_schema_for_a_reason(any_server: Server) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FAMILIES.glob("*.sql"))
    read = set(re.findall(r"pg_catalog\.(pg_\w+)", text))
    with psycopg.connect(any_server.dsn()) as connection:
        every = {row[0] for row in connection.execute(CATALOGS)}
        swept = {row[0] for row in connection.execute(SWEPT.encode())}
    swept -= {*NOT_SCHEMA, *MEMBERS}
    assert every - read - swept - set(NOT_SCHEMA) == set()


def test_settings_of_the_database_are_named(connection: psycopg.Connection) -> None:
    name = connection.info.dbname
    connection.execute(f"ALTER DATABASE {name} SET work_mem = '5MB'".encode())
    connection.execute(f"ALTER ROLE postgres IN DATABASE {name} SET jit = off".encode())
    assert named(connection) == [
        ("setting of a role in the database", "postgres jit"),
        ("setting of the database", "work_mem"),
    ]


def test_what_is_said_of_the_database_itself_is_named(any_server: Server) -> None:
    with psycopg.connect(any_server.create(), autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC".encode())
        connection.execute(f"GRANT CREATE ON DATABASE {name} TO pg_monitor".encode())
        connection.execute(f"COMMENT ON DATABASE {name} IS 'production'".encode())
        assert named(connection) == [
            ("comment of the database", "production"),
            ("privileges of the database", "PUBLIC"),
            ("privileges of the database", "pg_monitor"),
        ]


def test_what_this_tool_says_of_a_database_is_no_difference(any_server: Server) -> None:
    with psycopg.connect(any_server.create(), autocommit=True) as connection:
        for said in (target.MARK, scratch.MARK):
            name = connection.info.dbname
            connection.execute(f"COMMENT ON DATABASE {name} IS '{said} Since 2026'".encode())
            assert named(connection) == []


def test_security_labels_are_named(connection: psycopg.Connection) -> None:
    # a provider is a library, which no package brings
    connection.execute("CREATE TABLE t (a int); SET allow_system_table_mods = on")
    connection.execute(
        "INSERT INTO pg_seclabel VALUES ('t'::regclass, 'pg_class'::regclass, 1, 'p', 'secret')"
    )
    assert named(connection) == [("security label", "table column public.t.a (p)")]
