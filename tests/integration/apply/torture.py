"""Kill a run at random instants, apply once more, and hold the result to an undisturbed one.

Run by `make torture`, or with numbers of its own:
    python -m tests.integration.apply.torture --runner 200 --server 50 --seed 7 --major 16
The same seed kills at the same shares of the run's length. Prints what the runner was doing at
each kill.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from schema_tool.server.binaries import find_binaries
from schema_tool.server.cluster import Running, start, stop
from tests.integration.apply.torture_files import FILES, PICTURE, ROLLBACKS, SETUP

SETTINGS = {"fsync": "off", "autovacuum": "off", "max_connections": "30"}
PATIENT = 0.95
"""Share of the kills that wait for the first file to begin."""

OUTSIDE = {"not connected", "before the first file", "after the last file"}


@dataclass(slots=True)
class Torture:
    """A server, a project, and how long an undisturbed run takes."""

    base: Path
    seed: int
    major: int | None = None
    running: Running = field(init=False)
    pictures: dict[str, list[str]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    states: Counter[str] = field(default_factory=Counter)
    bad: list[str] = field(default_factory=list)
    inside: int = 0

    def prepare(self) -> None:
        """Start the server and measure one run that nobody disturbs."""
        self.base.chmod(0o755)
        project = self.base / "project"
        (project / "migrations").mkdir(parents=True)
        (project / "schema-tool.toml").write_text("")
        (project / "migrations" / "0000_setup.sql").write_text(SETUP)
        self.boot()
        self.sql("postgres", "CREATE DATABASE base")
        assert self.finish(self.tool("apply", "base")) == 0
        for name, text in FILES.items():
            (project / "migrations" / f"{name}.sql").write_text(text)
            (project / "migrations" / f"{name}.rollback.sql").write_text(ROLLBACKS[name])
        for command in ("apply", "rollback"):
            self.fresh("undisturbed", command)
            assert self.finish(self.tool(command, "undisturbed")) == 0
            # from the first file's end to the last one's
            length = "SELECT extract(EPOCH FROM max(happened_at) - min(happened_at)) "
            rows = self.sql(
                "undisturbed",
                f"{length} FROM schema_tool.event WHERE action = '{command}' "
                "AND migration_id > '0001'",
            )
            self.seconds[command] = float(str(rows[0][0]))
            self.pictures[command] = self.look("undisturbed")
            if command == "apply":
                self.sql("postgres", "CREATE DATABASE applied TEMPLATE undisturbed")

    def boot(self) -> None:
        """Start the server, after a kill as well."""
        self.running = start(
            self.base / "server", find_binaries(major=self.major), settings=SETTINGS
        )

    def sql(self, database: str, text: str) -> list[tuple[object, ...]]:
        """Run one statement in a database."""
        with psycopg.connect(self.running.conninfo(database), autocommit=True) as connection:
            cursor = connection.execute(text.encode())
            return cursor.fetchall() if cursor.description else []

    def fresh(self, name: str, command: str) -> None:
        """A database in which the first file is applied; to roll back, all of them."""
        template = "base" if command == "apply" else "applied"
        self.sql("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.sql("postgres", f"CREATE DATABASE {name} TEMPLATE {template}")

    def look(self, database: str) -> list[str]:
        """Everything that the files make, in words."""
        return [str(row[0]) for row in self.sql(database, PICTURE)]

    def tool(self, command: str, database: str) -> int:
        """Start the tool in a process of its own, without the cost of importing it."""
        child = os.fork()
        if child:
            return child
        try:
            with (self.base / f"{database}.log").open("a") as log:
                os.dup2(log.fileno(), 1)
                os.dup2(log.fileno(), 2)
            os.chdir(self.base / "project")
            os.environ["CI"] = "true"
            target = self.running.conninfo(database)
            sys.argv = ["schema-tool", command, "-d", target, "--wait", "60s"]
            if command == "rollback":
                sys.argv += ["--to", "0000_setup", "--yes"]
            from schema_tool.cli import main  # noqa: PLC0415

            main()
        except SystemExit as end:
            os._exit(int(end.code or 0))
        finally:
            os._exit(99)

    def finish(self, child: int) -> int:
        """The process's exit code; minus the signal's number when one ended it."""
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    def kill_runner(self, number: int) -> None:
        """One kill of the runner, and the same command once more; every third is a rollback."""
        chance = random.Random(f"{self.seed} runner {number}")
        name, command = f"r{number}", _command(number)
        self.fresh(name, command)
        child = self.tool(command, name)
        self.wait(name, command, chance)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        self.finish(child)
        self.judge(name, command)

    def kill_server(self, number: int) -> None:
        """One kill of the server; the runner may connect again; the same command once more."""
        chance = random.Random(f"{self.seed} server {number}")
        name, command = f"s{number}", _command(number)
        self.fresh(name, command)
        child = self.tool(command, name)
        self.wait(name, command, chance)
        pid = int((self.base / "server/data/postmaster.pid").read_text().split()[0])
        # the postmaster first: it would begin a recovery of its own at a child's death
        for victim in [pid, *_children(pid)]:
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        self.boot()
        self.finish(child)
        with suppress(psycopg.OperationalError):
            self.judge(name, command)
            return
        log = (self.base / "server/server.log").read_text()
        self.bad.append(f"{name}: the server did not come back\n{log[-3000:]}")
        self.boot()

    def wait(self, name: str, command: str, chance: random.Random) -> None:
        """Let the runner work for a while; now and then do not even wait for its first file."""
        end = time.monotonic() + 20
        patient = chance.random() < PATIENT
        while patient and self.state(name, command) in OUTSIDE and time.monotonic() < end:
            time.sleep(0.003)
        time.sleep(self.seconds[command] * chance.uniform(0, 0.75))
        state = self.state(name, command)
        self.states[state if state in OUTSIDE else f"{command}, {state}"] += 1
        self.inside += state not in OUTSIDE

    def judge(self, name: str, command: str) -> None:
        """The same command once more, then compare."""
        code = self.finish(self.tool(command, name))
        found, wanted = self.look(name), self.pictures[command]
        if code != 0 or found != wanted:
            lost = sorted(set(wanted) - set(found))
            more = sorted(set(found) - set(wanted))
            log = (self.base / f"{name}.log").read_text()
            self.bad.append(f"{name}: exit {code}, lost {lost}, more {more}\n{log}")
            return
        self.sql("postgres", f"DROP DATABASE {name} WITH (FORCE)")

    def state(self, name: str, command: str) -> str:
        """What the runner is at, as server and ledger see it."""
        row = self.sql(
            name,
            "SELECT a.state, a.query, (SELECT string_agg(m.id || ' ' || m.state, ',') "
            "FROM schema_tool.migration AS m) FROM pg_stat_activity AS a "
            f"WHERE a.datname = '{name}' AND a.application_name = 'schema-tool' "
            "ORDER BY a.backend_start LIMIT 1",
        )
        last = len(FILES) + 1 if command == "apply" else 1
        if not row:
            done = self.sql(name, "SELECT count(*) FROM schema_tool.migration")[0][0]
            return "after the last file" if done == last else "not connected"
        state, query, ledger = (str(value) for value in row[0])
        began = any(name in ledger for name in FILES)
        if command == "rollback":
            began = ledger.count(" applied") < len(FILES) + 1
        words = " ".join(query.split()[:3]).upper()
        if not began and state == "idle":
            return "before the first file"
        if not began and words.startswith(("SELECT PG_CATALOG", "SELECT TO_REGCLASS")):
            return "before the first file"
        if len(ledger.split(",")) == last and ledger.endswith(" applied"):
            return "after the last file"
        return f"{state}: {words}"

    def report(self) -> str:
        """The histogram, and what went wrong."""
        total = sum(self.states.values())
        lines = [f"{count:>4}  {state}" for state, count in self.states.most_common()]
        lines.append(f"{total} kills, {self.inside * 100 // max(total, 1)} % inside the work")
        lengths = ", ".join(f"{command} {length:.2f} s" for command, length in self.seconds.items())
        lines.append(f"an undisturbed run takes: {lengths}")
        lines.append(f"{len(self.bad)} went wrong (seed {self.seed})")
        return "\n".join([*lines, *self.bad])


def _command(number: int) -> str:
    return "rollback" if number % 3 == 2 else "apply"


def _children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == pid:
                found.append(int(entry.name))
    return found


def run(runner: int, server: int, seed: int, major: int | None) -> Torture:
    """Kill as often as asked and return what was seen."""
    memory = Path("/dev/shm")
    base = Path(tempfile.mkdtemp(prefix="torture-", dir=memory if memory.is_dir() else None))
    torture = Torture(base, seed, major)
    # loaded once here, so that a forked runner is at work at once
    import schema_tool.apply.rollback  # noqa: PLC0415
    import schema_tool.apply.runner  # noqa: PLC0415
    import schema_tool.apply.unchanged  # noqa: PLC0415
    import schema_tool.report.run  # noqa: PLC0415
    import schema_tool.source.migrations  # noqa: PLC0415
    import schema_tool.sqltext  # noqa: PLC0415

    schema_tool.sqltext.split_statements("SELECT 1")
    try:
        torture.prepare()
        for number in range(runner):
            torture.kill_runner(number)
        for number in range(server):
            torture.kill_server(number)
    finally:
        if torture.states:
            sys.stdout.write(torture.report() + "\n")
        stop(base / "server", mode="immediate")
        shutil.rmtree(base, ignore_errors=True)
    return torture


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runner", type=int, default=200)
    parser.add_argument("--server", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--major", type=int, default=None, help="PostgreSQL's, as 16")
    given = parser.parse_args()
    torture = run(given.runner, given.server, given.seed, given.major)
    sys.exit(bool(torture.bad))


if __name__ == "__main__":
    main()
