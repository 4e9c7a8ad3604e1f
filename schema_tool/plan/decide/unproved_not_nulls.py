"""NOT NULL that is NOT VALID: what new columns get once those who shall inherit it are there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.catalog.model.relation import Column
from schema_tool.compare import Action, Change

if TYPE_CHECKING:
    from schema_tool.plan.decisions import Decisions


def add_unproved_not_nulls(decisions: Decisions) -> None:
    """No CREATE TABLE says them: they are a change of the column, which comes without them."""
    for identity in [i for i in decisions.create if i.kind is Kind.COLUMN]:
        column = decisions.desired.objects[identity]
        assert isinstance(column, Column)
        if column.not_null and not (column.not_null_valid or column.not_null_inherited):
            said = ("not_null_comment",) if column.not_null_comment else ()
            decisions.alter[identity] = Change(
                identity=identity,
                action=Action.ALTERED,
                before=replace(column, not_null=False, not_null_comment=""),
                after=column,
                attributes=("not_null", *said),
            )
