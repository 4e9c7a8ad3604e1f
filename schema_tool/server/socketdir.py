"""The folder of a server's socket. Who can enter it is the superuser, so only the owner can."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schema_tool.server.account import Account

LONGEST_BYTES = 85
"""A socket's path ends at 103 bytes on macOS and 107 on Linux, `/.s.PGSQL.65535` included."""

SHORT_BASE = Path("/tmp")  # noqa: S108 - a private folder below it, see `_short`


def make_socket_directory(directory: Path, account: Account) -> Path:
    """Return the folder, 0700 and empty: below the server's directory, or a short one in /tmp.

    Only for a caller that holds the directory's lock and knows that its server is dead: a socket
    that is left over would keep the next server from starting if a zombie has its number.
    """
    path = directory / "socket"
    if len(os.fsencode(path)) > LONGEST_BYTES:
        path = _short(directory, account)
    elif not path.is_dir():
        path.mkdir(mode=0o700)
        account.own(path)
    for left in path.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)
    return path


def _short(directory: Path, account: Account) -> Path:
    digest = hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]
    path = SHORT_BASE / f"schema-tool-{account.uid}-{digest}"
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
        account.own(path)
    if not _is_private(path, account):
        # Somebody took the name; attaching reads the path from postmaster.pid, so any will do.
        path = Path(tempfile.mkdtemp(prefix="schema-tool-", dir=SHORT_BASE))
        account.own(path)
    return path


def _is_private(path: Path, account: Account) -> bool:
    found = path.lstat()
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == account.uid
        and stat.S_IMODE(found.st_mode) == 0o700
    )
