"""What exists in the database and became part of no model, whatever it is.

Every system catalog that has an `oid` column is asked for its user-made rows; rows that a model
has seen are struck off, and so is what belongs to a modelled object (its array type, its TOAST
table, the triggers of its foreign key). What is left is named. A kind of object that a later
server invents is found without a change here.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from schema_tool.catalog.catalog import Uncompared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import psycopg

    from schema_tool.catalog.catalog import Scope
    from schema_tool.catalog.families.reading import Reading, Row

_FIRST_USER_OID = 16384

# Every catalog is read by a family, swept, or stands here with the reason why it is no schema.
NOT_SCHEMA = MappingProxyType(
    {
        "pg_authid": "roles belong to the cluster",
        "pg_auth_members": "roles belong to the cluster",
        "pg_database": "the database itself, not what is in it",
        "pg_parameter_acl": "settings belong to the cluster",
        "pg_tablespace": "tablespaces belong to the cluster",
        "pg_replication_origin": "replication's own state, of the cluster",
        "pg_shdepend": "the roles of objects, which are read with the objects",
        "pg_shdescription": "comments on what belongs to the cluster",
        "pg_shseclabel": "labels of what belongs to the cluster",
        "pg_partitioned_table": "pg_get_partkeydef() and the partitions' bounds say all of it",
        "pg_largeobject": "data",
        "pg_largeobject_metadata": "data, but for what is granted: named_only.sql",
        "pg_statistic": "what ANALYZE found in the data",
        "pg_statistic_ext_data": "what ANALYZE found in the data",
        "pg_subscription_rel": "how far each table was copied",
    }
)
# Members of something else, which stands in a model or is itself left over.
MEMBERS = frozenset(
    {"pg_attrdef", "pg_amop", "pg_amproc", "pg_enum", "pg_publication_rel"}
    | {"pg_publication_namespace"}
)
_FILTERS = {
    "pg_class": "x.relkind NOT IN ('t', 'c') AND x.relpersistence <> 't'"
    " AND x.relnamespace <> 'pg_toast'::regnamespace",
    "pg_type": "x.typtype IN ('b', 'd', 'e', 'r', 'p')"
    " AND NOT EXISTS (SELECT FROM pg_catalog.pg_type AS e WHERE e.typarray = x.oid)",
    "pg_trigger": "NOT x.tgisinternal AND x.tgparentid = 0",
    "pg_rewrite": "x.rulename <> '_RETURN'",
    "pg_constraint": "x.contype NOT IN ('n', 't') AND x.conparentid = 0",
    "pg_subscription": "x.subdbid = (SELECT d.oid FROM pg_catalog.pg_database AS d"
    " WHERE d.datname = current_database())",
    "pg_namespace": "x.nspname !~ '^pg_(temp|toast_temp)_'",
}
_LEFT_OVER = (Path(__file__).parent / "sweep.sql").read_text(encoding="utf-8")


def query(catalogs: Iterable[str]) -> str:
    """One row for each catalog: its OID and the OIDs of its user-made rows as text."""
    parts = []
    for qualified in catalogs:
        name = qualified.removeprefix("pg_catalog.")
        if name in NOT_SCHEMA or name in MEMBERS:
            continue
        condition = _FILTERS.get(name, "TRUE")
        parts.append(
            f"SELECT '{name}'::regclass::oid, string_agg(x.oid::text, ' ')"  # noqa: S608
            f" FROM pg_catalog.{name} AS x WHERE x.oid >= {_FIRST_USER_OID} AND {condition}"
        )
    return "\nUNION ALL\n".join(parts)


def left_over(rows: list[Row], reading: Reading) -> Iterator[tuple[int, int]]:
    """The rows that no model has seen, as pairs of their catalog's OID and their own."""
    for catalog, text in rows:
        if text:
            left = set(map(int, text.split())) - reading.seen[catalog].keys()
            left -= reading.members.get(catalog, set())
            yield from ((catalog, oid) for oid in left)


def uncompared(
    connection: psycopg.Connection[Any], left: list[tuple[int, int]], scope: Scope
) -> tuple[Uncompared, ...]:
    """Name what is left over; asks the server only where something is."""
    if not left:
        return ()
    found = connection.execute(
        _LEFT_OVER.encode(),
        {
            "classes": [catalog for catalog, _ in left],
            "objects": [oid for _, oid in left],
            "ignored_tables": list(scope.ignored_tables),
        },
    ).fetchall()
    return tuple(
        sorted(
            Uncompared(kind=kind, identity=identity)
            for kind, schema, identity in found
            if schema is None or scope.covers(schema)
        )
    )


def named_only(rows: list[Row]) -> tuple[Uncompared, ...]:
    """What is set on an object and that no model holds: rows of named_only.sql."""
    return tuple(sorted(Uncompared(kind=kind, identity=identity) for kind, identity in rows))
