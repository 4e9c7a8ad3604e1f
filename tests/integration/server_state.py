"""A state folder for servers of a test's own, reachable for the account that runs them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from schema_tool.server.cluster import stop

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY = Path("/dev/shm")
SETTINGS = {"fsync": "off"}


@contextmanager
def state_folder() -> Iterator[Path]:
    """A folder in memory if there is any; the servers below it are stopped at the end."""
    base = MEMORY if os.access(MEMORY, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="schema-tool-tests-", dir=base))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        for data in folder.glob("*/data"):
            stop(data.parent, mode="immediate")
        shutil.rmtree(folder)


def python(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a Python process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
