"""Rows of every family -> the entities of a catalog.

A module of its own, so that the models are imported while the server answers; those of families
that a database has nothing of are not.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from schema_tool.catalog.families import attachments, definitions, relations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.catalog.answers import Answers
    from schema_tool.catalog.families.reading import Reading, Row
    from schema_tool.catalog.model.entity import Entity

_RARE = {
    "aggregates": ("aggregates",),
    "cluster": (
        *("default_privileges", "memberships", "subscriptions", "foreign_data_wrappers"),
        *("servers", "user_mappings", "found_privileges", "extension_uses"),
    ),
    "search": (
        *("text_search_parsers", "text_search_templates", "text_search_dictionaries"),
        *("text_search_configurations", "collations", "conversions", "casts", "operators"),
        *("operator_families", "operator_classes", "access_methods", "transforms"),
    ),
}


def build(schemas: list[Row], rows: Answers, reading: Reading) -> Iterator[Iterable[Entity]]:
    """What turns the rows into models; the order matters, each yields when its turn comes."""
    yield definitions.schemas(schemas, reading)
    yield definitions.types(rows("types"), reading, rows("domain_constraints"))
    yield relations.tables(rows("tables"), reading)
    columns = rows("columns")
    yield relations.views(rows("views"), reading, columns)
    yield relations.columns(columns, reading, rows("not_nulls"))
    yield definitions.composites(rows("composites"), reading, columns)
    del columns
    yield relations.sequences(rows("sequences"), reading)
    for name in ("constraints", "indexes", "triggers", "rules", "policies", "statistics"):
        yield getattr(attachments, name)(rows(name), reading)
    for name in ("extensions", "routines", "event_triggers", "languages"):
        yield getattr(definitions, name)(rows(name), reading)
    yield from _rare(rows, reading)


def _rare(rows: Answers, reading: Reading) -> Iterator[Iterable[Entity]]:
    for module, families in _RARE.items():
        for name in families:
            found = rows(name)
            if found:
                yield getattr(_module(module), name)(found, reading)
    publications, tables = rows("publications"), rows("published_tables")
    if publications:
        yield _module("cluster").publications(publications, reading, tables)


def _module(name: str) -> Any:
    return import_module(f"schema_tool.catalog.families.{name}")
