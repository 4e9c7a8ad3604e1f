"""Where a database stands: what is applied, pending, half done; in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schema_tool.apply.database import first_object
from schema_tool.apply.doubt import read_verdict
from schema_tool.apply.ledger import Direction, Entry, Ledger, State, read_ledger
from schema_tool.apply.outcome import Answer
from schema_tool.apply.yoyo_tables import YoyoTables, read_yoyo_tables

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    import psycopg

    from schema_tool.source import Script
    from schema_tool.source.migrations import MigrationFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One migration's standing.

    `state` is applied, pending, running, reverting, changed, edited or missing.
    """

    id: str
    state: str
    origin: str = ""
    applied_by: str = ""
    applied_from: str = ""
    started_at: datetime | None = None
    duration: timedelta | None = None
    explanation: str = ""
    next_command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A database's standing against the migrations folder.

    `foreign` is an object of a database that has no ledger: `apply` refuses that one.
    """

    ledger: bool
    lines: tuple[Line, ...]
    foreign: str = ""

    @property
    def pending(self) -> int:
        """How many migrations are still to be applied."""
        return sum(line.state == "pending" for line in self.lines)

    @property
    def clean(self) -> bool:
        """Whether everything in the folder is applied as it stands there."""
        return all(line.state in {"applied", "edited"} for line in self.lines)


def read_status(connection: psycopg.Connection[Any], folder: MigrationFolder) -> Status:
    """Compare ledger and folder; writes nothing."""
    ledger = read_ledger(connection)
    yoyo = read_yoyo_tables(connection)
    by_yoyo = yoyo.applied if yoyo else {}
    lines = [_line(connection, m.id, ledger, folder, yoyo) for m in folder.migrations]
    known = {m.id for m in folder.migrations}
    for migration_id in [*ledger.entries, *sorted(set(by_yoyo) - set(ledger.entries))]:
        if migration_id not in known:
            gone = "applied here, and its file is gone from the migrations folder"
            lines.append(Line(id=migration_id, state="missing", explanation=gone))
    unknown = not ledger.installed and yoyo is None
    foreign = first_object(connection) if unknown else None
    return Status(ledger=ledger.installed, lines=tuple(lines), foreign=foreign or "")


def _line(
    connection: psycopg.Connection[Any],
    migration_id: str,
    ledger: Ledger,
    folder: MigrationFolder,
    yoyo: YoyoTables | None,
) -> Line:
    entry = ledger.entries.get(migration_id)
    if entry is None:
        if yoyo is not None and migration_id in yoyo.applied:
            by = "applied by yoyo; schema-tool apply adopts it"
            return Line(id=migration_id, state="applied", origin="yoyo", explanation=by)
        return Line(id=migration_id, state="pending")
    if entry.state is State.APPLIED and yoyo is not None and yoyo.undone_since(entry):
        by = "rolled back by yoyo; schema-tool apply applies it again"
        return Line(id=migration_id, state="pending", origin="yoyo", explanation=by)
    migration = folder[migration_id]
    state, explanation, command = str(entry.state), "", ""
    if entry.state is not State.APPLIED:
        script = migration.script if entry.state is State.RUNNING else migration.rollback
        explanation, command = _half_done(connection, entry, script)
    elif migration.raw_hash() != entry.raw_hash:
        if migration.semantic_hash() == entry.semantic_hash:
            state, explanation = "edited", "edited since, in comments or white space only"
        else:
            state, explanation = "changed", "the file is not what was applied"
    return Line(
        id=migration_id,
        state=state,
        origin=entry.origin,
        applied_by=entry.applied_by,
        applied_from=entry.applied_from,
        started_at=entry.started_at,
        duration=entry.duration,
        explanation=explanation,
        next_command=command,
    )


def _half_done(
    connection: psycopg.Connection[Any], entry: Entry, script: Script | None
) -> tuple[str, str]:
    """What became of a file that stopped half-way, and the command to type next."""
    direction = Direction.APPLY if entry.state is State.RUNNING else Direction.ROLLBACK
    steps = [s for s in entry.progress if s.direction is direction]
    done = sum(s.state == "done" for s in steps)
    command = f"schema-tool {direction}"
    doubt = next((s for s in steps if s.state != "done"), None)
    if doubt is None:
        files = "statement was" if done == 1 else "statements were"
        return f"stopped after {done} {files} carried out", command
    stopped = f"stopped while statement {doubt.number} ran"
    statements = script.statements() if script else ()
    if len(statements) < doubt.number:
        return f"{stopped}, which the file no longer has", command
    statement = statements[doubt.number - 1]
    verdict = read_verdict(connection, statement, doubt.before)
    first_words = " ".join(statement.text.split())[:60]
    if verdict.answer in {Answer.UNKNOWN, Answer.BLOCKED}:
        command = f"schema-tool resolve {entry.id}:{doubt.number} --done"
    return f"{stopped} ({first_words}): {verdict.says}", command
