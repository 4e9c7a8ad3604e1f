"""make_plan: Changes -> Plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Identity, Kind
from schema_tool.catalog.model.definition import Domain, Enum
from schema_tool.catalog.model.relation import (
    Column,
    Constraint,
    Index,
    Sequence,
    Table,
    TableForm,
)
from schema_tool.catalog.quoting import name, qualified
from schema_tool.compare import Action
from schema_tool.hazards import Hazard
from schema_tool.plan import moving
from schema_tool.plan.absent import absent_roles
from schema_tool.plan.commands import in_commands, proved_last, waits_for_all
from schema_tool.plan.decide.containers import has_rows
from schema_tool.plan.decide.decide import decide
from schema_tool.plan.decide.followers import also_lost
from schema_tool.plan.decide.held_rows import refused
from schema_tool.plan.decide.left_out import hindered
from schema_tool.plan.decide.part_names import without_name
from schema_tool.plan.decide.publishing import leave_publication, publish_again
from schema_tool.plan.decide.sibling_partitions import left_rows
from schema_tool.plan.decide.stale_values import find_stale_values, stale_values
from schema_tool.plan.decide.type_changes import carries_other
from schema_tool.plan.defaults import switch_default
from schema_tool.plan.emit import sequences, settings, types
from schema_tool.plan.emit.fitting_rows import prove_fit, require_fit
from schema_tool.plan.emit.foreign_keys import comes_by_parts, give_to_parts
from schema_tool.plan.emit.given import is_given, settle_converted, settle_given
from schema_tool.plan.emit.index_parts import build_by_parts, is_built_by_parts
from schema_tool.plan.emit.indexes import called, calling, fresh_name, must_rebuild_index
from schema_tool.plan.emit.indexes_ahead import build_ahead, is_built_ahead, take_name
from schema_tool.plan.emit.inherited_not_nulls import own_not_nulls
from schema_tool.plan.emit.keys import build_key
from schema_tool.plan.emit.not_null import prove_not_null, settle_not_null
from schema_tool.plan.emit.parents import drop_exclusions, leave_parents
from schema_tool.plan.emit.phrase import address
from schema_tool.plan.emit.refilled import refill
from schema_tool.plan.emit.registry import EMITTERS
from schema_tool.plan.emit.tables import set_replica_identity
from schema_tool.plan.filling import owners_after_filling
from schema_tool.plan.graph import Lazy, dependency_graph
from schema_tool.plan.nodes import Node, Verb
from schema_tool.plan.old_types import with_old_type, with_rows_type
from schema_tool.plan.order.order import Ordering
from schema_tool.plan.order.replica_identities import is_handed_on
from schema_tool.plan.places import plan_context
from schema_tool.plan.reasons import reason
from schema_tool.plan.row_moves import give_rows, leave_rows, share_rows, take_off, take_rows
from schema_tool.plan.steps import Group, Plan, Statement, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.compare import Changes
    from schema_tool.plan.decisions import Decisions
    from schema_tool.plan.emit.context import Context

_ACTIONS = {
    Verb.DROP: Action.DROPPED,
    Verb.DROP_OLD: Action.DROPPED,
    Verb.CREATE: Action.CREATED,
}


def make_plan(
    changes: Changes,
    *,
    online: bool = True,
    first: tuple[Step, ...] = (),
    gives_back: bool = False,
) -> Plan:
    """The ordered steps that make the live database like the desired one.

    `first` are the renames that `changes` takes as done; `gives_back`: it undoes another plan, and
    the rows of partitions that go are the default one's.
    """
    if changes.equal:
        return Plan(groups=tuple(_grouped(list(first))))
    live_graph, desired_graph = dependency_graph(changes.live), dependency_graph(changes.desired)
    decisions = decide(changes, live_graph, desired_graph, online=online, gives_back=gives_back)
    left_out = hindered(changes, decisions, desired_graph)
    if unplanned := (*refused(decisions, desired_graph), *left_out):
        return Plan(groups=(), unplanned=unplanned)
    find_stale_values(decisions, desired_graph)
    context = plan_context(changes, decisions, desired_graph, online=online)
    builder = _Builder(decisions, context)
    said: Lazy[Node, list[Statement]] = Lazy(lambda node: list(builder.statements(node)))
    ordering = Ordering(
        decisions,
        context,
        live=live_graph,
        desired=desired_graph,
        splits=lambda node: any(_splits(node, statement) for statement in said[node]),
    )
    steps = [
        (node, _step(node, statement, decisions, context))
        for node in ordering.order()
        for statement in said[node]
    ]
    ordered = in_commands(
        owners_after_filling(proved_last(steps), desired_graph),
        carries=lambda column: carries_other(column, decisions, desired_graph),
    )
    roles = absent_roles(changes)
    return Plan(
        groups=tuple(_grouped([*first, *roles, *ordered])),
        unplanned=tuple(decisions.unplanned),
    )


def _step(node: Node, statement: Statement, decisions: Decisions, context: Context) -> Step:
    return Step(
        identity=node.identity,
        action=_ACTIONS.get(node.verb, Action.ALTERED),
        statement=statement,
        reason=reason(node, decisions, context),
    )


def _splits(node: Node, statement: Statement) -> bool:
    """Whether a statement ends or begins a transaction; a constraint's validation comes last."""
    if statement.apart and waits_for_all(node):
        return False
    return statement.alone or statement.apart or statement.commits


def _grouped(steps: list[Step]) -> Iterator[Group]:
    """Transactions: as few as the statements allow."""
    waiting: list[Step] = []
    for place, step in enumerate(steps):
        statement = step.statement
        if (statement.alone or statement.apart) and waiting:
            yield Group(steps=tuple(waiting))
            waiting = []
        if statement.alone:
            yield Group(steps=(step,), transactional=False)
            continue
        waiting.append(step)
        following = steps[place + 1].statement if place + 1 < len(steps) else None
        # New values of enums wait for one commit together.
        if statement.commits and not (following and following.commits and not following.apart):
            yield Group(steps=tuple(waiting))
            waiting = []
    if waiting:
        yield Group(steps=tuple(waiting))


class _Builder:
    """Nodes -> statements."""

    def __init__(self, decisions: Decisions, context: Context) -> None:
        self._decisions = decisions
        self._context = context
        self._live = decisions.live.objects
        self._desired = decisions.desired.objects

    def statements(self, node: Node) -> Iterator[Statement]:
        """The SQL of one node."""
        verb, identity = node
        if verb in (Verb.BUILD, Verb.CHECK, Verb.VALIDATE, Verb.SETTLE):
            yield from self._beside_traffic(node)
        elif verb is Verb.CREATE:
            yield from self._create(identity)
        elif verb is Verb.DROP:
            yield from self._drop(identity)
        elif verb is Verb.ALTER:
            yield from self._alter(identity)
        elif verb is Verb.RENAME:
            yield from moving.rename_away(identity, self._decisions, self._context)
        elif verb is Verb.DROP_OLD:
            yield from moving.drop_old(identity, self._decisions, self._context)
        elif verb is Verb.COPY:
            partition = identity in self._decisions.shares
            copy = share_rows if partition else moving.copy_rows
            yield from copy(identity, self._decisions, self._context)
        elif verb is Verb.LEAVE:
            yield from self._leave(identity)
        elif verb in (Verb.UNDEFAULT, Verb.DEFAULT):
            yield from switch_default(
                identity, self._decisions, self._context, on=verb is Verb.DEFAULT
            )
        elif verb in (Verb.OWN, Verb.DISOWN):
            yield from self._own(identity, on=verb is Verb.OWN)
        elif verb in (Verb.UNIDENTIFY, Verb.FINISH):
            yield from self._finish(identity, meanwhile=verb is Verb.UNIDENTIFY)

    def _finish(self, identity: Identity, *, meanwhile: bool) -> Iterator[Statement]:
        entity = self._desired[identity]
        if isinstance(entity, Index | Constraint):
            yield from settle_converted(entity, self._decisions, self._context)
        elif isinstance(entity, Table):
            yield set_replica_identity(entity, meanwhile=meanwhile)

    def _create(self, identity: Identity) -> Iterator[Statement]:
        entity = self._desired[identity]
        if isinstance(entity, Index) and is_built_by_parts(entity, self._context):
            yield from build_by_parts(entity, None, self._context)
            return
        if isinstance(entity, Index) and is_built_ahead(entity, self._context):
            yield from take_name(entity)
            return
        if isinstance(entity, Index | Constraint) and is_given(entity, self._context):
            yield from settle_given(entity, self._context)
            return
        if identity in self._context.refilled:
            made = refill(entity, self._drop(identity), self._context)
        else:
            made = EMITTERS[identity.kind].create(entity, self._context)
        for statement in made:
            yield self._without(Hazard.REVOKE, statement, self._may_do_as_much(entity))
        yield from with_rows_type(identity, self._decisions, create=True)

    def _may_do_as_much(self, entity: Entity) -> bool:
        """Whether nobody had more rights: a revoke takes but what is granted at birth."""
        before = self._live.get(entity.identity)
        return before is None or getattr(before, "privileges", ()) == getattr(
            entity, "privileges", ()
        )

    @staticmethod
    def _without(hazard: Hazard, statement: Statement, harmless: bool) -> Statement:
        if not harmless:
            return statement
        dangers = tuple(danger for danger in statement.dangers if danger.hazard is not hazard)
        return replace(statement, dangers=dangers)

    def _leave(self, identity: Identity) -> Iterator[Statement]:
        if identity in self._decisions.unpublished:
            yield from leave_publication(identity, self._decisions, self._context)
            return
        if identity in self._decisions.givers:
            yield from give_rows(identity, self._decisions, self._context)
            return
        if identity in self._decisions.nameless:
            part = self._decisions.alter[identity].before
            assert part is not None
            emit = EMITTERS[identity.kind].alter
            yield from emit(part, without_name(part), ("identity",), self._context)
            return
        if identity in self._decisions.drop:
            yield from take_off(identity, self._context)
            return
        before, after = self._live[identity], self._desired[identity]
        assert isinstance(before, Table)
        assert isinstance(after, Table)
        yield from leave_parents(before, after, self._decisions.left_for_a_while(identity))
        yield from own_not_nulls(before, self._context)
        if before.partition_bound and after.partition_bound:
            yield from drop_exclusions(before, self._decisions.drop, self._context)

    def _beside_traffic(self, node: Node) -> Iterator[Statement]:
        entity = self._desired[node.identity]
        if node.verb is Verb.BUILD and isinstance(entity, Index):
            yield build_ahead(entity, self._context)
            return
        if node.verb is Verb.BUILD:
            proved = comes_by_parts(entity, self._context)
            yield from (give_to_parts if proved else build_key)(entity, self._context)
            return
        if isinstance(entity, Table):
            said = require_fit if node.verb is Verb.CHECK else prove_fit
            yield from said(entity, self._context)
            return
        assert isinstance(entity, Column)
        if node.verb is Verb.VALIDATE:
            yield from prove_not_null(entity, self._context)
        else:
            yield from settle_not_null(entity)

    def _drop(self, identity: Identity) -> Iterator[Statement]:
        entity = self._live[identity]
        for statement in EMITTERS[identity.kind].drop(entity, self._context):
            # The rows of a table that becomes a foreign one go nowhere.
            kept = identity.kind not in (Kind.COLUMN, Kind.TABLE)
            kept = kept or identity in self._decisions.moved
            kept = kept or (isinstance(entity, Table) and entity.form is TableForm.FOREIGN)
            comes_back = identity in self._desired and kept
            if comes_back or identity in self._decisions.emptied:
                # It comes back, or its rows have moved: nothing is lost but time.
                dangers = tuple(replace(danger, loses="") for danger in statement.dangers)
                again = replace(statement, dangers=dangers)
                # It guards the rows again before anybody sees them.
                same = self._desired.get(identity) == entity
                yield self._without(Hazard.WEAKEN_SECURITY, again, same)
            else:
                left = left_rows(identity, self._decisions)
                also = also_lost(identity, self._decisions)
                dangers = tuple(
                    replace(d, loses=(d.loses and d.loses + also) if left is None else left)
                    for d in statement.dangers
                )
                yield replace(statement, dangers=dangers)

    def _alter(self, identity: Identity) -> Iterator[Statement]:
        if identity in self._decisions.unpublished:
            yield from publish_again(identity, self._decisions, self._context)
            return
        change = self._decisions.alter[identity]
        before, after = change.before, change.after
        assert before is not None
        assert after is not None
        if identity in self._decisions.nameless:
            before = without_name(before)
        if isinstance(before, Index) and isinstance(after, Index):  # noqa: SIM102 - for mypy
            if must_rebuild_index(before, after, change.attributes):
                yield from self._replace_index(before, after)
                return
        if isinstance(before, Column) and isinstance(after, Column):
            before = with_old_type(before, self._decisions)
            if identity in self._decisions.undefaulted:
                before, after = replace(before, default=""), replace(after, default="")
        if isinstance(before, Domain) and isinstance(after, Domain):  # noqa: SIM102 - for mypy
            if identity in self._decisions.undefaulted:
                before, after = types.without_checks(before), types.without_checks(after)
        yield from take_rows(identity, self._decisions, self._context)
        yield from leave_rows(identity, self._decisions, self._context)
        statements = EMITTERS[identity.kind].alter(before, after, change.attributes, self._context)
        swapped = self._swapped_enum(change.before)
        stale = tuple(stale_values(identity, self._decisions))
        unused = identity.kind is Kind.COMPOSITE and not has_rows(identity, self._decisions)
        for number, statement in enumerate(statements):
            if unused:
                # No row has values that could be lost.
                yield replace(statement, dangers=())
                continue
            said = moving.converting(statement, *swapped) if swapped else statement
            yield said if number else replace(said, dangers=(*said.dangers, *stale))

    def _swapped_enum(self, column: Entity | None) -> tuple[Enum, Enum] | None:
        """The enum that a column is converted from and to, when that is what happens."""
        if not isinstance(column, Column):
            return None
        for kind in self._decisions.swapped:
            before, after = self._live[kind], self._desired.get(kind)
            if column.type.removesuffix("[]") != qualified(*kind.parts):
                continue
            if isinstance(before, Enum) and isinstance(after, Enum):
                return before, after
        return None

    def _replace_index(self, before: Index, after: Index) -> Iterator[Statement]:
        """The new index is ready before the old one goes."""
        if before.partitioned or after.partitioned:
            if is_built_by_parts(after, self._context):
                yield from build_by_parts(after, before, self._context)
            else:
                yield from EMITTERS[Kind.INDEX].drop(before, self._context)
                yield from EMITTERS[Kind.INDEX].create(after, self._context)
            return
        final = after.identity.parts
        fresh = fresh_name(final[1])
        named = replace(called(after, fresh), comment="")
        for statement in EMITTERS[Kind.INDEX].create(named, self._context):
            yield calling(statement, named, after)
        table = self._desired.get(after.table)
        if isinstance(table, Table) and is_handed_on(after.identity, self._decisions):
            by_fresh = replace(table, replica_identity=f"USING INDEX {fresh}")
            yield set_replica_identity(by_fresh, meanwhile=False)
        yield from EMITTERS[Kind.INDEX].drop(before, self._context)
        yield Statement(sql=f"ALTER INDEX {qualified(final[0], fresh)} RENAME TO {name(final[1])}")
        if after.comment:
            yield settings.comment(after)

    def _own(self, identity: Identity, *, on: bool) -> Iterator[Statement]:
        sequence = (self._desired if on else self._live)[identity]
        assert isinstance(sequence, Sequence)
        if sequence.internal:
            return
        if on and sequence.owned_by:
            yield sequences.own_sequence(sequence)
        elif sequence.owned_by and not on:
            yield Statement(sql=f"ALTER SEQUENCE {address(sequence)} OWNED BY NONE")
