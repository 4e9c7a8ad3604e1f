"""An error as people read it: where, what, the line with a caret, what to type next."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from schema_tool.sqltext.secrets import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.errors import Location, SchemaToolError

# a longer line is shown around the error only: minified SQL would fill the screen
SHOWN_CHARACTERS = 100


def error_lines(error: SchemaToolError) -> Iterator[str]:
    """The lines to print on stderr for one error, notes of failed clean-ups last."""
    prefix = f"{error.location}: " if error.location else "error: "
    state = f" (SQLSTATE {error.sqlstate})" if error.sqlstate else ""
    yield f"{prefix}{error.message}{state}"
    if error.location and error.location.text:
        yield from source_lines(error.location)
    if error.detail:
        yield f"DETAIL: {error.detail}"
    if error.hint:
        first, *rest = error.hint.splitlines()
        yield f"HINT: {first}"
        yield from (f"      {line}" for line in rest)
    for note in getattr(error, "__notes__", ()):
        yield f"note: {note}"


def error_json(error: SchemaToolError) -> str:
    """One error as a JSON object, for stdout.

    Keys: error, with message, exit_code, sqlstate, path, line, column, hint, notes.
    """
    place = error.location
    return json.dumps(
        {
            "error": {
                "message": error.message,
                "exit_code": int(error.exit_code),
                "sqlstate": error.sqlstate or None,
                "path": place.path if place else None,
                "line": place.line if place else None,
                "column": place.column if place else None,
                "hint": error.hint or None,
                "notes": list(getattr(error, "__notes__", ())),
            }
        },
        indent=2,
    )


def source_lines(location: Location) -> Iterator[str]:
    """The source line and, below it, a caret at the column."""
    number = str(location.line)
    start = max(0, location.column - 1 - SHOWN_CHARACTERS // 2)
    if len(location.text) <= SHOWN_CHARACTERS:
        start = 0
    # a tab is one character in the column count and must stay one on the screen
    shown = masked(location.text)[start : start + SHOWN_CHARACTERS].replace("\t", " ")
    yield f"{number} | {shown}"
    yield f"{' ' * len(number)} | {' ' * (location.column - 1 - start)}^"
