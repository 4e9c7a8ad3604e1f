"""The operating-system account that runs a server: the caller's own, or for root another.

PostgreSQL refuses to run as root. Root therefore starts it as `nobody`, or as the owner of the
folder that was configured, and opens no folder for it.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tool.errors import FailedError
from schema_tool.server.home import STATE_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

UNPRIVILEGED = "nobody"
RUN_TIMEOUT_S = 120
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who runs the server's processes; `switched` when that is not the caller."""

    uid: int
    gid: int
    name: str
    switched: bool

    def own(self, path: Path) -> None:
        """Give a file or folder that the caller has just created to this account."""
        if self.switched:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def run(
        self, command: Sequence[str | Path], *, stderr: int = subprocess.PIPE
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, with none of libpq's variables, and wait for it.

        Errors: OSError when it cannot be started.
        """
        return subprocess.run(
            [os.fspath(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            check=False,
            timeout=RUN_TIMEOUT_S,
            cwd="/",
            env=_environment(),
            umask=0o077,
            start_new_session=True,
            user=self.uid if self.switched else None,
            group=self.gid if self.switched else None,
            extra_groups=[] if self.switched else None,
        )


def account_for(directory: Path) -> Account:
    """Return the account that runs the server of a directory, which need not exist.

    Errors: FailedError when root has no unprivileged user to step down to.
    """
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid(), name=_name(), switched=False)
    owner = _owner(directory)
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise FailedError(
            f"PostgreSQL does not run as root, and there is no user {owner or UNPRIVILEGED}"
            " to run it as",
            hint=f"export {STATE_VARIABLE} as a folder that belongs to an ordinary user",
        ) from None
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, name=entry.pw_name, switched=True)


def make_folder(path: Path, mode: int) -> None:
    """Create a folder, and those above it, with a mode that the caller's umask does not narrow.

    A folder that exists is left as it is.
    """
    if path.is_dir():
        return
    if not path.parent.is_dir():
        make_folder(path.parent, mode)
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
        path.chmod(mode)


def require_reach(directory: Path, account: Account) -> None:
    """Check that the account can enter a directory.

    Errors: FailedError when a folder above it is closed to the account.
    """
    if not account.switched:
        return
    if account.run(["/bin/sh", "-c", 'cd "$1"', "sh", directory]).returncode != 0:
        raise FailedError(
            f"the user {account.name}, who runs PostgreSQL for root, cannot reach {directory}",
            hint=f"unset {STATE_VARIABLE}, or choose a folder that {account.name} can enter",
        )


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return {"PATH": os.defpath, **kept, "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}


def _name() -> str:
    with suppress(KeyError):
        return pwd.getpwuid(os.geteuid()).pw_name
    return str(os.geteuid())


def _owner(directory: Path) -> int:
    """Return the owner of the directory or of the nearest folder above it that exists."""
    for path in (directory, *directory.parents):
        with suppress(OSError):
            return path.stat().st_uid
    return 0
