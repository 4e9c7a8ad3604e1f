"""A lock is held by one process and freed by its death."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from schema_tool.errors import ExitCode, TryAgainError
from schema_tool.server.lock import exclusive, try_lock
from tests.integration.server_state import python

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import sys
from pathlib import Path
from schema_tool.server.lock import exclusive
with exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_held_lock_is_waited_for_then_named_and_free_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "server.lock"
    holder = python(HOLD, path)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(TryAgainError, match="another process has held") as caught:  # noqa: SIM117
        with exclusive(path, wait_s=0.05):
            pass
    assert caught.value.exit_code is ExitCode.TRY_AGAIN
    holder.kill()
    holder.communicate()
    with exclusive(path, wait_s=5):
        assert try_lock(path) is None


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic link"):
        try_lock(tmp_path / "lock")
    assert not (tmp_path / "elsewhere").exists()
