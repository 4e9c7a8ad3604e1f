"""Style, by sqlfluff in this process."""

from __future__ import annotations

import configparser
import logging
import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

from schema_tool.errors import FailedError, Location
from schema_tool.findings import Finding, Severity
from schema_tool.lint.remembered import RECOMMENDED, recall
from schema_tool.sqltext import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlfluff.core import FluffConfig

    from schema_tool.lint.remembered import Remembered
    from schema_tool.source import Script

INSTALL_HINT = "pip install 'schema-tool[lint]'"
PREFIX = "sqlfluff."
# What a migration runner sends is the file's text: templates in it would be a lie, a skipped
# file a gap. Files are read as the runner reads them.
OVERRIDES: Mapping[str, Any] = {
    "dialect": "postgres",
    "templater": "raw",
    "large_file_skip_byte_limit": 0,
    "encoding": "utf-8-sig",
}
# what of sqlfluff's records is used; the rest is fixes
KEPT = ("code", "name", "description", "warning", "start_line_no", "start_line_pos", "end_line_no")
# sqlfluff's codes for text that it cannot read: its parser, its lexer
UNREADABLE = frozenset({"PRS", "LXR"})
# 1.5 ms a line, so about 0.5 s; a second process costs 0.05 s
PARALLEL_FROM_CHARACTERS = 15_000


def check_style(scripts: Sequence[Script], *, root: Path) -> Iterator[Finding]:
    """Lint the files' style.

    The rules are those of the project's sqlfluff configuration; a project without one gets
    `recommended.sqlfluff`. `-- noqa` waives as sqlfluff documents it. The files are SQL to
    PostgreSQL, so that what sqlfluff cannot read is a note.
    Errors: FailedError when sqlfluff is not installed or its configuration is wrong.
    """
    if not scripts:
        return
    remembered = recall(root)
    fresh = [script for script in scripts if not remembered.knows(script)]
    if fresh:
        said = _lint(fresh, root, remembered)
        yield from (_configuration(message) for message in said)
        if not said:
            remembered.save()
    for script in scripts:
        if not remembered.knows(script):
            yield _failed(script)
            continue
        for violation in remembered.violations(script) or ():
            if violation["code"] in UNREADABLE:
                yield _unreadable(violation, script)
            else:
                yield _finding(violation, script)


def _lint(scripts: list[Script], root: Path, remembered: Remembered) -> tuple[str, ...]:
    """Lint the files and return what sqlfluff says of its configuration.

    A file on which sqlfluff fails is not remembered.
    """
    listener = _import()
    from sqlfluff.core import SQLFluffUserError  # noqa: PLC0415

    by_path = {str(script.path): script for script in scripts}
    try:
        fallback = _fallback(scripts, root)
        _config(str(scripts[0].path), fallback)
        # from here on it would say the same again for every file, and trace its own failures
        listener.deaf = True
        for path, violations in _run(scripts, fallback):
            kept = [{key: v.get(key) for key in KEPT} for v in violations]
            remembered.keep(by_path[path], kept)
        for path in _ignored(by_path):
            remembered.keep(by_path[path], None)
    except (SQLFluffUserError, configparser.Error) as error:
        said = " ".join(str(error).split())
        raise FailedError(f"sqlfluff: {said}", hint="mend the sqlfluff configuration") from None
    return tuple(dict.fromkeys(listener.heard))


class _Listener(logging.Handler):
    """Takes what sqlfluff would print, such as a rule's name that it does not know."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []
        self.deaf = False

    def emit(self, record: logging.LogRecord) -> None:
        if not self.deaf:
            self.heard.append(record.getMessage())


def _run(scripts: list[Script], fallback: str | None) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Lint on all processors where the files are worth it.

    Not by sqlfluff's own processes, which start from nothing: they took 17 s where one process
    took 7 s. Forked ones have everything loaded.
    """
    lint_paths = partial(_lint_paths, fallback=fallback)
    workers = min(os.cpu_count() or 1, len(scripts))
    enough = sum(len(s.text) for s in scripts) >= PARALLEL_FROM_CHARACTERS
    forks = "fork" in multiprocessing.get_all_start_methods()
    if workers == 1 or not enough or not forks or threading.active_count() > 1:
        yield from lint_paths([str(s.path) for s in scripts])
        return
    # the longest first, so that no processor waits for another's long file at the end
    ordered = sorted(scripts, key=lambda s: (-len(s.text), s.name))
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        for results in pool.map(lint_paths, [[str(s.path)] for s in ordered]):
            yield from results


def _import() -> _Listener:
    try:
        import sqlfluff.core  # noqa: F401, PLC0415 - 0.3 s to load
    except ImportError:
        raise FailedError("sqlfluff is not installed", hint=INSTALL_HINT) from None
    logger = logging.getLogger("sqlfluff")
    for handler in tuple(logger.handlers):
        if isinstance(handler, _Listener):
            logger.removeHandler(handler)
    listener = _Listener()
    logger.addHandler(listener)
    return listener


def _config(path: str, fallback: str | None) -> FluffConfig:
    """The configuration for a file, its rules' names and options checked."""
    from sqlfluff.core import FluffConfig, Linter  # noqa: PLC0415

    config = FluffConfig.from_path(path, extra_config_path=fallback, overrides=dict(OVERRIDES))
    Linter(config=config).get_rulepack(config=config)
    return config


def _lint_paths(
    paths: Sequence[str], *, fallback: str | None
) -> list[tuple[str, list[dict[str, Any]]]]:
    from sqlfluff.core import Linter  # noqa: PLC0415
    from sqlfluff.core.linter.discovery import paths_from_path  # noqa: PLC0415

    kept = tuple(path for path in paths if paths_from_path(path))
    if not kept:
        return []
    linter = Linter(config=_config(kept[0], fallback))
    result = linter.lint_paths(kept, processes=1, ignore_files=False, retain_files=False)
    return [(r["filepath"], list(r["violations"])) for r in result.as_records()]


def _fallback(scripts: Iterable[Script], root: Path) -> str | None:
    """The recommended settings, unless the project has settings of its own."""
    from sqlfluff.core.config import load_config_at_path  # noqa: PLC0415

    folders = {root, *(s.path.parent for s in scripts)}
    folders |= {p for f in folders for p in f.parents if p.is_relative_to(root)}
    own = any(load_config_at_path(str(folder)) for folder in folders)
    return None if own else str(RECOMMENDED)


def _ignored(paths: Iterable[str]) -> set[str]:
    """The files that a `.sqlfluffignore` names."""
    from sqlfluff.core.linter.discovery import paths_from_path  # noqa: PLC0415

    return {path for path in paths if not paths_from_path(path)}


def _finding(violation: Mapping[str, Any], script: Script) -> Finding:
    name = violation.get("name") or ""
    return Finding(
        rule=PREFIX + violation["code"],
        message=violation["description"] + (f" ({name})" if name else ""),
        # sqlfluff's own `warnings = …` makes a rule speak without failing
        severity=Severity.NOTE if violation.get("warning") else Severity.WARNING,
        location=_location(violation, script),
    )


def _unreadable(violation: Mapping[str, Any], script: Script) -> Finding:
    first = violation["start_line_no"]
    last = violation["end_line_no"] or first
    lines = f"line {first}" if last == first else f"lines {first} to {last}"
    return Finding(
        rule=PREFIX + violation["code"],
        message=f"sqlfluff cannot read {lines}, PostgreSQL can: no style was checked there",
        severity=Severity.NOTE,
        location=_location(violation, script),
    )


def _configuration(message: str) -> Finding:
    return Finding(
        rule=f"{PREFIX}configuration",
        message=message,
        severity=Severity.WARNING,
        hint="mend the sqlfluff configuration: a rule that it does not know is not checked",
    )


def _failed(script: Script) -> Finding:
    return Finding(
        rule=f"{PREFIX}failed",
        message="sqlfluff failed on this file: its style was not checked",
        location=Location(path=script.name, line=1),
        hint=f"sqlfluff lint --dialect postgres {script.name}",
    )


def _location(violation: Mapping[str, Any], script: Script) -> Location:
    line = int(violation["start_line_no"])
    lines = without_secrets(script.text).split("\n")
    return Location(
        path=script.name,
        line=line,
        column=int(violation["start_line_pos"]),
        text=lines[line - 1].rstrip("\r") if line <= len(lines) else "",
    )
