"""Cutting SQL text into statements."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema_tool.errors import UsageError
from schema_tool.sqltext import semantic_hash, split_statements, tokens


def texts(sql: str) -> list[str]:
    return [statement.text for statement in split_statements(sql, "f.sql")]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("", []),
        (" ; ;; -- nothing\n", []),
        ("SELECT 1", ["SELECT 1"]),
        ("SELECT 1; SELECT 2;", ["SELECT 1", "SELECT 2"]),
        ("SELECT ';'; SELECT 2", ["SELECT ';'", "SELECT 2"]),
        ("SELECT $a$ ; $$ ; $a$; SELECT 2", ["SELECT $a$ ; $$ ; $a$", "SELECT 2"]),
        ("SELECT E'\\';'; SELECT 2", ["SELECT E'\\';'", "SELECT 2"]),
        ('SELECT ";"; SELECT 2', ['SELECT ";"', "SELECT 2"]),
        ("/* a /* ; */ ; */ SELECT 1; -- ; \n SELECT 2", ["SELECT 1", "SELECT 2"]),
        # yoyo's splitter glues the rest of the file to a column that is called begin
        ('CREATE TABLE t (begin int, "end" int); SELECT 2', None),
        (
            "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3",
            ["CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "SELECT 3"],
        ),
        (
            "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC"
            " SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3",
            [
                "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC"
                " SELECT CASE WHEN true THEN 1 END; SELECT 2; END",
                "SELECT 3",
            ],
        ),
        ("BEGIN; SELECT 1; COMMIT", ["BEGIN", "SELECT 1", "COMMIT"]),
    ],
)
def test_a_semicolon_ends_a_statement_only_at_its_top_level(
    sql: str, expected: list[str] | None
) -> None:
    found = texts(sql)
    if expected is None:
        assert len(found) == 2
    else:
        assert found == expected


def test_positions_count_characters_and_lines() -> None:
    first, second = split_statements("SELECT 'é€😀';\n  -- note\n  SELECT nosuch", "f.sql")
    assert str(first.location) == "f.sql:1:1"
    assert str(second.location) == "f.sql:3:3"
    assert str(second.locate(8)) == "f.sql:3:10"


@pytest.mark.parametrize(
    ("sql", "message", "place"),
    [
        ("SELECT 1;\nSELECT 'é", "unterminated quoted string", "f.sql:2:8"),
        ("SELECT $$ é", "unterminated dollar-quoted string", "f.sql:1:8"),
        ("SELECT 1; /* é", "unterminated /* comment", "f.sql:1:11"),
        ("SELECT 1;\n\\i other.sql\n", "meta-command \\i", "f.sql:2:1"),
        ("\n COPY t FROM stdin;\n1\t2\n\\.\n", "COPY … FROM STDIN", "f.sql:2:2"),
        ("SELECT 1;\nSELECT '\0'", "NUL byte", "f.sql:2:9"),
        ("COPY t FROM stdin;\n1\tit's\n\\.\n", "COPY … FROM STDIN", "f.sql:1:1"),
        ("COPY t TO STDOUT", "COPY … TO STDOUT", "f.sql:1:1"),
        ("COPY (SELECT 1) TO STDOUT WITH CSV", "COPY … TO STDOUT", "f.sql:1:1"),
    ],
)
def test_what_is_no_sql_is_refused_at_its_place(sql: str, message: str, place: str) -> None:
    with pytest.raises(UsageError) as caught:
        split_statements(sql, "f.sql")
    assert message in caught.value.message
    assert str(caught.value.location) == place


@pytest.mark.parametrize("sql", ["SELECT {x}", "SELECT ${DB}", "SELECT 1 }; SELECT 2"])
def test_a_character_that_no_sql_has_is_left_to_the_server(sql: str) -> None:
    assert texts(sql)[0] == sql.split(";", maxsplit=1)[0]


def test_copy_of_a_file_is_the_servers_own() -> None:
    assert len(texts("COPY stdin FROM '/a'; COPY stdout TO '/b'")) == 2


words = st.sampled_from(
    ["a", "'é;'", '"x;"', "$$;$$", "(", ")", "1", "+", "/* ; */", "-- ;\n", "E'\\';'", "case"]
)


@given(st.lists(st.lists(words, min_size=1).map(" ".join), min_size=1, max_size=5))
def test_statements_stand_in_the_file_where_they_say(parts: list[str]) -> None:
    sql = ";\n".join(parts)
    for statement in split_statements(sql, "f.sql"):
        assert sql[statement.offset :].startswith(statement.text)
        before = sql[: statement.offset]
        assert statement.location.line == before.count("\n") + 1


@given(st.lists(st.lists(words, min_size=1).map(" ".join), min_size=1, max_size=5))
def test_a_text_read_in_pieces_is_the_same_text(parts: list[str]) -> None:
    sql = ";\n".join(parts).replace(" + ", ",\n")
    whole = split_statements(sql, "f.sql"), semantic_hash(sql)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "PIECE", 1)
        assert (split_statements(sql, "f.sql"), semantic_hash(sql)) == whole


def test_statements_share_the_text_that_they_stand_in() -> None:
    """A copy of the line for each would be quadratic: a dump may have one line."""
    sql = "SELECT 1;" * 20_000
    found = split_statements(sql, "f.sql")
    assert len(found) == 20_000
    assert all(statement.source is sql for statement in found)
