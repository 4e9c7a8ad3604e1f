"""What an attacker in another team learns past the rows: nothing of their content."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.integration.schema.world import (
    FOREIGN,
    FOREIGN_TEAM,
    OWNER,
    PIPELINE,
    STEP_ONE,
    STEP_TWO,
    TEAM,
    TEMPLATE,
    Connection,
    World,
    rows,
    scalar,
    sqlstate,
)

PRIVILEGE, NO_DATA = "42501", "P0002"


@pytest.fixture
def attacker(shared_world: World) -> Iterator[Connection]:
    with shared_world.user(FOREIGN) as connection:
        yield connection


# every text that somebody types, and how to fill its table with two thousand of them
TEXTS = {
    "users": ("name, email", "'x', {0}", ("email", "name")),
    "organizations": ("name, slug", "{0}, {0}", ("name", "slug")),
    "pipelines": (
        "team_id, name, config",
        f"'{TEAM}', {{0}}, jsonb_build_object('environment', {{0}})",
        ("name", "config ->> 'environment'"),
    ),
    "steps": (
        "pipeline_id, name, type, branch",
        f"'{PIPELINE}', {{0}}, 'claude', {{0}}",
        ("name", "branch"),
    ),
    "pipeline_templates": (
        "team_id, name, category, icon, pipeline_config",
        f"'{TEAM}', {{0}}, {{0}}, {{0}}, '{{{{}}}}'",
        ("name", "category", "icon"),
    ),
    "connections": (
        "pipeline_id, from_step_id, to_step_id, from_output, to_input",
        f"'{PIPELINE}', '{STEP_ONE}', '{STEP_TWO}', {{0}}, {{0}}",
        ("from_output", "to_input"),
    ),
}


@pytest.mark.parametrize("table", TEXTS)
def test_estimates_do_not_tell_texts_of_others(world: World, table: str) -> None:
    """The planner samples all rows, and compares texts with the sample for everybody."""
    columns, values, texts = TEXTS[table]
    with world.superuser() as owner:
        owner.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values.format('md5(n::text)')}"
            " FROM generate_series(1, 2000) AS n".encode()
        )
        owner.execute(f"ANALYZE {table}".encode())
    with world.user(FOREIGN) as attacker:
        for text in texts:
            query = f"EXPLAIN (FORMAT JSON) SELECT FROM {table} WHERE {text} < '{{}}'"
            told = {
                scalar(attacker, query.format(guess))[0]["Plan"]["Plan Rows"] for guess in "159bdf"
            }
            assert len(told) == 1, text


@pytest.mark.parametrize(
    "condition",
    [
        "tags @> '{{{}}}'",
        "tags && '{{{}}}'",
        "'{}' = ANY (tags)",
        "search_vector @@ '{}:*'::tsquery",
        "search_vector @@ '{}'::tsquery",
    ],
)
def test_estimates_do_not_tell_words_and_tags_of_others(world: World, condition: str) -> None:
    """The sample holds the most common ones; words it tells by their beginnings even."""
    with world.superuser() as owner:
        owner.execute(
            "INSERT INTO pipelines (team_id, name, tags)"
            " SELECT %s, 'merger', '{merger}' FROM generate_series(1, 500)",
            [TEAM],
        )
        owner.execute("ANALYZE pipelines")
    with world.user(FOREIGN) as attacker:
        query = "EXPLAIN (FORMAT JSON) SELECT FROM pipelines WHERE " + condition
        told = {
            scalar(attacker, query.format(guess))[0]["Plan"]["Plan Rows"]
            for guess in ("merger", "takeover")
        }
        assert len(told) == 1


def test_every_text_that_is_no_word_of_a_list_is_without_statistics(shared_world: World) -> None:
    """What a CHECK lists may be sampled; a new column of free text has to be decided."""
    with shared_world.superuser() as owner:
        sampled = rows(
            owner,
            "SELECT c.relname || '.' || a.attname FROM pg_attribute AS a"
            " INNER JOIN pg_class AS c ON c.oid = a.attrelid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity"
            " AND a.atttypid = ANY ('{text,text[],tsvector}'::regtype[])"
            " AND coalesce(a.attstattarget, -1) <> 0"
            " AND NOT EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = c.oid"
            "  AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum]"
            "  AND pg_get_constraintdef(k.oid) LIKE '%%= ANY (ARRAY[%%')",
        )
    # the log's own operation is listed by a CHECK of several columns
    assert sampled == [("pipeline_changes.operation",)]


@pytest.mark.parametrize(
    ("call", "refused"),
    [
        ("COPY pipelines FROM STDIN", "0A000"),
        ("COPY pipeline_changes TO PROGRAM 'cat'", PRIVILEGE),
        ("COPY (SELECT 1) TO '/tmp/x'", PRIVILEGE),
        ("COPY pipelines FROM '/etc/passwd'", PRIVILEGE),
        ("SELECT pg_read_file('/etc/passwd')", PRIVILEGE),
        ("SELECT lo_import('/etc/passwd')", PRIVILEGE),
        ("SELECT setval('pipeline_changes_id_seq', 1)", PRIVILEGE),
        ("SELECT currval('pipeline_changes_id_seq')", PRIVILEGE),
        ("TRUNCATE steps", PRIVILEGE),
        ("TRUNCATE pipelines CASCADE", PRIVILEGE),
        ("SET ROLE pipeline_electric", PRIVILEGE),
        ("SET ROLE pipeline_readonly", PRIVILEGE),
        ("SET ROLE postgres", PRIVILEGE),
        ("SELECT stxdexpr FROM pg_statistic_ext_data", PRIVILEGE),
        ("CREATE SCHEMA mine", PRIVILEGE),
        ("CREATE VIEW public.mine AS SELECT * FROM users", PRIVILEGE),
        ("COMMENT ON TABLE users IS 'mine'", PRIVILEGE),
        ("ALTER FUNCTION current_user_id() RENAME TO x", PRIVILEGE),
        (f"SELECT fork_pipeline('{PIPELINE}', 'x', '{FOREIGN_TEAM}')", NO_DATA),
        (f"SELECT instantiate_template('{TEMPLATE}', 'x', '{{}}', '{FOREIGN_TEAM}')", NO_DATA),
    ],
)
def test_the_server_is_closed(attacker: Connection, call: str, refused: str) -> None:
    assert sqlstate(attacker, call) == refused


def test_copy_gives_out_only_ones_own_rows(attacker: Connection) -> None:
    with attacker.cursor().copy("COPY pipelines (name) TO STDOUT") as copy:
        assert [bytes(line) for line in copy] == [b"Secret of B\n"]


def test_no_entry_of_another_team_is_undone_or_forked(shared_world: World) -> None:
    with shared_world.superuser() as owner:
        changes = rows(owner, "SELECT id FROM pipeline_changes WHERE team_id = %s", TEAM)
    assert changes
    with shared_world.user(FOREIGN) as attacker:
        for (change,) in changes:
            assert sqlstate(attacker, "SELECT undo_change(%s)", change) == NO_DATA
            assert sqlstate(attacker, "SELECT reinsert_pipeline(%s)", change) == PRIVILEGE
            assert rows(attacker, "SELECT undo_delete(%s)", change) in ([(0,)], [(None,)])
        own = "SELECT fork_pipeline(id, 'x', %s) FROM pipelines"
        assert sqlstate(attacker, own, TEAM) == PRIVILEGE


def test_search_neither_finds_ranks_nor_fails_by_what_is_hidden(shared_world: World) -> None:
    query = "SELECT id::text, rank, name_html, description_html FROM search_pipelines(%s)"
    with shared_world.user(FOREIGN) as attacker:
        before = rows(attacker, query, "codebase")
        assert len(before) == 1
        for word in ("Review", "Analyses", "review or analyses", "code:*", "'", "((", "& |"):
            assert rows(attacker, query, word) == []
        with shared_world.superuser() as owner:
            owner.execute(
                "UPDATE pipelines SET description = repeat('codebase ', 50) WHERE id = %s",
                [PIPELINE],
            )
        assert rows(attacker, query, "codebase") == before


def test_a_division_by_zero_meets_no_hidden_row(attacker: Connection) -> None:
    for table, condition in (
        ("pipelines", "1 / (name <> 'Review code')::int > 0"),
        ("steps", f"1 / (id <> '{STEP_ONE}')::int > 0"),
        ("user_profiles", f"1 / (id <> '{OWNER}')::int > 0"),
        ("pipeline_changes", f"1 / (team_id <> '{TEAM}')::int > 0"),
        ("team_pipeline_stats()", f"1 / (team_id <> '{TEAM}')::int > 0"),
    ):
        assert rows(attacker, f"SELECT FROM {table} WHERE {condition}") is not None


def test_notifications_carry_nothing(world: World) -> None:
    with world.user(FOREIGN) as attacker:
        for channel in ("pipelines", "steps", "pipeline_changes"):
            attacker.execute(f"LISTEN {channel}".encode())
        with world.superuser() as owner:
            owner.execute("UPDATE steps SET position_x = 5")
        assert list(attacker.notifies(timeout=0.2)) == []


def test_an_advisory_lock_of_the_attacker_does_not_stop_reading(world: World) -> None:
    with world.user(FOREIGN) as attacker, world.user(OWNER) as owner:
        attacker.execute("SELECT pg_advisory_lock(n) FROM generate_series(1, 50) AS n")
        owner.execute("SET lock_timeout = '1s'")
        owner.execute("UPDATE steps SET position_x = 5 WHERE id = %s", [STEP_ONE])
        owner.execute("SELECT create_pipeline_version(%s)", [PIPELINE])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            attacker.execute("SELECT create_pipeline_version(%s)", [PIPELINE])
