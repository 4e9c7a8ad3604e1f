"""What sqlfluff said of each file, kept until the file, its settings or a version changes.

sqlfluff needs 1.5 ms a line, 8 s for a schema of 60 files; most files are as they were at the
last run. One small file for each project in the user's cache folder; without it all is linted.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schema_tool import __version__
from schema_tool.errors import FailedError, SchemaToolError
from schema_tool.server.home import cache_directory, project_directory

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schema_tool.source import Script

Violations = list[dict[str, Any]] | None
"""None where a `.sqlfluffignore` names the file."""

# Source: sqlfluff's documentation, "Setting Configuration" and "Ignoring Errors & Files"
SETTINGS_FILES = (
    ".sqlfluff",
    ".sqlfluffignore",
    "pyproject.toml",
    "setup.cfg",
    "tox.ini",
    "pep8.ini",
)
KEPT_DAYS = 30
USER_SETTINGS = ("~", "~/.config/sqlfluff", "~/Library/Application Support/sqlfluff")
RECOMMENDED = Path(__file__).with_name("recommended.sqlfluff")


@dataclass(slots=True, kw_only=True)
class Remembered:
    """The violations of each path with the key of what they were found in."""

    file: Path | None
    entries: dict[str, tuple[str, Violations]] = field(default_factory=dict)
    settings: dict[Path, bytes] = field(default_factory=dict)
    changed: bool = False

    def knows(self, script: Script) -> bool:
        """Whether the file is as it was when it was linted last."""
        path = str(script.path)
        return path in self.entries and self.entries[path][0] == self._key(script)

    def violations(self, script: Script) -> Violations:
        """What was found in a known file."""
        return self.entries[str(script.path)][1]

    def keep(self, script: Script, violations: Violations) -> None:
        """Note what was found."""
        self.entries[str(script.path)] = (self._key(script), violations)
        self.changed = True

    def save(self) -> None:
        """Write the file, unless nothing is new; files that are gone are left out."""
        if self.file is None or not self.changed:
            return
        kept = {path: entry for path, entry in self.entries.items() if Path(path).exists()}
        with suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            fresh = self.file.with_suffix(f".{os.getpid()}")
            fresh.write_text(json.dumps(kept), encoding="utf-8")
            fresh.replace(self.file)
            _sweep(self.file.parent)

    def _key(self, script: Script) -> str:
        folder = script.path.parent
        if folder not in self.settings:
            self.settings[folder] = _settings(folder)
        return hashlib.sha256(self.settings[folder] + script.text.encode()).hexdigest()


def recall(root: Path) -> Remembered:
    """Read what is remembered of a project; nothing when that cannot be read."""
    try:
        file = cache_directory() / "lint" / f"{project_directory(root, {}).name}.json"
    except SchemaToolError:
        return Remembered(file=None)
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
        entries = {path: (str(key), found) for path, (key, found) in read.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        entries = {}
    return Remembered(file=file, entries=entries)


def _sweep(folder: Path) -> None:
    """Remove what was remembered of projects that nobody has linted for long."""
    oldest = time.time() - KEPT_DAYS * 86_400
    for file in folder.iterdir():
        if file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)


def _settings(folder: Path) -> bytes:
    """A hash of everything beside the text that sqlfluff's answer depends on."""
    digest = hashlib.sha256(repr([__version__, *_versions()]).encode())
    for part in _settings_files(folder):
        with suppress(OSError):
            digest.update(str(part).encode() + b"\0" + part.read_bytes() + b"\0")
    return digest.digest()


def _settings_files(folder: Path) -> Iterator[Path]:
    yield RECOMMENDED
    folders: Sequence[Path] = (
        *(Path(user).expanduser() for user in USER_SETTINGS),
        *folder.parents,
        folder,
    )
    for each in folders:
        yield from (each / name for name in SETTINGS_FILES)


@cache
def _versions() -> tuple[str, ...]:
    """sqlfluff, its parser and its plugins."""
    try:
        found = {f"sqlfluff {metadata.version('sqlfluff')}"}
    except metadata.PackageNotFoundError:
        raise FailedError(
            "sqlfluff is not installed", hint="pip install 'schema-tool[lint]'"
        ) from None
    with suppress(metadata.PackageNotFoundError):
        found.add(f"sqlfluffrs {metadata.version('sqlfluffrs')}")
    for plugin in metadata.entry_points(group="sqlfluff"):
        found.add(f"{plugin.value} {plugin.dist.version if plugin.dist else ''}")
    return tuple(sorted(found))
