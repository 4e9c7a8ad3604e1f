"""For whom the session acts, and ids as they are given."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from schema_tool.errors import FailedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def act_for(connection: psycopg.Connection[Any], user: str | None) -> None:
    """Make the session act for a user of the application.

    Errors: UsageError when it is no id; FailedError when no such user is there.
    """
    if user is None:
        return
    connection.execute("SELECT set_config('app.user_id', %s, false)", [check_uuid("--user", user)])
    row = connection.execute("SELECT count(*) FROM public.users WHERE id = %s::uuid", [user])
    if row.fetchone() == (0,):
        raise FailedError(f"there is no user {user}", hint="SELECT id, email FROM users;")


def check_uuid(option: str, value: str) -> str:
    """An id as it was given.

    Errors: UsageError when it has not the form of one.
    """
    if not _UUID.fullmatch(value):
        raise UsageError(
            f"{option}: “{value}” is no UUID", hint="an id is 32 hexadecimal digits, 8-4-4-4-12"
        )
    return value


def scalar(connection: psycopg.Connection[Any], query: str, parameters: Sequence[Any]) -> Any:
    """The first column of the first row."""
    row = connection.execute(query.encode(), parameters).fetchone()
    assert row is not None
    return row[0]
