"""Bulk writes and deletes: against the same tables without our triggers, and the literal schema."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from tests.benchmarks.schema_contest import (
    ROUNDS,
    Connection,
    Contest,
    Result,
    Written,
    written,
)

# as long as a step's configuration is in the data
CONFIG = f'{{"prompt": [{{"type": "static", "content": "{"word " * 18}"}}]}}'
TABLES = ("pipelines", "steps", "connections", "comments")


def writes(contest: Contest) -> list[Result]:
    """Measure inserts, copies and deletes; every one is rolled back."""
    # deletes first: what the others roll back stays in the tables as dead rows
    return [_delete(contest), *_inserts(contest), _growth(contest), *_copies(contest)]


@contextmanager
def _without_triggers(connection: Connection) -> Iterator[None]:
    """Our triggers off, foreign keys on."""
    for table in TABLES:
        connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
    yield
    for table in TABLES:
        connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())


def _insert(connection: Connection, count: int, *, pipeline: str, team: str | None) -> None:
    """Insert steps into one pipeline, up to and including what happens at commit."""
    keys = f"'{pipeline}'::UUID" + (f", '{team}'::UUID" if team else "")
    columns = "pipeline_id" + (", team_id" if team else "")
    connection.execute(
        f"INSERT INTO steps ({columns}, name, type, config, order_index)"
        f" SELECT {keys}, 'bulk ' || n, 'claude',"
        f""" '{{"prompt": [{{"type": "static", "content": "twelve words"}}]}}', n"""
        f" FROM generate_series(1, {count}) AS n".encode()
    )
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _undone(connection: Connection, count: int, *, pipeline: str, team: str | None) -> Written:
    with connection.transaction(force_rollback=True):
        return written(connection, lambda: _insert(connection, count, pipeline=pipeline, team=team))


def _ratio(values: list[Written], base: list[Written]) -> float:
    pairs = zip(values, base, strict=True)
    return statistics.median(value.seconds / floor.seconds for value, floor in pairs)


def _inserts(contest: Contest) -> list[Result]:
    pipeline, team = contest.data.pipeline_of(0), contest.data.teams[0]
    costs: dict[str, list[Written]] = {"ours": [], "filled": [], "floor": [], "literal": []}
    with contest.session("ours") as ours, contest.session("literal") as literal:
        for _ in range(ROUNDS):
            costs["ours"].append(_undone(ours, 10_000, pipeline=pipeline, team=team))
            costs["filled"].append(_undone(ours, 10_000, pipeline=pipeline, team=None))
            with _without_triggers(ours):
                costs["floor"].append(_undone(ours, 10_000, pipeline=pipeline, team=team))
            ours.execute("VACUUM steps")
        costs["literal"].append(_undone(literal, 10_000, pipeline=pipeline, team=None))
    floor = statistics.median(cost.seconds for cost in costs["floor"])
    ratio = _ratio(costs["ours"], costs["floor"])
    literal_ratio = costs["literal"][0].seconds / floor
    return [
        Result(
            work="insert 10,000 steps into 1 pipeline",
            figures=f"x{ratio:.2f} of no trigger ({floor * 1000:.0f} ms);"
            f" literal x{literal_ratio:.1f}",
            demand="<= 1.5",
            met=ratio <= 1.5,
        ),
        Result(
            work="the same, team_id left to the trigger",
            figures=f"x{_ratio(costs['filled'], costs['floor']):.2f} of no trigger",
            demand="none",
        ),
    ]


def _growth(contest: Contest) -> Result:
    pipeline, team = contest.data.pipeline_of(0), contest.data.teams[0]
    with contest.session("ours") as ours:
        seconds = {
            count: statistics.median(
                _undone(ours, count, pipeline=pipeline, team=team).seconds for _ in range(ROUNDS)
            )
            for count in (1_000, 10_000)
        }
    ratio = seconds[10_000] / seconds[1_000]
    return Result(
        work="insert 10,000 against 1,000", figures=f"x{ratio:.1f}", demand="<= 15", met=ratio <= 15
    )


def _copy(connection: Connection, contest: Contest, *, with_team: bool) -> Written:
    """Copy 100,000 steps into 1,000 pipelines, and undo it."""
    data = contest.data
    columns = "pipeline_id, team_id" if with_team else "pipeline_id"
    lines: list[str] = []
    for number in range(100_000):
        index = number % 1000
        team = f"{data.teams[index % len(data.teams)]}\t" if with_team else ""
        lines.append(f"{data.pipelines[index]}\t{team}copied {number}\tclaude\t{CONFIG}\n")
    text = "".join(lines)

    def work() -> None:
        with connection.cursor().copy(
            f"COPY steps ({columns}, name, type, config) FROM STDIN".encode()
        ) as copy:
            copy.write(text)
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with connection.transaction(force_rollback=True):
        return written(connection, work)


def _copies(contest: Contest) -> list[Result]:
    ours_costs: list[Written] = []
    floor_costs: list[Written] = []
    with contest.session("ours") as ours, contest.session("literal") as literal:
        for _ in range(3):
            ours_costs.append(_copy(ours, contest, with_team=True))
            with _without_triggers(ours):
                floor_costs.append(_copy(ours, contest, with_team=True))
            ours.execute("VACUUM steps")
        literal_cost = _copy(literal, contest, with_team=False)
    ratio = _ratio(ours_costs, floor_costs)
    wal = statistics.median(a.wal / b.wal for a, b in zip(ours_costs, floor_costs, strict=True))
    literal_ratio = literal_cost.seconds / statistics.median(c.seconds for c in floor_costs)
    return [
        Result(
            work="COPY 100,000 steps into 1,000 pipelines",
            figures=f"x{ratio:.2f} of no trigger; literal x{literal_ratio:.1f}",
            demand="<= 1.6",
            met=ratio <= 1.6,
        ),
        Result(
            work="its WAL, change log included",
            figures=f"x{wal:.2f} of no trigger ({floor_costs[0].wal / 100_000:.0f} B a row);"
            f" literal {literal_cost.wal / 100_000:.0f} B a row",
            demand="<= 1.3",
            met=wal <= 1.3,
        ),
    ]


def _delete(contest: Contest) -> Result:
    """Delete pipelines of 20 steps each, with everything that hangs on them."""
    seconds: dict[str, list[float]] = {"ours": [], "literal": []}
    with contest.session("ours") as ours_session, contest.session("literal") as literal_session:
        for index in range(3 * ROUNDS + 1):
            query = f"DELETE FROM pipelines WHERE id = '{contest.data.pipelines[index]}'"
            for name, session in (("ours", ours_session), ("literal", literal_session)):
                with session.transaction(force_rollback=True):
                    cost = written(session, partial(session.execute, query.encode()))
                # the first one only warms the session up
                if index > 0:
                    seconds[name].append(cost.seconds)
    ours, literal = (statistics.median(seconds[name]) for name in ("ours", "literal"))
    return Result(
        work="delete a pipeline of 20 steps",
        figures=f"ours {ours * 1000:.1f} ms, literal {literal * 1000:.1f} ms,"
        f" x{literal / ours:.0f}",
        demand="literal / ours >= 50",
        met=literal / ours >= 50,
    )
