"""Steps put together: what PostgreSQL does in one command and one scan is one command."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.quoting import qualified
from schema_tool.compare import Action
from schema_tool.plan.emit.phrase import WIDTH, in_lines
from schema_tool.plan.nodes import Node, Verb
from schema_tool.plan.steps import Statement, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

# Source: gram.y and tablecmds.c; inheritance, names and owners change in commands of their own.
_ALONE = (
    *("RENAME ", "SET SCHEMA ", "ATTACH ", "DETACH ", "OWNER "),
    *("INHERIT ", "NO INHERIT ", "OF ", "NOT OF"),
    # In one command NOT NULL goes first, which columns of the index that it leaves may not lose.
    "REPLICA IDENTITY ",
)
_PLAIN = "ALTER TABLE "
_FOREIGN = "ALTER FOREIGN TABLE "
_ASIDE = ("COMMENT ON ", "GRANT ", "REVOKE ")
_ON_COLUMN = re.compile(r'(?:GRANT|REVOKE(?: GRANT OPTION FOR)?) \w+ \(("(?:[^"]|"")+"|\w+)\)')
_DROPS = ("DROP COLUMN ", "DROP CONSTRAINT ")
_FILLING = (" DEFAULT ", " GENERATED ")
_LOGGED = ("SET LOGGED", "SET UNLOGGED")
_PARTS_OF_COLUMN = (" DROP IDENTITY", " DROP EXPRESSION")
# What is made NOT VALID and validated when all else is done.
_PROVED_LAST = (Kind.CONSTRAINT, Kind.DOMAIN)
_PROOF = (Verb.VALIDATE, Verb.SETTLE)


def proved_last(steps: Sequence[tuple[Node, Step]]) -> list[Step]:
    """What scans the rows waits for all else and nothing waits for it: last, table by table.

    The validation of a constraint is part of its creation; that of NOT NULL stands by itself,
    and stays where something needs it.
    """
    end = len(steps)
    while end and _may_wait(steps[end - 1][0]):
        end -= 1
    proofs, settled, kept = [], [], []
    for place, (node, step) in enumerate(steps):
        of_constraint = step.statement.apart and waits_for_all(node)
        if of_constraint or (place >= end and node.verb is Verb.VALIDATE):
            proofs.append(step)
        elif place >= end and node.verb is Verb.SETTLE:
            settled.append(step)
        else:
            kept.append(step)
    proofs.sort(key=lambda step: step.identity.parts[:2])
    # A parent's come before those of an heir: the tables stay in their order.
    first = {table: place for place, table in reversed([*enumerate(map(_table, settled))])}
    settled.sort(key=lambda step: (first[_table(step)], " DROP CONSTRAINT " in step.sql))
    return [*kept, *proofs, *settled]


def waits_for_all(node: Node) -> bool:
    """Whether what it proves is proved last; that of partitions is before their parent's comes."""
    return node.identity.kind in _PROVED_LAST and node.verb is not Verb.BUILD


def _table(step: Step) -> tuple[str, ...]:
    return step.identity.parts[:2]


def _may_wait(node: Node) -> bool:
    return node.verb in _PROOF or node.identity.kind is Kind.EVENT_TRIGGER


def in_commands(steps: Sequence[Step], *, carries: Callable[[Identity], bool]) -> list[Step]:
    """Consecutive steps on one table as one ALTER TABLE, which locks, scans and rewrites once.

    Comments and grants follow it. `carries`: whether an index or the like stands on a column.
    """
    result: list[Step] = []
    for _, run in groupby(_numbered(_as_foreign(steps)), key=lambda entry: entry[0]):
        together = [step for _, step in run]
        clauses = [step for step in together if _clause(step)]
        result += _joined(_without_overridden(clauses), carries)
        result += _granted_together([step for step in together if not _clause(step)])
    return result


def _as_foreign(steps: Sequence[Step]) -> Iterator[Step]:
    """What is said by either word of a foreign table, which was one and stays it, by its own.

    Source: gram.y; a constraint's name alone is not.
    """
    foreign = {_table(step) for step in steps if step.sql.startswith(_FOREIGN)}
    foreign -= {
        _table(step) for step in steps if step.identity.kind is Kind.TABLE and _is_end(step)
    }
    for step in steps:
        plain = step.sql.removeprefix(_PLAIN)
        clause = plain.removeprefix(qualified(*_table(step)) + " ")
        either = clause != plain and not clause.startswith("RENAME CONSTRAINT ")
        if _table(step) in foreign and either:
            said = replace(step.statement, sql=f"{_FOREIGN}{plain}")
            yield replace(step, statement=said)
        else:
            yield step


def _granted_together(steps: list[Step]) -> Iterator[Step]:
    """Grants first, those of one kind on several columns as one, then comments.

    Grants may change places with each other, but not with what is revoked.
    """
    changes = [step for step in steps if not step.sql.startswith("COMMENT ")]
    for revoked, run in groupby(changes, key=lambda step: step.sql.startswith("REVOKE ")):
        together = list(run)
        together = together if revoked else _beside_alike(together)
        for _, alike in groupby(together, key=_shape):
            first, *others = alike
            yield _on_columns([first, *others]) if others else first
    yield from (step for step in steps if step.sql.startswith("COMMENT "))


def _beside_alike(steps: Iterable[Step]) -> list[Step]:
    """Those that differ by their column only beside each other."""
    alike: dict[str, list[Step]] = {}
    for step in steps:
        alike.setdefault(_shape(step), []).append(step)
    return [step for together in alike.values() for step in together]


def _on_columns(steps: list[Step]) -> Step:
    first = steps[0]
    columns = in_lines([_column(step) for step in steps])
    sql = first.sql.replace(f"({_column(first)})", f"({columns})")
    dangers = tuple(danger for step in steps for danger in step.statement.dangers)
    statement = replace(first.statement, sql=sql, dangers=dangers)
    return replace(first, statement=statement, parts=tuple(steps))


def _column(step: Step) -> str:
    """The column that it grants something on or takes something from, as SQL."""
    found = _ON_COLUMN.match(step.sql)
    return found[1] if found else ""


def _shape(step: Step) -> str:
    """The statement without its column, where that is all in which it may differ."""
    column = _column(step)
    return step.sql.replace(f"({column})", "()") if column else step.sql


def _is_end(step: Step) -> bool:
    return step.sql.startswith(("CREATE ", "DROP "))


def _numbered(steps: Iterable[Step]) -> Iterator[tuple[int, Step]]:
    """The steps, each with the number of its run: those that may change places."""
    number, last = 0, None
    for step in steps:
        statement = step.statement
        subject = (step.identity.parts[:2], statement.apart, statement.commits)
        movable = bool(_clause(step)) or step.sql.startswith(_ASIDE)
        if not movable or subject != last:
            number += 1
        last = subject if movable else None
        yield number, step


def _clause(step: Step) -> str:
    """What follows ALTER TABLE and the name, where other clauses may stand beside it."""
    head = _head(step)
    clause = step.sql.removeprefix(head) if step.sql.startswith(head) else ""
    return "" if step.statement.alone or clause.startswith(_ALONE) else clause


def _head(step: Step) -> str:
    word = _FOREIGN if step.sql.startswith(_FOREIGN) else _PLAIN
    return f"{word}{qualified(*_table(step))} "


def _without_overridden(steps: list[Step]) -> list[Step]:
    """All but the defaults that are dropped and set at once, with nothing done in between."""
    return [
        step for place, step in enumerate(steps) if not _is_overridden(step, steps[place + 1 :])
    ]


def _is_overridden(step: Step, later: list[Step]) -> bool:
    of_column = (other for other in later if other.identity == step.identity)
    following = next(of_column, None)
    dropped = step.sql.removesuffix("DROP DEFAULT")
    return following is not None and following.sql.startswith(f"{dropped}SET DEFAULT ")


def _joined(steps: list[Step], carries: Callable[[Identity], bool]) -> Iterator[Step]:
    waiting: list[Step] = []
    for step in steps:
        if waiting and not _fits(step, waiting, carries):
            yield _command(waiting)
            waiting = []
        waiting.append(step)
    if waiting:
        yield _command(waiting)


def _fits(step: Step, others: list[Step], carries: Callable[[Identity], bool]) -> bool:
    """Whether one command does it: the server drops first there, wherever the clause stands."""
    drops = _clause(step).startswith(_DROPS)
    # An identity is looked for before columns are added, before 17.
    same = [other for other in others if other.identity == step.identity]
    early = bool(same) and " ADD GENERATED " in step.sql
    # Whether a type fits an identity or an expression is asked before that goes.
    early |= " TYPE " in step.sql and any(o.sql.endswith(_PARTS_OF_COLUMN) for o in same)
    # What stands on the columns is made again after types and after expressions: what the first
    # made again the second looks for by its old oid.
    converted = [each for each in (step, *others) if " TYPE " in each.sql]
    computed = any(" SET EXPRESSION " in each.sql for each in (step, *others))
    early |= computed and any(carries(each.identity) for each in converted)
    early |= _asks_whether_logged(_clause(step), map(_clause, others))
    early |= _reads_all(_clause(step), map(_clause, others))
    after_others = any(not _clause(other).startswith(_DROPS) for other in others)
    return _head(step) == _head(others[0]) and not early and not (drops and after_others)


def _asks_whether_logged(clause: str, others: Iterable[str]) -> bool:
    """Whether foreign keys come or go beside it: they are held to what was there before."""
    if clause.startswith(_LOGGED):
        return any(_may_refer(other) for other in others)
    return _may_refer(clause) and any(other.startswith(_LOGGED) for other in others)


def _reads_all(clause: str, others: Iterable[str]) -> bool:
    """Whether beside it a new column's foreign key would be proved though it holds nothing.

    Source: transformAlterTableStmt, parse_utilcmd.c.
    """
    if _is_unread(clause):
        return any(_has_proofs(other) for other in others)
    return _has_proofs(clause) and any(map(_is_unread, others))


def _is_unread(clause: str) -> bool:
    return clause.startswith("ADD COLUMN ") and " REFERENCES " in clause


def _has_proofs(clause: str) -> bool:
    filled = clause.startswith("ADD COLUMN ") and any(word in clause for word in _FILLING)
    return filled or " FOREIGN KEY " in clause


def _may_refer(clause: str) -> bool:
    return " FOREIGN KEY " in clause or clause.startswith("DROP CONSTRAINT ")


def _broken(step: Step) -> Step:
    """A long command with its clause on a line of its own, as where there are several."""
    if len(step.sql) < WIDTH:
        return step
    sql = f"{_head(step).rstrip()}\n    {_clause(step)}"
    return replace(step, statement=replace(step.statement, sql=sql))


def _command(steps: list[Step]) -> Step:
    if len(steps) == 1:
        return _broken(steps[0])
    clauses = ",\n    ".join(_clause(step) for step in steps)
    first = steps[0]
    statement = Statement(
        sql=f"{_head(first).rstrip()}\n    {clauses}",
        dangers=tuple(danger for step in steps for danger in step.statement.dangers),
        apart=first.statement.apart,
        commits=first.statement.commits,
        secrets=tuple(secret for step in steps for secret in step.statement.secrets),
    )
    table = Identity(Kind.TABLE, first.identity.parts[:2])
    return replace(
        first,
        identity=table,
        action=Action.ALTERED,
        statement=statement,
        reason="",
        parts=tuple(steps),
    )
