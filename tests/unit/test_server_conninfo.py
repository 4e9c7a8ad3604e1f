"""Every form of a connection string is understood, and none is ever printed whole."""

from __future__ import annotations

import os

import pytest

from schema_tool.errors import UsageError
from schema_tool.server.conninfo import (
    normalise,
    parse,
    place,
    scrub,
    without_libpq_variables,
)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("postgres://u@h/d", {"host": "h", "user": "u", "dbname": "d"}),
        ("postgresql://u:p%40w@h:6/d", {"port": "6", "password": "p@w"}),
        ("postgresql+psycopg://u@h/d", {"host": "h", "dbname": "d"}),
        ("postgresql:///d?host=/run/pg", {"host": "/run/pg", "dbname": "d"}),
        ("host=h dbname=d", {"host": "h", "dbname": "d"}),
        ("service=prod", {"service": "prod"}),
        ("  postgres://h/d\n", {"host": "h", "dbname": "d"}),
        ("postgresql://h1:1,h2:2/d", {"host": "h1,h2", "port": "1,2"}),
        ("postgresql://[::1]:6/d", {"host": "::1", "port": "6"}),
    ],
)
def test_a_connection_string_is_understood(given: str, words: dict[str, str]) -> None:
    found = parse(normalise(given, origin="-d"), origin="-d")
    assert words.items() <= found.items()


def test_yoyos_schema_parameter_becomes_a_search_path() -> None:
    url = normalise("postgresql+psycopg://u:p%2Fw@/d?host=/s&schema=x", origin="-d")
    assert parse(url, origin="-d") == {
        "user": "u",
        "password": "p/w",
        "dbname": "d",
        "host": "/s",
        "options": "-csearch_path=x",
    }


def test_a_schema_parameter_keeps_the_options_beside_it() -> None:
    url = normalise("postgresql://h/d?options=-cjit%3Doff&schema=x", origin="-d")
    assert parse(url, origin="-d")["options"] == "-cjit=off -csearch_path=x"


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://bob:s3c@ret@host/d",
        "postgresql://bob:s3c/ret@host/d",
        "postgresql://bob:s3c?ret@host/d",
        "postgresql://bob:s3c#ret@host/d",
        "postgresql://bob:s3c%ret@host/d",
        "host=h password=s3cret prot=1",
        "mysql://bob:s3cret@host/d",
        "s3cret",
        "",
        "   ",
    ],
)
def test_a_wrong_connection_string_is_refused_without_its_password(given: str) -> None:
    with pytest.raises(UsageError) as caught:
        normalise(given, origin="DATABASE_URL")
    shown = caught.value.message + caught.value.hint
    assert "DATABASE_URL" in shown
    assert "s3c" not in shown
    assert caught.value.hint


def test_a_password_is_taken_out_of_a_message_however_it_is_written() -> None:
    url = "postgresql://bob:p%40ss@h/d"
    said = scrub("tried p@ss, p%40ss and hunter2", url, {"PGPASSWORD": "hunter2"})
    assert said == "tried …, … and …"


def test_a_place_names_the_service_or_the_host_and_never_the_password() -> None:
    assert place("service=prod") == "service prod"
    assert place("host=/run/pg dbname=d password=x") == "/run/pg, database d"
    assert place("postgresql://u:x@h/d") == "h:5432, database d"


def test_libpqs_variables_are_hidden_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOSTADDR", "192.0.2.1")
    with without_libpq_variables():
        assert "PGHOSTADDR" not in os.environ
    assert os.environ["PGHOSTADDR"] == "192.0.2.1"
