"""A sample of `make torture`, small enough for every run of the tests."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.conftest import PROJECT


def test_a_kill_at_any_instant_loses_nothing_and_repeats_nothing() -> None:
    """In a process of its own: it forks, and a fork of pytest would run pytest's clean-up."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.integration.apply.torture"),
            *("--runner", "6", "--server", "2", "--seed", "3"),
        ],
        cwd=PROJECT,
        env={**os.environ, "PYTHONWARNINGS": "default"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
