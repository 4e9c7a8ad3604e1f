"""What libpq says becomes one sentence, a next step and an exit code."""

from __future__ import annotations

import pytest

from schema_tool.errors import ExitCode
from schema_tool.server.refusal import explain
from schema_tool.server.target import Target

PREFIX = 'connection failed: connection to server at "192.0.2.1", port 5432 failed: '
TARGET = Target(conninfo="host=db.example dbname=shop user=ann password=s3cret", origin="-d")


@pytest.mark.parametrize(
    ("said", "expected", "code"),
    [
        (
            'FATAL:  password authentication failed for user "ann"',
            'ann was not let in: password authentication failed for user "ann"',
            ExitCode.FAILED,
        ),
        (
            "Connection refused\n\tIs the server running on that host and accepting connections?",
            "cannot reach db.example:5432, database shop: Connection refused",
            ExitCode.FAILED,
        ),
        (
            'FATAL:  database "shop" does not exist',
            'db.example:5432, database shop: database "shop" does not exist',
            ExitCode.FAILED,
        ),
        (
            "FATAL:  sorry, too many clients already",
            "{where} takes no connection now: sorry, too many clients already",
            ExitCode.TRY_AGAIN,
        ),
        (
            "FATAL:  the database system is starting up",
            "{where} takes no connection now: the database system is starting up",
            ExitCode.TRY_AGAIN,
        ),
        (
            'FATAL:  Anmeldung von »ann« mit "s3cret" fehlgeschlagen',
            'cannot connect to {where}: Anmeldung von »ann« mit "…" fehlgeschlagen',
            ExitCode.FAILED,
        ),
    ],
)
def test_a_refused_connection_is_explained(said: str, expected: str, code: ExitCode) -> None:
    error = explain(PREFIX + said, TARGET)
    assert error.message == expected.format(where="db.example:5432, database shop")
    assert error.exit_code == code
    assert error.hint


def test_of_several_attempts_the_last_is_quoted() -> None:
    text = (
        "connection failed: timeout expired\n"
        "Multiple connection attempts failed. All failures were:\n"
        "- host: 'db.example', port: None, hostaddr: '192.0.2.1': connection failed: "
        'connection to server at "192.0.2.1", port 5432 failed: timeout expired\n'
        "- host: 'db.example', port: None, hostaddr: '192.0.2.2': connection failed: "
        'connection to server at "192.0.2.2", port 5432 failed: Connection refused'
    )
    assert explain(text, TARGET).message.endswith(": Connection refused")


def test_the_target_hides_its_password_from_its_own_text() -> None:
    assert "s3cret" not in repr(TARGET)
    assert str(TARGET) == "db.example:5432, database shop"
