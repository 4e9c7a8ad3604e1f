"""How an object is addressed in SQL: `TABLE app.t`, `TRIGGER a ON app.t`."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.definition import Routine
from schema_tool.catalog.model.relation import Table, TableForm
from schema_tool.catalog.quoting import LONGEST_NAME, name, qualified

if TYPE_CHECKING:
    from schema_tool.catalog.model.entity import Entity

# How many characters a line has at most, where it can be broken. Source: .sqlfluff.
WIDTH = 100
_LINE = 90  # letters of a list in one line
_KEYWORDS = {
    Kind.COLUMN: "COLUMN",
    Kind.VIEW_COLUMN: "COLUMN",
    Kind.ENUM: "TYPE",
    Kind.COMPOSITE: "TYPE",
    Kind.RANGE: "TYPE",
    Kind.BASE_TYPE: "TYPE",
    Kind.FOREIGN_DATA_WRAPPER: "FOREIGN DATA WRAPPER",
    Kind.ROUTINE: "ROUTINE",
}
_ON_TABLE = frozenset({Kind.CONSTRAINT, Kind.TRIGGER, Kind.RULE, Kind.POLICY})
_BY_METHOD = frozenset({Kind.OPERATOR_CLASS, Kind.OPERATOR_FAMILY})
_ROUTINES = {"function": "FUNCTION", "window": "FUNCTION", "procedure": "PROCEDURE"}


def keyword(entity: Entity) -> str:
    """The words that name the kind of object in CREATE, ALTER, DROP and COMMENT."""
    if isinstance(entity, Table) and entity.form is TableForm.FOREIGN:
        return "FOREIGN TABLE"
    if isinstance(entity, Routine):
        return _ROUTINES.get(entity.form, "AGGREGATE")
    kind = entity.identity.kind
    return _KEYWORDS.get(kind, kind.value.upper())


def address(entity: Entity) -> str:  # noqa: PLR0911 - a return for each form of address
    """The object's own name as SQL, without the kind."""
    identity = entity.identity
    parts = identity.parts
    if isinstance(entity, Routine):
        arguments = entity.arguments if entity.form == "aggregate" else parts[2]
        return f"{qualified(*parts[:2])}({arguments})"
    if identity.kind in _ON_TABLE:
        return f"{name(parts[2])} ON {qualified(*parts[:2])}"
    if identity.kind is Kind.OPERATOR:
        return f"{name(parts[0])}.{parts[1]} ({parts[2]}, {parts[3]})"
    if identity.kind in _BY_METHOD:
        return f"{qualified(*parts[:2])} USING {name(parts[2])}"
    if identity.kind is Kind.CAST:
        return f"({parts[0]} AS {parts[1]})"
    if identity.kind is Kind.USER_MAPPING:
        return f"FOR {role(parts[1])} SERVER {name(parts[0])}"
    if identity.kind is Kind.TRANSFORM:
        return f"FOR {parts[0]} LANGUAGE {name(parts[1])}"
    return qualified(*parts)


def phrase(entity: Entity) -> str:
    """The kind and the name: what follows ALTER, DROP and COMMENT ON."""
    return f"{keyword(entity)} {address(entity)}"


def table_of(entity: Entity) -> str:
    """The relation that an object stands on, as SQL."""
    return qualified(*entity.identity.parts[:2])


def role(text: str) -> str:
    """A role's name; PUBLIC is a word, not a name."""
    return "PUBLIC" if text == "public" else name(text)


def suffixed(text: str, suffix: str) -> str:
    """A name that the server will not cut."""
    room = LONGEST_NAME - len(suffix)
    if len(text.encode()) > room:
        # Two long names may begin alike.
        suffix = f"_{sha256(text.encode()).hexdigest()[:4]}{suffix}"
        room = LONGEST_NAME - len(suffix)
    return text.encode()[:room].decode(errors="ignore") + suffix


def in_lines(items: list[str]) -> str:
    """A list, broken where its lines would become too long."""
    lines = [""]
    for item in items:
        if lines[-1] and len(lines[-1]) + len(item) > _LINE:
            lines.append("")
        lines[-1] += f", {item}" if lines[-1] else item
    return ",\n    ".join(lines)


def in_clauses(head: str, clauses: list[str]) -> str:
    """A statement in one line, or each clause in its own where that would become too long."""
    line = " ".join([head, *clauses])
    return line if len(line) < WIDTH else "\n    ".join([head, *clauses])


def table_identity(entity: Entity) -> Identity:
    """The table that a part stands on."""
    return Identity(Kind.TABLE, entity.identity.parts[:2])
