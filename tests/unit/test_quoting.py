"""Names and blocks are quoted so that the server reads what was meant."""

from __future__ import annotations

from schema_tool.catalog.quoting import do_block, literal


def test_a_block_is_between_dollars_that_its_body_does_not_have() -> None:
    assert do_block("BEGIN END") == "DO $$BEGIN END$$"
    assert do_block('"a$$b"') == 'DO $m$"a$$b"$m$'
    assert do_block('"a$$b$m$"') == 'DO $mm$"a$$b$m$"$mm$'


def test_a_carriage_return_is_written_out_as_programs_take_it_for_the_end_of_a_line() -> None:
    assert literal("a\r\nit's") == "E'a\\r\nit''s'"
    assert literal("a\nb") == "'a\nb'"
