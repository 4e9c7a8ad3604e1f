"""Indexes and keys that the server makes anew as a column gets another type or expression.

It makes those of partitions like new ones: under names of its choice, without comments and
settings. Source: ATPostAlterTypeParse(), tablecmds.c, keeps those of the whole alone, but for
the statistics targets, which no index keeps.
"""

from __future__ import annotations

from string import digits
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity
from schema_tool.catalog.model.relation import Constraint, Index, Table
from schema_tool.plan.children.given_names import Part, is_reference, table_of_part
from schema_tool.plan.children.indexes import whole_of
from schema_tool.plan.decide.type_changes import converts
from schema_tool.plan.nodes import Node, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog import Catalog
    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.decisions import Decisions

_NO_COMMENTS_GIVEN_SINCE = 18


def find_converted_parts(decisions: Decisions) -> None:
    """Note those of them that have more than the server gives, with the columns."""
    wholes = _converted_wholes(decisions)
    desired = decisions.desired
    for whole, columns in wholes.items():
        if _has_statistics(whole, decisions):
            decisions.converted_parts[whole] = columns
    if not any(_is_of_partitioned(whole, decisions) for whole in wholes):
        return
    parts: dict[Identity, list[tuple[Part, Identity]]] = {}
    for part in (*desired.each(Index), *desired.each(Constraint)):
        if not isinstance(part, Index | Constraint) or not part.parent or is_reference(part):
            continue
        whole = whole_of(part, desired)
        if whole in wholes and _stays(part, whole, decisions):
            parts.setdefault(table_of_part(part), []).append((part, whole))
    for together in parts.values():
        # What has no name of its own may get the number of one that has.
        named = {part.usual_name for part, _ in together if _is_named(part)}
        for part, whole in together:
            if part.usual_name in named or _is_told_more(part, decisions):
                decisions.converted_parts[part.identity] = wholes[whole]


def converted_part_edges(decisions: Decisions) -> Iterator[tuple[Node, Node]]:
    """Pairs of nodes, the first to come before the second."""
    for part, columns in decisions.converted_parts.items():
        last = Node(Verb.FINISH, part)
        yield from ((Node(Verb.ALTER, column), last) for column in columns)
        entity = decisions.desired.objects[part]
        assert isinstance(entity, Index | Constraint)
        yield last, Node(Verb.FINISH, table_of_part(entity))
        if entity.parent:
            # Its targets are set for the part as well.
            yield from ((Node(v, entity.parent), last) for v in (Verb.ALTER, Verb.FINISH))


def _converted_wholes(decisions: Decisions) -> dict[Identity, set[Identity]]:
    """The indexes and keys that stay, but for parts of others, with their columns."""
    live, found = decisions.live, dict[Identity, set[Identity]]()
    for column in (i for i, change in decisions.alter.items() if converts(change)):
        for user in decisions.live_graph.needed_by.get(column, ()):
            part = live.objects.get(user)
            if not isinstance(part, Index | Constraint) or is_reference(part):
                continue
            whole = whole_of(part, live)
            known = decisions.alter.get(whole)
            kept = known is None or "definition" not in known.attributes
            if kept and whole not in decisions.drop:
                found.setdefault(whole, set()).add(column)
    return found


def _has_statistics(whole: Identity, decisions: Decisions) -> bool:
    """Whether an index has targets, of which nothing else is said."""
    index, known = decisions.desired.objects.get(whole), decisions.alter.get(whole)
    told = known is not None and "statistics" in known.attributes
    return isinstance(index, Index) and bool(index.statistics) and not told


def _is_of_partitioned(whole: Identity, decisions: Decisions) -> bool:
    entity = decisions.live.objects[whole]
    assert isinstance(entity, Index | Constraint)
    return table_of_part(entity) in decisions.children


def _stays(part: Part, whole: Identity, decisions: Decisions) -> bool:
    """Whether it is under the same whole, of a partition that is neither new nor away."""
    table = table_of_part(part)
    before, after = (side.objects.get(table) for side in (decisions.live, decisions.desired))
    if not isinstance(before, Table) or not isinstance(after, Table):
        return False
    old = decisions.live.objects.get(part.identity)
    if not isinstance(old, Index | Constraint) or before.place != after.place:
        return False
    changes = (decisions.drop, decisions.create, decisions.alter)
    touched = any(part.identity in change for change in changes)
    away = table in decisions.apart or table in decisions.drop
    return not touched and not away and whole_of(old, decisions.live) == whole


def _is_named(part: Part) -> bool:
    own = part.identity.parts[-1]
    return own != part.usual_name and own.rstrip(digits) != part.usual_name


def gets_comment(part: Part, live: Catalog, desired: Catalog) -> bool:
    """Whether it may be given the comment of its whole's index, and has none.

    Source: DefineIndex(), indexcmds.c, seen on 15 and 16.
    """
    if live.source.major >= _NO_COMMENTS_GIVEN_SINCE or _comment(part):
        return False
    whole = whole_of(part, desired)
    return any(_comment(side.objects.get(whole)) for side in (live, desired))


def _comment(index: Entity | None) -> str:
    if isinstance(index, Constraint):
        return index.index_comment
    return index.comment if isinstance(index, Index) else ""


def _is_told_more(part: Part, decisions: Decisions) -> bool:
    """Whether it has what is not its whole's, or not what comes with that."""
    if gets_comment(part, decisions.live, decisions.desired):
        return True
    above = decisions.desired.objects[part.parent] if part.parent else None
    if isinstance(part, Index):
        own = isinstance(above, Index) and (
            part.options != above.options or part.statistics != above.statistics
        )
        return own or bool(part.comment or part.clustered)
    own = isinstance(above, Constraint) and part.index_options != above.index_options
    return own or bool(part.comment or part.index_comment or part.clustered)
