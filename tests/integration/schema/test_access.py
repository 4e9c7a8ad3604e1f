"""sql/access.yaml holds: who may do what, each cell of it run on a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import yaml

from tests.integration.schema.world import (
    ADMIN,
    BODY,
    COMMENT,
    CONNECTION,
    FOREIGN,
    FOREIGN_ORGANIZATION,
    FOREIGN_TEAM,
    LOOP,
    MEMBER,
    NEWCOMER,
    ORGANIZATION,
    OWNER,
    PIPELINE,
    SECOND_PIPELINE,
    SQL,
    STEP_ONE,
    TEAM,
    TEMPLATE,
    VIEWER,
    Connection,
    World,
    run,
)

USERS: Mapping[str, str | None] = {
    "owner": OWNER,
    "admin": ADMIN,
    "member": MEMBER,
    "viewer": VIEWER,
    "reader": OWNER,
    "foreign": FOREIGN,
    "nobody": None,
}
SECOND_OWNER = "00000000-0000-4000-8000-0000000000aa"
VALUES = {
    "fresh": "90000000-0000-4000-8000-000000000001",
    "newcomer": NEWCOMER,
    "foreign": FOREIGN,
    "second_owner": SECOND_OWNER,
    "organization": ORGANIZATION,
    "foreign_organization": FOREIGN_ORGANIZATION,
    "team": TEAM,
    "foreign_team": FOREIGN_TEAM,
    "pipeline": PIPELINE,
    "second_pipeline": SECOND_PIPELINE,
    "step": STEP_ONE,
    "loose_step": LOOP,
    "leaf_step": BODY,
    "connection": CONNECTION,
    "template": TEMPLATE,
    "comment": COMMENT,
    "admin_comment": "60000000-0000-4000-8000-0000000000ab",
    "presence": "70000000-0000-4000-8000-00000000000a",
}
MATRIX: dict[str, Any] = yaml.safe_load((SQL / "access.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One statement for one actor, and what must come of it."""

    sql: str
    superuser: str
    actor: str
    outcome: str


def _cells() -> Iterator[Any]:
    for table, commands in MATRIX["tables"].items():
        for command, entry in commands.items():
            assert len(entry["cells"]) == len(MATRIX["actors"])
            for actor, outcome in zip(MATRIX["actors"], entry["cells"], strict=True):
                yield pytest.param(
                    Cell(
                        sql=entry["sql"],
                        superuser=entry.get("superuser", entry["sql"]),
                        actor=actor,
                        outcome=outcome,
                    ),
                    id=f"{table}-{command}-{actor}",
                )


@pytest.fixture(scope="session")
def access_world(shared_world: World) -> World:
    """The two teams, and a second owner in the first one, who may therefore be removed."""
    with shared_world.superuser() as connection:
        connection.execute(
            "INSERT INTO users (id, email, name) VALUES (%s, 'second@a.example', 'Sam Second')",
            [SECOND_OWNER],
        )
        connection.execute(
            "INSERT INTO team_members VALUES (%s, %s, 'owner')", [TEAM, SECOND_OWNER]
        )
    return shared_world


def _execute(connection: Connection, sql: str, actor: str) -> int:
    """Run a statement for an actor, undo it, and return how many rows it hit."""
    user = USERS[actor]
    # nobody asks for his own row: some row that is there
    values = {**VALUES, "actor": user or OWNER, "mate": ADMIN if user != ADMIN else MEMBER}
    query = re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", sql.replace("%", "%%"))
    with connection.transaction(force_rollback=True):
        return run(connection, query, values)


@pytest.mark.parametrize("cell", list(_cells()))
def test_access(access_world: World, cell: Cell) -> None:
    with access_world.superuser() as connection:
        hit = _execute(connection, cell.superuser, cell.actor)
        assert hit > 0, "the statement proves nothing: it hits no row at all"
    login = "test_readonly" if cell.actor == "reader" else "test_app"
    with access_world.user(USERS[cell.actor], login=login) as connection:
        try:
            outcome = "ok" if _execute(connection, cell.sql, cell.actor) else "none"
        except psycopg.errors.InsufficientPrivilege:
            outcome = "error"
    assert outcome == cell.outcome


def test_every_table_has_cells_for_every_command(access_world: World) -> None:
    with access_world.superuser() as connection:
        tables = {
            name
            for (name,) in connection.execute(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                " AND relkind IN ('r', 'p') AND relname !~ '^(pipeline_touches|.*_refresh)$'"
            )
        }
    for table in tables:
        tried = {entry["sql"].split()[0] for entry in MATRIX["tables"][table].values()}
        assert tried >= {"SELECT", "INSERT", "UPDATE", "DELETE"}, table
