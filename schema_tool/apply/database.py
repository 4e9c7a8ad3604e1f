"""Whether a database may be written to: empty, or already ours."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

from schema_tool.errors import RefusedError

if TYPE_CHECKING:
    import psycopg


def first_object(connection: psycopg.Connection[Any]) -> str | None:
    """Name one object that somebody made in this database, or nothing when it is empty."""
    text = resources.files(__package__).joinpath("first_object.sql").read_text(encoding="utf-8")
    row = connection.execute(text.encode()).fetchone()
    return None if row is None else str(row[0])


def refuse_foreign_database(connection: psycopg.Connection[Any]) -> None:
    """Refuse a database that has objects and no ledger.

    Errors: RefusedError with the first object's name.
    """
    found = first_object(connection)
    if found is not None:
        raise RefusedError(
            f"this database has no ledger and is not empty: it has {found}",
            hint="if the migrations up to ID made what is there: schema-tool baseline ID",
        )
