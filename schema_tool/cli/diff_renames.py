"""The renames of `diff`: declared in the files, or answered on a terminal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from schema_tool.cli.options import say
from schema_tool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schema_tool.compare import Changes, CompareOptions
    from schema_tool.plan import Rename
    from schema_tool.source import Script


def declared_in(scripts: Iterable[Script]) -> tuple[Rename, ...]:
    """The renames that the files declare; an error names the file."""
    from schema_tool.plan import declared_renames  # noqa: PLC0415

    found: list[Rename] = []
    for script in scripts:
        try:
            found += declared_renames([script.text])
        except UsageError as error:
            if error.location is not None:
                error.location = replace(error.location, path=script.name)
            raise
    return tuple(found)


def ask_renames(changes: Changes) -> tuple[Rename, ...]:
    """Ask of each drop and add that look alike whether they are one; never off a terminal."""
    from schema_tool.plan import renames_that_look_likely  # noqa: PLC0415

    answered = []
    for rename in renames_that_look_likely(changes):
        done = "moved" if rename.schema else "renamed"
        question = f"Is {rename.words} {done} to {rename.target}? Else it is dropped"
        if click.confirm(question, default=False, err=True):
            answered.append(rename)
    if answered:
        say("paste into a file of sql/, so that nobody is asked again:")
        for rename in answered:
            say(rename.line)
    return tuple(answered)


def without_renamed(
    changes: Changes, declared: tuple[Rename, ...], options: CompareOptions
) -> CompareOptions:
    """The options that leave out both names of a rename of which one is left out."""
    if not declared:
        return options
    from schema_tool.plan import leave_out_both  # noqa: PLC0415

    return leave_out_both(declared, (changes.live, changes.desired), options)
