"""What a renamed schema's name stands for in a text, and what is only a string."""

from __future__ import annotations

import pytest

from schema_tool.plan.renames.schema_renames import _Schema


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("old.f(1)", "new.f(1)"),
        ("'old.x'::text", "'old.x'::text"),
        ("nextval('old.s'::regclass)", "nextval('new.s'::regclass)"),
        ("(c <> 'it''s old.x'::text) AND old.f(c)", "(c <> 'it''s old.x'::text) AND new.f(c)"),
        ("told.f(old)", "told.f(old)"),
    ],
)
def test_names_change_and_strings_stay(before: str, after: str) -> None:
    assert _Schema("old", "new").text(before) == after
