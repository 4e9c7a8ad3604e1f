"""A target is resolved in the documented order, opened, described, and its failures told."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from schema_tool.errors import ExitCode, FailedError, SchemaToolError, UsageError
from schema_tool.server.binaries import find_binaries
from schema_tool.server.cluster import attach, start, stop
from schema_tool.server.home import project_directory
from schema_tool.server.session import banner, connect, describe
from schema_tool.server.target import Target, create_marked_database, is_marked, resolve_target
from tests.integration.server_state import SETTINGS, python, state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Server

CREATE = """
import sys
from schema_tool.server.target import create_marked_database
print(create_marked_database(sys.argv[1], "contested"))
"""


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    with state_folder() as folder:
        yield folder


def resolve(state: Path, **given: Any) -> Target:
    environ = {"SCHEMA_TOOL_STATE": str(state), **given.pop("environ", {})}
    defaults = {"database": None, "local": False, "interactive": False, "project_root": state}
    return resolve_target(**{**defaults, **given, "environ": environ, "settings": SETTINGS})


def target(server: Server, dbname: str = "postgres") -> Target:
    return Target(conninfo=server.dsn(dbname), origin="--database")


def test_the_flag_goes_before_the_tools_variable_and_that_before_the_others(tmp_path: Path) -> None:
    environ = {
        "SCHEMA_TOOL_DATABASE": "host=tool",
        "DATABASE_URL": "postgres://url/d",
        "PGHOST": "libpq",
    }
    flagged = resolve(tmp_path, database="host=flag", environ=environ)
    assert (flagged.origin, flagged.conninfo) == ("--database", "host=flag")
    assert resolve(tmp_path, environ=environ).origin == "SCHEMA_TOOL_DATABASE"
    del environ["SCHEMA_TOOL_DATABASE"]
    assert resolve(tmp_path, environ=environ).origin == "DATABASE_URL"
    environ["DATABASE_URL"] = ""
    assert resolve(tmp_path, environ=environ).origin == "libpq environment"


@pytest.mark.parametrize("variables", [{}, {"DATABASE_URL": ""}, {"PGPASSWORD": "x"}])
def test_without_a_target_off_a_terminal_nothing_is_done(
    variables: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="no database given") as caught:
        resolve(tmp_path, environ=variables)
    assert caught.value.exit_code == ExitCode.USAGE
    assert "--local" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_an_empty_flag_is_a_missing_secret(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--database is empty"):
        resolve(tmp_path, database="", interactive=True)


def test_local_and_a_named_database_contradict_each_other(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="contradict"):
        resolve(tmp_path, database="host=x", local=True)


def test_local_ignores_every_variable_and_marks_its_database(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = {
        "DATABASE_URL": "postgres://nowhere.invalid/d",
        "PGHOSTADDR": "192.0.2.1",
        "PGSERVICE": "nowhere",
        "PGOPTIONS": "-c nonsense=1",
        "PGSSLMODE": "require",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    found = resolve(state, local=True, environ=variables, dbname="shop")
    assert found.embedded
    with closing(connect(found)) as connection:
        info = describe(connection, found)
        assert (info.host, info.database, info.standby) == ("embedded server", "shop", False)
        assert is_marked(connection)
    assert os.environ["PGSERVICE"] == "nowhere"


def test_on_a_terminal_the_embedded_server_is_the_default_and_is_shared(state: Path) -> None:
    first = resolve(state, interactive=True)
    assert first == resolve(state, interactive=True)
    assert first.origin == "embedded server"


def test_a_database_that_was_there_before_is_not_marked(server: Server) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE theirs")
    assert create_marked_database(server.dsn(), "theirs") is False
    with closing(connect(target(server, "theirs"))) as connection:
        assert not is_marked(connection)
    assert create_marked_database(server.dsn(), 'ours "quoted"') is True
    with closing(connect(target(server, 'ours "quoted"'))) as connection:
        assert is_marked(connection)


def test_processes_that_create_a_database_at_once_make_one_that_is_marked(server: Server) -> None:
    makers = [python(CREATE, server.dsn()) for _ in range(4)]
    answers = [maker.communicate()[0].strip() for maker in makers]
    assert sorted(answers) == ["False", "False", "False", "True"]
    with closing(connect(target(server, "contested"))) as connection:
        assert is_marked(connection)
        names = connection.execute("SELECT datname FROM pg_database").fetchall()
    assert not [name for (name,) in names if name.startswith("contested ")]


def test_the_banner_says_host_database_user_role_version_and_kind(any_server: Server) -> None:
    with psycopg.connect(any_server.dsn(), autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS deployer")
        connection.execute("CREATE ROLE deployer")
    with closing(connect(target(any_server), role="deployer")) as connection:
        info = describe(connection)
        line = banner(info)
    host = any_server.running.socket_directory
    version = any_server.binaries.version
    assert line == (
        f"{host}, database postgres, postgres → deployer, PostgreSQL {version}, primary"
    )
    assert info.version_number // 10000 == any_server.major


def test_a_session_has_the_role_and_can_be_kept_from_writing(server: Server) -> None:
    with closing(connect(target(server), role="pg_monitor", read_only=True)) as connection:
        assert connection.autocommit
        assert connection.execute("SELECT current_user").fetchone() == ("pg_monitor",)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("CREATE TABLE t ()")


def test_the_server_sees_soon_that_its_client_was_killed(server: Server) -> None:
    with closing(connect(target(server), application_name="nightly")) as connection:
        shown = connection.execute("SHOW client_connection_check_interval").fetchone()
        assert shown == ("500ms",)
        assert connection.execute("SHOW application_name").fetchone() == ("nightly",)


@pytest.mark.parametrize(
    ("change", "message", "hint"),
    [
        ({"dbname": "absent"}, 'database "absent" does not exist', "create the database"),
        ({"user": "nobody_known"}, 'role "nobody_known" does not exist', "user="),
        ({"host": "/nonexistent"}, "cannot reach /nonexistent", "runs and listens"),
        ({"host": "127.0.0.1", "port": "1"}, "cannot reach 127.0.0.1:1", "runs and listens"),
        ({"host": "no.such.host.invalid"}, "the host name is unknown", "spelling"),
        ({"sslmode": "bogus"}, "invalid sslmode value", "-d, DATABASE_URL"),
        ({"options": "-c nonsense.=1"}, "nonsense", "-d, DATABASE_URL"),
        ({"service": "nowhere"}, 'service "nowhere" not found', "pg_service.conf"),
    ],
)
def test_a_failed_connection_is_one_sentence_and_a_hint(
    server: Server, change: dict[str, str], message: str, hint: str
) -> None:
    conninfo = psycopg.conninfo.make_conninfo(server.dsn(), password="s3cret", **change)
    with pytest.raises(FailedError) as caught:
        connect(Target(conninfo=conninfo, origin="-d"))
    shown = caught.value
    assert message in shown.message
    assert hint in shown.hint
    assert "s3cret" not in shown.message + shown.hint
    assert "\n" not in shown.message


def test_a_wrong_password_is_told_without_it(state: Path) -> None:
    home = state / "tcp"
    running = start(home, find_binaries(), settings=SETTINGS, tcp=True)
    wrong = f"postgresql://postgres:hunter2@127.0.0.1:{running.port}/postgres"
    with pytest.raises(FailedError, match="postgres was not let in") as caught:
        connect(Target(conninfo=wrong, origin="DATABASE_URL"))
    assert "hunter2" not in caught.value.message
    with closing(connect(Target(conninfo=running.url(tcp=True), origin="-d"))) as connection:
        assert describe(connection).host == f"127.0.0.1:{running.port}"
    stop(home, mode="immediate")


@pytest.mark.parametrize("role", ["absent", "pg_monitor"])
def test_a_role_that_may_not_be_taken_is_told(server: Server, role: str) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS plain")
        connection.execute("CREATE ROLE plain LOGIN")
    conninfo = psycopg.conninfo.make_conninfo(server.dsn(), user="plain")
    with pytest.raises(FailedError, match=f"cannot act as role {role}"):
        connect(Target(conninfo=conninfo, origin="-d"), role=role)


def test_a_full_server_is_a_reason_to_try_again(state: Path) -> None:
    settings = {**SETTINGS, "max_connections": "4", "max_wal_senders": "0"}
    settings |= {"superuser_reserved_connections": "0"}
    if find_binaries().major >= 16:
        settings["reserved_connections"] = "0"
    running = start(state / "full", find_binaries(), settings=settings)
    full = Target(conninfo=running.conninfo(), origin="-d")
    with ExitStack() as sessions:
        for _ in range(4):
            sessions.enter_context(closing(connect(full)))
        with pytest.raises(SchemaToolError) as caught:
            connect(full)
    assert caught.value.exit_code == ExitCode.TRY_AGAIN
    assert "too many clients" in caught.value.message


def test_a_server_that_is_lost_meanwhile_is_started_again(state: Path) -> None:
    resolve(state, local=True)
    directory = project_directory(state, {"SCHEMA_TOOL_STATE": str(state)})
    running = attach(directory)
    assert running is not None
    os.kill(running.pid, 9)
    while attach(directory) is not None:
        time.sleep(0.005)
    with closing(connect(resolve(state, local=True))) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
