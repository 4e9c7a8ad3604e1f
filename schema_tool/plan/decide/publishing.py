"""Tables that leave a publication for a while: its subscribers keep it as their columns change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.cluster import Publication, PublishedTable
from schema_tool.compare import Action, Change
from schema_tool.plan.children.inheritance import descendants
from schema_tool.plan.emit.phrase import phrase
from schema_tool.plan.emit.replication import alter_publication, published
from schema_tool.plan.nodes import Node, Verb
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context


def unpublish(publication: Identity, column: Identity, decisions: Decisions) -> bool:
    """Have the tables leave whose lists or filters name a column; False where it cannot stay.

    All that a publication has of a table that goes, goes with it.
    """
    before, after = (side.objects.get(publication) for side in (decisions.live, decisions.desired))
    gone = Identity(Kind.TABLE, column.parts[:2]) in decisions.drop
    if column.kind is not Kind.COLUMN or gone or publication in decisions.drop:
        return False
    if not isinstance(before, Publication) or not isinstance(after, Publication):
        return False
    known = decisions.alter.get(publication)
    decisions.unpublished.setdefault(publication, set()).add(column)
    decisions.because.setdefault(publication, column)
    decisions.alter[publication] = Change(
        identity=publication,
        action=Action.ALTERED,
        before=before,
        after=after,
        attributes=tuple(sorted({"tables", *(known.attributes if known else ())})),
    )
    return True


def publishing_edges(decisions: Decisions) -> Iterator[tuple[Node, Node]]:
    """A table leaves before its column changes, and comes back after that."""
    for publication in decisions.unpublished:
        for column in _columns(publication, decisions):
            for verb in (Verb.DROP, Verb.ALTER):
                yield Node(Verb.LEAVE, publication), Node(verb, column)
                yield Node(verb, column), Node(Verb.ALTER, publication)


def _columns(publication: Identity, decisions: Decisions) -> set[Identity]:
    """The columns that change, and those that go, of tables that stay."""
    needed = decisions.live_graph.needs.get(publication, ())
    gone = {i for i in needed if i.kind is Kind.COLUMN and i in decisions.drop}
    gone = {i for i in gone if Identity(Kind.TABLE, i.parts[:2]) not in decisions.drop}
    return decisions.unpublished[publication] | gone


def _leaving(publication: Publication, decisions: Decisions) -> list[PublishedTable]:
    columns = _columns(publication.identity, decisions)
    tables = {Identity(Kind.TABLE, column.parts[:2]) for column in columns}
    tables |= {below for table in tables for below in descendants(table, decisions.children)}
    entries = (entry for entry in publication.tables if entry.columns or entry.where)
    return [entry for entry in entries if entry.table in tables]


def leave_publication(
    publication: Identity, decisions: Decisions, context: Context
) -> Iterator[Statement]:
    """DROP TABLE, which leaves the publication to its subscribers."""
    before = decisions.live.objects[publication]
    assert isinstance(before, Publication)
    bare = (PublishedTable(table=entry.table) for entry in _leaving(before, decisions))
    tables = ", ".join(published(entry, context) for entry in bare)
    yield Statement(sql=f"ALTER {phrase(before)} DROP {tables}")


def publish_again(
    publication: Identity, decisions: Decisions, context: Context
) -> Iterator[Statement]:
    """ADD TABLE where all else stays, else what is altered of a publication."""
    change = decisions.alter[publication]
    before, after = change.before, change.after
    assert isinstance(before, Publication)
    assert isinstance(after, Publication)
    away = _leaving(before, decisions)
    kept = tuple(entry for entry in before.tables if entry not in away)
    attributes = change.attributes
    if before.schemas == after.schemas and set(kept) <= set(after.tables):
        added = [published(entry, context) for entry in after.tables if entry not in kept]
        if added:
            yield Statement(sql=f"ALTER {phrase(after)} ADD {', '.join(added)}")
        attributes = tuple(sorted(set(attributes) - {"tables"}))
    yield from alter_publication(replace(before, tables=kept), after, attributes, context)
