"""Pairs made of what the case folders hold: states that nobody thought of as a pair.

A state is one of the two schemas of a case. It is planned to another state, to a part of itself or
to itself with a few words changed; names that many cases share make them neighbours.
"""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from schema_tool.sqltext.statements import split_statements

if TYPE_CHECKING:
    from tests.integration.pairs.proof import Pair

_CASES = Path(__file__).parents[2] / "cases"
_SINCE = re.compile(r"-- since (\d+)")
# A subscription needs a publisher, and roles are every database's.
_APART = re.compile(r"SUBSCRIPTION|DATABASE|CREATE ROLE")
# What is found, and what is put in its place.
_CHANGES = (
    (r"\bint\b", "bigint"),
    (r"\bint\b", "text"),
    (r"\bint\b", "numeric(8, 2)"),
    (r"\bint\b", "int NOT NULL"),
    (r"\btext\b", "varchar(40)"),
    (r"\btext\b", "int"),
    (r"\bbigint\b", "int"),
    (" NOT NULL", ""),
    (r"\bserial\b", "int GENERATED ALWAYS AS IDENTITY"),
    ("PRIMARY KEY", "UNIQUE"),
    ("UNIQUE", "PRIMARY KEY"),
    (r"> ?\d+", "> 7"),
    ("'a'", "'zz'"),
    (r"DEFAULT \d+", "DEFAULT 77"),
    (r"DEFAULT '?\w+'?", ""),
    ("GENERATED .* IDENTITY", ""),
    (r"LIST \((\w+)\)", r"RANGE (\1)"),
    (r"PARTITION OF (\w+) .*", r"() INHERITS (\1)"),
    (r"INHERITS \(\w+\)", ""),
    ("CREATE TABLE", "CREATE UNLOGGED TABLE"),
    ("ON DELETE CASCADE", ""),
    (r"REFERENCES (\w+)", r"REFERENCES \1 ON DELETE CASCADE"),
    ("CREATE VIEW", "CREATE MATERIALIZED VIEW"),
    ("CREATE MATERIALIZED VIEW", "CREATE VIEW"),
    ("IMMUTABLE", "STABLE"),
    (r"RETURNS int\b", "RETURNS bigint"),
    (r"\(int\)", "(bigint)"),
    ("BEFORE (INSERT|UPDATE)", r"AFTER \1"),
    ("FOR SELECT", "FOR ALL"),
    (r"\b([tapxvfcbyu])\b", r"\1_new"),
    (r"\b([tapvfcbu])\b", r"elsewhere.\1"),
)


def pair_of_states(seed: int, major: int) -> Pair:
    """The same for the same seed, server major and cases."""
    rng = random.Random(seed)
    kinds = _states(major)
    whole = rng.choice([path for paths in kinds.values() for path in paths])
    state, near = _statements(whole), kinds[whole.parent.parent.name]
    choice = rng.choice(("other", "part", "changed"))
    if choice == "other":
        return state, _statements(rng.choice(near))
    if choice == "part":
        beside = whole.parent / ("before.sql" if whole.name == "after.sql" else "after.sql")
        more = [*state, *_statements(beside)] if rng.random() < 0.5 else state
        kept = rng.choice((0.6, 0.75, 0.9))
        return _part(more, kept, rng), _part(more, kept, rng)
    return (_changed(state, rng) if rng.random() < 0.5 else state), _changed(state, rng)


@cache
def _states(major: int) -> dict[str, list[Path]]:
    """The files of the cases that a server knows, by their kind."""
    found: dict[str, list[Path]] = {}
    for folder in sorted(_CASES.glob("*/*/")):
        files = [folder / "before.sql", folder / "after.sql"]
        texts = [path.read_text() for path in files if path.exists()]
        since = (int(m[1]) for text in texts if (m := _SINCE.match(text)))
        if len(texts) == len(files) and max(since, default=0) <= major:
            kept = [p for p, text in zip(files, texts, strict=True) if not _APART.search(text)]
            found.setdefault(folder.parent.name, []).extend(kept)
    return {kind: paths for kind, paths in found.items() if paths}


def _statements(path: Path) -> list[str]:
    return [statement.text for statement in split_statements(path.read_text(), str(path))]


def _part(statements: list[str], kept: float, rng: random.Random) -> list[str]:
    return [statement for statement in statements if rng.random() < kept]


def _changed(statements: list[str], rng: random.Random) -> list[str]:
    changed = list(statements)
    for _ in range(rng.choice((1, 1, 2, 3, 5))):
        found, other = rng.choice(_CHANGES)
        places = [i for i, statement in enumerate(changed) if re.search(found, statement)]
        everywhere = rng.random() < 0.35
        for i in places if everywhere else rng.sample(places, min(1, len(places))):
            changed[i] = re.sub(found, other, changed[i], count=0 if everywhere else 1)
        if "elsewhere" in other:
            changed.insert(0, "CREATE SCHEMA elsewhere")
    return changed
