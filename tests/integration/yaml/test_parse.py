"""parse_yaml: each feature of YAML 1.2 has a value, each mistake a place and a SQLSTATE."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.integration.schema.world import Connection, scalar

VALUES = {
    "a block mapping": ("name: Ada\nborn: 1815\n", {"name": "Ada", "born": 1815}),
    "a block sequence": ("- one\n- 2\n- 3.5\n", ["one", 2, 3.5]),
    "a mapping in a sequence": ("- a: 1\n  b: 2\n- c: 3\n", [{"a": 1, "b": 2}, {"c": 3}]),
    "a sequence at its key's column": ("k:\n- x\n- y\nl: z\n", {"k": ["x", "y"], "l": "z"}),
    "sequences in sequences": ("- - a\n  - b\n- - c\n", [["a", "b"], ["c"]]),
    "an empty value": ("a:\nb: ~\n", {"a": None, "b": None}),
    "an empty text": ("", None),
    "only a comment": ("# nothing\n", None),
    "no line break at the end": ("a: b", {"a": "b"}),
    "flow sequence": ("a: [x, 'y, z', 3]", {"a": ["x", "y, z", 3]}),
    "flow mapping": ("{a: 1, b: {c: [d]}, e}", {"a": 1, "b": {"c": ["d"]}, "e": None}),
    "JSON": ('{"a":[1,true,null,"x\\n"],"b":{}}', {"a": [1, True, None, "x\n"], "b": {}}),
    "a pair in a flow sequence": ("[a: 1, ? b : 2]", [{"a": 1}, {"b": 2}]),
    "a flow collection over lines": ("a: [\n  x,\n  # why\n  y z\n  w,\n]", {"a": ["x", "y z w"]}),
    "a bracket at its key's column": ("a: [\n  x\n]\n", {"a": ["x"]}),
    "a colon beside a quoted key": ('{"a":b, "c" :d}', {"a": "b", "c": "d"}),
    "literal": ("k: |\n  one\n    two\n\n  three\n", {"k": "one\n  two\n\nthree\n"}),
    "literal, stripped": ("k: |-\n  one\n\n", {"k": "one"}),
    "literal, kept": ("k: |+\n  one\n\n", {"k": "one\n\n"}),
    "literal at the end of the text": ("k: |\n  one", {"k": "one"}),
    "literal, indentation given": ("k: |1\n  one\n two\n", {"k": " one\ntwo\n"}),
    "literal that looks like keys": ("k: |\n  a: b\n  # c\nl: m", {"k": "a: b\n# c\n", "l": "m"}),
    "folded": ("k: >\n  one\n  two\n\n  three\n   four\n  five\n", {
        "k": "one two\nthree\n four\nfive\n"
    }),
    "plain over lines": ("k: one\n  two\n\n  three\n", {"k": "one two\nthree"}),
    "plain with indicators": ("k: a-b #c:d, e]\nl: -x\n", {"k": "a-b", "l": "-x"}),
    "double quotes over lines": ('k: "a\n  b\n\n  c \\\n  d"', {"k": "a b\nc d"}),
    "single quotes": ("k: 'it''s\n  so'", {"k": "it's so"}),
    "escapes": (r'"\x41 é \U0001F600 \t\"\\ \/"', 'A é \U0001f600 \t"\\ /'),
    "a surrogate pair as in JSON": (r'"\ud83d\ude00"', "\U0001f600"),
    "comments": ("# top\na: b # end\n#mid\nc: d#not\n", {"a": "b", "c": "d#not"}),
    "an explicit key": ("? |\n  long\n: - x\n? e\n", {"long\n": ["x"], "e": None}),
    "a key of every kind": ("1: a\ntrue: b\n'q r': c\n", {"1": "a", "true": "b", "q r": "c"}),
    "anchor and alias": ("a: &x {b: 1}\nc: *x\n", {"a": {"b": 1}, "c": {"b": 1}}),
    "an alias takes the last anchor": ("- &x 1\n- *x\n- &x 2\n- *x\n", [1, 1, 2, 2]),
    "an alias as key": ("a: &x k\nb: {*x : 1}\n", {"a": "k", "b": {"k": 1}}),
    "merge keys": ("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  y: 3\n", {
        "a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 3}
    }),
    "an anchor inside a mapping that merges": (
        "base: &b {x: 1}\nm:\n  inner: &i [p, q]\n  <<: *b\nz: [a, b, *i, c]\n",
        {"base": {"x": 1}, "m": {"x": 1, "inner": ["p", "q"]}, "z": ["a", "b", ["p", "q"], "c"]},
    ),
    "an anchor in a merging mapping that is merged": (
        "d: &d\n  a: 1\ns: &s\n  <<: *d\n  o: &o\n    k: v\nt:\n  <<: *s\n  p: *o\n",
        {
            "d": {"a": 1},
            "s": {"a": 1, "o": {"k": "v"}},
            "t": {"a": 1, "o": {"k": "v"}, "p": {"k": "v"}},
        },
    ),
    "anchors in merging mappings in each other": (
        "m: {<<: {x: 1}, n: &n {<<: {y: 2}, o: &o [3]}}\nz: [*o, *n]\n",
        {"m": {"x": 1, "n": {"y": 2, "o": [3]}}, "z": [[3], {"y": 2, "o": [3]}]},
    ),
    "an anchor on what is merged": (
        "m: {<<: &a {x: 1}, y: 2}\nz: [q, *a]\n", {"m": {"x": 1, "y": 2}, "z": ["q", {"x": 1}]}
    ),
    "a list of merges, the first wins": ("<<: [{a: 1}, {a: 2, b: 3}]\n", {"a": 1, "b": 3}),
    "a quoted merge key is a key": ("'<<': {a: 1}\n", {"<<": {"a": 1}}),
    "core tags": ("[!!str 1, !!int '2', !!float 3, !!null '', ! 4]", ["1", 2, 3, None, "4"]),
    "other tags are ignored": ("!mine {a: !<tag:x.org,2000:y> 1}", {"a": 1}),
    "a tag handle": ("%TAG !e! tag:e.org,2000:\n---\n!e!x a\n", "a"),
    "booleans of 1.2 only": ("[true, False, yes, off]", [True, False, "yes", "off"]),
    "numbers": ("[0o17, 0xFF, +1, -2, 007, .5, 6., 1e3]", [15, 255, 1, -2, 7, 0.5, 6, 1000]),
    "no numbers": ("[1_000, 0b1, 1:30, 1.2.3, '4']", ["1_000", "0b1", "1:30", "1.2.3", "4"]),
    "a document between its marks": ("%YAML 1.2\n---\na\n...\n", "a"),
    "text after the mark": ("--- >\n a\n b\n", "a b\n"),
    "tabs between tokens": ("a:\tb\t# c\n-x:\t[ 1,\t2 ]\n", {"a": "b", "-x": [1, 2]}),
    "Windows line ends and a mark": ("\ufeffa: b\r\nc: |\r\n  d\r\n", {"a": "b", "c": "d\n"}),
    "text of every script": ("ключ: значение 😀", {"ключ": "значение 😀"}),
}  # fmt: skip

ERRORS = {
    "a key in a value": ("a: b: c", "YA001", 1, 4),
    "a line too far right": ("a: 1\n  b: 2\n", "YA001", 2, 4),
    "a line too far left": ("a:\n    b: 1\n  c: 2\n", "YA001", 3, 3),
    "no colon": ("a: 1\nb\n", "YA001", 2, 1),
    "a tab as indentation": ("a:\n\tb: 1\n", "YA001", 2, 1),
    "an open bracket": ("a: [1, 2\n", "YA001", 1, 4),
    "the wrong bracket": ("[1, 2}", "YA001", 1, 6),
    "an open quote": ('a: "b\n', "YA001", 1, 4),
    "an unknown escape": (r'a: "\q"', "YA001", 1, 6),
    "no comma": ("{a: 1 b: 2}", "YA001", 1, 8),
    "two commas": ("[1,, 2]", "YA001", 1, 4),
    "a reserved character": ("a: @b", "YA001", 1, 4),
    "text after a quoted value": ('a: "b" c', "YA001", 1, 8),
    "a comment without a space": ('a: "b"#c', "YA001", 1, 7),
    "a sequence beside a key": ("a: - b", "YA001", 1, 4),
    "a mapping in a sequence's column": ("- a\nb: 1\n", "YA001", 2, 1),
    "a control character": ("a: \x07", "YA001", 1, 4),
    "a block header": ("a: |9x\n b\n", "YA001", 1, 4),
    "two anchors": ("a: &b &c d", "YA001", 1, 7),
    "a directive without a document": ("%YAML 1.2\n", "YA001", 1, 1),
    "a misfit of tag and value": ("!!int x", "YA001", 1, 7),
    "an empty key": (": a", "YA002", 1, 1),
    "a collection as key": ("[a]: b", "YA002", 1, 4),
    "a collection as explicit key": ("? - a\n: b", "YA002", 1, 3),
    "infinity": ("a: .inf", "YA002", 1, 4),
    "not a number": ("a: [.nan]", "YA002", 1, 5),
    "a huge number": ("a: 1e131072", "YA002", 1, 4),
    "a huge exponent": ("1e999999999999", "YA002", 1, 1),
    "a tiny number": ("1e-16384", "YA002", 1, 1),
    "a key of 1025 characters": ("k" * 1025 + ": v", "YA001", 1, 1),
    "two anchors in flow": ("[&a &b c]", "YA001", 1, 5),
    "the character zero": (r'"\0"', "YA002", 1, 3),
    "half a pair": (r'"\ud800"', "YA002", 1, 3),
    "a key twice": ("a: 1\nb: 2\na: 3\n", "YA003", 3, 1),
    "a key twice by alias": ("a: &x b\nb: 1\n*x : 2\n", "YA003", 3, 1),
    "no anchor": ("a: *b", "YA004", 1, 4),
    "an alias in its own node": ("&a [*a]", "YA004", 1, 5),
    "an undeclared tag handle": ("!e!x a", "YA004", 1, 1),
}


@pytest.mark.parametrize("feature", VALUES)
def test_a_feature_has_its_value(parser: Connection, feature: str) -> None:
    text, expected = VALUES[feature]
    assert scalar(parser, "SELECT parse_yaml(%s)", text) == expected


@pytest.mark.parametrize("mistake", ERRORS)
def test_a_mistake_has_its_place(parser: Connection, mistake: str) -> None:
    text, state, line, column = ERRORS[mistake]
    with pytest.raises(psycopg.Error) as raised:
        parser.execute("SELECT parse_yaml(%s)", [text])
    assert raised.value.sqlstate == state
    primary = raised.value.diag.message_primary
    assert primary
    assert primary.startswith(f"line {line}, column {column}: "), primary


def test_one_document_is_asked_for_and_a_stream_returns_all(parser: Connection) -> None:
    text = "a\n---\n- b\n...\n---\n"
    with pytest.raises(psycopg.Error, match="3 documents") as raised:
        parser.execute("SELECT parse_yaml(%s)", [text])
    assert raised.value.sqlstate == "YA006"
    found = parser.execute("SELECT * FROM parse_yaml_stream(%s)", [text]).fetchall()
    assert found == [("a",), (["b"],), (None,)]


def test_an_anchor_ends_with_its_document(parser: Connection) -> None:
    with pytest.raises(psycopg.Error, match=r"line 2, column 5: no anchor for alias \*a"):
        parser.execute("SELECT parse_yaml_stream(%s)", ["&a b\n--- *a\n"])


def test_digits_are_kept(parser: Connection) -> None:
    text = "[1.10, 12345678901234567890.123456789012345678901, 0.000]"
    found = scalar(parser, "SELECT parse_yaml(%s)::text", text)
    assert found == text.replace("  ", " ")


def test_the_caller_s_search_path_changes_nothing(parser: Connection) -> None:
    with parser.transaction(force_rollback=True):
        parser.execute("CREATE SCHEMA trap")
        parser.execute("CREATE FUNCTION trap.left(TEXT, INT) RETURNS TEXT RETURN 'trapped'")
        parser.execute("SET LOCAL search_path = trap, pg_catalog, public")
        assert scalar(parser, "SELECT parse_yaml('a: [b]')") == {"a": ["b"]}


def _suite() -> list[Path]:
    """The cases of the public conformance suite, if their folder is given."""
    folder = os.environ.get("SCHEMA_TOOL_YAML_SUITE")
    return sorted(p.parent for p in Path(folder).rglob("in.yaml")) if folder else []


def _expected(case: Path) -> list[Any]:
    text, decoder = (case / "in.json").read_text(), json.JSONDecoder(parse_float=Decimal)
    values, at = [], 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        value, at = decoder.raw_decode(text, at)
        values.append(value)
    return values


if _suite():

    @pytest.mark.parametrize("case", _suite(), ids=lambda case: "-".join(case.parts[-2:]))
    def test_the_public_suite(parser: Connection, case: Path) -> None:
        text = (case / "in.yaml").read_bytes().decode()
        if (case / "error").exists():
            with pytest.raises(psycopg.Error) as raised:
                parser.execute("SELECT parse_yaml_stream(%s)", [text])
            assert (raised.value.sqlstate or "").startswith("YA")
        elif (case / "in.json").exists():
            found = parser.execute(
                "SELECT v::text FROM parse_yaml_stream(%s) AS v", [text]
            ).fetchall()
            assert [json.loads(v, parse_float=Decimal) for (v,) in found] == _expected(case)
