"""Statements that would reach out of the scratch database that they are loaded into.

What DO blocks and functions do is not seen: on a server that others use, give a user who may do
no harm.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.errors import RefusedError

if TYPE_CHECKING:
    from schema_tool.source import Script
    from schema_tool.sqltext import Statement

_NOT_CONNECTING = re.compile(r"\bconnect\s*=\s*'?(false|off|0)\b", re.IGNORECASE)
_WHOLE_SERVER = {"role", "user", "group", "database", "tablespace", "system"}


def refuse_outside(script: Script, *, shared: bool) -> None:
    """Refuse what connects to other servers, and on a shared server what concerns all of it.

    Errors: RefusedError at the statement.
    """
    for statement in script.statements():
        if _connects(statement):
            raise RefusedError(
                "this would replicate from another server into a scratch database",
                location=statement.location,
                hint="create subscriptions WITH (connect = false), and enable them by hand",
            )
        if shared and _concerns_server(statement):
            raise RefusedError(
                "this concerns the whole server, which is not ours alone",
                location=statement.location,
                hint="leave --scratch away: a throw-away server is started",
            )


def _connects(statement: Statement) -> bool:
    words = statement.words
    if words[:2] == ("create", "subscription"):
        return _NOT_CONNECTING.search(statement.text) is None
    return words[:2] == ("alter", "subscription") and bool({"enable", "refresh"} & set(words))


def _concerns_server(statement: Statement) -> bool:
    words = statement.words
    if words[0] in {"create", "alter", "drop"}:
        # a user mapping is an object of one database
        return words[1:2] != () and words[1] in _WHOLE_SERVER and words[1:3] != ("user", "mapping")
    if words[0] in {"grant", "revoke"}:
        return "on" not in words
    return words[:2] in {("reassign", "owned"), ("drop", "owned")}
