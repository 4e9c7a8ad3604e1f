"""Where `diff --to` leads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from schema_tool.cli.options import resolve
from schema_tool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schema_tool.catalog import Catalog, Scope
    from schema_tool.compare import CompareOptions
    from schema_tool.config import Config
    from schema_tool.verify.desired import Wanted


def _mapped_role(text: str) -> tuple[str, str]:
    role, _, here = (part.strip() for part in text.partition("="))
    if not role or not here:
        raise UsageError(
            f"“{text}” maps no role", hint="write what it is called in sql/ and here: app=app_prod"
        )
    return role, here


def refuse_empty(flags: Mapping[str, str | tuple[str, ...] | None]) -> None:
    """Refuse flags whose value is empty: a variable is unset, and they would count for nothing.

    Errors: UsageError.
    """
    for flag, given in flags.items():
        values = given if isinstance(given, tuple) else (given,)
        if any(value is not None and not value.strip() for value in values):
            hint = "is a variable unset that should name it?"
            raise UsageError(f"{flag} is empty", hint=hint)


def refuse_nothing(
    sides: tuple[Catalog, ...],
    schemas: Iterable[str],
    options: CompareOptions,
    ignored: tuple[str, ...] = (),
) -> None:
    """Refuse a schema and a pattern that neither side has: where nothing is compared, all is equal.

    What the ignore file leaves out with the patterns `ignored` is meant. Errors: UsageError.
    """
    from schema_tool.catalog import Identity, Kind  # noqa: PLC0415
    from schema_tool.compare import matches  # noqa: PLC0415

    for schema in schemas:
        if not any(Identity(Kind.SCHEMA, (schema,)) in side.objects for side in sides):
            raise UsageError(
                f"--schema {schema}: there is no such schema, neither here nor there",
                hint="it is a name, and no pattern; patterns: --include “table app.*”",
            )
    for pattern in options.include:
        if not any(matches(i, (pattern,)) for side in sides for i in side.objects):
            raise UsageError(
                f"--include {pattern}: nothing fits, neither here nor there",
                hint=_like_pattern(pattern, sides)
                or "a pattern fits “kind name”, such as “table app.*”; --summary shows them",
            )
    without_flags = replace(options, include=(), exclude=ignored)
    if _leaves(without_flags, sides) and not _leaves(options, sides):
        raise UsageError(
            "nothing is left to be compared",
            hint="--exclude and the ignore file leave all out, or all that --include names",
        )


def _leaves(options: CompareOptions, sides: tuple[Catalog, ...]) -> bool:
    """Whether anything takes part."""
    return any(any(map(options.covers, side.objects.values())) for side in sides)


def _like_pattern(pattern: str, sides: tuple[Catalog, ...]) -> str:
    """What would fit: a name alone, words in capitals, a bracket that is meant."""
    from schema_tool.compare import matches  # noqa: PLC0415

    kind, _, rest = pattern.partition(" ")
    escaped = pattern.replace("[", "[[]")
    for meant in (f"*.{pattern}", pattern.lower(), f"{kind.lower()} {rest}", escaped):
        if any(matches(i, (meant,)) for side in sides for i in side.objects):
            return f"did you mean “{meant}”?"
    return ""


def wanted_place(
    config: Config, to: str | None, *, scope: Scope, scratch: str | None, map_role: tuple[str, ...]
) -> Wanted:
    """Where `--to` leads: a database, a snapshot file, else a folder."""
    from schema_tool.verify.desired import Wanted  # noqa: PLC0415

    scratch = scratch or config.settings.scratch
    if scratch == "target":
        scratch = resolve(config).conninfo
    place = to or ""
    common: dict[str, Any] = {
        "scope": scope,
        "roles": dict(map(_mapped_role, (*config.settings.map_roles, *map_role))),
        "scratch": scratch,
        "binaries": config.binaries,
    }
    folder = config.shown_from / place if place else config.sql_folder
    no_file = "=" in place and not place.endswith(".sql") and not folder.exists()
    if "://" in place or no_file:
        from schema_tool.server.conninfo import normalise  # noqa: PLC0415

        return Wanted(database=normalise(place, origin="--to"), **common)
    from schema_tool.source import (  # noqa: PLC0415
        read_cluster_scripts,
        read_schema_scripts,
        read_script,
    )

    if folder.is_file() and folder.suffix == ".sql":
        script = read_script(folder, shown_from=config.shown_from)
        return Wanted(scripts=(script,), **common)
    if folder.is_file():
        return Wanted(snapshot=folder, **common)
    if place and not folder.is_dir():
        there = "this is neither a folder nor a file" if folder.exists() else ""
        raise UsageError(
            f"--to {place}: {there or 'there is no such folder or file'}",
            hint="name a folder of SQL files, one .sql file, a snapshot or a database's URL",
        )
    return Wanted(
        scripts=read_schema_scripts(folder, shown_from=config.shown_from),
        cluster=read_cluster_scripts(folder, shown_from=config.shown_from),
        **common,
    )
