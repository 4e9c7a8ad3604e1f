"""Which kinds of object the cases that pass create, alter and drop: README's table.

`python -m tests.meta.kinds` prints it with its totals; `--majors` the servers found.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import click

from schema_tool.catalog import Kind
from tests.conftest import usable_binaries

CASES = Path(__file__).resolve().parents[1] / "cases"
RESULTS = CASES / "results"
ACTIONS = ("created", "altered", "dropped")


def results() -> dict[int, dict[str, dict[str, int]]]:
    """For each server major the folders that passed, and what was changed there how often."""
    return {
        int(path.stem): json.loads(path.read_text("utf-8"))
        for path in sorted(RESULTS.glob("*.json"))
    }


def counts() -> dict[int, Counter[str]]:
    """For each server major how often each kind was created, altered and dropped."""
    found = {}
    for major, folders in results().items():
        found[major] = Counter[str]()
        for changed in folders.values():
            found[major].update(changed)
    return found


def kind_table() -> str:
    """The table for README, a line a kind; a dash stands for what no case shows."""
    by_major = counts()
    heads = " | ".join(f"PostgreSQL {major}" for major in by_major)
    lines = [f"| created / altered / dropped | {heads} |", "|---|" + "---|" * len(by_major)]
    for kind in sorted(Kind, key=str):
        cells = [
            " / ".join(str(found[f"{kind} {action}"] or "-") for action in ACTIONS)
            for found in by_major.values()
        ]
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    passed = ", ".join(f"{len(folders)} on {major}" for major, folders in results().items())
    return "\n".join(lines) + f"\n\nPairs that pass in both directions: {passed}.\n"


def main() -> None:
    """Print the table, or the majors of the servers found."""
    if "--majors" in sys.argv:
        click.echo(
            " ".join(str(m) for m in sorted(binaries.major for binaries in usable_binaries()))
        )
    else:
        click.echo(kind_table())


if __name__ == "__main__":
    main()
