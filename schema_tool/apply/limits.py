"""What a file may cost others: one budget for waiting and holding, and where it is set.

The server keeps the budget, by statement_timeout, so that a runner that hangs or has lost its
network costs nobody more than one that is well.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from schema_tool.apply.command import Command
from schema_tool.apply.weight import Weight, weigh_all
from schema_tool.config import duration_ms
from schema_tool.errors import UsageError
from schema_tool.server.session import CLIENT_CHECK_MS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from schema_tool.sqltext import Statement

OUTAGE = "outage"
LONG = "long"
OUT_OF_ORDER = "allow-out-of-order"
HEADERS = (OUTAGE, LONG, OUT_OF_ORDER, "live")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a file may wait and hold.

    `outage` says that the file's header asks for more than the usual budget.
    Units: lock_ms, stall_ms and long_ms milliseconds; lock_ms is for the first strong lock,
    stall_ms for waiting and holding together, long_ms for a statement that stalls nobody.
    `waiters` is the number of sessions waiting behind us above which a file gives up at once.
    """

    lock_ms: int = 1200
    stall_ms: int = 2000
    long_ms: int = 6 * 3_600_000
    waiters: int = 20
    outage: bool = False

    def for_file(self, headers: Sequence[str], name: str) -> Limits:
        """These limits with what the file's headers say.

        Errors: UsageError for a header that is nearly one of ours.
        """
        changed = self
        for header in headers:
            word, _, value = header.partition(" ")
            if word in {OUTAGE, LONG}:
                length = duration_ms(value, name=f"{name}: {word}")
                changed = (
                    replace(changed, stall_ms=length, outage=True)
                    if word == OUTAGE
                    else replace(changed, long_ms=length)
                )
            elif word not in HEADERS and (near := difflib.get_close_matches(word, HEADERS, n=1)):
                raise UsageError(
                    f"{name}: unknown header “-- schema-tool: {header}”",
                    hint=f"did you mean {near[0]}?",
                )
        return changed


def session_commands(*, role: str | None, limits: Limits) -> tuple[Command, ...]:
    """Put the session back to where it started: a SET in one file must not reach the next."""
    return (
        Command(text="RESET ALL"),
        Command(
            text=_SESSION,
            parameters={
                "role": role or "none",
                "lock": f"{min(limits.lock_ms, limits.stall_ms)}ms",
                "statement": f"{limits.long_ms}ms",
                "check": f"{CLIENT_CHECK_MS}ms",
                "idle": f"{KEEPALIVE_IDLE_S}s",
                "interval": f"{KEEPALIVE_INTERVAL_S}s",
                "count": str(KEEPALIVE_COUNT),
                "silent": f"{KEEPALIVE_IDLE_S + KEEPALIVE_INTERVAL_S * KEEPALIVE_COUNT}s",
            },
        ),
    )


FINALIZE_LOCK_MS = 400
"""Two such waits are over before the usual deadlock_timeout of 1 s."""

HANG_MS = 1000
"""So much more than the budget is given to the runner between two statements."""

# The server asks a silent client whether it is there: after 25 s a vanished one's locks are free.
KEEPALIVE_IDLE_S = 10
KEEPALIVE_INTERVAL_S = 5
KEEPALIVE_COUNT = 3
# RESET ALL leaves the role alone and takes away what the connection was opened with
_SESSION = """
SELECT pg_catalog.set_config('role', %(role)s, false),
    pg_catalog.set_config('lock_timeout', %(lock)s, false),
    pg_catalog.set_config('statement_timeout', %(statement)s, false),
    pg_catalog.set_config('client_connection_check_interval', %(check)s, false),
    pg_catalog.set_config('tcp_keepalives_idle', %(idle)s, false),
    pg_catalog.set_config('tcp_keepalives_interval', %(interval)s, false),
    pg_catalog.set_config('tcp_keepalives_count', %(count)s, false),
    pg_catalog.set_config('tcp_user_timeout', %(silent)s, false),
    pg_catalog.set_config('synchronous_commit', 'on', false),
    -- a role's own limits would end the session, and not just the statement
    CASE WHEN pg_catalog.current_setting('transaction_timeout', true) <> '0'
        THEN pg_catalog.set_config('transaction_timeout', '0', false) END,
    CASE WHEN pg_catalog.current_setting('idle_session_timeout', true) <> '0'
        THEN pg_catalog.set_config('idle_session_timeout', '0', false) END,
    pg_catalog.set_config('idle_in_transaction_session_timeout', '0', false)
"""

# the clock is kept in a setting of ours, local to the transaction, so that a whole file can be
# sent in one go and each statement still gets what is left of the budget
START_CLOCK = """
SELECT pg_catalog.set_config(
        'schema_tool.clock', extract(EPOCH FROM clock_timestamp())::TEXT, true
    ),
    pg_catalog.set_config('lock_timeout', %(lock)s, true),
    pg_catalog.set_config('statement_timeout', %(stall)s, true),
    -- between two statements no statement_timeout runs: a runner that hangs there loses its session
    pg_catalog.set_config('idle_in_transaction_session_timeout', %(hang)s, true),
    -- from 17 on; a runner that hangs while it is still sending does not count as idle
    CASE WHEN pg_catalog.current_setting('transaction_timeout', true) IS NOT NULL
        THEN pg_catalog.set_config('transaction_timeout', %(hang)s, true) END
"""
_REMAINING = """
SELECT pg_catalog.set_config('statement_timeout', greatest(1, floor(%(stall)s::NUMERIC - 1000 * (
    extract(EPOCH FROM clock_timestamp())
    - coalesce(
        nullif(pg_catalog.current_setting('schema_tool.clock', true), '')::NUMERIC,
        -- the file has said RESET ALL: it began no later
        extract(EPOCH FROM now())
    )
)))::BIGINT::TEXT, true)
"""
_LIMITS = """
SELECT pg_catalog.set_config('lock_timeout', %(lock)s, %(local)s),
    pg_catalog.set_config('statement_timeout', %(statement)s, %(local)s)
"""
# deferred checks would else run in COMMIT, where no timeout holds
_CHECK_NOW = Command(text="SET CONSTRAINTS ALL IMMEDIATE")


def bounded_commands(
    statements: Sequence[Statement], limits: Limits, environ: Mapping[str, str]
) -> tuple[Command, ...]:
    """The statements of one transaction, each under its limit.

    A file that locks nothing of anybody's gets not one command more.
    """
    commands: list[Command] = []
    clock = False
    before = Weight.LIGHT
    for statement, weight in weigh_all(statements):
        if clock:
            commands.append(_remaining(limits))
        elif weight is Weight.STRONG:
            commands.append(_start(limits))
            clock = True
        elif weight is not before:
            commands.append(limit_command(limits, weight, local=True))
        before = weight
        commands.append(Command.of(statement, environ))
    if clock:
        commands += [_remaining(limits), _CHECK_NOW]
    return tuple(commands)


def limit_command(limits: Limits, weight: Weight, *, local: bool) -> Command:
    """The limits of a statement that runs without a clock."""
    lock_ms = limits.long_ms if weight is Weight.LONG else min(limits.lock_ms, limits.stall_ms)
    settings = {"lock": f"{lock_ms}ms", "statement": f"{limits.long_ms}ms", "local": local}
    return Command(text=_LIMITS, parameters=settings)


def finalize_limit_command(limits: Limits) -> Command:
    """The limits of DETACH … FINALIZE, which locks the partition and then waits for snapshots.

    Who meanwhile waits for the partition may have such a snapshot: a deadlock, and we must be the
    one that gives way.
    """
    settings = {
        "lock": f"{min(FINALIZE_LOCK_MS, limits.lock_ms)}ms",
        "statement": f"{limits.stall_ms}ms",
        "local": False,
    }
    return Command(text=_LIMITS, parameters=settings)


def _start(limits: Limits) -> Command:
    lock_ms = min(limits.lock_ms, limits.stall_ms)
    parameters = {
        "lock": f"{lock_ms}ms",
        "stall": f"{limits.stall_ms}ms",
        "hang": f"{limits.stall_ms + HANG_MS}ms",
    }
    return Command(text=START_CLOCK, parameters=parameters)


def _remaining(limits: Limits) -> Command:
    return Command(text=_REMAINING, parameters={"stall": limits.stall_ms})
