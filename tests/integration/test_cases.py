"""Every case, in both directions: the plan leads there, a second diff finds nothing, rows survive.

A case is a folder with before.sql and after.sql, rows.sql to fill what before.sql made, and
rows_after.sql for what after.sql made. A first line `-- since 18` keeps it from older servers. A
seeded sample runs by default; with SCHEMA_TOOL_ALL_CASES=1 all do.
"""

from __future__ import annotations

import os
import random
import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from schema_tool.catalog import read_catalog
from schema_tool.catalog.quoting import name
from schema_tool.compare import compare
from schema_tool.plan import Plan, make_plan, preamble, render, render_plan
from tests.conftest import usable_binaries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Server, Servers

CASES = Path(__file__).parents[1] / "cases"
SAMPLE = 24
SEED = 20261122
MAJORS = tuple(binaries.major for binaries in usable_binaries())
ROLES = ("Admin", "alice", "app_reader", "app_user", "app_writer", 'odd "role')


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One pair of schemas, one direction, one server version."""

    folder: Path
    forward: bool
    major: int

    @property
    def before(self) -> str:
        return (self.folder / ("before.sql" if self.forward else "after.sql")).read_text("utf-8")

    @property
    def after(self) -> str:
        return (self.folder / ("after.sql" if self.forward else "before.sql")).read_text("utf-8")

    @property
    def rows(self) -> str:
        path = self.folder / ("rows.sql" if self.forward else "rows_after.sql")
        return path.read_text("utf-8") if path.exists() else ""

    def __str__(self) -> str:
        arrow = "forth" if self.forward else "back"
        return f"{self.folder.parent.name}-{self.folder.name}-{arrow}-pg{self.major}"


def since(folder: Path) -> int:
    found = re.match(r"-- since (\d+)", (folder / "before.sql").read_text("utf-8"))
    return int(found[1]) if found else 0


def all_cases() -> list[Case]:
    folders = sorted(path.parent for path in CASES.glob("*/*/before.sql"))
    return [
        Case(folder=folder, forward=forward, major=major)
        for folder in folders
        for forward in (True, False)
        for major in MAJORS
        if major >= since(folder)
    ]


def chosen_cases() -> list[Case]:
    cases = all_cases()
    if os.environ.get("SCHEMA_TOOL_ALL_CASES"):
        return cases
    return sorted(random.Random(SEED).sample(cases, min(SAMPLE, len(cases))), key=str)


@pytest.fixture(scope="module")
def case_servers(servers: Servers) -> Iterator[dict[int, Server]]:
    started = {major: servers(major) for major in MAJORS}
    for server in started.values():
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role in ROLES:
                if role not in known:
                    connection.execute(f"CREATE ROLE {name(role)}".encode())
    yield started
    for server in started.values():
        drop_subscriptions(server)


def drop_subscriptions(server: Server) -> None:
    """Subscriptions are cluster-wide: what a case leaves would be in the way of the next."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        found = connection.execute(
            "SELECT d.datname, quote_ident(s.subname) FROM pg_subscription s"
            " JOIN pg_database d ON d.oid = s.subdbid"
        ).fetchall()
    for database, subscription in found:
        with psycopg.connect(server.dsn(database), autocommit=True) as connection:
            connection.execute(f"ALTER SUBSCRIPTION {subscription} SET (slot_name = NONE)".encode())
            connection.execute(f"DROP SUBSCRIPTION {subscription}".encode())


@contextmanager
def database(server: Server) -> Iterator[psycopg.Connection]:
    """A database for one test: together those of all cases would take 20 GB."""
    drop_subscriptions(server)
    dsn = server.create()
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection
    drop_subscriptions(server)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {conninfo_to_dict(dsn)['dbname']}".encode())


def run(connection: psycopg.Connection, text: str) -> None:
    try:
        if text.strip():
            connection.execute(text.encode())
    except psycopg.errors.FeatureNotSupported as error:
        if "is not available" in str(error):
            pytest.skip(str(error))
        raise


def apply_plan(connection: psycopg.Connection, plan: Plan) -> None:
    for statement in preamble(plan):
        connection.execute(statement.encode())
    for group in plan.groups:
        if group.transactional:
            with connection.transaction():
                for step in group.steps:
                    connection.execute(render(step).encode())
        else:
            for step in group.steps:
                connection.execute(render(step).encode())


def rows_in_all(connection: psycopg.Connection) -> int:
    """The rows of all tables: one that moves to a partition is still there."""
    tables = connection.execute(
        "SELECT quote_ident(n.nspname), quote_ident(c.relname) FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
    ).fetchall()
    total = 0
    for schema, table in tables:
        row = connection.execute(f"SELECT count(*) FROM ONLY {schema}.{table}".encode()).fetchone()
        assert row is not None
        total += row[0]
    return total


@pytest.mark.parametrize("online", [True, False], ids=["online", "offline"])
@pytest.mark.parametrize("case", chosen_cases(), ids=str)
def test_the_plan_leads_there(case: Case, online: bool, case_servers: dict[int, Server]) -> None:
    server = case_servers[case.major]
    with database(server) as wanted:
        run(wanted, case.after)
        desired = read_catalog(wanted)
    with database(server) as connection:
        run(connection, case.before)
        run(connection, case.rows)
        changes = compare(read_catalog(connection), desired)
        assert not changes.equal, "a case without a difference tests nothing"
        plan = make_plan(changes, online=online)
        before = rows_in_all(connection)
        try:
            apply_plan(connection, plan)
        except psycopg.Error as error:
            raise AssertionError(f"{error}\n{render_plan(plan)}") from error
        after = read_catalog(connection)
        assert compare(after, desired).describe() == [], render_plan(plan)
        assert after.uncompared == ()
        assert make_plan(compare(after, desired)).groups == ()
        declared = any(danger.loses for step in plan.steps for danger in step.statement.dangers)
        assert rows_in_all(connection) == before or declared
