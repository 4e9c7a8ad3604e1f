"""A range type that is renamed, and what it made: its functions, its multirange, that one's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Catalog, Identity, Kind
from schema_tool.catalog.model.definition import Range
from schema_tool.catalog.quoting import LONGEST_NAME, names_in
from schema_tool.plan.emit.types import rename_range_functions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.renames.declared import Rename
    from schema_tool.plan.steps import Statement

_SUFFIX = "_multirange"


def with_multirange(live: Catalog, identity: Identity, rename: Rename) -> dict[Identity, Identity]:
    """The type by its old and its new name, and its multirange, if that is named after it."""
    found = {identity: Identity(identity.kind, rename.applied(identity.parts))}
    entity = live.objects.get(identity)
    if not isinstance(entity, Range) or rename.schema:
        return found
    schema, multirange = names_in(entity.multirange)
    if (schema, multirange) == (identity.parts[0], _made_multirange(identity.parts[1])):
        new = (schema, _made_multirange(rename.new))
        found[Identity(Kind.RANGE, (schema, multirange))] = Identity(Kind.RANGE, new)
    return found


def rename_what_it_made(live: Catalog, identity: Identity, rename: Rename) -> Iterator[Statement]:
    """The statements after that of the type, which leaves all of it as it is."""
    entity = live.objects.get(identity)
    if isinstance(entity, Range) and not rename.schema:
        moved = with_multirange(live, identity, rename)
        names = {old.parts[1]: new.parts[1] for old, new in moved.items()}
        yield from rename_range_functions(entity, lambda named: names.get(named, named))


def _made_multirange(named: str) -> str:
    """What the server calls the multirange of a range type.

    Source: typecmds.c, makeMultirangeTypeName.
    """
    if "range" in named:
        return _cut(named.replace("range", "multirange", 1), LONGEST_NAME)
    return _cut(named, LONGEST_NAME - len(_SUFFIX)) + _SUFFIX


def _cut(text: str, length: int) -> str:
    return text.encode()[:length].decode(errors="ignore")
