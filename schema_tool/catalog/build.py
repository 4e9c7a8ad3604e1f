"""Rows of every family -> the entities of a catalog.

A module of its own, so that the models are imported while the server answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.families import (
    aggregates,
    attachments,
    cluster,
    definitions,
    relations,
    search,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from schema_tool.catalog.answers import Answers
    from schema_tool.catalog.families.reading import Reading, Row
    from schema_tool.catalog.model.entity import Entity


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
    yield definitions.extensions(rows("extensions"), reading)
    yield definitions.routines(rows("routines"), reading)
    yield aggregates.aggregates(rows("aggregates"), reading)
    yield definitions.event_triggers(rows("event_triggers"), reading)
    yield definitions.languages(rows("languages"), reading)
    yield cluster.default_privileges(rows("default_privileges"), reading)
    yield cluster.memberships(rows("memberships"), reading)
    yield cluster.publications(rows("publications"), reading, rows("published_tables"))
    simple: tuple[tuple[str, Callable[[list[Row], Reading], Iterator[Entity]]], ...] = (
        ("subscriptions", cluster.subscriptions),
        ("foreign_data_wrappers", cluster.foreign_data_wrappers),
        ("servers", cluster.servers),
        ("user_mappings", cluster.user_mappings),
        ("text_search_parsers", search.text_search_parsers),
        ("text_search_templates", search.text_search_templates),
        ("text_search_dictionaries", search.text_search_dictionaries),
        ("text_search_configurations", search.text_search_configurations),
        ("collations", search.collations),
        ("conversions", search.conversions),
        ("casts", search.casts),
        ("operators", search.operators),
        ("operator_families", search.operator_families),
        ("operator_classes", search.operator_classes),
        ("access_methods", search.access_methods),
        ("transforms", search.transforms),
    )
    for name, family in simple:
        yield family(rows(name), reading)
