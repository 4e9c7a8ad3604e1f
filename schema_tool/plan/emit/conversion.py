"""Casts between column types: whether one exists, whether it loses, whether it is free."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schema_tool.catalog.model.relation import Column
    from schema_tool.plan.emit.context import Context

_MODIFIER = re.compile(r"\((\d+)(?:,(-?\d+))?\)")
_INTEGERS = ("smallint", "integer", "bigint")
# As numerics: the digits that a value of one may have, and those that it has room for in any case.
_HAS = {"smallint": (5, 0), "integer": (10, 0), "bigint": (19, 0)}
_HOLDS = {kind: (digits - 1, 0) for kind, (digits, _) in _HAS.items()}
_NUMBERS = (*_INTEGERS, "numeric", "real", "double precision")
_ROUNDING = ("real", "double precision")
# What a floating-point number holds as it was.
_EXACT = frozenset(
    {("smallint", "real"), ("smallint", "double precision"), ("integer", "double precision")}
    | {("real", "double precision")}
)
_TEXTS = ("text", "character varying", "character", "name")
# Pairs with a cast where the text of one is not the text of the other. Source: pg_cast.
_CASTS = frozenset(
    {
        ("money", "numeric"),
        ('"char"', "integer"),
        ("integer", '"char"'),
        *(("bit", number) for number in ("integer", "bigint")),
        *((number, "bit") for number in ("integer", "bigint")),
        *(("box", shape) for shape in ("point", "lseg", "polygon", "circle")),
        *(("circle", shape) for shape in ("point", "box", "polygon")),
        *(("polygon", shape) for shape in ("point", "path", "box", "circle")),
        *(("path", "polygon"), ("lseg", "point"), ("point", "box")),
    }
)
# Whose values are those of the other as they are. Source: pg_cast, castmethod.
_WITHIN = frozenset({("bit", "bit varying"), ("cidr", "inet")})
_CLOCKS = ("timestamp", "time", "interval")
# How many digits of a second there are where none are said. Source: MAX_TIMESTAMP_PRECISION.
_CLOCK_SIZE = (6, 0)
# A longer one is the same bytes. Source: the support functions of pg_proc, as varchar_support().
_GROW_IN_PLACE = ("character varying", "numeric", "bit varying")
_TIMES = ("timestamp without time zone", "timestamp with time zone", "date")
_ZONED = frozenset({"timestamp with time zone", "tstzrange", "tstzmultirange"})
_DATED = _ZONED | {*_TIMES, "tsrange", "tsmultirange", "daterange", "datemultirange"}
# What a text can be read as with less than it says.
_LESS_THAN_TEXT = frozenset(
    {*_TIMES, *_ROUNDING, "time without time zone", "time with time zone", "money"}
    | {'"char"', "jsonb", "tsvector"}
)
BEYOND = "what {type} cannot hold"
_BLANKS = "blanks at the end"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCast:
    """How values get from one type to another.

    `using` is the expression with {column} in it, empty where the server finds the way itself;
    `loses`, what of them changes in silence, with {type} for the new one; `refuses`, that others
    are an error; `settings`, what of the session they are read by; `free`, that no row is touched.
    """

    using: str = ""
    loses: str = ""
    refuses: bool = False
    settings: tuple[str, ...] = ()
    free: bool = False

    @property
    def lossy(self) -> bool:
        """Whether not all values may get there as they are."""
        return bool(self.loses) or self.refuses


def _base(text: str) -> str:
    return _MODIFIER.sub("", text).strip()


def _modifier(text: str) -> tuple[int, int] | None:
    found = _MODIFIER.search(text)
    return (int(found[1]), int(found[2] or 0)) if found else None


def are_sizes(before: str, after: str) -> bool:
    """Whether two types are one, but for its length or precision."""
    return _base(before) == _base(after)


def are_alike(before: str, after: str) -> bool:
    """Whether the operators of one type have their like for the other, in the same class."""
    old, new = _base(before), _base(after)
    families = (_INTEGERS, ("text", "character varying"), ("real", "double precision"), _TIMES)
    return old == new or any(old in family and new in family for family in families)


def stay_distinct(before: str, after: str) -> bool:
    """Whether such operators also find no two values equal that were not.

    What an integer cannot hold is refused, and what a text cannot but for blanks at its end: where
    two differ in no more, the change itself fails. Other types round.
    """
    families = (_INTEGERS, ("text", "character varying"))
    exact = any(_base(before) in family and _base(after) in family for family in families)
    return exact or (are_sizes(before, after) and not cast_between(before, after).loses)


def cast_between(before: str, after: str) -> TypeCast:
    """The cast of a column's values; a text cast where the types have nothing in common."""
    elements = (_base(side).removesuffix("[]") for side in (before, after))
    return replace(_cast_between(before, after), settings=_settings(*elements))


def _settings(old: str, new: str) -> tuple[str, ...]:
    """What of the session decides what a time is; JSON has dates in one style."""
    styled = (old in _DATED and new in _TEXTS) or (old in _TEXTS and new in _DATED)
    gains = new == "time with time zone" != old
    zoned = gains or (old in _ZONED) != (new in _ZONED)
    return ("DateStyle",) * styled + ("TimeZone",) * zoned


def _cast_between(before: str, after: str) -> TypeCast:  # noqa: C901, PLR0911, PLR0912 - by cases
    old, new = _base(before), _base(after)
    sized = _modifier(after) is not None
    if before.endswith("[]") and after.endswith("[]"):
        elements = cast_between(before[:-2], after[:-2])
        if not elements.using or old == new:
            using = f"{{column}}::{after}" if elements.using else ""
            return TypeCast(using=using, loses=elements.loses, refuses=elements.refuses)
    elif after.endswith("[]") and (old not in _TEXTS or new[:-2] in _TEXTS):
        # A text is read as an array of other types, but as one of texts: it may be any words.
        element = cast_between(before, after[:-2])
        return replace(element, using=_array_of(element.using), free=False)
    elif before.endswith("[]") and new not in (*_TEXTS, "json", "jsonb"):
        element = cast_between(before[:-2], after)
        using = (element.using or "{column}").replace("{column}", "{column}[1]")
        return TypeCast(using=using, loses=BEYOND, refuses=element.refuses)
    if old == new:
        return _resized(before, after)
    if old in _NUMBERS and new in _NUMBERS:
        return _between_numbers(before, after)
    if (old, new) in _WITHIN:
        return TypeCast(refuses=_is_shorter(before, after), free=not sized)
    if new == "name":
        return TypeCast(using="" if old in _TEXTS else "{column}::name", loses=BEYOND)
    if new in _TEXTS:
        blanks = sized and old in _TEXTS and old != "character"
        free = not sized and old in _TEXTS and old != "character"
        refuses = sized and (old != "character" or _is_shorter(before, after))
        return TypeCast(loses=_BLANKS if blanks else "", refuses=refuses, free=free)
    if old in _TIMES and new in _TIMES:
        rounds = new == "date" or (old != "date" and _is_shorter(before, after))
        return TypeCast(loses=BEYOND if rounds else "")
    if {old, new} == {"time without time zone", "time with time zone"}:
        return TypeCast(loses="" if new == "time with time zone" else BEYOND)
    if {old, new} <= {"json", "jsonb"}:
        return TypeCast(using=f"{{column}}::{after}", loses=BEYOND if new == "jsonb" else "")
    if old in _TEXTS:
        return _by_text(f"{{column}}::{after}", after)
    if (old, new) in (("integer", "boolean"), ("boolean", "integer")):
        return TypeCast(using=f"{{column}}::{after}", loses=BEYOND if old == "integer" else "")
    if (old, new) in _CASTS or (old.endswith("range") and new == f"{old[:-5]}multirange"):
        loses = "" if new.endswith("multirange") else BEYOND
        return TypeCast(using=f"{{column}}::{after}", loses=loses)
    if new in ("json", "jsonb"):
        return TypeCast(using=f"to_{new}({{column}})")
    return _by_text(f"{{column}}::text::{after}", after)


def _array_of(using: str) -> str:
    """An array of one value, and NULL of none; a row of nothing but NULL is a value, too.

    By IS NOT NULL the server reads another column of a partition whose columns stand otherwise.
    """
    return f"CASE WHEN {{column}} IS DISTINCT FROM NULL THEN ARRAY[{using or '{column}'}] END"


def _resized(before: str, after: str) -> TypeCast:
    """The cast to another length, precision or scale of the same type."""
    kind, old, new = _base(before), _modifier(before), _modifier(after)
    if kind == "bit" and old != new:
        # Assigning refuses another length; casting cuts, or fills with zeros.
        return TypeCast(using=f"{{column}}::{after}", loses=BEYOND)
    if kind == "numeric" and old and new:
        return _rescaled(old, new)
    if not _is_shorter(before, after):
        return TypeCast(free=kind in _GROW_IN_PLACE or kind.startswith(_CLOCKS))
    if kind in ("character", "bit varying"):
        return TypeCast(refuses=True)
    loses = _BLANKS if kind == "character varying" else BEYOND
    return TypeCast(loses=loses, refuses=kind in ("character varying", "numeric"))


def _rescaled(old: tuple[int, int], new: tuple[int, int]) -> TypeCast:
    rounds = new[1] < old[1]
    # Rounding may need one digit more.
    refuses = new[0] - new[1] - (old[0] - old[1]) < rounds
    free = not refuses and new[1] == old[1]
    return TypeCast(loses=BEYOND if rounds else "", refuses=refuses, free=free)


def _is_shorter(before: str, after: str) -> bool:
    old, new = _modifier(before), _modifier(after)
    if old is None and _base(before).startswith(_CLOCKS):
        old = _CLOCK_SIZE
    return new is not None and (old is None or new[0] < old[0])


def _between_numbers(before: str, after: str) -> TypeCast:
    old, new = _base(before), _base(after)
    old_size, new_size = _modifier(before) or _HAS.get(old), _modifier(after) or _HOLDS.get(new)
    if "numeric" in (old, new) and old_size and new_size:
        return replace(_rescaled(old_size, new_size), free=False)
    if (old, new) in _EXACT:
        return TypeCast()
    rounds = old not in _INTEGERS or new in _ROUNDING
    narrower = new != "numeric" and _NUMBERS.index(new) < _NUMBERS.index(old)
    refuses = _modifier(after) is not None or narrower or old == "numeric"
    return TypeCast(loses=BEYOND if rounds else "", refuses=refuses)


def _by_text(using: str, after: str) -> TypeCast:
    """A cast of texts: what they do not say is an error, what is more than fits may be cut."""
    kind = _base(after).removesuffix("[]")
    cuts = _modifier(after) or kind in _LESS_THAN_TEXT or kind.startswith("interval ")
    return TypeCast(using=using, loses=BEYOND if cuts else "", refuses=True)


def standing_on(type_name: str, bases: Mapping[str, str]) -> str:
    """What is below a domain, and below the elements of an array."""
    ending = ""
    while type_name in bases or (type_name.endswith("[]") and not ending):
        if type_name in bases:
            type_name = bases[type_name]
        else:
            type_name, ending = type_name[:-2], "[]"
    return type_name + ending


def cast_of(before: str, after: str, context: Context) -> TypeCast:
    """The cast of a column's values; those of a domain are what it stands on."""
    old, new, checked = before, after, False
    while old in context.bases:
        old = context.bases[old]
    while new in context.domains:
        domain = context.domains[new]
        checked = checked or domain.not_null or bool(domain.constraints)
        new = domain.base_type
    if context.row_casts:
        bases = {name: domain.base_type for name, domain in context.domains.items()}
        rows = standing_on(before, context.bases), standing_on(after, bases)
        if rows in context.row_casts:
            cast = context.row_casts[rows]
            using = cast.using if rows[1] == after else f"{cast.using}::{after}"
            return TypeCast(using=using, loses=cast.loses, refuses=cast.refuses or checked)
    if (old, new) == (before, after):
        return cast_between(before, after)
    cast = TypeCast(free=True) if old == new else cast_between(old, new)
    return TypeCast(
        using=f"{cast.using.removesuffix(f'::{new}')}::{after}" if cast.using else "",
        loses=cast.loses,
        refuses=cast.refuses or checked,
        settings=cast.settings,
        free=cast.free and not checked,
    )


def unheld(cast: TypeCast, after: Column) -> tuple[str, str]:
    """What of a column's values a cast loses, and where it fails."""
    loses = cast.loses.replace("{type}", after.type)
    fails = f"where {after.type} cannot hold a value of {after.identity.name}"
    return loses and f"{loses} of {after.identity.name}", fails if cast.refuses else ""


def depends(cast: TypeCast) -> str:
    """On what of the session values depend."""
    return f"on the session's {' and '.join(cast.settings)}" if cast.settings else ""
