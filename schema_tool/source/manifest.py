"""MANIFEST: a line a migration, so that two branches that each add one conflict in git.

Two files with different names never conflict by themselves; two lines at the end of one file do,
and whoever resolves the conflict decides which of the two comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.errors import UsageError
from schema_tool.source.scripts import read_text, shown_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from schema_tool.source.listing import Listing

NAME = "MANIFEST"
_HEAD = (
    "# One line a migration. A merge conflict here means that two branches add one: keep both\n"
    "# lines, and give the later one a number and a “-- depends:” of its own.\n"
)


def check_manifest(folder: Path, listing: Listing, *, shown_from: Path) -> None:
    """Hold the manifest, where there is one, against the folder.

    Errors: UsageError for a file without a line and for a line without a file.
    """
    path = folder / NAME
    if not path.is_file():
        return
    shown = shown_path(path, shown_from)
    listed = _listed(read_text(path, shown_from))
    known = listing.migrations.keys()
    missing = sorted(known - set(listed))
    stale = sorted(set(listed) - known)
    if missing:
        raise UsageError(
            f"{listing.migrations[missing[0]].name} has no line in {shown}",
            hint="schema-tool manifest writes it",
        )
    if stale:
        raise UsageError(
            f"{shown} names {stale[0]}, and there is no such file",
            hint="restore the file, or if it was never applied: schema-tool manifest",
        )


def write_manifest(folder: Path, ids: Sequence[str]) -> Path:
    """Write the manifest anew, in the order in which the migrations are applied."""
    path = folder / NAME
    path.write_text(manifest_text(ids), encoding="utf-8")
    return path


def manifest_text(ids: Sequence[str]) -> str:
    """The manifest of these migrations."""
    return _HEAD + "".join(f"{migration_id}\n" for migration_id in ids)


def append_to_manifest(folder: Path, migration_id: str) -> None:
    """Add a new migration's line at the end, where a manifest is kept."""
    path = folder / NAME
    if path.is_file():
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{migration_id}\n")


def _listed(text: str) -> list[str]:
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
