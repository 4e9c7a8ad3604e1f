"""What a rollback would lose: rows that no later apply brings back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tool.apply.shape import parsed, relation_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from schema_tool.apply.work import Work
    from schema_tool.sqltext import Statement

# what was dropped in vain (IF EXISTS) or is not a table has no rows to lose
_HAS_ROWS = """
SELECT c.relkind IN ('r', 'p', 'f') FROM pg_catalog.pg_class AS c
WHERE c.oid = pg_catalog.to_regclass(%s)
"""


def losses(connection: psycopg.Connection[Any], works: tuple[Work, ...]) -> tuple[str, ...]:
    """Say which rows the works delete, in words; each table once."""
    found: dict[str, str] = {}
    for work in works:
        for statement in work.statements:
            for table, how in _tables(statement):
                if table not in found and _has_rows(connection, table):
                    found[table] = f"{work.migration_id} {how} {_plain(table)}, which has rows"
    return tuple(found.values())


def _tables(statement: Statement) -> Iterator[tuple[str, str]]:
    first, second = (*statement.words, "", "")[:2]
    if (first, second) == ("drop", "table"):
        node, _ = parsed(statement.text)
        for item in node.objects:
            parts = (part.string.sval.replace('"', '""') for part in item.list.items)
            yield ".".join(f'"{part}"' for part in parts), "drops"
    elif first == "truncate":
        node, _ = parsed(statement.text)
        for relation in node.relations:
            yield relation_name(relation.range_var), "empties"
    elif first == "delete":
        node, _ = parsed(statement.text)
        yield relation_name(node.relation), "deletes from"
    elif (first, second) == ("alter", "table") and "drop" in statement.words:
        node, _ = parsed(statement.text)
        if any(command.alter_table_cmd.subtype == _drop_column() for command in node.cmds):
            yield relation_name(node.relation), "drops a column of"


def _drop_column() -> int:
    from postgast.pg_query_pb2 import AlterTableType  # noqa: PLC0415

    return int(AlterTableType.Value("AT_DropColumn"))


def _plain(table: str) -> str:
    return table.replace('"', "")


def _has_rows(connection: psycopg.Connection[Any], table: str) -> bool:
    import psycopg  # noqa: PLC0415 - the caller has paid for it

    row = connection.execute(_HAS_ROWS, (table,)).fetchone()
    if row is None or not row[0]:
        return False
    try:
        return connection.execute(f"SELECT 1 FROM {table} LIMIT 1".encode()).fetchone() is not None  # noqa: S608
    except psycopg.Error:
        # a table that we may not read counts as full
        return True
