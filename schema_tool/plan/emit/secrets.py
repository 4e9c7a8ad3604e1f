"""Values that no file may hold: the name of the variable that stands for one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from schema_tool.catalog.quoting import literal
from schema_tool.sqltext.secrets import SECRET_OPTION, holds_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.cluster import Subscription, UserMapping


def _variable(*words: str) -> str:
    """What stands for a secret: `SUBSCRIPTION_ORDERS_CONNECTION`."""
    return re.sub(r"[^A-Z0-9_]", "_", "_".join(words).upper())


def connection_secret(subscription: Subscription) -> tuple[tuple[str, str], ...]:
    """The password in a connection string, with the whole of that."""
    if not holds_password(subscription.connection):
        return ()
    variable = _variable("subscription", subscription.identity.parts[0], "connection")
    return ((literal(subscription.connection), variable),)


def mapping_secrets(mapping: UserMapping) -> Iterator[tuple[str, str]]:
    """The options of a user mapping that are passwords."""
    for key, _, value in (option.partition("=") for option in mapping.options):
        if SECRET_OPTION.match(key):
            yield literal(value), _variable("server", *mapping.identity.parts, key)
