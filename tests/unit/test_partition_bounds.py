"""Partition bounds, as texts: which rows fit, and which two share any."""

from __future__ import annotations

import pytest

from schema_tool.plan.children.bounds import cover_together, covers, may_share_rows, rows_that_fit


@pytest.mark.parametrize(
    ("key", "bound", "condition"),
    [
        ("RANGE (at)", "FOR VALUES FROM (0) TO (10)", "at >= 0 AND at < 10"),
        ("RANGE (at)", "FOR VALUES FROM (MINVALUE) TO ('b'',')", "at < 'b'','"),
        (
            "RANGE (f(a, b), c)",
            "FOR VALUES FROM (1, MINVALUE) TO (2, 'x')",
            "f(a, b) >= 1 AND (f(a, b), c) < (2, 'x')",
        ),
        ("RANGE (a, b)", "FOR VALUES FROM (1, MAXVALUE) TO (2, MAXVALUE)", "a > 1 AND a <= 2"),
        ("LIST (k)", "FOR VALUES IN ('a', NULL)", "(k IN ('a') OR k IS NULL)"),
        ("LIST (((a + b)))", "FOR VALUES IN (NULL)", "((a + b)) IS NULL"),
        (
            'HASH ("A b", c)',
            "FOR VALUES WITH (modulus 4, remainder 1)",
            "pg_catalog.satisfies_hash_partition('public.p'::regclass, 4, 1, \"A b\", c)",
        ),
        ('LIST (k COLLATE "C")', "FOR VALUES IN ('a')", "k COLLATE \"C\" IN ('a')"),
        ("LIST (k text_pattern_ops)", "FOR VALUES IN ('a')", ""),
        ('LIST (k COLLATE "C" text_pattern_ops)', "FOR VALUES IN ('a')", ""),
    ],
)
def test_a_condition_says_which_rows_fit(key: str, bound: str, condition: str) -> None:
    assert rows_that_fit(key, bound, "public.p") == condition


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("FROM (0) TO (10)", "FROM (10) TO (20)", False),
        ("FROM (0) TO (10)", "FROM (9) TO (MAXVALUE)", True),
        ("FROM (MINVALUE) TO (9)", "FROM (10) TO (20)", False),
        ("FROM (1, 5) TO (1, 9)", "FROM (1, 9) TO (2, MINVALUE)", False),
        ("FROM ('2020-01-01') TO ('2020-02-01')", "FROM ('2020-03-01') TO ('2020-04-01')", False),
        ("FROM ('2020-01-01') TO ('2020-03-01')", "FROM ('2020-02-01') TO ('2020-04-01')", True),
        # Numbers or texts: only of the former 9 comes before 10.
        ("FROM ('1') TO ('9')", "FROM ('10') TO ('20')", True),
        ("FROM ('a') TO ('b')", "FROM ('c') TO ('d')", True),
        ("IN ('a', 'b')", "IN ('c', NULL)", False),
        ("IN ('a', NULL)", "IN ('c', NULL)", True),
        ("IN (1.0)", "IN ('1', 2.00)", True),
        ("IN ('1')", "IN ('2', 3.5)", False),
        ("IN ('1e+06')", "IN ('1000000')", True),
        ("IN ('NaN')", "IN ('1')", False),
        ("IN ('24:00:00')", "IN ('1 day')", True),
        ("IN ('1 mon')", "IN ('30 days')", True),
        ("IN ('ab')", "IN ('ab  ')", True),
        ("IN ('ab cd')", "IN ('ab', 'cd')", False),
        ("IN ('AB')", "IN ('ab')", True),
        ("IN ('résumé')", "IN ('resume')", True),
        ("IN (true)", "IN (false)", False),
        ("IN ('2020-01-01')", "IN ('2020-02-01')", False),
        ("IN ('2020-01-01 00:00:00+00')", "IN ('2020-01-01 01:00:00+00')", False),
        (
            "IN ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')",
            "IN ('10eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')",
            False,
        ),
        ("FROM ('0044-03-15 BC') TO ('0043-01-01 BC')", "FROM ('0040-01-01') TO (MAXVALUE)", True),
        (
            "FROM ('0002-01-01 BC') TO ('0001-01-01 BC')",
            "FROM ('0003-01-01 BC') TO ('0001-06-01 BC')",
            True,
        ),
        ("WITH (modulus 2, remainder 0)", "WITH (modulus 4, remainder 2)", True),
        ("WITH (modulus 2, remainder 0)", "WITH (modulus 4, remainder 3)", False),
    ],
)
def test_bounds_share_rows_where_nothing_says_that_they_do_not(
    one: str, other: str, *, share: bool
) -> None:
    assert may_share_rows(f"FOR VALUES {one}", f"FOR VALUES {other}") is share
    assert may_share_rows(f"FOR VALUES {other}", f"FOR VALUES {one}") is share
    assert may_share_rows("DEFAULT", f"FOR VALUES {one}")


@pytest.mark.parametrize(
    ("wide", "narrow", "covered"),
    [
        ("FROM (0) TO (20)", "FROM (0) TO (10)", True),
        ("FROM (MINVALUE) TO (10, 1)", "FROM (5) TO (10, 1)", True),
        ("FROM (5) TO (20)", "FROM (0) TO (10)", False),
        ("FROM ('1') TO ('20')", "FROM ('1') TO ('9')", False),
        ("IN ('a', 'b')", "IN ('a')", True),
        ("IN ('a', 'b')", "IN ('a', NULL)", False),
        ("WITH (modulus 2, remainder 1)", "WITH (modulus 4, remainder 3)", True),
        ("WITH (modulus 4, remainder 3)", "WITH (modulus 2, remainder 1)", False),
        ("WITH (modulus 2, remainder 0)", "WITH (modulus 4, remainder 3)", False),
    ],
)
def test_a_bound_covers_another_where_that_is_sure(
    wide: str, narrow: str, *, covered: bool
) -> None:
    assert covers(f"FOR VALUES {wide}", f"FOR VALUES {narrow}") is covered
    assert covers("DEFAULT", f"FOR VALUES {narrow}")
    assert not covers(f"FOR VALUES {wide}", "DEFAULT")


@pytest.mark.parametrize(
    ("wide", "narrow", "covered"),
    [
        (["FROM (5) TO (10)", "FROM (1) TO (5)"], "FROM (1) TO (10)", True),
        (["FROM (1) TO (5)", "FROM (6) TO (10)"], "FROM (1) TO (10)", False),
        (["FROM (1) TO (5)", "FROM (5) TO (9)"], "FROM (1) TO (10)", False),
        (["FROM (MINVALUE) TO (5)", "FROM (5) TO (20)"], "FROM (1) TO (10)", True),
        (["FROM (1, 1) TO (1, 5)", "FROM (1, 5) TO (2, 0)"], "FROM (1, 1) TO (2, 0)", True),
        (["IN (1, 2)", "IN (3)"], "IN (1, 3)", True),
        (["IN (1, 2)"], "IN (1, 3)", False),
        (["WITH (modulus 4, remainder 0)"], "WITH (modulus 2, remainder 0)", False),
    ],
)
def test_bounds_cover_another_together(wide: list[str], narrow: str, *, covered: bool) -> None:
    bounds = [f"FOR VALUES {bound}" for bound in wide]
    assert cover_together(bounds, f"FOR VALUES {narrow}") is covered
    assert cover_together([*bounds, "DEFAULT"], f"FOR VALUES {narrow}")
    assert not cover_together(bounds, "DEFAULT")
