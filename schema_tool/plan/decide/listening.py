"""Event triggers that would fire on the plan's own statements while what they call changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.definition import EventTrigger, Routine
from schema_tool.plan.decisions import Decisions, rebuild
from schema_tool.plan.words import names_in_body

if TYPE_CHECKING:
    from collections.abc import Iterator

_FIRING = frozenset({"O", "A"})


def silence_event_triggers(decisions: Decisions) -> None:
    """Drop first, and create last, what cannot do its work in between or is to be switched off.

    One that stays as it is, with all that its function names, goes on listening.
    """
    changed = {*decisions.drop, *decisions.create, *decisions.alter}
    if all(identity.kind is Kind.EVENT_TRIGGER for identity in changed):
        return
    names = {identity.parts[1].lower() for identity in changed if len(identity.parts) > 1}
    for trigger in decisions.live.each(EventTrigger):
        identity = trigger.identity
        if trigger.enabled not in _FIRING or identity in decisions.drop:
            continue
        switched = identity in decisions.alter and "enabled" in decisions.alter[identity].attributes
        if switched or any(_is_touched(r, changed, names) for r in _called(identity, decisions)):
            rebuild(identity, decisions)


def _called(identity: Identity, decisions: Decisions) -> Iterator[Routine]:
    for needed in decisions.live_graph.needs.get(identity, ()):
        routine = decisions.live.objects.get(needed)
        if isinstance(routine, Routine):
            yield routine


def _is_touched(routine: Routine, changed: set[Identity], names: set[str]) -> bool:
    return routine.identity in changed or bool(names & names_in_body(routine.body))
