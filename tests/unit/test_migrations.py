"""Reading the migrations folder."""

import os
from pathlib import Path

import pytest
from yoyo.migrations import read_migrations as yoyo_read

from schema_tool.errors import SchemaToolError, UsageError
from schema_tool.source import read_migrations
from schema_tool.source.draft import write_draft


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.sql").write_text(text, encoding="utf-8")


def refused(folder: Path) -> SchemaToolError:
    with pytest.raises(UsageError) as caught:
        read_migrations(folder, shown_from=folder)
    assert caught.value.hint
    return caught.value


def test_depends_orders_before_the_name_does(tmp_path: Path) -> None:
    write(tmp_path, a="-- depends: c\nSELECT 1", b="SELECT 2", c="SELECT 3")
    found = read_migrations(tmp_path, shown_from=tmp_path)
    assert [m.id for m in found.migrations] == ["b", "c", "a"]


def test_a_migration_is_read_with_rollback_directives_and_headers(tmp_path: Path) -> None:
    write(
        tmp_path,
        **{
            "0001_a": "-- transactional: false\n-- schema-tool: outage 5s\nSELECT 1",
            "0001_a.rollback": "SELECT 2",
            "post-apply": "SELECT 3",
        },
    )
    found = read_migrations(tmp_path, shown_from=tmp_path)
    (migration,) = found.migrations
    assert migration.rollback is not None
    assert migration.rollback.text == "SELECT 2"
    assert not migration.transactional
    assert migration.headers == ("outage 5s",)
    assert [m.id for m in found.post_apply] == ["post-apply"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_directives_are_read_whatever_ends_the_lines(tmp_path: Path, end: str) -> None:
    head = f"-- why\r\n-- transactional: false{end}-- depends: b{end}\n"
    write(tmp_path, a=f"{head}-- schema-tool: long 2h{end}SELECT 1;{end}", b="SELECT 2")
    migration = read_migrations(tmp_path, shown_from=tmp_path)["a"]
    assert not migration.transactional
    assert migration.depends == {"b"}
    assert migration.headers == ("long 2h",)


def test_a_folder_with_glob_characters_in_its_name_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "odd [1]*?"
    folder.mkdir()
    write(folder, a="SELECT 1")
    assert [m.id for m in read_migrations(folder, shown_from=tmp_path).migrations] == ["a"]


def test_a_python_migration_is_refused_before_it_is_imported(tmp_path: Path) -> None:
    (tmp_path / "0001_a.py").write_text("raise SystemExit('imported')")
    assert "0001_a.py" in refused(tmp_path).message


def test_two_files_with_one_number_are_refused(tmp_path: Path) -> None:
    write(tmp_path, **{"0001_a": "SELECT 1", "0001_b": "SELECT 1"})
    assert "0001_a.sql and 0001_b.sql both have the number 0001" in refused(tmp_path).message


def test_numbers_of_two_parts_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path, **{"20240131_01_ab-x": "SELECT 1", "20240131_02_cd-y": "SELECT 1"})
    assert len(read_migrations(tmp_path, shown_from=tmp_path).migrations) == 2


def test_a_circle_of_dependencies_is_named(tmp_path: Path) -> None:
    write(tmp_path, a="-- depends: b\nSELECT 1", b="-- depends: a\nSELECT 1")
    message = refused(tmp_path).message
    assert "a" in message
    assert "b" in message
    assert "circle" in message


def test_a_missing_dependency_is_shown_with_the_nearest_name(tmp_path: Path) -> None:
    write(tmp_path, **{"0001_users": "SELECT 1", "0002_x": "-- depends: 0001_user\nSELECT 1"})
    error = refused(tmp_path)
    assert "0001_user" in error.message
    assert error.hint == "did you mean 0001_users?"
    assert error.location is not None
    assert error.location.line == 1


def test_a_file_that_is_not_utf8_is_named_with_the_byte(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_bytes(b"SELECT '\xe9'")
    assert "byte 9 is 0xe9" in refused(tmp_path).message


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("0001_UP.SQL", "its ending is not .sql"),
        (".0001_a.sql", "is a hidden file"),
    ],
)
def test_a_file_that_would_be_passed_over_is_refused(
    tmp_path: Path, name: str, message: str
) -> None:
    (tmp_path / name).write_text("SELECT 1")
    assert message in refused(tmp_path).message


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0001_a.sql").symlink_to(tmp_path / "nowhere")
    assert "is not a file" in refused(tmp_path).message


def test_a_file_name_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    Path(os.fsdecode(bytes(tmp_path) + b"/0001_\xe9.sql")).write_text("SELECT 1")
    assert "not UTF-8" in refused(tmp_path).message


def test_a_file_that_depends_on_itself_is_told_so(tmp_path: Path) -> None:
    write(tmp_path, a="-- depends: a\nSELECT 1")
    assert "a → a" in refused(tmp_path).message


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder nosuch"):
        read_migrations(tmp_path / "nosuch", shown_from=tmp_path)


def test_neither_true_nor_false_is_refused(tmp_path: Path) -> None:
    write(tmp_path, a="-- transactional: no\nSELECT 1")
    assert "neither true nor false" in refused(tmp_path).message


def test_a_draft_follows_the_last_number_and_depends_on_it(tmp_path: Path) -> None:
    write(tmp_path, **{"0009_a": "SELECT 1"})
    first, rollback = write_draft(tmp_path, "Add Users!", shown_from=tmp_path)
    assert first.name == "0010_add_users.sql"
    assert rollback.name == "0010_add_users.rollback.sql"
    assert "-- depends: 0009_a" in first.read_text()
    second, _ = write_draft(tmp_path, "more", shown_from=tmp_path)
    assert [m.id for m in read_migrations(tmp_path, shown_from=tmp_path).migrations] == [
        "0009_a",
        first.stem,
        second.stem,
    ]


def test_the_same_files_are_migrations_here_and_for_yoyo(tmp_path: Path) -> None:
    names = ["b", "a", "a.rollback", "post-apply", "post-apply-2", "_tmp_yoyonewabc", "c.d"]
    write(tmp_path, **dict.fromkeys(names, "SELECT 1"))
    (tmp_path / "notes.txt").write_text("no migration")
    ours = read_migrations(tmp_path, shown_from=tmp_path)
    theirs = yoyo_read(str(tmp_path))
    assert {m.id for m in ours.migrations} == {m.id for m in theirs}
    assert [m.id for m in ours.post_apply] == [m.id for m in theirs.post_apply]
    assert [m.script.name for m in ours.migrations] == ["a.sql", "b.sql", "c.d.sql"]
