"""SIGTERM ends a run as Ctrl-C does: cancel, roll back, say where it stands."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@contextmanager
def terminate_as_interrupt() -> Iterator[None]:
    """Let SIGTERM, which container platforms send, raise KeyboardInterrupt in the block.

    Ctrl-Z is not heard: a runner that stands still with locks in its hands keeps everybody waiting.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    before_stop = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGTSTP, before_stop)
