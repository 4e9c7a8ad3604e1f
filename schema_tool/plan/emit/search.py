"""Text search objects, collations, conversions, casts, operators and their classes."""

# ruff: noqa: ARG001 - the registry calls all emitters alike

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tool.catalog.model.search import (
    AccessMethod,
    Cast,
    Collation,
    Conversion,
    Operator,
    OperatorClass,
    OperatorFamily,
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
    Transform,
)
from schema_tool.catalog.quoting import literal, name
from schema_tool.plan.emit import settings
from schema_tool.plan.emit.phrase import address, phrase
from schema_tool.plan.steps import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tool.catalog.model.entity import Entity
    from schema_tool.plan.emit.context import Context

_ANY_ENCODING = -1


def create_functions(entity: Entity, context: Context) -> Iterator[Statement]:
    """CREATE TEXT SEARCH PARSER or TEMPLATE."""
    assert isinstance(entity, TextSearchParser | TextSearchTemplate)
    yield Statement(sql=f"CREATE {phrase(entity)} ({', '.join(entity.functions)})")
    if entity.comment:
        yield settings.comment(entity)


def create_dictionary(dictionary: Entity, context: Context) -> Iterator[Statement]:
    """CREATE TEXT SEARCH DICTIONARY."""
    assert isinstance(dictionary, TextSearchDictionary)
    options = f", {dictionary.options}" if dictionary.options else ""
    yield Statement(sql=f"CREATE {phrase(dictionary)} (TEMPLATE = {dictionary.template}{options})")
    yield from settings.after_creation(dictionary, context.live)


def _dictionary_options(text: str) -> dict[str, str]:
    """`a = 'b', c = 'd'` as a mapping; values stay as the server quoted them."""
    found: dict[str, str] = {}
    key, position = "", 0
    while position < len(text):
        equals = text.index("=", position)
        key = text[position:equals].strip(" ,")
        end = text.index("'", equals) + 1
        while text[end] != "'" or text[end + 1 : end + 2] == "'":
            end += 2 if text[end] == "'" else 1
        found[key] = text[equals + 1 : end + 1].strip()
        position = end + 1
    return found


def must_rebuild_dictionary(
    before: TextSearchDictionary, after: TextSearchDictionary, attributes: tuple[str, ...]
) -> bool:
    """The template is for ever."""
    return "template" in attributes


def alter_dictionary(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Options; a name alone takes one away."""
    assert isinstance(before, TextSearchDictionary)
    assert isinstance(after, TextSearchDictionary)
    if "options" in attributes:
        old, new = _dictionary_options(before.options), _dictionary_options(after.options)
        said = [key for key, value in new.items() if old.get(key) != value]
        if [key for key in new if key not in said] + said != list(new):
            # What is said again moves to the end: all of it, to have them in this order.
            said = list(new)
        parts = [key for key in old if key not in new]
        parts += [f"{key} = {new[key]}" for key in said]
        yield Statement(sql=f"ALTER {phrase(after)} ({', '.join(parts)})")
    yield from settings.altered_settings(before, after, attributes)


def create_configuration(configuration: Entity, context: Context) -> Iterator[Statement]:
    """CREATE TEXT SEARCH CONFIGURATION and its mappings."""
    assert isinstance(configuration, TextSearchConfiguration)
    yield Statement(sql=f"CREATE {phrase(configuration)} (PARSER = {configuration.parser})")
    yield from _mappings(configuration, {}, dict(configuration.mappings))
    yield from settings.after_creation(configuration, context.live)


def _mappings(
    configuration: TextSearchConfiguration,
    old: dict[str, tuple[str, ...]],
    new: dict[str, tuple[str, ...]],
) -> Iterator[Statement]:
    target = f"ALTER {phrase(configuration)}"
    gone = [name(token) for token in old if token not in new]
    if gone:
        yield Statement(sql=f"{target} DROP MAPPING FOR {', '.join(gone)}")
    for verb, tokens in (
        ("ADD", [token for token in new if token not in old]),
        ("ALTER", [token for token in new if token in old and old[token] != new[token]]),
    ):
        by_dictionaries: dict[tuple[str, ...], list[str]] = {}
        for token in tokens:
            by_dictionaries.setdefault(new[token], []).append(name(token))
        for dictionaries, names in by_dictionaries.items():
            yield Statement(
                sql=f"{target} {verb} MAPPING FOR {', '.join(names)} WITH {', '.join(dictionaries)}"
            )


def must_rebuild_configuration(
    before: TextSearchConfiguration, after: TextSearchConfiguration, attributes: tuple[str, ...]
) -> bool:
    """The parser is for ever."""
    return "parser" in attributes


def alter_configuration(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Mappings."""
    assert isinstance(before, TextSearchConfiguration)
    assert isinstance(after, TextSearchConfiguration)
    yield from _mappings(after, dict(before.mappings), dict(after.mappings))
    yield from settings.altered_settings(before, after, attributes)


def create_collation(collation: Entity, context: Context) -> Iterator[Statement]:
    """CREATE COLLATION."""
    assert isinstance(collation, Collation)
    if collation.provider == "libc" and collation.encoding == _ANY_ENCODING:
        # The server's own are for any encoding, and so are only copies of them.
        source = f'pg_catalog."{collation.collate}"'
        yield Statement(sql=f"CREATE {phrase(collation)} FROM {source}")
        yield from settings.after_creation(collation, context.live)
        return
    parts = [f"PROVIDER = {collation.provider}"]
    if collation.locale:
        parts.append(f"LOCALE = {literal(collation.locale)}")
    elif collation.collate == collation.ctype:
        parts.append(f"LOCALE = {literal(collation.collate)}")
    else:
        parts.append(f"LC_COLLATE = {literal(collation.collate)}")
        parts.append(f"LC_CTYPE = {literal(collation.ctype)}")
    if not collation.deterministic:
        parts.append("DETERMINISTIC = false")
    if collation.rules:
        parts.append(f"RULES = {literal(collation.rules)}")
    yield Statement(sql=f"CREATE {phrase(collation)} ({', '.join(parts)})")
    yield from settings.after_creation(collation, context.live)


def create_conversion(conversion: Entity, context: Context) -> Iterator[Statement]:
    """CREATE CONVERSION."""
    assert isinstance(conversion, Conversion)
    default = "DEFAULT " if conversion.default else ""
    yield Statement(
        sql=f"CREATE {default}CONVERSION {address(conversion)} FOR {literal(conversion.source)}"
        f" TO {literal(conversion.target)} FROM {conversion.function}"
    )
    yield from settings.after_creation(conversion, context.live)


def create_cast(cast: Entity, context: Context) -> Iterator[Statement]:
    """CREATE CAST."""
    assert isinstance(cast, Cast)
    how = {"inout": "WITH INOUT", "binary": "WITHOUT FUNCTION"}.get(
        cast.method, f"WITH FUNCTION {cast.function}"
    )
    context_clause = {"assignment": " AS ASSIGNMENT", "implicit": " AS IMPLICIT"}
    yield Statement(sql=f"CREATE {phrase(cast)} {how}{context_clause.get(cast.context, '')}")
    if cast.comment:
        yield settings.comment(cast)


def create_operator(operator: Entity, context: Context) -> Iterator[Statement]:
    """CREATE OPERATOR."""
    assert isinstance(operator, Operator)
    schema, symbol, left, right = operator.identity.parts
    parts = [f"FUNCTION = {operator.function}"]
    if left != "NONE":
        parts.append(f"LEFTARG = {left}")
    if right != "NONE":
        parts.append(f"RIGHTARG = {right}")
    named = {
        "COMMUTATOR": operator.commutator,
        "NEGATOR": operator.negator,
        "RESTRICT": operator.restrict,
        "JOIN": operator.join,
    }
    parts += [f"{key} = {value}" for key, value in named.items() if value]
    parts += [w for w, on in (("HASHES", operator.hashes), ("MERGES", operator.merges)) if on]
    yield Statement(sql=f"CREATE OPERATOR {name(schema)}.{symbol} ({', '.join(parts)})")
    yield from settings.after_creation(operator, context.live)


def must_rebuild_operator(before: Operator, after: Operator, attributes: tuple[str, ...]) -> bool:
    """Only the estimators can be altered on every version."""
    return bool({"function", "commutator", "negator", "hashes", "merges"} & set(attributes))


def alter_operator(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Estimators."""
    assert isinstance(after, Operator)
    chosen = {"restrict": after.restrict, "join": after.join}
    parts = [f"{k.upper()} = {v or 'NONE'}" for k, v in chosen.items() if k in attributes]
    if parts:
        yield Statement(sql=f"ALTER {phrase(after)} SET ({', '.join(parts)})")
    yield from settings.altered_settings(before, after, attributes)


def create_family(family: Entity, context: Context) -> Iterator[Statement]:
    """CREATE OPERATOR FAMILY and its loose members."""
    assert isinstance(family, OperatorFamily)
    yield Statement(sql=f"CREATE {phrase(family)}")
    if family.members:
        yield _with_members(family, "ADD", family.members)
    yield from settings.after_creation(family, context.live)


def _with_members(family: OperatorFamily, verb: str, members: Iterable[str]) -> Statement:
    """ALTER OPERATOR FAMILY, a member a line where there are several."""
    clauses = sorted(members, key=_place_of_member)
    start = "\n    " if len(clauses) > 1 else " "
    return Statement(sql=f"ALTER {phrase(family)} {verb}{start}" + ",\n    ".join(clauses))


def _place_of_member(member: str) -> tuple[bool, int, str]:
    """Operators by their strategies come first, then functions by their numbers."""
    kind, number, _ = member.split(" ", 2)
    return kind == "FUNCTION", int(number), member


def _dropped_member(member: str) -> str:
    """`OPERATOR 1 <(a,b) …` as DROP names it: `OPERATOR 1 (a,b)`."""
    words = member.split(" ", 2)
    if words[0] == "OPERATOR":
        types = words[2][words[2].index("(") : words[2].index(")") + 1]
        return f"{words[0]} {words[1]} {types}"
    return f"{words[0]} {words[1]} {words[2][: words[2].index(')') + 1]}"


def alter_family(
    before: Entity, after: Entity, attributes: tuple[str, ...], context: Context
) -> Iterator[Statement]:
    """Loose members."""
    assert isinstance(before, OperatorFamily)
    assert isinstance(after, OperatorFamily)
    gone = [_dropped_member(m) for m in before.members if m not in after.members]
    added = [member for member in after.members if member not in before.members]
    if gone:
        yield _with_members(after, "DROP", gone)
    if added:
        yield _with_members(after, "ADD", added)
    yield from settings.altered_settings(before, after, attributes)


def create_class(entity: Entity, context: Context) -> Iterator[Statement]:
    """CREATE OPERATOR CLASS with its members."""
    assert isinstance(entity, OperatorClass)
    schema, named, method = entity.identity.parts
    default = " DEFAULT" if entity.default else ""
    members = sorted(entity.members, key=_place_of_member)
    if entity.storage:
        members.append(f"STORAGE {entity.storage}")
    elif not members:
        # Something has to be said: this is what holds when nothing is.
        members.append(f"STORAGE {entity.type}")
    yield Statement(
        sql=f"CREATE OPERATOR CLASS {name(schema)}.{name(named)}{default} FOR TYPE {entity.type}"
        f" USING {name(method)} FAMILY {entity.family} AS\n    " + ",\n    ".join(members)
    )
    yield from settings.after_creation(entity, context.live)


def create_access_method(method: Entity, context: Context) -> Iterator[Statement]:
    """CREATE ACCESS METHOD."""
    assert isinstance(method, AccessMethod)
    yield Statement(sql=f"CREATE {phrase(method)} TYPE {method.type} HANDLER {method.handler}")
    if method.comment:
        yield settings.comment(method)


def create_transform(transform: Entity, context: Context) -> Iterator[Statement]:
    """CREATE TRANSFORM."""
    assert isinstance(transform, Transform)
    parts = []
    if transform.from_sql:
        parts.append(f"FROM SQL WITH FUNCTION {transform.from_sql}")
    if transform.to_sql:
        parts.append(f"TO SQL WITH FUNCTION {transform.to_sql}")
    yield Statement(sql=f"CREATE {phrase(transform)} ({', '.join(parts)})")
    if transform.comment:
        yield settings.comment(transform)
