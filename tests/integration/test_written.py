"""`diff -o`: the files pass lint, lead there one by one, and lead back one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.catalog import read_catalog
from schema_tool.catalog.quoting import name
from schema_tool.compare import compare
from tests.integration.test_cases import CASES, ROLES

if TYPE_CHECKING:
    from schema_tool.catalog import Catalog
    from tests.conftest import Project, Server

CHOSEN = (
    "columns/not_null",
    "columns/drop_everything_stood_on_it",
    "columns/rename_lookalike",
    "constraints/renamed_all",
    "constraints/key_converted_with_its_references",
    "constraints/not_valid",
    "enums/new_value_used",
    "indexes/kinds",
    "matviews/change",
    "partitions/add_partition_with_indexes",
    "partitions/unique_key_swapped",
    "views/drop_column_used",
)


def catalog(project: Project) -> Catalog:
    with psycopg.connect(project.database, autocommit=True) as connection:
        return read_catalog(connection)


def lead_there_and_back(project: Project, *options: str) -> list[str]:
    """Plan, lint, apply file by file and undo file by file; the ids of the files."""
    planned = project.run("diff", "-o", "migrations/0002_wish.sql", "--allow", "all", *options)
    assert planned.returncode == 1, planned.stderr
    folder = project.root / "migrations"
    ids = sorted(p.stem for p in folder.glob("*.sql") if ".rollback" not in p.name)[1:]
    written = [f"migrations/{p.name}" for i in ids for p in folder.glob(f"{i}.*sql")]
    linted = project.run("lint", *written, target=False)
    assert linted.returncode == 0, linted.stdout
    states = [catalog(project)]
    for each in ids:
        applied = project.run("apply", "--to", each)
        text = (folder / f"{each}.sql").read_text("utf-8")
        assert applied.returncode == 0, f"{applied.stderr}\n{text}"
        states.append(catalog(project))
    done = project.run("diff")
    assert done.returncode == 0, done.stdout + done.stderr
    for each in reversed(ids):
        states.pop()
        undone = project.run("rollback", "--steps", "1", "--yes")
        text = (folder / f"{each}.rollback.sql").read_text("utf-8")
        assert undone.returncode == 0, f"{undone.stderr}\n{text}"
        assert compare(catalog(project), states[-1]).describe() == [], f"{each}\n{text}"
    return ids


@pytest.mark.parametrize(
    ("case", "how"), [*((case, "--online") for case in CHOSEN), ("columns/not_null", "--offline")]
)
def test_each_file_leads_on_and_back(project: Project, case: str, how: str) -> None:
    with psycopg.connect(project.database, autocommit=True) as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in set(ROLES) - known:
            connection.execute(f"CREATE ROLE {name(role)}".encode())
    before, after = (CASES / case / f"{side}.sql" for side in ("before", "after"))
    project.migration("0001_start", before.read_text("utf-8"))
    project.write("sql/010.sql", after.read_text("utf-8"))
    started = project.run("apply")
    assert started.returncode == 0, started.stderr
    lead_there_and_back(project, how)


def test_the_files_are_numbered_on_and_each_depends_on_the_last(project: Project) -> None:
    project.write("migrations/0002_before.sql", "CREATE TABLE t (a int, b int);\n")
    assert project.run("apply").returncode == 0
    project.write(
        "sql/010.sql",
        "CREATE TABLE t (a int, b int);\nCREATE INDEX i ON t (a);\nCREATE INDEX j ON t (b);\n",
    )
    taken = project.run("diff", "-o", "migrations/0001_wish.sql")
    assert taken.returncode == 2
    assert "0002_before has that number" in taken.stderr
    assert not (project.root / "migrations/0001_wish.sql").exists()
    written = project.run("diff", "-o", "migrations/0009_wish.sql")
    assert written.returncode == 1, written.stderr
    assert "wrote migrations/0010_wish.rollback.sql" in written.stderr
    second = (project.root / "migrations/0010_wish.sql").read_text("utf-8")
    assert second.startswith("-- depends: 0009_wish\n-- transactional: false\n")
    assert project.run("diff", "-o", "migrations/0009_wish.sql").returncode == 1
    missing = project.run("diff", "-o", "nowhere/0009_wish.sql")
    assert missing.returncode == 2
    assert "there is no folder nowhere" in missing.stderr


def test_roles_that_only_the_desired_database_names_are_on_the_copy(
    project: Project, server: Server
) -> None:
    other = server.create()
    with psycopg.connect(other, autocommit=True) as connection:
        connection.execute("CREATE ROLE only_there NOLOGIN")
        connection.execute("CREATE TABLE t (a int); GRANT SELECT ON t TO only_there")
    for option in (("-o", "migrations/0001_wish.sql"), ("--prove",)):
        result = project.run("diff", "--to", other, *option)
        assert result.returncode == 1, result.stderr
