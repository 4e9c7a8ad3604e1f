"""Two catalogs -> what differs: compare(live, desired) -> Changes."""

from __future__ import annotations

from schema_tool.compare.changes import PARTS, Action, Change, Changes
from schema_tool.compare.compare import CompareOptions, compare, matches
from schema_tool.compare.ignored import Ignored, fits, parse_ignored, unmatched

__all__ = [
    "PARTS",
    "Action",
    "Change",
    "Changes",
    "CompareOptions",
    "Ignored",
    "compare",
    "fits",
    "matches",
    "parse_ignored",
    "unmatched",
]
