"""lint: what each check says of SQL files, without a database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from schema_tool.config import load_config
from schema_tool.errors import FailedError, UsageError
from schema_tool.findings import Finding, Severity
from schema_tool.lint import LintResult, lint, style
from schema_tool.source import Script

Lint = Callable[..., LintResult]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lint:
    """Write the files, lint the paths given or the default folders."""
    # a linter's settings in the developer's home must not decide a test
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr("schema_tool.lint.remembered.cache_directory", lambda: tmp_path / "cache")

    def write_and_lint(files: Mapping[str, str], *paths: str, settings: str = "") -> LintResult:
        (tmp_path / "schema-tool.toml").write_text(settings)
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        config = load_config(start=tmp_path, environ={})
        return lint(config, tuple(tmp_path / path for path in paths))

    return write_and_lint


def rules(result: LintResult) -> list[str]:
    return [finding.rule for finding in result.findings]


def places(result: LintResult) -> list[str]:
    return [f"{finding.location} {finding.rule}" for finding in result.findings]


def test_clean_files_have_no_findings(run: Lint) -> None:
    text = "CREATE TABLE a (id BIGINT NOT NULL);\n"
    result = run({"sql/010_a.sql": text, "migrations/0001_a.sql": text})
    assert result == LintResult(files=2, findings=())


def test_what_squawk_cannot_read_is_told_once(run: Lint) -> None:
    text = "ALTER ROLE a PASSWORD :'NAME';\nALTER ROLE b PASSWORD :'NAME';\n"
    assert rules(run({"migrations/0001_a.sql": text})).count("squawk.syntax-error") == 1


def test_findings_come_in_the_order_of_file_line_and_column(run: Lint) -> None:
    result = run(
        {
            "sql/020_b.sql": "SELECT  1;\n",
            "sql/010_a.sql": "SELECT 1;\nCREATE TABLE a (id  BIGINT ,n BIGINT);\n",
            "migrations/0001_a.sql": "SELECT 1;\nDROP TABLE a;\n",
        }
    )
    assert places(result) == [
        "migrations/0001_a.sql:2:1 squawk.ban-drop-table",
        "sql/010_a.sql:2:19 sqlfluff.LT01",
        "sql/010_a.sql:2:27 sqlfluff.LT01",
        "sql/010_a.sql:2:29 sqlfluff.LT01",
        "sql/020_b.sql:1:7 sqlfluff.LT01",
    ]


def test_each_syntax_error_is_found_at_its_place(run: Lint) -> None:
    text = "\ufeffSELECT 'é';\r\nSELEC 1;\r\nSELECT 2;\r\nCREATE TABLE é (é TEXT,);\r\n"
    result = run({"sql/010_a.sql": text})
    assert places(result) == ["sql/010_a.sql:2:1 syntax", "sql/010_a.sql:4:24 syntax"]
    found = result.findings[1]
    assert found.location is not None
    assert found.location.text == "CREATE TABLE é (é TEXT,);"
    assert found.severity is Severity.ERROR
    assert "PostgreSQL" in found.message


@pytest.mark.parametrize("text", ["\\set x 1\nSELECT 1;\n", "COPY a FROM STDIN;\n", "SELECT 'a;\n"])
def test_what_only_psql_could_run_is_a_syntax_error(run: Lint, text: str) -> None:
    assert rules(run({"migrations/0001_a.sql": text})) == ["syntax"]


def test_what_sqlfluff_cannot_read_and_postgresql_can_is_a_note(run: Lint) -> None:
    text = "CREATE EVENT TRIGGER x ON sql_drop EXECUTE FUNCTION f();\n"
    (found,) = run({"sql/010_a.sql": text}).findings
    assert (found.rule, found.severity) == ("sqlfluff.PRS", Severity.NOTE)


def test_braces_are_no_templates(run: Lint) -> None:
    text = "SELECT '{{1,2},{3,4}}'::INTEGER[];\nSELECT '{% raw %}';\nSELECT '{# x';\n"
    settings = "[sqlfluff]\ndialect = postgres\ntemplater = jinja\n"
    assert rules(run({"sql/010_a.sql": text, ".sqlfluff": settings})) == []


def test_large_files_are_linted_too(run: Lint) -> None:
    text = f"-- {'long ' * 20}\n" * 200 + "SELECT  2;\n"
    assert len(text) > 20_000, "sqlfluff's own limit"
    assert places(run({"sql/010_a.sql": text})) == ["sql/010_a.sql:201:7 sqlfluff.LT01"]


def test_many_files_are_linted_as_few_are(run: Lint) -> None:
    comment = f"-- {'long ' * 20}\n" * 20
    files = {f"sql/{n:03}_a.sql": f"SELECT  1;\n{comment}" for n in range(10)}
    assert sum(map(len, files.values())) > style.PARALLEL_FROM_CHARACTERS
    assert places(run(files)) == [f"{name}:1:7 sqlfluff.LT01" for name in files]


def test_the_projects_own_style_holds(run: Lint) -> None:
    own = "[sqlfluff:rules:capitalisation.keywords]\ncapitalisation_policy = upper\n"
    assert rules(run({"sql/010_a.sql": "select 1;\n", ".sqlfluff": own})) == ["sqlfluff.CP01"]


def test_without_a_style_of_its_own_a_project_may_write_either_case(run: Lint) -> None:
    assert rules(run({"sql/010_a.sql": "select 1;\n", "sql/020_b.sql": "SELECT 1;\n"})) == []


def test_a_rule_that_the_project_only_warns_of_is_a_note(run: Lint) -> None:
    own = "[sqlfluff]\nwarnings = LT01\n"
    (found,) = run({"sql/010_a.sql": "SELECT  1;\n", ".sqlfluff": own}).findings
    assert found.severity is Severity.NOTE


@pytest.mark.parametrize(
    "own",
    ["no section", "[sqlfluff:rules:capitalisation.keywords]\ncapitalisation_policy = nonsense"],
)
def test_a_configuration_that_sqlfluff_refuses_is_an_error(run: Lint, own: str) -> None:
    with pytest.raises(FailedError, match="sqlfluff: "):
        run({"sql/010_a.sql": "SELECT 1;\n", ".sqlfluff": own})


def test_a_rule_that_sqlfluff_does_not_know_is_said_every_time(run: Lint) -> None:
    files = {"sql/010_a.sql": "SELECT 1;\n", ".sqlfluff": "[sqlfluff]\nexclude_rules = LT999\n"}
    (found,) = run(files).findings
    assert found.rule == "sqlfluff.configuration"
    assert "LT999" in found.message
    assert run(files).findings == (found,)


def test_files_that_sqlfluffignore_names_keep_their_other_checks(run: Lint) -> None:
    files = {"sql/010_a.sql": "SELECT  1;\n", "sql/020_b.sql": "SELEC;\n"}
    result = run(files | {".sqlfluffignore": "sql/\n"})
    assert rules(result) == ["syntax"]


def test_waivers_are_those_of_the_linters(run: Lint) -> None:
    text = (
        "SELECT  1; -- noqa: LT01\n"
        "-- squawk-ignore ban-drop-table\n"
        "DROP TABLE a;\n"
        "-- squawk-ignore ban-drop-column\n"
        "ALTER TABLE b DROP COLUMN c;\n"
        "ALTER TABLE b DROP COLUMN d;\n"
    )
    assert places(run({"migrations/0001_a.sql": text})) == [
        "migrations/0001_a.sql:6:15 squawk.ban-drop-column"
    ]


def test_dangers_are_looked_for_in_migrations_only(run: Lint) -> None:
    drop = "DROP TABLE a;\n"
    result = run(
        {
            "sql/010_a.sql": drop,
            "migrations/0001_a.sql": "SELECT 1;\n",
            "migrations/0001_a.rollback.sql": drop,
            "elsewhere/x.sql": drop,
        },
        "sql",
        "migrations",
        "elsewhere/x.sql",
    )
    assert places(result) == ["elsewhere/x.sql:1:1 squawk.ban-drop-table"]


def test_columns_count_characters(run: Lint) -> None:
    text = 'ALTER TABLE a RENAME COLUMN "é" TO b; DROP TABLE "ü";\n'
    assert "migrations/0001_a.sql:1:39 squawk.ban-drop-table" in places(
        run({"migrations/0001_a.sql": text})
    )


def test_a_project_excludes_rules_of_its_own(run: Lint) -> None:
    files = {"migrations/0001_a.sql": "DROP TABLE a;\n"}
    assert rules(run(files)) == ["squawk.ban-drop-table"]
    assert rules(run(files, settings="squawk_exclude = ['ban-drop-table']\n")) == []


def test_squawks_own_configuration_holds(run: Lint) -> None:
    files = {
        "migrations/0001_a.sql": "DROP TABLE a;\n",
        ".squawk.toml": 'excluded_rules = ["ban-drop-table"]\n',
    }
    assert rules(run(files)) == []


def test_a_table_of_the_same_file_is_nobodys_yet(run: Lint) -> None:
    text = (
        "CREATE TABLE app.t (id BIGINT, n BIGINT);\n"
        "CREATE INDEX t_n_idx ON app.t (n);\n"
        "ALTER TABLE app.t ALTER COLUMN n TYPE TEXT;\n"
        "ALTER TABLE t ADD CONSTRAINT t_n_key UNIQUE (n);\n"
        "ALTER TABLE app.t RENAME TO u;\n"
        "ALTER TABLE app.u DROP COLUMN n;\n"
        "CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;\n"
        "CREATE UNIQUE INDEX m_a_idx ON m (a);\n"
        "ALTER TABLE app.old DROP COLUMN n; DROP TABLE app.u;\n"
        "ALTER TABLE other.t DROP COLUMN n;\n"
    )
    assert places(run({"migrations/0001_a.sql": text})) == [
        "migrations/0001_a.sql:9:21 squawk.ban-drop-column",
        "migrations/0001_a.sql:10:21 squawk.ban-drop-column",
    ]


def test_concurrently_is_right_only_outside_a_transaction(run: Lint) -> None:
    text = "CREATE INDEX CONCURRENTLY a_idx ON a (id);\n"
    result = run(
        {
            "migrations/0001_a.sql": text,
            "migrations/0002_a.sql": f"-- transactional: false\n{text}",
            "migrations/0003_b.sql": "BEGIN;\nSELECT 1;\n",
            "migrations/0003_b.rollback.sql": "SELECT 1;\nCOMMIT;\n",
        }
    )
    assert places(result) == [
        "migrations/0001_a.sql:1:1 transaction",
        "migrations/0003_b.rollback.sql:2:1 transaction",
        "migrations/0003_b.sql:1:1 transaction",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("-- schema-tool: outagee 30s\nSELECT 1;\n", "unknown header"),
        ("-- schema-tool: outage 30x\nSELECT 1;\n", "is not a duration"),
        ("CREATE ROLE a\nPASSWORD 'hush';\n", "version control"),
    ],
)
def test_what_apply_refuses_of_a_file_is_found(run: Lint, text: str, said: str) -> None:
    found = [f for f in run({"migrations/0001_a.sql": text}).findings if f.rule == "refused"]
    assert len(found) == 1
    assert said in found[0].message
    assert "hush" not in str(found)


def test_a_folder_that_cannot_be_ordered_is_a_finding(run: Lint) -> None:
    files = {"migrations/0001_a.sql": "SELECT 1;\n", "migrations/0001_b.sql": "SELECT 1;\n"}
    (found,) = run(files).findings
    assert found.rule == "migrations-folder"
    assert "both have the number 0001" in found.message


def test_a_path_that_is_no_sql_file_is_a_usage_error(run: Lint) -> None:
    with pytest.raises(UsageError, match="there is no file or folder"):
        run({"sql/010_a.sql": "SELECT 1;\n"}, "sql/nope.sql")
    with pytest.raises(UsageError, match="not an SQL file"):
        run({"sql/notes.txt": "x"}, "sql/notes.txt")
    with pytest.raises(UsageError, match=r"no \.sql file in"):
        run({"empty/notes.txt": "x"}, "empty")
    with pytest.raises(UsageError, match="neither"):
        run({}, settings="sql = 'a'\nmigrations = 'b'\n")


def test_files_without_statements_are_clean(run: Lint) -> None:
    comment = "-- nothing yet\n"
    assert places(run({"sql/010_a.sql": comment, "migrations/0001_a.sql": comment})) == []


def test_a_file_that_is_no_text_is_a_finding(run: Lint, tmp_path: Path) -> None:
    run({"sql/010_a.sql": "SELECT 1;\n", "sql/030_c.sql": "SELECT 'a\0b';\n"})
    (tmp_path / "sql/020_b.sql").write_bytes(b"SELECT '\xff';\n")
    assert places(run({})) == [
        "sql/020_b.sql:1:1 unreadable",
        "sql/030_c.sql:1:10 syntax",
    ]


def test_names_with_pattern_letters_are_files(run: Lint) -> None:
    result = run({"migrations/a [1]*/0001_a.sql": "DROP TABLE a;\n"}, "migrations/a [1]*")
    assert rules(result) == ["squawk.ban-drop-table"]


def test_without_the_linters_the_command_to_install_them_is_named(
    run: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> list[object]:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.files", absent)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FailedError) as raised:
        run({"migrations/0001_a.sql": "SELECT 1;\n"})
    assert raised.value.hint == "pip install 'schema-tool[lint]'"
    monkeypatch.setitem(__import__("sys").modules, "sqlfluff.core", None)
    with pytest.raises(FailedError) as raised:
        run({"sql/010_a.sql": "SELECT 1;\n"}, "sql")
    assert raised.value.hint == "pip install 'schema-tool[lint]'"


def test_a_file_is_linted_again_only_when_it_or_its_settings_changed(
    run: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    linted: list[str] = []
    lint_them = style._run

    def counting(scripts: list[Script], fallback: str | None) -> object:
        linted.extend(script.name for script in scripts)
        return lint_them(scripts, fallback)

    monkeypatch.setattr(style, "_run", counting)
    files = {"sql/010_a.sql": "SELECT  1;\n", "sql/020_b.sql": "SELECT 1;\n"}
    first = run(files)
    assert linted == ["sql/010_a.sql", "sql/020_b.sql"]
    assert run(files) == first
    assert len(linted) == 2, "nothing changed"
    assert rules(run(files | {"sql/020_b.sql": "SELECT  2;\n"})) == ["sqlfluff.LT01"] * 2
    assert linted[2:] == ["sql/020_b.sql"]
    assert rules(run({".sqlfluffignore": "sql/020_b.sql\n"})) == ["sqlfluff.LT01"]
    assert len(linted) == 5, "settings changed"
    assert rules(run({})) == ["sqlfluff.LT01"]
    assert len(linted) == 5, "an ignored file is remembered as such"


def test_without_a_cache_folder_everything_is_linted(
    run: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("schema_tool.lint.remembered.cache_directory", lambda: tmp_path / "file")
    assert rules(run({"sql/010_a.sql": "SELECT  1;\n"})) == ["sqlfluff.LT01"]
    assert rules(run({})) == ["sqlfluff.LT01"]


def test_a_file_that_sqlfluff_fails_on_is_a_finding_and_not_a_gap(
    run: Lint, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlfluff.core import Linter  # noqa: PLC0415

    def broken(*_: object) -> object:
        raise RuntimeError("a bug in the linter")

    monkeypatch.setattr(Linter, "lint_rendered", broken)
    (found,) = run({"sql/010_a.sql": "SELECT 1;\n"}).findings
    assert isinstance(found, Finding)
    assert (found.rule, found.severity) == ("sqlfluff.failed", Severity.ERROR)
