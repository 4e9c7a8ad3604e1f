"""What a moved object's name stands for in a text, and what is only a string."""

from __future__ import annotations

import pytest

from schema_tool.catalog import Identity, Kind
from schema_tool.plan.renames.placed import Placed


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (Kind.TABLE, "SELECT t.a FROM old.t", "SELECT t.a FROM new.t"),
        (Kind.TABLE, "FOREIGN KEY (a) REFERENCES old.t(b)", "FOREIGN KEY (a) REFERENCES new.t(b)"),
        (Kind.TABLE, "old.t(1) + old.t.x", "old.t(1) + new.t.x"),
        (Kind.TABLE, "old.ta, cold.t, old.t$", "old.ta, cold.t, old.t$"),
        (Kind.ENUM, "'old.t'::old.t", "'old.t'::new.t"),
        (Kind.ENUM, "'a'::old.t[] <> 'it''s old.t'", "'a'::new.t[] <> 'it''s old.t'"),
        (Kind.ROUTINE, "old.t(1, old.ta(2))", "new.t(1, old.ta(2))"),
        (
            Kind.SEQUENCE,
            "nextval('old.t'::regclass) || 'old.t' || nextval('old.t'::regclass)",
            "nextval('new.t'::regclass) || 'old.t' || nextval('new.t'::regclass)",
        ),
    ],
)
def test_names_change_and_strings_stay(kind: Kind, before: str, after: str) -> None:
    place = ("t", "") if kind is Kind.ROUTINE else ("t",)
    moved = {Identity(kind, ("old", *place)): Identity(kind, ("new", *place))}
    assert Placed(moved).text(before) == after
