"""Statements of an SQL text with their positions."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tool.errors import Location, UsageError
from schema_tool.sqltext.tokens import Token, location_at, scan_tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a file, without its semicolon and the comments around it.

    `words` are its first tokens in lower case, enough to tell what kind of statement it is.
    Units: number counts from 1; offset counts characters of the file from 0.
    """

    text: str
    number: int
    offset: int
    location: Location
    words: tuple[str, ...]

    def locate(self, position: int, source: str) -> Location:
        """Place of the server's error position within the file.

        Units: position counts characters of the statement from 1, as PQresultErrorField gives it.
        """
        return location_at(source, self.offset + position - 1, self.location.path)


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
    tokens = [token for token in scan_tokens(text, path) if not token.is_comment]
    statements = []
    for number, part in enumerate(_parts(tokens, text), start=1):
        statements.append(_statement(part, number, text, path))
    return tuple(statements)


def _parts(tokens: Sequence[Token], text: str) -> Iterator[list[Token]]:
    part: list[Token] = []
    parentheses = 0
    begins = 0
    routine = False
    for token in tokens:
        if token.kind == "ASCII_59" and parentheses == 0 and begins == 0:
            if part:
                yield part
            part = []
            continue
        part.append(token)
        if len(part) <= _ROUTINE_WORDS:
            routine = _is_routine(part, text)
        if token.kind == "ASCII_40":
            parentheses += 1
        elif token.kind == "ASCII_41":
            parentheses = max(parentheses - 1, 0)
        elif parentheses == 0 and routine:
            begins += _body_depth(token, part[-2] if len(part) > 1 else None, begins)
    if part:
        yield part


def _is_routine(part: Sequence[Token], text: str) -> bool:
    words = [text[t.start : t.end].lower() for t in part]
    return words[:1] == ["create"] and any(w in {"function", "procedure"} for w in words[1:])


def _body_depth(token: Token, before: Token | None, begins: int) -> int:
    """How a token changes the depth of BEGIN ATOMIC and CASE blocks, both closed by END."""
    if token.kind == "ATOMIC" and before is not None and before.kind == "BEGIN_P":
        return 1
    if begins > 0 and token.kind == "CASE":
        return 1
    if begins > 0 and token.kind == "END_P":
        return -1
    return 0


def _stream(part: Sequence[Token]) -> str:
    kinds = [token.kind for token in part]
    for pair, name in ((("FROM", "STDIN"), "FROM STDIN"), (("TO", "STDOUT"), "TO STDOUT")):
        if pair in itertools.pairwise(kinds):
            return name
    return ""


def _statement(part: Sequence[Token], number: int, text: str, path: str) -> Statement:
    start, end = part[0].start, part[-1].end
    location = location_at(text, start, path)
    words = tuple(text[t.start : t.end].lower() for t in part[:_WORDS])
    if part[0].kind == "ASCII_92":
        raise UsageError(
            f"psql's meta-command \\{words[1] if len(words) > 1 else ''} is not SQL",
            location=location,
            hint="put the SQL itself into the file",
        )
    if words[0] == "copy" and (stream := _stream(part)):
        raise UsageError(
            f"COPY … {stream} needs a client that streams data",
            location=location,
            hint="write the rows as INSERT … VALUES"
            if stream == "FROM STDIN"
            else "read the rows with psql, not in a migration",
        )
    return Statement(
        text=text[start:end], number=number, offset=start, location=location, words=words
    )
