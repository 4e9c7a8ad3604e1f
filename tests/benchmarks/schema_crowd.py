"""Eight clients at once: on one pipeline, and on several pipelines in one statement."""

from __future__ import annotations

import random
import threading
import time

import psycopg

from tests.benchmarks.schema_contest import Contest, Result

CLIENTS = 8
SECONDS = 5.0
THINK_SECONDS = 0.005


class Tally:
    """What the clients of one run achieved."""

    def __init__(self) -> None:
        self.done = 0
        self.errors: list[str] = []
        self._lock = threading.Lock()

    def add(self, done: int, errors: list[str]) -> None:
        with self._lock:
            self.done += done
            self.errors += errors


def crowd(contest: Contest) -> list[Result]:
    """Measure throughput with and without our triggers, and count deadlocks."""
    with contest.session("ours") as session:
        with_triggers = _run(contest, "ours", several=False)
        for table in ("steps", "pipelines"):
            session.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        none = _run(contest, "ours", several=False)
        for table in ("steps", "pipelines"):
            session.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())
    literal = _run(contest, "literal", several=False)
    share = with_triggers.done / none.done
    several = _run(contest, "ours", several=True)
    several_literal = _run(contest, "literal", several=True)
    return [
        Result(
            work="8 clients on one pipeline, 5 ms think",
            figures=f"{with_triggers.done / SECONDS:.0f} /s, {share:.0%} of no trigger;"
            f" literal {literal.done / none.done:.0%}; {len(with_triggers.errors)} errors",
            demand=">= 35 %, 0 errors",
            met=share >= 0.35 and not with_triggers.errors,
        ),
        Result(
            work="8 clients, statements over 10 pipelines",
            figures=f"{several.done / SECONDS:.0f} /s, {len(several.errors)} deadlocks;"
            f" literal {several_literal.done / SECONDS:.0f} /s,"
            f" {len(several_literal.errors)} deadlocks",
            demand="0 deadlocks",
            met=not several.errors,
        ),
    ]


def _run(contest: Contest, database: str, *, several: bool) -> Tally:
    tally = Tally()
    until = time.monotonic() + SECONDS
    clients = [
        threading.Thread(
            target=_client,
            args=(contest, database, number, until, tally),
            kwargs={"several": several},
        )
        for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return tally


def _client(
    contest: Contest, database: str, number: int, until: float, tally: Tally, *, several: bool
) -> None:
    choice = random.Random(number)
    done = 0
    errors: list[str] = []
    with contest.session(database) as session:
        while time.monotonic() < until:
            count = 10 if several else 1
            indexes = choice.sample(range(50), 10) if several else [0]
            try:
                with session.transaction():
                    for_team = database == "ours"
                    rows = ", ".join(
                        _row(contest, index, f"{number}.{done}.{n}", for_team=for_team)
                        for n, index in enumerate(indexes[:count])
                    )
                    columns = (
                        "pipeline_id, team_id, name, type"
                        if for_team
                        else "pipeline_id, name, type"
                    )
                    session.execute(f"INSERT INTO steps ({columns}) VALUES {rows}".encode())
                    if not several:
                        time.sleep(THINK_SECONDS)
                done += 1
            except psycopg.errors.DeadlockDetected as error:
                errors.append(str(error.sqlstate))
    tally.add(done, errors)


def _row(contest: Contest, index: int, name: str, *, for_team: bool) -> str:
    data = contest.data
    team = f"'{data.teams[index % len(data.teams)]}', " if for_team else ""
    return f"('{data.pipelines[index]}', {team}'{time.monotonic_ns()} {name}', 'claude')"
