"""A secret on a line of its own is not shown: what says so stands above it."""

from __future__ import annotations

import pytest

from schema_tool.errors import UsageError
from schema_tool.sqltext import hide_secrets, location_at, split_statements, without_secrets


@pytest.mark.parametrize(
    "text",
    [
        "CREATE USER MAPPING FOR a SERVER s OPTIONS (\n  user 'x', password\n    'hush'\n);",
        "ALTER ROLE a PASSWORD -- of 'a'\n\n'hush';",
        "CREATE SUBSCRIPTION s CONNECTION\n'host=x\n password=hush\n user=y' PUBLICATION p;",
        "SELECT set_config('app.secret',\nE'it\\'s hush', false);",
        "CREATE USER MAPPING FOR a SERVER s OPTIONS (password\n'hush",
        "SELECT 'don''t'; ALTER ROLE é PASSWORD = (\nU&'hush');",
    ],
)
def test_a_secret_is_in_stars_and_all_else_at_its_place(text: str) -> None:
    shown = without_secrets(text)
    assert "hush" not in shown
    assert len(shown) == len(text)
    assert shown.count("\n") == text.count("\n")
    assert "hush" not in location_at(text, text.index("hush"), "a.sql").text


@pytest.mark.parametrize(
    "text",
    [
        "CREATE TABLE t (\n  token text,\n  state text CHECK (state IN ('a', 'b'))\n);",
        "CREATE FUNCTION token() RETURNS text AS $$\nSELECT 'a'\n$$ LANGUAGE 'sql';",
        "CREATE TABLE tokens ();\nSELECT 'a';",
        "ALTER ROLE a PASSWORD\n:'NAME';",
    ],
)
def test_what_stands_near_the_word_only_is_shown(text: str) -> None:
    assert without_secrets(text) == text


def test_the_error_of_a_literal_without_an_end_does_not_show_it() -> None:
    with pytest.raises(UsageError) as raised:
        split_statements("ALTER ROLE a PASSWORD\n'hush;", "a.sql")
    assert raised.value.location is not None
    assert raised.value.location.text == "'*****"


def test_what_the_server_quotes_of_a_secret_is_not_said() -> None:
    text = "CREATE SUBSCRIPTION s CONNECTION\n'host=x password=two words' PUBLICATION p"
    for message, shown in (
        ('missing "=" after "words" in connection info string', 'missing "=" after ***'),
        ('syntax error at or near "PUBLICATION"', 'syntax error at or near "PUBLICATION"'),
    ):
        said = hide_secrets(message, text)
        assert said.replace('"***"', "***").startswith(shown)
    assert hide_secrets('type "a" does not exist', "SELECT 'a'::a") == 'type "a" does not exist'
