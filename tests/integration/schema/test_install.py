"""The schema installs, and is taken down again, as the administrator of a managed server."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.conftest import Server
from tests.integration.schema.world import (
    CLUSTER_FILES,
    PROJECT,
    SQL_FILES,
    World,
    load_roles,
    rows,
    scalar,
)

MIGRATIONS = tuple(
    file for file in sorted((PROJECT / "migrations").glob("*.sql")) if ".rollback." not in file.name
)
ADMINISTRATOR = "test_administrator"
# everything that a catalog holds of the schema, in words
PICTURE = (
    "SELECT c.relname, c.relkind::text, c.relowner::regrole::text, c.relacl::text"
    " FROM pg_class AS c WHERE relnamespace = 'public'::regnamespace"
    " UNION ALL SELECT p.oid::regprocedure::text, 'function', p.proowner::regrole::text,"
    "  p.proacl::text || md5(p.prosrc) FROM pg_proc AS p"
    "  WHERE pronamespace = 'public'::regnamespace"
    " UNION ALL SELECT polname, polrelid::regclass::text, polcmd::text,"
    "  pg_get_expr(polqual, polrelid) FROM pg_policy"
    " UNION ALL SELECT conname, conrelid::regclass::text, contype::text,"
    "  pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
    " UNION ALL SELECT tgname, tgrelid::regclass::text, 'trigger', pg_get_triggerdef(oid)"
    "  FROM pg_trigger WHERE NOT tgisinternal"
    " UNION ALL SELECT pubname, 'publication', pubowner::regrole::text, '' FROM pg_publication"
    " UNION ALL SELECT nspname, 'schema', nspowner::regrole::text,"
    "  (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(nspacl) AS a)"
    "  FROM pg_namespace WHERE nspname IN ('public', 'yaml')"
    " ORDER BY 1, 2, 3, 4"
)


@pytest.fixture
def administrators_database(any_server: Server) -> str:
    """An empty database owned by one who may create roles and is no superuser."""
    dsn = any_server.create()
    name = psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]
    with psycopg.connect(any_server.dsn(), autocommit=True) as owner:
        load_roles(owner)
        if not scalar(owner, "SELECT count(*) FROM pg_roles WHERE rolname = %s", ADMINISTRATOR):
            owner.execute(f"CREATE ROLE {ADMINISTRATOR} LOGIN CREATEROLE CREATEDB".encode())
            # as if he had created them himself
            for (role,) in rows(owner, "SELECT rolname FROM pg_roles WHERE rolname ~ '^pipeline_'"):
                owner.execute(f"GRANT {role} TO {ADMINISTRATOR} WITH ADMIN OPTION".encode())
        owner.execute(f"ALTER DATABASE {name} OWNER TO {ADMINISTRATOR}".encode())
    return make_conninfo(dsn, user=ADMINISTRATOR)


def _run(connection: psycopg.Connection[tuple[object, ...]], files: tuple[Path, ...]) -> None:
    for file in files:
        with connection.transaction():
            connection.execute(file.read_bytes())


def test_migrations_make_what_sql_says_and_rollbacks_leave_nothing(
    administrators_database: str, any_server: Server
) -> None:
    with psycopg.connect(administrators_database, autocommit=True) as connection:
        _run(connection, CLUSTER_FILES)
        empty = rows(connection, PICTURE)
        _run(connection, MIGRATIONS)
        migrated = rows(connection, PICTURE)
        _run(connection, tuple(reversed([_rollback(file) for file in MIGRATIONS])))
        assert rows(connection, PICTURE) == empty
        _run(connection, SQL_FILES)
        assert rows(connection, PICTURE) == migrated


def _rollback(file: Path) -> Path:
    return file.with_name(file.name.replace(".sql", ".rollback.sql"))


def test_roles_may_be_created_again_at_any_time(any_server: Server) -> None:
    with psycopg.connect(any_server.dsn(), autocommit=True) as owner:
        for _ in range(2):
            load_roles(owner)


def test_an_administrator_who_cannot_give_replication_is_told_the_command(
    any_server: Server,
) -> None:
    notices: list[str] = []
    with psycopg.connect(any_server.dsn(), autocommit=True) as owner:
        load_roles(owner)
        with owner.transaction(force_rollback=True):
            owner.execute("CREATE ROLE test_helper CREATEROLE")
            owner.execute("GRANT pipeline_owner TO test_helper WITH ADMIN OPTION")
            owner.execute("ALTER ROLE pipeline_electric NOREPLICATION")
            owner.execute("SET LOCAL ROLE test_helper")
            owner.add_notice_handler(lambda notice: notices.append(notice.message_primary or ""))
            _run(owner, CLUSTER_FILES)
    assert any("ALTER ROLE pipeline_electric REPLICATION BYPASSRLS" in text for text in notices)


def test_the_world_loads_on_every_server(any_world: World) -> None:
    with any_world.superuser() as owner:
        assert scalar(owner, "SELECT count(*) FROM pipelines") == 3


def test_only_the_publication_asks_for_the_servers_version() -> None:
    asking = {
        file.name for file in SQL_FILES if re.search("server_version", file.read_text("utf-8"))
    }
    assert asking == {"900_publication.sql"}


def test_role_scripts_do_not_collide(any_server: Server) -> None:
    """Two databases of one cluster may be set up at the same instant."""
    script = CLUSTER_FILES[0].read_text("utf-8").replace("pipeline_", "race_")
    start = threading.Barrier(6)
    errors: list[psycopg.Error] = []

    def work() -> None:
        with psycopg.connect(any_server.dsn(), autocommit=True) as connection:
            start.wait()
            try:
                connection.execute(script.encode())
            except psycopg.Error as error:
                errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with psycopg.connect(any_server.dsn(), autocommit=True) as owner:
        for (role,) in rows(owner, "SELECT rolname FROM pg_roles WHERE rolname ~ '^race_'"):
            owner.execute(f"DROP ROLE {role}".encode())
