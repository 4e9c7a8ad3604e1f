"""`schema-tool import` and `export`."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
import yaml

from schema_tool.pipelines.exporting import file_names
from tests.conftest import Project, Server
from tests.integration.schema.world import (
    FOREIGN_TEAM,
    MEMBER,
    TEAM,
    VIEWER,
    World,
    load_world,
    scalar,
)

GOOD = "workflow:\n  name: good one\n  steps:\n    - {name: a, type: claude, prompt: hello}\n"
BAD = "workflow:\n  name: bad\n  steps:\n    - {name: a, type: bash}\n"
AS_MEMBER = ("--user", MEMBER)


@pytest.fixture
def world_project(server: Server, tmp_path: Path) -> Project:
    (tmp_path / "schema-tool.toml").write_text("", encoding="utf-8")
    return Project(root=tmp_path, database=server.clone("world", load_world))


def count(project: Project) -> int:
    with World(dsn=project.database).superuser() as connection:
        return int(scalar(connection, "SELECT count(*) FROM pipelines WHERE name ~ 'good|bad'"))


def test_good_files_are_stored_and_bad_ones_shown_at_their_place(world_project: Project) -> None:
    world_project.write("good.yaml", GOOD)
    world_project.write("bad.yaml", BAD)
    ran = world_project.run("import", *AS_MEMBER, "bad.yaml", "good.yaml")
    assert ran.returncode == 3
    assert 'bad.yaml:4:17: step "a" has the unknown type "bash" (SQLSTATE YP002)' in ran.stderr
    assert "4 |     - {name: a, type: bash}" in ran.stderr
    assert "1 stored, 1 refused" in ran.stderr
    assert ran.stdout.startswith("good.yaml: ")
    assert count(world_project) == 1


def test_a_dry_run_keeps_nothing(world_project: Project) -> None:
    world_project.write("good.yaml", GOOD)
    ran = world_project.run("import", *AS_MEMBER, "--dry-run", "good.yaml")
    assert ran.returncode == 0
    assert "1 would be stored" in ran.stderr
    assert ran.stdout == "good.yaml: would be created: good one, 1 step, 0 connections\n"
    assert count(world_project) == 0


def test_version_1_is_reported_in_json(world_project: Project) -> None:
    world_project.write("old.yaml", GOOD)
    ran = world_project.run("import", *AS_MEMBER, "--v1", "--format", "json", "old.yaml")
    (entry,) = json.loads(ran.stdout)
    assert entry["steps"] == 1
    assert 'step "a": the text of prompt is now a static part' in entry["changes"]


def test_a_file_that_is_no_utf_8_is_named(world_project: Project) -> None:
    (world_project.root / "latin.yaml").write_bytes(b"a: b\nc: \xe9\n")
    ran = world_project.run("import", *AS_MEMBER, "latin.yaml")
    assert ran.returncode == 3
    assert "latin.yaml:2:4: the file is not UTF-8" in ran.stderr


def test_what_was_imported_is_exported(world_project: Project) -> None:
    world_project.write("good.yaml", GOOD)
    told = world_project.run("import", *AS_MEMBER, "--format", "json", "good.yaml")
    (entry,) = json.loads(told.stdout)
    ran = world_project.run("export", *AS_MEMBER, entry["pipeline_id"])
    assert yaml.safe_load(ran.stdout) == yaml.safe_load(GOOD)
    ran = world_project.run("export", *AS_MEMBER, "--all", "-o", "out")
    assert ran.returncode == 0
    written = (world_project.root / "out" / "good_one.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(written) == yaml.safe_load(GOOD)


@pytest.mark.parametrize("arguments", [(), ("--all",), ("--all", "some-id", "-o", "out")])
def test_an_export_without_a_clear_wish_is_a_usage_error(
    world_project: Project, arguments: tuple[str, ...]
) -> None:
    assert world_project.run("export", *arguments).returncode == 2


def test_an_import_again_updates_the_pipeline_of_that_name(world_project: Project) -> None:
    world_project.write("good.yaml", GOOD)
    world_project.run("import", *AS_MEMBER, "good.yaml")
    ran = world_project.run("import", *AS_MEMBER, "--update", "good.yaml")
    assert "0 stored, 1 unchanged, 0 refused" in ran.stderr
    world_project.write("good.yaml", GOOD.replace("hello", "bye"))
    ran = world_project.run("import", *AS_MEMBER, "--update", "good.yaml")
    assert ran.stdout.startswith("good.yaml: updated ")
    assert count(world_project) == 1


@pytest.mark.parametrize("option", ["--user", "--team", "--into"])
def test_an_id_that_is_none_is_a_usage_error(world_project: Project, option: str) -> None:
    world_project.write("good.yaml", GOOD)
    ran = world_project.run("import", option, "nonsense", "good.yaml")
    assert ran.returncode == 2
    assert f"{option}: “nonsense” is no UUID" in ran.stderr


def test_who_may_not_import_is_told_why(world_project: Project) -> None:
    world_project.write("good.yaml", GOOD)
    for arguments, said in (
        (("--user", VIEWER, "--team", TEAM), "is only a viewer of team"),
        (("--user", MEMBER, "--team", FOREIGN_TEAM), "is in no team"),
        (("--user", FOREIGN_TEAM), "there is no user"),
        ((), "the session acts for no user"),
    ):
        ran = world_project.run("import", *arguments, "good.yaml")
        assert ran.returncode == 3
        assert said in ran.stderr
        assert "HINT: " in ran.stderr
    assert count(world_project) == 0


def test_what_is_no_text_file_is_refused_and_the_others_are_stored(world_project: Project) -> None:
    root = world_project.root
    os.mkfifo(root / "pipe.yaml")
    (root / "folder.yaml").mkdir()
    (root / "wide.yaml").write_bytes(GOOD.encode("utf-16"))
    (root / "nul.yaml").write_bytes(b"a: b\nc: \0\n")
    (root / "empty.yaml").write_bytes(b"")
    (root / "picture.yaml").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (root / "crlf.yaml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    names = sorted(one.name for one in root.glob("*.yaml"))
    ran = world_project.run("import", *AS_MEMBER, *names, "missing.yaml")
    assert ran.returncode == 3
    assert "1 stored, 7 refused" in ran.stderr
    for said in (
        "pipe.yaml: this is no regular file",
        "picture.yaml: this is no text file",
        "nul.yaml:2:4: ",
        "iconv -f utf-16",
    ):
        assert said in ran.stderr


def test_hostile_names_make_files_of_their_own() -> None:
    names = file_names([("1", "../a"), ("2", "A"), ("3", ""), ("4", "é" * 300), ("5", "b/c")])
    assert names["1"] == "a-1.yaml"
    assert names["2"] == "A-2.yaml"
    assert names["3"] == "pipeline.yaml"
    assert len(names["4"].encode()) == 205
    assert names["5"] == "b_c.yaml"


@pytest.mark.parametrize("folder", ["file", "file/below"])
def test_a_folder_that_cannot_be_made_is_told_once(world_project: Project, folder: str) -> None:
    world_project.write("file", "")
    ran = world_project.run("export", *AS_MEMBER, "--all", "-o", folder)
    assert ran.returncode == 3
    assert ran.stderr.count("error: ") == 1
    assert f"error: {folder}: " in ran.stderr


def test_a_full_disk_ends_an_export(
    world_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", refuse)
    ran = world_project.run("export", *AS_MEMBER, "--all", "-o", "out")
    assert ran.returncode == 3
    assert ran.stderr.count("No space left on device") == 1
    assert "0 written, 2 not written" in ran.stderr
    assert list((world_project.root / "out").iterdir()) == []
