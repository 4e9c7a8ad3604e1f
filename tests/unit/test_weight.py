"""How a statement's locks weigh, told by its words."""

from __future__ import annotations

import pytest

from schema_tool.apply.weight import Weight, weigh
from schema_tool.sqltext import split_statements

MANY = ", ".join(f"VALIDATE CONSTRAINT c{number}" for number in range(12))


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("ALTER TABLE t VALIDATE CONSTRAINT a", Weight.LONG),
        (f"ALTER TABLE ONLY app.t\n    {MANY}", Weight.LONG),
        ('ALTER TABLE "t,u" VALIDATE CONSTRAINT "a,b"', Weight.LONG),
        ("ALTER TABLE t VALIDATE CONSTRAINT a, ADD COLUMN b int", Weight.STRONG),
        ("ALTER TABLE t ADD COLUMN validate int", Weight.STRONG),
    ],
)
def test_scans_that_stall_nobody_may_take_their_time(text: str, weight: Weight) -> None:
    assert weigh(split_statements(text)[0], set()) is weight
