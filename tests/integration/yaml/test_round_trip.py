"""to_yaml and parse_yaml undo each other, and PyYAML agrees with both."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import psycopg
import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.integration.schema.world import Connection, scalar
from tests.integration.yaml.core_loader import core_load

# texts that readers of YAML 1.2 or 1.1 take for something else when they are not quoted
AWKWARD = [
    *("", "yes", "No", "null", "~", "on", "y", "1", "-1", "1.5", "1e5", "0x1", "0o7", "1_000"),
    *("12:30:45", "2020-01-01", ".inf", ".", "-", "--- x", "...", "<<", "=", "? a", ": a", "a:"),
    *("a: b", "a #b", "#a", "- a", "[a", "{a", "a, b", "&a", "*a", "!a", "|", ">", "%a", "@a"),
    *("`a", '"a"', "it's", " a", "a ", "\n", "a\n", "a\nb", "a\n\n", "\na", " a\nb", "a\n \nb"),
    *("a \nb", "\ta\nb", "a\n\n\n b\n", "- a\n- b", "# a\nb", "a\tb", "a\rb", "\x7f", "\x85"),
    *("\u2028", "\ufeffa", "\xa0", "\U0001f600", "a" * 1100),
]
TEXTS = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(alphabet=" \n\t#:-?a\"'\\|>&*![]{},%@`=<~.01_e", max_size=10),
    st.text(
        alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
    ),
)
NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)
EXAMPLES = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def same(left: Any, right: Any) -> bool:
    """Equal, and of the same types: 1, 1.0 and true are three values."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


@EXAMPLES
@given(value=VALUES)
def test_what_is_written_is_read_back(parser: Connection, value: Any) -> None:
    given_json = json.dumps(value)
    row = parser.execute(
        "SELECT j::text, to_yaml(j), parse_yaml(to_yaml(j))::text FROM CAST(%s AS jsonb) AS j",
        [given_json],
    ).fetchone()
    assert row
    stored, text, back = row
    assert back == stored, text
    assert same(yaml.safe_load(text), json.loads(stored)), text


DUMP_STYLES = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([True, False, None]),
        "default_style": st.sampled_from([None, "'", '"', "|", ">"]),
        "indent": st.integers(2, 6),
        "width": st.integers(20, 100),
    }
)


@EXAMPLES
@given(value=VALUES, style=DUMP_STYLES)
def test_what_pyyaml_writes_means_the_same_to_both(
    parser: Connection, value: Any, style: dict[str, Any]
) -> None:
    text = yaml.safe_dump(value, allow_unicode=True, **style)
    # line breaks to YAML 1.1, to which PyYAML keeps; characters like any other to 1.2
    assume(not re.search("[\x85\u2028\u2029\ufeff]", text))
    found = json.loads(scalar(parser, "SELECT parse_yaml(%s)::text", text), parse_float=Decimal)
    assert found == core_load(text), text


def test_the_style_is_readable(parser: Connection) -> None:
    value = {
        "name": "Review",
        "tags": [],
        "steps": [{"name": "one", "text": "first\n  second\n", "on": "yes"}, [1, [2]], {}],
    }
    expected = """\
name: Review
tags: []
steps:
  - "on": "yes"
    name: one
    text: |
      first
        second
  - - 1
    - - 2
  - {}
"""
    assert scalar(parser, "SELECT to_yaml(%s::jsonb)", json.dumps(value)) == expected


@pytest.mark.parametrize("levels", [200, 201])
def test_both_have_the_same_limit_of_nesting(parser: Connection, levels: int) -> None:
    value = "[" * levels + "]" * levels
    if levels == 200:
        assert scalar(parser, "SELECT parse_yaml(to_yaml(%s::jsonb))::text", value) == value
        return
    for query in ("SELECT to_yaml(%s::jsonb)", "SELECT parse_yaml(%s)"):
        with pytest.raises(psycopg.Error) as raised:
            parser.execute(query.encode(), [value.replace("[]", "[1]")])
        assert raised.value.sqlstate == "YA005"


@pytest.mark.parametrize(
    "number",
    ["1e131071", "-9.9e131071", "1e-16383", "1" * 131_072, "-0." + "3" * 16_383, "1e400", "-0.0"],
    ids=lambda number: number[:12],
)
def test_every_number_that_jsonb_can_hold_is_read_back(parser: Connection, number: str) -> None:
    query = "SELECT parse_yaml(to_yaml(j))::text = j::text FROM CAST(%s AS jsonb) AS j"
    assert scalar(parser, query, f'{{"n": [{number}]}}') is True


def test_every_character_that_jsonb_can_hold_is_read_back(parser: Connection) -> None:
    query = """
        SELECT count(*) FROM generate_series(1, 1114111) AS c,
            LATERAL (SELECT jsonb_build_object(chr(c) || 'k', 'a' || chr(c), 'b', chr(c)) AS j) AS v
        WHERE c NOT BETWEEN 55296 AND 57343 AND (c < 12288 OR c % 1021 = 0 OR c % 65536 > 65500)
            AND parse_yaml(to_yaml(v.j)) <> v.j
    """
    assert scalar(parser, query) == 0
