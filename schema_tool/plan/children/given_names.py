"""What the server calls the indexes and keys that a new partition gets for its parent's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, ConstraintForm, Index
from schema_tool.catalog.quoting import made_name

if TYPE_CHECKING:
    from schema_tool.catalog import Catalog

Part = Index | Constraint


def table_of_part(part: Part) -> Identity:
    """The partition whose index or key it is."""
    return part.table if isinstance(part, Index) else Identity(Kind.TABLE, part.identity.parts[:2])


def is_reference(part: Part) -> bool:
    """Whether it is a foreign key: a new partition's is called as its parent's."""
    return isinstance(part, Constraint) and part.form is ConstraintForm.FOREIGN_KEY


def source_of(part: Part, live: Catalog, desired: Catalog) -> Part | None:
    """The live index or key, above new partitions, that stays and has a new one made like it."""
    above = desired.objects.get(part.parent) if part.parent else None
    while isinstance(above, Index | Constraint):
        before = live.objects.get(above.identity)
        if isinstance(before, Index | Constraint):
            stays = before.handed and before.definition == above.definition
            return before if stays else None
        above = desired.objects.get(above.parent) if above.parent else None
    return None


def given_name(part: Part, source: Part | None, number: int = 0) -> str:
    """What the server tries first, or, with a number, where others have that.

    The names of columns are those that its source's had as that was made.

    Source: indexcmds.c, ChooseIndexColumnNames, ChooseRelationName.
    """
    if source is None:
        return part.usual_name
    label = part.usual_name.rpartition("_")[2]
    columns = "" if label == "pkey" else source.handed
    return made_name(table_of_part(part).parts[1], columns, f"{label}{number or ''}")
