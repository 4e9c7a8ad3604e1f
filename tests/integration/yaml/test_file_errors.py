"""What is checked of a file on this side of the connection."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from schema_tool.pipelines import check_same_reading, file_error
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
