"""Ratios in one run: contestants take turns, so that the machine's mood hits all alike."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping


def take_turns(
    contestants: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    before_each: Callable[[], object] = lambda: None,
) -> dict[str, list[float]]:
    """Wall seconds of each contestant, `rounds` times in turn; `before_each` is not timed."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            before_each()
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return seconds


def print_ratios(seconds: Mapping[str, list[float]], *, floor: str) -> None:
    """Print each contestant's median and its ratio, round by round, to the floor."""
    width = max(len(name) for name in seconds)
    rows = [f"{'':<{width}}  {'median':>9}  ratio to {floor}: median (least to most)"]
    for name, values in seconds.items():
        ratios = [value / base for value, base in zip(values, seconds[floor], strict=True)]
        rows.append(
            f"{name:<{width}}  {statistics.median(values) * 1000:>6.0f} ms  "
            f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        )
    sys.stdout.write("\n".join(rows) + "\n")
