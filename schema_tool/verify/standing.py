"""Which migrations a database has, in the order in which it got them, and as whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from schema_tool.apply.ledger import read_ledger
from schema_tool.apply.status import read_status

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from schema_tool.apply.status import Line
    from schema_tool.source import Migration
    from schema_tool.source.migrations import MigrationFolder

# the role is what the objects belong to; it is another one than the login after SET ROLE
_APPLIED_AS = "SELECT id, applied_as FROM schema_tool.migration"
_SESSION = "SELECT current_user::text, pg_catalog.current_setting('search_path')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A database's history against the folder.

    `applied` and `pending` are in the order of applying; `broken` are the migrations whose
    history does not fit the folder; `roles` says as whom each was applied, `role` as whom the
    rest would be.
    """

    ledger: bool
    applied: tuple[Migration, ...]
    pending: tuple[Migration, ...]
    role: str
    search_path: str
    broken: tuple[Line, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)


def read_standing(connection: psycopg.Connection[Any], folder: MigrationFolder) -> Standing:
    """Read the ledger, or yoyo's tables where there is none."""
    status = read_status(connection, folder)
    ledger = read_ledger(connection)
    row = connection.execute(_SESSION).fetchone()
    assert row is not None
    known = any(line.state not in {"pending"} for line in status.lines) or ledger.installed
    done = {line.id for line in status.lines if line.state not in {"pending", "missing"}}
    roles = dict(connection.execute(_APPLIED_AS).fetchall()) if ledger.installed else {}
    in_order = [*ledger.entries, *(m.id for m in folder.migrations if m.id not in ledger)]
    ids = [i for i in in_order if i in done] if known else [m.id for m in folder.migrations]
    latest = [roles[i] for i in ids if i in roles]
    return Standing(
        ledger=known,
        applied=tuple(folder[i] for i in ids),
        pending=tuple(m for m in folder.migrations if m.id not in ids),
        broken=tuple(line for line in status.lines if _is_broken(line)),
        roles=roles,
        role=latest[-1] if latest else row[0],
        search_path=row[1],
    )


def _is_broken(line: Line) -> bool:
    return line.state in {"missing", "changed", "running", "reverting"}
