"""Connection strings: every form that users write, turned into libpq's, and kept unprinted."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from schema_tool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LIBPQ_TARGET_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE", "PGPORT")
"""libpq's variables that say where; PGUSER or PGPASSWORD alone say nothing about that."""

URL = re.compile(r"^(?:postgres|postgresql)(?:\+\w+)?://", re.IGNORECASE)
OTHER_URL = re.compile(r"^([A-Za-z][\w+.-]*)://")
HOST_AND_PORT = re.compile(r"(?:\[[^]]*\]|[^:\[\]]*)(?::\d*)?")
ENCODE_HINT = "in a URL, write @ as %40, / as %2F, : as %3A, # as %23 and ? as %3F in a password"
HIDDEN = "…"


def normalise(given: str, *, origin: str) -> str:
    """Return a connection string of libpq's from a URL, a conninfo string or `service=name`.

    Errors: UsageError, without the text that was given: it can hold a password.
    """
    text = given.strip()
    if not text:
        raise UsageError(f"{origin} is empty", hint="is a secret missing in this environment?")
    if URL.match(text):
        text = _from_url(text, origin)
    elif other := OTHER_URL.match(text):
        raise UsageError(
            f"{origin}: {other[1]}:// is not a PostgreSQL URL",
            hint="write postgresql://user@host:port/database",
        )
    elif "=" not in text:
        raise UsageError(
            f"{origin} is neither a URL nor a connection string",
            hint="write postgresql://user@host:port/database, host=… dbname=… or service=…",
        )
    parse(text, origin=origin)
    return text


def parse(conninfo: str, *, origin: str) -> dict[str, str]:
    """Return the words of a connection string.

    Errors: UsageError when libpq does not understand it.
    """
    from psycopg import ProgrammingError  # noqa: PLC0415 - slow to import
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    try:
        words = conninfo_to_dict(conninfo)
    except ProgrammingError as error:
        said = re.sub('"[^"]*"', HIDDEN, str(error).strip())
        raise UsageError(
            f"{origin} is not a connection string that libpq understands: {said}",
            hint=ENCODE_HINT if "://" in conninfo else "write host=… port=… dbname=… user=…",
        ) from None
    return {name: str(value) for name, value in words.items() if value is not None}


def place(conninfo: str) -> str:
    """Return where a connection string leads, in a few words and without its password."""
    words = parse(conninfo, origin="the connection string")
    service = words.get("service") or ("" if "host" in words else os.environ.get("PGSERVICE"))
    if service:
        return f"service {service}"
    host = words.get("host") or words.get("hostaddr")
    host = host or os.environ.get("PGHOST") or os.environ.get("PGHOSTADDR")
    if host and not host.startswith("/"):
        host = f"{host}:{words.get('port') or os.environ.get('PGPORT', '5432')}"
    database = words.get("dbname") or os.environ.get("PGDATABASE")
    return (host or "the local socket") + (f", database {database}" if database else "")


def scrub(text: str, conninfo: str, environ: Mapping[str, str] | None = None) -> str:
    """Return a message of libpq's or the server's with every known password taken out."""
    environ = os.environ if environ is None else environ
    secrets = {environ.get("PGPASSWORD", "")}
    with_password = parse(conninfo, origin="the connection string").get("password", "")
    secrets |= {with_password, quote(with_password, safe="")}
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


@contextmanager
def without_libpq_variables() -> Iterator[None]:
    """Hide libpq's variables while connecting to a server that must not be led elsewhere."""
    hidden = {name: value for name, value in os.environ.items() if name.startswith("PG")}
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)


def _from_url(text: str, origin: str) -> str:
    """Return a URL with libpq's scheme, and yoyo's `schema` parameter as a search path."""
    rest = URL.sub("", text)
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if authority.count("@") > 1 or _has_cut_password(rest, authority):
        raise UsageError(f"{origin}: the password holds a character that ends it", hint=ENCODE_HINT)
    parts = urlsplit(f"postgresql://{rest}")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    schema = next((value for name, value in pairs if name == "schema"), None)
    if schema is None:
        return f"postgresql://{rest}"
    options = [value for name, value in pairs if name == "options"]
    path = re.sub(r"([\\\s])", r"\\\1", unquote(schema))
    pairs = [(name, value) for name, value in pairs if name not in {"schema", "options"}]
    pairs.append(("options", " ".join([*options, f"-csearch_path={path}"])))
    query = urlencode(pairs, quote_via=quote, safe="/")
    return f"postgresql://{parts.netloc}{parts.path}?{query}"


def _has_cut_password(rest: str, authority: str) -> bool:
    """Tell whether user:pass/word@host was cut: a piece of the password stands for the port."""
    hosts = authority.rpartition("@")[2].split(",")
    if not all(HOST_AND_PORT.fullmatch(host) for host in hosts):
        return True
    # an @ behind the first slash: user:p@ss/word@host, and user:pass/word@host
    path = re.split(r"[?#]", rest, maxsplit=1)[0].removeprefix(authority)
    return "@" in path or ("@" not in authority and ":" in authority and "@" in rest)
