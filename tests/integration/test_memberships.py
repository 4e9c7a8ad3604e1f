"""`diff --memberships`: who is a member of which of the schema's roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.catalog import Scope, read_catalog
from schema_tool.compare import compare
from schema_tool.compare.roles import with_memberships_among
from schema_tool.plan import make_plan, render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Catalog
    from tests.conftest import Project, Server

ROLES = ("m_owner", "m_reader", "m_writer", "m_login", 'm "odd')
QUOTED = tuple('"' + role.replace('"', '""') + '"' for role in ROLES)
SCOPE = Scope(memberships=True)
CREATE = "".join(f"CREATE ROLE {role};" for role in QUOTED)
CASES = {
    "granted and revoked": (
        "GRANT m_reader TO m_login",
        'GRANT m_writer TO m_login; GRANT m_reader TO "m ""odd"',
    ),
    "admin option": ("GRANT m_reader TO m_login", "GRANT m_reader TO m_login WITH ADMIN OPTION"),
    "a predefined role": ("", "GRANT pg_read_all_data TO m_reader"),
    "a chain": (
        "GRANT m_reader TO m_writer WITH ADMIN OPTION; SET ROLE m_writer;"
        "GRANT m_reader TO m_login; GRANT m_reader TO m_owner WITH ADMIN OPTION; SET ROLE m_owner;"
        'GRANT m_reader TO "m ""odd"; RESET ROLE',
        'GRANT m_reader TO m_login WITH ADMIN OPTION; GRANT m_reader TO "m ""odd"',
    ),
    "a chain whose first stays": (
        "GRANT m_reader TO m_writer WITH ADMIN OPTION; SET ROLE m_writer;"
        "GRANT m_reader TO m_login WITH ADMIN OPTION; RESET ROLE",
        "GRANT m_reader TO m_writer; GRANT m_reader TO m_login",
    ),
}
CASES_SINCE_16 = {
    "options": (
        "GRANT m_reader TO m_login WITH INHERIT FALSE, SET TRUE; GRANT m_writer TO m_login",
        "GRANT m_reader TO m_login WITH INHERIT TRUE, SET FALSE;"
        "GRANT m_writer TO m_login WITH ADMIN TRUE, INHERIT FALSE",
    ),
    "two grantors": (
        "GRANT m_reader TO m_writer WITH ADMIN OPTION; GRANT m_reader TO m_login;"
        "SET ROLE m_writer; GRANT m_reader TO m_login WITH INHERIT FALSE; RESET ROLE",
        "GRANT m_reader TO m_writer WITH ADMIN OPTION;"
        "GRANT m_reader TO m_login WITH INHERIT FALSE, SET FALSE",
    ),
}


def memberships(connection: psycopg.Connection) -> Catalog:
    return with_memberships_among(read_catalog(connection, scope=SCOPE), ROLES)


def fresh(connection: psycopg.Connection, text: str) -> None:
    known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for role, quoted in zip(ROLES, QUOTED, strict=True):
        if role in known:
            connection.execute(f"DROP OWNED BY {quoted}".encode())
            connection.execute(f"DROP ROLE {quoted}".encode())
    connection.execute(f"{CREATE}{text}".encode())


@pytest.mark.parametrize("case", [*CASES, *CASES_SINCE_16])
@pytest.mark.parametrize("forward", [True, False], ids=["forth", "back"])
def test_the_plan_leads_there(any_server: Server, case: str, forward: bool) -> None:
    sides = {**CASES, **CASES_SINCE_16}[case]
    if case in CASES_SINCE_16 and any_server.major < 16:
        pytest.skip("options of memberships came with 16")
    before, after = sides if forward else sides[::-1]
    with psycopg.connect(any_server.create(), autocommit=True) as connection:
        fresh(connection, after)
        desired = memberships(connection)
        fresh(connection, before)
        live = memberships(connection)
        changes = compare(live, desired)
        assert len(changes) > 0
        for step in make_plan(changes).steps:
            connection.execute(render(step).encode())
        assert compare(memberships(connection), desired).describe() == []
        fresh(connection, "")
        for quoted in QUOTED:
            connection.execute(f"DROP ROLE {quoted}".encode())


@pytest.fixture
def with_roles(project: Project) -> Iterator[Project]:
    with psycopg.connect(project.database, autocommit=True) as connection:
        fresh(connection, "CREATE ROLE m_else; GRANT m_else TO m_login; GRANT m_reader TO m_login")
        connection.execute("CREATE TABLE t (a integer); GRANT SELECT ON t TO m_reader, m_login")
        connection.execute("GRANT INSERT ON t TO m_writer")
        yield project
        fresh(connection, "DROP ROLE m_else")
        for quoted in QUOTED:
            connection.execute(f"DROP ROLE {quoted}".encode())


def test_memberships_are_compared_on_request_among_the_roles_of_the_schema(
    with_roles: Project,
) -> None:
    project = with_roles
    project.write(
        "sql/cluster/roles.sql",
        "CREATE ROLE m_new; CREATE ROLE m_writer; GRANT m_writer TO m_new;\n",
    )
    project.write(
        "sql/010.sql",
        "CREATE TABLE t (a integer); GRANT SELECT ON t TO m_reader, m_login;"
        "GRANT INSERT ON t TO m_writer; GRANT m_writer TO m_login;\n",
    )
    without = project.run("diff")
    assert without.returncode == 0, without.stdout + without.stderr
    result = project.run("diff", "--memberships", "--prove", "-o", "migrations/0001_m.sql")
    assert result.returncode == 1, result.stderr
    text = (project.root / "migrations/0001_m.sql").read_text(encoding="utf-8")
    assert "GRANT m_writer TO m_login" in text
    assert "GRANT m_writer TO m_new" in text
    assert "REVOKE m_reader FROM m_login" in text
    assert "m_else" not in text
    summary = project.run("diff", "--memberships", "--summary").stdout
    assert "- membership of m_login in m_reader" in summary
    assert "revoke: membership of m_login in m_reader" in summary
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(text.encode())
        assert project.run("diff", "--memberships").returncode == 0
        ignored = project.run("diff", "--memberships", "--exclude", "role m_*")
        assert ignored.returncode == 0
        back = (project.root / "migrations/0001_m.rollback.sql").read_text(encoding="utf-8")
        connection.execute(back.encode())
        assert project.run("diff", "--memberships").returncode == 1
        assert project.run("diff", "--snapshot", "none.json").returncode == 0
        refused = project.run("diff", "--memberships", "--to", "none.json")
        assert refused.returncode == 2
        assert "has no memberships" in refused.stderr
        connection.execute("DROP ROLE m_new")


def test_a_role_of_another_name_here_is_the_same_member(project: Project) -> None:
    owned = "CREATE TABLE t (); ALTER TABLE t OWNER TO {}; GRANT SELECT ON t TO m_reader;"
    with psycopg.connect(project.database, autocommit=True) as connection:
        fresh(connection, "GRANT m_reader TO m_login;" + owned.format("m_login"))
    project.write("sql/010.sql", "GRANT m_reader TO m_away;" + owned.format("m_away"))
    same = project.run("diff", "--memberships", "--map-role", "m_away=m_login")
    assert (same.returncode, same.stdout) == (0, ""), same.stderr
    other = project.run("diff", "--memberships", "--map-role", "m_away=m_writer", "--allow", "all")
    assert "GRANT m_reader TO m_writer" in other.stdout, other.stderr
