"""The types of a function's arguments as the server prints them, however a line spells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.quoting import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

# What the server prints for the names that its grammar makes of people's. Source: format_type.c.
_PRINTED = {
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "bool": "boolean",
    "float4": "real",
    "float8": "double precision",
    "numeric": "numeric",
    "interval": "interval",
    "bit": "bit",
    "bpchar": "character",
    "varchar": "character varying",
    "varbit": "bit varying",
    "time": "time without time zone",
    "timetz": "time with time zone",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
}


def printed_arguments(text: str) -> str:
    """The input types of what stands between the parentheses, without all else that may be said.

    Errors: ValueError for what are no arguments.
    """
    return "" if text.strip() == "*" else ", ".join(_types(text))


def _types(text: str) -> Iterator[str]:
    import postgast  # noqa: PLC0415 - 0.1 s to load
    from postgast.pg_query_pb2 import FUNC_PARAM_OUT  # noqa: PLC0415

    try:
        statements = postgast.parse(f"CREATE PROCEDURE p({text}) LANGUAGE sql AS ''").stmts
    except postgast.PgQueryError as error:
        raise ValueError(text) from error
    for parameter in statements[0].stmt.create_function_stmt.parameters:
        argument = parameter.function_parameter
        if argument.mode == FUNC_PARAM_OUT:
            continue
        names = [part.string.sval for part in argument.arg_type.names]
        if names[0] == "pg_catalog":
            del names[0]
        own = _PRINTED.get(names[0]) if len(names) == 1 else None
        yield (own or qualified(*names)) + ("[]" if argument.arg_type.array_bounds else "")
