"""The names, types and expressions that random schemas are made of."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("app_reader", "app_writer", 'odd "role')
SCHEMAS = ("public", "app", '"Odd schema"')
TABLES = ("t0", "t1", "t2", "t3", "t4", '"Odd ""table"', '"order"')
COLUMNS = ("a", "b", "c", "d", "e", "f", '"Odd col"', '"user"')
COMMENTS = ("first", "it's second", "third\nline", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """A column's type: what it can be used for, and constants of it."""

    sql: str
    family: str
    values: tuple[str, ...] = ()


def _types(family: str, values: tuple[str, ...], *names: str) -> tuple[Type, ...]:
    return tuple(Type(sql=name, family=family, values=values) for name in names)


TYPES = (
    *_types("int", ("0", "7", "42", "-1"), "integer", "integer", "bigint", "smallint"),
    *_types("num", ("0", "1.5", "10"), "numeric", "numeric(10,2)", "real", "double precision"),
    *_types("text", ("'x'", "'it''s'", "''"), "text", "text", "varchar(20)", "varchar(50)"),
    *_types("text", ("'x'", "'y'"), "varchar", "char(3)", '"char"'),
    *_types("bool", ("true", "false"), "boolean"),
    *_types("time", ("CURRENT_DATE", "'2024-01-01'"), "date"),
    *_types("time", ("now()", "'2024-01-01 00:00:00'"), "timestamptz", "timestamp(3)", "timestamp"),
    *_types("other", ("gen_random_uuid()",), "uuid"),
    *_types("json", ("'{}'", """'{"a": [1, 2]}'"""), "jsonb"),
    *_types("other", ("'{}'",), "json"),
    *_types("array", ("'{}'", "ARRAY[1, 2]"), "integer[]"),
    *_types("array", ("'{}'", "ARRAY['a', 'b']"), "text[]"),
    *_types("other", ("'1 day'", "interval '2 hours'"), "interval"),
    *_types("other", (r"'\x00ff'",), "bytea"),
    *_types("other", ("'10.0.0.1'",), "inet"),
    *_types("range", ("'[1,5)'", "'empty'"), "int4range"),
    *_types("vector", ("'a b'",), "tsvector"),
)
# The types of the extensions that some servers have.
EXTENSION_TYPES = {
    "citext": _types("text", ("'x'", "'Y'"), "citext", "citext"),
    "hstore": _types("other", ("'a=>1'",), "hstore"),
    "vector": _types("other", ("'[1,2,3]'",), "vector(3)", "vector"),
}
# What rows hold, cast to the column's type; what does not fit is left out.
ROW_VALUES = {
    "int": ("1", "2", "3"),
    "num": ("1", "2.5", "30"),
    "text": ("'a'", "'b'", "'c'"),
    "bool": ("true", "false", "true"),
    "time": ("'2024-01-01'", "'2024-02-01'", "'2024-03-01'"),
    "json": ("'{}'", "'[1]'", "'3'"),
    "array": ("'{}'", "'{1}'", "'{2,3}'"),
    "range": ("'[1,2)'", "'[3,4)'", "'[5,6)'"),
    "vector": ("'a'", "'b'", "'c'"),
}
CHECKS = {
    "int": ("{c} > 0", "{c} BETWEEN 1 AND 10", "{c} IN (1, 2, 3)", "{c} <> 5 OR {c} IS NULL"),
    "num": ("{c} >= 0", "{c} < 1000.5"),
    "text": ("{c} <> ''", "{c} IN ('a', 'b', 'c')", "length({c}) < 50", "{c} !~~ '%;%'"),
    "bool": ("{c} OR NOT {c}",),
    "time": ("{c} > '2000-01-01'", "extract(year FROM {c}) > 1999"),
    "json": ("jsonb_typeof({c}) IS NOT NULL",),
    "array": ("cardinality({c}) < 10",),
    "range": ("NOT lower_inf({c})",),
    "enum": ("{c} <> {v}", "{c} IN ({v})", "{c} IS NOT NULL", "{c}::text <> ''"),
    "composite": ("{c} IS NOT NULL", "({c}).x IS NOT NULL"),
    "domain": ("{c} IS NOT NULL",),
}
EXPRESSIONS = {
    "int": ("{c} + 1", "-{c}", "{c} * 2", "abs({c})"),
    "num": ("{c} / 2", "round({c}::numeric, 1)"),
    "text": ("lower({c})", "upper({c}::text)", "{c} || '!'", "coalesce({c}, 'none')"),
    "bool": ("NOT {c}",),
    "time": ("extract(year FROM {c})",),
    "json": ("{c} -> 'a'", "{c} ->> 'b'"),
    "array": ("cardinality({c})",),
    "range": ("lower({c})",),
    "vector": ("length({c})",),
    "enum": ("{c}::text", "coalesce({c}, {v})"),
    "composite": ("({c}).x", "({c}).y"),
}
INDEX_METHODS = {"json": "gin", "array": "gin", "vector": "gin", "range": "gist"}
