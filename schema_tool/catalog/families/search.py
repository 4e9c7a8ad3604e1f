"""Text search objects, collations, conversions, casts, operators and their classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.families.reading import Reading, Row, present
from schema_tool.catalog.identity import Identity, Kind, SystemCatalog
from schema_tool.catalog.model.search import (
    AccessMethod,
    Cast,
    Collation,
    Conversion,
    Operator,
    OperatorClass,
    OperatorFamily,
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
    Transform,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity

_METHODS = {"f": "function", "i": "inout", "b": "binary"}
_CONTEXTS = {"e": "explicit", "a": "assignment", "i": "implicit"}
_PROVIDERS = {"c": "libc", "i": "icu", "b": "builtin", "d": "default"}


def _new(catalog: SystemCatalog, rows: list[Row], reading: Reading) -> Iterator[Row]:
    """The rows that no extension owns."""
    for row in rows:
        if not reading.is_member(catalog, row[0]):
            yield row


def text_search_parsers(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of text_search_parsers.sql."""
    catalog = SystemCatalog.PG_TS_PARSER
    for oid, namespace, name, functions in _new(catalog, rows, reading):
        yield TextSearchParser(
            identity=reading.see(
                catalog, oid, reading.schema_identity(Kind.TEXT_SEARCH_PARSER, namespace, name)
            ),
            comment=reading.comment(catalog, oid),
            functions=present(functions),
        )


def text_search_templates(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of text_search_templates.sql."""
    catalog = SystemCatalog.PG_TS_TEMPLATE
    for oid, namespace, name, functions in _new(catalog, rows, reading):
        yield TextSearchTemplate(
            identity=reading.see(
                catalog, oid, reading.schema_identity(Kind.TEXT_SEARCH_TEMPLATE, namespace, name)
            ),
            comment=reading.comment(catalog, oid),
            functions=present(functions),
        )


def text_search_dictionaries(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of text_search_dictionaries.sql."""
    catalog = SystemCatalog.PG_TS_DICT
    for oid, namespace, name, owner, template, options in _new(catalog, rows, reading):
        yield TextSearchDictionary(
            identity=reading.see(
                catalog, oid, reading.schema_identity(Kind.TEXT_SEARCH_DICTIONARY, namespace, name)
            ),
            comment=reading.comment(catalog, oid),
            owner=reading.role(owner),
            template=template,
            options=options or "",
        )


def text_search_configurations(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of text_search_configurations.sql."""
    catalog = SystemCatalog.PG_TS_CONFIG
    for oid, namespace, name, owner, parser, mappings in _new(catalog, rows, reading):
        yield TextSearchConfiguration(
            identity=reading.see(
                catalog,
                oid,
                reading.schema_identity(Kind.TEXT_SEARCH_CONFIGURATION, namespace, name),
            ),
            comment=reading.comment(catalog, oid),
            owner=reading.role(owner),
            parser=parser,
            mappings=tuple((token, tuple(found)) for token, found in mappings or ()),
        )


def collations(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of collations.sql."""
    catalog = SystemCatalog.PG_COLLATION
    for row in _new(catalog, rows, reading):
        (oid, namespace, name, owner, provider, deterministic) = row[:6]
        (collate, ctype, locale, rules, encoding) = row[6:]
        yield Collation(
            identity=reading.see(
                catalog, oid, reading.schema_identity(Kind.COLLATION, namespace, name)
            ),
            comment=reading.comment(catalog, oid),
            owner=reading.role(owner),
            provider=_PROVIDERS[provider],
            deterministic=deterministic,
            collate=collate or "",
            ctype=ctype or "",
            locale=locale or "",
            rules=rules or "",
            encoding=encoding,
        )


def conversions(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of conversions.sql."""
    catalog = SystemCatalog.PG_CONVERSION
    for row in _new(catalog, rows, reading):
        (oid, namespace, name, owner, source, target, function, default) = row
        yield Conversion(
            identity=reading.see(
                catalog, oid, reading.schema_identity(Kind.CONVERSION, namespace, name)
            ),
            comment=reading.comment(catalog, oid),
            owner=reading.role(owner),
            source=source,
            target=target,
            function=function,
            default=default,
        )


def casts(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of casts.sql; a range type's cast to its multirange is the type's own."""
    catalog = SystemCatalog.PG_CAST
    for oid, source, target, method, context, function in _new(catalog, rows, reading):
        yield Cast(
            identity=reading.see(catalog, oid, Identity(Kind.CAST, (source, target))),
            comment=reading.comment(catalog, oid),
            method=_METHODS[method],
            context=_CONTEXTS[context],
            function=function or "",
        )


def operators(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of operators.sql."""
    catalog = SystemCatalog.PG_OPERATOR
    for row in _new(catalog, rows, reading):
        (oid, namespace, name, left, right, owner, function) = row[:7]
        (commutator, negator, restrict, join, hashes, merges) = row[7:]
        yield Operator(
            identity=reading.see(
                catalog,
                oid,
                Identity(Kind.OPERATOR, (reading.namespaces[namespace], name, left, right)),
            ),
            comment=reading.comment(catalog, oid),
            owner=reading.role(owner),
            function=function,
            commutator=commutator or "",
            negator=negator or "",
            restrict=restrict or "",
            join=join or "",
            hashes=hashes,
            merges=merges,
        )


def operator_families(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of operator_families.sql."""
    catalog = SystemCatalog.PG_OPFAMILY
    for oid, namespace, name, owner, method, members in _new(catalog, rows, reading):
        parts = (reading.namespaces[namespace], name, method)
        yield OperatorFamily(
            identity=reading.see(catalog, oid, Identity(Kind.OPERATOR_FAMILY, parts)),
            comment=reading.comment(catalog, oid),
            owner=reading.role(owner),
            members=present(members),
        )


def operator_classes(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of operator_classes.sql."""
    catalog = SystemCatalog.PG_OPCLASS
    for row in _new(catalog, rows, reading):
        (oid, namespace, name, owner, method, kind, family, default, storage, members) = row
        parts = (reading.namespaces[namespace], name, method)
        yield OperatorClass(
            identity=reading.see(catalog, oid, Identity(Kind.OPERATOR_CLASS, parts)),
            comment=reading.comment(catalog, oid),
            owner=reading.role(owner),
            type=kind,
            family=family,
            default=default,
            storage=storage or "",
            members=present(members),
        )


def access_methods(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of access_methods.sql."""
    catalog = SystemCatalog.PG_AM
    for oid, name, letter, handler in _new(catalog, rows, reading):
        yield AccessMethod(
            identity=reading.see(catalog, oid, Identity(Kind.ACCESS_METHOD, (name,))),
            comment=reading.comment(catalog, oid),
            type="TABLE" if letter == "t" else "INDEX",
            handler=handler,
        )


def transforms(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of transforms.sql."""
    catalog = SystemCatalog.PG_TRANSFORM
    for oid, kind, language, from_sql, to_sql in _new(catalog, rows, reading):
        yield Transform(
            identity=reading.see(catalog, oid, Identity(Kind.TRANSFORM, (kind, language))),
            comment=reading.comment(catalog, oid),
            from_sql=from_sql or "",
            to_sql=to_sql or "",
        )
