"""Schemas, extensions, routines, types, event triggers, languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.families.reading import Reading, Row, present
from schema_tool.catalog.identity import Identity, Kind, SystemCatalog
from schema_tool.catalog.model.definition import (
    Attribute,
    BaseType,
    Composite,
    Domain,
    DomainConstraint,
    Enum,
    EventTrigger,
    Extension,
    Language,
    Range,
    Routine,
    Schema,
)
from schema_tool.catalog.normal import normal_expression, normal_routine
from schema_tool.catalog.privileges import Granted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity

_ROUTINES = {"f": "function", "p": "procedure", "w": "window"}
_TYPES = {"e": Kind.ENUM, "d": Kind.DOMAIN, "r": Kind.RANGE, "b": Kind.BASE_TYPE}


def schemas(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of schemas.sql, already narrowed to the scope."""
    for oid, name, owner, acl in rows:
        yield Schema(
            identity=reading.see(SystemCatalog.PG_NAMESPACE, oid, Identity(Kind.SCHEMA, (name,))),
            comment=reading.comment(SystemCatalog.PG_NAMESPACE, oid),
            owner=reading.role(owner),
            privileges=reading.privileges(acl, owner, Granted.SCHEMA),
        )


def extensions(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of extensions.sql."""
    for oid, name, schema, version, relocatable, usual in rows:
        comment = reading.comment(SystemCatalog.PG_EXTENSION, oid)
        yield Extension(
            identity=reading.see(
                SystemCatalog.PG_EXTENSION, oid, Identity(Kind.EXTENSION, (name,))
            ),
            comment=comment,
            comes_with_comment=comment == usual,
            schema=schema,
            version=version,
            relocatable=relocatable,
        )


def routines(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of routines.sql."""
    for row in rows:
        (oid, namespace, name, types, letter, owner, acl) = row[:7]
        (definition, arguments, result, language, body, atomic) = row[7:]
        yield Routine(
            identity=reading.see(
                SystemCatalog.PG_PROC,
                oid,
                Identity(Kind.ROUTINE, (reading.namespaces[namespace], name, types)),
            ),
            comment=reading.comment(SystemCatalog.PG_PROC, oid),
            owner=reading.role(owner),
            privileges=reading.privileges(acl, owner, Granted.ROUTINE),
            form=_ROUTINES[letter],
            definition=definition,
            canonical=normal_routine(definition, atomic=atomic),
            arguments=normal_expression(arguments),
            result=result or "",
            language=language,
            body=body or "",
            atomic=atomic,
        )


def _enum(row: Row) -> dict[str, object]:
    return {"values": tuple(row[6])}


def _domain(row: Row, constraints: tuple[DomainConstraint, ...]) -> dict[str, object]:
    return {
        "base_type": row[7],
        "not_null": row[8],
        "default": normal_expression(row[9]) if row[9] else "",
        "collation": row[10] or "",
        "constraints": constraints,
    }


def _range(row: Row) -> dict[str, object]:
    return {
        "subtype": row[11],
        "multirange": row[12],
        "subtype_opclass": row[13] or "",
        "collation": row[14] or "",
        "canonical": row[15] or "",
        "subtype_diff": row[16] or "",
    }


def types(rows: list[Row], reading: Reading, constraint_rows: list[Row]) -> Iterator[Entity]:
    """Rows of types.sql; domain_constraints.sql adds the domains' constraints."""
    constraints: dict[int, list[DomainConstraint]] = {}
    for oid, domain, name, definition, valid in constraint_rows:
        reading.see_part(SystemCatalog.PG_CONSTRAINT, oid)
        constraints.setdefault(domain, []).append(
            DomainConstraint(
                name=name,
                definition=normal_expression(definition),
                valid=valid,
                comment=reading.comment(SystemCatalog.PG_CONSTRAINT, oid),
            )
        )
    models = {"e": Enum, "d": Domain, "r": Range}
    for row in rows:
        (oid, namespace, name, letter, owner, acl) = row[:6]
        kind = _TYPES.get(letter, Kind.BASE_TYPE)
        details: dict[str, object]
        if kind is Kind.ENUM:
            details = _enum(row)
        elif kind is Kind.DOMAIN:
            details = _domain(row, tuple(constraints.get(oid, ())))
        elif kind is Kind.RANGE:
            details = _range(row)
        else:
            details = {"properties": present(row[17])}
        yield models.get(letter, BaseType)(
            identity=reading.see(
                SystemCatalog.PG_TYPE, oid, reading.schema_identity(kind, namespace, name)
            ),
            comment=reading.comment(SystemCatalog.PG_TYPE, oid),
            owner=reading.role(owner),
            privileges=reading.privileges(acl, owner, Granted.TYPE),
            **details,
        )


def composites(rows: list[Row], reading: Reading, columns: list[Row]) -> Iterator[Entity]:
    """Rows of composites.sql; the attributes are among the rows of columns.sql."""
    attributes: dict[int, list[Attribute]] = {row[5]: [] for row in rows}
    for column in columns:
        if column[0] in attributes:
            attributes[column[0]].append(
                Attribute(
                    name=column[2],
                    type=column[3],
                    collation=column[8] or "",
                    comment=reading.comment(SystemCatalog.PG_CLASS, column[0], column[1]),
                )
            )
    for oid, namespace, name, owner, acl, relation in rows:
        reading.see_part(SystemCatalog.PG_CLASS, relation)
        yield Composite(
            identity=reading.see(
                SystemCatalog.PG_TYPE, oid, reading.schema_identity(Kind.COMPOSITE, namespace, name)
            ),
            comment=reading.comment(SystemCatalog.PG_TYPE, oid),
            owner=reading.role(owner),
            privileges=reading.privileges(acl, owner, Granted.TYPE),
            attributes=tuple(attributes[relation]),
        )


def event_triggers(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of event_triggers.sql."""
    for oid, name, owner, event, tags, function, enabled in rows:
        if reading.is_member(SystemCatalog.PG_EVENT_TRIGGER, oid):
            continue
        yield EventTrigger(
            identity=reading.see(
                SystemCatalog.PG_EVENT_TRIGGER, oid, Identity(Kind.EVENT_TRIGGER, (name,))
            ),
            comment=reading.comment(SystemCatalog.PG_EVENT_TRIGGER, oid),
            owner=reading.role(owner),
            event=event,
            tags=tuple(sorted(tags or ())),
            written=tuple(tags or ()),
            function=function,
            enabled=enabled,
        )


def languages(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of languages.sql."""
    for oid, name, owner, acl, trusted, handler, inline, validator in rows:
        if reading.is_member(SystemCatalog.PG_LANGUAGE, oid):
            continue
        yield Language(
            identity=reading.see(SystemCatalog.PG_LANGUAGE, oid, Identity(Kind.LANGUAGE, (name,))),
            comment=reading.comment(SystemCatalog.PG_LANGUAGE, oid),
            owner=reading.role(owner),
            privileges=reading.privileges(acl, owner, Granted.LANGUAGE),
            trusted=trusted,
            handler=handler or "",
            inline=inline or "",
            validator=validator or "",
        )
