"""Text search objects, collations, conversions, casts, operators and their classes."""

from __future__ import annotations

from schema_tool.catalog.model.entity import Entity, Options, Owned, model


@model(frozen=True, slots=True, kw_only=True)
class TextSearchParser(Entity):
    """A text search parser; `functions` as `START = f`, in the order of CREATE."""

    functions: Options


@model(frozen=True, slots=True, kw_only=True)
class TextSearchTemplate(Entity):
    """A text search template."""

    functions: Options


@model(frozen=True, slots=True, kw_only=True)
class TextSearchDictionary(Owned):
    """A text search dictionary; `options` is the text of its initialisation."""

    template: str
    options: str = ""


@model(frozen=True, slots=True, kw_only=True)
class TextSearchConfiguration(Owned):
    """A text search configuration; `mappings` are pairs of token type and dictionaries."""

    parser: str
    mappings: tuple[tuple[str, tuple[str, ...]], ...] = ()


@model(frozen=True, slots=True, kw_only=True)
class Collation(Owned):
    """A collation; its recorded library version belongs to the machine and is not read."""

    provider: str
    deterministic: bool
    collate: str = ""
    ctype: str = ""
    locale: str = ""
    rules: str = ""
    encoding: int = -1


@model(frozen=True, slots=True, kw_only=True)
class Conversion(Owned):
    """A conversion between encodings."""

    source: str
    target: str
    function: str
    default: bool = False


@model(frozen=True, slots=True, kw_only=True)
class Cast(Entity):
    """A cast; `method` is function, inout or binary, `context` explicit, assignment, implicit."""

    method: str
    context: str
    function: str = ""


@model(frozen=True, slots=True, kw_only=True)
class Operator(Owned):
    """An operator."""

    function: str
    commutator: str = ""
    negator: str = ""
    restrict: str = ""
    join: str = ""
    hashes: bool = False
    merges: bool = False


@model(frozen=True, slots=True, kw_only=True)
class OperatorFamily(Owned):
    """An operator family with the members that belong to it and to no class."""

    members: Options = ()


@model(frozen=True, slots=True, kw_only=True)
class OperatorClass(Owned):
    """An operator class; `members` are its OPERATOR and FUNCTION clauses."""

    type: str
    family: str
    default: bool = False
    storage: str = ""
    members: Options = ()


@model(frozen=True, slots=True, kw_only=True)
class AccessMethod(Entity):
    """An access method that no extension brought."""

    type: str
    handler: str


@model(frozen=True, slots=True, kw_only=True)
class Transform(Entity):
    """A transform between a type and a language."""

    from_sql: str = ""
    to_sql: str = ""
