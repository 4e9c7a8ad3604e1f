"""Starting, finding and throwing away servers, against PostgreSQL's own programs.

Run by `make bench-server`; prints ratios to `initdb` + `pg_ctl start` of the same settings and to
one connection of the driver.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import psycopg

from schema_tool.server.account import account_for
from schema_tool.server.binaries import find_binaries
from schema_tool.server.cluster import attach, start, stop
from schema_tool.server.home import project_directory
from schema_tool.server.scratch import scratch_server
from schema_tool.server.target import resolve_target
from tests.benchmarks.measure import print_ratios, take_turns
from tests.integration.server_state import python, state_folder

if TYPE_CHECKING:
    from pathlib import Path

    from schema_tool.server.account import Account
    from schema_tool.server.binaries import Binaries

ROUNDS = 5
PROCESS = """
import sys
from pathlib import Path
from schema_tool.server.cluster import attach
assert attach(Path(sys.argv[1]))
"""
_numbers = itertools.count(1)


def main() -> None:
    """Start servers of its own, take turns, print."""
    binaries = find_binaries()
    with state_folder() as state, scratch_server():
        account = account_for(state)
        plain = "initdb + pg_ctl start + stop"
        starts = {
            plain: lambda: _plain(_new(state, account), binaries, account),
            "cold start + stop": lambda: _cold(state / f"ours-{next(_numbers)}", binaries),
            "scratch database, server and all": _scratch,
        }
        print_ratios(take_turns(starts, rounds=ROUNDS), floor=plain)

        environ = {"SCHEMA_TOOL_STATE": str(state)}
        target = resolve_target(
            database=None,
            local=True,
            environ=environ,
            interactive=False,
            project_root=state,
        )
        home = project_directory(state, environ)
        driver = "psycopg.connect"
        found = {
            driver: lambda: psycopg.connect(target.conninfo).close(),
            "attach": lambda: attach(home),
            "python -c pass": lambda: python("").communicate(),
            "attach in a new process": lambda: python(PROCESS, home).communicate(),
        }
        print_ratios(take_turns(found, rounds=ROUNDS * 4), floor=driver)


def _new(state: Path, account: Account) -> Path:
    directory = state / f"plain-{next(_numbers)}"
    directory.mkdir(mode=0o700)
    account.own(directory)
    return directory


def _plain(directory: Path, binaries: Binaries, account: Account) -> None:
    data = directory / "data"
    quiet = (
        "-D",
        data,
        "-l",
        directory / "log",
        "-w",
        "-o",
        f"-k {directory} -c listen_addresses=",
    )
    for command in (
        (binaries.program("initdb"), "-D", data, "-U", "postgres", "-A", "trust"),
        (binaries.program("pg_ctl"), "start", *quiet),
        (binaries.program("pg_ctl"), "stop", "-D", data, "-m", "fast"),
    ):
        done = account.run(command)
        assert done.returncode == 0, done.stderr


def _cold(directory: Path, binaries: Binaries) -> None:
    start(directory, binaries)
    stop(directory)


def _scratch() -> None:
    with scratch_server() as server:
        psycopg.connect(server.create()).close()


if __name__ == "__main__":
    main()
