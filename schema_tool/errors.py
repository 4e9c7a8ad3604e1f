"""Every error raised on purpose: a message, the next command to type, an exit code.

The click group shows each once. The exit codes are the tool's contract with scripts and CI.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit status says; README explains each."""

    CLEAN = 0
    DIFFERS = 1
    USAGE = 2
    FAILED = 3
    REFUSED = 4
    EQUAL_AS_FAR_AS_COMPARED = 5
    TRY_AGAIN = 75
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place in a text file.

    Units: line and column count from 1; column counts characters, not bytes.
    `text` is the line itself, kept so that an error can be shown after the file has changed.
    """

    path: str
    line: int
    column: int = 1
    text: str = ""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


class SchemaToolError(Exception):
    """Base of all deliberate errors.

    `hint` is the next command to type; `detail` is the server's DETAIL, which can hold row
    values and is therefore shown only where DESIGN's data rule allows it.
    """

    exit_code: ExitCode = ExitCode.FAILED

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        location: Location | None = None,
        sqlstate: str = "",
        detail: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.location = location
        self.sqlstate = sqlstate
        self.detail = detail


class UsageError(SchemaToolError):
    """The command line, the configuration or an input file is not what the command takes."""

    exit_code = ExitCode.USAGE


class FailedError(SchemaToolError):
    """The work was understood and could not be done."""

    exit_code = ExitCode.FAILED


class RefusedError(SchemaToolError):
    """The work could be done and is refused because it would hurt."""

    exit_code = ExitCode.REFUSED


class TryAgainError(SchemaToolError):
    """Nothing is wrong; another session was in the way and waiting is the answer."""

    exit_code = ExitCode.TRY_AGAIN


class InterruptedRunError(SchemaToolError):
    """The operator stopped the run."""

    exit_code = ExitCode.INTERRUPTED
