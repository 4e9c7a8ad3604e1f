"""Files of version 1 as they are found: their rows, connections and what the report says."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.integration.schema.world import Connection, rows, scalar
from tests.integration.yaml.documents import exact
from tests.integration.yaml.test_pipelines import connections

FILES = sorted(Path(__file__).with_name("v1").glob("*.yaml"))


def outline(connection: Connection, report: dict[str, Any]) -> str:
    """What an import stored and said, to be read."""
    found = report["pipeline_id"]
    name, version, authentication, tags = rows(
        connection,
        "SELECT name, yaml_version, authentication::text, tags FROM pipelines WHERE id = %s",
        found,
    )[0]
    below: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    for step in rows(
        connection,
        "SELECT parent_step_id, id, branch, name, type, enabled, config::text FROM steps"
        " WHERE pipeline_id = %s ORDER BY branch, order_index",
        found,
    ):
        below[step[0]].append(step[1:])
    lines = [f"{name} ({version}) {tags} {authentication}", "steps"]

    def show(parent: Any, indent: str) -> None:
        for step_id, branch, step, kind, enabled, config in below[parent]:
            state = "" if enabled else " (disabled)"
            lines.append(f"{indent}{branch}: {step} {kind}{state} {config}")
            show(step_id, indent + "  ")

    show(None, "  ")
    lines.append("connections")
    lines += [f"  {a}.{out} -> {b}.{into}" for a, b, out, into in connections(connection, found)]
    for part in ("changes", "warnings"):
        lines += [part, *(f"  {line}" for line in report[part])]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_of_version_1_becomes_these_rows(member: Connection, file: Path) -> None:
    text = file.read_bytes().decode()
    report = scalar(member, "SELECT import_pipeline(%s, from_v1 => true)", text)
    assert outline(member, report) == file.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_migrated_file_is_one_of_version_2(member: Connection, file: Path) -> None:
    text = file.read_bytes().decode()
    found = scalar(member, "SELECT migrate_v1_pipeline(%s)", text)
    exported = scalar(member, "SELECT export_pipeline_yaml(%s)", found)
    report = scalar(member, "SELECT import_pipeline(%s, NULL, %s)", exported, found)
    assert report["status"] == "unchanged"
    # nothing is left to migrate
    report = scalar(member, "SELECT import_pipeline(%s, from_v1 => true)", exported)
    assert report["changes"] == []
    again = scalar(member, "SELECT export_pipeline_yaml(%s)", report["pipeline_id"])
    assert exact(again) == exact(exported)
