"""Aggregates: pg_get_functiondef refuses them, so their statement is put together here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tool.catalog.identity import Identity, Kind, SystemCatalog
from schema_tool.catalog.model.definition import Routine
from schema_tool.catalog.privileges import Granted
from schema_tool.catalog.quoting import literal, qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tool.catalog.families.reading import Reading, Row
    from schema_tool.catalog.model.entity import Entity

# fmt: off
_NAMES = (
    "oid", "namespace", "name", "types", "owner", "acl", "arguments", "result", "kind", "sfunc",
    "stype", "sspace", "finalfunc", "final_extra", "final_modify", "combinefunc", "serialfunc",
    "deserialfunc", "initcond", "msfunc", "minvfunc", "mstype", "msspace", "mfinalfunc",
    "mfinal_extra", "mfinal_modify", "minitcond", "sortop", "parallel",
)
# fmt: on
_MODIFY = {"r": "READ_ONLY", "s": "SHAREABLE", "w": "READ_WRITE"}
_PARALLEL = {"s": "SAFE", "r": "RESTRICTED"}


def _clauses(fact: dict[str, Any]) -> Iterator[str]:
    """The parenthesised list of CREATE AGGREGATE, without what is its default."""
    default_modify = "r" if fact["kind"] == "n" else "w"
    yield f"SFUNC = {fact['sfunc']}"
    yield f"STYPE = {fact['stype']}"
    if fact["sspace"]:
        yield f"SSPACE = {fact['sspace']}"
    if fact["finalfunc"]:
        yield f"FINALFUNC = {fact['finalfunc']}"
    if fact["final_extra"]:
        yield "FINALFUNC_EXTRA"
    if fact["final_modify"] != default_modify:
        yield f"FINALFUNC_MODIFY = {_MODIFY[fact['final_modify']]}"
    for name in ("combinefunc", "serialfunc", "deserialfunc"):
        if fact[name]:
            yield f"{name.upper()} = {fact[name]}"
    if fact["initcond"] is not None:
        yield f"INITCOND = {literal(fact['initcond'])}"
    yield from _moving_clauses(fact, default_modify)
    if fact["sortop"]:
        yield f"SORTOP = {fact['sortop']}"
    if fact["parallel"] in _PARALLEL:
        yield f"PARALLEL = {_PARALLEL[fact['parallel']]}"
    if fact["kind"] == "h":
        yield "HYPOTHETICAL"


def _moving_clauses(fact: dict[str, Any], default_modify: str) -> Iterator[str]:
    """The clauses of the moving-aggregate mode."""
    if not fact["msfunc"]:
        return
    yield f"MSFUNC = {fact['msfunc']}"
    yield f"MINVFUNC = {fact['minvfunc']}"
    yield f"MSTYPE = {fact['mstype']}"
    if fact["msspace"]:
        yield f"MSSPACE = {fact['msspace']}"
    if fact["mfinalfunc"]:
        yield f"MFINALFUNC = {fact['mfinalfunc']}"
    if fact["mfinal_extra"]:
        yield "MFINALFUNC_EXTRA"
    if fact["mfinal_modify"] != default_modify:
        yield f"MFINALFUNC_MODIFY = {_MODIFY[fact['mfinal_modify']]}"
    if fact["minitcond"] is not None:
        yield f"MINITCOND = {literal(fact['minitcond'])}"


def aggregates(rows: list[Row], reading: Reading) -> Iterator[Entity]:
    """Rows of aggregates.sql."""
    for row in rows:
        fact = dict(zip(_NAMES, row, strict=True))
        oid = fact["oid"]
        schema = reading.namespaces[fact["namespace"]]
        clauses = ",\n    ".join(_clauses(fact))
        arguments = fact["arguments"] or "*"
        definition = (
            f"CREATE OR REPLACE AGGREGATE {qualified(schema, fact['name'])}({arguments}) (\n"
            f"    {clauses}\n)"
        )
        yield Routine(
            identity=reading.see(
                SystemCatalog.PG_PROC,
                oid,
                Identity(Kind.ROUTINE, (schema, fact["name"], fact["types"])),
            ),
            comment=reading.comment(SystemCatalog.PG_PROC, oid),
            owner=reading.role(fact["owner"]),
            privileges=reading.privileges(fact["acl"], fact["owner"], Granted.ROUTINE),
            form="aggregate",
            definition=definition,
            canonical=definition,
            arguments=arguments,
            result=fact["result"],
        )
