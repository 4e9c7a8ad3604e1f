"""Two teams to test the schema with, and sessions that act for their members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.rows import tuple_row

PROJECT = Path(__file__).resolve().parents[3]
SQL = PROJECT / "sql"
CLUSTER_FILES = tuple(sorted((SQL / "cluster").glob("*.sql")))
SQL_FILES = tuple(sorted(SQL.glob("*.sql")))
WORLD = Path(__file__).with_name("world.sql")

# the logins of an application: members of the roles that the schema knows, and nothing else
LOGINS = {"test_app": "pipeline_app", "test_readonly": "pipeline_readonly"}

OWNER = "00000000-0000-4000-8000-00000000000a"
ADMIN = "00000000-0000-4000-8000-00000000000b"
MEMBER = "00000000-0000-4000-8000-00000000000c"
VIEWER = "00000000-0000-4000-8000-00000000000d"
FOREIGN = "00000000-0000-4000-8000-00000000000e"
NEWCOMER = "00000000-0000-4000-8000-00000000000f"
ORGANIZATION = "10000000-0000-4000-8000-00000000000a"
FOREIGN_ORGANIZATION = "10000000-0000-4000-8000-00000000000b"
TEAM = "20000000-0000-4000-8000-00000000000a"
FOREIGN_TEAM = "20000000-0000-4000-8000-00000000000b"
PIPELINE = "30000000-0000-4000-8000-00000000000a"
SECOND_PIPELINE = "30000000-0000-4000-8000-0000000000aa"
FOREIGN_PIPELINE = "30000000-0000-4000-8000-00000000000b"
STEP_ONE = "40000000-0000-4000-8000-0000000000a1"
STEP_TWO = "40000000-0000-4000-8000-0000000000a2"
LOOP = "40000000-0000-4000-8000-0000000000a3"
BODY = "40000000-0000-4000-8000-0000000000a4"
FOREIGN_STEP = "40000000-0000-4000-8000-0000000000b1"
CONNECTION = "50000000-0000-4000-8000-00000000000a"
COMMENT = "60000000-0000-4000-8000-00000000000a"
TEMPLATE = "80000000-0000-4000-8000-00000000000a"
FOREIGN_TEMPLATE = "80000000-0000-4000-8000-00000000000b"

Connection = psycopg.Connection[tuple[Any, ...]]


def load_roles(connection: Connection) -> None:
    """Create the cluster-wide roles and the application's logins, once a server."""
    for file in CLUSTER_FILES:
        connection.execute(file.read_bytes())
    for login, role in LOGINS.items():
        if not scalar(connection, "SELECT count(*) FROM pg_roles WHERE rolname = %s", login):
            connection.execute(f"CREATE ROLE {login} LOGIN IN ROLE {role}")


def load_schema(dsn: str) -> None:
    """Fill an empty database with sql/, each file in a transaction of its own."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        load_roles(connection)
        for file in SQL_FILES:
            with connection.transaction():
                connection.execute(file.read_bytes())


def load_world(dsn: str) -> None:
    """Fill an empty database with sql/ and the two teams."""
    load_schema(dsn)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(WORLD.read_bytes())


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A database with the two teams."""

    dsn: str

    @contextmanager
    def superuser(self) -> Iterator[Connection]:
        """A session that row security does not bind, in autocommit mode."""
        with psycopg.connect(self.dsn, autocommit=True, row_factory=tuple_row) as connection:
            yield connection

    @contextmanager
    def user(self, user_id: str | None, *, login: str = "test_app") -> Iterator[Connection]:
        """A session of an application's login that acts for a user, or for nobody."""
        dsn = make_conninfo(self.dsn, user=login)
        with psycopg.connect(dsn, autocommit=True, row_factory=tuple_row) as connection:
            if user_id is not None:
                connection.execute("SELECT set_config('app.user_id', %s, false)", [user_id])
            yield connection


def scalar(connection: Connection, query: str, *parameters: object) -> Any:
    """The first column of the first row, None when there is none."""
    row = connection.execute(query.encode(), parameters or None).fetchone()
    return row[0] if row else None


def rows(connection: Connection, query: str, *parameters: object) -> list[tuple[Any, ...]]:
    """All rows."""
    return connection.execute(query.encode(), parameters or None).fetchall()


def run(connection: Connection, query: str, values: Mapping[str, object] | None = None) -> int:
    """Execute a statement with named values and return how many rows it hit."""
    return connection.execute(query.encode(), values).rowcount


def sqlstate(connection: Connection, query: str, *parameters: object) -> str | None:
    """The SQLSTATE with which a statement fails, None when it succeeds; undone either way."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(query.encode(), parameters or None)
            connection.execute(b"SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg.Error as error:
        return error.sqlstate
    return None
