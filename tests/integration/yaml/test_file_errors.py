"""What is checked of a file on this side of the connection."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from schema_tool.errors import FailedError
from schema_tool.pipelines.importing import file_error
from schema_tool.pipelines.reading import check_same_reading
from tests.integration.schema.world import Connection


def test_only_yaml_s_line_breaks_count(parser: Connection) -> None:
    text = "a: b\u2028\x85 c\r\nd: [\n"
    with pytest.raises(psycopg.Error) as raised:
        parser.execute("SELECT yaml.fail('YA001', 2, 3, 'wrong')")
    location = file_error(raised.value, Path("x.yaml"), text).location
    assert location is not None
    assert (location.line, location.text) == (2, "d: [")


def test_an_escaped_surrogate_pair_is_one_character_on_both_sides(parser: Connection) -> None:
    text = 'a: "\\ud83d\\ude00"\n"\\ud83d\\ude00": [1, \u00e9]\n'
    row = parser.execute("SELECT parse_yaml(%s)", [text]).fetchone()
    assert row is not None
    check_same_reading(Path("x.yaml"), text, row[0])


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("a: b\n", ""),
        ("a: !!str 1\nb: !!int '1'\nc: !!float 1\nd: !!null ''\ne: !!bool 'true'\n", ""),
        ("a: !own {b: 1}\nb: !own [1, x]\nc: !own 1\nd: !own '1'\n", ""),
        ("a: &x {b: 1}\nc: {<<: *x, d: *x}\n1: one\ntrue: two\n", ""),
        ("a: 1e400\nb: 0x1F\nc: 0o17\nd: 1_000\ne: 12:30\nf: yes\n", ""),
        ("a: b\u2028c\n", "it has characters that are line breaks in YAML 1.1"),
        # a tab after a dash and a mark within a flow are the specification's, not PyYAML's
        ("a:\n-\tb\n", ""),
        ('{"a":b, "c":[d:1]}\n', ""),
    ],
)
def test_pyyaml_agrees_or_a_note_says_why_it_was_not_asked(
    parser: Connection, text: str, note: str
) -> None:
    row = parser.execute("SELECT parse_yaml(%s)::text", [text]).fetchone()
    assert row is not None
    stored = json.loads(row[0], parse_float=Decimal)
    said = check_same_reading(Path("x.yaml"), text, stored)
    assert (note in said) if note else (said == "" or "which cannot read it (line" in said)


def test_another_reading_of_the_database_is_refused() -> None:
    for stored in ({"a": True}, {"a": "1"}, {"a": 1, "b": None}, {}, [1], {"a": [1]}):
        with pytest.raises(FailedError, match="different values"):
            check_same_reading(Path("x.yaml"), "a: 1\n", stored)
    assert check_same_reading(Path("x.yaml"), "a: 1\n", {"a": 1}) == ""
