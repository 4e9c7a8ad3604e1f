"""Access privileges: the server's aclitem text -> tuples of Grant that two databases can share."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    LARGE_OBJECT = "LARGE OBJECT"


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
    Granted.LARGE_OBJECT: "rw",
}
_PUBLIC_DEFAULT = {Granted.ROUTINE: "X", Granted.TYPE: "U", Granted.LANGUAGE: "U"}
_MAINTAIN_SINCE = 17


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Grant:
    """One privilege of one grantee.

    The owner's own privileges are kept under OWNER instead of the role's name, so that they
    follow a change of owner as the server makes them do. The grantors are not compared: they say
    who typed the GRANT, not who may do what; but only theirs is what REVOKE takes away.
    """

    grantee: str
    privilege: str
    grantable: bool = False
    grantors: tuple[str, ...] = field(default=(OWNER,), compare=False)


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
    grants: list[Grant] = []
    for item in items:
        name, letters, given_by = parse_item(item)
        # A column's list says only what it adds: the owner in it is a grantee like others.
        own = name == owner and granted is not Granted.COLUMN
        grantee = OWNER if own else (name or PUBLIC)
        grantor = OWNER if given_by == owner else given_by
        grants += [replace(grant, grantors=(grantor,)) for grant in _letters(letters, grantee)]
    return merged(grants)


def merged(grants: Iterable[Grant]) -> Privileges:
    """One grant for each grantee and privilege, sorted."""
    found: dict[tuple[str, str], Grant] = {}
    for grant in grants:
        key = (grant.grantee, grant.privilege)
        known = found.get(key, grant)
        found[key] = replace(
            grant,
            grantable=grant.grantable or known.grantable,
            grantors=tuple(sorted({*grant.grantors, *known.grantors})),
        )
    return tuple(sorted(found.values()))


def under_owner(grants: Privileges, owner: str) -> Privileges:
    """What ALTER … OWNER TO makes of an access list: what the new owner had becomes an owner's.

    Source: aclnewowner(), acl.c.
    """

    def follow(grant: Grant) -> Grant:
        grantors = tuple(OWNER if name == owner else name for name in grant.grantors)
        if grant.grantee == owner:
            return replace(grant, grantee=OWNER, grantable=False, grantors=grantors)
        return replace(grant, grantors=grantors)

    return merged(map(follow, grants))
