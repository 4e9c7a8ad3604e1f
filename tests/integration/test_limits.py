"""Differences that no statement removes are noted in the plan, and no statement tries."""

from __future__ import annotations

from dataclasses import replace

import psycopg

from schema_tool.catalog import Catalog, Identity, Kind, read_catalog
from schema_tool.catalog.model.definition import Extension
from schema_tool.compare import compare
from schema_tool.plan import make_plan

_VECTOR = Identity(Kind.EXTENSION, ("vector",))


def _at_version(catalog: Catalog, version: str) -> Catalog:
    entity = catalog.objects[_VECTOR]
    assert isinstance(entity, Extension)
    return replace(catalog, objects={**catalog.objects, _VECTOR: replace(entity, version=version)})


def test_an_extension_in_use_does_not_go_back(connection: psycopg.Connection) -> None:
    connection.execute("CREATE EXTENSION vector; CREATE TABLE t (v public.vector(3))")
    live = read_catalog(connection)
    plan = make_plan(compare(live, _at_version(live, "0.1.0")))
    assert plan.steps == ()
    assert [entry.identity for entry in plan.unplanned] == [_VECTOR]
    assert "0.1.0" in plan.unplanned[0].reason


def test_an_extension_that_nothing_uses_is_made_anew(connection: psycopg.Connection) -> None:
    connection.execute("CREATE EXTENSION vector")
    live = read_catalog(connection)
    plan = make_plan(compare(live, _at_version(live, "0.1.0")))
    assert plan.unplanned == ()
    verbs = [step.statement.sql.split()[0] for step in plan.steps]
    assert verbs[:2] == ["DROP", "CREATE"]
