"""Statements that cannot run in the transaction that their file is run in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.apply.alone import refuse_in_transaction, refuse_nested_transactions
from schema_tool.errors import UsageError
from schema_tool.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.lint.files import LintFile

RULE = "transaction"


def check_transactions(file: LintFile) -> Iterator[Finding]:
    """Find what `apply` would refuse, statement by statement."""
    for statement in file.script.statements():
        try:
            refuse_nested_transactions((statement,))
            if file.transactional:
                refuse_in_transaction((statement,))
        except UsageError as error:
            yield Finding(
                rule=RULE, message=error.message, location=error.location, hint=error.hint
            )
