"""The roles that SQL files speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.source import Script

# Source: pg_shdepend, every role that owns or may use something in this database
LIVE_ROLES = """
SELECT DISTINCT r.rolname::text
FROM pg_catalog.pg_shdepend AS d
INNER JOIN pg_catalog.pg_roles AS r ON r.oid = d.refobjid
WHERE d.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
    AND d.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
    AND r.rolname !~ '^pg_'
"""


def roles_spoken_of(scripts: Iterable[Script]) -> frozenset[str]:
    """The roles that the files name, those that they create included."""
    trees = [tree for tree in map(_parsed, scripts) if tree is not None]
    return frozenset(role for tree in trees for role in (*_named(tree), *_created(tree)))


def _parsed(script: Script) -> Any:
    import postgast  # noqa: PLC0415 - 0.1 s to load

    try:
        return postgast.parse(script.text)
    except postgast.PgQueryError:
        return None


def roles_named(scripts: Iterable[Script]) -> frozenset[str]:
    """The roles that the files name and do not create themselves.

    Names within function bodies and DO blocks are not seen; a file that PostgreSQL's parser
    rejects gives none, since loading it shows the error.
    """
    named: set[str] = set()
    created: set[str] = set()
    for script in scripts:
        tree = _parsed(script)
        if tree is not None:
            named.update(_named(tree))
            created.update(_created(tree))
    return frozenset(name for name in named - created if not name.startswith("pg_"))


def _named(tree: Any) -> Iterator[str]:
    from postgast import find_nodes  # noqa: PLC0415
    from postgast.pg_query_pb2 import GrantRoleStmt, RoleSpec, VariableSetStmt  # noqa: PLC0415

    yield from (role.rolename for role in find_nodes(tree, RoleSpec) if role.rolename)
    for grant in find_nodes(tree, GrantRoleStmt):
        yield from (role.access_priv.priv_name for role in grant.granted_roles)
    for setting in find_nodes(tree, VariableSetStmt):
        if setting.name in {"role", "session_authorization"}:
            yield from (argument.a_const.sval.sval for argument in setting.args)


def _created(tree: Any) -> Iterator[str]:
    from postgast import find_nodes  # noqa: PLC0415
    from postgast.pg_query_pb2 import CreateRoleStmt  # noqa: PLC0415

    yield from (statement.role for statement in find_nodes(tree, CreateRoleStmt))
