"""Statements that PostgreSQL runs only outside a transaction block, told by their first words.

Source: manual pages of each command ("cannot be executed inside a transaction block") and
PreventInTransactionBlock's callers in the server's tcop/utility.c.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schema_tool.sqltext import Statement

_ALWAYS_ALONE = (
    ("vacuum",),
    ("create", "database"),
    ("drop", "database"),
    ("create", "tablespace"),
    ("drop", "tablespace"),
    ("alter", "system"),
    # only with a replication slot to drop, which the statement does not say
    ("drop", "subscription"),
)
_NO_SLOT_MADE = re.compile(r"\b(?:connect|create_slot)\s*=\s*'?(?:false|off|0)\b", re.IGNORECASE)
_NO_SLOT = re.compile(r"\bslot_name\s*=\s*none\b", re.IGNORECASE)
_COMMITS = re.compile(r"\b(?:commit|rollback)\s*;", re.IGNORECASE)
_TRANSACTION_CONTROL = {"begin", "commit", "rollback", "end", "abort", "start", "prepare"}


def must_run_alone(statement: Statement) -> bool:
    """Whether the statement is refused within a transaction block."""
    words = statement.words
    if any(words[: len(start)] == start for start in _ALWAYS_ALONE):
        return True
    if words[:2] == ("create", "subscription"):
        return _NO_SLOT_MADE.search(statement.text) is None
    if words[0] == "reindex":
        return "concurrently" in words or any(w in words[:4] for w in ("database", "system"))
    if words[0] in {"create", "drop"} and "index" in words[:3]:
        return "concurrently" in words[:4]
    if words[:2] == ("alter", "table") and "detach" in words:
        return "concurrently" in words
    return _may_commit(statement) or words == ("cluster",)


def _may_commit(statement: Statement) -> bool:
    """Whether it is a DO block that commits, or a procedure, which may do so batch by batch."""
    first = statement.words[0]
    return first == "call" or (first == "do" and _COMMITS.search(statement.text) is not None)


def is_session_setting(statement: Statement) -> bool:
    """Whether the statement sets something that ends with the session, so a re-run needs it."""
    return statement.words[0] in {"set", "reset"} and statement.words[1:2] != ("constraints",)


def refuse_nested_transactions(statements: Sequence[Statement]) -> None:
    """Refuse BEGIN, COMMIT and ROLLBACK in a file: the runner opens and closes the transaction.

    Errors: UsageError at the statement.
    """
    for statement in statements:
        first, second = (*statement.words, "", "")[:2]
        if first == "rollback" and "to" in statement.words[:3]:
            continue
        if first == "prepare" and second != "transaction":
            continue
        if first in _TRANSACTION_CONTROL:
            raise UsageError(
                f"{first.upper()} in a migration would end the transaction that the ledger's row "
                "belongs to",
                location=statement.location,
                hint="remove it; for steps that commit by themselves begin the file with\n"
                "-- transactional: false",
            )


def refuse_in_transaction(statements: Sequence[Statement]) -> None:
    """Refuse what cannot run in a transactional file before anything has started.

    Errors: UsageError at the statement.
    """
    for error in outside_transactions(statements):
        raise error


def outside_transactions(statements: Sequence[Statement]) -> Iterator[UsageError]:
    """What of a transactional file's statements cannot be run, an error each."""
    slotless = False
    for statement in statements:
        is_subscription = statement.words[1:2] == ("subscription",)
        slotless = slotless or (is_subscription and _NO_SLOT.search(statement.text) is not None)
        if slotless and statement.words[:2] == ("drop", "subscription"):
            continue
        if must_run_alone(statement) and statement.words[0] not in {"call", "do"}:
            yield UsageError(
                f"{' '.join(statement.words[:2]).upper()} … cannot run inside a transaction",
                location=statement.location,
                hint="put it into a migration of its own that begins with\n-- transactional: false",
            )
