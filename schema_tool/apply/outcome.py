"""What became of a statement that has no transaction, when nobody saw its end.

Before such a statement starts, the ledger takes down what the catalog shows; afterwards the same
question is asked again, and the difference is the answer. Kinds that are not listed here have no
answer: a person must look (`schema-tool resolve`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from schema_tool.apply.shape import index_shape, parsed, relation_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from schema_tool.sqltext import Statement


class Kind(StrEnum):
    """Kinds of statements whose outcome the catalog shows, or does not matter.

    A repeatable one (VACUUM, CLUSTER, ALTER SYSTEM) does no harm when it runs twice.
    """

    CREATE_INDEX = "create index"
    DROP_INDEX = "drop index"
    REINDEX_INDEX = "reindex index"
    REINDEX_TABLE = "reindex table"
    DETACH = "detach partition"
    CREATE_OBJECT = "create"
    DROP_OBJECT = "drop"
    REPEATABLE = "repeatable"


class Answer(StrEnum):
    """Whether it was carried out; `blocked` needs a person's hand first.

    busy: another session builds or vacuums what would have to be dropped.
    """

    DONE = "done"
    NOT_DONE = "not done"
    UNKNOWN = "unknown"
    BUSY = "busy"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer, in words for people, and what must be cleaned up before going on.

    `finalizes` says that the clean-up takes a strong lock.
    """

    answer: Answer
    says: str
    cleanup: tuple[str, ...] = ()
    finalizes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The question to the catalog: an SQL expression that gives one jsonb value."""

    kind: Kind
    sql: str
    parameters: Mapping[str, Any]


def observe(statement: Statement) -> Observation | None:
    """The question that shows what became of the statement; nothing when no catalog tells."""
    node, name = parsed(statement.text)
    reader = _READERS.get(name)
    return reader(node, statement) if reader else None


def judge(statement: Statement, observation: Observation | None, before: Any, now: Any) -> Verdict:
    """Compare what the catalog showed before the statement with what it shows now."""
    if observation is None or before is None:
        return Verdict(
            answer=Answer.UNKNOWN,
            says="whether it was carried out is not known: the catalog does not show it",
        )
    return _JUDGES[observation.kind](statement, before, now)


def invalid_namesake(statement: Statement, before: Any) -> str:
    """The INVALID index that had the statement's name before it began, or nothing."""
    node, kind = parsed(statement.text)
    if kind != "index_stmt" or before is None:
        return ""
    same = (i for i in before["indexes"] if i["name"] == node.idxname and not i["valid"])
    return next((i["quoted"] for i in same), "")


@cache
def _sql(name: str) -> str:
    text = resources.files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))


def _index(kind: Kind, *, table: str | None = None, index: str | None = None) -> Observation:
    return Observation(
        kind=kind, sql=_sql("observe_index"), parameters={"table": table, "index": index}
    )


def _read_create_index(node: Any, _: Statement) -> Observation:
    return _index(Kind.CREATE_INDEX, table=relation_name(node.relation))


def _read_drop(node: Any, statement: Statement) -> Observation | None:
    names = [[item.string.sval for item in o.list.items] for o in node.objects]
    if statement.words[1:2] != ("index",) or len(names) != 1:
        return None
    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in names[0])
    return _index(Kind.DROP_INDEX, index=quoted)


def _read_reindex(node: Any, statement: Statement) -> Observation | None:
    words = statement.words
    if not node.relation.relname:
        return None
    name = relation_name(node.relation)
    if "index" in words[:8] and "table" not in words[:8]:
        return _index(Kind.REINDEX_INDEX, index=name)
    return _index(Kind.REINDEX_TABLE, table=name)


def _read_alter_table(node: Any, _: Statement) -> Observation | None:
    parts = [c.alter_table_cmd for c in node.cmds]
    if len(parts) != 1 or not parts[0].HasField("def"):
        return None
    partition = getattr(parts[0], "def").partition_cmd
    if not partition.concurrent:
        return None
    return Observation(
        kind=Kind.DETACH,
        sql=_sql("observe_partition"),
        parameters={
            "table": relation_name(node.relation),
            "partition": relation_name(partition.name),
        },
    )


def _object(kind: Kind, of: str, name: str) -> Observation:
    return Observation(kind=kind, sql=_sql("observe_object"), parameters={"kind": of, "name": name})


def _repeatable(_node: Any, _statement: Statement) -> Observation:
    return Observation(kind=Kind.REPEATABLE, sql="'{}'::JSONB", parameters={})


_READERS: Mapping[str, Callable[[Any, Statement], Observation | None]] = {
    "index_stmt": _read_create_index,
    "drop_stmt": _read_drop,
    "reindex_stmt": _read_reindex,
    "alter_table_stmt": _read_alter_table,
    "createdb_stmt": lambda n, _: _object(Kind.CREATE_OBJECT, "database", n.dbname),
    "dropdb_stmt": lambda n, _: _object(Kind.DROP_OBJECT, "database", n.dbname),
    "create_table_space_stmt": lambda n, _: _object(
        Kind.CREATE_OBJECT, "tablespace", n.tablespacename
    ),
    "drop_table_space_stmt": lambda n, _: _object(Kind.DROP_OBJECT, "tablespace", n.tablespacename),
    "create_subscription_stmt": lambda n, _: _object(Kind.CREATE_OBJECT, "subscription", n.subname),
    "drop_subscription_stmt": lambda n, _: _object(Kind.DROP_OBJECT, "subscription", n.subname),
    "vacuum_stmt": _repeatable,
    "cluster_stmt": _repeatable,
    "alter_system_stmt": _repeatable,
}


def _new_indexes(before: Any, now: Any) -> list[Any]:
    known = {index["oid"] for index in before["indexes"]}
    return [index for index in now["indexes"] if index["oid"] not in known]


def _judge_create_index(statement: Statement, before: Any, now: Any) -> Verdict:
    shape = index_shape(statement.text)
    node, _ = parsed(statement.text)
    new = [i for i in _new_indexes(before, now) if not node.idxname or i["name"] == node.idxname]
    ours = [i for i in new if index_shape(i["definition"]) == shape]
    for index in new:
        if index not in ours and node.idxname:
            return _blocked(
                f"there is now an index {index['quoted']} that this statement does not describe",
            )
    if any(i["valid"] for i in ours):
        return Verdict(answer=Answer.DONE, says=f"index {ours[0]['quoted']} is built and valid")
    if not ours:
        return Verdict(answer=Answer.NOT_DONE, says="no index was left behind")
    if ours[0]["used_by"] is not None:
        return _busy(ours[0])
    return Verdict(
        answer=Answer.NOT_DONE,
        says=f"it left the INVALID index {ours[0]['quoted']}, which is dropped and built again",
        cleanup=tuple(f"DROP INDEX CONCURRENTLY {i['quoted']}" for i in ours),
    )


def _judge_drop_index(_: Statement, before: Any, now: Any) -> Verdict:
    if before["own"] is not None and now["own"] is None:
        return Verdict(answer=Answer.DONE, says="the index is gone")
    return Verdict(answer=Answer.NOT_DONE, says="the index is still there and is dropped again")


def _judge_reindex(_: Statement, before: Any, now: Any) -> Verdict:
    """REINDEX CONCURRENTLY builds …_ccnew, swaps the names, drops the old one as …_ccold."""
    names = {index["oid"]: index["name"] for index in before["indexes"]}
    wanted = set(names) if before["own"] is None else {before["own"]}
    kept = [i for i in now["indexes"] if i["oid"] in wanted and i["name"] == names[i["oid"]]]
    left = [
        i
        for i in now["indexes"]
        if not i["valid"]
        and _LEFTOVER.search(i["name"])
        and ((i["oid"] in wanted and i not in kept) or i["oid"] not in names)
    ]
    for index in left:
        if index["used_by"] is not None:
            return _busy(index)
    cleanup = tuple(f"DROP INDEX CONCURRENTLY {i['quoted']}" for i in left)
    if wanted and not kept:
        return Verdict(answer=Answer.DONE, says="every index was built anew", cleanup=cleanup)
    return Verdict(
        answer=Answer.NOT_DONE,
        says="not every index was built anew, so it runs again",
        cleanup=cleanup,
    )


_LEFTOVER = re.compile(r"_cc(?:new|old)\d*$")


def _judge_detach(statement: Statement, before: Any, now: Any) -> Verdict:
    if now["attached"] and now["pending"]:
        node, _ = parsed(statement.text)
        partition = getattr(node.cmds[0].alter_table_cmd, "def").partition_cmd
        finalize = (
            f"ALTER TABLE {relation_name(node.relation)} "
            f"DETACH PARTITION {relation_name(partition.name)} FINALIZE"
        )
        return Verdict(
            answer=Answer.DONE,
            says="the partition is half detached, which FINALIZE ends",
            cleanup=(finalize,),
            finalizes=True,
        )
    if before["attached"] and now["exists"] and not now["attached"]:
        return Verdict(answer=Answer.DONE, says="the partition is detached")
    return Verdict(answer=Answer.NOT_DONE, says="the partition is still attached")


def _judge_create(_: Statement, before: Any, now: Any) -> Verdict:
    if now["exists"] and not before["exists"]:
        return Verdict(answer=Answer.DONE, says="it is there")
    return Verdict(answer=Answer.NOT_DONE, says="it is not there")


def _judge_object_dropped(_: Statement, before: Any, now: Any) -> Verdict:
    if before["exists"] and not now["exists"]:
        return Verdict(answer=Answer.DONE, says="it is gone")
    return Verdict(answer=Answer.NOT_DONE, says="it is still there")


def _judge_repeatable(_s: Statement, _b: Any, _n: Any) -> Verdict:
    return Verdict(answer=Answer.NOT_DONE, says="it runs again, which does no harm")


def _blocked(says: str) -> Verdict:
    return Verdict(answer=Answer.BLOCKED, says=says)


def _busy(index: Any) -> Verdict:
    return Verdict(
        answer=Answer.BUSY,
        says=f"the index {index['quoted']} is INVALID and pid {index['used_by']} is at work on "
        "its table",
    )


_JUDGES: Mapping[Kind, Callable[[Statement, Any, Any], Verdict]] = {
    Kind.CREATE_INDEX: _judge_create_index,
    Kind.DROP_INDEX: _judge_drop_index,
    Kind.REINDEX_INDEX: _judge_reindex,
    Kind.REINDEX_TABLE: _judge_reindex,
    Kind.DETACH: _judge_detach,
    Kind.CREATE_OBJECT: _judge_create,
    Kind.DROP_OBJECT: _judge_object_dropped,
    Kind.REPEATABLE: _judge_repeatable,
}
