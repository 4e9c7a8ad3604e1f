"""`schema-tool diff`."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from schema_tool.cli.diff_files import (
    applied_here,
    file_to_write,
    plan_ways_back,
    write_files,
    write_snapshot,
)
from schema_tool.cli.diff_renames import ask_renames, declared_in, without_renamed
from schema_tool.cli.options import open_target, output_is_json, say, show, target_options
from schema_tool.cli.place import refuse_empty, refuse_nothing, wanted_place
from schema_tool.errors import ExitCode, FailedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    import psycopg

    from schema_tool.catalog import Catalog, Scope
    from schema_tool.compare import Changes, CompareOptions, Ignored
    from schema_tool.config import Config
    from schema_tool.findings import Finding
    from schema_tool.plan import Plan, Rename, Renamed, Step, WayBack
    from schema_tool.server.scratch import ScratchServer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """The command's own flags."""

    to: str | None
    online: bool
    allow: frozenset[str]
    summary: bool
    out: str | None
    prove: bool
    exit_zero: bool
    scratch: str | None
    snapshot: str | None
    map_role: tuple[str, ...]
    compare: CompareOptions
    scope: Scope
    exclude: tuple[str, ...]
    ignored: tuple[Ignored, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """What differs and the plan; for files their ways back, header and what is applied here."""

    changes: Changes
    plan: Plan | None = None
    renames: tuple[Step, ...] = ()
    back: tuple[WayBack, ...] = ()
    header: str = ""
    applied: Collection[str] = ()
    findings: tuple[Finding, ...] = ()


# Until the process ends, which takes no catalog apart, object by object.
_KEPT: list[_Result] = []


@click.command()
@target_options
@click.option(
    "--to", metavar="PLACE", help="Desired: folder, .sql file, database, snapshot (sql/)."
)
@click.option("--snapshot", metavar="FILE", help="Write the schema to a file instead, for --to.")
@click.option("--online/--offline", default=True, help="Whether others use the database meanwhile.")
@click.option("--allow", multiple=True, metavar="HAZARD", help="Allow a destructive step; all.")
@click.option("--summary", is_flag=True, help="Show what differs instead of the SQL.")
@click.option("-o", "--out", metavar="FILE", help="Write a migration and its rollback file.")
@click.option("--prove", is_flag=True, help="Run the plan on a scratch copy of the schema first.")
@click.option("--schema", "schemas", multiple=True, metavar="NAME", help="Compare these alone.")
@click.option("--include", multiple=True, metavar="PATTERN", help="Such as “table app.*”.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="Such as “table audit.*”.")
@click.option("--owners/--no-owners", default=True, help="Compare owners.")
@click.option("--privileges/--no-privileges", default=True, help="Compare privileges.")
@click.option("--map-role", multiple=True, metavar="ROLE=HERE", help="A role's name here.")
@click.option("--memberships", is_flag=True, help="Compare which role is a member of which.")
@click.option("--column-order", is_flag=True, help="Compare the order of columns, too.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 also when something differs.")
@click.option("--scratch", metavar="URL", help="Server for scratch databases, or “target”.")
def diff(
    config: Config,
    output: str,
    *,
    allow: tuple[str, ...],
    schemas: tuple[str, ...],
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    owners: bool,
    privileges: bool,
    column_order: bool,
    memberships: bool,
    **flags: Any,
) -> int:
    """Print the SQL that takes a database to its desired state.

    The database is only read. Steps that destroy something are refused until they are allowed
    by name. Exit status 0 says equal, 1 differs, 3 that no statement changes all of it, 4 refused,
    5 equal as far as compared.
    """
    # A short process that keeps nearly all it makes: collecting costs half of a plan's time.
    gc.disable()
    from schema_tool.catalog import Scope  # noqa: PLC0415 - psycopg
    from schema_tool.compare import CompareOptions  # noqa: PLC0415

    _check_flags(allow, flags | {"schema": schemas, "include": include, "exclude": exclude})
    ignored = _read_ignored(config)
    compare = CompareOptions(
        owners=owners,
        privileges=privileges,
        column_order=column_order,
        include=include,
        exclude=(*exclude, *(line.pattern for line in ignored)),
    )
    wish = _Wish(
        allow=frozenset(allow),
        compare=compare,
        scope=Scope(schemas=schemas, memberships=memberships),
        exclude=exclude,
        ignored=ignored,
        **flags,
    )
    if wish.snapshot:
        _refuse_comparing(wish)
        return write_snapshot(config, wish.snapshot, wish.scope, output=output)
    result = _compare(config, wish)
    _KEPT[:], as_json = [result], output_is_json(output)
    if result.plan is None:
        return _report_equal(result, wish, as_json=as_json)
    return _report(config, result, result.plan, wish, as_json=as_json)


def _refuse_comparing(wish: _Wish) -> None:
    """Refuse what says how to compare beside `--snapshot`."""
    patterns = (*wish.compare.include, *wish.exclude)
    if any((wish.to, wish.out, wish.summary, wish.prove, patterns)):
        raise UsageError("--snapshot compares nothing", hint="write it, then diff --to FILE")


def _check_flags(allow: tuple[str, ...], flags: dict[str, Any]) -> None:
    names = ("to", "out", "snapshot", "scratch", "map_role", "schema", "include", "exclude")
    refuse_empty({f"--{flag.replace('_', '-')}": flags[flag] for flag in names})
    if not allow:
        return
    from schema_tool.hazards import Hazard  # noqa: PLC0415 - only where one is allowed

    known = [*Hazard, "all"]
    for word in allow:
        if word not in known:
            import difflib  # noqa: PLC0415 - only for an error

            near = difflib.get_close_matches(word, known, n=1)
            raise UsageError(
                f"--allow {word}: there is no such hazard",
                hint=(f"did you mean {near[0]}? " if near else "") + f"known: {', '.join(known)}",
            )


def _read_ignored(config: Config) -> tuple[Ignored, ...]:
    """The lines of the ignore file; only one that is configured has to exist."""
    path = config.ignore_file
    if not path.exists() and not config.settings.ignore:
        return ()
    from schema_tool.compare import parse_ignored  # noqa: PLC0415
    from schema_tool.source.scripts import read_text, shown_path  # noqa: PLC0415

    if path.is_fifo():
        raise UsageError(f"{shown_path(path, config.shown_from)} is a pipe, and no file")
    return parse_ignored(read_text(path, config.shown_from), shown_path(path, config.shown_from))


def _compare(config: Config, wish: _Wish) -> _Result:
    from schema_tool.compare import compare  # noqa: PLC0415
    from schema_tool.verify import desired as wanted  # noqa: PLC0415

    if wish.out:
        file_to_write(config, wish.out, wish.to)
    place = wanted_place(
        config, wish.to, scope=wish.scope, scratch=wish.scratch, map_role=wish.map_role
    )
    connection, _ = open_target(config, read_only=True)
    with ExitStack() as stack:
        stack.enter_context(closing(connection))

        def open_scratch() -> ScratchServer:
            around = wanted.read_surroundings(connection)
            return stack.enter_context(wanted.scratch_like(around, place))

        server = open_scratch() if wish.prove else None
        changes = wanted.read_changes(connection, place, wish.compare, server)
        from schema_tool.report import plan as report  # noqa: PLC0415

        live, desired = changes.live, changes.desired
        patterns = tuple(line.pattern for line in wish.ignored)
        refuse_nothing((live, desired), wish.scope.schemas, wish.compare, patterns)
        _tell_majors(live.source.major, desired.source.major)
        findings = _of_flags(wish, live, desired)
        declares = any("schema-tool" in script.text for script in place.scripts)
        if changes.equal and not declares:
            return _Result(changes=changes, findings=findings)
        declared = declared_in(place.scripts) if declares else ()
        options = without_renamed(changes, declared, wish.compare)
        if options is not wish.compare:
            wish, changes = replace(wish, compare=options), compare(live, desired, options=options)
        result, renamed = _plan(
            changes, declared, wish=wish, server=server, interactive=config.interactive
        )
        owners = report.owner_findings(result.changes) if place.by_files else ()
        renames = report.rename_findings(renamed, stale=not wish.scope.schemas)
        findings = (*findings, *owners, *renames)
        result = replace(result, findings=findings)
        if not wish.out or result.plan is None or not result.plan.groups:
            return result

        def scratch() -> ScratchServer:
            return server or open_scratch()

        return _with_files(result, connection, live, renamed, wish, scratch=scratch)


def _of_flags(wish: _Wish, live: Catalog, desired: Catalog) -> tuple[Finding, ...]:
    """What patterns and roles fit nothing; what lies outside of some schemas was not looked for."""
    from schema_tool.report import plan as report  # noqa: PLC0415

    if wish.scope.schemas:
        return tuple(report.unmatched_findings((), wish.exclude, (live, desired)))
    found = report.unmatched_findings(wish.ignored, wish.exclude, (live, desired))
    return (*found, *report.unmapped_findings(desired))


def _tell_majors(live: int, desired: int) -> None:
    if live != desired:
        say(
            f"the database is PostgreSQL {live}, the desired state was read from {desired}: "
            "definitions are printed differently there, and some of what differs may not"
        )


def _with_files(
    result: _Result,
    connection: psycopg.Connection,
    live: Catalog,
    renamed: Renamed,
    wish: _Wish,
    *,
    scratch: Callable[[], ScratchServer],
) -> _Result:
    """With what only files have: ways back, the fingerprint, what may not be written over."""
    from schema_tool.apply.live import live_header  # noqa: PLC0415

    assert result.plan is not None
    options, prove = wish.compare, wish.prove
    back = plan_ways_back(
        result.changes, result.plan, live, renamed, options, prove=prove, scratch=scratch
    )
    header = "" if wish.scope.schemas else live_header(connection, live)
    return replace(result, header=header, applied=applied_here(connection), back=back)


def _plan(
    changes: Changes,
    declared: tuple[Rename, ...],
    *,
    wish: _Wish,
    server: ScratchServer | None,
    interactive: bool,
) -> tuple[_Result, Renamed]:
    from schema_tool.compare import compare  # noqa: PLC0415
    from schema_tool.plan import apply_renames, make_plan  # noqa: PLC0415
    from schema_tool.verify import desired as wanted  # noqa: PLC0415

    live, desired = changes.live, changes.desired
    renamed = apply_renames(live, desired, declared, wish.compare)
    if renamed.catalog is not live:
        changes = compare(renamed.catalog, desired, options=wish.compare)
    if interactive:
        answered = ask_renames(changes)
        if answered:
            renamed = apply_renames(live, desired, (*declared, *answered), wish.compare)
            changes = compare(renamed.catalog, desired, options=wish.compare)
    plan = make_plan(changes, online=wish.online, first=renamed.steps)
    if server is not None and plan.groups:
        left = wanted.prove(server, plan, live, desired, wish.compare)
        if left:
            raise FailedError(
                "on a copy of the schema the plan does not lead there; after it " + "; ".join(left),
                hint="nothing was changed; look at the plan without --prove",
            )
        say("proved: on a copy of the schema the plan leads there")
    return _Result(changes=changes, plan=plan, renames=renamed.steps), renamed


def _say_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        place = finding.location
        say((f"{place.path}:{place.line}: " if place else "") + finding.message)


def _report_equal(result: _Result, wish: _Wish, *, as_json: bool) -> int:
    from schema_tool.report import plan as report  # noqa: PLC0415

    changes = result.changes
    findings = (*result.findings, *report.uncompared_findings(changes))
    _say_findings(findings)
    if as_json:
        show(report.diff_json(changes, None, (), findings))
    else:
        say("nothing to do: equal" + (" as far as compared" if changes.uncompared else ""))
    return ExitCode.CLEAN if wish.exit_zero else report.diff_exit_code(changes, None)


def _report(config: Config, result: _Result, plan: Plan, wish: _Wish, *, as_json: bool) -> int:
    from schema_tool.plan import render_plan  # noqa: PLC0415
    from schema_tool.report import plan as report  # noqa: PLC0415

    changes = result.changes
    refused = plan.refused(wish.allow)
    findings = (
        *result.findings,
        *report.uncompared_findings(changes),
        *report.unplanned_findings(plan),
    )
    _say_findings(findings)
    if as_json:
        show(report.diff_json(changes, plan, refused, findings, show_data=config.show_data))
    elif not plan.groups and not plan.unplanned:
        say("nothing to do: equal" + (" as far as compared" if changes.uncompared else ""))
    elif wish.summary:
        names = ("the database", wish.to or f"{config.settings.sql}/")
        _echo_tree(report.summary_lines(changes, plan, result.renames, names=names))
    elif not refused and not wish.out:
        show(render_plan(plan), nl=False)
        if plan.secrets:
            say("this SQL holds passwords; the files that -o writes have variables instead")
    if refused:
        say("refused, because these steps destroy something:")
        for line in report.hazard_lines(refused):
            say(f"  {line}")
        words = sorted({*wish.allow, *(danger.hazard.value for _, danger in refused)})
        flags = " ".join(f"--allow {word}" for word in words)
        kept = "" if as_json else "no file was written; " if wish.out else "no SQL was printed; "
        say(f"{kept}if the losses are meant, add: {flags}")
        return ExitCode.REFUSED
    if wish.out and plan.groups:
        back, header, applied = result.back, result.header, result.applied
        write_files(config, plan, back, wish.out, header=header, to=wish.to, applied=applied)
    return ExitCode.CLEAN if wish.exit_zero else report.diff_exit_code(changes, plan)


def _echo_tree(lines: Iterable[str]) -> None:
    """Coloured on a terminal, unless NO_COLOR asks for none."""
    from schema_tool.report.plan import coloured  # noqa: PLC0415

    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        show("\n".join(lines))
    else:
        width = shutil.get_terminal_size().columns
        show(coloured(lines, width=width), nl=False, color=True)
