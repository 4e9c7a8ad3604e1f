"""Partition bounds as the server prints them: which rows fit one, and which two cannot share any.

Where that cannot be told from the text, two bounds may share rows.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import gcd
from typing import NamedTuple

from schema_tool.catalog.quoting import literal

_SPLIT = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\(|\)|,|[^'\"(),]+")
_WORDS = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\((?:[^()]|\([^()]*\))*\)|[^\s'\"()]+")
DEFAULT = "DEFAULT"
_LEAST, _MOST = "MINVALUE", "MAXVALUE"
_NUMBER = re.compile(r"'-?\d+(?:\.\d+)?(?:e[+-]\d+)?'|\d+(?:\.\d+)?")
# A date or time after Christ: all are read in one time zone.
_DAY = re.compile(r"'\d{4}-\d\d-\d\d[\d :.+]*'")
# What has one meaning: words, and digits with hyphens, as in a UUID.
_PLAIN = re.compile(
    r"'?[a-z]\w*(?:[ -]+\w+)* *'?|'[\da-f]+(?:-[\da-f]+)+'", re.ASCII | re.IGNORECASE
)


class Range(NamedTuple):
    """FROM and TO of a range partition, a value for each column of the key."""

    start: tuple[str, ...]
    end: tuple[str, ...]


def rows_that_fit(key: str, bound: str, parent: str) -> str:
    """The condition on rows of a partitioned table; empty where the texts do not say it."""
    method, _, rest = key.partition(" ")
    columns = [_expression(part) for part in _parts(rest)]
    if not all(columns):
        return ""
    if method == "LIST":
        return _listed(columns[0], _parts(bound))
    if method == "HASH":
        modulus, remainder = _hash(bound)
        keys = ", ".join(columns)
        call = f"pg_catalog.satisfies_hash_partition({literal(parent)}::regclass"
        return f"{call}, {modulus}, {remainder}, {keys})"
    start, end = _range(bound)
    sides = [_side(columns, start, lower=True), _side(columns, end, lower=False)]
    return " AND ".join(side for side in sides if side)


def may_share_rows(one: str, other: str) -> bool:
    """Whether a row can fit both of two bounds of one partitioned table."""
    if DEFAULT in (one, other):
        return True
    if " WITH " in one:
        (modulus, remainder), (other_modulus, other_remainder) = _hash(one), _hash(other)
        return (remainder - other_remainder) % gcd(modulus, other_modulus) == 0
    if " IN " in one:
        return _may_share_values(_parts(one), _parts(other))
    first, second = _range(one), _range(other)
    return not (_ends_before(first, second) or _ends_before(second, first))


def covers(wide: str, narrow: str) -> bool:
    """Whether rows of a partition surely find a place, be it with another bound or the rest."""
    if DEFAULT in (wide, narrow):
        return wide == DEFAULT
    if " WITH " in wide:
        (modulus, remainder), (other_modulus, other_remainder) = _hash(wide), _hash(narrow)
        return other_modulus % modulus == 0 and other_remainder % modulus == remainder
    if " IN " in wide:
        return set(_parts(narrow)) <= set(_parts(wide))
    outer, inner = _range(wide), _range(narrow)
    return _up_to(outer.start, inner.start) and _up_to(inner.end, outer.end)


def take_all(bounds: list[str]) -> bool:
    """Whether each row surely finds a place in one of a table's partitions."""
    if DEFAULT in bounds:
        return True
    moduli = [_hash(bound)[0] for bound in bounds if " WITH " in bound]
    return sum(Fraction(1, modulus) for modulus in moduli) == 1


def cover_together(wide: list[str], narrow: str) -> bool:
    """Whether each row of a partition surely finds a place in one of others."""
    if any(covers(bound, narrow) for bound in wide):
        return True
    if " IN " in narrow:
        return set(_parts(narrow)) <= {value for bound in wide for value in _parts(bound)}
    if " WITH " in narrow or narrow == DEFAULT:
        return False
    reached, end = _range(narrow)
    left = [_range(bound) for bound in wide]
    while found := [r for r in left if _up_to(r.start, reached) and not _up_to(r.end, reached)]:
        reached = found[0].end
        left.remove(found[0])
    return _up_to(end, reached)


def _expression(part: str) -> str:
    """A part of a partition key without its operator class, which no expression can name."""
    words: list[str] = _WORDS.findall(part)
    collated = len(words) > 2 and words[1] == "COLLATE"
    called = len(words) == 2 and words[1].startswith("(")
    return part if len(words) == 1 or called or (collated and len(words) == 3) else ""


@cache
def _parts(text: str) -> tuple[str, ...]:
    """What stands between the commas in the outermost parentheses."""
    depth, found = 0, [""]
    for piece in _SPLIT.findall(text):
        depth -= piece == ")"
        if piece == "," and depth == 1:
            found.append("")
        elif depth:
            found[-1] += piece
        depth += piece == "("
        if not depth and found[-1]:
            break
    return tuple(part.strip() for part in found)


def _hash(bound: str) -> tuple[int, int]:
    modulus, remainder = re.findall(r"\d+", bound)
    return int(modulus), int(remainder)


@cache
def _range(bound: str) -> Range:
    start = _parts(bound)
    _, _, rest = bound.partition(") TO ")
    return Range(start, _parts(rest))


def _listed(key: str, values: tuple[str, ...]) -> str:
    filled = ", ".join(value for value in values if value != "NULL")
    sides = [f"{key} IN ({filled})"] if filled else []
    sides += [f"{key} IS NULL"] if "NULL" in values else []
    return sides[0] if len(sides) == 1 else f"({' OR '.join(sides)})"


def _side(columns: list[str], values: tuple[str, ...], *, lower: bool) -> str:
    """Where a row is not beyond one end of a range; what follows MINVALUE or MAXVALUE is all."""
    until = next((n for n, v in enumerate(values) if v in (_LEAST, _MOST)), len(values))
    if not until:
        return ""
    last = values[until] if until < len(values) else _LEAST
    comparison = (">=" if last == _LEAST else ">") if lower else "<" if last == _LEAST else "<="
    keys, ends = ", ".join(columns[:until]), ", ".join(values[:until])
    return f"{keys} {comparison} {ends}" if until == 1 else f"({keys}) {comparison} ({ends})"


def _ends_before(one: Range, other: Range) -> bool:
    for end, start in zip(one.end, other.start, strict=True):
        order = _compared(end, start)
        if order is None:
            return False
        if order:
            return order < 0
    return True


def _up_to(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a corner of a range surely is not after another."""
    for first, second in zip(one, other, strict=True):
        order = _compared(first, second)
        if order != 0:
            return order == -1
    return True


def _may_share_values(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if "NULL" in one and "NULL" in other:
        return True
    first, second = ({_meaning(v) for v in side if v != "NULL"} for side in (one, other))
    unknown = first and second and None in first | second
    return bool(unknown) or not first.isdisjoint(second)


def _meaning(value: str) -> Decimal | str | None:
    """What no other value means, be they texts in any collation or padded; None if unknown."""
    number = _number(value)
    if number is not None:
        return number
    if _DAY.fullmatch(value):
        return value
    return re.sub(r"[\W_]", "", value).casefold() if _PLAIN.fullmatch(value) else None


def _compared(one: str, other: str) -> int | None:
    """-1, 0 or 1; None where only the server knows."""
    if one == other:
        return 0
    if _LEAST in (one, other) or _MOST in (one, other):
        return -1 if one == _LEAST or other == _MOST else 1
    order = -1 if one < other else 1
    less, more = _number(one), _number(other)
    if less is None or more is None:
        days = _DAY.fullmatch(one) and _DAY.fullmatch(other)
        return order if days and len(one) == len(other) else None
    # Between quotes they may be texts.
    certain = "'" not in one + other or (less < more) == (order < 0)
    return (-1 if less < more else 1) if certain else None


@cache
def _number(value: str) -> Decimal | None:
    return Decimal(value.strip("'")) if _NUMBER.fullmatch(value) else None
