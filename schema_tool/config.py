"""Flags > `SCHEMA_TOOL_*` > `[tool.schema-tool]` -> one frozen Config."""

from __future__ import annotations

import difflib
import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schema_tool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFIG_FILE = "schema-tool.toml"
PROJECT_FILE = "pyproject.toml"
IGNORE_FILE = "schema-tool.ignore"
VARIABLE_PREFIX = "SCHEMA_TOOL_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a project may configure; each key as in README's table "Configuration"."""

    sql: str = "sql"
    migrations: str = "migrations"
    database: str = ""
    dbname: str = "app"
    role: str = ""
    scratch: str = ""
    ignore: str = ""
    binaries: str = ""
    yoyo: bool = False
    protected: bool = False
    lock_timeout: str = "1200ms"
    max_stall: str = "2s"
    max_waiters: str = "20"
    long_timeout: str = "6h"
    runner_timeout: str = "60s"
    wait: str = "60s"
    ledger_text: str = "hash"
    squawk_exclude: tuple[str, ...] = ()
    map_roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """One invocation's configuration.

    `root` is the project's folder; `shown_from` the folder that printed paths are relative to;
    `environ` the process's environment, read once. `patience` is `--wait`, where it was given: a
    server that is not there is then waited for.
    """

    root: Path
    shown_from: Path
    settings: Settings
    environ: Mapping[str, str]
    environment: str = ""
    database: str | None = None
    local: bool = False
    role: str | None = None
    interactive: bool = False
    show_data: bool = False
    patience: str | None = None

    @property
    def sql_folder(self) -> Path:
        """Where the schema stands as it is."""
        return self.root / self.settings.sql

    @property
    def migrations_folder(self) -> Path:
        """Where the migrations stand."""
        return self.root / self.settings.migrations

    @property
    def ignore_file(self) -> Path:
        """What `diff` is not to tell of; the default one need not exist."""
        return self.root / (self.settings.ignore or IGNORE_FILE)

    @property
    def binaries(self) -> Path | None:
        """The configured folder of PostgreSQL's programs."""
        configured = self.settings.binaries
        return self.root / Path(configured).expanduser() if configured else None


def load_config(
    *,
    start: Path | None = None,
    environ: Mapping[str, str] | None = None,
    environment: str | None = None,
    database: str | None = None,
    local: bool = False,
    role: str | None = None,
    interactive: bool = False,
    show_data: bool = False,
    wait: str | None = None,
) -> Config:
    """Find the project from `start` upwards and read its configuration.

    Errors: UsageError for a file that is not TOML, an unknown key (with a suggestion), a value
    of the wrong type, an environment that is not configured.
    """
    environ = os.environ if environ is None else environ
    start = start or _current_folder()
    root, table, file = _find_project(start)
    environment = environment or environ.get(f"{VARIABLE_PREFIX}ENV") or ""
    merged = _merge_environment(table, environment, file)
    merged |= _from_variables(environ)
    merged |= {"wait": wait} if wait is not None else {}
    return Config(
        root=root,
        shown_from=start,
        settings=_settings(merged, file),
        environ=environ,
        environment=environment,
        database=database,
        local=local,
        role=role or merged.get("role") or None,
        interactive=interactive,
        show_data=show_data,
        patience=wait,
    )


def _current_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise UsageError(
            "the current folder does not exist any more", hint="cd elsewhere"
        ) from None


def _find_project(start: Path) -> tuple[Path, dict[str, Any], str]:
    for folder in (start, *start.parents):
        own = folder / CONFIG_FILE
        if own.is_file():
            return folder, _read_toml(own), CONFIG_FILE
        project = folder / PROJECT_FILE
        if project.is_file():
            table = _read_toml(project).get("tool", {}).get("schema-tool")
            if table is not None:
                return folder, table, f"{PROJECT_FILE} [tool.schema-tool]"
    return start, {}, "schema-tool.toml, which is not there,"


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} is not TOML: {error}") from None
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None


def _merge_environment(table: dict[str, Any], environment: str, file: str) -> dict[str, Any]:
    environments = table.get("env", {})
    base = {key: value for key, value in table.items() if key != "env"}
    if not environment:
        return base
    if environment not in environments:
        known = ", ".join(sorted(environments)) or "none"
        raise UsageError(
            f"{file} has no environment “{environment}”",
            hint=f"configured: {known}; a table [env.{environment}] there adds it",
        )
    merged: dict[str, Any] = base | environments[environment]
    return merged


def _from_variables(environ: Mapping[str, str]) -> dict[str, Any]:
    """`SCHEMA_TOOL_LOCK_TIMEOUT=1s` sets `lock_timeout`; the target's own variable is apart."""
    values: dict[str, Any] = {}
    for field in fields(Settings):
        text = environ.get(VARIABLE_PREFIX + field.name.upper())
        if text is None or field.name == "database":
            continue
        if isinstance(field.default, bool):
            values[field.name] = _boolean(text, VARIABLE_PREFIX + field.name.upper())
        elif isinstance(field.default, tuple):
            values[field.name] = [word for word in text.split(",") if word]
        else:
            values[field.name] = text
    return values


def _boolean(text: str, variable: str) -> bool:
    """What a variable says; a misspelt `true` must not count as false."""
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"", "0", "false", "no", "off"}:
        return False
    raise UsageError(f"{variable}: “{text}” is neither true nor false")


def _settings(table: Mapping[str, Any], file: str) -> Settings:
    known = {field.name: field for field in fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            raise UsageError(
                f"unknown key “{key}” in {file}",
                hint=f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}",
            )
        values[key] = _typed(key, value, known[key].default, file)
    return Settings(**values)


def _typed(key: str, value: Any, default: object, file: str) -> object:
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise UsageError(f"“{key}” in {file} takes a list of strings")
    if type(value) is not type(default):
        kind = "true or false" if isinstance(default, bool) else "a string"
        raise UsageError(f"“{key}” in {file} takes {kind}, not {value!r}")
    return value


_UNITS_MS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}


def duration_ms(text: str, *, name: str) -> int:
    """A duration written as PostgreSQL writes them (`500ms`, `2s`, `1min`), in milliseconds.

    Errors: UsageError naming the option.
    Source: manual, "Setting Parameters", numeric with unit.
    """
    stripped = text.strip()
    for unit in sorted(_UNITS_MS, key=len, reverse=True):
        if stripped.endswith(unit):
            number = stripped.removesuffix(unit).strip()
            try:
                milliseconds = float(number) * _UNITS_MS[unit]
            except ValueError:
                break
            if milliseconds >= 0:
                return round(milliseconds)
    raise UsageError(
        f"{name}: “{text}” is not a duration", hint="write it as PostgreSQL does: 500ms, 2s, 1min"
    )
