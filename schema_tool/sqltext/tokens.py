"""Tokens of an SQL text, as PostgreSQL's scanner cuts it.

A text is read in pieces of about a megabyte: its tokens take up to forty times its own room, and
whoever needs them looks at each once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from schema_tool.errors import Location, UsageError
from schema_tool.sqltext.secrets import is_variable, speaks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from postgast.pg_query_pb2 import ScanToken

PIECE = 1_000_000
"""Characters of a text that are scanned at once."""

_COMMENTS = frozenset({"SQL_COMMENT", "C_COMMENT"})
_LITERALS = frozenset({"SCONST", "USCONST", "BCONST", "XCONST"})
_END = re.compile(r"[,;]\r?\n")


class UnreadableError(UsageError):
    """The scanner does not get past a place: `offset` counts characters before it."""

    def __init__(self, message: str, *, text: str, offset: int, path: str) -> None:
        super().__init__(message, location=location_at(text, offset, path))
        self.offset = offset


class Token(NamedTuple):
    """One token, comments included.

    `kind` is the scanner's name for it (`SQL_COMMENT`, `IDENT`, `SELECT`, `ASCII_59` …), empty
    for a character that no SQL has, such as a brace: the server says so better than we can.
    Units: start and end count characters from 0, end exclusive.
    """

    kind: str
    start: int
    end: int

    @property
    def is_comment(self) -> bool:
        """Whether the server would skip this token."""
        return self.kind in _COMMENTS


class Piece:
    """A part of a text, from one token's start to another's end, with the scanner's tokens.

    `data` is the part in UTF-8: the scanner's tokens count bytes from its start.
    Units: offset counts characters of the whole text from 0.
    """

    __slots__ = ("_byte", "_character", "data", "offset", "tokens")

    def __init__(self, data: bytes, offset: int, tokens: Sequence[ScanToken]) -> None:
        self.data = data
        self.offset = offset
        self.tokens = tokens
        self._byte = 0
        self._character = offset

    def character(self, byte: int) -> int:
        """The character of the whole text at a byte of this piece; ask in order."""
        self._character += len(self.data[self._byte : byte].decode())
        self._byte = byte
        return self._character

    def word(self, token: ScanToken) -> str:
        """A token's text in lower case."""
        return self.data[token.start : token.end].decode().lower()


def scan_pieces(text: str, path: str = "") -> Iterator[Piece]:
    """Cut the text into tokens, piece by piece.

    Errors: UnreadableError with file, line and column for an unterminated literal, comment or name,
    and for a NUL byte, which no PostgreSQL text can hold.
    Source: libpg_query's scanner, which is PostgreSQL's scan.l.
    """
    if "\0" in text:
        message = "the file holds a NUL byte, which PostgreSQL cannot store"
        raise UnreadableError(message, text=text, offset=text.index("\0"), path=path)
    try:
        yield from _pieces(text)
    except _StuckError as error:
        raise UnreadableError(str(error), text=text, offset=error.offset, path=path) from None


class _StuckError(Exception):
    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def _pieces(text: str) -> Iterator[Piece]:
    import postgast  # noqa: PLC0415 - 0.1 s to load; commands that read no SQL do not pay it

    start, size = 0, PIECE
    while start < len(text):
        end = _end_of_piece(text, start, size)
        part = text[start:end]
        try:
            tokens = postgast.scan(part).tokens
        except postgast.PgQueryError as error:
            if end < len(text):
                # the cut may have gone through a literal or a comment
                size = 2 * (end - start)
                continue
            # cursorpos counts characters from 1
            offset = start + max((error.cursorpos or 1) - 1, 0)
            raise _StuckError(str(error.message), offset) from None
        yield Piece(part.encode(), start, tokens)
        start, size = end, PIECE


def _end_of_piece(text: str, start: int, size: int) -> int:
    """Behind a line that ends in a comma or semicolon: outside of quotes no token goes on there."""
    least = start + size
    if least >= len(text):
        return len(text)
    match = _END.search(text, least)
    return match.end() if match else len(text)


def scan_tokens(text: str, path: str = "") -> Iterator[Token]:
    """Cut the text into tokens.

    Errors: as `scan_pieces`.
    """
    names = token_names()
    for piece in scan_pieces(text, path):
        for token in piece.tokens:
            start = piece.character(token.start)
            yield Token(names.get(token.token, ""), start, piece.character(token.end))


@cache
def token_names() -> Mapping[int, str]:
    """The scanner's names of its kinds of tokens by their numbers."""
    from postgast.pg_query_pb2 import Token as Kinds  # noqa: PLC0415

    return {number: label for label, number in Kinds.items()}


@cache
def token_kinds() -> Mapping[str, int]:
    """The numbers of the scanner's kinds of tokens by their names."""
    return {label: number for number, label in token_names().items()}


def location_at(text: str, offset: int, path: str) -> Location:
    """Line, column and the line's text for a character offset."""
    starts = _line_starts(text)
    line = bisect_right(starts, offset)
    start = starts[line - 1]
    end = starts[line] - 1 if line < len(starts) else len(text)
    shown = without_secrets(text)[start:end].rstrip("\r")
    return Location(path=path, line=line, column=offset - start + 1, text=shown)


# How many tokens before a literal may say what it is: password = (.
_WORDS_BEFORE = 3
_QUOTED = re.compile(r'"([^"]+)"')
_VISIBLE = re.compile(r"[^\n']")


@lru_cache(maxsize=4)
def without_secrets(text: str) -> str:
    """A file's text to be shown: each secret literal in stars, all else at its place.

    A line alone does not tell: what says that it is a secret may stand above it.
    """
    if "'" not in text or not speaks(text):
        return text
    parts: list[str] = []
    end = 0
    for start, stop in _secrets(text.replace("\0", " ")):
        parts += [text[end:start], _VISIBLE.sub("*", text[start:stop])]
        end = stop
    return "".join(parts) + text[end:]


def hide_secrets(message: str, text: str) -> str:
    """What the server says of a statement, without what it quotes of a secret in that."""
    if '"' not in message or "'" not in text or not speaks(text):
        return message
    secrets = [text[start:stop] for start, stop in _secrets(text)]

    def hidden(quoted: re.Match[str]) -> str:
        of_secret = len(quoted[1]) > 1 and any(quoted[1] in secret for secret in secrets)
        return '"***"' if of_secret else quoted[0]

    return _QUOTED.sub(hidden, message)


def _secrets(text: str) -> Iterator[tuple[int, int]]:
    """Where secret literals begin and end; what cannot be read any more may be one, too."""
    readable, names = _readable(text), token_names()
    before: list[str] = []
    for piece in _pieces(text[:readable]):
        for token in piece.tokens:
            kind = names.get(token.token, "")
            if kind in _COMMENTS:
                continue
            start, stop = piece.character(token.start), piece.character(token.end)
            word = text[start:stop]
            if kind in _LITERALS and word.startswith("$"):
                word = "$$"  # a body: its lines are masked by what they say themselves
            elif kind in _LITERALS and before[-1:] == [":"] and is_variable(f":{word}"):
                pass
            elif kind in _LITERALS and speaks(" ".join([*before, word])):
                yield start + word.index("'"), stop
            before = [] if word == ";" else [*before[1 - _WORDS_BEFORE :], word]
    if readable < len(text) and speaks(" ".join(before)):
        yield readable, len(text)


def _readable(text: str) -> int:
    """How far the scanner gets."""
    try:
        deque(_pieces(text), maxlen=0)
    except _StuckError as error:
        return error.offset
    return len(text)


# a file of 50,000 statements asks 50,000 times: counting its lines each time would be quadratic
@lru_cache(maxsize=4)
def _line_starts(text: str) -> tuple[int, ...]:
    return (0, *(match.end() for match in re.finditer("\n", text)))
