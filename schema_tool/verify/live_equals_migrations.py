"""The live database is what its applied migrations make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.findings import Finding, Severity
from schema_tool.verify.check import Check, compare_catalogs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.verify.standing import Standing

NAME = "live-equals-migrations"


def check(live: Catalog, applied: Catalog, standing: Standing) -> Check:
    """Compare the live catalog with that of the applied migrations.

    Pending migrations are told apart from drift: they are a note.
    """
    if standing.ledger:
        claim, right = "the database equals its applied migrations", "the applied migrations"
    else:
        claim, right = "the database equals all migrations", "the migrations"
    compared = compare_catalogs(
        live, applied, name=NAME, claim=claim, names=("the database", right)
    )
    return Check(
        name=compared.name,
        claim=compared.claim,
        objects=compared.objects,
        findings=(*_history(standing), *compared.findings),
    )


def _history(standing: Standing) -> Iterator[Finding]:
    if not standing.ledger:
        yield Finding(
            rule="no-ledger",
            severity=Severity.NOTE,
            message="this database has no ledger: it is compared as if all migrations were applied",
            hint="schema-tool baseline ID adopts it, schema-tool apply starts from nothing",
        )
    for line in standing.broken:
        yield Finding(rule="history", subject=line.id, message=f"{line.id}: {line.explanation}")
    if standing.pending:
        number = len(standing.pending)
        names = ", ".join(migration.id for migration in standing.pending)
        yield Finding(
            rule="pending",
            severity=Severity.NOTE,
            message=f"{number} pending: {names}",
            hint="schema-tool apply",
        )
