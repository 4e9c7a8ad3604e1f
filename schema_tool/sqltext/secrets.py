"""What in a statement is a secret: a password in a connection string, an option that says so."""

from __future__ import annotations

import re

# the options of a user mapping that are secrets, beside everything whose name says so
SECRET_OPTION = re.compile(r".*(?:passw|secret|token|passcode|key)", re.IGNORECASE)
_IN_URL = "://[^/@:]*:[^/@]*@"
_SPEAKS = re.compile(f"passw|secret|token|passcode|{_IN_URL}", re.IGNORECASE)
_VARIABLE = ":'[A-Z_][A-Z0-9_]*'"
# or a variable, as in :'NAME'; after an E a backslash keeps a quote from being the end
_LITERAL = re.compile(rf"{_VARIABLE}|(?<=[eE])'(?:[^'\\]|''|\\.)+(?:'|$)|'(?:[^']|'')+(?:'|$)")
_PASSWORD = re.compile(f"password|{_IN_URL}", re.IGNORECASE)


def holds_password(connection: str) -> bool:
    """Whether a connection string, or a statement with one, says a password."""
    return _PASSWORD.search(connection) is not None


def speaks(text: str) -> bool:
    """Whether a text speaks of a secret."""
    return _SPEAKS.search(text) is not None


def is_variable(text: str) -> bool:
    """Whether it stands for what comes from the environment, as in :'NAME'."""
    return re.fullmatch(_VARIABLE, text) is not None


def masked(line: str) -> str:
    """A line of SQL to be shown; where it speaks of a secret, its literals are stars."""
    if not speaks(line):
        return line
    return _LITERAL.sub(_stars, line)


def _stars(literal: re.Match[str]) -> str:
    return literal[0] if literal[0].startswith(":") else f"'{'*' * (len(literal[0]) - 2)}'"
