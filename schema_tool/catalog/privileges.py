"""Access privileges: the server's aclitem text -> tuples of Grant that two databases can share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

# A role cannot be called "public" (it is reserved) nor have an empty name.
PUBLIC = "public"
OWNER = ""

_WORDS = {
    "a": "INSERT",
    "r": "SELECT",
    "w": "UPDATE",
    "d": "DELETE",
    "D": "TRUNCATE",
    "x": "REFERENCES",
    "t": "TRIGGER",
    "m": "MAINTAIN",
    "X": "EXECUTE",
    "U": "USAGE",
    "C": "CREATE",
    "c": "CONNECT",
    "T": "TEMPORARY",
    "s": "SET",
    "A": "ALTER SYSTEM",
}


class Granted(StrEnum):
    """What an access list is attached to; the value names it in GRANT … ON."""

    TABLE = "TABLE"
    COLUMN = "COLUMN"
    SEQUENCE = "SEQUENCE"
    ROUTINE = "ROUTINE"
    SCHEMA = "SCHEMA"
    TYPE = "TYPE"
    LANGUAGE = "LANGUAGE"
    FOREIGN_DATA_WRAPPER = "FOREIGN DATA WRAPPER"
    FOREIGN_SERVER = "FOREIGN SERVER"


# What the owner and PUBLIC hold while the access list is NULL. Source: acldefault(), acl.c.
_OWNER_DEFAULT = {
    Granted.TABLE: "arwdDxt",
    Granted.COLUMN: "",
    Granted.SEQUENCE: "rwU",
    Granted.ROUTINE: "X",
    Granted.SCHEMA: "UC",
    Granted.TYPE: "U",
    Granted.LANGUAGE: "U",
    Granted.FOREIGN_DATA_WRAPPER: "U",
    Granted.FOREIGN_SERVER: "U",
}
_PUBLIC_DEFAULT = {Granted.ROUTINE: "X", Granted.TYPE: "U", Granted.LANGUAGE: "U"}
_MAINTAIN_SINCE = 17


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Grant:
    """One privilege of one grantee.

    The owner's own privileges are kept under OWNER instead of the role's name, so that they
    follow a change of owner as the server makes them do. The grantor is left out: it says who
    typed the GRANT, not who may do what.
    """

    grantee: str
    privilege: str
    grantable: bool = False


Privileges = tuple[Grant, ...]


def _letters(text: str, grantee: str) -> list[Grant]:
    grants = []
    for position, letter in enumerate(text):
        if letter == "*":
            continue
        grantable = text[position + 1 : position + 2] == "*"
        # The owner holds every grant option by right: printed or not, it is the same.
        grants.append(
            Grant(
                grantee=grantee,
                privilege=_WORDS[letter],
                grantable=grantable and grantee != OWNER,
            )
        )
    return grants


@lru_cache(maxsize=256)
def default_privileges(granted: Granted, major: int) -> Privileges:
    """The privileges that hold while nobody has granted or revoked anything."""
    owner = _OWNER_DEFAULT[granted]
    if granted is Granted.TABLE and major >= _MAINTAIN_SINCE:
        owner += "m"
    grants = _letters(owner, OWNER) + _letters(_PUBLIC_DEFAULT.get(granted, ""), PUBLIC)
    return tuple(sorted(grants))


def _unquote(text: str, start: int, end: str) -> tuple[str, int]:
    """Read a role name as putid() writes it, up to `end`; returns it and the next position."""
    name: list[str] = []
    quoted = False
    position = start
    while position < len(text):
        char = text[position]
        if char == '"':
            if quoted and text[position + 1 : position + 2] == '"':
                name.append('"')
                position += 1
            else:
                quoted = not quoted
        elif char == end and not quoted:
            break
        else:
            name.append(char)
        position += 1
    return "".join(name), position


@lru_cache(maxsize=4096)
def parse_item(item: str) -> tuple[str, str, str]:
    """Split one aclitem, `grantee=privileges/grantor`; PUBLIC's grantee is empty there."""
    grantee, position = _unquote(item, 0, "=")
    letters, _, grantor = item[position + 1 :].partition("/")
    return grantee, letters, _unquote(grantor, 0, "\0")[0]


@lru_cache(maxsize=4096)
def parse_privileges(
    items: tuple[str, ...] | None, owner: str, granted: Granted, major: int
) -> Privileges:
    """Turn an access list into sorted grants; None means that the built-in defaults hold."""
    if items is None:
        return default_privileges(granted, major)
    grants: dict[tuple[str, str], bool] = {}
    for item in items:
        name, letters, _ = parse_item(item)
        grantee = OWNER if name == owner else (name or PUBLIC)
        for grant in _letters(letters, grantee):
            key = (grant.grantee, grant.privilege)
            grants[key] = grants.get(key, False) or grant.grantable
    return tuple(
        sorted(
            Grant(grantee=grantee, privilege=privilege, grantable=grantable)
            for (grantee, privilege), grantable in grants.items()
        )
    )
