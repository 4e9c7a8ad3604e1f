"""Which emitter serves which kind of object."""

# ruff: noqa: ARG001 - the registry calls all emitters alike

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schema_tool.catalog import Kind
from schema_tool.hazards import Hazard
from schema_tool.plan.emit import (
    attachments,
    columns,
    constraints,
    default_privileges,
    definitions,
    foreign,
    indexes,
    memberships,
    new_columns,
    replication,
    search,
    sequences,
    settings,
    tables,
    types,
    views,
)
from schema_tool.plan.emit.context import Context
from schema_tool.plan.emit.phrase import phrase
from schema_tool.plan.steps import Danger, Statement

if TYPE_CHECKING:
    from schema_tool.catalog.model.entity import Entity

Emit = Callable[["Entity", Context], Iterator[Statement]]
Alter = Callable[["Entity", "Entity", tuple[str, ...], Context], Iterator[Statement]]
# before, after, attributes
MustRebuild = Callable[[Any, Any, tuple[str, ...]], bool]

# Attributes that every owned object can change in place.
SETTINGS = frozenset({"owner", "privileges", "comment"})


def _drop(entity: Entity, context: Context) -> Iterator[Statement]:
    danger = Danger(hazard=Hazard.DROP_OBJECT)
    yield Statement(sql=f"DROP {phrase(entity)}", dangers=(danger,))


def _alter_settings(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    yield from settings.altered_settings(before, after, attributes)


def _unless_settings(before: Entity, after: Entity, attributes: tuple[str, ...]) -> bool:
    return not set(attributes) <= SETTINGS


def _never(before: Entity, after: Entity, attributes: tuple[str, ...]) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Emitter:
    """The SQL of one kind: created, dropped, altered, or dropped and created again."""

    create: Emit
    drop: Emit = _drop
    alter: Alter = _alter_settings
    must_rebuild: MustRebuild = _unless_settings


EMITTERS: dict[Kind, Emitter] = {
    Kind.SCHEMA: Emitter(create=definitions.create_schema),
    Kind.EXTENSION: Emitter(
        create=definitions.create_extension,
        alter=definitions.alter_extension,
        must_rebuild=_never,
    ),
    Kind.TABLE: Emitter(
        create=tables.create_table,
        drop=tables.drop_table,
        alter=tables.alter_table,
        must_rebuild=lambda before, after, _: tables.must_rebuild_table(before, after),
    ),
    Kind.COLUMN: Emitter(
        create=new_columns.create_column,
        drop=columns.drop_column,
        alter=columns.alter_column,
        must_rebuild=_never,  # depends on the server's version: see decide.py
    ),
    Kind.VIEW_COLUMN: Emitter(
        create=views.create_view_column,
        drop=views.drop_view_column,
        alter=views.alter_view_column,
        must_rebuild=_never,
    ),
    Kind.CONSTRAINT: Emitter(
        create=constraints.create_constraint,
        drop=constraints.drop_constraint,
        alter=constraints.alter_constraint,
        must_rebuild=constraints.must_rebuild_constraint,
    ),
    Kind.INDEX: Emitter(
        create=indexes.create_index,
        drop=indexes.drop_index,
        alter=indexes.alter_index,
        must_rebuild=indexes.must_rebuild_index,
    ),
    Kind.SEQUENCE: Emitter(
        create=sequences.create_sequence,
        drop=sequences.drop_sequence,
        alter=sequences.alter_sequence,
        must_rebuild=_never,
    ),
    Kind.VIEW: Emitter(
        create=views.create_view,
        alter=views.alter_view,
        must_rebuild=views.must_rebuild_view,
    ),
    Kind.MATERIALIZED_VIEW: Emitter(
        create=views.create_materialized_view,
        alter=views.alter_materialized_view,
        must_rebuild=lambda _before, _after, attributes: "definition" in attributes,
    ),
    Kind.ROUTINE: Emitter(
        create=definitions.create_routine,
        alter=definitions.alter_routine,
        must_rebuild=definitions.must_rebuild_routine,
    ),
    Kind.TRIGGER: Emitter(
        create=attachments.create_trigger,
        drop=attachments.drop_trigger,
        alter=attachments.alter_trigger,
        must_rebuild=attachments.must_rebuild_trigger,
    ),
    Kind.EVENT_TRIGGER: Emitter(
        create=definitions.create_event_trigger,
        alter=definitions.alter_event_trigger,
        must_rebuild=definitions.must_rebuild_event_trigger,
    ),
    Kind.RULE: Emitter(
        create=attachments.create_rule, alter=attachments.alter_rule, must_rebuild=_never
    ),
    Kind.POLICY: Emitter(
        create=attachments.create_policy,
        drop=attachments.drop_policy,
        alter=attachments.alter_policy,
        must_rebuild=attachments.must_rebuild_policy,
    ),
    Kind.STATISTICS: Emitter(
        create=attachments.create_statistics,
        alter=attachments.alter_statistics,
        must_rebuild=lambda _before, _after, attributes: "definition" in attributes,
    ),
    Kind.ENUM: Emitter(
        create=types.create_enum,
        alter=types.alter_enum,
        must_rebuild=types.must_rebuild_enum,
    ),
    Kind.DOMAIN: Emitter(
        create=types.create_domain,
        alter=types.alter_domain,
        must_rebuild=types.must_rebuild_domain,
    ),
    Kind.COMPOSITE: Emitter(
        create=types.create_composite,
        alter=types.alter_composite,
        must_rebuild=types.must_rebuild_composite,
    ),
    Kind.RANGE: Emitter(create=types.create_range),
    Kind.BASE_TYPE: Emitter(create=types.create_base_type, drop=types.drop_base_type),
    Kind.MEMBERSHIP: Emitter(
        create=memberships.create_membership,
        drop=memberships.drop_membership,
        alter=memberships.alter_membership,
        must_rebuild=_never,
    ),
    Kind.DEFAULT_PRIVILEGES: Emitter(
        create=default_privileges.create_default_privileges,
        drop=default_privileges.drop_default_privileges,
        alter=default_privileges.alter_default_privileges,
        must_rebuild=_never,
    ),
    Kind.EXTENSION_USE: Emitter(
        create=definitions.create_extension_use,
        drop=definitions.drop_extension_use,
        must_rebuild=_never,
    ),
    Kind.FOUND_PRIVILEGES: Emitter(
        create=default_privileges.create_found_privileges,
        drop=default_privileges.drop_found_privileges,
        alter=default_privileges.alter_found_privileges,
        must_rebuild=_never,
    ),
    Kind.PUBLICATION: Emitter(
        create=replication.create_publication,
        alter=replication.alter_publication,
        must_rebuild=replication.must_rebuild_publication,
    ),
    Kind.SUBSCRIPTION: Emitter(
        create=replication.create_subscription,
        drop=replication.drop_subscription,
        alter=replication.alter_subscription,
        must_rebuild=_never,
    ),
    Kind.FOREIGN_DATA_WRAPPER: Emitter(
        create=foreign.create_wrapper, alter=foreign.alter_wrapper, must_rebuild=_never
    ),
    Kind.SERVER: Emitter(
        create=foreign.create_server,
        alter=foreign.alter_server,
        must_rebuild=foreign.must_rebuild_server,
    ),
    Kind.USER_MAPPING: Emitter(
        create=foreign.create_mapping, alter=foreign.alter_mapping, must_rebuild=_never
    ),
    Kind.LANGUAGE: Emitter(create=definitions.create_language),
    Kind.TEXT_SEARCH_PARSER: Emitter(create=search.create_functions),
    Kind.TEXT_SEARCH_TEMPLATE: Emitter(create=search.create_functions),
    Kind.TEXT_SEARCH_DICTIONARY: Emitter(
        create=search.create_dictionary,
        alter=search.alter_dictionary,
        must_rebuild=search.must_rebuild_dictionary,
    ),
    Kind.TEXT_SEARCH_CONFIGURATION: Emitter(
        create=search.create_configuration,
        alter=search.alter_configuration,
        must_rebuild=search.must_rebuild_configuration,
    ),
    Kind.COLLATION: Emitter(create=search.create_collation),
    Kind.CONVERSION: Emitter(create=search.create_conversion),
    Kind.CAST: Emitter(create=search.create_cast),
    Kind.OPERATOR: Emitter(
        create=search.create_operator,
        alter=search.alter_operator,
        must_rebuild=search.must_rebuild_operator,
    ),
    Kind.OPERATOR_FAMILY: Emitter(
        create=search.create_family, alter=search.alter_family, must_rebuild=_never
    ),
    Kind.OPERATOR_CLASS: Emitter(create=search.create_class),
    Kind.ACCESS_METHOD: Emitter(create=search.create_access_method),
    Kind.TRANSFORM: Emitter(create=search.create_transform),
}
