"""Servers and databases for the tests: real ones, started by the embedded server's launcher.

Databases are cloned from templates. What a test has made goes with it: the data directories lie in
memory where there is some, and those of a whole run would need more than most machines have.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import psycopg
import pytest
from pytest_postgresql.janitor import DatabaseJanitor

from schema_tool.cli.main import run
from schema_tool.server.account import account_for
from schema_tool.server.binaries import Binaries, all_binaries
from schema_tool.server.cluster import Running, start, stop
from schema_tool.server.copies import reachable

# tests create and drop thousands of objects; nothing of it has to survive a power failure
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "autovacuum": "off",
}
PROJECT = Path(__file__).resolve().parents[1]
OLDEST_MAJOR = 15
_numbers = itertools.count(1)
_ran_on: dict[int, Binaries] = {}


def usable_binaries() -> tuple[Binaries, ...]:
    """The server programs found here, one per major that the tool supports."""
    return tuple(b for b in all_binaries() if b.major >= OLDEST_MAJOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running test server."""

    running: Running
    binaries: Binaries
    templates: dict[str, str] = field(default_factory=dict)
    made: list[int] = field(default_factory=list)

    @property
    def major(self) -> int:
        return self.binaries.major

    @property
    def bin(self) -> Path:
        """The programs, where the server's account can run them: root's may lie out of reach."""
        return reachable(self.binaries, account_for(self.running.directory)).bin

    def dsn(self, dbname: str = "postgres") -> str:
        """The connection string of one of its databases."""
        return self.running.conninfo(dbname)

    def create(self, template: str = "template1") -> str:
        """Create a database and return its connection string."""
        number = next(_numbers)
        self.made.append(number)
        name = f"t{number}"
        DatabaseJanitor(
            user=self.running.user,
            host=str(self.running.socket_directory),
            port=self.running.port,
            dbname=name,
            template_dbname=template,
        ).init()
        return self.dsn(name)

    def clone(self, key: str, build: Callable[[str], None]) -> str:
        """Clone the template `key`, which `build(dsn)` fills once a session."""
        if key not in self.templates:
            dsn = self.create()
            build(dsn)
            self.templates[key] = psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]  # type: ignore[assignment]
        return self.create(self.templates[key])

    def drop_made_after(self, number: int) -> None:
        """Drop the databases with a higher number, but for templates."""
        gone = [made for made in self.made if made > number]
        self.made[:] = [made for made in self.made if made <= number]
        names = {f"t{made}" for made in gone} - set(self.templates.values())
        if names:
            with psycopg.connect(self.dsn(), autocommit=True) as connection:
                for name in names:
                    connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


class Servers:
    """Starts a server per major when a test first asks for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: dict[int, Server] = {}

    def __call__(self, major: int) -> Server:
        if major not in self._started:
            binaries = next(b for b in usable_binaries() if b.major == major)
            running = start(self._folder / str(major), binaries, settings=SETTINGS)
            self._started[major] = Server(running=running, binaries=binaries)
            _ran_on[major] = binaries
        return self._started[major]

    def drop_made_after(self, number: int) -> None:
        for server in self._started.values():
            server.drop_made_after(number)

    def stop(self) -> None:
        for server in self._started.values():
            stop(server.running.directory, mode="immediate")


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Servers by major version, started on demand and removed at the end."""
    memory = Path("/dev/shm")
    base = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
    # readable by everyone: as root the server runs as another user
    folder = Path(tempfile.mkdtemp(prefix="schema-tool-tests-", dir=base))
    folder.chmod(0o755)
    started = Servers(folder)
    yield started
    started.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def dropped(servers: Servers) -> Iterator[None]:
    """Drop what the test makes; what fixtures of a wider scope made was there before this one."""
    number = next(_numbers)
    yield
    servers.drop_made_after(number)


@pytest.fixture(scope="session")
def server(servers: Servers) -> Server:
    """The newest server found."""
    return servers(max(b.major for b in usable_binaries()))


def pytest_configure() -> None:
    """A shell that starts the tests in its background has Ctrl-C ignored, by their children too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `any_server` once on every major found."""
    if "any_server" in metafunc.fixturenames:
        majors = [b.major for b in usable_binaries()]
        metafunc.parametrize("any_server", majors, indirect=True, ids=[f"pg{m}" for m in majors])


@pytest.fixture
def any_server(servers: Servers, request: pytest.FixtureRequest) -> Server:
    """Each major's server in turn."""
    return servers(request.param)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print which servers the tests ran on; `.ci/run` fails below two."""
    ran_on = [f"{b.version} ({b.source})" for _, b in sorted(_ran_on.items(), reverse=True)]
    terminalreporter.write_line(f"PostgreSQL servers: {', '.join(ran_on) or 'none'}")


@pytest.fixture
def database(server: Server) -> str:
    """A fresh, empty database's connection string."""
    return server.create()


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection]:
    """A connection in autocommit mode to a fresh database."""
    with psycopg.connect(database, autocommit=True) as opened:
        yield opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project folder of a test, and the tool run in it as a process of its own."""

    root: Path
    database: str

    def write(self, name: str, text: str) -> Path:
        """Write a file below the project's root."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def migration(self, migration_id: str, text: str, rollback: str | None = None) -> None:
        """Write a migration and, if given, its rollback file."""
        self.write(f"migrations/{migration_id}.sql", text)
        if rollback is not None:
            self.write(f"migrations/{migration_id}.rollback.sql", rollback)

    def run(
        self,
        *arguments: str,
        environ: Mapping[str, str] | None = None,
        target: bool = True,
        within: str = "",
    ) -> subprocess.CompletedProcess[str]:
        """Run the tool, `within` a folder of the project; `target` gives it the test's database.

        In this process: importing everything anew takes ten times as long as a command does.
        """
        words = [*arguments, *(["-d", self.database] if target else [])]
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(self.root / within),
            mock.patch.dict(os.environ, self.environ(environ), clear=True),
            mock.patch("sys.stdin", io.StringIO()),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = run(words)
        return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the tool and leave it running."""
        return subprocess.Popen(
            [*self.command(), *arguments, "-d", self.database],
            cwd=self.root,
            env=self.environ(None),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            stdin=subprocess.DEVNULL,
        )

    def command(self) -> list[str]:
        """How the tool is started."""
        return [sys.executable, "-c", "from schema_tool.cli import main; main()"]

    def environ(self, more: Mapping[str, str] | None) -> dict[str, str]:
        """An environment without the developer's own settings."""
        keep = {"PATH", "HOME", "LANG", "TMPDIR", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}
        base = {name: value for name, value in os.environ.items() if name in keep}
        state = {"SCHEMA_TOOL_STATE": str(self.root / "state"), "CI": "true"}
        return base | state | dict(more or {})


@pytest.fixture
def project(tmp_path: Path, database: str) -> Project:
    """An empty project with a fresh database."""
    (tmp_path / "schema-tool.toml").write_text("", encoding="utf-8")
    (tmp_path / "migrations").mkdir()
    return Project(root=tmp_path, database=database)
