"""A run as it goes: a line a file, a summary, or JSON at the end."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from schema_tool.apply.work import Work
    from schema_tool.findings import Finding


@dataclass(slots=True, kw_only=True)
class RunReport:
    """Collects what a runner does; `say` prints a line as it happens.

    `overwrite` puts a line in the place of the last one, on a terminal; elsewhere there is none.
    """

    say: Callable[[str], None]
    verb: str
    show_each: bool = True
    overwrite: Callable[[str], None] | None = None
    done: list[tuple[str, float]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def started(self, work: Work) -> None:
        """Nothing is printed before a file is done, unless it fails."""

    def finished(self, work: Work, seconds: float) -> None:
        """Print the file and how long it took."""
        self.done.append((work.migration_id, seconds))
        if self.show_each:
            self._clear()
            self.say(f"  {work.migration_id:<40} {duration(seconds):>8}")

    def warned(self, finding: Finding) -> None:
        """Print something that did not stop the run."""
        self.warnings.append(finding.message)
        self._clear()
        self.say(f"note: {finding.message}")

    def noted(self, line: str) -> None:
        """Print what the run waits for or announces."""
        self._clear()
        self.say(f"  {line}")

    def progressed(self, line: str) -> None:
        """Show how far the file is; a line a second is of no use in a log."""
        if self.overwrite is not None:
            self.overwrite(f"  {line}")

    def _clear(self) -> None:
        if self.overwrite is not None:
            self.overwrite("")

    def summary(self) -> str:
        """One line for the whole run."""
        count = len(self.done)
        files = "migration" if count == 1 else "migrations"
        total = duration(sum(seconds for _, seconds in self.done))
        return f"{count} {files} {self.verb} in {total}"


def run_json(report: RunReport, *, database: str) -> str:
    """The run as one JSON object.

    Keys: database; migrations, a list of {id, seconds} in the order they ran; notes.
    """
    return json.dumps(
        {
            "database": database,
            report.verb.replace(" ", "_"): [
                {"id": migration_id, "seconds": round(seconds, 3)}
                for migration_id, seconds in report.done
            ],
            "notes": report.warnings,
        },
        indent=2,
    )


def pending_lines(pending: Iterable[tuple[Work, tuple[str, ...]]]) -> Iterator[str]:
    """What would run, as SQL that psql takes."""
    for work, commands in pending:
        yield f"-- {work.script.name}"
        yield from commands


def pending_json(pending: Iterable[tuple[Work, tuple[str, ...]]], *, database: str) -> str:
    """What would run, as one JSON object.

    Keys: database; pending, a list of {id, file, transactional, sql} in the order to run, sql
    being a list of statements.
    """
    return json.dumps(
        {
            "database": database,
            "pending": [
                {
                    "id": work.migration_id,
                    "file": work.script.name,
                    "transactional": work.transactional,
                    "sql": list(commands),
                }
                for work, commands in pending
            ],
        },
        indent=2,
        ensure_ascii=False,
    )


def duration(seconds: float) -> str:
    """A duration as people read it: 12 ms, 3.4 s, 2 min 05 s."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"
