"""A second connection that watches the first: who is in our way, and whose way we are in.

It is opened only once a file has run for a while, looks no more often than once a second, and ends
nobody's work but our own.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

    from schema_tool.apply.limits import Limits

FIRST_LOOK_S = 0.6
"""Most files are done sooner, and the shortest usual lock_timeout is longer."""

LOOK_EVERY_S = 1.0
"""Looking at who waits for whom stops the lock manager for a moment."""

TICK_S = 0.2
SHOWN_CHARACTERS = 200
"""As much of a statement as watch.sql asks for."""

CANCEL_ECHO_S = 1.0
"""How long after our own cancel request a cancelled statement is put down to it."""


@dataclass(slots=True, kw_only=True)
class Unit:
    """What runs now: a transactional file, or one statement of another file.

    `texts` are the statements of a file that is sent whole: the server tells which one runs.
    """

    label: str
    limits: Limits
    texts: tuple[str, ...] = ()
    started: float = field(default_factory=time.monotonic)
    held_since: float | None = None
    seen: tuple[str, ...] = ()
    blockers: tuple[str, ...] = ()


class Watch:
    """Watches one session for the length of a run.

    `progress` is told a line now and then; `show_data` lets it hold other sessions' queries.
    """

    def __init__(
        self,
        connect: Callable[[], psycopg.Connection[Any]] | None,
        pid: int,
        *,
        show_data: bool,
        progress: Callable[[str], None],
    ) -> None:
        self._connect = connect
        self._pid = pid
        self._show_data = show_data
        self._progress = progress
        self._connection: psycopg.Connection[Any] | None = None
        self._unit: Unit | None = None
        self._mutex = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._looked = 0.0
        self._cancelled: tuple[float, str] | None = None

    @contextmanager
    def over(self, label: str, limits: Limits, texts: tuple[str, ...] = ()) -> Iterator[Unit]:
        """Watch a unit of work."""
        unit = Unit(label=label, limits=limits, texts=texts)
        if self._thread is None and self._connect is not None:
            self._thread = threading.Thread(target=self._loop, name="watch", daemon=True)
            self._thread.start()
        self._unit = unit
        try:
            yield unit
        finally:
            with self._mutex:
                self._unit = None

    @property
    def reason(self) -> str:
        """Why we cancelled ourselves a moment ago, or nothing."""
        if self._cancelled and time.monotonic() - self._cancelled[0] < CANCEL_ECHO_S:
            return self._cancelled[1]
        return ""

    def close(self) -> None:
        """End the watch."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=2)
        if self._connection is not None:
            self._connection.close()

    def _loop(self) -> None:
        import psycopg  # noqa: PLC0415 - the caller has paid for it

        while not self._stop.wait(TICK_S):
            unit = self._unit
            now = time.monotonic()
            if unit is None or now - unit.started < FIRST_LOOK_S:
                continue
            try:
                if now - self._looked >= LOOK_EVERY_S:
                    self._looked = now
                    self._look(unit)
                self._bound(unit)
            except psycopg.Error:
                # the server keeps the budget without us
                self._drop_connection()
            except Exception:
                return

    def _look(self, unit: Unit) -> None:
        if self._connection is None:
            assert self._connect is not None
            self._connection = self._connect()
        row = self._connection.execute(_query(), {"pid": self._pid}).fetchone()
        if row is None:
            return
        blockers, waiting, held, progress, running = row
        if blockers:
            unit.blockers = tuple(_blocker(b, show_data=self._show_data) for b in blockers)
        if not held:
            # a CONCURRENTLY statement has several transactions, each with locks of its own
            unit.held_since = None
        elif unit.held_since is None:
            unit.held_since = time.monotonic()
        unit.seen = tuple(held)
        elapsed = time.monotonic() - unit.started
        parts = [unit.label, *_statement(unit.texts, running), f"{elapsed:.0f} s"]
        parts += [progress] if progress else []
        parts += [f"waits for {unit.blockers[0]}"] if blockers else []
        parts += [f"{waiting} wait for it"] if waiting else []
        self._progress(", ".join(parts))
        if waiting > unit.limits.waiters:
            self._cancel(unit, f"{waiting} sessions waited behind it")

    def _bound(self, unit: Unit) -> None:
        """End what a DO block, a function or a DETACH locks for longer than the budget."""
        if unit.held_since is None:
            return
        if time.monotonic() - unit.held_since > unit.limits.stall_ms / 1000:
            names = ", ".join(unit.seen)
            held = f"it held {names} locked, or queued for that, for {unit.limits.stall_ms} ms"
            self._cancel(unit, held)

    def _cancel(self, unit: Unit, reason: str) -> None:
        with self._mutex:
            if self._unit is not unit or self._connection is None:
                return
            self._cancelled = (time.monotonic(), reason)
            self._connection.execute("SELECT pg_catalog.pg_cancel_backend(%s)", (self._pid,))

    def _drop_connection(self) -> None:
        import psycopg  # noqa: PLC0415

        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
        self._connection = None


def _statement(texts: tuple[str, ...], running: str | None) -> list[str]:
    """Which of the texts the server runs; one with a secret in it is not known again."""
    for number, text in enumerate(texts, start=1):
        if running and text[:SHOWN_CHARACTERS] == running[:SHOWN_CHARACTERS]:
            return [f"statement {number} of {len(texts)}"]
    return []


def _query() -> bytes:
    return resources.files(__package__).joinpath("watch.sql").read_bytes()


def _blocker(blocker: Any, *, show_data: bool) -> str:
    parts = [f"pid {blocker['pid']}", str(blocker["who"])]
    if blocker["application"]:
        parts.append(str(blocker["application"]))
    if blocker["seconds"] is not None:
        parts.append(f"in a transaction for {float(blocker['seconds']):.0f} s")
    if blocker["state"] and blocker["state"] != "active":
        parts.append(str(blocker["state"]))
    if show_data and blocker["query"]:
        parts.append("“" + " ".join(str(blocker["query"]).split())[:120] + "”")
    return ", ".join(parts)
