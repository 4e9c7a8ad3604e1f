"""Names and strings as SQL text."""

from __future__ import annotations

import re
from functools import lru_cache

# as quote_ident() has it: a name that the server quotes, where its text holds ours, we quote, too
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*\Z")
_QUALIFIED = re.compile(r'"((?:[^"]|"")*)"|([^".]+)')

# Reserved words, and those that may not be a column's, a type's or a function's name, in any of
# the versions 15 to 18. Source: pg_get_keywords(), catcode other than U.
# fmt: off
_RESERVED = frozenset((
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric",
    "authorization", "between", "bigint", "binary", "bit", "boolean", "both", "case", "cast",
    "char", "character", "check", "coalesce", "collate", "collation", "column", "concurrently",
    "constraint", "create", "cross", "current_catalog", "current_date", "current_role",
    "current_schema", "current_time", "current_timestamp", "current_user", "dec", "decimal",
    "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "exists",
    "extract", "false", "fetch", "float", "for", "foreign", "freeze", "from", "full", "grant",
    "greatest", "group", "grouping", "having", "ilike", "in", "initially", "inner", "inout",
    "int", "integer", "intersect", "interval", "into", "is", "isnull", "join", "json",
    "json_array", "json_arrayagg", "json_exists", "json_object", "json_objectagg", "json_query",
    "json_scalar", "json_serialize", "json_table", "json_value", "lateral", "leading", "least",
    "left", "like", "limit", "localtime", "localtimestamp", "merge_action", "national", "natural",
    "nchar", "none", "normalize", "not", "notnull", "null", "nullif", "numeric", "offset", "on",
    "only", "or", "order", "out", "outer", "overlaps", "overlay", "placing", "position",
    "precision", "primary", "real", "references", "returning", "right", "row", "select",
    "session_user", "setof", "similar", "smallint", "some", "substring", "symmetric",
    "system_user", "table", "tablesample", "then", "time", "timestamp", "to", "trailing", "treat",
    "trim", "true", "union", "unique", "user", "using", "values", "varchar", "variadic",
    "verbose", "when", "where", "window", "with", "xmlattributes", "xmlconcat", "xmlelement",
    "xmlexists", "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot", "xmlserialize",
    "xmltable",
))
# fmt: on


LONGEST_NAME = 63  # bytes; Source: NAMEDATALEN


@lru_cache(maxsize=8192)
def name(text: str) -> str:
    """A name, quoted where the server would otherwise read another one."""
    if _PLAIN.match(text) and text not in _RESERVED:
        return text
    return '"' + text.replace('"', '""') + '"'


def qualified(*parts: str) -> str:
    """Names joined by dots."""
    return ".".join(name(part) for part in parts)


def names_in(text: str) -> tuple[str, ...]:
    """The names that dots join, as `qualified` wrote them."""
    found = _QUALIFIED.finditer(text)
    return tuple(m[2] if m[1] is None else m[1].replace('""', '"') for m in found)


def made_name(table: str, column: str, label: str) -> str:
    """The name that the server makes up for what stands on a column, cut where it is too long.

    What stands on the whole table has no `column` in its name.

    Source: indexcmds.c, makeObjectName.
    """
    made = f"{table}_{column}_{label}" if column else f"{table}_{label}"
    if len(made.encode()) <= LONGEST_NAME:
        return made
    parts = [part.encode() for part in (table, column) if part]
    room = LONGEST_NAME - len(label) - len(parts)
    lengths = [len(part) for part in parts]
    while sum(lengths) > room:
        longer = len(lengths) > 1 and lengths[0] <= lengths[1]
        lengths[longer] -= 1
    cut = (part[:length] for part, length in zip(parts, lengths, strict=True))
    return "_".join([*(part.decode(errors="ignore") for part in cut), label])


def literal(text: str) -> str:
    """A string; a backslash makes it an E'' string, whatever standard_conforming_strings says.

    So does a carriage return, which programs that read text would take for the end of a line.
    """
    quoted = text.replace("'", "''")
    if "\\" in quoted or "\r" in quoted:
        return "E'" + quoted.replace("\\", "\\\\").replace("\r", "\\r") + "'"
    return f"'{quoted}'"


def do_block(body: str) -> str:
    """DO with a body of PL/pgSQL, between dollars that no name in it has."""
    tag = "$$"
    while tag in body:
        tag = f"$m{tag[1:]}"
    return f"DO {tag}{body}{tag}"
