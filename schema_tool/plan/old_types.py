"""Types that are made anew: what they are called meanwhile, and how values get to the new ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.definition import Composite, Domain, Range
from schema_tool.catalog.model.relation import Column
from schema_tool.catalog.quoting import name, names_in, qualified
from schema_tool.plan.emit.conversion import BEYOND, TypeCast, cast_between, standing_on
from schema_tool.plan.emit.phrase import suffixed
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from schema_tool.catalog import Catalog
    from schema_tool.plan.decisions import Decisions

OLD = "__old"
ROWS = "__rows"


def old_name(text: str) -> str:
    """The name under which something waits for its end."""
    return suffixed(text, OLD)


def with_old_type(column: Column, decisions: Decisions) -> Column:
    """A live column under the name that its type has been given."""
    called = _meanwhile(column.type, decisions)
    return column if called == column.type else replace(column, type=called)


def _meanwhile(type_name: str, decisions: Decisions) -> str:
    """What a live type, or an array of it, is called until it goes."""
    for kind in decisions.swapped:
        if kind.kind is Kind.ROUTINE:
            continue
        names = [kind.parts]
        entity = decisions.live.objects.get(kind)
        if isinstance(entity, Range):
            names.append(names_in(entity.multirange))
        for schema, named in names:
            old = qualified(schema, named)
            if type_name in (old, f"{old}[]"):
                return type_name.replace(old, qualified(schema, old_name(named)))
    return type_name


def base_types(decisions: Decisions) -> dict[str, str]:
    """What live domains stand on; all are called what they are called meanwhile."""
    domains = decisions.live.each(Domain)
    return {
        _meanwhile(qualified(*domain.identity.parts), decisions): _meanwhile(
            domain.base_type, decisions
        )
        for domain in domains
    }


def row_casts(decisions: Decisions) -> dict[tuple[str, str], TypeCast]:
    """How a value of a composite type that is made anew gets its new attributes, by both types."""
    casts: dict[str, str] = {}
    swapped = [kind for kind in decisions.swapped if _is_composite(kind, decisions)]
    for kind in swapped:
        old = qualified(kind.parts[0], old_name(kind.parts[1]))
        rows = qualified(kind.parts[0], suffixed(kind.parts[1], ROWS))
        # No subquery may stand in USING: the server itself builds the array, by names.
        array = f"jsonb_populate_record(NULL::{rows}, jsonb_build_object('value', {{column}}))"
        casts[f"{old}[]"] = f"({array}).value"
    for kind in swapped:
        _add_row_cast(kind, casts, decisions)
    found: dict[tuple[str, str], TypeCast] = {}
    for kind in swapped:
        old, new = qualified(kind.parts[0], old_name(kind.parts[1])), qualified(*kind.parts)
        within = [*_casts_within(kind, decisions)]
        loses = BEYOND if any(cast.loses for cast in within) else ""
        refuses = any(cast.refuses for cast in within)
        for end in ("", "[]"):
            using = casts[f"{old}{end}"]
            found[f"{old}{end}", f"{new}{end}"] = TypeCast(
                using=using, loses=loses, refuses=refuses
            )
    return found


def _casts_within(kind: Identity, decisions: Decisions) -> Iterator[TypeCast]:
    """What a row's attributes lose or refuse; of types that have rules of their own, all may be."""
    old, new = _attributes(kind, decisions.live) or {}, _attributes(kind, decisions.desired) or {}
    for attribute, before in old.items():
        after = new.get(attribute, "")
        if not after or _is_swapped(before, decisions):
            yield TypeCast(loses=BEYOND, refuses=bool(after))
        elif before != after:
            cast = cast_between(standing_on(before, base_types(decisions)), after)
            yield replace(cast, refuses=cast.refuses or "." in after)


def _is_composite(kind: Identity, decisions: Decisions) -> bool:
    """Whether it is rows before and after, be they those of a table."""
    return None not in (_attributes(kind, decisions.live), _attributes(kind, decisions.desired))


def _attributes(kind: Identity, catalog: Catalog) -> dict[str, str] | None:
    """The types of a row's attributes by name, in their order; None for what is no row."""
    composite = catalog.objects.get(Identity(Kind.COMPOSITE, kind.parts))
    if isinstance(composite, Composite):
        return {attribute.name: attribute.type for attribute in composite.attributes}
    if Identity(Kind.TABLE, kind.parts) not in catalog.objects:
        return None
    columns = [c for c in catalog.each(Column) if c.identity.parts[:2] == kind.parts]
    return {c.identity.parts[2]: c.type for c in sorted(columns, key=lambda c: c.position)}


def _add_row_cast(kind: Identity, casts: dict[str, str], decisions: Decisions) -> None:
    old_type = qualified(kind.parts[0], old_name(kind.parts[1]))
    old, new = _attributes(kind, decisions.live), _attributes(kind, decisions.desired)
    if old_type in casts or old is None or new is None:
        return
    values = []
    for attribute, wanted in new.items():
        value = f"({{column}}).{name(attribute)}"
        if attribute not in old:
            value = "NULL"
        elif old[attribute] != wanted or _is_swapped(wanted, decisions):
            value = _inner(value, old[attribute], wanted, casts, decisions)
        values.append(value)
    row = f"ROW({', '.join(values)})::{qualified(*kind.parts)}"
    casts[old_type] = f"CASE WHEN {{column}} IS DISTINCT FROM NULL THEN {row} END"


def _inner(value: str, old: str, new: str, casts: dict[str, str], decisions: Decisions) -> str:
    """An attribute that is itself of a type made anew, or of another type.

    The row around it takes what a domain stands on for the domain.
    """
    base = standing_on(_meanwhile(old, decisions), base_types(decisions))
    for kind in decisions.swapped:
        old_type = qualified(kind.parts[0], old_name(kind.parts[1]))
        if base.removesuffix("[]") == old_type and _is_composite(kind, decisions):
            _add_row_cast(kind, casts, decisions)
            return casts[base].replace("{column}", value)
    return f"{value}::text" if new == "text" else f"{value}::text::{new}"


def with_rows_type(
    identity: Identity, decisions: Decisions, *, create: bool
) -> Iterator[Statement]:
    """The type that stands for a while to convert arrays of a composite type."""
    swapped = any(kind.parts == identity.parts for kind in decisions.swapped)
    if not swapped or not _is_composite(identity, decisions):
        return
    array = f"{qualified(*identity.parts)}[]"
    anew = {kind.parts for kind in decisions.swapped}
    sides = (decisions.live, decisions.desired)
    before, after = (set(_holders(array, side, anew)) for side in sides)
    if before & after:
        rows = qualified(identity.parts[0], suffixed(identity.parts[1], ROWS))
        yield Statement(
            sql=f"CREATE TYPE {rows} AS (value {array})" if create else f"DROP TYPE {rows}"
        )


def _holders(
    array: str, catalog: Catalog, anew: AbstractSet[tuple[str, ...]]
) -> Iterator[tuple[str, ...]]:
    """The columns of an array's type, or of a domain over it, and attributes of converted rows."""
    bases = {qualified(*d.identity.parts): d.base_type for d in catalog.each(Domain)}
    held = [(column.identity.parts, column.type) for column in catalog.each(Column)]
    for kind in (kind for kind in catalog.each(Composite) if kind.identity.parts in anew):
        held += [((*kind.identity.parts, entry.name), entry.type) for entry in kind.attributes]
    yield from (parts for parts, used in held if standing_on(used, bases) == array)


def _is_swapped(type_name: str, decisions: Decisions) -> bool:
    return _meanwhile(type_name, decisions) != type_name
