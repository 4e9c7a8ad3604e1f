"""Reads under row security: pages and time, against the floor and the literal schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.benchmarks.schema_contest import Contest, Cost, Result, explain
from tests.benchmarks.schema_data import TEAM_COUNTS

MATCH = "search_vector @@ websearch_to_tsquery('english', 'invoice audit')"
# what the planner may not do to the 20 rows of one pipeline, however many teams a user has
MAX_PAGES_OF_A_PIPELINE = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One query, as the user writes it and with the filter written by hand."""

    work: str
    ours: str
    floor: str
    literal: str


def reads(contest: Contest) -> list[Result]:
    """Measure every read for users of 1, 5, 50 and 200 teams."""
    results: list[Result] = []
    for teams in TEAM_COUNTS:
        results += [_measure(contest, read, teams) for read in _queries(contest, teams)]
    return results


def _queries(contest: Contest, teams: int) -> Iterator[Read]:
    mine = "'{" + ",".join(contest.data.reader_teams(teams)) + "}'::UUID[]"
    pipeline = contest.data.pipeline_of(0)
    newest = "SELECT * FROM pipelines{} ORDER BY updated_at DESC, id DESC LIMIT 50"
    yield Read(
        work="50 newest",
        ours="SELECT * FROM recent_pipelines(50)",
        floor=newest.format(f" WHERE team_id = ANY ({mine})"),
        literal=newest.format(""),
    )
    count = "SELECT count(*) FROM pipelines"
    yield Read(
        work="count", ours=count, floor=f"{count} WHERE team_id = ANY ({mine})", literal=count
    )
    search = f"SELECT id, name FROM pipelines WHERE {MATCH}"
    yield Read(
        work="full text",
        ours=search,
        floor=f"{search} AND team_id = ANY ({mine})",
        literal=search,
    )
    page = (
        f"SELECT * FROM pipelines WHERE team_id = '{contest.data.teams[0]}'"
        " ORDER BY updated_at DESC, id DESC LIMIT 20"
    )
    yield Read(work="page of one team", ours=page, floor=page, literal=page)
    for table, order in (("steps", " ORDER BY order_index"), ("comments", "")):
        query = f"SELECT * FROM {table} WHERE pipeline_id = '{pipeline}'{order}"
        yield Read(work=f"{table} of a pipeline", ours=query, floor=query, literal=query)


def _measure(contest: Contest, read: Read, teams: int) -> Result:
    reader = contest.data.reader(teams)
    with (
        contest.session("ours", reader) as user,
        contest.session("ours") as superuser,
        contest.session("literal", reader) as theirs,
    ):
        ours, floor, literal = explain(
            [(user, read.ours), (superuser, read.floor), (theirs, read.literal)]
        )
    demand, met = _demand(read.work, teams, ours, floor)
    figures = (
        f"ours {ours.buffers:>6} pages {ours.ms:>7.2f} ms   floor {floor.buffers:>6} pages"
        f" {floor.ms:>7.2f} ms x{ours.ms / floor.ms:<5.1f} literal {literal.buffers:>6} pages"
        f" {literal.ms:>7.2f} ms"
    )
    return Result(work=f"{read.work}, {teams} teams", figures=figures, demand=demand, met=met)


def _demand(work: str, teams: int, ours: Cost, floor: Cost) -> tuple[str, bool]:
    ratio = ours.ms / floor.ms
    if work == "50 newest":
        return "pages <= 2 x floor + 10", ours.buffers <= 2 * floor.buffers + 10
    if work == "count":
        return "time <= 2.5 x floor", ratio <= 2.5
    if work == "full text":
        most = 2 if teams <= 5 else 4
        return f"time <= {most} x floor", ratio <= most
    if work == "page of one team":
        return "no sort", not any("Sort" in node for node in ours.nodes)
    return f"pages <= {MAX_PAGES_OF_A_PIPELINE}", ours.buffers <= MAX_PAGES_OF_A_PIPELINE
