"""Tokens of an SQL text, as PostgreSQL's scanner cuts it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from schema_tool.errors import Location, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Token:
    """One token, comments included.

    `kind` is the scanner's name for it (`SQL_COMMENT`, `IDENT`, `SELECT`, `ASCII_59` …), empty
    for a character that no SQL has, such as a brace: the server says so better than we can.
    Units: start and end count characters from 0, end exclusive.
    """

    kind: str
    start: int
    end: int
    keyword: bool

    @property
    def is_comment(self) -> bool:
        """Whether the server would skip this token."""
        return self.kind in {"SQL_COMMENT", "C_COMMENT"}


# a file is split and then hashed: the second reader finds the first one's tokens
@lru_cache(maxsize=4)
def scan_tokens(text: str, path: str = "") -> tuple[Token, ...]:
    """Cut the text into tokens.

    Errors: UsageError with file, line and column for an unterminated literal, comment or name,
    and for a NUL byte, which no PostgreSQL text can hold.
    Source: libpg_query's scanner, which is PostgreSQL's scan.l.
    """
    import postgast  # noqa: PLC0415 - 0.1 s to load; commands that read no SQL do not pay it

    if "\0" in text:
        raise UsageError(
            "the file holds a NUL byte, which PostgreSQL cannot store",
            location=location_at(text, text.index("\0"), path),
        )
    try:
        scanned = postgast.scan(text).tokens
    except postgast.PgQueryError as error:
        # cursorpos counts characters from 1
        offset = max((error.cursorpos or 1) - 1, 0)
        raise UsageError(str(error.message), location=location_at(text, offset, path)) from None
    name = _kinds()
    position = _character_positions(text)
    return tuple(
        Token(
            name.get(token.token, ""),
            position(token.start),
            position(token.end),
            token.keyword_kind > 0,
        )
        for token in scanned
    )


@cache
def _kinds() -> Mapping[int, str]:
    from postgast.pg_query_pb2 import Token as Kinds  # noqa: PLC0415

    return {number: label for label, number in Kinds.items()}


class _character_positions:  # noqa: N801 - used as a function
    """Byte offset -> character offset, walking forward only: tokens come in order."""

    def __init__(self, text: str) -> None:
        self._ascii = text.isascii()
        self._bytes = b"" if self._ascii else text.encode()
        self._byte = 0
        self._character = 0

    def __call__(self, byte: int) -> int:
        if self._ascii:
            return byte
        passed = self._bytes[self._byte : byte]
        # every byte but UTF-8's continuation bytes begins a character
        self._character += sum(1 for b in passed if b & 0xC0 != 0x80)
        self._byte = byte
        return self._character


def location_at(text: str, offset: int, path: str) -> Location:
    """Line, column and the line's text for a character offset."""
    starts = _line_starts(text)
    line = bisect_right(starts, offset)
    start = starts[line - 1]
    end = starts[line] - 1 if line < len(starts) else len(text)
    return Location(
        path=path, line=line, column=offset - start + 1, text=text[start:end].rstrip("\r")
    )


# a file of 50,000 statements asks 50,000 times: counting its lines each time would be quadratic
@lru_cache(maxsize=4)
def _line_starts(text: str) -> tuple[int, ...]:
    return (0, *(match.end() for match in re.finditer("\n", text)))
