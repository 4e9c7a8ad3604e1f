"""A plan that somebody approved: `apply` runs exactly that, or says what has changed since."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from schema_tool import __version__
from schema_tool.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from schema_tool.apply.ledger import Ledger
    from schema_tool.apply.pending import Pending
    from schema_tool.apply.run import Options

LAYOUT = 1
_SERVER = """
SELECT s.system_identifier::TEXT, pg_catalog.current_database()::TEXT
FROM pg_catalog.pg_control_system() AS s
"""
_WORDS = {
    "tool": "the version of schema-tool",
    "server": "the server",
    "database": "the database",
    "ledger": "what is applied to the database",
    "files": "the pending files",
}


def make_plan(
    connection: psycopg.Connection[Any], ledger: Ledger, pending: Pending, options: Options
) -> dict[str, Any]:
    """What an apply would do now, as far as an approval depends on it."""
    row = connection.execute(_SERVER).fetchone()
    assert row is not None
    return {
        "layout": LAYOUT,
        "tool": __version__,
        "server": row[0],
        "database": row[1],
        "ledger": _ledger_hash(ledger),
        "allow_out_of_order": options.allow_out_of_order,
        "files": [
            {"id": m.id, "sha256": m.raw_hash(), "transactional": m.transactional}
            for m in pending.migrations
        ],
    }


def write_plan(plan: dict[str, Any], sql: Sequence[str]) -> str:
    """The plan as JSON; the SQL is there for whoever approves it."""
    return json.dumps({**plan, "sql": list(sql)}, indent=2, ensure_ascii=False) + "\n"


def read_plan(text: str, name: str) -> dict[str, Any]:
    """Read a plan back, without its SQL.

    Errors: UsageError when it is none of ours.
    """
    try:
        plan = json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{name} is not a plan: {error}") from None
    if not isinstance(plan, dict) or plan.get("layout") != LAYOUT:
        raise UsageError(f"{name} is not a plan of this schema-tool", hint="schema-tool plan -o …")
    plan.setdefault("allow_out_of_order", False)
    return {key: value for key, value in plan.items() if key != "sql"}


def refuse_other_plan(approved: dict[str, Any], now: dict[str, Any]) -> None:
    """Refuse when anything is not as it was approved.

    Errors: RefusedError that names what differs.
    """
    differ = [words for key, words in _WORDS.items() if approved.get(key) != now[key]]
    if differ:
        changed = {f["id"] for f in now["files"] if f not in approved.get("files", [])}
        changed |= {f["id"] for f in approved.get("files", []) if f not in now["files"]}
        which = f" ({', '.join(sorted(changed))})" if changed else ""
        raise RefusedError(
            f"this is not what was approved: {', '.join(differ)} changed since{which}",
            hint="make a new plan and have it approved: schema-tool plan -o plan.json",
        )


def _ledger_hash(ledger: Ledger) -> str:
    digest = hashlib.sha256()
    for entry in ledger.entries.values():
        digest.update(f"{entry.id} {entry.state} {entry.raw_hash}\n".encode())
    return digest.hexdigest()
