"""`schema-tool server`: start, look, connect, stop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.errors import ExitCode
from tests.integration.server_state import state_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Run = Callable[..., subprocess.CompletedProcess[str]]


COMMAND = "from schema_tool.cli import main; main()"


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """The command in a project of its own, with variables that would lead psql elsewhere."""
    (tmp_path / "schema-tool.toml").write_text('dbname = "shop"\n')
    with state_folder() as state:
        environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environ |= {"SCHEMA_TOOL_STATE": str(state), "PGHOST": "/nonexistent", "PGPORT": "1"}

        def run(*arguments: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "-c", COMMAND, "server", *arguments],
                cwd=tmp_path,
                env=environ,
                capture_output=True,
                text=True,
                check=False,
                stdin=subprocess.DEVNULL,
            )

        yield run


def test_a_server_is_started_shown_used_and_stopped(run: Run) -> None:
    assert run("status").returncode == ExitCode.DIFFERS
    started = run("start")
    assert started.returncode == ExitCode.CLEAN, started.stderr
    assert "is running (process " in started.stdout
    status = run("status", "--format", "json")
    facts = json.loads(status.stdout)
    assert (status.returncode, facts["state"]) == (ExitCode.CLEAN, "running")
    assert run("url").stdout.strip() == facts["url"]
    with psycopg.connect(facts["url"]) as connection:
        assert connection.info.dbname == "shop"
    asked = run("psql", "-XAtc", "SELECT current_database()")
    assert asked.stdout == "shop\n", asked.stderr
    assert run("stop").stdout == "stopped\n"
    assert run("stop").stdout == "was not running\n"
    assert json.loads(run("status", "--format", "json").stdout)["state"] == "stopped"


def test_tcp_is_asked_for_at_the_start_and_its_url_holds_the_password(run: Run) -> None:
    run("start")
    refused = run("url", "--tcp")
    assert refused.returncode == ExitCode.FAILED
    assert "server start --tcp" in refused.stderr
    run("stop")
    run("start", "--tcp")
    url = run("url", "--tcp").stdout.strip()
    assert "@127.0.0.1:" in url
    with psycopg.connect(url) as connection:
        password = connection.info.password
    assert password
    assert password not in run("status").stdout


@pytest.mark.parametrize("command", ["psql", "url"])
def test_without_a_running_server_the_next_command_is_named(run: Run, command: str) -> None:
    done = run(command)
    assert done.returncode == ExitCode.FAILED
    assert "schema-tool server start" in done.stderr
    assert "Traceback" not in done.stderr
