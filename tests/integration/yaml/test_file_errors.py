"""What is checked of a file on this side of the connection."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from schema_tool.pipelines import file_error
from tests.integration.schema.world import Connection


def test_only_yaml_s_line_breaks_count(parser: Connection) -> None:
    text = "a: b\u2028\x85 c\r\nd: [\n"
    with pytest.raises(psycopg.Error) as raised:
        parser.execute("SELECT yaml.fail('YA001', 2, 3, 'wrong')")
    location = file_error(raised.value, Path("x.yaml"), text).location
    assert location is not None
    assert (location.line, location.text) == (2, "d: [")
