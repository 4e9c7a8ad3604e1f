"""Finding and Severity: the one kind of result that lint, verify and diff report."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schema_tool.errors import Location


class Severity(StrEnum):
    """How much a finding weighs: an error or a warning fails the command, a note never does."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a check saw.

    `rule` is stable and documented; `subject` names the database object or file it is about;
    `hint` is what to do.
    """

    rule: str
    message: str
    severity: Severity = Severity.ERROR
    subject: str = ""
    location: Location | None = None
    hint: str = ""
