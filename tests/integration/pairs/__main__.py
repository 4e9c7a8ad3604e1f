"""Run many random pairs of schemas and reduce the first that fails of each sort.

Run by `make pairs`, or with numbers of its own:
    python -m tests.integration.pairs --count 1000 --seed 1 --major 18
With --states the pairs are made of what the case folders hold (`make states`).
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

import click

from tests.conftest import Server, Servers, usable_binaries
from tests.integration.pairs.build import random_pair
from tests.integration.pairs.proof import Broken, Pair, Trial, prepare
from tests.integration.pairs.states import pair_of_states

# Failures that show before pg_dump and the shuffled statements are looked at.
_EARLY = ("apply", "make_plan", "second diff", "rows")


def attempt(
    server: Server,
    pair: Pair,
    seed: int,
    *,
    quick: bool = False,
    ordered: bool = False,
    returned: bool = False,
) -> Broken | None:
    """What fails for a pair; the seed chooses online or offline."""
    trial = Trial(
        server=server,
        pair=pair,
        online=seed % 2 == 0,
        quick=quick,
        ordered=ordered,
        returned=returned,
    )
    try:
        trial.run(rng=random.Random(seed))
    except Broken as broken:
        # Rows of a foreign table whose wrapper cannot read are never moved.
        return None if "has no handler" in broken.what else broken
    return None


def reduced(server: Server, pair: Pair, seed: int, what: str, *, returned: bool) -> Pair:
    """The pair without the statements that the failure does not need."""
    size = max(len(pair[0]), len(pair[1])) // 2
    while size:
        pair, smaller = _without(server, pair, seed, what, size, returned=returned), pair
        size = size // 2 if pair == smaller else size
    return pair


def _without(
    server: Server, pair: Pair, seed: int, what: str, size: int, *, returned: bool
) -> Pair:
    """Leave out chunks of both sides at once where they are the same, else of one."""
    everything = list(dict.fromkeys([*pair[0], *pair[1]]))
    for start in range(0, len(everything), size):
        gone = set(everything[start : start + size])
        fewer = ([s for s in pair[0] if s not in gone], [s for s in pair[1] if s not in gone])
        if fewer == pair:
            continue
        ordered = what != "shuffled"
        quick = what.startswith(_EARLY)
        broken = attempt(server, fewer, seed, quick=quick, ordered=ordered, returned=returned)
        if broken and broken.what == what:
            pair = fewer
    return pair


def main() -> int:
    """Run the pairs; exit 1 when one failed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--major", type=int, action="append")
    parser.add_argument("--keep-going", action="store_true")
    parser.add_argument("--states", action="store_true")
    given = parser.parse_args()
    # a run that is ended stops its servers, too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    majors = given.major or [b.major for b in usable_binaries()]
    with tempfile.TemporaryDirectory(prefix="schema-tool-pairs-", dir=_memory()) as name:
        Path(name).chmod(0o755)
        servers = Servers(Path(name))
        try:
            seeds = range(given.seed, given.seed + given.count)
            return _run(servers, majors, seeds, given.keep_going, states=given.states)
        finally:
            servers.stop()


def _memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def _run(
    servers: Servers, majors: list[int], seeds: range, keep_going: bool, *, states: bool
) -> int:
    failures: Counter[str] = Counter()
    for major in majors:
        prepare(servers(major))
    for number, seed in enumerate(seeds, start=1):
        major = majors[seed % len(majors)]
        pair = pair_of_states(seed, major) if states else random_pair(seed, major)
        # Every fifth database has a history.
        returned = states and seed % 5 == 0
        broken = attempt(servers(major), pair, seed, ordered=states, returned=returned)
        if broken is None:
            continue
        failures[broken.what] += 1
        if failures[broken.what] == 1:
            _tell(servers(major), pair, seed, broken.what, returned=returned)
        click.echo(f"{number} run, {sum(failures.values())} failed, last {seed}")
        if not keep_going:
            break
    done = len(seeds) if not failures or keep_going else number
    click.echo(f"{done} pairs, {sum(failures.values())} failed")
    for what, times in failures.most_common():
        click.echo(f"  {times} {what}")
    return 1 if failures else 0


def _tell(server: Server, pair: Pair, seed: int, what: str, *, returned: bool) -> None:
    small = reduced(server, pair, seed, what, returned=returned)
    broken = attempt(server, small, seed, ordered=True, returned=returned)
    click.echo(f"\n=== seed {seed}, PostgreSQL {server.major}: {what}")
    for title, side in zip(("before", "after"), small, strict=True):
        click.echo(f"--- {title}\n" + ";\n".join(side))
    click.echo(f"--- {broken}")


if __name__ == "__main__":
    sys.exit(main())
