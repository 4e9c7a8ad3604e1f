"""Ratios in one run: contestants take turns, so that the machine's mood hits all alike."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

SESSION_END_S = 0.1
"""After a client has gone, its session is added to the postmaster's children."""


def processor_s(server: int) -> float:
    """Seconds that this process, the programs that it ran and the server's sessions have taken.

    `server` is the postmaster's process number.
    Source: /proc/PID/stat, cutime and cstime: the sessions that have ended.
    """
    time.sleep(SESSION_END_S)
    told = Path(f"/proc/{server}/stat").read_text(encoding="ascii")
    ended = told.rpartition(")")[2].split()[13:15]
    taken = os.times()
    clients = taken.user + taken.system + taken.children_user + taken.children_system
    return clients + sum(map(int, ended)) / os.sysconf("SC_CLK_TCK")


def take_turns(
    contestants: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    before_each: Callable[[], object] = lambda: None,
    server: int = 0,
    processor: dict[str, float] | None = None,
) -> dict[str, list[float]]:
    """Wall seconds of each contestant, `rounds` times in turn; `before_each` is not timed.

    `processor` is filled with each one's seconds of processor time, its sessions on `server` (the
    postmaster's process number) included.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            before_each()
            taken = processor_s(server) if processor is not None else 0.0
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
            if processor is not None:
                processor[name] = processor.get(name, 0.0) + processor_s(server) - taken
    return seconds


def print_ratios(
    seconds: Mapping[str, list[float]],
    *,
    floor: str,
    processor: Mapping[str, float] | None = None,
) -> None:
    """Print each contestant's median and its ratio, round by round, to the floor.

    Then the ratio of the processor time, where there is one: a busy machine distorts it less.
    """
    width = max(len(name) for name in seconds)
    told = "; processor" if processor else ""
    rows = [f"{'':<{width}}  {'median':>9}  ratio to {floor}: median (least to most){told}"]
    for name, values in seconds.items():
        ratios = [value / base for value, base in zip(values, seconds[floor], strict=True)]
        row = (
            f"{name:<{width}}  {statistics.median(values) * 1000:>6.0f} ms  "
            f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        )
        if processor:
            mine = processor[name]
            row += f"; {mine / len(values) * 1000:.0f} ms, {mine / max(processor[floor], 0.01):.2f}"
        rows.append(row)
    sys.stdout.write("\n".join(rows) + "\n")
