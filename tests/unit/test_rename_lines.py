"""A comment that was meant to declare a rename declares it, or is an error."""

from __future__ import annotations

import pytest

from schema_tool.errors import UsageError
from schema_tool.plan.renames.declared import declared_renames

RIGHT = "-- schema-tool: rename column pipelines.title to name"


@pytest.mark.parametrize(
    "line",
    [
        "-- schema-tool rename column pipelines.title to name",
        "--schema tool: rename column pipelines.title to name",
        "-- schema_tool: Rename column pipelines.title to name  ",
        "-- schema-tool : rename column pipelines.title to name",
    ],
)
def test_a_line_with_another_mark_is_an_error_that_says_the_right_one(line: str) -> None:
    with pytest.raises(UsageError, match="declares no rename") as raised:
        declared_renames([f"CREATE TABLE pipelines (name text);\n{line}\n"])
    assert raised.value.hint == f"write it so: {RIGHT}"


@pytest.mark.parametrize(
    "text",
    [
        RIGHT,
        RIGHT.upper(),
        RIGHT.replace(" to ", " To "),
        f"CREATE TABLE pipelines (\n    name text {RIGHT}\n);",
    ],
)
def test_a_comment_declares_wherever_it_stands(text: str) -> None:
    (found,) = declared_renames([text.replace("PIPELINES.TITLE", "pipelines.title")])
    assert found.line.lower() == RIGHT


@pytest.mark.parametrize(
    "text",
    [
        "-- schema-tool rename lines stand in this file",
        "-- see schema-tool rename column a.b to c",
        f"-- {RIGHT}",
        f"/* {RIGHT} */",
        "SELECT '-- schema-tool rename column a.b to c';",
    ],
)
def test_what_only_speaks_of_a_rename_declares_none(text: str) -> None:
    assert declared_renames([text]) == ()
