"""The files of a migrations folder before anything is understood of them: names and texts.

Enough to tell whether anything is pending at all, which is asked far more often than answered yes.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tool.errors import UsageError
from schema_tool.source.scripts import Script, list_folder, read_text, shown_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ROLLBACK_SUFFIX = ".rollback.sql"
POST_APPLY = "post-apply"
# yoyo's name for a file that somebody has open in its editor
_DRAFT = "_tmp_yoyonew"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A folder's files by the migration's id: the name without its ending, in name order.

    `post_apply` are the files that run after every apply.
    """

    migrations: Mapping[str, Script]
    rollbacks: Mapping[str, Script]
    post_apply: Mapping[str, Script]


def read_listing(folder: Path, *, shown_from: Path) -> Listing:
    """Read a migrations folder's files.

    Errors: UsageError for a missing or unreadable folder, a `.py` file (yoyo would import it), a
    file that would be passed over.
    """
    shown = shown_path(folder, shown_from)
    if not folder.is_dir():
        raise UsageError(
            f"there is no folder {shown}",
            hint="schema-tool new NAME writes the first migration and the folder",
        )
    # the folder's own path is cut once, not for each of thousands of files
    prefix = "" if shown == "." else f"{shown}/"
    found: dict[str, dict[str, Script]] = {"migrations": {}, "rollbacks": {}, "post_apply": {}}
    for name in list_folder(folder, shown):
        _refuse_odd_file(folder, name, shown)
        if not name.endswith(".sql") or name.startswith(_DRAFT):
            continue
        path = folder / name
        kind, migration_id = _place(name)
        found[kind][migration_id] = Script(
            path=path, name=prefix + name, text=read_text(path, shown_from)
        )
    return Listing(**found)


def _place(name: str) -> tuple[str, str]:
    """Which kind of file it is, and the migration's id."""
    if name.endswith(ROLLBACK_SUFFIX):
        return "rollbacks", name.removesuffix(ROLLBACK_SUFFIX)
    kind = "post_apply" if name.startswith(POST_APPLY) else "migrations"
    return kind, name.removesuffix(".sql")


def _refuse_odd_file(folder: Path, name: str, shown: str) -> None:
    """Refuse what yoyo would import, would run unasked or would pass over in silence."""
    reason, hint = "", ""
    if name.endswith(".py"):
        reason = "is a Python migration; only .sql files are run"
        hint = "rewrite it as SQL, or keep Python migrations in another folder for yoyo"
    elif not name.lower().endswith(".sql"):
        return
    elif not name.endswith(".sql"):
        reason, hint = "would be passed over: its ending is not .sql", "rename it to end in .sql"
    elif name.startswith("."):
        reason, hint = "is a hidden file, and yoyo would run it", "delete or rename it"
    elif not os.path.isfile(os.path.join(folder, name)):  # noqa: PTH113, PTH118 - thousands of files
        reason, hint = "is not a file", "remove it, or restore what it links to"
    if reason:
        raise UsageError(f"{shown}/{name} {reason}", hint=hint)
