"""The types of a function's arguments as the server prints them, however a line spells them."""

from __future__ import annotations

import re

# What people write for what the server prints. Source: gram.y, SystemTypeName; format_type.c.
_ALIASES = {
    "int": "integer",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "bool": "boolean",
    "float": "double precision",
    "float4": "real",
    "float8": "double precision",
    "dec": "numeric",
    "decimal": "numeric",
    "char": "character",
    "varchar": "character varying",
    "char varying": "character varying",
    "varbit": "bit varying",
    "time": "time without time zone",
    "timetz": "time with time zone",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
}
_PRINTED = {**_ALIASES, **{printed: printed for printed in _ALIASES.values()}}
_QUOTED = r'"(?:[^"]|"")*"'
_ARGUMENT = re.compile(rf"(?:{_QUOTED}|[^,])+")
_WORD = re.compile(rf"(?:{_QUOTED}|[^\s\"])+")
_ARRAY = re.compile(r"((?:\s*\[\d*\])+|\s+array(?:\s*\[\d*\])?)$", re.IGNORECASE)
_MODES = ("in", "out", "inout", "variadic")


def printed_arguments(text: str) -> str:
    """The input types of what stands between the parentheses, without modes and names."""
    arguments = (_printed(argument) for argument in _ARGUMENT.findall(text))
    return ", ".join(argument for argument in arguments if argument)


def _printed(argument: str) -> str:
    """One of them; empty for one that is only put out, which tells no function from another."""
    array = _ARRAY.search(argument.rstrip())
    words = _WORD.findall(argument[: array.start()] if array else argument)
    words = [word if '"' in word else word.lower() for word in words]
    mode = words.pop(0) if words[1:] and words[0] in _MODES else ""
    if mode == "out":
        return ""
    if words[1:] and " ".join(words) not in _PRINTED:
        # Its name comes before its type.
        words = words[1:]
    named = " ".join(words)
    return _PRINTED.get(named, named) + ("[]" if array else "")
