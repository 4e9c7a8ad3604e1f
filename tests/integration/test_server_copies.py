"""Root's copies of server programs do not pile up, and none that is in use goes."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from schema_tool.server import copies

OLD = time.time() - 30 * 86_400


def folder(cache: Path, name: str, *, old: bool) -> Path:
    made = cache / name
    (made / "bin").mkdir(parents=True)
    (made / "bin" / "initdb").write_text("")
    if old:
        os.utime(made, (OLD, OLD))
    return made


def test_what_nobody_uses_goes_and_what_runs_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "ROOT_CACHE", tmp_path)
    stale = folder(tmp_path, "0123456789abcdef", old=True)
    fresh = folder(tmp_path, "0123456789abcde0", old=False)
    unfinished = folder(tmp_path, "copying-x", old=True)
    others = folder(tmp_path, "lint", old=True)
    used = folder(tmp_path, "0123456789abcde1", old=False)
    program = used / "bin" / "sleep"
    shutil.copy2(str(shutil.which("sleep")), program)
    with subprocess.Popen([program, "60"]) as running:
        os.utime(used, (OLD, OLD))
        copies.sweep()
        assert not stale.exists()
        assert not unfinished.exists()
        assert fresh.exists()
        assert others.exists()
        assert (used / "bin" / "initdb").exists()
        running.kill()
    copies.sweep()
    assert not used.exists()
    assert {left.name for left in tmp_path.iterdir()} == {fresh.name, others.name}
