"""Arguments of functions in rename lines are spelled as people spell them."""

from __future__ import annotations

import pytest

from schema_tool.plan.renames.arguments import printed_arguments

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
    "time time": "time without time zone",
    "VARIADIC bool[][]": "boolean[]",
    "INOUT x int8, OUT y int": "bigint",
    "ids int ARRAY[4]": "integer[]",
    'app."My, type", "my arg" app.e': 'app."My, type", app.e',
    '"int"': '"int"',
}


@pytest.mark.parametrize("written", SPELLINGS)
def test_arguments_are_told_as_the_server_prints_them(written: str) -> None:
    assert printed_arguments(written) == SPELLINGS[written]
