"""Rows to measure the schema with: the same ones for the same scale, on every machine."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

SEED = 20
# users who are in this many teams; their figures are what is compared
TEAM_COUNTS = (1, 5, 50, 200)
PIPELINES_PER_TEAM = 40
STEPS_PER_PIPELINE = 20
# one pipeline in the data is as large as the document says a pipeline gets
LARGE_PIPELINE_STEPS = 1000
COMMENTS_PER_PIPELINE = 2.5
NOW = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = [
    "review",
    "analyse",
    "codebase",
    "deploy",
    "report",
    "summary",
    "translate",
    "extract",
    "compare",
    "merge",
    "test",
    "plan",
    "document",
    "release",
    "customer",
    "invoice",
    "ticket",
    "image",
    "audio",
    "search",
    "index",
    "backup",
    "security",
    "audit",
    "schema",
    "migration",
    "query",
    "cache",
    "metric",
    "alert",
    "dashboard",
    "feature",
    "flag",
    "experiment",
    "budget",
    "cost",
]
STEP_TYPES = ("claude", "gemini", "claude_smart", "data_transform", "file_ops", "set_variable")
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much data."""

    name: str
    users: int
    teams: int

    @property
    def pipelines(self) -> int:
        return self.teams * PIPELINES_PER_TEAM


SCALES = {
    "2k": Scale(name="2k", users=200, teams=200),
    "20k": Scale(name="20k", users=1000, teams=500),
    "200k": Scale(name="200k", users=5000, teams=5000),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What the connections and comments need to know of a step."""

    id: str
    pipeline: int


class Data:
    """The rows of every table, made one after the other from one random sequence."""

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self._random = random.Random(SEED)
        self.organization = self._uuid()
        self.users = [self._uuid() for _ in range(scale.users)]
        self.teams = [self._uuid() for _ in range(scale.teams)]
        self.pipelines = [self._uuid() for _ in range(scale.pipelines)]
        self.large_pipeline = self._uuid()

    def reader(self, teams: int) -> str:
        """The user who is in exactly this many teams."""
        return self.users[TEAM_COUNTS.index(teams)]

    def reader_teams(self, teams: int) -> list[str]:
        """The teams of that user."""
        return self.teams[:teams]

    def pipeline_of(self, team: int) -> str:
        """A pipeline of the n-th team."""
        return self.pipelines[team]

    def _uuid(self) -> str:
        digits = f"{self._random.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def _text(self, words: int) -> str:
        return " ".join(self._random.choices(WORDS, k=words))

    def memberships(self) -> Iterator[Row]:
        for index, count in enumerate(TEAM_COUNTS):
            for team in self.teams[:count]:
                yield (team, self.users[index], "member")
        others = self.users[len(TEAM_COUNTS) :]
        for team in self.teams:
            members = self._random.sample(others, 3)
            yield (team, members[0], "owner")
            yield from ((team, member, "member") for member in members[1:])

    def pipeline_rows(self) -> Iterator[Row]:
        for index, pipeline in enumerate(self.pipelines):
            yield self._pipeline(pipeline, self.teams[index % len(self.teams)])
        yield self._pipeline(self.large_pipeline, self.teams[-1])

    def _pipeline(self, pipeline: str, team: str) -> Row:
        changed = NOW - timedelta(seconds=self._random.randrange(365 * 86400))
        environment = self._random.choice(("production", "staging", "development"))
        tags = "{" + ",".join(sorted(self._random.sample(WORDS, 2))) + "}"
        config = f'{{"environment": "{environment}", "max_steps": 1000}}'
        return (pipeline, team, self._text(3), self._text(20), config, tags, changed)

    def steps(self) -> Iterator[tuple[Step, Row]]:
        """Every step with its row: id, pipeline, team, name, type, config, place."""
        for index, pipeline in enumerate(self.pipelines):
            team = self.teams[index % len(self.teams)]
            yield from self._steps(index, pipeline, team, STEPS_PER_PIPELINE)
        yield from self._steps(-1, self.large_pipeline, self.teams[-1], LARGE_PIPELINE_STEPS)

    def _steps(
        self, index: int, pipeline: str, team: str, count: int
    ) -> Iterator[tuple[Step, Row]]:
        for place in range(count):
            step = Step(id=self._uuid(), pipeline=index)
            kind = self._random.choice(STEP_TYPES)
            config = f'{{"prompt": [{{"type": "static", "content": "{self._text(12)}"}}]}}'
            yield step, (step.id, pipeline, team, f"step {place}", kind, config, place)

    def comment(self, index: int) -> Row:
        """One comment on the n-th pipeline."""
        team = self.teams[index % len(self.teams)]
        author = self._random.choice(self.users)
        return (self._uuid(), self.pipelines[index], team, author, self._text(30))


def fill(connection: psycopg.Connection[Any], data: Data, *, with_team: bool) -> None:
    """Copy all rows into an empty schema; `with_team`: the tables carry their team."""
    # constraints and triggers are what is measured later, not now; the rows keep them all
    connection.execute("SET session_replication_role = replica")
    _copy(
        connection,
        "users (id, email, name)",
        ((user, f"user{n}@example.com", f"User {n}") for n, user in enumerate(data.users)),
    )
    _copy(connection, "organizations (id, name, slug)", [(data.organization, "One", "one")])
    _copy(
        connection,
        "teams (id, organization_id, name)",
        ((team, data.organization, f"Team {n}") for n, team in enumerate(data.teams)),
    )
    _copy(connection, "team_members (team_id, user_id, role)", data.memberships())
    columns = "id, team_id, name, description, config, tags, updated_at"
    _copy(connection, f"pipelines ({columns})", data.pipeline_rows())
    connections = _copy_steps(connection, data, with_team=with_team)
    _copy(
        connection,
        f"connections (id, pipeline_id, {_team(with_team)}from_step_id, to_step_id)",
        connections,
    )
    count = int(data.scale.pipelines * COMMENTS_PER_PIPELINE)
    comments = (data.comment(n % data.scale.pipelines) for n in range(count))
    _copy(
        connection,
        f"comments (id, pipeline_id, {_team(with_team)}user_id, content)",
        (row if with_team else (*row[:2], *row[3:]) for row in comments),
    )
    connection.execute("RESET session_replication_role")
    _vacuum(connection)


def _vacuum(connection: psycopg.Connection[Any]) -> None:
    """Make statistics, and the visibility map that index-only scans need."""
    for _ in range(5):
        connection.execute("VACUUM (ANALYZE)")
        hidden = connection.execute(
            "SELECT FROM pg_class WHERE relname IN ('pipelines', 'steps')"
            " AND relallvisible < relpages"
        )
        if not hidden.fetchall():
            return


def _team(with_team: bool) -> str:
    return "team_id, " if with_team else ""


def _copy_steps(connection: psycopg.Connection[Any], data: Data, *, with_team: bool) -> list[Row]:
    """Copy the steps and return the connections from each one to the next."""
    connections: list[Row] = []
    columns = f"id, pipeline_id, {_team(with_team)}name, type, config, order_index"

    def rows() -> Iterator[Row]:
        before: tuple[Step, Row] | None = None
        for step, row in data.steps():
            if before is not None and before[1][1] == row[1]:
                keys = row[1:3] if with_team else row[1:2]
                connections.append((data._uuid(), *keys, before[0].id, step.id))
            before = (step, row)
            yield row if with_team else (*row[:2], *row[3:])

    _copy(connection, f"steps ({columns})", rows())
    return connections


def _copy(connection: psycopg.Connection[Any], target: str, rows: Iterable[Row]) -> None:
    with connection.cursor().copy(f"COPY {target} FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)
