"""Enums, domains, composite, range and base types."""

# ruff: noqa: ARG001 - the registry calls all emitters alike

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog.model.definition import (
    BaseType,
    Composite,
    Domain,
    DomainConstraint,
    Enum,
    Range,
)
from schema_tool.catalog.model.relation import Column, MaterializedView
from schema_tool.catalog.quoting import literal, name, names_in, qualified
from schema_tool.hazards import Hazard
from schema_tool.plan.decide.held_rows import has_inside
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.definitions import create_routine
from schema_tool.plan.emit.expression import constraint_text
from schema_tool.plan.emit.phrase import address, phrase
from schema_tool.plan.steps import Danger, LockMode, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context


def _scans(fails: str) -> tuple[Danger, Danger]:
    """All tables with such columns are read."""
    return (
        Danger(hazard=Hazard.REQUIRE_CONSTRAINT, lock=LockMode.SHARE, fails=fails),
        Danger(hazard=Hazard.SCAN_TABLE, lock=LockMode.SHARE),
    )


def create_enum(enum: Entity, context: Context) -> Iterator[Statement]:
    """CREATE TYPE … AS ENUM."""
    assert isinstance(enum, Enum)
    values = ", ".join(literal(value) for value in enum.values)
    yield Statement(sql=f"CREATE TYPE {address(enum)} AS ENUM ({values})")
    yield from settings.after_creation(enum, context.live)


def must_rebuild_enum(before: Enum, after: Enum, attributes: tuple[str, ...]) -> bool:
    """Values can be added anywhere, but neither removed nor moved."""
    kept = tuple(value for value in after.values if value in before.values)
    return kept != before.values


def alter_enum(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """ADD VALUE at its place; the value can be used only after a commit."""
    assert isinstance(before, Enum)
    assert isinstance(after, Enum)
    present = list(before.values)
    for position, value in enumerate(after.values):
        if value in present:
            continue
        if position:
            where = f" AFTER {literal(after.values[position - 1])}"
        else:
            where = f" BEFORE {literal(present[0])}" if present else ""
        yield Statement(
            sql=f"ALTER TYPE {address(after)} ADD VALUE {literal(value)}{where}", commits=True
        )
        present.append(value) if position else present.insert(0, value)
    yield from settings.altered_settings(before, after, attributes)


def _domain_constraint(constraint: DomainConstraint) -> str:
    return f"CONSTRAINT {name(constraint.name)} {constraint_text(constraint.definition)}"


def create_domain(domain: Entity, context: Context) -> Iterator[Statement]:
    """CREATE DOMAIN with its constraints."""
    assert isinstance(domain, Domain)
    parts = [f"CREATE DOMAIN {address(domain)} AS {domain.base_type}"]
    if domain.collation:
        parts.append(f"COLLATE {domain.collation}")
    if domain.default:
        parts.append(f"DEFAULT {domain.default}")
    named = [entry for entry in domain.constraints if entry.definition.startswith("NOT NULL")]
    if domain.not_null and not named:
        parts.append("NOT NULL")
    parts += [_domain_constraint(entry) for entry in domain.constraints if entry.valid]
    yield Statement(sql=" ".join(parts))
    for entry in domain.constraints:
        if not entry.valid:
            yield Statement(sql=f"ALTER {phrase(domain)} ADD {_domain_constraint(entry)}")
        yield from _domain_comment(domain, entry, "")
    yield from settings.after_creation(domain, context.live)


def _domain_comment(domain: Domain, entry: DomainConstraint, before: str) -> Iterator[Statement]:
    if entry.comment != before:
        target = f"CONSTRAINT {name(entry.name)} ON DOMAIN {address(domain)}"
        yield settings.comment(domain, entry.comment, target=target)


def must_rebuild_domain(before: Domain, after: Domain, attributes: tuple[str, ...]) -> bool:
    """The base type and its collation are for ever."""
    return bool({"base_type", "collation"} & set(attributes))


def alter_domain(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Default, NOT NULL and constraints."""
    assert isinstance(before, Domain)
    assert isinstance(after, Domain)
    target = f"ALTER {phrase(after)}"
    if before.default != after.default:
        clause = f"SET DEFAULT {after.default}" if after.default else "DROP DEFAULT"
        yield Statement(sql=f"{target} {clause}")
    yield from _alter_domain_constraints(before, after, target, context)
    has_row = any(
        e.definition.startswith("NOT NULL") for e in (*before.constraints, *after.constraints)
    )
    if "not_null" in attributes and not has_row:
        clause = "SET NOT NULL" if after.not_null else "DROP NOT NULL"
        fails = f"on NULL in columns of {after.identity.name}"
        yield Statement(sql=f"{target} {clause}", dangers=_scans(fails) if after.not_null else ())
    yield from settings.altered_settings(before, after, attributes)


def _alter_domain_constraints(
    before: Domain, after: Domain, target: str, context: Context
) -> Iterator[Statement]:
    old = {entry.name: entry for entry in before.constraints}
    new = {entry.name: entry for entry in after.constraints}
    new_rows = (Danger(hazard=Hazard.REQUIRE_CONSTRAINT),)
    for key, entry in old.items():
        if (
            key not in new
            or _bare(new[key]) != _bare(entry)
            or (entry.valid and not new[key].valid)
        ):
            yield Statement(sql=f"{target} DROP CONSTRAINT {name(key)}")
    for key, entry in new.items():
        known = old.get(key)
        if known is None or _bare(known) != _bare(entry) or (known.valid and not entry.valid):
            add = f"{target} ADD {_domain_constraint(entry)}"
            check = context.online and entry.valid and _is_check(entry)
            if check and not _gets_inside(after, context.desired):
                yield Statement(sql=f"{add} NOT VALID", dangers=new_rows)
                yield _validate(target, after, entry)
            else:
                yield Statement(sql=add, dangers=_scans(_unmet(after, entry)))
            yield from _domain_comment(after, entry, "")
        else:
            if entry.valid and not known.valid:
                yield _validate(target, after, entry)
            yield from _domain_comment(after, entry, known.comment)


def _unmet(domain: Domain, constraint: DomainConstraint) -> str:
    """Where a constraint is in the way of values that are there."""
    if constraint.definition.startswith("NOT NULL"):
        return f"on NULL in columns of {domain.identity.name}"
    return f"where a value of {domain.identity.name} does not meet {constraint.name}"


def _gets_inside(domain: Domain, desired: Catalog) -> bool:
    """Whether what comes has it in an array, row or range: the server then validates no more."""
    columns = {column.type for column in desired.each(Column)}
    columns.update(kind for view in desired.each(MaterializedView) for _, kind in view.columns)
    return any("." in kind and has_inside(kind, domain.identity.parts, desired) for kind in columns)


def _validate(target: str, domain: Domain, constraint: DomainConstraint) -> Statement:
    """VALIDATE CONSTRAINT, which reads all tables with such columns, in its own transaction."""
    fails = _unmet(domain, constraint)
    return Statement(
        sql=f"{target} VALIDATE CONSTRAINT {name(constraint.name)}",
        dangers=(Danger(hazard=Hazard.SCAN_TABLE, lock=LockMode.SHARE, fails=fails),),
        apart=True,
        commits=True,
    )


def _bare(entry: DomainConstraint) -> str:
    return entry.definition.removesuffix(" NOT VALID")


def without_checks(domain: Domain) -> Domain:
    """The domain while what its default and its checks call is made anew."""
    kept = tuple(entry for entry in domain.constraints if not _is_check(entry))
    return replace(domain, default="", constraints=kept)


def _is_check(entry: DomainConstraint) -> bool:
    return entry.definition.startswith("CHECK")


def create_composite(composite: Entity, context: Context) -> Iterator[Statement]:
    """CREATE TYPE … AS (…)."""
    assert isinstance(composite, Composite)
    entries = [
        f"{name(a.name)} {a.type}" + (f" COLLATE {a.collation}" if a.collation else "")
        for a in composite.attributes
    ]
    body = "(\n    " + ",\n    ".join(entries) + "\n)" if entries else "()"
    yield Statement(sql=f"CREATE TYPE {address(composite)} AS {body}")
    for attribute in composite.attributes:
        if attribute.comment:
            target = f"COLUMN {address(composite)}.{name(attribute.name)}"
            yield settings.comment(composite, attribute.comment, target=target)
    yield from settings.after_creation(composite, context.live)


def must_rebuild_composite(
    before: Composite, after: Composite, attributes: tuple[str, ...]
) -> bool:
    """Attributes are added at the end only."""
    kept = [a.name for a in after.attributes if a.name in {b.name for b in before.attributes}]
    old_order = [b.name for b in before.attributes if b.name in set(kept)]
    starts = [a.name for a in after.attributes][: len(kept)] == kept
    return kept != old_order or not starts


def alter_composite(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """ADD, DROP and ALTER ATTRIBUTE."""
    assert isinstance(before, Composite)
    assert isinstance(after, Composite)
    target = f"ALTER TYPE {address(after)}"
    cascade = " CASCADE" if address(after) in context.typed else ""
    old = {entry.name: entry for entry in before.attributes}
    new = {entry.name: entry for entry in after.attributes}
    for key in old:
        if key not in new:
            loses = f"the values of {after.identity.name}.{key}"
            danger = Danger(hazard=Hazard.DROP_COLUMN, loses=loses)
            yield Statement(sql=f"{target} DROP ATTRIBUTE {name(key)}{cascade}", dangers=(danger,))
    for key, entry in new.items():
        collate = f" COLLATE {entry.collation}" if entry.collation else ""
        known = old.get(key)
        if known is None:
            sql = f"{target} ADD ATTRIBUTE {name(key)} {entry.type}{collate}{cascade}"
            yield Statement(sql=sql)
        elif (known.type, known.collation) != (entry.type, entry.collation):
            sql = f"{target} ALTER ATTRIBUTE {name(key)} TYPE {entry.type}{collate}{cascade}"
            yield Statement(sql=sql)
        if entry.comment != (known.comment if known else ""):
            column = f"COLUMN {address(after)}.{name(key)}"
            yield settings.comment(after, entry.comment, target=column)
    yield from settings.altered_settings(before, after, attributes)


def create_range(kind: Entity, context: Context) -> Iterator[Statement]:
    """CREATE TYPE … AS RANGE."""
    assert isinstance(kind, Range)
    parts = [f"SUBTYPE = {kind.subtype}"]
    named = {
        "SUBTYPE_OPCLASS": kind.subtype_opclass,
        "COLLATION": kind.collation,
        "CANONICAL": kind.canonical,
        "SUBTYPE_DIFF": kind.subtype_diff,
        "MULTIRANGE_TYPE_NAME": kind.multirange,
    }
    parts += [f"{key} = {value}" for key, value in named.items() if value]
    yield Statement(sql=f"CREATE TYPE {address(kind)} AS RANGE ({', '.join(parts)})")
    yield from settings.after_creation(kind, context.live)


def rename_range_functions(kind: Range, renamed: Callable[[str], str]) -> Iterator[Statement]:
    """Renaming a range type leaves its constructors and its multirange their names.

    All constructors are in the schema of the range type, wherever its multirange is.
    """
    schema, named = kind.identity.parts
    old_range = qualified(schema, renamed(named))
    multirange = names_in(kind.multirange)[-1]
    for arguments in (f"{kind.subtype}, {kind.subtype}", f"{kind.subtype}, {kind.subtype}, text"):
        yield Statement(
            sql=f"ALTER FUNCTION {qualified(schema, named)}({arguments})"
            f" RENAME TO {name(renamed(named))}"
        )
    if renamed(multirange) == multirange:
        return
    for arguments in ("", old_range, f"VARIADIC {old_range}[]"):
        yield Statement(
            sql=f"ALTER FUNCTION {qualified(schema, multirange)}({arguments})"
            f" RENAME TO {name(renamed(multirange))}"
        )
    yield Statement(sql=f"ALTER TYPE {kind.multirange} RENAME TO {name(renamed(multirange))}")


def create_base_type(kind: Entity, context: Context) -> Iterator[Statement]:
    """CREATE TYPE with its functions, which want a shell first; without properties a shell."""
    assert isinstance(kind, BaseType)
    functions = context.functions_of.get(kind.identity, ())
    if functions:
        yield Statement(sql=f"CREATE TYPE {address(kind)}")
    for routine in functions:
        yield from create_routine(context.desired.objects[routine], context)
    body = f" ({', '.join(kind.properties)})" if kind.properties else ""
    yield Statement(sql=f"CREATE TYPE {address(kind)}{body}")
    yield from settings.after_creation(kind, context.live)


def drop_base_type(kind: Entity, context: Context) -> Iterator[Statement]:
    """DROP TYPE with the functions that read and write it; nothing else is left on it."""
    danger = Danger(hazard=Hazard.DROP_OBJECT)
    assert isinstance(kind, BaseType)
    cascade = " CASCADE" if kind.properties else ""
    yield Statement(sql=f"DROP {phrase(kind)}{cascade}", dangers=(danger,))
