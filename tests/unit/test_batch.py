"""Which files are sent together."""

from __future__ import annotations

from pathlib import Path

import pytest

from schema_tool.apply.batch import MOST_FILES, batches
from schema_tool.apply.ledger import Direction
from schema_tool.apply.limits import Limits
from schema_tool.apply.work import Conditions, Work
from schema_tool.source import Script


def work(text: str, *, transactional: bool = True) -> Work:
    script = Script(path=Path("f.sql"), name="f.sql", text=text)
    return Work(
        migration_id="f",
        script=script,
        statements=script.statements(),
        direction=Direction.APPLY,
        transactional=transactional,
        conditions=Conditions(session=(), limits=Limits(), environ={}),
        before=(),
        after=(),
    )


SMALL = "CREATE TABLE t (a INT);\nCOMMENT ON TABLE t IS 'x';\n"


@pytest.mark.parametrize(
    "text",
    [
        "ALTER TABLE t ADD b INT;",
        "DO $$ BEGIN PERFORM 1; END $$;",
        "SELECT pg_sleep(5);",
        "INSERT INTO t VALUES (1);",
        "CREATE TABLE u AS SELECT 1 AS a;",
        "CREATE MATERIALIZED VIEW v AS SELECT 1 AS a;",
        "CREATE EXTENSION citext;",
        "SET ROLE somebody;",
        "CREATE TABLE u (a INT REFERENCES t);",
        "CREATE TABLE u (a INT);\n" * 2000,
    ],
)
def test_what_may_lock_or_last_goes_alone(text: str) -> None:
    works = [work(SMALL), work(SMALL), work(text), work(SMALL)]
    assert [len(batch) for batch in batches(works, alone=False)] == [2, 1, 1]


def test_small_files_go_together_up_to_a_bound() -> None:
    works = [work(SMALL) for _ in range(MOST_FILES + 3)]
    assert [len(batch) for batch in batches(works, alone=False)] == [MOST_FILES, 3]
    assert {len(batch) for batch in batches(works, alone=True)} == {1}


def test_a_file_without_a_transaction_goes_alone() -> None:
    works = [work(SMALL), work(SMALL, transactional=False), work(SMALL)]
    assert [len(batch) for batch in batches(works, alone=False)] == [1, 1, 1]
