"""A server that answers, and how to find it without starting a process."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from schema_tool.errors import FailedError
from schema_tool.server.datadir import SUPERUSER, Postmaster, answers, major_of, read_postmaster
from schema_tool.server.home import STATE_HINT

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A server that answers; `password` is set when it listens on TCP."""

    directory: Path
    socket_directory: Path
    port: int
    pid: int
    major: int
    user: str
    password: str | None = field(default=None, repr=False)

    def conninfo(self, dbname: str = "postgres") -> str:
        """Return libpq's connection string, through the socket."""
        words = {
            "host": str(self.socket_directory),
            "port": str(self.port),
            "user": self.user,
            "dbname": dbname,
        }
        return " ".join(f"{name}={_quoted(value)}" for name, value in words.items())

    def url(self, dbname: str = "postgres", *, tcp: bool = False) -> str:
        """Return the URL for other tools; the one for TCP holds the password.

        Errors: FailedError for TCP when the server was started without it.
        """
        database = quote(dbname, safe="")
        if not tcp:
            host = quote(str(self.socket_directory), safe="/")
            return f"postgresql://{self.user}@/{database}?host={host}&port={self.port}"
        if self.password is None:
            raise without_tcp()
        secret = quote(self.password, safe="")
        return f"postgresql://{self.user}:{secret}@127.0.0.1:{self.port}/{database}"


def attach(directory: Path) -> Running | None:
    """Return the directory's server if it is up and answers, without starting a process."""
    data = directory / "data"
    try:
        postmaster = read_postmaster(data)
        if postmaster is None or not postmaster.ready or not answers(postmaster):
            return None
        return _running(directory, postmaster)
    except PermissionError as error:
        raise FailedError(
            f"the server in {directory} belongs to another user",
            hint=STATE_HINT,
        ) from error


def without_tcp() -> FailedError:
    """Return the error for TCP asked of a server that was started without it."""
    return FailedError(
        "the embedded server listens on its socket only",
        hint="schema-tool server stop && schema-tool server start --tcp",
    )


def _running(directory: Path, postmaster: Postmaster) -> Running:
    password = None
    if postmaster.listens_on:
        with suppress(FileNotFoundError):
            password = (directory / "password").read_text().strip()
    return Running(
        directory=directory,
        socket_directory=postmaster.socket_directory,
        port=postmaster.port,
        pid=postmaster.pid,
        major=major_of(directory / "data") or 0,
        user=SUPERUSER,
        password=password,
    )


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
