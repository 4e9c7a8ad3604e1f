"""What files make in an empty database, kept by their content: the next `diff` need not load them.

The key covers all that the result depends on: the files, the server's programs, as whom they are
loaded, the roles that are there, the scope and this tool. What is kept is a snapshot below its own
digest: a file that is damaged, or that another user owns, is no file.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import schema_tool.catalog
from schema_tool import __version__
from schema_tool.catalog.snapshot import VERSION, dump, load
from schema_tool.errors import SchemaToolError
from schema_tool.server.home import cache_directory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schema_tool.catalog import Catalog, Scope
    from schema_tool.server.binaries import Binaries
    from schema_tool.source import Script
    from schema_tool.verify.load import Acting

KEPT = 8
"""Snapshots: a few projects with a few branches; 5 MB each at 1,000 tables."""
LARGEST_BYTES = 256 * 1024**2


def key_of(
    scripts: Iterable[Script],
    *,
    binaries: Binaries,
    acting: Acting,
    roles: Iterable[str],
    scope: Scope,
) -> str:
    """The name under which the result is kept."""
    parts = [
        __version__,
        str(VERSION),
        *_own_files(),
        str(binaries.bin.resolve()),
        str(binaries.version),
        repr(acting),
        repr(scope),
        *sorted(roles),
        *(part for script in scripts for part in (str(script.path), script.text)),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _own_files() -> Iterable[str]:
    """How the catalog is read: a checkout changes without its version."""
    folder = Path(schema_tool.catalog.__file__).parent
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".sql"}:
            found = path.stat()
            yield f"{path.name} {found.st_size} {found.st_mtime_ns}"


def find(key: str) -> Catalog | None:
    """What is kept under a key; None where there is nothing that can be trusted."""
    with suppress(OSError, SchemaToolError, ValueError):
        path = _folder() / key
        text = _read_own(path)
        digest, _, body = text.partition("\n")
        if digest == hashlib.sha256(body.encode()).hexdigest():
            os.utime(path)
            return load(body, origin="a kept snapshot")
    return None


def keep(key: str, catalog: Catalog) -> None:
    """Keep a catalog under a key; where that cannot be done, the next run loads the files."""
    body = dump(catalog)
    text = f"{hashlib.sha256(body.encode()).hexdigest()}\n{body}"
    with suppress(OSError, SchemaToolError):
        folder = _folder()
        descriptor, name = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            Path(name).replace(folder / key)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _forget(folder)


def _folder() -> Path:
    """The folder, made when it is missing.

    Errors: PermissionError where others may write to it.
    """
    folder = cache_directory() / "catalogs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    others = stat.S_IWGRP | stat.S_IWOTH
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & others:
        raise PermissionError(f"{folder} is not ours alone")
    return folder


def _read_own(path: Path) -> str:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, encoding="utf-8", newline="") as file:
        found = os.fstat(descriptor)
        if found.st_uid != os.geteuid() or not stat.S_ISREG(found.st_mode):
            raise PermissionError(f"{path} is not ours")
        if found.st_size > LARGEST_BYTES:
            raise OSError(f"{path} is too large")
        return file.read()


def _forget(folder: Path) -> None:
    """Remove what was not used for longest, and what a killed run left half written."""
    found = []
    for path in folder.iterdir():
        with suppress(OSError):  # another run was quicker
            found.append((path.stat().st_mtime_ns, path))
    for _, path in sorted(found, reverse=True)[KEPT:]:
        with suppress(OSError):
            path.unlink()
