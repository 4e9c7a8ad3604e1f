"""The words of a body, in time that grows with its length."""

from __future__ import annotations

from schema_tool.plan.words import names_read_in_body


def test_a_word_of_a_megabyte_is_read_once() -> None:
    body = f"SELECT a.f(1), \"G\" (2) FROM t WHERE x = '{'x' * 1_000_000}'"
    assert names_read_in_body(body) == {"f", "G", "t"}
