"""This repository's own schema: sql/ and the sum of migrations/ are one, by two witnesses."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import psycopg
import pytest

from schema_tool.config import load_config
from schema_tool.errors import ExitCode
from schema_tool.lint import lint
from schema_tool.report.findings import Format, findings_report
from schema_tool.report.verification import checks_exit_code, checks_report
from schema_tool.source import read_cluster_scripts, read_migrations, read_schema_scripts
from schema_tool.verify.load import Acting, load_migrations, load_scripts
from schema_tool.verify.verify import Sources, verify_files
from tests.conftest import PROJECT, Server

# a version's own words, and the tokens that a dump is made with since 2025, differ in every run
_NOT_SCHEMA = re.compile(r"^(--.*|\\(un)?restrict .*|)$")


def sources() -> Sources:
    return Sources(
        folder=read_migrations(PROJECT / "migrations", shown_from=PROJECT),
        schema=read_schema_scripts(PROJECT / "sql", shown_from=PROJECT),
        cluster=read_cluster_scripts(PROJECT / "sql", shown_from=PROJECT),
    )


def test_verify_finds_no_difference_and_every_rollback_restores() -> None:
    checks = verify_files(sources(), rollbacks=True)
    assert checks_exit_code(checks) is ExitCode.CLEAN, "\n".join(checks_report(checks, Format.TEXT))


def test_pg_dump_agrees(any_server: Server) -> None:
    if not (any_server.bin / "pg_dump").exists():
        pytest.skip(f"PostgreSQL {any_server.major} has no pg_dump here")
    files = sources()
    by_sql, by_migrations = any_server.create(), any_server.create()
    with psycopg.connect(by_sql, autocommit=True) as connection:
        load_scripts(connection, files.cluster, Acting())
        load_scripts(connection, files.schema, Acting())
    with psycopg.connect(by_migrations, autocommit=True) as connection:
        load_migrations(connection, files.folder.migrations, Acting())
    assert statements(any_server, by_migrations) == statements(any_server, by_sql)


def statements(server: Server, conninfo: str) -> list[str]:
    """The dump's statements, sorted: the order of objects says when they were made."""
    done = subprocess.run(
        [server.bin / "pg_dump", "--schema-only", "-d", conninfo],
        capture_output=True,
        text=True,
        check=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
    )
    lines = [line for line in done.stdout.splitlines() if not _NOT_SCHEMA.match(line)]
    return sorted("\n".join(lines).split(";\n"))


def test_lint_finds_nothing() -> None:
    result = lint(load_config(start=Path(PROJECT), environ={}))
    assert not result.findings, "\n".join(findings_report(result.findings, Format.TEXT))
