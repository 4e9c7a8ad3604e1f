"""Statements about what their own file created: nobody uses it yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tool.apply.secret import without_marks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.source import Script

Name = tuple[str, str]


def newborn_ranges(script: Script) -> tuple[tuple[int, int], ...]:
    """Where the statements stand whose tables the same file created before them.

    Only the table that the statement names counts: a foreign key of a new table locks the old
    table that it points to, but scans nothing.
    Units: characters of the file from 0, the end excluded.
    """
    import postgast  # noqa: PLC0415 - 0.1 s to load

    created: set[Name] = set()
    ranges = []
    for statement in script.statements():
        node = postgast.parse(without_marks(statement.text)).stmts[0].stmt
        kind = node.WhichOneof("node")
        content = getattr(node, kind)
        targets = tuple(_targets(kind, content))
        if targets and all(_known(target, created) for target in targets):
            ranges.append((statement.offset, statement.offset + len(statement.text)))
            created |= set(_named_after(kind, content))
        created |= set(_created(kind, content))
    return tuple(ranges)


def _known(name: Name, created: set[Name]) -> bool:
    schema, relation = name
    return any(
        relation == other and (schema == other_schema or not schema or not other_schema)
        for other_schema, other in created
    )


def _created(kind: str, content: Any) -> Iterator[Name]:
    if kind == "create_stmt" and not content.if_not_exists:
        yield _range(content.relation)
    elif kind == "create_table_as_stmt" and not content.if_not_exists:
        yield _range(content.into.rel)


def _named_after(kind: str, content: Any) -> Iterator[Name]:
    """New names on a table that is new itself: its own, its index's."""
    if kind == "rename_stmt" and not content.subname:
        yield content.relation.schemaname, content.newname
    elif kind == "index_stmt":
        yield content.relation.schemaname, content.idxname


def _targets(kind: str, content: Any) -> Iterator[Name]:
    if kind == "drop_stmt":
        yield from (_dropped(item) for item in content.objects)
    elif kind in {"alter_table_stmt", "index_stmt", "rename_stmt"} and content.relation.relname:
        yield _range(content.relation)


def _dropped(item: Any) -> Name:
    if item.WhichOneof("node") != "list":
        return "", ""
    words = [part.string.sval for part in item.list.items if part.WhichOneof("node") == "string"]
    return ("", *words)[-2:] if words else ("", "")


def _range(relation: Any) -> Name:
    return relation.schemaname, relation.relname
