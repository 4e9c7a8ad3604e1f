"""Schemas, extensions, types, routines and languages."""

from __future__ import annotations

from dataclasses import field

from schema_tool.catalog.model.entity import Entity, Options, Owned, model


@model(frozen=True, slots=True, kw_only=True)
class Schema(Owned):
    """A schema."""


@model(frozen=True, slots=True, kw_only=True)
class Extension(Entity):
    """An extension; its members are its own business and are not read.

    `comes_with_comment`: whether its comment is that of its control file.
    """

    schema: str
    version: str
    relocatable: bool = field(default=False, compare=False)
    comes_with_comment: bool = field(default=False, compare=False)


@model(frozen=True, slots=True, kw_only=True)
class Enum(Owned):
    """An enum; `values` in their sort order."""

    values: tuple[str, ...]


@model(frozen=True, slots=True, kw_only=True)
class DomainConstraint:
    """A CHECK, or from 18 on a named NOT NULL, of a domain."""

    name: str
    definition: str
    valid: bool = True
    comment: str = ""


@model(frozen=True, slots=True, kw_only=True)
class Domain(Owned):
    """A domain over a base type."""

    base_type: str
    not_null: bool = False
    default: str = ""
    collation: str = ""
    constraints: tuple[DomainConstraint, ...] = ()


@model(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of a composite type."""

    name: str
    type: str
    collation: str = ""
    comment: str = ""


@model(frozen=True, slots=True, kw_only=True)
class Composite(Owned):
    """A stand-alone composite type; its attributes are compared in order."""

    attributes: tuple[Attribute, ...]


@model(frozen=True, slots=True, kw_only=True)
class Range(Owned):
    """A range type and the name of its multirange."""

    subtype: str
    multirange: str
    subtype_opclass: str = ""
    collation: str = ""
    canonical: str = ""
    subtype_diff: str = ""


@model(frozen=True, slots=True, kw_only=True)
class BaseType(Owned):
    """A base type or a shell; `properties` are CREATE TYPE's, as `name = value`."""

    properties: Options


@model(frozen=True, slots=True, kw_only=True)
class Routine(Owned):
    """A function, procedure, window function or aggregate.

    `form` is function, procedure, window or aggregate. `definition` is the whole statement with
    CREATE OR REPLACE and is printed; `canonical` is the same without blanks at the ends of
    lines and is compared. `arguments` (with names, modes and defaults) and `result` decide whether
    OR REPLACE will do; `body` is kept apart so that the names in it can be
    looked for.
    """

    form: str
    definition: str = field(compare=False)
    canonical: str = field(repr=False)
    arguments: str
    result: str = ""
    language: str = field(default="", compare=False)
    body: str = field(default="", compare=False, repr=False)
    atomic: bool = field(default=False, compare=False)


@model(frozen=True, slots=True, kw_only=True)
class EventTrigger(Owned):
    """An event trigger; `enabled` as for triggers, `written` are the tags in their own order."""

    event: str
    tags: tuple[str, ...]
    function: str
    enabled: str = "O"
    written: tuple[str, ...] = field(default=(), compare=False)


@model(frozen=True, slots=True, kw_only=True)
class Language(Owned):
    """A procedural language that no extension brought."""

    trusted: bool
    handler: str
    inline: str = ""
    validator: str = ""
