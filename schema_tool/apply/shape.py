"""The names in a statement that has no transaction, read by PostgreSQL's own parser.

The one place that looks into a statement: after a crash the ledger must tell whether an index in
the catalog is the one that the file describes.
"""

from __future__ import annotations

from typing import Any


def parsed(text: str) -> tuple[Any, str]:
    """The statement's parse tree, and the name of its node (`index_stmt`, `reindex_stmt` …)."""
    import postgast  # noqa: PLC0415 - the caller has split the file with it

    statement = postgast.parse(text).stmts[0].stmt
    name = statement.WhichOneof("node")
    return getattr(statement, name), name


def relation_name(relation: Any) -> str:
    """A relation's name, quoted, with its schema where the text has one."""
    parts = [relation.schemaname, relation.relname] if relation.schemaname else [relation.relname]
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def index_shape(text: str) -> tuple[object, ...]:
    """What two CREATE INDEX texts must share to describe one index.

    The server prints expressions and conditions in its own words, so of those only the presence
    counts; the rest counts exactly.
    """
    node, _ = parsed(text)
    return (
        node.relation.relname,
        node.unique,
        node.access_method,
        tuple(element.index_elem.name or "(expression)" for element in node.index_params),
        tuple(element.index_elem.name for element in node.index_including_params),
        node.HasField("where_clause"),
        node.nulls_not_distinct,
    )
