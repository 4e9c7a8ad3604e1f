"""Text that PostgreSQL's own parser rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.apply.secret import without_marks
from schema_tool.errors import Location, UsageError
from schema_tool.findings import Finding
from schema_tool.sqltext import hide_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.source import Script

RULE = "syntax"


def check_syntax(script: Script) -> tuple[Finding, ...]:
    """Find the statements of a file that are no SQL to PostgreSQL.

    Each statement is parsed apart, so that one mistake does not hide the next. The grammar is
    that of one server version, which the message names; the bodies of functions are not read.
    Source: libpg_query, which is the server's gram.y and scan.l.
    """
    import postgast  # noqa: PLC0415 - 0.1 s to load

    try:
        postgast.parse(without_marks(script.text))
    except postgast.PgQueryError:
        return tuple(_findings(script))
    return _unrunnable(script)


def _findings(script: Script) -> Iterator[Finding]:
    import postgast  # noqa: PLC0415

    try:
        statements = script.statements()
    except UsageError as error:
        yield _finding(error.message, error.location, error.hint)
        return
    major = postgast.parse("").version // 10000
    for statement in statements:
        try:
            postgast.parse(without_marks(statement.text))
        except postgast.PgQueryError as error:
            # cursorpos counts characters of the statement from 1
            location = statement.locate(error.cursorpos or 1)
            said = hide_secrets(str(error.message), statement.text)
            yield _finding(f"{said} (PostgreSQL {major}'s grammar)", location)


def _unrunnable(script: Script) -> tuple[Finding, ...]:
    """COPY … FROM STDIN parses, and no runner but psql can run it."""
    try:
        script.statements()
    except UsageError as error:
        return (_finding(error.message, error.location, error.hint),)
    return ()


def _finding(message: str, location: Location | None, hint: str = "") -> Finding:
    return Finding(rule=RULE, message=message, location=location, hint=hint)
