"""Rows of pg_depend are found in their text by either end."""

from __future__ import annotations

import random

from schema_tool.catalog.dependencies import Dependencies, Edge


def _text(edges: list[Edge]) -> str:
    return ",".join(" ".join(map(str, edge)) for edge in edges)


def test_every_row_is_found_by_either_end_and_no_other() -> None:
    rng = random.Random(20261128)
    edges = [
        Edge(rng.choice((1247, 1259)), rng.randint(9, 130), 0, 1259, rng.randint(9, 130), 1, "n")
        for _ in range(300)
    ]
    known = Dependencies(
        _text(sorted(edges, key=lambda edge: edge.oid)),
        _text(sorted(edges, key=lambda edge: edge.to_oid)),
    )
    # So often that all are parsed at some time, which changes no answer.
    for oid in (*range(140), *range(140)):
        for catalog in (1247, 1259):
            of = [edge for edge in edges if (edge.catalog, edge.oid) == (catalog, oid)]
            on = [edge for edge in edges if (edge.to_catalog, edge.to_oid) == (catalog, oid)]
            assert sorted(known.of(catalog, oid)) == sorted(of)
            assert sorted(known.on(catalog, oid)) == sorted(on)


def test_nothing_is_found_in_nothing() -> None:
    assert list(Dependencies().of(1259, 16384)) == []
    assert list(Dependencies().on(1259, 16384)) == []
