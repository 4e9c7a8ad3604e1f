"""What hangs on a relation: constraints, indexes, triggers, rules, policies, statistics."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from schema_tool.catalog.identity import Identity, Kind, SystemCatalog
from schema_tool.catalog.model.relation import (
    Constraint,
    ConstraintForm,
    Index,
    Policy,
    Rule,
    Statistics,
    Trigger,
)
from schema_tool.catalog.normal import normal_expression
from schema_tool.catalog.quoting import made_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.catalog.families.reading import Reading, Row
    from schema_tool.catalog.model.entity import Entity

_FORMS = {
    "c": ConstraintForm.CHECK,
    "f": ConstraintForm.FOREIGN_KEY,
    "p": ConstraintForm.PRIMARY_KEY,
    "u": ConstraintForm.UNIQUE,
    "x": ConstraintForm.EXCLUSION,
}
# How the server ends the names of keys that it makes.
_LABELS = {"p": "pkey", "u": "key", "x": "excl"}
_COMMANDS = {"*": "ALL", "r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}


def _numbers(text: str | None, separator: str) -> Iterable[int]:
    """Column numbers from smallint[]'s or int2vector's text."""
    bare = text.strip("{}") if text else ""
    return map(int, bare.split(separator)) if bare else ()


def _ranks(found: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Partitioned indexes by OID: a new partition gets its own ones in the order of these."""
    counts: Counter[int] = Counter()
    ranks = {}
    for relation, index in sorted(found):
        ranks[index] = counts[relation]
        counts[relation] += 1
    return ranks


def constraints(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of constraints.sql."""
    wholes = {row[4] for row in rows} - {None}
    places = {row[0]: (row[1], row[5]) for row in rows if row[0] in wholes} if wholes else {}
    ranks = _ranks((row[1], row[3]) for row in rows if row[-2])
    for row in rows:
        oid, relation, target, index, whole, name, letter = row[:7]
        identity = reading.within(Kind.CONSTRAINT, relation, name)
        if identity is None:
            continue
        reading.see(SystemCatalog.PG_CONSTRAINT, oid, identity)
        comments = [reading.comment(SystemCatalog.PG_CONSTRAINT, oid), ""]
        if letter in "pux":
            reading.see_part(SystemCatalog.PG_CLASS, index)
            reading.relations.setdefault(index, identity)
            comments[1] = reading.comment(SystemCatalog.PG_CLASS, index)
        parent = reading.within(Kind.CONSTRAINT, *places[whole]) if whole in places else None
        whose = reading.relations.get(target), parent
        said = (*row[6:], ranks.get(index, 0), *comments, *whose)
        yield reading.shared(
            identity, said, partial(_constraint, identity, said, relation, reading)
        )


def _constraint(identity: Identity, said: Row, relation: int, reading: Reading) -> Constraint:
    (letter, definition, valid, inherited, local, key, options, space, clustered) = said[:9]
    (partitioned, named, rank, comment, index_comment, references, parent) = said[9:]
    table, label = identity.parts[1], _LABELS.get(letter, "")
    told = named and letter != "p"
    today = reading.joined(relation, _numbers(key, ","), named) if told else ""
    if letter == "x":
        definition = _without_options(definition, options or ())
    return Constraint(
        identity=identity,
        comment=comment,
        form=_FORMS[letter],
        definition=normal_expression(definition) if letter in "cx" else definition,
        valid=valid,
        inherited=inherited,
        local=local,
        parent=parent,
        usual_name=made_name(table, today, label) if parent and label else "",
        handed="_".join(named) if partitioned else "",
        rank=rank,
        columns=reading.columns(relation, _numbers(key, ",")),
        references=references,
        index_options=tuple(options or ()),
        index_tablespace=space or "",
        index_comment=index_comment,
        clustered=bool(clustered),
    )


def indexes(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of indexes.sql."""
    relations = reading.relations
    for row in rows:
        if row[1] in relations:
            relations[row[0]] = reading.schema_identity(Kind.INDEX, row[3], row[4])
    ranks = _ranks((row[1], row[0]) for row in rows if row[9])
    for row in rows:
        oid, relation, parent = row[:3]
        table = relations.get(relation)
        if table is None:
            continue
        identity = reading.see(SystemCatalog.PG_CLASS, oid, relations[oid])
        comment = reading.comment(SystemCatalog.PG_CLASS, oid)
        said = (*row[5:], ranks.get(oid, 0), comment, table, relations.get(parent))
        yield reading.shared(identity, said, partial(_index, identity, said, relation, reading))


def _index(identity: Identity, said: Row, relation: int, reading: Reading) -> Index:
    (definition, unique, valid, clustered, partitioned, space, targets, key, options) = said[:9]
    (named, rank, comment, table, parent) = said[9:]
    today = reading.joined(relation, _numbers(key, " "), named) if named else ""
    return Index(
        identity=identity,
        comment=comment,
        table=table,
        definition=normal_expression(_without_options(definition, options or ())),
        options=tuple(options or ()),
        unique=unique,
        valid=valid,
        clustered=clustered,
        partitioned=partitioned,
        tablespace=space or "",
        parent=parent,
        usual_name=made_name(table.parts[1], today, "idx") if parent else "",
        handed="_".join(named) if partitioned else "",
        rank=rank,
        statistics=tuple(targets or ()),
        columns=reading.columns(relation, _numbers(key, " ")),
    )


def _without_options(definition: str, options: tuple[str, ...]) -> str:
    """A CREATE INDEX without its WITH, whose options can be set one by one."""
    if not options:
        return definition
    keys = (re.escape(option.partition("=")[0]) for option in options)
    values = ", ".join(rf"{key}=(?:'(?:[^']|'')*'|\w+)" for key in keys)
    return re.sub(rf" WITH \({values}\)", "", definition, count=1)


def triggers(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of triggers.sql."""
    for oid, relation, name, definition, enabled, constraint, key, clone in rows:
        identity = reading.within(Kind.TRIGGER, relation, name)
        if identity is None:
            continue
        yield Trigger(
            identity=reading.see(SystemCatalog.PG_TRIGGER, oid, identity),
            comment=reading.comment(SystemCatalog.PG_TRIGGER, oid),
            definition="" if clone else normal_expression(definition),
            enabled=enabled,
            constraint=constraint,
            clone=clone,
            columns=reading.columns(relation, _numbers(key, " ")),
        )


def rules(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of rules.sql."""
    for oid, relation, name, definition, enabled in rows:
        identity = reading.within(Kind.RULE, relation, name)
        if identity is None:
            continue
        yield Rule(
            identity=reading.see(SystemCatalog.PG_REWRITE, oid, identity),
            comment=reading.comment(SystemCatalog.PG_REWRITE, oid),
            definition=normal_expression(definition),
            enabled=enabled,
        )


def policies(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of policies.sql."""
    for oid, relation, name, command, permissive, roles, using, check in rows:
        identity = reading.within(Kind.POLICY, relation, name)
        if identity is None:
            continue
        yield Policy(
            identity=reading.see(SystemCatalog.PG_POLICY, oid, identity),
            comment=reading.comment(SystemCatalog.PG_POLICY, oid),
            command=_COMMANDS[command],
            permissive=permissive,
            roles=tuple(sorted(reading.role(role) for role in roles)),
            using=normal_expression(using) if using else "",
            check=normal_expression(check) if check else "",
        )


_NAME = r'(?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)'
_STATISTICS_COLUMNS = re.compile(
    rf"^(CREATE STATISTICS {_NAME}(?:\.{_NAME})?(?: \([a-z, ]+\))? ON )"
    rf"({_NAME}(?:, {_NAME})*)(?=,| FROM )"
)


def _columns_by_name(definition: str) -> str:
    """Columns in the order of their names: the server prints them as the table has them."""
    found = _STATISTICS_COLUMNS.match(definition)
    if found is None:
        return definition
    columns = ", ".join(sorted(re.findall(_NAME, found[2])))
    return f"{found[1]}{columns}{definition[found.end() :]}"


def statistics(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of statistics.sql."""
    for oid, namespace, name, owner, relation, definition, target in rows:
        table: Identity | None = reading.relations.get(relation)
        if table is None:
            continue
        yield Statistics(
            identity=reading.see(
                SystemCatalog.PG_STATISTIC_EXT,
                oid,
                reading.schema_identity(Kind.STATISTICS, namespace, name),
            ),
            comment=reading.comment(SystemCatalog.PG_STATISTIC_EXT, oid),
            owner=reading.role(owner),
            table=table,
            definition=normal_expression(_columns_by_name(definition)),
            target=target,
        )
