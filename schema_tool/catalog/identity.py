"""Kind and Identity: what names an object of the database, the same in every database."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """The kinds of object that the catalog models; the value is the word used in output."""

    SCHEMA = "schema"
    EXTENSION = "extension"
    TABLE = "table"
    COLUMN = "column"
    CONSTRAINT = "constraint"
    INDEX = "index"
    SEQUENCE = "sequence"
    VIEW = "view"
    MATERIALIZED_VIEW = "materialized view"
    VIEW_COLUMN = "view column"
    ROUTINE = "routine"
    TRIGGER = "trigger"
    EVENT_TRIGGER = "event trigger"
    RULE = "rule"
    POLICY = "policy"
    ENUM = "enum"
    DOMAIN = "domain"
    COMPOSITE = "composite type"
    RANGE = "range type"
    BASE_TYPE = "base type"
    MEMBERSHIP = "membership"
    DEFAULT_PRIVILEGES = "default privileges"
    FOUND_PRIVILEGES = "privileges"
    EXTENSION_USE = "dependence"
    PUBLICATION = "publication"
    SUBSCRIPTION = "subscription"
    FOREIGN_DATA_WRAPPER = "foreign-data wrapper"
    SERVER = "server"
    USER_MAPPING = "user mapping"
    STATISTICS = "statistics"
    TEXT_SEARCH_PARSER = "text search parser"
    TEXT_SEARCH_TEMPLATE = "text search template"
    TEXT_SEARCH_DICTIONARY = "text search dictionary"
    TEXT_SEARCH_CONFIGURATION = "text search configuration"
    COLLATION = "collation"
    CONVERSION = "conversion"
    CAST = "cast"
    OPERATOR = "operator"
    OPERATOR_FAMILY = "operator family"
    OPERATOR_CLASS = "operator class"
    LANGUAGE = "language"
    ACCESS_METHOD = "access method"
    TRANSFORM = "transform"


OUTSIDE_SCHEMAS = frozenset(
    {
        Kind.EXTENSION,
        Kind.MEMBERSHIP,
        Kind.FOUND_PRIVILEGES,
        Kind.EXTENSION_USE,
        Kind.EVENT_TRIGGER,
        Kind.PUBLICATION,
        Kind.SUBSCRIPTION,
        Kind.FOREIGN_DATA_WRAPPER,
        Kind.SERVER,
        Kind.USER_MAPPING,
        Kind.CAST,
        Kind.LANGUAGE,
        Kind.ACCESS_METHOD,
        Kind.TRANSFORM,
    }
)
"""What no schema contains; with `--schema` it is not read."""


class SystemCatalog(IntEnum):
    """OIDs of the system catalogs whose rows are objects; initdb fixes them for ever.

    Source: src/include/catalog/pg_*.h, CATALOG(name,oid).
    """

    PG_TYPE = 1247
    PG_PROC = 1255
    PG_CLASS = 1259
    PG_FOREIGN_SERVER = 1417
    PG_USER_MAPPING = 1418
    PG_FOREIGN_DATA_WRAPPER = 2328
    PG_AM = 2601
    PG_AMOP = 2602
    PG_AMPROC = 2603
    PG_ATTRDEF = 2604
    PG_CAST = 2605
    PG_CONSTRAINT = 2606
    PG_CONVERSION = 2607
    PG_LANGUAGE = 2612
    PG_NAMESPACE = 2615
    PG_OPCLASS = 2616
    PG_OPERATOR = 2617
    PG_REWRITE = 2618
    PG_TRIGGER = 2620
    PG_OPFAMILY = 2753
    PG_DEFAULT_ACL = 826
    PG_EXTENSION = 3079
    PG_POLICY = 3256
    PG_STATISTIC_EXT = 3381
    PG_COLLATION = 3456
    PG_EVENT_TRIGGER = 3466
    PG_TRANSFORM = 3576
    PG_TS_DICT = 3600
    PG_TS_PARSER = 3601
    PG_TS_CONFIG = 3602
    PG_TS_TEMPLATE = 3764
    PG_SUBSCRIPTION = 6100
    PG_PUBLICATION = 6104


class Identity(NamedTuple):
    """The name of one object: its kind and its parts, outermost first.

    Shapes: a table is ("public", "steps"), its column ("public", "steps", "width"), a routine
    ("public", "f", "integer, text"), a cast ("integer", "text").
    """

    kind: Kind
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"

    @property
    def name(self) -> str:  # noqa: PLR0911 - by kind
        """The parts as a reader knows them, without quotes: `public.f(integer, text)`."""
        parts = self.parts
        if self.kind is Kind.ROUTINE:
            return f"{parts[0]}.{parts[1]}({parts[2]})"
        if self.kind is Kind.OPERATOR:
            return f"{parts[0]}.{parts[1]}({parts[2]}, {parts[3]})"
        if self.kind is Kind.CAST:
            return f"({parts[0]} AS {parts[1]})"
        if self.kind is Kind.MEMBERSHIP:
            return f"of {parts[1]} in {parts[0]}"
        if self.kind is Kind.FOUND_PRIVILEGES:
            return f"of {parts[0]} {parts[1]}" + (f" column {parts[2]}" if parts[2] else "")
        if self.kind is Kind.EXTENSION_USE:
            return f"of {parts[0]} {parts[1]} on extension {parts[2]}"
        if self.kind is Kind.USER_MAPPING:
            return f"for {parts[1]} server {parts[0]}"
        if self.kind is Kind.DEFAULT_PRIVILEGES:
            where = f" in schema {parts[1]}" if parts[1] else ""
            return f"for role {parts[0]}{where} on {parts[2]}"
        return ".".join(parts)
