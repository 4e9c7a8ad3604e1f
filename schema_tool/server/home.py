"""Where the embedded server's data live: one directory for each project and user."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from schema_tool.errors import FailedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

STATE_VARIABLE = "SCHEMA_TOOL_STATE"
STATE_HINT = f"export {STATE_VARIABLE}=/a/folder/of/yours"
ROOT_STATE = Path("/var/lib/schema-tool")
ROOT_CACHE = Path("/var/cache/schema-tool")
SLUG_LENGTH = 32


def state_directory(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder above all project directories, without creating it.

    Root's lies outside its home, because the unprivileged user that runs the server for root
    cannot reach a private home.
    Errors: UsageError for a relative SCHEMA_TOOL_STATE, FailedError when there is no home.
    """
    environ = os.environ if environ is None else environ
    if configured := environ.get(STATE_VARIABLE):
        return _absolute(Path(configured), STATE_VARIABLE)
    if os.geteuid() == 0:
        return ROOT_STATE
    home = _home(STATE_VARIABLE)
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "schema-tool"
    return _xdg("XDG_STATE_HOME", home / ".local" / "state", environ) / "schema-tool"


def cache_directory(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder for what can be made again, without creating it.

    Errors: FailedError when there is no home.
    """
    environ = os.environ if environ is None else environ
    if os.geteuid() == 0:
        return ROOT_CACHE
    if sys.platform == "darwin":
        return _home("HOME") / "Library" / "Caches" / "schema-tool"
    return _xdg("XDG_CACHE_HOME", _home("HOME") / ".cache", environ) / "schema-tool"


def project_directory(project_root: Path, environ: Mapping[str, str] | None = None) -> Path:
    """Return the directory of one project's server: a readable name and a hash of its path."""
    path = project_root.resolve()
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:8]
    return state_directory(environ) / f"{slug(path.name)}-{digest}"


def slug(name: str) -> str:
    """Return a name reduced to lower-case letters, digits and single hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:SLUG_LENGTH].strip("-") or "project"


def _absolute(path: Path, variable: str) -> Path:
    if not path.is_absolute():
        raise UsageError(f"{variable} is a relative path: {path}", hint=f"export {variable}=/…")
    return path


def _home(variable: str) -> Path:
    try:
        return Path.home()
    except RuntimeError:
        raise FailedError(
            "this user has no home directory to keep the embedded server's data in",
            hint=STATE_HINT if variable == STATE_VARIABLE else f"export {variable}=/your/home",
        ) from None


def _xdg(variable: str, default: Path, environ: Mapping[str, str]) -> Path:
    """Return one of the XDG base directories; the specification has relative paths ignored."""
    configured = environ.get(variable, "")
    return Path(configured) if configured.startswith("/") else default
