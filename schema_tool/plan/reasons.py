"""Why a step is there, where its own text does not say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog import Kind
from schema_tool.catalog.model.relation import Column, Sequence
from schema_tool.plan.nodes import Verb

if TYPE_CHECKING:
    from schema_tool.catalog import Identity
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context
    from schema_tool.plan.nodes import Node

# Of what differs, what is not the reason to make an object anew.
_ALTERABLE = frozenset({"owner", "privileges", "comment", "canonical", "columns", "options"})
# What it is that cannot be altered, where more than that differs, and what people call it.
_CAUSES = {
    Kind.POLICY: frozenset({"command", "permissive"}),
    Kind.COLUMN: frozenset({"generated", "type", "default"}),
    Kind.EVENT_TRIGGER: frozenset({"event", "tags", "function"}),
    Kind.PUBLICATION: frozenset({"all_tables"}),
}
_ROWS_FIRST = "once its rows that belong to others have moved there"
_CALLED = {
    "permissive": "mode",
    "generated": "expression",
    "default": "expression",
    "valid": "validity",
    "all_tables": "scope",
}


def reason(  # noqa: PLR0911 - a return for each reason
    node: Node, decisions: Decisions, context: Context
) -> str:
    """Why a step is there, where its own text does not say so."""
    identity = node.identity
    if identity in context.refilled:
        return f"{_what_of(identity, decisions)}: it is made beside the old one"
    if identity in decisions.swapped and node.verb is not Verb.ALTER:
        made = {other for other in decisions.create if other.parts == identity.parts}
        if not made:
            return f"{identity} is used until its name is taken"
        if identity not in made:
            return f"{identity} leaves its name to {min(made)}"
        rows = "its tables' rows move"
        how = rows if identity.kind is Kind.ROUTINE else "its columns converted"
        return f"{identity} cannot be altered in place: it is made anew, {how}"
    if identity in decisions.moved:
        return f"{identity} cannot be altered in place: its rows move to a new table"
    if node.verb is Verb.LEAVE and identity in decisions.shares:
        end = "goes" if identity in decisions.drop else "comes back"
        return f"{identity} {end} {_ROWS_FIRST}"
    if node.verb is Verb.LEAVE and identity in decisions.apart:
        if any(i.kind is Kind.COMPOSITE for i in decisions.apart[identity]):
            return f"{identity} comes back: its columns are altered apart from its type"
        if identity in decisions.takers:
            return f"{identity} comes back {_ROWS_FIRST}"
        return f"{identity} comes back: its columns cannot be altered with all of its parents'"
    if not decisions.rebuilt(identity):
        return _of_one_that_stays(node, decisions)
    if _unalterable(identity, decisions):
        return _what_of(identity, decisions) if node.verb is Verb.DROP else ""
    needed = decisions.because.get(identity)
    return f"{identity} stands on {f'{needed}, which' if needed else 'what'} changes"


def _of_one_that_stays(node: Node, decisions: Decisions) -> str:
    identity = node.identity
    needed = decisions.because.get(identity)
    if needed and identity.kind is Kind.INDEX and node.verb is Verb.ALTER:
        return f"{identity} holds what {needed} returned before"
    left = node.verb is Verb.LEAVE and identity in decisions.unpublished
    undefaulted = node.verb is Verb.UNDEFAULT and identity not in decisions.ended
    if needed and (left or undefaulted):
        return f"{identity} stands on {needed}, which changes"
    return _of_position(node, decisions)


def _what_of(identity: Identity, decisions: Decisions) -> str:
    words = _unalterable(identity, decisions)
    said = f"{_listed(words)} of {identity}" if words else f"{identity}"
    return f"{said} cannot be altered in place"


def _unalterable(identity: Identity, decisions: Decisions) -> list[str]:
    """Of what differs, what cannot be altered; of a policy, a condition that is taken away."""
    differing = decisions.immutable.get(identity, ())
    words = [w for w in differing if w not in _ALTERABLE]
    if not words and identity.kind is Kind.INDEX and identity not in decisions.because:
        words = [w for w in differing if w == "options"]
    causes = _CAUSES.get(identity.kind, frozenset())
    if identity.kind is Kind.POLICY:
        wanted = decisions.desired.objects[identity]
        causes |= {w for w in ("using", "check") if not getattr(wanted, w)}
    return [w for w in words if w in causes] or words


def _listed(words: list[str]) -> str:
    *some, last = dict.fromkeys(f"the {_CALLED.get(w, w)}".replace("_", " ") for w in words)
    return " and ".join([", ".join(some), last] if some else [last])


def _of_position(node: Node, decisions: Decisions) -> str:
    """Where a sequence stands is kept, as far as its bounds let it."""
    identity = node.identity
    change = decisions.alter.get(identity) if node.verb is Verb.ALTER else None
    before, after = (change.before, change.after) if change else (None, None)
    if isinstance(before, Sequence) and isinstance(after, Sequence):
        narrows = after.minimum > before.minimum or after.maximum < before.maximum
        return f"{identity} must stand within its new bounds before it gets them" if narrows else ""
    if isinstance(before, Column) and isinstance(after, Column):
        ended = decisions.ended.get(identity, ())
        goes_on = any(sequence in decisions.desired.objects for sequence in ended)
        if goes_on and bool(before.identity_generation) is not bool(after.identity_generation):
            return f"{identity} gets another sequence, which goes on where the old one stands"
    return ""
