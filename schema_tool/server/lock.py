"""One process at a time: a file lock that the kernel releases when its holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schema_tool.errors import TryAgainError
from schema_tool.server.private import open_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK_WAIT_S = 120
"""Longer than the longest start (initdb on a slow disk plus crash recovery)."""

POLL_S = 0.01


def try_lock(path: Path) -> int | None:
    """Take the lock on a file, created if need be, and return its descriptor; None if held."""
    descriptor = open_private(path, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def exclusive(path: Path, *, wait_s: float = LOCK_WAIT_S) -> Iterator[None]:
    """Hold the lock on a file, waiting for it at most `wait_s` seconds.

    Errors: TryAgainError when another process still holds it then.
    """
    deadline = time.monotonic() + wait_s
    while (descriptor := try_lock(path)) is None:
        if time.monotonic() > deadline:
            raise TryAgainError(f"another process has held {path} for {wait_s:g} s")
        time.sleep(POLL_S)
    try:
        yield
    finally:
        os.close(descriptor)
