"""One unit of work, tried again while other sessions are in its way."""

from __future__ import annotations

import math
import random
import time
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from schema_tool.apply.failure import QUERY_CANCELED, LockTroubleError
from schema_tool.errors import SchemaToolError

if TYPE_CHECKING:
    from collections.abc import Callable

    from schema_tool.apply.limits import Limits
    from schema_tool.apply.watch import Unit, Watch

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 8.0
"""Between attempts whoever queued behind us gets through; the jitter parts rival runners."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """How often and under whose eyes a unit is tried.

    `tell` prints a line.
    Units: wait_s seconds to go on from the first failure: a run may have taken hours before it.
    """

    watch: Watch
    wait_s: float
    tell: Callable[[str], None]

    def run(
        self,
        label: str,
        limits: Limits,
        work: Callable[[], None],
        *,
        texts: tuple[str, ...] = (),
    ) -> None:
        """Do the work; where another session was in the way, again after a pause.

        Errors: LockTroubleError when the time is over; whatever else the work raises.
        """
        deadline = math.inf
        for number in count(1):
            try:
                with self.watch.over(label, limits, texts) as unit:
                    work()
            except SchemaToolError as raised:
                error = self._ours(raised, label)
                if not isinstance(error, LockTroubleError):
                    raise
                deadline = min(deadline, time.monotonic() + self.wait_s)
                pause = _pause(number)
                _name_blockers(error, unit)
                if time.monotonic() + pause > deadline:
                    _give_up(error, number)
                    raise error from raised
                self.tell(f"{_line(error, unit)}; again in {pause:.1f} s (attempt {number})")
                time.sleep(pause)
            else:
                return

    def _ours(self, error: SchemaToolError, label: str) -> SchemaToolError:
        """A statement that the watch cancelled was in others' way, not in an operator's."""
        reason = self.watch.reason
        if not reason or error.sqlstate != QUERY_CANCELED:
            return error
        ours = LockTroubleError(f"{label}: gave up, because {reason}", sqlstate=QUERY_CANCELED)
        for note in getattr(error, "__notes__", ()):
            ours.add_note(note)
        return ours


def _pause(number: int) -> float:
    longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** (number - 1))
    return longest * random.uniform(0.6, 1.4)  # noqa: S311


def _line(error: LockTroubleError, unit: Unit) -> str:
    return f"{error.message}: {unit.blockers[0]}" if unit.blockers else error.message


def _name_blockers(error: LockTroubleError, unit: Unit) -> None:
    for blocker in unit.blockers:
        error.add_note(f"in the way: {blocker}")


def _give_up(error: LockTroubleError, attempts: int) -> None:
    tried = "once" if attempts == 1 else f"{attempts} times"
    error.message = f"{error.message} (tried {tried})"
    if not error.hint:
        error.hint = "try again later, or give it longer: --wait 10min"
