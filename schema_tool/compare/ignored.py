"""The ignore file: a pattern a line, with the reason why nobody is to be told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tool.compare.compare import matches
from schema_tool.errors import Location, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.catalog import Identity


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


def unmatched(ignored: Iterable[Ignored], identities: Iterable[Identity]) -> Iterator[Ignored]:
    """The lines that no object of either side matches any more."""
    known = list(identities)
    for line in ignored:
        if not any(matches(identity, (line.pattern,)) for identity in known):
            yield line
