"""Two readings beside each other leave the process as they found it."""

from __future__ import annotations

import gc
import sys

from schema_tool.catalog.read import _in_haste


def test_overlapping_readings_leave_no_haste_behind() -> None:
    before = sys.getswitchinterval(), gc.isenabled()
    first, second = _in_haste(), _in_haste()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert (sys.getswitchinterval(), gc.isenabled()) == before
