"""parse_yaml, rule by rule through chapters 5 to 9 of the YAML 1.2.2 specification."""

from __future__ import annotations

import psycopg
import pytest

from tests.integration.schema.world import Connection
from tests.integration.yaml.spec_cases import CASES


@pytest.mark.parametrize("text", CASES, ids=lambda text: ascii(text)[1:40])
def test_a_rule_holds(parser: Connection, text: str) -> None:
    expected = CASES[text]
    if isinstance(expected, str):
        with pytest.raises(psycopg.Error) as raised:
            parser.execute("SELECT parse_yaml_stream(%s)", [text])
        assert raised.value.sqlstate == expected, raised.value
    else:
        found = parser.execute("SELECT * FROM parse_yaml_stream(%s)", [text]).fetchall()
        assert [value for (value,) in found] == expected
