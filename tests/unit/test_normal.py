"""What is said in quotes is never rewritten: two prints that differ there are two expressions."""

from __future__ import annotations

import pytest

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.normal import normal_expression, normal_routine
from schema_tool.plan.renames.placed import Placed


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("SELECT a FROM (VALUES (1)) v(a)", "SELECT a FROM ( VALUES (1)) v(a)", True),
        ("(a <> ' FROM (VALUES (')", "(a <> ' FROM ( VALUES (')", False),
        ("(((a > 1) AND (b > 1)) AND c)", "((a > 1) AND (b > 1) AND c)", True),
        ("(a <> '((b AND c) AND d)')", "(a <> '(b AND c AND d)')", False),
        ('(("((b AND c) AND d)" > 0))', '(("(b AND c AND d)" > 0))', False),
        (
            "(a = ANY ((ARRAY['b'::varchar])::text[]))",
            "(a = ANY (ARRAY[('b'::varchar)::text]))",
            True,
        ),
        ("(a <> E'\\'(ARRAY[b])::text[]')", "(a <> E'\\'ARRAY[(b)::text]')", False),
        ("(a IN ( SELECT 'b'::text))", "(a IN ( SELECT 'b'::text AS text))", True),
        ("(a IN ( SELECT 'b'::text))", "(a IN ( SELECT 'b'::text AS other))", False),
        ("(a IN ( SELECT NULL::integer[]))", "(a IN ( SELECT NULL::integer[] AS int4))", True),
        ("(a IN ( SELECT 'b'::\"bit\"))", '(a IN ( SELECT \'b\'::"bit" AS "bit"))', True),
        ("(a IN ( SELECT 'b'::s.\"T\"))", '(a IN ( SELECT \'b\'::s."T" AS "T"))', True),
        (
            "(a IN ( SELECT ( SELECT 'b'::text)))",
            "(a IN ( SELECT ( SELECT 'b'::text AS text) AS text))",
            True,
        ),
        (
            "SELECT '1'::timestamp without time zone",
            "SELECT '1'::timestamp without time zone AS \"timestamp\"",
            True,
        ),
        ("(a IN ( SELECT '::text AS text'))", "(a IN ( SELECT '::text'))", False),
    ],
)
def test_two_prints_are_of_one_expression(one: str, other: str, *, same: bool) -> None:
    assert (normal_expression(one) == normal_expression(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("SELECT x AS x", "SELECT x", True),
        ('SELECT "Odd x" AS "Odd x"', 'SELECT "Odd x"', True),
        ("SELECT x AS xx", "SELECT x", False),
        ("SELECT ax AS x", "SELECT ax", False),
        ("SELECT 'x AS x'", "SELECT 'x'", False),
        ('SELECT "my x AS x now"', 'SELECT "my x now"', False),
    ],
)
def test_a_parameter_by_its_number_is_the_parameter(one: str, other: str, *, same: bool) -> None:
    assert (normal_routine(one, atomic=True) == normal_routine(other, atomic=True)) is same


def test_a_column_keeps_the_name_that_a_renamed_type_had() -> None:
    old, new = (Identity(Kind.ENUM, ("public", own)) for own in ("e", "f"))
    moved = Placed({old: new}).value(normal_expression("(a IN ( SELECT 'b'::public.e AS e))"))
    assert moved == "(a IN ( SELECT 'b'::public.f AS e))"
    assert moved != normal_expression("(a IN ( SELECT 'b'::public.f AS f))")
