"""A statement in doubt: begun by an earlier run, its end seen by nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tool.apply.command import Command, run_commands
from schema_tool.apply.limits import finalize_limit_command, limit_command
from schema_tool.apply.outcome import Answer, Verdict, judge, observe
from schema_tool.apply.weight import Weight
from schema_tool.errors import RefusedError, TryAgainError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from schema_tool.apply.ledger import Progress
    from schema_tool.apply.work import Work
    from schema_tool.sqltext import Statement


def read_verdict(connection: psycopg.Connection[Any], statement: Statement, before: Any) -> Verdict:
    """Ask the catalog what became of a statement; writes nothing."""
    question = observe(statement)
    now = None
    if question is not None and before is not None:
        row = connection.execute(f"SELECT {question.sql}", dict(question.parameters)).fetchone()
        now = row[0] if row else None
    return judge(statement, question, before, now)


def settle(
    connection: psycopg.Connection[Any], work: Work, statement: Statement, before: Any
) -> bool:
    """Clean up after a statement in doubt and tell whether it is done.

    Errors: RefusedError when only a person can tell or must act; TryAgainError when another
    session is at work on the same table.
    """
    verdict = read_verdict(connection, statement, before)
    _refuse(work, statement, verdict)
    for command in settling_commands(work, statement, verdict):
        run_commands(connection, (command,), work.script, show_data=False)
    return verdict.answer is Answer.DONE


def settling_commands(work: Work, statement: Statement, verdict: Verdict) -> Iterator[Command]:
    """What the clean-up sends."""
    if verdict.cleanup:
        if verdict.finalizes:
            yield finalize_limit_command(work.limits)
        else:
            yield limit_command(work.limits, Weight.LONG, local=False)
        yield from (Command(text=text) for text in verdict.cleanup)
        yield limit_command(work.limits, Weight.LIGHT, local=False)
    if verdict.answer is Answer.DONE:
        yield work.done_command(statement)


def _refuse(work: Work, statement: Statement, verdict: Verdict) -> None:
    if verdict.answer is Answer.BUSY:
        raise TryAgainError(
            f"{work.script.name}: statement {statement.number} was stopped while it ran: "
            f"{verdict.says}",
            location=statement.location,
            hint="wait for it to end, then the same command goes on",
        )
    if verdict.answer in {Answer.UNKNOWN, Answer.BLOCKED}:
        raise RefusedError(
            f"{work.script.name}: statement {statement.number} was stopped while it ran: "
            f"{verdict.says}",
            location=statement.location,
            hint=resolve_hint(work.migration_id, statement.number),
        )


def resolve_hint(migration_id: str, number: int) -> str:
    """The commands that a person chooses from."""
    return (
        "look at the database, then say which:\n"
        f"schema-tool resolve {migration_id}:{number} --done\n"
        f"schema-tool resolve {migration_id}:{number} --not-done"
    )


def in_doubt(work: Work, statement: Statement) -> Progress | None:
    """The ledger's note on a statement that was begun and not seen to end."""
    return work.doubt if work.doubt and work.doubt.number == statement.number else None
