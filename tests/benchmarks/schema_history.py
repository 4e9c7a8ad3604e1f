"""Versions: what a large pipeline costs more than a small one, and what a restore writes."""

from __future__ import annotations

import statistics

from tests.benchmarks.schema_contest import ROUNDS, Connection, Contest, Result, Written, written


def history(contest: Contest) -> list[Result]:
    """Measure create_pipeline_version() and restore_pipeline_version()."""
    return [
        _size(contest),
        _restore(contest, "20-step", contest.data.pipeline_of(0)),
        _restore(contest, "1,000-step", contest.data.large_pipeline),
    ]


def _size(contest: Contest) -> Result:
    seconds: list[float] = []
    with contest.session("ours") as session:
        for pipeline in (contest.data.pipeline_of(0), contest.data.large_pipeline):
            runs = [
                written(session, lambda p=pipeline: _version(session, p)).seconds  # type: ignore[misc]
                for _ in range(ROUNDS)
            ]
            seconds.append(statistics.median(runs))
    ratio = seconds[1] / seconds[0]
    return Result(
        work="version of 1,000 steps against 20",
        figures=f"{seconds[0] * 1000:.1f} ms, {seconds[1] * 1000:.1f} ms, x{ratio:.0f}",
        demand="<= 50",
        met=ratio <= 50,
    )


def _version(session: Connection, pipeline: str) -> int:
    row = session.execute("SELECT create_pipeline_version(%s)", [pipeline]).fetchone()
    assert row is not None
    return int(row[0])


def _restore(contest: Contest, size: str, pipeline: str) -> Result:
    """Change one step, restore; then the same by deleting and inserting everything."""
    with contest.session("ours") as session:
        number = _version(session, pipeline)
        _change(session, pipeline)
        ours = written(session, lambda: _restored(session, pipeline, number))
        version = written(session, lambda: _version(session, pipeline))
        _change(session, pipeline)
        naive = written(session, lambda: _replaced(session, pipeline))
    restored = ours.wal - version.wal
    ratio = restored / naive.wal
    return Result(
        work=f"WAL of a restore, one step of a {size} pipeline changed",
        figures=f"{_kb(ours)} with its new version, {restored / 1000:.1f} kB without;"
        f" delete and insert {_kb(naive)}; x{ratio:.2f}; {ours.seconds * 1000:.0f} ms"
        f" against {naive.seconds * 1000:.0f} ms",
        demand="<= 0.5",
        met=ratio <= 0.5,
    )


def _kb(cost: Written) -> str:
    return f"{cost.wal / 1000:.1f} kB"


def _change(session: Connection, pipeline: str) -> None:
    session.execute(
        "UPDATE steps SET config = config || '{\"changed\": true}'"
        " WHERE pipeline_id = %s AND order_index = 3",
        [pipeline],
    )


def _restored(session: Connection, pipeline: str, number: int) -> None:
    session.execute("SELECT restore_pipeline_version(%s, %s)", [pipeline, number])


def _replaced(session: Connection, pipeline: str) -> None:
    with session.transaction():
        for table in ("steps", "connections"):
            session.execute(
                f"CREATE TEMP TABLE old_{table} ON COMMIT DROP AS"
                f" SELECT * FROM {table} WHERE pipeline_id = '{pipeline}'".encode()
            )
        session.execute("DELETE FROM steps WHERE pipeline_id = %s", [pipeline])
        session.execute("INSERT INTO steps SELECT * FROM old_steps")
        session.execute("INSERT INTO connections SELECT * FROM old_connections")
