"""Input made to hurt ends in an error within bounds, and the session goes on."""

from __future__ import annotations

import psycopg
import pytest

from tests.integration.schema.world import Connection, scalar

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGE_BOMB = "a0: &a0 {k0: xxxxxxxxxx}\n" + "".join(
    f"a{i}: &a{i} {{<<: *a{i - 1}, k{i}: xxxxxxxxxx}}\n" for i in range(1, 2000)
)
HOSTILE = {
    "ten million characters": "a" * 10_000_000,
    "ten thousand open brackets": "[" * 10_000,
    "ten thousand open braces": "{a: " * 10_000,
    "nested sequences on a line": "- " * 10_000,
    "nested sequences on lines": "\n".join(" " * i + "-" for i in range(1500)),
    "aliases of aliases": BOMB,
    "merges of merges": MERGE_BOMB,
    "nested keys on a line": "? " * 500_000,
    "nested braces on a long line": "{a: " * 500_000,
    "nested brackets on a long line": "[" * 2_000_000,
    "huge numbers": "[" + "1e131071, " * 10_000 + "]",
    "nested anchors, all used": "a: "
    + "".join(f"&a{i} [{'x' * 9_000}, " for i in range(150))
    + "]" * 150
    + "\nb: ["
    + "".join(f"*a{i}, " for i in range(150))
    + "]\n",
    "a long text many times": f"a: &a {'x' * 100_000}\nb: [{'*a, ' * 1000}]\n",
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_limits_hold(parser: Connection, attack: str) -> None:
    with parser.transaction(force_rollback=True):
        parser.execute("SET LOCAL statement_timeout = '60s'")
        with pytest.raises(psycopg.Error) as raised, parser.transaction():
            parser.execute("SELECT parse_yaml(%s)", [HOSTILE[attack]])
        assert raised.value.sqlstate == "YA005"
    assert scalar(parser, "SELECT parse_yaml('a: 1')") == {"a": 1}


@pytest.mark.parametrize(
    "text",
    [
        "a: |\n" + "  x\n" * 40_000,
        '"' + "ab\\n" * 40_000 + '"',
        "[a" + "\nb" * 40_000 + "]",
        "".join(f"k{i}: v\n" for i in range(10_000)),
        "[" + "{a: 1}, " * 20_000 + "]",
        "- &a x\n" + "- *a\n" * 20_000,
    ],
    ids=["literal", "escapes", "plain lines", "keys", "one line", "aliases"],
)
def test_long_input_of_one_kind_is_read_in_linear_time(parser: Connection, text: str) -> None:
    with parser.transaction(force_rollback=True):
        parser.execute("SET LOCAL statement_timeout = '60s'")
        assert scalar(parser, "SELECT parse_yaml(%s) IS NOT NULL", text) is True


def test_a_line_of_colons_is_refused_in_linear_time(parser: Connection) -> None:
    with parser.transaction(force_rollback=True):
        parser.execute("SET LOCAL statement_timeout = '60s'")
        with pytest.raises(psycopg.Error) as raised:
            parser.execute("SELECT parse_yaml(%s)", ["[" + ":" * 1_000_000 + "]"])
    assert raised.value.sqlstate == "YA001"  # a key of more than 1024 characters
