"""Import and export on every server version: the same rows, texts and reports."""

from __future__ import annotations

import pytest

from tests.conftest import Server
from tests.integration.schema.world import MEMBER, World, load_world, rows, scalar
from tests.integration.yaml.documents import exact
from tests.integration.yaml.test_import_again import INTO
from tests.integration.yaml.test_pipelines import (
    BESIDE,
    FLAT,
    REFUSED,
    REVIEW,
    connections,
    refusal,
)
from tests.integration.yaml.test_v1_files import FILES, outline


@pytest.fixture
def any_world(any_server: Server) -> World:
    return World(dsn=any_server.clone("world", load_world))


def test_files_of_version_1_become_the_same_rows(any_world: World) -> None:
    for file in FILES:
        with any_world.user(MEMBER) as member:
            text = file.read_bytes().decode()
            report = scalar(member, "SELECT import_pipeline(%s, from_v1 => true)", text)
            expected = file.with_suffix(".txt").read_text(encoding="utf-8")
            assert outline(member, report) == expected


def test_files_of_version_2_come_out_as_they_went_in(any_world: World) -> None:
    for text in (REVIEW, FLAT, BESIDE):
        with any_world.user(MEMBER) as member:
            found = scalar(member, "SELECT import_pipeline_yaml(%s)", text)
            exported = scalar(member, "SELECT export_pipeline_yaml(%s)", found)
            assert exact(exported) == exact(text)
            assert scalar(member, INTO, exported, found)["status"] == "unchanged"


def test_an_edited_file_updates_in_place(any_world: World) -> None:
    with any_world.user(MEMBER) as member:
        found = scalar(member, "SELECT import_pipeline_yaml(%s)", REVIEW)
        query = "SELECT name, id FROM steps WHERE pipeline_id = %s AND name <> 'shrug' ORDER BY 1"
        before = rows(member, query, found)
        edited = REVIEW.replace("name: shrug", "name: sigh").replace("plan.ok", "praise.ok")
        report = scalar(member, INTO, edited, found)
        assert (report["status"], report["version_number"]) == ("updated", 2)
        assert [row for row in rows(member, query, found) if row[0] != "sigh"] == before
        assert ("praise", "finish", "ok", "condition") in connections(member, found)


def test_bad_files_are_refused_alike(any_world: World) -> None:
    with any_world.user(MEMBER) as member:
        for text, state, message in REFUSED.values():
            found, said = refusal(member, "SELECT import_pipeline_yaml(%s)", text)
            assert (found, said[: len(message)]) == (state, message)
