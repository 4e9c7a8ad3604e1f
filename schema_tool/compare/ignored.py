"""The ignore file: a pattern a line, with the reason why nobody is to be told of it."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from schema_tool.compare.compare import matches
from schema_tool.errors import Location, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.catalog import Catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """One line: a shell pattern over `kind name`, its reason and its place."""

    pattern: str
    reason: str
    location: Location


def parse_ignored(text: str, shown: str) -> tuple[Ignored, ...]:
    """The lines `table audit.*  # kept by the audit team`; a line that begins with # is a comment.

    Errors: UsageError for a pattern without a reason.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        pattern, _, reason = stripped.partition(" #")
        location = Location(path=shown, line=number, text=line)
        if not reason.strip():
            raise UsageError(
                f"“{stripped}” has no reason",
                hint=f"write why: {stripped.removesuffix('#').strip()}  # kept by …",
                location=location,
            )
        found.append(Ignored(pattern=pattern.strip(), reason=reason.strip(), location=location))
    return tuple(found)


def unmatched(ignored: Iterable[Ignored], catalogs: Iterable[Catalog]) -> Iterator[Ignored]:
    """The lines that nothing of either side fits any more."""
    sides = tuple(catalogs)
    for line in ignored:
        if not any(fits(line.pattern, side) for side in sides):
            yield line


def fits(pattern: str, catalog: Catalog) -> bool:
    """Whether the pattern fits something of the catalog, or a role that it speaks of."""
    if any(matches(identity, (pattern,)) for identity in catalog.objects):
        return True
    from schema_tool.compare.roles import roles_in  # noqa: PLC0415 - most lines fit an object

    named = {role for entity in catalog.objects.values() for role in roles_in(entity)}
    words = {f"role {role}" for role in (*named, *catalog.source.roles)}
    words |= {f"{thing.kind} {thing.identity}" for thing in catalog.uncompared}
    return any(fnmatchcase(word, pattern) for word in words)
