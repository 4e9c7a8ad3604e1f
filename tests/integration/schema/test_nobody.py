"""Who is nobody; every function and table, asked by nobody and asked for nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg
import pytest

from tests.integration.schema.world import (
    FOREIGN,
    MEMBER,
    OWNER,
    TEAM,
    Connection,
    World,
    rows,
    scalar,
    sqlstate,
)

PRIVILEGE = "42501"

# what the application may call; the arguments are all NULL
CALLS = (
    "SELECT p.proname, p.oid::regproc::text || '(' || (SELECT coalesce("
    "  string_agg('NULL::' || format_type(a, NULL), ', ' ORDER BY n), '')"
    "  FROM unnest(p.proargtypes) WITH ORDINALITY AS t (a, n)) || ')'"
    " FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace"
    "  AND p.prokind = 'f' AND p.prorettype <> 'trigger'::regtype"
    "  AND has_function_privilege('pipeline_app', p.oid, 'EXECUTE') ORDER BY 1"
)
# YA006: a text without a document is refused before anybody is asked who he is
REFUSED = {"42501", "P0002", "22004", "22023", "YA006", None}
# they write, so nobody is refused before anything else is looked at
WRITERS = {
    "create_organization",
    "create_team",
    "create_pipeline_version",
    "restore_pipeline_version",
    "move_step",
    "reinsert_pipeline",
}


@pytest.fixture
def nobody(shared_world: World) -> Iterator[Connection]:
    with shared_world.user(None) as connection:
        yield connection


def _calls(connection: Connection) -> list[tuple[str, str]]:
    return [(name, call) for name, call in rows(connection, CALLS)]


def test_no_function_does_anything_for_nobody_without_arguments(nobody: Connection) -> None:
    calls = _calls(nobody)
    assert {name for name, _ in calls} >= WRITERS
    refused = {name: sqlstate(nobody, f"SELECT * FROM {call}") for name, call in calls}
    assert {name: state for name, state in refused.items() if state not in REFUSED} == {}
    assert {refused[name] for name in WRITERS} == {"42501"}


def test_no_function_leaves_anything_behind_without_arguments(world: World) -> None:
    count = "SELECT count(*) FROM {}"
    tables = ("organizations", "teams", "pipelines", "steps", "pipeline_versions", "presence")
    with world.superuser() as owner, world.user(FOREIGN) as attacker, world.user(None) as nobody:
        before = [rows(owner, count.format(table)) for table in tables]
        for connection in (attacker, nobody):
            for _, call in _calls(connection):
                with contextlib.suppress(psycopg.Error):
                    connection.execute(f"SELECT * FROM {call}".encode())
        assert [rows(owner, count.format(table)) for table in tables] == before


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"app.user_id": ""},
        {"app.user_id": "nonsense"},
        {"app.user_id": f"{OWNER}'"},
        {"app.user_id": f"{OWNER}\n"},
        {"app.user_id": OWNER.replace("-", "")},
        {"request.jwt.claims": ""},
        {"request.jwt.claims": "{"},
        {"request.jwt.claims": "[]"},
        {"request.jwt.claims": '"text"'},
        {"request.jwt.claims": '{"sub": 7}'},
        {"request.jwt.claims": '{"sub": null}'},
        {"request.jwt.claims": f'{{"user_metadata": {{"sub": "{OWNER}"}}}}'},
        {"app.user_id": "nonsense", "request.jwt.claims": f'{{"sub": "{OWNER}"}}'},
    ],
)
def test_unset_empty_and_malformed_mean_nobody(
    shared_world: World, settings: dict[str, str]
) -> None:
    with shared_world.user(None) as connection:
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", [name, value])
        assert scalar(connection, "SELECT current_user_id()") is None
        for table in ("users", "teams", "team_members", "pipelines", "steps", "pipeline_versions"):
            assert scalar(connection, f"SELECT count(*) FROM {table}") == 0
        insert = "INSERT INTO pipelines (team_id, name) VALUES (%s, 'x')"
        assert sqlstate(connection, insert, TEAM) == PRIVILEGE


def test_the_setting_and_the_token_name_the_user(shared_world: World) -> None:
    with shared_world.user(None) as connection:
        claims = f'{{"sub": "{OWNER}", "role": "x"}}'
        connection.execute("SELECT set_config('request.jwt.claims', %s, false)", [claims])
        assert str(scalar(connection, "SELECT current_user_id()")) == OWNER
        # left behind by a transaction that set it locally
        connection.execute("SELECT set_config('app.user_id', '', false)")
        assert str(scalar(connection, "SELECT current_user_id()")) == OWNER
        connection.execute("SELECT set_config('app.user_id', %s, false)", [MEMBER])
        assert str(scalar(connection, "SELECT current_user_id()")) == MEMBER
