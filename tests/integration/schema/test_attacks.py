"""What an attacker in another team can do with any SQL: nothing.

He is the owner of team B, runs as a login of pipeline_app and cannot choose app.user_id.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.integration.schema.world import (
    BODY,
    FOREIGN,
    FOREIGN_ORGANIZATION,
    FOREIGN_PIPELINE,
    FOREIGN_STEP,
    FOREIGN_TEAM,
    LOOP,
    MEMBER,
    NEWCOMER,
    OWNER,
    PIPELINE,
    SECOND_PIPELINE,
    STEP_ONE,
    TEAM,
    TEMPLATE,
    VIEWER,
    Connection,
    World,
    rows,
    scalar,
    sqlstate,
)

PRIVILEGE, FOREIGN_KEY, NOT_NULL, NO_DATA = "42501", "23503", "23502", "P0002"
SECRET = "Review code"


@pytest.fixture
def attacker(shared_world: World) -> Iterator[Connection]:
    with shared_world.user(FOREIGN) as connection:
        yield connection


@pytest.fixture
def viewer(shared_world: World) -> Iterator[Connection]:
    with shared_world.user(VIEWER) as connection:
        yield connection


def test_another_teams_pipeline_is_nobodys_original(attacker: Connection) -> None:
    """Refused alike whether or not it exists."""
    for parent in (PIPELINE, "30000000-0000-4000-8000-00000000dead"):
        insert = "INSERT INTO pipelines (team_id, name, parent_pipeline_id) VALUES (%s, 'x', %s)"
        assert sqlstate(attacker, insert, FOREIGN_TEAM, parent) == PRIVILEGE
        update = "UPDATE pipelines SET parent_pipeline_id = %s WHERE id = %s"
        assert sqlstate(attacker, update, parent, FOREIGN_PIPELINE) == PRIVILEGE
    assert sqlstate(attacker, insert, FOREIGN_TEAM, FOREIGN_PIPELINE) is None


@pytest.mark.parametrize(
    "table", ["steps", "connections", "comments", "pipeline_templates", "pipelines", "presence"]
)
def test_rows_cannot_be_moved_into_another_team(attacker: Connection, table: str) -> None:
    refused = sqlstate(attacker, f"UPDATE {table} SET team_id = %s", TEAM)
    assert refused in {PRIVILEGE, FOREIGN_KEY}


@pytest.mark.parametrize("table", ["steps", "comments", "presence"])
def test_rows_cannot_be_inserted_into_another_teams_pipeline(
    attacker: Connection, table: str
) -> None:
    columns = {
        "steps": ("name, type", "'x', 'claude'"),
        "comments": ("user_id, content", f"'{FOREIGN}', 'x'"),
        "presence": ("user_id", f"'{FOREIGN}'"),
    }
    names, values = columns[table]
    insert = f"INSERT INTO {table} (pipeline_id, {{}}{names}) VALUES (%s, {{}}{values})"
    # his own team by hand, the other one by hand, and none, which the trigger fills in
    own = insert.format("team_id, ", f"'{FOREIGN_TEAM}', ")
    other = insert.format("team_id, ", f"'{TEAM}', ")
    assert sqlstate(attacker, own, PIPELINE) == FOREIGN_KEY
    assert sqlstate(attacker, other, PIPELINE) == PRIVILEGE
    assert sqlstate(attacker, insert.format("", ""), PIPELINE) == PRIVILEGE


def test_a_step_cannot_be_pushed_into_another_teams_pipeline(attacker: Connection) -> None:
    move = "UPDATE steps SET pipeline_id = %s WHERE id = %s"
    assert sqlstate(attacker, move, PIPELINE, FOREIGN_STEP) == PRIVILEGE
    assert sqlstate(attacker, "SELECT move_step(%s, %s)", FOREIGN_STEP, PIPELINE) == PRIVILEGE
    assert sqlstate(attacker, "SELECT move_step(%s, %s)", STEP_ONE, FOREIGN_PIPELINE) == PRIVILEGE


def test_connections_and_parents_cannot_reach_into_another_pipeline(attacker: Connection) -> None:
    connect = "INSERT INTO connections (pipeline_id, from_step_id, to_step_id) VALUES (%s, %s, %s)"
    assert sqlstate(attacker, connect, FOREIGN_PIPELINE, FOREIGN_STEP, STEP_ONE) == FOREIGN_KEY
    adopt = "UPDATE steps SET parent_step_id = %s WHERE id = %s"
    assert sqlstate(attacker, adopt, LOOP, FOREIGN_STEP) == FOREIGN_KEY
    comment = "INSERT INTO comments (pipeline_id, step_id, content) VALUES (%s, %s, 'x')"
    assert sqlstate(attacker, comment, FOREIGN_PIPELINE, STEP_ONE) == FOREIGN_KEY
    by_step = "INSERT INTO comments (step_id, content) VALUES (%s, 'x')"
    assert sqlstate(attacker, by_step, STEP_ONE) == PRIVILEGE


@pytest.mark.parametrize(
    ("call", "refused"),
    [
        (f"SELECT create_pipeline_version('{PIPELINE}')", PRIVILEGE),
        (f"SELECT restore_pipeline_version('{PIPELINE}', 1)", PRIVILEGE),
        (f"SELECT * FROM diff_pipeline_versions('{PIPELINE}', 1, 1)", NO_DATA),
        (f"SELECT fork_pipeline('{PIPELINE}')", NO_DATA),
        (f"SELECT fork_pipeline('{FOREIGN_PIPELINE}', 'x', '{TEAM}')", PRIVILEGE),
        (f"SELECT instantiate_template('{TEMPLATE}', 'x')", NO_DATA),
        ("SELECT undo_change(1)", NO_DATA),
        ("SELECT reinsert_pipeline(1)", PRIVILEGE),
        (f"SELECT touch_presence('{PIPELINE}')", PRIVILEGE),
        (f"SELECT create_team('{TEAM}', 'x')", PRIVILEGE),
        ("SELECT expire_presence('1 second')", "22023"),
        ("SELECT refresh_pipeline_stats()", PRIVILEGE),
        ("SELECT prune_pipeline_changes('0')", PRIVILEGE),
        ("SELECT prune_pipeline_versions(1, '0')", PRIVILEGE),
        ("TRUNCATE comments", PRIVILEGE),
        ("SELECT nextval('pipeline_changes_id_seq')", PRIVILEGE),
        ("SELECT last_value FROM pipeline_changes_id_seq", PRIVILEGE),
        ("SELECT * FROM pipeline_stats", PRIVILEGE),
        ("SET ROLE pipeline_owner", PRIVILEGE),
        ("SET SESSION AUTHORIZATION postgres", PRIVILEGE),
        ("SET session_replication_role = replica", PRIVILEGE),
        ("ALTER TABLE steps DISABLE ROW LEVEL SECURITY", PRIVILEGE),
        ("ALTER TABLE steps DISABLE TRIGGER ALL", PRIVILEGE),
        ("CREATE TABLE public.mine ()", PRIVILEGE),
        ("CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'select 1'", PRIVILEGE),
        ("CREATE TRIGGER mine AFTER INSERT ON steps EXECUTE FUNCTION set_updated_at()", PRIVILEGE),
        ("CREATE POLICY mine ON steps USING (true)", PRIVILEGE),
        ("COPY users TO PROGRAM 'true'", PRIVILEGE),
    ],
)
def test_calls_on_what_is_not_his_are_refused(
    attacker: Connection, call: str, refused: str
) -> None:
    assert sqlstate(attacker, call) == refused


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT FROM pipeline_state('{PIPELINE}') WHERE pipeline IS NOT NULL",
        "SELECT FROM search_pipelines('codebase') WHERE name = 'Review code'",
        f"SELECT FROM team_pipeline_stats('{TEAM}')",
        "SELECT FROM recent_pipelines(1000) WHERE name = 'Review code'",
        f"SELECT FROM user_profiles WHERE id = '{MEMBER}'",
        f"SELECT FROM pipeline_changes WHERE pipeline_id = '{PIPELINE}'",
        f"SELECT FROM pipelines WHERE id = '{PIPELINE}' FOR UPDATE",
        f"SELECT FROM steps WHERE id = '{STEP_ONE}' FOR KEY SHARE",
        f"SELECT take_back_steps('{FOREIGN_PIPELINE}', '{{{STEP_ONE}}}')"
        f" FROM steps WHERE id = '{STEP_ONE}'",
    ],
)
def test_nothing_is_read_through_functions_views_and_locks(
    attacker: Connection, query: str
) -> None:
    assert rows(attacker, query) == []


def test_parts_of_restore_do_nothing_to_another_teams_steps(world: World) -> None:
    with world.user(FOREIGN) as connection:
        connection.execute("SELECT take_back_steps(%s, %s)", [FOREIGN_PIPELINE, [STEP_ONE]])
        connection.execute("SELECT restore_steps(%s, %s, '[]')", [PIPELINE, TEAM])
    with world.superuser() as connection:
        assert (
            scalar(connection, "SELECT count(*) FROM steps WHERE pipeline_id = %s", PIPELINE) == 4
        )


def test_a_leaky_function_in_where_sees_no_hidden_row(world: World) -> None:
    # what a cost of nearly nothing makes the planner call first, if it may
    leak = (
        "CREATE FUNCTION pg_temp.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001"
        " AS 'BEGIN RAISE NOTICE ''leaked %%'', $1; RETURN true; END'"
    )
    notices: list[str] = []
    with world.superuser() as owner:
        # lets the test's login create the function; it is not part of the attack's success
        owner.execute(f"GRANT TEMPORARY ON DATABASE {owner.info.dbname} TO test_app")
    with world.user(FOREIGN) as connection:
        connection.add_notice_handler(lambda notice: notices.append(notice.message_primary or ""))
        connection.execute(leak.replace("%%", "%").encode())
        for query in ("SELECT name FROM user_profiles", "SELECT name FROM pipelines"):
            connection.execute(f"{query} WHERE pg_temp.leak(name)".encode())
    assert notices
    assert not [notice for notice in notices if SECRET in notice or "Olga" in notice]


@pytest.mark.parametrize(
    "statement",
    [
        f"INSERT INTO pipelines (id, team_id, name) VALUES ('{PIPELINE}', '{FOREIGN_TEAM}', 'x')",
        f"INSERT INTO steps (id, pipeline_id, name, type)"
        f" VALUES ('{STEP_ONE}', '{FOREIGN_PIPELINE}', 'x', 'claude')",
        "INSERT INTO users (id, email, name)"
        f" VALUES ('{FOREIGN}', 'owner@a.example', 'x') ON CONFLICT (id) DO UPDATE"
        " SET email = 'owner@a.example'",
        f"INSERT INTO steps (pipeline_id, name, type) VALUES ('{PIPELINE}', 'one', 'nonsense')",
        f"UPDATE steps SET pipeline_id = '{PIPELINE}' WHERE id = '{FOREIGN_STEP}'",
    ],
)
def test_errors_say_nothing_about_hidden_rows(attacker: Connection, statement: str) -> None:
    with pytest.raises(psycopg.Error) as caught, attacker.transaction():
        attacker.execute(statement.encode())
    told = " ".join(
        str(part) for part in (caught.value.diag.message_primary, caught.value.diag.message_detail)
    )
    assert TEAM not in told
    assert SECRET not in told
    assert "Olga" not in told


def test_upsert_on_a_hidden_row_is_refused_and_changes_nothing(attacker: Connection) -> None:
    upsert = (
        f"INSERT INTO pipelines (id, team_id, name) VALUES ('{PIPELINE}', '{FOREIGN_TEAM}', 'x')"
        " ON CONFLICT (id) DO UPDATE SET name = 'stolen', team_id = excluded.team_id"
    )
    merge = (
        f"MERGE INTO steps AS s USING (SELECT '{STEP_ONE}'::UUID AS id) AS v ON s.id = v.id"
        " WHEN MATCHED THEN UPDATE SET name = 'stolen' WHEN NOT MATCHED THEN INSERT"
        f" (id, pipeline_id, name, type) VALUES (v.id, '{FOREIGN_PIPELINE}', 'x', 'claude')"
    )
    assert sqlstate(attacker, upsert) == PRIVILEGE
    assert sqlstate(attacker, merge) == "23505"


def test_explain_counts_no_hidden_rows(attacker: Connection) -> None:
    plan = scalar(attacker, "EXPLAIN (ANALYZE, FORMAT JSON) SELECT FROM pipelines")
    assert plan[0]["Plan"]["Actual Rows"] == 1
    assert sqlstate(attacker, "SELECT stavalues1 FROM pg_statistic") == PRIVILEGE
    # pg_stats shows no values of tables with row security
    stats = "SELECT FROM pg_stats WHERE tablename = 'pipelines'"
    assert rows(attacker, stats) == []


def test_a_hijacked_search_path_changes_nothing(world: World) -> None:
    """Definer functions resolve no name in a schema that the caller controls."""
    with world.superuser() as owner:
        owner.execute(f"GRANT TEMPORARY ON DATABASE {owner.info.dbname} TO test_app".encode())
    with world.user(FOREIGN) as connection:
        connection.execute("CREATE TEMP TABLE team_members (team_id uuid, user_id uuid, role text)")
        connection.execute("INSERT INTO team_members VALUES (%s, %s, 'owner')", [TEAM, FOREIGN])
        connection.execute("CREATE TEMP TABLE pipelines AS SELECT * FROM public.pipelines")
        connection.execute(
            "CREATE FUNCTION pg_temp.current_user_id() RETURNS uuid LANGUAGE sql"
            f" AS $$ SELECT '{OWNER}'::uuid $$"
        )
        connection.execute("SET search_path = pg_temp, public")
        assert scalar(connection, "SELECT public.my_team_ids()::text") == f"{{{FOREIGN_TEAM}}}"
        assert scalar(connection, "SELECT count(*) FROM public.pipelines") == 1
        for call in (f"public.create_pipeline_version('{PIPELINE}')", "public.undo_change(1)"):
            assert sqlstate(connection, f"SELECT {call}") in {PRIVILEGE, NO_DATA}


def test_a_type_of_the_callers_own_is_not_taken_for_the_servers(world: World) -> None:
    """PostgreSQL looks for type names in pg_temp first, unless the path names it last."""
    with world.superuser() as owner:
        owner.execute(f"GRANT TEMPORARY ON DATABASE {owner.info.dbname} TO test_app".encode())
    with world.user(FOREIGN) as connection:
        connection.execute("CREATE TEMP TABLE ran (who text)")
        connection.execute("GRANT ALL ON ran TO public")
        for name in ("uuid", "text", "jsonb", "timestamptz"):
            connection.execute(
                f"CREATE FUNCTION pg_temp.spy(pg_catalog.{name}) RETURNS boolean LANGUAGE plpgsql"
                " AS $$ BEGIN INSERT INTO pg_temp.ran VALUES (current_user); RETURN true; END $$"
            )
            connection.execute(
                f"GRANT EXECUTE ON FUNCTION pg_temp.spy(pg_catalog.{name}) TO public"
            )
            connection.execute(
                f"CREATE DOMAIN pg_temp.{name} AS pg_catalog.{name} CHECK (pg_temp.spy(VALUE))"
            )
        connection.execute("SELECT public.create_organization('mine', 'mine-to-be')")
        connection.execute("SELECT public.my_team_ids()")
        connection.execute("SELECT * FROM public.search_pipelines('a')")
        ran = connection.execute("SELECT who FROM pg_temp.ran").fetchall()
        assert ("pipeline_owner",) not in ran


def test_nobody_promotes_himself(viewer: Connection) -> None:
    promote = "UPDATE team_members SET role = 'owner' WHERE user_id = %s"
    assert viewer.execute(promote.encode(), [VIEWER]).rowcount == 0
    again = (
        f"INSERT INTO team_members VALUES ('{TEAM}', '{VIEWER}', 'owner')"
        " ON CONFLICT (team_id, user_id) DO UPDATE SET role = 'owner'"
    )
    assert sqlstate(viewer, again) == PRIVILEGE


def test_an_admin_neither_makes_nor_unmakes_owners(shared_world: World) -> None:
    with shared_world.user("00000000-0000-4000-8000-00000000000b") as admin:
        mine = "UPDATE team_members SET role = 'owner' WHERE user_id = current_user_id()"
        assert sqlstate(admin, mine) == PRIVILEGE
        others = "DELETE FROM team_members WHERE role = 'owner'"
        with admin.transaction(force_rollback=True):
            assert admin.execute(others.encode()).rowcount == 0


@pytest.mark.parametrize("command", ["DELETE FROM", "UPDATE"])
@pytest.mark.parametrize("table", ["team_members", "organization_members"])
def test_the_last_owner_stays(shared_world: World, command: str, table: str) -> None:
    change = "" if command == "DELETE FROM" else " SET role = 'member'"
    with shared_world.user(FOREIGN) as owner:
        assert sqlstate(owner, f"{command} {table}{change} WHERE user_id = %s", FOREIGN) == "23514"


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
@pytest.mark.parametrize("table", ["team_members", "organization_members"])
def test_an_old_snapshot_does_not_hide_that_the_other_owner_is_gone(
    world: World, level: str, table: str
) -> None:
    key = FOREIGN_TEAM if table == "team_members" else FOREIGN_ORGANIZATION
    owners = f"SELECT count(*) FROM {table} WHERE role = 'owner' AND {table[:-8]}_id = %s"
    with world.superuser() as one, world.superuser() as two:
        one.execute(f"INSERT INTO {table} VALUES (%s, %s, 'owner')".encode(), [key, NEWCOMER])
        two.execute(f"BEGIN ISOLATION LEVEL {level}".encode())
        assert scalar(two, owners, key) == 2
        one.execute(f"DELETE FROM {table} WHERE user_id = %s".encode(), [NEWCOMER])
        with pytest.raises(psycopg.errors.FeatureNotSupported):
            two.execute(f"DELETE FROM {table} WHERE user_id = %s".encode(), [FOREIGN])
        two.execute("ROLLBACK")
        # what concerns no owner is not affected
        two.execute(f"BEGIN ISOLATION LEVEL {level}".encode())
        two.execute("DELETE FROM team_members WHERE user_id = %s", [VIEWER])
        two.execute("COMMIT")
        assert scalar(one, owners, key) == 1


def test_two_owners_cannot_remove_each_other(world: World) -> None:
    """The second one waits for the first and then sees that he is the last."""
    with world.superuser() as one, world.superuser() as two:
        one.execute("INSERT INTO team_members VALUES (%s, %s, 'owner')", [FOREIGN_TEAM, NEWCOMER])
        one.execute("BEGIN")
        one.execute("DELETE FROM team_members WHERE user_id = %s", [NEWCOMER])
        two.execute("SET lock_timeout = '200ms'")
        demote = "UPDATE team_members SET role = 'viewer' WHERE user_id = %s"
        with pytest.raises(psycopg.errors.LockNotAvailable):
            two.execute(demote.encode(), [FOREIGN])
        one.execute("COMMIT")
        assert sqlstate(two, demote, FOREIGN) == "23514"


def test_a_viewer_reads_and_changes_nothing(viewer: Connection) -> None:
    assert scalar(viewer, "SELECT count(*) FROM steps") == 4
    change = scalar(viewer, "SELECT max(id) FROM pipeline_changes")
    for call in (
        f"create_pipeline_version('{PIPELINE}')",
        f"restore_pipeline_version('{PIPELINE}', 1)",
        f"undo_change({change})",
        f"move_step('{BODY}', '{SECOND_PIPELINE}')",
        f"fork_pipeline('{PIPELINE}')",
        f"instantiate_template('{TEMPLATE}', 'x')",
    ):
        assert sqlstate(viewer, f"SELECT {call}") == PRIVILEGE, call
