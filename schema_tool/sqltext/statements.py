"""Statements of an SQL text with their positions."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from schema_tool.errors import Location, UsageError
from schema_tool.sqltext.tokens import UnreadableError, location_at, scan_pieces, token_kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postgast.pg_query_pb2 import ScanToken

    from schema_tool.sqltext.tokens import Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a file, without its semicolon and the comments around it.

    `source` is the whole file's text, shared by its statements. `words` are the statement's first
    tokens in lower case, enough to tell what kind of statement it is.
    Units: number counts from 1; offset and end count characters of the file from 0.
    """

    source: str = field(repr=False)
    path: str
    number: int
    offset: int
    end: int
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The statement as it stands in the file."""
        return self.source[self.offset : self.end]

    @property
    def location(self) -> Location:
        """Where it begins."""
        return location_at(self.source, self.offset, self.path)

    def locate(self, position: int) -> Location:
        """Place of the server's error position within the file.

        Units: position counts characters of the statement from 1, as PQresultErrorField gives it.
        """
        return location_at(self.source, self.offset + position - 1, self.path)


# enough words to see DROP INDEX CONCURRENTLY, CREATE UNIQUE INDEX CONCURRENTLY, ALTER TYPE … ADD
_WORDS = 24
# CREATE OR REPLACE FUNCTION
_ROUTINE_WORDS = 4


def split_statements(text: str, path: str = "") -> tuple[Statement, ...]:
    """Cut a file into statements.

    Semicolons within parentheses (rules) and within the BEGIN ATOMIC … END body of an SQL
    function belong to their statement, as they do in psql.
    Errors: UsageError at the place of an unterminated literal, of a psql meta-command and of
    COPY FROM STDIN or TO STDOUT, which need psql and not a server alone.
    """
    cutter = _Cutter(text, path)
    statements: list[Statement] = []
    try:
        for piece in scan_pieces(text, path):
            statements += cutter.feed(piece)
    except UnreadableError as error:
        # the rows behind COPY FROM STDIN are no SQL: the COPY is what to tell of
        with suppress(UnreadableError):
            split_statements(text[: error.offset], path)
        raise
    statements += cutter.close()
    return tuple(statements)


class _Cutter:
    """The statement under way, and what tells whether a semicolon ends it."""

    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._path = path
        self._number = 0
        self._kinds = token_kinds()
        self._begin()

    def _begin(self) -> None:
        self._start = self._end = -1
        self._words: list[str] = []
        self._parentheses = 0
        self._blocks = 0
        self._routine = False
        self._copies = False
        self._before = 0
        self._stream = ""

    def feed(self, piece: Piece) -> Iterator[Statement]:
        """The statements that end within the piece."""
        kinds = self._kinds
        comments = {kinds["SQL_COMMENT"], kinds["C_COMMENT"]}
        semicolon, opens, closes = kinds["ASCII_59"], kinds["ASCII_40"], kinds["ASCII_41"]
        last: ScanToken | None = None
        for token in piece.tokens:
            kind = token.token
            if kind in comments:
                continue
            if kind == semicolon and not self._parentheses and not self._blocks:
                if self._start >= 0:
                    self._mark_end(piece, last)
                    yield self._statement()
                self._begin()
                last = None
                continue
            last = token
            if len(self._words) < _WORDS:
                self._add_word(piece, token)
            if kind == opens:
                self._parentheses += 1
            elif kind == closes:
                self._parentheses = max(self._parentheses - 1, 0)
            elif self._routine and not self._parentheses:
                self._blocks += self._depth(kind)
            if self._copies:
                self._note_stream(kind)
            self._before = kind
        self._mark_end(piece, last)

    def close(self) -> Iterator[Statement]:
        """The statement that the text ends in."""
        if self._start >= 0:
            yield self._statement()

    def _mark_end(self, piece: Piece, last: ScanToken | None) -> None:
        if last is not None:
            self._end = piece.character(last.end)

    def _add_word(self, piece: Piece, token: ScanToken) -> None:
        if self._start < 0:
            self._start = piece.character(token.start)
        # a hundred thousand INSERTs share their key words
        self._words.append(sys.intern(piece.word(token)))
        if len(self._words) <= _ROUTINE_WORDS:
            first, *rest = self._words
            self._routine = first == "create" and any(w in {"function", "procedure"} for w in rest)
            self._copies = first == "copy"

    def _depth(self, kind: int) -> int:
        """How a token changes the depth of BEGIN ATOMIC and CASE blocks, both closed by END."""
        kinds = self._kinds
        if kind == kinds["ATOMIC"] and self._before == kinds["BEGIN_P"]:
            return 1
        if self._blocks > 0 and kind == kinds["CASE"]:
            return 1
        if self._blocks > 0 and kind == kinds["END_P"]:
            return -1
        return 0

    def _note_stream(self, kind: int) -> None:
        kinds = self._kinds
        for first, second in (("FROM", "STDIN"), ("TO", "STDOUT")):
            if self._before == kinds[first] and kind == kinds[second]:
                self._stream = f"{first} {second}"

    def _statement(self) -> Statement:
        self._number += 1
        words = tuple(self._words)
        statement = Statement(
            source=self._text,
            path=self._path,
            number=self._number,
            offset=self._start,
            end=self._end,
            words=words,
        )
        if words[0].startswith("\\"):
            raise UsageError(
                f"psql's meta-command \\{words[1] if len(words) > 1 else ''} is not SQL",
                location=statement.location,
                hint="put the SQL itself into the file",
            )
        if self._stream:
            raise UsageError(
                f"COPY … {self._stream} needs a client that streams data",
                location=statement.location,
                hint="write the rows as INSERT … VALUES"
                if self._stream == "FROM STDIN"
                else "read the rows with psql, not in a migration",
            )
        return statement
