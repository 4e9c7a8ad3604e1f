"""The squawk rules that are not applied, each with its reason.

A project adds its own by the key `squawk_exclude`; a single place in a file is waived by
`-- squawk-ignore RULE`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

EXCLUDED: Mapping[str, str] = MappingProxyType(
    {
        "require-lock-timeout": "apply sets lock_timeout for every file that it runs",
        "require-statement-timeout": "what others wait for is bounded by apply's lock_timeout; "
        "a statement_timeout would abort index builds and validations, which block nobody",
        "transaction-nesting": "our own rule `transaction` says it, by what apply refuses",
        "ban-uncommitted-transaction": "our own rule `transaction` says it",
        "ban-concurrent-index-creation-in-transaction": "our own rule `transaction` says it; "
        "squawk takes a single statement to be outside of any transaction",
        "prefer-robust-stmts": "the ledger runs each file once; with CONCURRENTLY, IF NOT EXISTS "
        "reports success over an invalid index that a failed build left",
    }
)

# What is said of tables that live clients use and that hold rows. On a table that the same file
# created there are neither. squawk sees this for some statements and not for others.
ABOUT_EXISTING_TABLES = frozenset(
    {
        "adding-field-with-default",
        "adding-foreign-key-constraint",
        "adding-not-nullable-field",
        "adding-required-field",
        "adding-serial-primary-key-field",
        "ban-drop-column",
        "ban-drop-constraint",
        "ban-drop-not-null",
        "ban-drop-table",
        "changing-column-type",
        "constraint-missing-not-valid",
        "disallowed-unique-constraint",
        "renaming-column",
        "renaming-table",
        "require-concurrent-index-creation",
        "require-concurrent-index-deletion",
        "require-concurrent-partition-detach",
    }
)


# An online plan takes the mild way wherever the server has one: for an exclusion constraint, a
# stored expression, the whole of a partitioned table's index or key, a key of rows that are being
# converted it has none. An offline plan was asked for as one: nobody waits for its locks.
_WITHOUT_MILDER_WAY = frozenset(
    {
        "adding-field-with-default",
        "adding-foreign-key-constraint",
        "adding-not-nullable-field",
        "adding-required-field",
        "adding-serial-primary-key-field",
        "changing-column-type",
        "constraint-missing-not-valid",
        "disallowed-unique-constraint",
        "require-concurrent-index-creation",
        "require-concurrent-index-deletion",
        # DETACH … CONCURRENTLY leaves a CHECK behind that nobody has written.
        "require-concurrent-partition-detach",
    }
)


def decided_by_schema(rule: str) -> bool:
    """Whether a rule asks if one really wants what the files of `sql/` say.

    A plan does what they say, and `diff` has had its losses allowed by name, and has told the
    locks of what it could only do so.
    """
    return rule.startswith(("ban-", "renaming-", "prefer-")) or rule in _WITHOUT_MILDER_WAY
