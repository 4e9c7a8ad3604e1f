"""Run SQL files on a connection; an error names file, line and column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tool.errors import FailedError, SchemaToolError, TryAgainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from schema_tool.source import Script
    from schema_tool.sqltext import Statement


def run_script(
    connection: psycopg.Connection[Any],
    script: Script,
    *,
    transactional: bool = True,
    show_data: bool = True,
) -> None:
    """Run a file: as one transaction, or statement by statement.

    Errors: FailedError at the statement's place in the file.
    """
    statements = script.statements()
    if transactional:
        with connection.transaction():
            run_statements(connection, statements, show_data=show_data)
        return
    for statement in statements:
        run_statements(connection, (statement,), show_data=show_data)


def run_statements(
    connection: psycopg.Connection[Any],
    statements: Sequence[Statement],
    *,
    show_data: bool = True,
) -> None:
    """Send statements without waiting for each answer, then read all answers.

    A round trip a statement would cost 20 times as much over a network (facts: 50 statements at
    20 ms: 1.2 s one by one, 65 ms in a pipeline).
    """
    import psycopg  # noqa: PLC0415 - 0.3 s to load; the caller has paid it

    if len(statements) == 1:
        try:
            connection.execute(statements[0].text.encode())
        except psycopg.Error as error:
            raise statement_error(error, statements[0], show_data=show_data) from error
        return
    cursors = []
    try:
        with connection.pipeline():
            for statement in statements:
                cursor = connection.cursor()
                cursors.append(cursor)
                cursor.execute(statement.text.encode())
    except psycopg.Error as error:
        failed = next((n for n, c in enumerate(cursors) if c.statusmessage is None), 0)
        raise statement_error(error, statements[failed], show_data=show_data) from error


def statement_error(
    error: psycopg.Error, statement: Statement, *, show_data: bool = True
) -> SchemaToolError:
    """The server's error at its place in the file.

    DETAIL can hold row values and is left out unless `show_data`.
    """
    from schema_tool.sqltext import hide_secrets  # noqa: PLC0415 - only for an error

    diagnostics = error.diag
    position = diagnostics.statement_position
    location = statement.locate(int(position)) if position else statement.location
    hints = [diagnostics.message_hint or "", _HINTS.get(error.sqlstate or "", "")]
    context = diagnostics.context
    kind = TryAgainError if error.sqlstate in _TRY_AGAIN else FailedError
    said = (diagnostics.message_primary or str(error)).strip() or type(error).__name__
    failed = kind(
        hide_secrets(said, statement.text),
        location=location,
        sqlstate=error.sqlstate or "",
        detail=(diagnostics.message_detail or "") if show_data else "",
        hint="\n".join(hint for hint in hints if hint),
    )
    if context:
        # the server's own trace of calls, which names the line within a function body
        failed.add_note(f"context: {context}")
    return failed


# lock_timeout ran out; this session was the victim of a deadlock
_TRY_AGAIN = {"55P03", "40P01"}
_HINTS = {
    "55P03": "another session holds the table; run the command again when it has ended",
    "40P01": "run the command again",
    "25001": "a statement that cannot run in a transaction needs a file of its own that begins "
    "with “-- transactional: false”",
    "55P04": "put ALTER TYPE … ADD VALUE into a migration of its own, before the one that uses "
    "the value",
    "2D000": "a procedure that commits needs a file of its own that begins "
    "with “-- transactional: false”",
    "42501": "run as the owner: --role OWNER",
}
