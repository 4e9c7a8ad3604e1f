"""Casts between column types: whether one exists, whether it loses, whether it is free."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schema_tool.plan.emit.context import Context

_MODIFIER = re.compile(r"\((\d+)(?:,(\d+))?\)")
_INTEGERS = ("smallint", "integer", "bigint")
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
_TIMES = ("timestamp without time zone", "timestamp with time zone", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCast:
    """How values get from one type to another.

    `using` is the expression with {column} in it, empty where the server finds the way itself;
    `free` means that no row is touched; `refuses`, that what the new type cannot hold is an error.
    """

    using: str = ""
    lossy: bool = False
    refuses: bool = False
    free: bool = False


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

    What an integer or a text cannot hold is refused; other types round.
    """
    families = (_INTEGERS, ("text", "character varying"))
    exact = any(_base(before) in family and _base(after) in family for family in families)
    return exact or (are_sizes(before, after) and not cast_between(before, after).lossy)


def cast_between(before: str, after: str) -> TypeCast:  # noqa: C901, PLR0911, PLR0912 - by cases
    """The cast of a column's values; a text cast where the types have nothing in common."""
    old, new = _base(before), _base(after)
    old_size, new_size = _modifier(before), _modifier(after)
    if old == new:
        wider = new_size is None or (
            old_size is not None
            and new_size[1] == old_size[1]
            and new_size[0] - new_size[1] >= old_size[0] - old_size[1]
        )
        if old == "bit" and old_size != new_size:
            # Assigning refuses another length; casting cuts, or fills with zeros.
            return TypeCast(using=f"{{column}}::{after}", lossy=True)
        free = wider and old in ("character varying", "numeric", "bit varying")
        # Numbers and times are rounded.
        same_scale = old_size and new_size and old_size[1] == new_size[1]
        refuses = old in _TEXTS or (old == "numeric" and bool(same_scale))
        return TypeCast(lossy=not wider, refuses=refuses, free=free)
    if old in _TEXTS and new in _TEXTS:
        unlimited = new_size is None and new in ("text", "character varying")
        refuses = new != "name"
        free = unlimited and old != "character"
        return TypeCast(lossy=not unlimited, refuses=refuses, free=free)
    if old in _NUMBERS and new in _NUMBERS:
        exact = (old, new) in _EXACT
        lossy = new in _ROUNDING or _NUMBERS.index(new) < _NUMBERS.index(old)
        lossy = lossy or new_size is not None
        refuses = old in _INTEGERS and new not in _ROUNDING
        return TypeCast(lossy=lossy and not exact, refuses=refuses)
    if new in _TEXTS:
        using = "" if new != "name" else "{column}::name"
        return TypeCast(lossy=new_size is not None, refuses=True, using=using)
    if old in _TIMES and new in _TIMES:
        return TypeCast(lossy=new == "date")
    if {old, new} <= {"json", "jsonb"}:
        return TypeCast(using=f"{{column}}::{after}")
    if old in _TEXTS:
        return TypeCast(using=f"{{column}}::{after}", lossy=True, refuses=True)
    if (old, new) in (("integer", "boolean"), ("boolean", "integer")):
        return TypeCast(using=f"{{column}}::{after}", lossy=old == "integer")
    if (old, new) in _CASTS or (old.endswith("range") and new == f"{old[:-5]}multirange"):
        return TypeCast(using=f"{{column}}::{after}", lossy=not new.endswith("multirange"))
    if new in ("json", "jsonb"):
        return TypeCast(using=f"to_{new}({{column}})")
    if before.endswith("[]") and after.endswith("[]"):
        elements = cast_between(before[:-2], after[:-2])
        if not elements.using:
            return TypeCast(lossy=elements.lossy, refuses=elements.refuses)
    if new == f"{old}[]":
        return TypeCast(using="ARRAY[{column}]")
    if old == f"{new}[]":
        return TypeCast(using="{column}[1]", lossy=True)
    return TypeCast(using=f"{{column}}::text::{after}", lossy=True, refuses=True)


def standing_on(type_name: str, bases: Mapping[str, str]) -> str:
    """What is below a domain, or below the elements of an array of one."""
    element, ending = type_name.removesuffix("[]"), "[]" if type_name.endswith("[]") else ""
    while element in bases:
        element = bases[element]
    return element + ending


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
            using = context.row_casts[rows]
            return TypeCast(using=using if rows[1] == after else f"{using}::{after}", lossy=True)
    if (old, new) == (before, after):
        return cast_between(before, after)
    cast = TypeCast(free=True) if old == new else cast_between(old, new)
    return TypeCast(
        using=f"{cast.using.removesuffix(f'::{new}')}::{after}" if cast.using else "",
        lossy=cast.lossy or checked,
        refuses=cast.refuses or not cast.lossy,
        free=cast.free and not checked,
    )
