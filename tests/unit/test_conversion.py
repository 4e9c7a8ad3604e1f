"""What a change of type says of a column's values: which get lost, and whether it can fail."""

from __future__ import annotations

import pytest

from schema_tool.plan.emit.conversion import cast_between, stay_distinct

STAMP, ZONED = "timestamp without time zone", "timestamp with time zone"


@pytest.mark.parametrize(
    ("before", "after", "loses", "refuses"),
    [
        ("integer", "bigint", False, False),
        ("bigint", "integer", False, True),
        ("integer", "numeric(5,2)", False, True),
        ("numeric", "integer", True, True),
        ("numeric", "real", True, True),
        ("double precision", "numeric", True, False),
        ("bigint", "real", True, False),
        ("real", "double precision", False, False),
        ("integer", "numeric(12,2)", False, False),
        ("integer", "numeric(12,-2)", True, False),
        ("bigint", "numeric(18,0)", False, True),
        ("numeric(9,0)", "integer", False, False),
        ("numeric(10,0)", "integer", False, True),
        ("numeric(7,2)", "bigint", True, False),
        ("numeric(7,2)", "numeric(5,2)", False, True),
        ("numeric(7,2)[]", "numeric(7,4)[]", False, True),
        ("bit(3)[]", "bit(5)[]", True, False),
        ("character(3)", "character varying(3)", False, False),
        ("character(5)", "character varying(3)", False, True),
        ("bit(3)", "bit varying(2)", False, True),
        ("cidr", "inet", False, False),
        ("interval", "interval(3)", True, False),
        ("numeric(5,2)", "numeric(7,4)", False, False),
        ("numeric(9,4)", "numeric(9,2)", True, False),
        # 99.9 becomes 100
        ("numeric(3,1)", "numeric(2,0)", True, True),
        ("numeric(9,2)", "numeric(9,-2)", True, False),
        ("numeric", "numeric(5,2)", True, True),
        ("character varying(20)", "character varying(3)", True, True),
        ("character varying(3)", "text", False, False),
        ("text", "character(3)", True, True),
        ("character(5)", "character(3)", False, True),
        ("text", "name", True, False),
        ("integer[]", "name", True, False),
        ("jsonb", "name", True, False),
        ("integer", "text", False, False),
        ("integer", "character varying(3)", False, True),
        ("bit varying(5)", "bit varying(3)", False, True),
        ("bit(5)", "bit(3)", True, False),
        (STAMP, "timestamp(0) with time zone", True, False),
        (STAMP, ZONED, False, False),
        ("timestamp(0) without time zone", "timestamp(3) with time zone", False, False),
        ("date", "timestamp(0) with time zone", False, False),
        (STAMP, "date", True, False),
        ("timestamp(3) without time zone", "timestamp(0) without time zone", True, False),
        (ZONED, "time without time zone", True, True),
        ("numeric", "money", True, True),
        ("text", "integer", False, True),
        ("text", "uuid", False, True),
        ("text", "public.e", False, True),
        ("text", "numeric(5,2)", True, True),
        ("text", "date", True, True),
        ("text", "timestamp(0) without time zone", True, True),
        ("text", "interval day to hour", True, True),
        ("text", '"char"', True, True),
        ("text", "bit(3)", True, True),
        ("text", "bit varying(3)", True, True),
        ("text[]", "date[]", True, True),
        ("text[]", "integer[]", False, True),
        ("character varying(20)", "character varying(5)[]", True, True),
        ("text", "text[]", False, False),
        ("text", "integer[]", False, True),
        ("numeric", "numeric(5,1)[]", True, True),
        ("integer", "smallint[]", False, True),
        ("smallint[]", "integer", True, False),
        ("text[]", "text", False, False),
        ("json", "jsonb", True, False),
        ("jsonb", "json", False, False),
    ],
)
def test_a_cast_says_whether_values_change_and_whether_it_fails(
    before: str, after: str, *, loses: bool, refuses: bool
) -> None:
    cast = cast_between(before, after)
    assert (bool(cast.loses), cast.refuses) == (loses, refuses)


@pytest.mark.parametrize(
    ("before", "after", "using"),
    [
        (
            "text",
            "character varying(5)[]",
            "CASE WHEN {column} IS DISTINCT FROM NULL THEN ARRAY[{column}] END",
        ),
        ("text", "integer[]", "{column}::integer[]"),
        (
            "boolean",
            "integer[]",
            "CASE WHEN {column} IS DISTINCT FROM NULL THEN ARRAY[{column}::integer] END",
        ),
        ("public.c", "text[]", "CASE WHEN {column} IS DISTINCT FROM NULL THEN ARRAY[{column}] END"),
        ("smallint[]", "integer", "{column}[1]"),
        ("integer[]", "boolean", "{column}[1]::boolean"),
        ("integer[]", "jsonb", "to_jsonb({column})"),
        ("text[]", "text", ""),
    ],
)
def test_a_value_becomes_the_only_one_of_an_array_and_null_none(
    before: str, after: str, using: str
) -> None:
    assert cast_between(before, after).using == using


@pytest.mark.parametrize(
    ("before", "after", "distinct"),
    [
        ("bigint", "integer", True),
        ("numeric(7,2)", "numeric(5,2)", True),
        ("numeric(9,4)", "numeric(9,2)", False),
        ("timestamp(3) without time zone", "timestamp(0) without time zone", False),
        ("text", "character varying(3)", True),
    ],
)
def test_what_is_refused_stays_distinct(before: str, after: str, *, distinct: bool) -> None:
    assert stay_distinct(before, after) is distinct


@pytest.mark.parametrize(
    ("before", "after", "free"),
    [
        ("character varying(3)", "character varying(5)", True),
        ("character varying(3)", "text", True),
        ("character(3)", "character(5)", False),
        ("numeric(5,2)", "numeric(7,2)", True),
        ("numeric(5,2)", "numeric(7,4)", False),
        ("bit varying(3)", "bit varying", True),
        ("bit(3)", "bit varying", True),
        ("cidr", "inet", True),
        ("timestamp(3) without time zone", "timestamp(6) without time zone", True),
        (STAMP, "timestamp(6) without time zone", True),
        ("time(0) with time zone", "time with time zone", True),
        ("interval day to second(3)", "interval day to second(6)", True),
        ("interval(3)[]", "interval(6)[]", False),
    ],
)
def test_what_grows_in_place_is_free(before: str, after: str, *, free: bool) -> None:
    assert cast_between(before, after).free is free


@pytest.mark.parametrize(
    ("before", "after", "settings"),
    [
        (STAMP, ZONED, "TimeZone"),
        ("date", "timestamp(0) with time zone", "TimeZone"),
        (f"{STAMP}[]", f"{ZONED}[]", "TimeZone"),
        (f"{ZONED}[]", STAMP, "TimeZone"),
        (ZONED, "time without time zone", "TimeZone"),
        ("text", "time with time zone", "TimeZone"),
        (ZONED, "jsonb", "TimeZone"),
        ("tsrange", "tstzrange", "TimeZone"),
        ("text", ZONED, "DateStyle and TimeZone"),
        ("character varying(40)[]", f"{ZONED}[]", "DateStyle and TimeZone"),
        (ZONED, "text", "DateStyle and TimeZone"),
        ("text", "date", "DateStyle"),
        (STAMP, "character varying(40)", "DateStyle"),
        (STAMP, "date", ""),
        ("time with time zone", "text", ""),
        ("tstzrange", "tstzmultirange", ""),
        ("date", "jsonb", ""),
        ("text", "integer", ""),
    ],
)
def test_a_cast_names_what_of_the_session_it_depends_on(
    before: str, after: str, settings: str
) -> None:
    assert " and ".join(cast_between(before, after).settings) == settings
