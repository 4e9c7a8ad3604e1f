"""Findings as text, JSON, GitHub annotations and SARIF: the shapes that others rely on."""

from __future__ import annotations

import json

from schema_tool.errors import ExitCode, Location
from schema_tool.findings import Finding, Severity
from schema_tool.report.error import source_lines
from schema_tool.report.findings import (
    Format,
    findings_exit_code,
    findings_report,
    summary,
)

PLACED = Finding(
    rule="squawk.ban-drop-table",
    message="100% gone,\nfor ever",
    severity=Severity.WARNING,
    location=Location(path="migrations/1, a.sql", line=2, column=5, text="    DROP TABLE a;"),
    hint="keep it\nor not",
)
NAMED = Finding(rule="not-compared", message="is new", severity=Severity.NOTE, subject="view v")
BAD = Finding(rule="live", message="view v: differs", subject="view v")


def report(form: Format, *findings: Finding) -> str:
    return "\n".join(findings_report(findings, form))


def test_text_shows_place_rule_source_line_and_hint() -> None:
    assert report(Format.TEXT, PLACED, NAMED, BAD).splitlines() == [
        "migrations/1, a.sql:2:5: warning squawk.ban-drop-table: 100% gone,",
        "for ever",
        "  2 |     DROP TABLE a;",
        "    |     ^",
        "  hint: keep it",
        "        or not",
        "note not-compared: view v: is new",
        "error live: view v: differs",
    ]


def test_json_has_one_object_a_finding_and_counts() -> None:
    assert json.loads(report(Format.JSON, PLACED, NAMED)) == {
        "findings": [
            {
                "rule": "squawk.ban-drop-table",
                "severity": "warning",
                "message": "100% gone,\nfor ever",
                "subject": None,
                "path": "migrations/1, a.sql",
                "line": 2,
                "column": 5,
                "hint": "keep it\nor not",
            },
            {
                "rule": "not-compared",
                "severity": "note",
                "message": "is new",
                "subject": "view v",
                "path": None,
                "line": None,
                "column": None,
                "hint": None,
            },
        ],
        "counts": {"error": 0, "warning": 1, "note": 1},
    }


def test_github_annotations_are_escaped() -> None:
    assert report(Format.GITHUB, PLACED, NAMED, BAD).splitlines() == [
        "::warning title=squawk.ban-drop-table,file=migrations/1%2C a.sql,line=2,col=5"
        "::100%25 gone,%0Afor ever%0Akeep it%0Aor not",
        "::notice title=not-compared::view v: is new",
        "::error title=live::view v: differs",
    ]


def test_sarif_points_to_rule_file_and_object() -> None:
    log = json.loads(report(Format.SARIF, PLACED, BAD))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [
        "live",
        "squawk.ban-drop-table",
    ]
    placed, bad = run["results"]
    assert (placed["ruleIndex"], placed["level"]) == (1, "warning")
    assert placed["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "migrations/1%2C%20a.sql"},
        "region": {"startLine": 2, "startColumn": 5},
    }
    assert bad["locations"] == [{"logicalLocations": [{"fullyQualifiedName": "view v"}]}]


def test_without_findings_only_json_and_sarif_say_something() -> None:
    assert report(Format.TEXT) == ""
    assert report(Format.GITHUB) == ""
    assert json.loads(report(Format.JSON))["findings"] == []
    assert json.loads(report(Format.SARIF))["runs"][0]["results"] == []


def test_notes_never_fail_a_command() -> None:
    assert findings_exit_code(()) is ExitCode.CLEAN
    assert findings_exit_code((NAMED,)) is ExitCode.CLEAN
    assert findings_exit_code((NAMED, PLACED)) is ExitCode.DIFFERS
    assert findings_exit_code((BAD,)) is ExitCode.DIFFERS


def test_the_summary_counts_by_severity() -> None:
    assert summary((), of="3 files") == "3 files: no findings"
    assert summary((PLACED, BAD, BAD, NAMED), of="1 file") == (
        "1 file: 2 errors, 1 warning, 1 note"
    )


def test_a_line_that_speaks_of_a_secret_is_shown_without_its_literals() -> None:
    for line, shown in (
        ("ALTER ROLE a PASSWORD 'it''s' LOGINN;", "ALTER ROLE a PASSWORD '*****' LOGINN;"),
        ("CONNECTION 'host=x password=hush'", f"CONNECTION '{'*' * 20}'"),
        ("OPTIONS (token 'hush", "OPTIONS (token '***'"),
        (r"PASSWORD E'a\'hush' LOGINN", "PASSWORD E'*******' LOGINN"),
        ("OPTIONS (password :'NAME', a 'hush')", "OPTIONS (password :'NAME', a '****')"),
        ("SELECT 'key';", "SELECT 'key';"),
    ):
        first, _ = source_lines(Location(path="a.sql", line=1, text=line))
        assert first == f"1 | {shown}"


def test_a_line_of_a_megabyte_is_shown_at_once() -> None:
    line = "SELECT 'https://" + '"a":1,' * 200_000 + "';"
    first, _ = source_lines(Location(path="a.sql", line=1, text=line))
    assert first.startswith("1 | SELECT 'https://")
