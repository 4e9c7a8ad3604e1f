"""Names and blocks are quoted so that the server reads what was meant."""

from __future__ import annotations

from schema_tool.catalog.quoting import do_block


def test_a_block_is_between_dollars_that_its_body_does_not_have() -> None:
    assert do_block("BEGIN END") == "DO $$BEGIN END$$"
    assert do_block('"a$$b"') == 'DO $m$"a$$b"$m$'
    assert do_block('"a$$b$m$"') == 'DO $mm$"a$$b$m$"$mm$'
