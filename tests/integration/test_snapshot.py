"""A snapshot carries the whole catalog; files that were loaded once are not loaded again."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from schema_tool.catalog import Kind, Scope, read_catalog
from schema_tool.catalog.snapshot import MODELS, dump, fingerprint, load
from schema_tool.compare import compare
from schema_tool.errors import UsageError
from schema_tool.server.binaries import find_binaries
from schema_tool.source import read_schema_scripts
from schema_tool.verify import kept
from schema_tool.verify.load import Acting

if TYPE_CHECKING:
    from tests.conftest import Project, Server

EVERY_KIND = (Path(__file__).parent / "every_kind.sql").read_text(encoding="utf-8")


def test_a_snapshot_read_back_is_the_same_catalog(any_server: Server) -> None:
    with psycopg.connect(any_server.create(), autocommit=True) as connection:
        connection.execute(EVERY_KIND.encode())
        first = read_catalog(connection)
        narrow = read_catalog(connection, scope=Scope(schemas=("public",)))
    second = load(dump(first), origin="here")
    assert second == first
    assert second.source == first.source
    assert load(dump(narrow), origin="here").source.schemas == ("public",)
    assert list(map(repr, second.objects.values())) == [
        repr(first.objects[identity]) for identity in sorted(first.objects)
    ]
    read = {
        (catalog, oid): name
        for catalog, known in first.source.oids.items()
        for oid, name in known.items()
        if name in first.objects
    }
    held = second.source.oids.items()
    assert {(catalog, oid): n for catalog, known in held for oid, n in known.items()} == read
    assert second.within(Scope(schemas=("public",))).objects == narrow.objects
    assert dump(second) == dump(first)


def test_every_kind_has_a_model_in_snapshots() -> None:
    assert set(MODELS) == set(Kind)
    assert len(set(MODELS.values())) == len(Kind)


def test_the_fingerprint_is_of_what_is_compared(connection: psycopg.Connection) -> None:
    connection.execute("CREATE TABLE t (a int, b int)")
    first = fingerprint(read_catalog(connection))
    connection.execute("DROP TABLE t; CREATE TABLE t (a int, b int)")
    assert fingerprint(read_catalog(connection)) == first
    connection.execute("ALTER TABLE t ALTER a SET DEFAULT 1")
    assert fingerprint(read_catalog(connection)) != first


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", '{"format": "schema-tool catalog", "version": 99}', "{" * 99999],
)
def test_what_is_no_snapshot_is_said_in_a_sentence(text: str) -> None:
    with pytest.raises(UsageError, match=r"old\.json is no snapshot"):
        load(text, origin="old.json")


def test_diff_writes_a_snapshot_and_compares_with_it(project: Project) -> None:
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute("CREATE TABLE t (a int); CREATE SCHEMA s; CREATE TABLE s.u ()")
        written = project.run("diff", "--snapshot", "snap.json")
        assert (written.returncode, written.stdout) == (0, ""), written.stderr
        assert project.run("diff", "--to", "snap.json").returncode == 0
        connection.execute("ALTER TABLE t ADD b int")
        back = project.run("diff", "--to", "snap.json", "--allow", "all")
        assert back.returncode == 1
        assert "DROP COLUMN b" in back.stdout
        assert project.run("diff", "--to", "snap.json", "--schema", "s").returncode == 0
    document = json.loads((project.root / "snap.json").read_text())
    assert document["format"] == "schema-tool catalog"


def test_a_snapshot_of_some_schemas_is_compared_with_these_alone(project: Project) -> None:
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute('CREATE TABLE t (); CREATE SCHEMA s; CREATE SCHEMA "S 2"')
    project.run("diff", "--schema", "s", "--schema", "S 2", "--snapshot", "some.json")
    for flags in ((), ("--schema", "public"), ("--schema", "s", "--schema", "public")):
        refused = project.run("diff", "--to", "some.json", *flags, "--allow", "all")
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "was written with --schema s --schema 'S 2' and has nothing else" in refused.stderr
    assert project.run("diff", "--to", "some.json", "--schema", "s").returncode == 0


def test_files_are_loaded_once_and_any_change_loads_them_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connection: psycopg.Connection
) -> None:
    monkeypatch.setattr(kept, "cache_directory", lambda: tmp_path)
    connection.execute("CREATE TABLE t (a int)")
    catalog = read_catalog(connection)
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql/1.sql").write_text("CREATE TABLE t (a int)")

    def key(role: str = "a", scope: Scope | None = None) -> str:
        return kept.key_of(
            read_schema_scripts(tmp_path / "sql", shown_from=tmp_path),
            binaries=find_binaries(),
            acting=Acting(role=role),
            roles=("x",),
            scope=scope or Scope(),
        )

    first = key()
    assert kept.find(first) is None
    kept.keep(first, catalog)
    assert kept.find(first) == catalog
    assert len({first, key("b"), key(scope=Scope(schemas=("s",)))}) == 3
    (tmp_path / "sql/1.sql").write_text("CREATE TABLE t (a bigint)")
    assert key() != first


def test_a_kept_file_that_is_damaged_or_not_ours_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connection: psycopg.Connection
) -> None:
    monkeypatch.setattr(kept, "cache_directory", lambda: tmp_path)
    catalog = read_catalog(connection)
    kept.keep("k", catalog)
    path = tmp_path / "catalogs/k"
    good = path.read_text()
    for bad in ("", good[:-1], good + " ", good.replace("public", "private")):
        path.write_text(bad)
        assert kept.find("k") is None
    body = "[1]"
    path.write_text(f"{hashlib.sha256(body.encode()).hexdigest()}\n{body}")
    assert kept.find("k") is None
    other = tmp_path / "elsewhere"
    other.write_text(good)
    path.unlink()
    path.symlink_to(other)
    assert kept.find("k") is None
    path.unlink()
    os.mkfifo(path)
    assert kept.find("k") is None
    path.unlink()
    path.write_text(good)
    assert kept.find("k") == catalog
    path.parent.chmod(0o777)
    assert kept.find("k") is None


def test_only_the_last_used_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connection: psycopg.Connection
) -> None:
    monkeypatch.setattr(kept, "cache_directory", lambda: tmp_path)
    catalog = read_catalog(connection)
    for number in range(kept.KEPT + 3):
        kept.keep(str(number), catalog)
        os.utime(tmp_path / "catalogs" / str(number), (number, number))
    assert len(list((tmp_path / "catalogs").iterdir())) == kept.KEPT
    assert kept.find(str(kept.KEPT + 2)) is not None


def test_diff_uses_what_it_kept_and_sees_a_changed_file(project: Project) -> None:
    project.write("sql/010.sql", "CREATE TABLE t (a int);\n")
    for _ in range(2):
        assert "ADD" not in project.run("diff").stdout
    project.write("sql/010.sql", "CREATE TABLE t (a int, b text);\n")
    assert "b text" in project.run("diff").stdout


def test_compare_of_a_snapshot_names_what_differs(connection: psycopg.Connection) -> None:
    before = load(dump(read_catalog(connection)), origin="x")
    connection.execute("CREATE TABLE t (a int)")
    assert compare(before, read_catalog(connection)).describe() == [
        "table public.t: in the files, missing in the database"
    ]


def test_a_snapshot_holds_no_secret_and_the_live_ones_count_as_right(project: Project) -> None:
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(
            "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
            "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (password 'hunter2');"
            "CREATE SUBSCRIPTION u CONNECTION 'host=nowhere password=hunter3' PUBLICATION p"
            " WITH (connect = false)"
        )
        try:
            assert project.run("diff", "--snapshot", "snap.json").returncode == 0
            assert "hunter" not in (project.root / "snap.json").read_text()
            again = project.run("diff", "--to", "snap.json")
            assert (again.returncode, again.stdout) == (0, ""), again.stderr
        finally:
            connection.execute("ALTER SUBSCRIPTION u SET (slot_name = NONE)")
            connection.execute("DROP SUBSCRIPTION u")


def test_what_its_reader_was_not_shown_is_no_difference_to_another(project: Project) -> None:
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(
            "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;"
            "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (password 'hush');"
            "CREATE ROLE onlooker LOGIN"
        )
        reader = psycopg.conninfo.make_conninfo(project.database, user="onlooker")
        written = project.run("diff", "-d", reader, "--snapshot", "theirs.json", target=False)
        connection.execute("DROP ROLE onlooker")
    assert written.returncode == 0, written.stderr
    result = project.run("diff", "--to", "theirs.json")
    assert (result.returncode, result.stdout) == (5, ""), result.stderr
    assert "not compared: options of user mapping" in result.stderr


def test_a_snapshot_of_another_major_is_told(project: Project) -> None:
    assert project.run("diff", "--snapshot", "snap.json").returncode == 0
    path = project.root / "snap.json"
    path.write_text(re.sub(r'"server":\d+', '"server":14', path.read_text()))
    told = project.run("diff", "--to", "snap.json")
    assert told.returncode == 0
    assert "the desired state was read from 14" in told.stderr
