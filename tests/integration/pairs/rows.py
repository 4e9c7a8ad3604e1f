"""The rows of random tables: what is put into them, and what is found in them."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import psycopg

from tests.integration.pairs.words import ROW_VALUES

_TABLES = """
    SELECT format('%I.%I', n.nspname, c.relname), c.relkind = 'p',
           array_agg(quote_ident(a.attname) ORDER BY a.attname),
           array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attname),
           array_agg(a.attgenerated = '' ORDER BY a.attname),
           n.nspname::text, c.relname::text
    FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^(pg_|information)'
    GROUP BY n.nspname, c.relname, c.relkind
"""
# What domains stand on, the attributes of composite types, and values of enums and ranges.
_OWN_TYPES = """
    SELECT format_type(t.oid, NULL),
           CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
           (SELECT array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum)
            FROM pg_attribute AS a
            WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
           CASE WHEN t.typtype = 'r' THEN '{empty}'
                ELSE (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder)
                      FROM pg_enum AS e WHERE e.enumtypid = t.oid) END
    FROM pg_type AS t
    JOIN pg_namespace AS n ON n.oid = t.typnamespace
    WHERE t.typtype IN ('c', 'd', 'e', 'r') AND n.nspname !~ '^(pg_|information)'
"""
Contents = dict[tuple[str, str], dict[tuple[str, str], list[str]]]


def fill(connection: psycopg.Connection) -> None:
    """Three rows in each table, where they fit."""
    own = {kind: parts for kind, *parts in connection.execute(_OWN_TYPES).fetchall()}
    for table, _, columns, types, plain, *_ in connection.execute(_TABLES).fetchall():
        usable = [(c, t) for c, t, p in zip(columns, types, plain, strict=True) if p]
        names = ", ".join(c for c, _ in usable)
        for number in range(3):
            # What a domain refuses is NULL.
            for known in (own, {}):
                values = ", ".join(_value(t, number, known) for _, t in usable)
                text = f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({values})"
                with suppress(psycopg.Error):
                    connection.execute(text.encode())
                    break


def _own_value(kind: str, number: int, own: dict[str, list[Any]]) -> str:
    base, attributes, literals = own[kind]
    if base:
        return _value(base, number, own)
    if literals:
        return "'{}'".format(literals[number % len(literals)].replace("'", "''"))
    # Attributes of one type differ, too.
    values = (_value(t, (number + n) % 3, own) for n, t in enumerate(attributes or ()))
    return f"ROW({', '.join(values)})"


def _value(kind: str, number: int, own: dict[str, list[Any]]) -> str:
    if kind in own:
        return f"{_own_value(kind, number, own)}::{kind}"
    if kind.endswith("[]") and kind[:-2] in own:
        return f"ARRAY[{_value(kind[:-2], number, own)}]"
    families = {
        "int": "integer|bigint|smallint",
        "num": "numeric.*|real|double precision",
        "text": "text|character.*|.char.|citext",
        "bool": "boolean",
        "time": "date|timestamp.*",
        "json": "jsonb?",
        "array": r"integer\[\]|text\[\]",
        "range": "int4range",
        "vector": "tsvector",
    }
    for family, pattern in families.items():
        if re.fullmatch(pattern, kind):
            return f"{ROW_VALUES[family][number]}::{kind}"
    if kind == "uuid":
        return f"'00000000-0000-0000-0000-00000000000{number}'"
    return {"interval": "'1 day'", "inet": "'10.0.0.1'", "bytea": "'x'", "hstore": "'a=>1'"}.get(
        kind, "NULL"
    )


def contents(connection: psycopg.Connection) -> Contents:
    """The values of each table, column by column, in the order of its rows.

    JSON has the attributes of a composite type by name. What is of a domain is of its base type:
    values of a domain that now stands on another type are written otherwise.
    """
    found: Contents = {}
    own = {kind: parts for kind, *parts in connection.execute(_OWN_TYPES).fetchall()}
    for table, split, columns, types, plain, *parts in connection.execute(_TABLES).fetchall():
        only = "" if split else "ONLY "
        texts = ", ".join(f"array_agg(to_jsonb({c})::text)" for c in columns)
        row = connection.execute(f"SELECT {texts} FROM {only}{table}".encode()).fetchone()
        assert row is not None
        found[parts[0], parts[1]] = {
            (c, _base(t, own)): values or []
            for c, t, values, kept in zip(columns, types, row, plain, strict=True)
            if kept
        }
    return found


def _base(kind: str, own: dict[str, list[Any]]) -> str:
    """What a type, or the elements of an array, stand on; rows of other attributes are others."""
    element = kind.removesuffix("[]")
    base, attributes, *_ = own.get(element, (None, None))
    if base:
        element = _base(base, own)
    elif attributes:
        element += f"({', '.join(sorted(_base(a, own) for a in attributes))})"
    return element + ("[]" if kind.endswith("[]") else "")
