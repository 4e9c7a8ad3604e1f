"""Names and blocks are quoted so that the server reads what was meant."""

from __future__ import annotations

from schema_tool.catalog.quoting import do_block, literal, made_name, names_in, qualified


def test_a_name_is_quoted_where_the_server_quotes_it() -> None:
    assert qualified("a$b", "c_1", "value", "user", "É") == '"a$b".c_1.value."user"."É"'


def test_a_block_is_between_dollars_that_its_body_does_not_have() -> None:
    assert do_block("BEGIN END") == "DO $$BEGIN END$$"
    assert do_block('"a$$b"') == 'DO $m$"a$$b"$m$'
    assert do_block('"a$$b$m$"') == 'DO $mm$"a$$b$m$"$mm$'


def test_a_carriage_return_is_written_out_as_programs_take_it_for_the_end_of_a_line() -> None:
    assert literal("a\r\nit's") == "E'a\\r\nit''s'"
    assert literal("a\nb") == "'a\nb'"


def test_a_name_that_the_server_makes_up_is_cut_as_it_does() -> None:
    assert made_name("t", "a", "not_null") == "t_a_not_null"
    backlog, position = "destination_rooms_sticky_events_backlog", "sticky_events_stream_position"
    cut = "destination_rooms_sticky_ev_sticky_events_stream_posit_not_null"
    assert made_name(backlog, position, "not_null") == cut
    assert made_name("é" * 30, "b", "not_null") == "é" * 26 + "_b_not_null"
    cut = f"x{'é' * 13}_xñ{'é' * 11}_not_null"
    assert made_name(f"x{'é' * 28}", f"xñ{'é' * 20}", "not_null") == cut


def test_the_names_in_a_qualified_one_may_have_dots_and_quotes_in_them() -> None:
    assert names_in("public.many") == ("public", "many")
    for names in (("s.x", "My.Multi"), ("a", 'b"c'), ("int4multirange",)):
        assert names_in(qualified(*names)) == names
