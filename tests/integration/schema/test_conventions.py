"""What holds for every object of the schema, whatever is added to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.schema.world import Connection, World, rows, scalar

SCHEMAS = "('public', 'yaml')"
MINE = f"relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN {SCHEMAS})"


@pytest.fixture
def owner(shared_world: World) -> Iterator[Connection]:
    with shared_world.superuser() as connection:
        yield connection


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(
            f"SELECT relname FROM pg_class WHERE {MINE} AND relkind IN ('r', 'v', 'm', 'p')"
            " AND obj_description(oid, 'pg_class') IS NULL",
            id="relations",
        ),
        pytest.param(
            "SELECT proname FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace"
            f" WHERE nspname IN {SCHEMAS} AND obj_description(p.oid, 'pg_proc') IS NULL",
            id="functions",
        ),
        pytest.param(
            "SELECT polname FROM pg_policy WHERE obj_description(oid, 'pg_policy') IS NULL",
            id="policies",
        ),
        pytest.param(
            "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal"
            " AND obj_description(oid, 'pg_trigger') IS NULL",
            id="triggers",
        ),
        pytest.param(
            # the index of a constraint is explained by the constraint
            f"SELECT relname FROM pg_class AS c WHERE {MINE} AND relkind = 'i'"
            " AND obj_description(oid, 'pg_class') IS NULL"
            " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid)",
            id="indexes",
        ),
        pytest.param(
            "SELECT pubname FROM pg_publication WHERE obj_description(oid, 'pg_publication')"
            " IS NULL",
            id="publications",
        ),
    ],
)
def test_everything_has_a_comment(owner: Connection, query: str) -> None:
    assert rows(owner, query) == []


def test_pipeline_owner_owns_every_relation(owner: Connection) -> None:
    query = (
        f"SELECT relname FROM pg_class WHERE {MINE} AND relkind IN ('r', 'v', 'm', 'S')"
        " AND relowner <> 'pipeline_owner'::regrole"
    )
    assert rows(owner, query) == []


def test_every_foreign_key_has_an_index(owner: Connection) -> None:
    query = (
        "SELECT conrelid::regclass, conname FROM pg_constraint AS c WHERE contype = 'f'"
        " AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = c.conrelid"
        "  AND i.indisvalid AND i.indpred IS NULL"
        "  AND i.indkey[0] = ANY (c.conkey)"
        "  AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)"
    )
    assert rows(owner, query) == []


def test_no_index_is_the_beginning_of_another_one(owner: Connection) -> None:
    query = (
        "SELECT a.indexrelid::regclass, b.indexrelid::regclass FROM pg_index AS a"
        " JOIN pg_index AS b ON a.indrelid = b.indrelid AND a.indexrelid <> b.indexrelid"
        " JOIN pg_class AS ca ON ca.oid = a.indexrelid JOIN pg_class AS cb ON cb.oid = b.indexrelid"
        " JOIN pg_namespace AS n ON n.oid = ca.relnamespace"
        f" WHERE nspname IN {SCHEMAS} AND ca.relam = cb.relam AND NOT a.indisunique"
        " AND a.indpred IS NULL AND b.indpred IS NULL"
        " AND a.indexprs IS NULL AND b.indexprs IS NULL AND a.indnatts = a.indnkeyatts"
        " AND b.indkey::text || ' ' LIKE a.indkey::text || ' %'"
    )
    # INCLUDE columns are part of neither; the literal comparison keeps the rule readable
    assert rows(owner, query.replace("%'", "%%'").replace("%%", "%")) == []


def test_tenant_tables_have_row_security_with_one_policy_a_command(owner: Connection) -> None:
    unprotected = (
        f"SELECT relname FROM pg_class WHERE {MINE} AND relkind = 'r' AND NOT relrowsecurity"
    )
    assert rows(owner, unprotected) == []
    loose = (
        "SELECT polrelid::regclass::text, polname FROM pg_policy WHERE polcmd = '*'"
        " OR (polcmd IN ('a', 'w') AND polwithcheck IS NULL)"
    )
    assert rows(owner, loose) == []
    doubled = "SELECT polrelid, polcmd FROM pg_policy GROUP BY 1, 2 HAVING count(*) > 1"
    assert rows(owner, doubled) == []
    names = (
        "SELECT polname, polcmd::text FROM pg_policy WHERE polname LIKE 'pipelines_%' ORDER BY 1"
    )
    assert ("pipelines_modify", "w") in rows(owner, names)
    assert ("pipelines_select", "r") in rows(owner, names)


def test_functions_set_their_search_path_and_are_closed_to_public(owner: Connection) -> None:
    ours = (
        "FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace"
        f" WHERE nspname IN {SCHEMAS}"
    )
    # with an empty path, names of types are still looked up in pg_temp first
    sets_path = "'search_path=pg_catalog, pg_temp' = ANY (coalesce(proconfig, '{}'))"
    without = f"SELECT proname {ours} AND nspname = 'public' AND NOT {sets_path}"
    assert rows(owner, without) == []
    open_definers = (
        f"SELECT proname {ours} AND prosecdef"
        " AND has_function_privilege('public', p.oid, 'EXECUTE')"
    )
    assert rows(owner, open_definers) == []


def test_the_application_owns_nothing_and_bypasses_nothing(owner: Connection) -> None:
    roles = rows(
        owner,
        "SELECT rolname, rolsuper, rolbypassrls, rolcanlogin FROM pg_roles"
        " WHERE rolname IN ('pipeline_app', 'pipeline_readonly', 'pipeline_owner') ORDER BY 1",
    )
    assert roles == [(name, False, False, False) for name, *_ in roles]
    assert len(roles) == 3
    assert scalar(owner, "SELECT pg_has_role('test_app', 'pipeline_owner', 'MEMBER')") is False
    closed = (
        f"SELECT relname FROM pg_class WHERE {MINE} AND relkind IN ('r', 'v', 'm', 'S')"
        " AND has_table_privilege('public', oid, 'SELECT')"
    )
    assert rows(owner, closed) == []


DOCUMENTED_INDEXES = frozenset(
    {
        "idx_pipelines_team",
        "idx_pipelines_status",
        "idx_pipelines_tags",
        "idx_pipelines_search",
        "idx_pipelines_updated",
        "idx_pipelines_team_status",
        "idx_pipelines_config_env",
        "idx_steps_pipeline",
        "idx_steps_type",
        "idx_steps_parent",
        "idx_steps_order",
        "idx_steps_type_enabled",
        "idx_connections_pipeline",
        "idx_connections_from",
        "idx_connections_to",
        "idx_pipeline_stats_team",
    }
)
# idx_users_email and idx_versions_pipeline repeat a unique constraint; nothing has a step_type key
LEFT_OUT_INDEXES = frozenset({"idx_users_email", "idx_versions_pipeline", "idx_steps_config_type"})


def test_the_documents_indexes_are_there_but_for_the_dead_ones(owner: Connection) -> None:
    names = {
        name for (name,) in rows(owner, "SELECT relname FROM pg_class WHERE relname LIKE 'idx_%'")
    }
    assert names == DOCUMENTED_INDEXES
    assert not names & LEFT_OUT_INDEXES
