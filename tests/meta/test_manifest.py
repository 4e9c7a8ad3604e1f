"""This repository keeps a manifest of its own migrations."""

from __future__ import annotations

from schema_tool.source.manifest import NAME, manifest_text
from schema_tool.source.migrations import read_migrations
from tests.conftest import PROJECT


def test_the_manifest_is_what_the_command_writes() -> None:
    folder = PROJECT / "migrations"
    migrations = read_migrations(folder, shown_from=PROJECT).migrations
    kept = (folder / NAME).read_text(encoding="utf-8")
    assert kept == manifest_text([migration.id for migration in migrations])
