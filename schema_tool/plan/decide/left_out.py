"""What patterns leave out stays as it is: nothing goes from below it, nothing needs it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.relation import Constraint, Index
from schema_tool.compare import PARTS, Action
from schema_tool.plan.graph import schema_of
from schema_tool.plan.steps import Unplanned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.compare import Changes
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.graph import Graph

# `parents` stand in the order in which they were joined.
_BESIDE = frozenset(
    {"owner", "privileges", "comment", "index_comment", "not_null_comment", "parents"}
)


def keep_schemas(changes: Changes, decisions: Decisions) -> None:
    """Keep the schemas that hold something which stays, and note them."""
    if not changes.narrowed:
        return
    gone = {i for i in decisions.drop if i.kind is Kind.SCHEMA}
    going = {change.identity for change in changes if change.action is Action.DROPPED}
    held: dict[Identity | None, list[Identity]] = {}
    for identity in decisions.live.objects if gone else ():
        stays = identity.kind not in PARTS and identity not in going
        if stays and (schema := schema_of(identity)) in gone:
            held.setdefault(schema, []).append(identity)
    for schema in sorted(gone & held.keys()):
        first, *others = sorted(held[schema])
        more = f", and {len(others)} more," if others else ""
        reason = f"{first} is in it{more} and left out"
        decisions.drop.discard(schema)
        decisions.unplanned.append(Unplanned(identity=schema, reason=reason))


def hindered(changes: Changes, decisions: Decisions, desired: Graph) -> Iterator[Unplanned]:
    """What needs something that is left out, and what is left out and would have to go."""
    if not changes.narrowed or decisions.gives_back:
        # What undoes a plan is planned from the files' state, which has more than was done.
        return
    known = {change.identity for change in changes}
    live = decisions.live.objects
    for change in changes:
        if change.action is Action.DROPPED:
            continue
        needs = sorted(desired.needs.get(change.identity, ()))
        missing = next((i for i in needs if i not in live and i not in known), None)
        if missing is not None:
            reason = f"it needs {missing}, which is left out"
            yield Unplanned(identity=change.identity, reason=reason)
    for identity in sorted(decisions.drop - decisions.create):
        users = sorted(decisions.live_graph.needed_by.get(identity, ()))
        others = (user for user in users if user not in known and user not in decisions.drop)
        user = next((user for user in others if _is_held(user, decisions)), None)
        if user is not None:
            yield Unplanned(identity=identity, reason=f"{user} needs it, which is left out")
    for identity in sorted(decisions.drop - known):
        if identity in decisions.desired.objects and not _is_held(identity, decisions):
            # It comes back as it was.
            continue
        below = decisions.because.get(identity)
        reason = "it is left out, and " + (f"{below} goes" if below else "what it stands on goes")
        yield Unplanned(identity=identity, reason=reason)


def _is_held(identity: Identity, decisions: Decisions) -> bool:
    """Whether it is to be otherwise but for its owner, privileges and comment, by itself."""
    before = decisions.live.objects.get(identity)
    after = decisions.desired.objects.get(identity)
    if isinstance(before, Index | Constraint) and before.parent in decisions.drop:
        # It has always gone with its whole.
        return False
    if before is None or after is None:
        return before is not after
    names = {entry.name for entry in fields(before) if entry.compare} - _BESIDE
    return any(getattr(before, name) != getattr(after, name, None) for name in names)
