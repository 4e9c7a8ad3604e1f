"""Why no connection came about: libpq's text turned into one sentence and what to do next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tool.errors import FailedError, SchemaToolError, TryAgainError
from schema_tool.server.conninfo import parse, place, scrub

if TYPE_CHECKING:
    from schema_tool.server.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One kind of failure; the message may use {where}, {user} and {said}."""

    pattern: str
    message: str
    hint: str


class UnreachableError(FailedError):
    """Nobody answers there: the place is wrong, or the server is down."""

    def later(self) -> TryAgainError:
        """The same where somebody waits for the server, and so knows that the place is right."""
        return TryAgainError(f"{self.message} (waited for it in vain)", hint=self.hint)


BUSY = Refusal(
    pattern="too many clients|remaining connection slots|too many connections|starting up"
    "|shutting down|not yet accepting|in recovery mode|not accepting connections"
    "|administrator command|crash of another server process",
    message="{where} takes no connection now: {said}",
    hint="try again later, or wait for it: --wait 60s",
)
UNREACHABLE = (
    Refusal(
        pattern="could not translate host name|nodename nor servname|Name or service|resolve host",
        message="cannot reach {where}: the host name is unknown",
        hint="check the host's spelling and the network",
    ),
    Refusal(
        pattern="Connection refused|No such file|timeout|timed out|No route|unreachable"
        "|could not connect|closed the connection",
        message="cannot reach {where}: {said}",
        hint="check that the server runs and listens there; --wait 60s waits until it does",
    ),
)
REFUSALS = (
    Refusal(
        pattern="password authentication failed|no password supplied|SASL",
        message="{user} was not let in: {said}",
        hint="check the user and the password (PGPASSWORD, ~/.pgpass)",
    ),
    Refusal(
        pattern=r"pg_hba\.conf|[Pp]eer authentication failed|certificate|SSL",
        message="{user} was not let in: {said}",
        hint="check sslmode here and pg_hba.conf on the server",
    ),
    Refusal(
        pattern='database ".*" does not exist',
        message="{where}: {said}",
        hint="create the database, or name another one",
    ),
    Refusal(
        pattern='role ".*" does not exist',
        message="{where}: {said}",
        hint="name a user that exists: user=…",
    ),
    Refusal(
        pattern="permission denied for database",
        message="{user} was not let in: {said}",
        hint="GRANT CONNECT ON DATABASE … TO this user",
    ),
    Refusal(
        pattern="definition of service|service file",
        message="{said}",
        hint="check ~/.pg_service.conf or PGSERVICEFILE",
    ),
)
OTHER = Refusal(
    pattern="",
    message="cannot connect to {where}: {said}",
    hint="check -d, DATABASE_URL or libpq's variables",
)


def explain(text: str, target: Target) -> SchemaToolError:
    """Return the error for a failed connection, free of passwords.

    A server with messages in another language is quoted as it is.
    """
    said = scrub(_reason(text), target.conninfo)
    words = parse(target.conninfo, origin=target.origin)
    values = {
        "user": words.get("user", "the user"),
        "where": place(target.conninfo),
        "said": said,
    }
    if re.search(BUSY.pattern, said):
        return TryAgainError(BUSY.message.format(**values), hint=BUSY.hint)
    for refusals, kind in ((REFUSALS, FailedError), (UNREACHABLE, UnreachableError)):
        for each in refusals:
            if re.search(each.pattern, said):
                return kind(each.message.format(**values), hint=each.hint)
    return FailedError(OTHER.message.format(**values), hint=OTHER.hint)


def _reason(text: str) -> str:
    """Return what the last attempt met, without libpq's prefixes and advice."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    attempts = [line for line in lines if "failed: " in line or "FATAL:" in line]
    said = (attempts or lines or ["no reason given"])[-1]
    said = re.sub("^.*connection to server (?:at|on) .*? failed: ", "", said)
    said = re.sub("^(?:- )?connection (?:failed|is bad): ", "", said)
    return re.sub(r"^(?:FATAL|ERROR):\s*", "", said)
