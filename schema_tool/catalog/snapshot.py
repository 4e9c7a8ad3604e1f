"""A catalog as a JSON document, and back: what `--snapshot` writes and `--to` reads.

Format: one object. `format` and `version` say what it is; `server` (major version), `role`,
`database` where it was read, `schemas` those that alone were; `uncompared` what no model
describes; `objects` holds the objects, each with its `kind` and the model's fields by name, without
those that have their default. A value that is not plain is an object of one key, the name of its
type. `oids` says, for each system catalog, which OID had which of the objects (by its place among
them); `dependencies` are the rows of pg_depend between them, sorted by either end.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import MISSING, fields, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from schema_tool.catalog.catalog import Catalog, Source, Uncompared
from schema_tool.catalog.dependencies import Dependencies
from schema_tool.catalog.identity import Identity, Kind
from schema_tool.catalog.model import cluster, definition, relation, search
from schema_tool.catalog.normal import Printed
from schema_tool.catalog.privileges import Grant
from schema_tool.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from schema_tool.catalog.model.entity import Entity

FORMAT = "schema-tool catalog"
VERSION = 6
MODELS: dict[Kind, type[Entity]] = {
    Kind.SCHEMA: definition.Schema,
    Kind.EXTENSION: definition.Extension,
    Kind.TABLE: relation.Table,
    Kind.COLUMN: relation.Column,
    Kind.CONSTRAINT: relation.Constraint,
    Kind.INDEX: relation.Index,
    Kind.SEQUENCE: relation.Sequence,
    Kind.VIEW: relation.View,
    Kind.MATERIALIZED_VIEW: relation.MaterializedView,
    Kind.VIEW_COLUMN: relation.ViewColumn,
    Kind.ROUTINE: definition.Routine,
    Kind.TRIGGER: relation.Trigger,
    Kind.EVENT_TRIGGER: definition.EventTrigger,
    Kind.RULE: relation.Rule,
    Kind.POLICY: relation.Policy,
    Kind.ENUM: definition.Enum,
    Kind.DOMAIN: definition.Domain,
    Kind.COMPOSITE: definition.Composite,
    Kind.RANGE: definition.Range,
    Kind.BASE_TYPE: definition.BaseType,
    Kind.MEMBERSHIP: cluster.Membership,
    Kind.DEFAULT_PRIVILEGES: cluster.DefaultPrivileges,
    Kind.EXTENSION_USE: cluster.ExtensionUse,
    Kind.FOUND_PRIVILEGES: cluster.FoundPrivileges,
    Kind.PUBLICATION: cluster.Publication,
    Kind.SUBSCRIPTION: cluster.Subscription,
    Kind.FOREIGN_DATA_WRAPPER: cluster.ForeignDataWrapper,
    Kind.SERVER: cluster.Server,
    Kind.USER_MAPPING: cluster.UserMapping,
    Kind.STATISTICS: relation.Statistics,
    Kind.TEXT_SEARCH_PARSER: search.TextSearchParser,
    Kind.TEXT_SEARCH_TEMPLATE: search.TextSearchTemplate,
    Kind.TEXT_SEARCH_DICTIONARY: search.TextSearchDictionary,
    Kind.TEXT_SEARCH_CONFIGURATION: search.TextSearchConfiguration,
    Kind.COLLATION: search.Collation,
    Kind.CONVERSION: search.Conversion,
    Kind.CAST: search.Cast,
    Kind.OPERATOR: search.Operator,
    Kind.OPERATOR_FAMILY: search.OperatorFamily,
    Kind.OPERATOR_CLASS: search.OperatorClass,
    Kind.LANGUAGE: definition.Language,
    Kind.ACCESS_METHOD: search.AccessMethod,
    Kind.TRANSFORM: search.Transform,
}
_PARTS: dict[str, Callable[..., Any]] = {
    "Grant": Grant,
    "DomainConstraint": definition.DomainConstraint,
    "Attribute": definition.Attribute,
    "PublishedTable": cluster.PublishedTable,
}
_IDENTITY = "Identity"
_PRINTED = "Printed"
_VALUES: dict[str, Callable[[Any], Any]] = {
    _IDENTITY: lambda held: Identity(Kind(held[0]), held[1:]),
    _PRINTED: lambda held: Printed(*held),
    "TableForm": relation.TableForm,
    "ConstraintForm": relation.ConstraintForm,
}
# Who reads decides whether these are seen, and they hold passwords.
_SECRETS = frozenset({(Kind.SUBSCRIPTION, "connection"), (Kind.USER_MAPPING, "options")})
_HIDDEN = {
    Kind.SUBSCRIPTION: "connection string of subscription",
    Kind.USER_MAPPING: "options of user mapping",
}
_OBJECT = "kind"
_BY_WORD = {kind.value: (kind, model) for kind, model in MODELS.items()}
_Field = tuple[str, Any, bool]


_known_fields: dict[type, tuple[_Field, ...]] = {}


def _fields(model: type[Any]) -> tuple[_Field, ...]:
    """Each field's name, its default (MISSING for none) and whether it is compared."""
    found = _known_fields.get(model)
    if found is None:
        found = tuple((entry.name, entry.default, entry.compare) for entry in fields(model))
        _known_fields[model] = found
    return found


def _plain(value: Any, *, compared: bool = False) -> Any:
    """A value that JSON knows; `compared`: only what of it is compared."""
    if isinstance(value, Identity):
        return {_IDENTITY: [value.kind.value, *value.parts]}
    if isinstance(value, tuple):
        return [_plain(entry, compared=compared) for entry in value]
    if isinstance(value, Enum):
        return {type(value).__name__: value.value}
    if isinstance(value, Printed):
        return value.normal if compared else {_PRINTED: [value, value.normal]}
    if value is None or isinstance(value, str | int):
        return value
    return {type(value).__name__: _details(value, compared=compared)}


def _details(value: Any, *, compared: bool = False) -> dict[str, Any]:
    found = {}
    for name, default, _ in _fields(type(value)):
        held = getattr(value, name)
        if held is not default and held != default:
            found[name] = (
                held if type(held) in (str, int, bool) else _plain(held, compared=compared)
            )
    return found


def without_secrets(catalog: Catalog) -> Catalog:
    """The catalog without connection strings and mappings' options, to be written to a file."""
    return replace(catalog, objects={i: _bare(entity) for i, entity in catalog.objects.items()})


def _bare(entity: Entity) -> Entity:
    if isinstance(entity, cluster.Subscription):
        return replace(entity, connection="")
    if isinstance(entity, cluster.UserMapping):
        return replace(entity, options=())
    return entity


def hidden_secrets(objects: Iterable[Entity]) -> tuple[Uncompared, ...]:
    """What others than superusers are not shown, or may not be, of what they have read."""
    return tuple(
        Uncompared(kind=_HIDDEN[entity.identity.kind], identity=entity.identity.name)
        for entity in objects
        if entity.identity.kind in _HIDDEN and entity == _bare(entity)
    )


def without_hidden(live: Catalog, desired: Catalog) -> tuple[Catalog, Catalog]:
    """Both sides without the secrets that one of their readers was not shown."""
    told = (*live.uncompared, *desired.uncompared)
    hidden = {entry for entry in told if entry.kind in _HIDDEN.values()}
    return (_without(live, hidden), _without(desired, hidden)) if hidden else (live, desired)


def _without(catalog: Catalog, hidden: set[Uncompared]) -> Catalog:
    found = dict(catalog.objects)
    for identity, entity in found.items():
        kind = _HIDDEN.get(identity.kind, "")
        if Uncompared(kind=kind, identity=identity.name) in hidden:
            found[identity] = _bare(entity)
    return replace(catalog, objects=found)


def with_secrets_of(catalog: Catalog, live: Catalog) -> Catalog:
    """A snapshot's catalog with the live database's secrets, so that none of them differs."""
    found = dict(catalog.objects)
    for identity, entity in catalog.objects.items():
        known = live.objects.get(identity) if identity.kind in _HIDDEN else None
        if known is None or entity != _bare(entity):
            continue
        if isinstance(entity, cluster.Subscription) and isinstance(known, cluster.Subscription):
            found[identity] = replace(entity, connection=known.connection)
        elif isinstance(entity, cluster.UserMapping) and isinstance(known, cluster.UserMapping):
            found[identity] = replace(entity, options=known.options)
    return replace(catalog, objects=found)


def _entry(entity: Entity) -> dict[str, Any]:
    found = {_OBJECT: entity.identity.kind.value, **_details(entity)}
    found["identity"] = entity.identity.parts
    return found


def dump(catalog: Catalog) -> str:
    """The catalog as a JSON document, the same for the same catalog."""
    source = catalog.source
    identities = sorted(catalog.objects)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "server": source.major,
        "role": source.role,
        "database": source.database,
        "memberships": source.memberships,
        "schemas": source.schemas,
        "uncompared": [[thing.kind, thing.identity] for thing in catalog.uncompared],
        "objects": [_entry(catalog.objects[identity]) for identity in identities],
        "oids": _places(source.oids, identities),
        "dependencies": [source.dependencies.by_dependent, source.dependencies.by_referenced],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _places(
    oids: Mapping[int, Mapping[int, Identity | None]], identities: list[Identity]
) -> list[tuple[int, list[int], list[int]]]:
    """For each system catalog the OIDs, and the places of what they belong to."""
    place = {identity: number for number, identity in enumerate(identities)}
    found = []
    for catalog in sorted(oids):
        known = [(oid, place[name]) for oid, name in oids[catalog].items() if name in place]
        found.append((int(catalog), [oid for oid, _ in known], [number for _, number in known]))
    return found


def _tuple(held: list[Any]) -> tuple[Any, ...]:
    return tuple([_tuple(entry) if type(entry) is list else entry for entry in held])


def _revive(found: dict[str, Any]) -> Any:
    """Turn an object into what it stands for, as soon as it is read: none is kept as it was."""
    for name, held in found.items():
        if type(held) is list:
            found[name] = _tuple(held)
    if _OBJECT in found:
        kind, model = _BY_WORD[found.pop(_OBJECT)]
        found["identity"] = Identity(kind, found["identity"])
        return model(**found)
    if len(found) != 1:
        return found
    ((name, held),) = found.items()
    if name in _VALUES:
        return _VALUES[name](held)
    return _PARTS[name](**held) if name in _PARTS else found


def load(text: str, *, origin: str) -> Catalog:
    """The catalog of a JSON document.

    Errors: UsageError when it is none of this format and version.
    """
    try:
        document = json.loads(text, object_hook=_revive)
        if document["format"] != FORMAT or document["version"] != VERSION:
            raise ValueError("another format or version")
        identities = [entity.identity for entity in document["objects"]]
        return Catalog(
            objects=dict(zip(identities, document["objects"], strict=True)),
            uncompared=tuple(
                Uncompared(kind=kind, identity=name) for kind, name in document["uncompared"]
            ),
            source=Source(
                major=int(document["server"]),
                role=str(document["role"]),
                database=str(document["database"]),
                memberships=bool(document.get("memberships")),
                schemas=tuple(document.get("schemas", ())),
                oids={
                    catalog: dict(zip(oids, [identities[n] for n in numbers], strict=True))
                    for catalog, oids, numbers in document["oids"]
                },
                dependencies=Dependencies(*map(str, document["dependencies"])),
            ),
        )
    except (KeyError, TypeError, ValueError, IndexError, RecursionError) as error:
        raise UsageError(
            f"{origin} is no snapshot that this version reads",
            hint="write it anew: schema-tool diff --snapshot FILE",
        ) from error


def fingerprint(catalog: Catalog) -> str:
    """A digest of what is compared: equal catalogs have the same, whoever read them."""
    digest = hashlib.sha256()
    for identity in sorted(catalog.objects):
        if identity.kind is Kind.MEMBERSHIP:
            continue
        entity = catalog.objects[identity]
        seen = [
            (name, _plain(getattr(entity, name), compared=True))
            for name, default, compared in _fields(type(entity))
            if compared
            and name != "identity"
            and (identity.kind, name) not in _SECRETS
            and (default is MISSING or getattr(entity, name) != default)
        ]
        line = json.dumps([identity.kind.value, identity.parts, seen], ensure_ascii=True)
        digest.update(line.encode())
    return digest.hexdigest()[:32]
