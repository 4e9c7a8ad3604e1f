"""Statements that cannot run in the transaction that their file is run in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.apply.alone import outside_transactions, refuse_nested_transactions
from schema_tool.errors import UsageError
from schema_tool.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schema_tool.lint.files import LintFile
    from schema_tool.sqltext import Statement

RULE = "transaction"


def check_transactions(file: LintFile) -> Iterator[Finding]:
    """Find what `apply` would refuse, statement by statement."""
    statements = tuple(file.script.statements())
    errors = [
        *_nested(statements),
        *(outside_transactions(statements) if file.transactional else ()),
    ]
    for error in errors:
        yield Finding(rule=RULE, message=error.message, location=error.location, hint=error.hint)


def _nested(statements: Sequence[Statement]) -> Iterator[UsageError]:
    for statement in statements:
        try:
            refuse_nested_transactions((statement,))
        except UsageError as error:
            yield error
