"""Every case, in both directions: the plan leads there, a second diff finds nothing, rows survive.

A case is a folder with before.sql and after.sql, rows.sql to fill what before.sql made, and
rows_after.sql for what after.sql made. A first line `-- since 18` keeps it from older servers. A
seeded sample runs by default, on every server found; SCHEMA_TOOL_CASES=18 runs all on that one and
writes down what passed to tests/cases/results/18.json, of which README's table is made.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
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

    from schema_tool.catalog import Catalog
    from schema_tool.compare import Changes
    from tests.conftest import Server, Servers

CASES = Path(__file__).parents[1] / "cases"
SAMPLE = 24
SEED = 20261122
RESULTS = CASES / "results"
ALL_ON = os.environ.get("SCHEMA_TOOL_CASES", "")
MAJORS = (int(ALL_ON),) if ALL_ON else tuple(sorted(b.major for b in usable_binaries()))
ROLES = ("Admin", "alice", "app_reader", "app_user", "app_writer", 'odd "role')


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One pair of schemas, one direction, one server version."""

    folder: Path
    forward: bool
    major: int

    @property
    def name(self) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}"

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


def all_cases(majors: tuple[int, ...] = MAJORS) -> list[Case]:
    folders = sorted(path.parent for path in CASES.glob("*/*/before.sql"))
    return [
        Case(folder=folder, forward=forward, major=major)
        for folder in folders
        for forward in (True, False)
        for major in majors
        if major >= since(folder)
    ]


def chosen_cases() -> list[Case]:
    cases = all_cases()
    if ALL_ON:
        known = known_results(ALL_ON)
        return [case for case in cases if case.name not in known]
    return sorted(random.Random(SEED).sample(cases, min(SAMPLE, len(cases))), key=str)


@dataclass(slots=True, kw_only=True)
class Passed:
    """What passed, in a file: for each folder what its runs, forth and back, changed how often.

    A folder is written down as soon as all its runs (direction, online) have passed, so that a
    run that was stopped can be gone on with.
    """

    path: Path
    folders: dict[str, dict[str, int]] = field(default_factory=dict)
    runs: dict[str, set[tuple[bool, bool]]] = field(default_factory=dict)
    changed: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, case: Case, online: bool, changes: Changes) -> None:
        runs = self.runs.setdefault(case.name, set())
        runs.add((case.forward, online))
        if online:
            counter = self.changed.setdefault(case.name, Counter())
            counter.update(f"{change.kind} {change.action}" for change in changes)
        if len(runs) == 4 and ALL_ON:
            self.folders[case.name] = self.changed[case.name]
            self.write()

    def write(self) -> None:
        """A line a folder, so that two branches that add cases can be merged."""
        lines = [
            f"{json.dumps(folder)}: {json.dumps(changed, sort_keys=True)}"
            for folder, changed in sorted(self.folders.items())
        ]
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def known_results(major: str) -> dict[str, dict[str, int]]:
    """What an earlier run has written down; with SCHEMA_TOOL_CASES_GO_ON it is gone on with."""
    path = RESULTS / f"{major}.json"
    if not os.environ.get("SCHEMA_TOOL_CASES_GO_ON") or not path.exists():
        return {}
    found: dict[str, dict[str, int]] = json.loads(path.read_text("utf-8"))
    return {name: changed for name, changed in found.items() if (CASES / name).is_dir()}


@pytest.fixture(scope="module")
def passed(request: pytest.FixtureRequest) -> Iterator[Passed]:
    """Collects what passed; a sample says which it was."""
    yield Passed(path=RESULTS / f"{ALL_ON}.json", folders=known_results(ALL_ON))
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    if not ALL_ON and reporter is not None:
        reporter.write_line(f"cases: {SAMPLE} of {len(all_cases())}, seed {SEED}")


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


_desired: dict[Case, Catalog] = {}


def desired_catalog(case: Case, server: Server) -> Catalog:
    """What the case leads to, read once for `--online` and `--offline`."""
    if case not in _desired:
        _desired.clear()
        with database(server) as wanted:
            run(wanted, case.after)
            _desired[case] = read_catalog(wanted)
    return _desired[case]


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
def test_the_plan_leads_there(
    case: Case, online: bool, case_servers: dict[int, Server], passed: Passed
) -> None:
    server = case_servers[case.major]
    desired = desired_catalog(case, server)
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
    passed.add(case, online, changes)
