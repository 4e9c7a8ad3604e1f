"""Tables, views, columns and sequences."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import partial
from itertools import groupby
from operator import itemgetter
from sys import intern
from typing import TYPE_CHECKING, Any

from schema_tool.catalog.families.reading import Reading, Row, present
from schema_tool.catalog.identity import Identity, Kind, SystemCatalog
from schema_tool.catalog.model.relation import (
    Column,
    MaterializedView,
    Sequence,
    Table,
    TableForm,
    View,
    ViewColumn,
)
from schema_tool.catalog.normal import normal_expression, normal_query
from schema_tool.catalog.privileges import Granted
from schema_tool.catalog.quoting import literal, made_name, qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from schema_tool.catalog.model.entity import Entity

_CLASS = SystemCatalog.PG_CLASS
_FORMS = {"r": TableForm.TABLE, "p": TableForm.PARTITIONED, "f": TableForm.FOREIGN}
_NOTHING: Mapping[Any, Any] = {}
# Source: get_qual_for_hash(), partbounds.c.
_HASHED_TABLE = re.compile(r"(?<=\bsatisfies_hash_partition\()'(\d+)'::oid")
_REPLICA = {"d": "", "n": "NOTHING", "f": "FULL"}


def _replica_identity(letter: str, index: str | None) -> str:
    return _REPLICA[letter] if letter in _REPLICA else f"USING INDEX {index or ''}".rstrip()


def _by_name(rows: str, reading: Reading) -> str:
    """The condition of a partition's rows, in which a hash key's table goes by no number."""

    def regclass(found: re.Match[str]) -> str:
        table = reading.relations.get(int(found[1]))
        return f"{literal(qualified(*table.parts))}::regclass" if table else found[0]

    return _HASHED_TABLE.sub(regclass, rows)


def name_relations(rows: Iterable[Row], kinds: Mapping[str, Kind], reading: Reading) -> None:
    """Register relations by OID before anything refers to them."""
    for oid, namespace, name, letter, *_ in rows:
        if letter in kinds:
            reading.relations[oid] = reading.schema_identity(kinds[letter], namespace, name)


def tables(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of tables.sql."""
    name_relations(rows, {"r": Kind.TABLE, "p": Kind.TABLE, "f": Kind.TABLE}, reading)
    for row in rows:
        (oid, _, _, letter, unlogged, owner, acl, method, space, options, toast) = row[:11]
        (replica, index, security, force, parents, key, bound, rows_of, of_type) = row[11:20]
        (server, foreign_options) = row[20:]
        reading.owners[oid] = owner
        yield Table(
            identity=reading.see(_CLASS, oid, reading.relations[oid]),
            comment=reading.comment(_CLASS, oid),
            owner=reading.role(owner),
            privileges=reading.privileges(acl, owner, Granted.TABLE),
            form=_FORMS[letter],
            unlogged=unlogged,
            access_method=method or "",
            tablespace=space or "",
            options=tuple(options or ()),
            toast_options=tuple(toast or ()),
            replica_identity=_replica_identity(replica, index),
            row_security=security,
            force_row_security=force,
            parents=tuple(reading.relations[p] for p in parents or () if p in reading.relations),
            partition_key=normal_expression(key) if key else "",
            partition_bound=bound or "",
            partition_rows=_by_name(rows_of or "", reading),
            of_type=of_type or "",
            server=server or "",
            foreign_options=tuple(foreign_options or ()),
        )


def views(rows: list[Row], reading: Reading, columns: list[Row]) -> Iterator[Entity]:
    """Rows of views.sql; the columns' rows tell the names and types that they put out."""
    name_relations(rows, {"v": Kind.VIEW, "m": Kind.MATERIALIZED_VIEW}, reading)
    shapes: dict[int, list[tuple[str, str]]] = {row[0]: [] for row in rows}
    for column in columns:
        if column[0] in shapes:
            collation = f" COLLATE {column[8]}" if column[8] else ""
            shapes[column[0]].append((column[2], f"{column[3]}{collation}"))
    for row in rows:
        view = _view(row, tuple(shapes[row[0]]), reading)
        reading.views.append(view)
        yield view


def _view(
    row: Row, columns: tuple[tuple[str, str], ...], reading: Reading
) -> View | MaterializedView:
    (oid, _, _, letter, owner, acl, definition, options, method, space, populated, toast) = row
    reading.owners[oid] = owner
    common: dict[str, Any] = {
        "identity": reading.see(_CLASS, oid, reading.relations[oid]),
        "comment": reading.comment(_CLASS, oid),
        "owner": reading.role(owner),
        "privileges": reading.privileges(acl, owner, Granted.TABLE),
        "definition": normal_query(definition),
        "options": tuple(options or ()),
        "columns": columns,
    }
    if letter == "v":
        return View(**common)
    return MaterializedView(
        **common,
        toast_options=tuple(toast or ()),
        access_method=method or "",
        tablespace=space or "",
        populated=populated,
    )


def columns(rows: list[Row], reading: Reading, not_nulls: list[Row]) -> Iterator[Entity]:
    """Rows of columns.sql, a relation's together; not_nulls.sql adds what 18 knows of NOT NULL."""
    tables = [
        (relation, list(found))
        for relation, found in groupby(rows, itemgetter(0))
        if relation in reading.relations
    ]
    for relation, found in tables:
        reading.attributes[relation] = {row[1]: row[2] for row in found}
    comments: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for (catalog, relation, number), text in reading.comments.items():
        if catalog == _CLASS and number:
            comments[relation][number] = text
    named = _not_nulls(not_nulls, reading)
    for relation, found in tables:
        owner, notes = reading.relations[relation], comments.get(relation, _NOTHING)
        if owner.kind is not Kind.TABLE:
            for row in found:
                yield from _view_column(owner, row, notes.get(row[1], ""), reading)
            continue
        role = reading.role(reading.owners[relation])
        said = role, notes, named.get(relation, _NOTHING), [row[1:] for row in found]
        key = Kind.COLUMN, owner.parts
        yield from reading.shared(key, said, partial(_columns, owner, said, relation, reading))


def _columns(owner: Identity, said: Row, relation: int, reading: Reading) -> list[Column]:
    """The columns of a table."""
    _, comments, named, rows = said
    made = []
    for row in rows:
        (number, name, kind, required, default, generated, identity, collation) = row[:8]
        (storage, compression, target, options, foreign_options, acl, inherited, local) = row[8:]
        column = Column(
            identity=Identity(Kind.COLUMN, (*owner.parts, name)),
            comment=comments.get(number, ""),
            position=number,
            type=intern(kind),  # a few types, a hundred thousand columns
            not_null=required,
            default=normal_expression(default) if default else "",
            generated=generated,
            identity_generation=identity,
            collation=collation or "",
            storage=storage or "",
            compression=compression,
            statistics=target,
            options=tuple(options or ()),
            foreign_options=tuple(foreign_options or ()),
            inherited=inherited,
            local=local,
            privileges=(
                reading.privileges(acl, reading.owners[relation], Granted.COLUMN) if acl else ()
            ),
            **named.get(number, _NOTHING),
        )
        made.append(column)
    return made


def _not_nulls(rows: list[Row], reading: Reading) -> dict[int, dict[int, dict[str, Any]]]:
    """By table and column, what differs from a NOT NULL with the server's own name alone."""
    found: defaultdict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    relations, comments = reading.relations, reading.comments
    for relation, number, oid, name, no_inherit, valid, actual, local in rows:
        if relation not in relations:
            continue
        table, column = relations[relation].parts[1], reading.attributes[relation][number]
        usual = name is None or name == made_name(table, column, "not_null")
        inherited = actual if name is None else ""
        comment = comments.get((SystemCatalog.PG_CONSTRAINT, oid, 0), "")
        if not usual or not valid or no_inherit or comment:
            found[relation][number] = {
                "not_null_name": "" if usual else name,
                "not_null_no_inherit": no_inherit,
                "not_null_valid": valid,
                "not_null_comment": comment,
                "not_null_inherited": inherited,
                "not_null_local": local,
            }
        elif inherited:
            found[relation][number] = {"not_null_inherited": inherited, "not_null_local": local}
    return found


def _view_column(owner: Identity, row: Row, comment: str, reading: Reading) -> Iterator[ViewColumn]:
    """A view's column is worth a model only where something was set on it."""
    (relation, _, name, _, _, default, _, _, _) = row[:9]
    (storage, compression, target, options, _, acl, _, _) = row[9:]
    if not (default or storage or compression or target or options or acl or comment):
        return
    yield ViewColumn(
        identity=Identity(Kind.VIEW_COLUMN, (*owner.parts, name)),
        comment=comment,
        default=normal_expression(default) if default else "",
        statistics=target,
        storage=storage or "",
        compression=compression,
        options=present(options),
        privileges=reading.privileges(acl, reading.owners[relation], Granted.COLUMN) if acl else (),
    )


def sequences(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of sequences.sql, after the columns that own some of them."""
    for row in rows:
        (oid, namespace, name, unlogged, owner, acl, kind) = row[:7]
        (start, increment, minimum, maximum, cache, cycle, table, column, internal) = row[7:]
        owned_by = None
        if table is not None:
            owned_by = reading.within(
                Kind.COLUMN, table, reading.attributes.get(table, {}).get(column, "")
            )
            if owned_by is None:
                continue
        identity = reading.schema_identity(Kind.SEQUENCE, namespace, name)
        reading.relations[oid] = identity
        yield Sequence(
            identity=reading.see(_CLASS, oid, identity),
            comment=reading.comment(_CLASS, oid),
            owner=reading.role(owner),
            privileges=reading.privileges(acl, owner, Granted.SEQUENCE),
            type=kind,
            start=start,
            increment=increment,
            minimum=minimum,
            maximum=maximum,
            cache=cache,
            cycle=cycle,
            unlogged=unlogged,
            owned_by=owned_by,
            internal=bool(internal),
        )
