"""Hashes of SQL text: what counts and what does not."""

import pytest

from schema_tool.sqltext import raw_hash, semantic_hash

SQL = "CREATE TABLE users (id int DEFAULT 1);"


@pytest.mark.parametrize(
    "other",
    [
        "create table USERS (ID INT default 1);",
        "CREATE TABLE users (\n    id int DEFAULT 1 -- why\n);\n",
        "/* header */ CREATE TABLE users(id int DEFAULT 1);",
        "CREATE\tTABLE users\r\n(id int DEFAULT 1) ;",
    ],
)
def test_comments_space_and_case_do_not_count(other: str) -> None:
    assert semantic_hash(other) == semantic_hash(SQL)
    assert raw_hash(other) != raw_hash(SQL)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SQL, "CREATE TABLE users (id int DEFAULT 2);"),
        ("SELECT 'a'", "SELECT 'A'"),
        ("SELECT 'a b'", "SELECT 'a  b'"),
        ('SELECT "a"', 'SELECT "A"'),
        ("DO $$ BEGIN END $$", "DO $$ BEGIN /* a */ END $$"),
        ("SELECT a b", "SELECT ab"),
    ],
)
def test_literals_names_and_bodies_count(one: str, other: str) -> None:
    assert semantic_hash(one) != semantic_hash(other)


def test_headers_count_although_they_are_comments() -> None:
    assert semantic_hash(SQL, headers=("transactional false",)) != semantic_hash(SQL)
