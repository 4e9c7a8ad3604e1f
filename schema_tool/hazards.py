"""Hazard: the one enumeration of what makes a step dangerous.

A module of its own, so that a flag can be checked before half of the tool is imported.
"""

from __future__ import annotations

from enum import StrEnum


class Hazard(StrEnum):
    """Why a step deserves a second look; the value is what --allow takes."""

    DROP_TABLE = "drop-table"
    DROP_COLUMN = "drop-column"
    DROP_SEQUENCE = "drop-sequence"
    DROP_OBJECT = "drop-object"
    DROP_ENUM_VALUE = "drop-enum-value"
    CHANGE_TYPE = "change-type"
    COPY_TABLE = "copy-table"
    REQUIRE_VALUE = "require-value"
    REQUIRE_CONSTRAINT = "require-constraint"
    REWRITE_TABLE = "rewrite-table"
    SCAN_TABLE = "scan-table"
    BUILD_INDEX = "build-index"
    WEAKEN_SECURITY = "weaken-security"
    REVOKE = "revoke"
    STALE_VALUES = "stale-values"


# Rows, or what cannot be had back by running the plan backwards.
DESTRUCTIVE = frozenset(
    {Hazard.DROP_TABLE, Hazard.DROP_COLUMN, Hazard.DROP_SEQUENCE, Hazard.DROP_ENUM_VALUE}
    | {Hazard.CHANGE_TYPE}
)
