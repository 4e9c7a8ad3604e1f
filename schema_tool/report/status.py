"""A database's standing: a line a migration, or JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from schema_tool.report.run import duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.apply.status import Line, Status


def status_lines(status: Status, *, target: str = "") -> Iterator[str]:
    """The table and its summary; `target` are the flags that lead to the same database."""
    width = max((len(line.id) for line in status.lines), default=0)
    for line in status.lines:
        yield f"{line.id:<{width}}  {_standing(line)}".rstrip()
    applied = sum(line.state in {"applied", "edited"} for line in status.lines)
    others = len(status.lines) - applied - status.pending
    parts = [f"{applied} applied", f"{status.pending} pending"]
    if others:
        parts.append(f"{others} to look at")
    yield ", ".join(parts)
    commands = [line.next_command for line in status.lines if line.next_command]
    if commands:
        other = "   (or --not-done)" if commands[0].endswith("--done") else ""
        yield f"next: {commands[0]}{target}{other}"
    elif status.foreign:
        yield f"there is no ledger here, and the database is not empty: it has {status.foreign}"
        yield f"next: schema-tool baseline ID{target}   (if the migrations up to ID made that)"
    elif status.pending and not others:
        yield f"next: schema-tool apply{target}"


def _standing(line: Line) -> str:
    parts = [line.state]
    if line.started_at is not None:
        parts.append(f"{line.started_at:%Y-%m-%d %H:%M}")
        parts.append(line.applied_by)
        if line.duration is not None:
            parts.append(duration(line.duration.total_seconds()))
    if line.origin and line.origin != "apply":
        parts.append(f"({line.origin})")
    if line.explanation:
        parts.append(line.explanation)
    return "  ".join(parts)


def status_json(status: Status) -> str:
    """The standing as one JSON object.

    Keys: ledger, whether the database has one; pending, a number; migrations, a list of {id,
    state, origin, applied_by, applied_from, started_at, seconds, explanation, next}.
    """
    return json.dumps(
        {
            "ledger": status.ledger,
            "pending": status.pending,
            "clean": status.clean,
            "migrations": [_line_object(line) for line in status.lines],
        },
        indent=2,
    )


def _line_object(line: Line) -> dict[str, object]:
    return {
        "id": line.id,
        "state": line.state,
        "origin": line.origin or None,
        "applied_by": line.applied_by or None,
        "applied_from": line.applied_from or None,
        "started_at": line.started_at.isoformat() if line.started_at else None,
        "seconds": round(line.duration.total_seconds(), 3) if line.duration else None,
        "explanation": line.explanation or None,
        "next": line.next_command or None,
    }
