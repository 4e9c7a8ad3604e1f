"""What a file may leave in its session, and what takes it away before the next file.

The same files do the same, whether one run applies them or two.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.apply.command import Command
from schema_tool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schema_tool.sqltext import Statement

_LEAVES_NOTHING = {
    *("create", "alter", "drop", "comment", "grant", "revoke", "insert", "update", "delete"),
    *("truncate", "merge", "refresh", "reindex", "vacuum", "analyze", "cluster", "lock"),
}
_TEMPORARY = {"temp", "temporary"}
_UNLOCKS_ALL = re.compile(r"\bpg_advisory_unlock_all\b", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_$]*")


def cleaning_commands(
    statements: Sequence[Statement], session: Sequence[Command]
) -> tuple[Command, ...]:
    """Put the session back, within the file's transaction; nothing for a file of plain DDL.

    The next transaction begins as the last one has left the session, before any command of its
    own: a default of read only would be too late to take back then.
    """
    if not any(map(_leaves_traces, statements)):
        return ()
    texts = (
        "CLOSE ALL",
        "RESET SESSION AUTHORIZATION",
        "DISCARD TEMP",
        "UNLISTEN *",
        *(_deallocate(name) for name in _prepared(statements)),
    )
    return (*(Command(text=text) for text in texts), *session)


def _deallocate(name: str) -> str:
    """Forget a prepared statement, which an earlier session may have taken with it."""
    return (
        f"DO $$ BEGIN EXECUTE 'DEALLOCATE {name}';"
        " EXCEPTION WHEN invalid_sql_statement_name THEN NULL; END $$"
    )


def chooses_isolation(statements: Sequence[Statement]) -> bool:
    """Whether the file begins with SET TRANSACTION, which no query may precede."""
    return bool(statements) and statements[0].words[:2] == ("set", "transaction")


def refuse_unlocking(statements: Sequence[Statement]) -> None:
    """Refuse what would free the runner's own lock, and let another runner in.

    Errors: UsageError at the statement.
    """
    for statement in statements:
        words = statement.words
        frees = words[0] in {"select", "with", "do", "call", "values"} and _UNLOCKS_ALL.search(
            statement.text
        )
        if frees or words[:2] == ("discard", "all"):
            raise UsageError(
                "this would free the lock that keeps other runners out",
                location=statement.location,
                hint="free what the file has taken: SELECT pg_advisory_unlock(KEY); settings, "
                "temporary tables and prepared statements go with the file",
            )


def _leaves_traces(statement: Statement) -> bool:
    first, *rest = statement.words[:5]
    if first not in _LEAVES_NOTHING or "pg_temp" in statement.text.lower():
        return True
    return first == "create" and not _TEMPORARY.isdisjoint(rest)


def _prepared(statements: Sequence[Statement]) -> Iterator[str]:
    names: dict[str, None] = {}
    for statement in statements:
        first, name = (*statement.words, "", "")[:2]
        if first == "prepare" and _PLAIN_NAME.fullmatch(name) and name != "transaction":
            names[name] = None
        elif first == "deallocate":
            for gone in (name, *statement.words[2:3]):
                names.pop(gone, None)
            if "all" in statement.words[1:3]:
                names.clear()
    yield from names
