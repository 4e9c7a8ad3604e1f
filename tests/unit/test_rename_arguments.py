"""Arguments of functions in rename lines are spelled as people spell them."""

from __future__ import annotations

import pytest

from schema_tool.errors import UsageError
from schema_tool.plan.renames.arguments import printed_arguments
from schema_tool.plan.renames.declared import declared_renames

SPELLINGS = {
    "": "",
    "integer, text": "integer, text",
    " int ,  VARCHAR": "integer, character varying",
    "a int, b double  precision": "integer, double precision",
    "character varying": "character varying",
    "at timestamp, until timestamptz[]": (
        "timestamp without time zone, timestamp with time zone[]"
    ),
    "timestamp with time zone": "timestamp with time zone",
    "time": "time without time zone",
    "VARIADIC bool[][]": "boolean[]",
    "INOUT x int8, OUT y int": "bigint",
    "ids int ARRAY[4]": "integer[]",
    'app."My, type", "my arg" app.e': 'app."My, type", app.e',
    '"int"': '"int"',
    "varchar(10), amount numeric(10, 2)": "character varying, numeric",
    "timestamp(3) with time zone, interval day to second(3)": "timestamp with time zone, interval",
    "IN a int, OUT b int, c OUT int, IN OUT d int": "integer, integer",
    "a text DEFAULT ', )'::text, b int = abs(-1), c pg_catalog.int4": "text, integer, integer",
    "*": "",
}


@pytest.mark.parametrize("written", SPELLINGS)
def test_arguments_are_told_as_the_server_prints_them(written: str) -> None:
    assert printed_arguments(written) == SPELLINGS[written]


def test_a_procedure_is_told_by_what_it_takes() -> None:
    assert printed_arguments("IN a int, OUT b text, INOUT c text") == "integer, text"


@pytest.mark.parametrize(
    ("line", "parts"),
    {
        "function f(a text = ')') to g": ("public", "f", "text"),
        "FUNCTION app.f (varchar(10)) to g": ("app", "f", "character varying"),
        "procedure p(a int, OUT b int) to q": ("public", "p", "integer"),
        "aggregate a(*) to b": ("public", "a", ""),
        "domain d to e": ("public", "d"),
    }.items(),
)
def test_a_line_says_what_it_renames_as_people_say_it(line: str, parts: tuple[str, ...]) -> None:
    (rename,) = declared_renames([f"-- schema-tool: rename {line}"])
    assert rename.parts == parts


@pytest.mark.parametrize(
    "text", ["/*\n{}\n*/", "SELECT $$\n{}\n$$;", "COMMENT ON TABLE t IS '\n{}';"]
)
@pytest.mark.parametrize("line", ["rename table t to u", "renamed by hand"])
def test_only_a_comment_declares(text: str, line: str) -> None:
    assert not declared_renames([text.format(f"-- schema-tool: {line}")])


def test_a_line_with_a_semicolon_is_no_declaration() -> None:
    with pytest.raises(UsageError, match="declares no rename"):
        declared_renames(["-- schema-tool: rename table t to u;"])


def test_what_are_no_arguments_is_no_declaration() -> None:
    with pytest.raises(UsageError, match="declares no rename"):
        declared_renames(["-- schema-tool: rename function f(a int,) to g"])
