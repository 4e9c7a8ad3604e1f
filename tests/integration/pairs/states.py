"""Pairs made of what the case folders hold: states that nobody thought of as a pair.

A state is one of the two schemas of a case. It is planned to another state, to a part of itself or
to itself with a few words changed; statements of a second case and some about its tables and types
stand beside both. Names that many cases share make them neighbours.
"""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from schema_tool.sqltext.statements import split_statements
from tests.integration.pairs.edits import added_beside, changed

if TYPE_CHECKING:
    from tests.integration.pairs.proof import Pair

_CASES = Path(__file__).parents[2] / "cases"
_SINCE = re.compile(r"-- since (\d+)")
# A subscription needs a publisher, roles are every database's; some triggers let nothing pass, or
# write down what is done.
_APART = re.compile(r"SUBSCRIPTION|DATABASE|CREATE ROLE|no DDL here|tg_tag")


def pair_of_states(seed: int, major: int) -> Pair:
    """The same for the same seed, server major and cases."""
    rng = random.Random(seed)
    kinds = _states(major)
    everywhere = [path for paths in kinds.values() for path in paths]
    path = rng.choice(everywhere)
    before, after = _neighbours(path, kinds[path.parent.parent.name], rng)
    if rng.random() < 0.3:
        graft = rng.choice(everywhere)
        before = [*before, *_statements(graft)]
        after = [*after, *_statements(rng.choice((graft, _beside(graft))))]
    if rng.random() < 0.5:
        added = added_beside(before, rng)
        before = [*before, *_part(added, 0.9, rng)]
        after = [*after, *_part(added, 0.9, rng)]
    return before, after


def _neighbours(path: Path, near: list[Path], rng: random.Random) -> Pair:
    """A state or what is like it, and another that is like it, too."""
    state, beside = _statements(path), _statements(_beside(path))
    choice = rng.choice(("case", "other", "part", "changed", "changed"))
    if choice == "case":
        return state, changed(beside, rng)
    if choice == "other":
        return state, _statements(rng.choice(near))
    if choice == "part":
        more = [*state, *beside] if rng.random() < 0.5 else state
        kept = rng.choice((0.6, 0.75, 0.9))
        return _part(more, kept, rng), _part(more, kept, rng)
    return (changed(state, rng) if rng.random() < 0.5 else state), changed(state, rng)


def _beside(path: Path) -> Path:
    """The other schema of a case."""
    return path.parent / ("before.sql" if path.name == "after.sql" else "after.sql")


@cache
def _states(major: int) -> dict[str, list[Path]]:
    """The files of the cases that a server knows, by their kind."""
    found: dict[str, list[Path]] = {}
    for folder in sorted(_CASES.glob("*/*/")):
        files = [folder / "before.sql", folder / "after.sql"]
        texts = [path.read_text() for path in files if path.exists()]
        since = (int(m[1]) for text in texts if (m := _SINCE.match(text)))
        if len(texts) == len(files) and max(since, default=0) <= major:
            kept = [] if any(map(_APART.search, texts)) else files
            found.setdefault(folder.parent.name, []).extend(kept)
    return {kind: paths for kind, paths in found.items() if paths}


def _statements(path: Path) -> list[str]:
    """Those that make something: rows are put in as a pair is tried."""
    found = (statement.text for statement in split_statements(path.read_text(), str(path)))
    return [text for text in found if not text.startswith("INSERT")]


def _part(statements: list[str], kept: float, rng: random.Random) -> list[str]:
    return [statement for statement in statements if rng.random() < kept]
