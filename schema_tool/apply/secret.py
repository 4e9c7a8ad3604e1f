"""Secrets stay out of migration files: `:'NAME'` is filled in from the environment when sent.

Neither the ledger, nor --dry-run, nor an error shows the value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from schema_tool.errors import FailedError, SchemaToolError, UsageError
from schema_tool.sqltext import Token, location_at, scan_tokens
from schema_tool.sqltext.secrets import SECRET_OPTION, holds_password

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import psycopg

    from schema_tool.source import Script
    from schema_tool.sqltext import Statement

_NAME = re.compile(r"'([A-Z_][A-Z0-9_]*)'")
_MARK = ":'"


@dataclass(frozen=True, slots=True)
class Filled:
    """A statement's text with its secrets in place."""

    text: str = field(repr=False)

    def error(self, error: psycopg.Error, statement: Statement, script: Script) -> SchemaToolError:
        """The server's error without anything that could repeat the secret."""
        return FailedError(
            f"the server refused a statement that holds a secret ({script.name}); its words are "
            "not shown",
            location=statement.location,
            sqlstate=error.sqlstate or "",
        )


def fill(statement: Statement, environ: Mapping[str, str]) -> Filled | None:
    """The statement with every `:'NAME'` filled in, or nothing when it has none.

    Errors: UsageError when NAME is not in the environment.
    """
    if _MARK not in statement.text:
        return None
    parts: list[str] = []
    end = 0
    for start, stop, name in _marks(statement.text):
        value = environ.get(name)
        if value is None:
            raise UsageError(
                f"the environment has no {name}, which this statement needs",
                location=statement.location,
                hint=f"export {name}=…",
            )
        parts += [statement.text[end:start], _literal(value)]
        end = stop
    return Filled("".join(parts) + statement.text[end:]) if parts else None


def without_marks(text: str) -> str:
    """A file's text with an empty literal wherever a secret comes, everything at its place."""
    if _MARK not in text:
        return text
    parts: list[str] = []
    end = 0
    for start, stop, _ in _marks(text):
        parts += [text[end:start], " ''".ljust(stop - start)]
        end = stop
    return "".join(parts) + text[end:]


def has_marks(text: str) -> bool:
    """Whether a secret comes somewhere in a file's text."""
    return _MARK in text and any(True for _ in _marks(text))


def without_secrets(script: Script) -> Script:
    """The file for a scratch copy, without secrets; a connection string may be empty."""
    return replace(script, text=without_marks(script.text))


def check_filled(statements: Sequence[Statement], environ: Mapping[str, str]) -> None:
    """Look that every secret is there before the first file runs.

    Errors: as `fill`.
    """
    for statement in statements:
        fill(statement, environ)


def _marks(text: str) -> Iterator[tuple[int, int, str]]:
    tokens = scan_tokens(text)
    for colon, literal in pairwise(tokens):
        if colon.kind == "ASCII_58" and literal.kind == "SCONST" and colon.end == literal.start:
            match = _NAME.fullmatch(text, literal.start, literal.end)
            if match:
                yield colon.start, literal.end, match.group(1)


def _literal(value: str) -> str:
    quoted = value.replace("'", "''")
    # a backslash means itself in E'' only, whatever standard_conforming_strings says
    return f" E'{quoted.replace(chr(92), chr(92) * 2)}'" if chr(92) in value else f"'{quoted}'"


def refuse_secrets(statements: Sequence[Statement], script: Script) -> None:
    """Refuse a literal where a secret stands: it would live in version control for ever.

    Looks at PASSWORD of a role, OPTIONS of a user mapping, CONNECTION of a subscription.
    Errors: UsageError at the literal; its text is not shown.
    """
    for statement in statements:
        found = _secret(statement)
        if found is not None:
            place = location_at(script.text, statement.offset + found.start, script.name)
            raise UsageError(
                "a secret in a migration file stays in version control for ever",
                location=replace(place, text=""),
                hint="write :'NAME' instead and export NAME when you apply",
            )


def _secret(statement: Statement) -> Token | None:
    words = statement.words
    if words[:1] not in {("create",), ("alter",)}:
        return None
    if words[1:2] in {("role",), ("user",), ("group",)} and words[2:3] != ("mapping",):
        return _literal_after(statement.text, re.compile(r"password$", re.IGNORECASE))
    if words[1:3] == ("user", "mapping"):
        return _literal_after(statement.text, SECRET_OPTION)
    if words[1:2] == ("subscription",):
        found = _literal_after(statement.text, re.compile(r"connection$", re.IGNORECASE))
        return found if found and holds_password(statement.text) else None
    return None


def _literal_after(text: str, name: re.Pattern[str]) -> Token | None:
    tokens = [t for t in scan_tokens(text) if not t.is_comment]
    for word, literal in pairwise(tokens):
        if literal.kind == "SCONST" and name.match(text[word.start : word.end].strip('"')):
            return literal
    return None
