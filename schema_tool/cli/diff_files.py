"""What `diff` writes: migrations, each with its way back, or a snapshot."""

from __future__ import annotations

import json
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING

from schema_tool.cli.options import open_target, output_is_json, say, show
from schema_tool.cli.place import refuse_nothing
from schema_tool.errors import ExitCode, FailedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    import psycopg

    from schema_tool.catalog import Catalog, Scope
    from schema_tool.compare import Changes, CompareOptions
    from schema_tool.config import Config
    from schema_tool.plan import Plan, Renamed, WayBack
    from schema_tool.server.scratch import ScratchServer


def file_to_write(config: Config, out: str, to: str | None) -> Path:
    """Where `-o` puts its first file.

    `to` is the desired side's place. Errors: UsageError for a folder, for a file of the desired
    state, and for one that would be no migration.
    """
    from schema_tool.source.listing import POST_APPLY, ROLLBACK_SUFFIX  # noqa: PLC0415
    from schema_tool.source.scripts import CLUSTER_FOLDER, SUFFIX  # noqa: PLC0415

    path = config.shown_from / out
    if out == "-":
        raise UsageError("-o names a file", hint="without -o the SQL goes to stdout")
    name = path.name.removesuffix(SUFFIX) + SUFFIX
    if name.startswith(POST_APPLY) or name.endswith(ROLLBACK_SUFFIX):
        raise UsageError(
            f"-o: {path.name} is the name of another kind of file than a migration",
            hint="the rollback file is written beside it: -o migrations/0042_slug.sql",
        )
    desired = (config.shown_from / to if to else config.sql_folder).resolve()
    if path.resolve() == desired or path.resolve().parent in (desired, desired / CLUSTER_FOLDER):
        raise UsageError(
            f"-o: {out} would be part of the desired state, and is the way there",
            hint=f"-o {config.settings.migrations}/{path.name}",
        )
    if path.is_dir() or out.endswith("/"):
        raise UsageError(
            f"-o: {out} is a folder", hint=f"name a file: -o {out.rstrip('/')}/0001_slug.sql"
        )
    return path


def applied_here(connection: psycopg.Connection[object]) -> Collection[str]:
    """The migrations whose files are never changed again."""
    from schema_tool.apply.ledger import read_ledger  # noqa: PLC0415 - only where files are written

    return read_ledger(connection).entries.keys()


def plan_ways_back(
    changes: Changes,
    plan: Plan,
    live: Catalog,
    renamed: Renamed,
    options: CompareOptions,
    *,
    prove: bool,
    scratch: Callable[[], ScratchServer],
) -> tuple[WayBack, ...]:
    """How each group of the plan is undone; one that stands alone is run to be proved only."""
    from schema_tool.compare import compare  # noqa: PLC0415
    from schema_tool.plan import WayBack, make_plan, undo_renames  # noqa: PLC0415
    from schema_tool.verify.way_back import ways_back  # noqa: PLC0415

    if len(plan.groups) == 1 and not prove:
        group = plan.groups[0]
        names = undo_renames(changes.desired, renamed)
        reverse = compare(names.catalog, live, options=options)
        online = not group.transactional
        back = make_plan(reverse, online=online, first=names.steps, gives_back=True)
        if not group.transactional or len(back.groups) == 1:
            return (WayBack(plan=back),)
    return ways_back(scratch(), plan, (live, changes.desired), renamed, options)


def write_snapshot(config: Config, snapshot: str, scope: Scope, *, output: str) -> int:
    """Write the database's schema to a file; nothing is compared."""
    from schema_tool.catalog.snapshot import dump, without_secrets  # noqa: PLC0415
    from schema_tool.compare import CompareOptions  # noqa: PLC0415
    from schema_tool.source.scripts import shown_path  # noqa: PLC0415
    from schema_tool.verify.desired import read_live  # noqa: PLC0415

    connection, _ = open_target(config, read_only=True)
    with closing(connection):
        catalog = read_live(connection, scope)
    refuse_nothing((catalog,), scope.schemas, CompareOptions())
    text = dump(without_secrets(catalog))
    target = config.shown_from / snapshot
    try:
        target.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise FailedError(f"cannot write {target}: {error.strerror}") from error
    shown = shown_path(target, config.shown_from)
    if output_is_json(output):
        show(json.dumps({"written": [shown]}))
    say(f"wrote {shown}")
    return ExitCode.CLEAN


def write_files(
    config: Config,
    plan: Plan,
    back: Sequence[WayBack],
    out: str,
    *,
    header: str,
    to: str | None,
    applied: Collection[str],
) -> None:
    """Write the plan as migrations and tell of each file."""
    from schema_tool.plan import plan_files  # noqa: PLC0415
    from schema_tool.source.draft import write_planned  # noqa: PLC0415

    target = file_to_write(config, out, to)
    slug = target.name.removesuffix(".sql")
    files = tuple(plan_files(plan, back, slug, header=header))
    for path in write_planned(target.parent, files, shown_from=config.shown_from, applied=applied):
        say(f"wrote {path}")
    for file in files:
        if file.fails:
            name = f"{file.id}.rollback.sql"
            say(f"mend {name} by hand: it fails on a copy of the schema: {file.fails}")
    backs = (way.plan.secrets for way in back)
    for variable in dict.fromkeys((*plan.secrets, *chain.from_iterable(backs))):
        say(f"before apply: export {variable}=… (with psql: -v {variable}=…)")
