"""What must hold of a pair of schemas, seen by our own reader and by pg_dump."""

from __future__ import annotations

import os
import random
import re
import subprocess
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg
from psycopg.conninfo import conninfo_to_dict

from schema_tool.catalog import Catalog, Identity, Kind, read_catalog
from schema_tool.catalog.model.relation import Table
from schema_tool.catalog.normal import normal_expression
from schema_tool.catalog.quoting import name as quoted_name
from schema_tool.compare import Changes, compare
from schema_tool.plan import (
    Plan,
    Renamed,
    apply_renames,
    declared_renames,
    make_plan,
    render_plan,
)
from schema_tool.plan.children.inheritance import ancestors
from schema_tool.verify.desired import run_plan
from tests.conftest import Server
from tests.integration.pairs.rows import Contents, contents, fill
from tests.integration.pairs.words import ROLES

# Integrity and data exceptions: what only rows can cause.
_OF_ROWS = ("22", "23")
# A body is not looked at before it is called: no function, table or column of a name.
_MISSING = ("42883", "42P01", "42703")
# What says something else before another statement than after it.
_LAST = re.compile(
    r"COMMENT|GRANT|REVOKE|.* OWNER TO |.* ADD (CONSTRAINT|PRIMARY|UNIQUE|EXCLUDE) "
    r"|ALTER INDEX|.* REPLICA IDENTITY USING|ALTER TABLE .* (ALTER|CLUSTER) |.* TRIGGER"
    r"|CREATE (UNIQUE )?INDEX",
    re.DOTALL,
)
_READER = re.compile(r"CREATE FUNCTION (\S+)\(\) RETURNS integer LANGUAGE plpgsql STABLE")
# By whom a privilege is given is not compared.
_NOT_SCHEMA = re.compile(r"^(--.*|\\(un)?restrict .*|(RE)?SET SESSION AUTHORIZATION.*|)$")
_HEIR = re.compile(
    r"CREATE (?:UNLOGGED |FOREIGN )?TABLE (\S+|\S*\".*?\") \(.*^INHERITS \((.*?)\)(.*)",
    re.DOTALL | re.MULTILINE,
)
Pair = tuple[list[str], list[str]]


class Broken(AssertionError):  # noqa: N818 - what the test says
    """Something that must hold does not; `what` names it shortly."""

    def __init__(self, what: str, detail: str) -> None:
        super().__init__(f"{what}\n{detail}")
        self.what = what


def prepare(server: Server) -> None:
    """The roles that the schemas name."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        for role in ROLES:
            quoted = psycopg.sql.Identifier(role)
            with suppress(psycopg.errors.DuplicateObject):
                connection.execute(psycopg.sql.SQL("CREATE ROLE {}").format(quoted))


def load(connection: psycopg.Connection, statements: list[str]) -> list[str]:
    """Run what can be run; returns what was."""
    done = []
    connection.execute("SET check_function_bodies = on")
    for statement in statements:
        with suppress(psycopg.Error), connection.transaction():
            connection.execute(statement.encode())
            if reader := _READER.match(statement):
                # One that cannot be called at all is of no use in a default.
                connection.execute(f"SELECT {reader[1]}()".encode())
            done.append(statement)
    return done


def load_in_any_order(
    connection: psycopg.Connection, statements: list[str], rng: random.Random
) -> None:
    """Run all statements in a random order, each as often as it takes."""
    kept = [s for s in statements if _LAST.match(s)]
    free = [s for s in statements if not _LAST.match(s)]
    _until_done(connection, rng.sample(free, len(free)))
    _until_done(connection, kept)


def _until_done(connection: psycopg.Connection, waiting: list[str]) -> None:
    while waiting:
        failed = []
        for statement in waiting:
            try:
                connection.execute(statement.encode())
            except psycopg.Error:
                failed.append(statement)
        if len(failed) == len(waiting):
            raise Broken("generator", f"no order for {failed}")
        waiting = failed


def dump(server: Server, conninfo: str) -> list[str]:
    """The statements of pg_dump, sorted, the columns of a table sorted, too."""
    done = subprocess.run(
        [server.bin / "pg_dump", "--schema-only", "-d", conninfo],
        capture_output=True,
        text=True,
        check=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("PG")},
    )
    lines = [line for line in done.stdout.splitlines() if not _NOT_SCHEMA.match(line)]
    found = normal_expression("\n".join(lines).removesuffix(";")).split(";\n")
    heirs = [m[1] for s in found if (m := _HEIR.match(s))]
    # Which of its parents' columns and checks an heir has of its own, too, no statement changes.
    own = tuple(f"ALTER TABLE ONLY {heir} ALTER COLUMN " for heir in heirs)
    own += tuple(f"ALTER TABLE {heir}\n    ADD CONSTRAINT " for heir in heirs)
    return sorted(_normal(statement) for statement in found if not statement.startswith(own))


def _normal(statement: str) -> str:
    # The server writes VALUES under ORDER BY otherwise as it reads a subquery from its own text.
    statement = statement.replace("( VALUES ", "(VALUES ")
    if statement.startswith("ALTER INDEX"):
        # Which of two equal keys' parts got which number is chance.
        return re.sub(r"(_key|_idx|_excl)\d+$", r"\1", statement)
    if statement.startswith("CREATE STATISTICS"):
        head, _, rest = statement.partition(" ON ")
        columns, _, table = rest.rpartition(" FROM ")
        return f"{head} ON {sorted(columns.split(', '))} FROM {table}"
    if "BEGIN ATOMIC" in statement:
        # An argument's number has no name of its own.
        return re.sub(r"\b(\w+) AS \1\b", r"\1", statement)
    if not re.match(r"CREATE (UNLOGGED |FOREIGN )?TABLE ", statement):
        return statement
    # A partition that was attached has names of its own for NOT NULL, which are not compared.
    statement = re.sub(r'CONSTRAINT ("[^"]+"|\w+) NOT NULL', "NOT NULL", statement)
    if heir := _HEIR.match(statement):
        # The order in which its parents were joined does not count.
        return f"{heir[1]} {sorted(heir[2].split(', '))}{heir[3]}"
    head, *body = statement.splitlines()
    return "\n".join([head, *sorted(line.strip().rstrip(",") for line in body)])


@dataclass(slots=True, kw_only=True)
class Trial:
    """One pair on one server."""

    server: Server
    pair: Pair
    online: bool
    quick: bool = False
    # Where the order of the statements has a meaning.
    ordered: bool = False
    # Whether the live database was once like the desired one: what comes back is not as new.
    returned: bool = False

    made: list[str] = field(default_factory=list)

    def run(self, *, rng: random.Random) -> Plan:
        """Hold everything to be true; the databases go at the end, a thousand pairs need space.

        Errors: Broken.
        """
        try:
            return self._run(rng)
        finally:
            with psycopg.connect(self.server.dsn(), autocommit=True) as connection:
                for dsn in self.made:
                    dbname = conninfo_to_dict(dsn)["dbname"]
                    _unsubscribe(connection, dsn, dbname)
                    connection.execute(f"DROP DATABASE {dbname} WITH (FORCE)".encode())

    def _create(self) -> str:
        self.made.append(self.server.create())
        return self.made[-1]

    def _run(self, rng: random.Random) -> Plan:
        wanted = self._create()
        with psycopg.connect(wanted, autocommit=True) as connection:
            loaded = load(connection, self.pair[1])
            desired = read_catalog(connection)
            if not self.quick:
                self._equal(desired, read_catalog(connection), "diff(B, B)")
        if not self.quick and not self.ordered:
            self._shuffled(loaded, desired, rng)
        live = self._live()
        with psycopg.connect(live, autocommit=True) as connection:
            fill(connection)
            try:
                plan = self._migrate(connection, desired, rows=True)
            except psycopg.Error:
                plan = None
        if plan is None:
            live = self._live()
            with psycopg.connect(live, autocommit=True) as connection:
                plan = self._migrate(connection, desired, rows=False)
        if self.quick or plan.unplanned:
            return plan
        before, after = dump(self.server, live), dump(self.server, wanted)
        if before != after:
            only = "\n".join(f"migrated: {s}" for s in before if s not in after)
            only += "\n" + "\n".join(f"desired: {s}" for s in after if s not in before)
            raise Broken("pg_dump differs", f"{only}\n{render_plan(plan)}")
        return plan

    def _live(self) -> str:
        """A database like the first of the pair."""
        new = self._create()
        with psycopg.connect(new, autocommit=True) as connection:
            load(connection, self.pair[0])
            if not self.returned:
                return new
            first = read_catalog(connection)
        live = self._create()
        with psycopg.connect(live, autocommit=True) as connection:
            load(connection, self.pair[1])
            self._migrate(connection, first, rows=False)
        return live

    def _shuffled(self, loaded: list[str], desired: Catalog, rng: random.Random) -> None:
        """The order of the files' statements has no meaning where it is legal."""
        if any("DEFAULT PRIVILEGES" in s or "OVERRIDING" in s for s in loaded):
            return
        if any("INHERITS" in s or " RENAME " in s for s in loaded):
            # What is set on a column is set on those of the heirs that are there.
            return
        with psycopg.connect(self._create(), autocommit=True) as connection:
            load_in_any_order(connection, loaded, rng)
            self._equal(read_catalog(connection), desired, "shuffled")

    def _migrate(self, connection: psycopg.Connection, desired: Catalog, *, rows: bool) -> Plan:
        before = contents(connection) if rows else {}
        try:
            declared = declared_renames(self.pair[1])
            renamed = apply_renames(read_catalog(connection), desired, declared)
            changes = compare(renamed.catalog, desired)
            plan = make_plan(changes, online=self.online, first=renamed.steps)
        except Exception as error:
            raise Broken(f"make_plan: {type(error).__name__}", str(error)) from error
        try:
            run_plan(connection, plan)
        except psycopg.Error as error:
            if rows and _is_of_rows(error, plan):
                raise
            primary = error.diag.message_primary or str(error)
            words = re.sub(r'"[^"]+"', "…", primary)
            raise Broken(
                f"apply: {error.sqlstate} {words}", f"{error}\n{render_plan(plan)}"
            ) from error
        if plan.unplanned:
            # What is left is named.
            return plan
        again = compare(read_catalog(connection), desired)
        if again.describe() or make_plan(again, online=self.online).groups:
            what = "\n".join(again.describe())
            kinds = ", ".join(sorted({f"{c.kind} {c.action}" for c in again}))
            raise Broken(f"second diff: {kinds}", f"{what}\n{render_plan(plan)}")
        if rows:
            before = _one_value(_with_names(before, renamed), renamed)
            _survived(before, _one_value(contents(connection), renamed), plan, changes)
        return plan

    def _equal(self, one: Catalog, other: Catalog, what: str) -> None:
        found = compare(one, other)
        # A part of a schema can hold what is none: an operator of which only the name is known.
        if found.describe() or (found.uncompared and not self.ordered):
            raise Broken(what, "\n".join([*found.describe(), *map(str, found.uncompared)]))


def _is_of_rows(error: psycopg.Error, plan: Plan) -> bool:
    """Whether it is the rows' fault, or that of a function which they have called."""
    code, context = error.sqlstate or "", error.diag.context or ""
    called = "PL/pgSQL function" in context and "inline_code_block" not in context
    if called and code in _MISSING:
        return True
    # What no tsvector can be is a syntax error, too.
    # So is a number of a sequence that has given none.
    words = ("in tsvector", "is not yet defined in this session")
    said = error.diag.message_primary or ""
    of_values = code.startswith(_OF_ROWS) or any(word in said for word in words)
    return of_values and _warned(plan)


def _warned(plan: Plan) -> bool:
    return any(step.statement.dangers for step in plan.steps)


def _unsubscribe(connection: psycopg.Connection, dsn: str, dbname: object) -> None:
    """A database that subscribes cannot be dropped."""
    query = (
        "SELECT subname FROM pg_subscription AS s JOIN pg_database AS d ON d.oid = s.subdbid"
        " WHERE d.datname = %s"
    )
    for (subscription,) in connection.execute(query, [dbname]).fetchall():
        with psycopg.connect(dsn, autocommit=True) as inside:
            inside.execute(f"DROP SUBSCRIPTION {subscription}".encode())


def _with_names(before: Contents, renamed: Renamed) -> Contents:
    """What was in the tables, as they and their columns are called by now."""
    found = dict(before)
    for back in reversed(renamed.back):
        place, old = back.parts[:2], quoted_name(back.new)
        if back.what == "table" and (first := back.applied(back.parts)) in found:
            found[place[0], place[1]] = found.pop((first[0], first[1]))
        elif back.what == "column" and place in found:
            new = quoted_name(back.parts[2])
            columns = found[place[0], place[1]]
            found[place[0], place[1]] = {
                (new if key[0] == old else key[0], key[1]): v for key, v in columns.items()
            }
    return found


def _one_value(found: Contents, renamed: Renamed) -> Contents:
    """An enum's value that is renamed, by its new name, wherever either stands."""
    names = {f'"{r.new}"': f'"{r.parts[2]}"' for r in renamed.back if r.what == "value"}
    for old, new in names.items():
        found = {
            place: {key: [v and v.replace(old, new) for v in values] for key, values in own.items()}
            for place, own in found.items()
        }
    return found


def _survived(before: Contents, after: Contents, plan: Plan, changes: Changes) -> None:
    """What was in a column is in it, unless the plan said otherwise."""
    losses: dict[tuple[str, ...], str] = {}
    for step in plan.steps:
        said = " ".join(danger.loses for danger in step.statement.dangers)
        own = step.identity.parts[:2]
        losses[own] = f"{losses.get(own, '')} {said}"
        # The rows of a partition that goes are its parents'.
        table = changes.live.objects.get(step.identity)
        partition = isinstance(table, Table) and table.partition_bound
        for above in ancestors(step.identity, changes.live) if partition else ():
            losses[above.parts] = f"{losses.get(above.parts, '')} {said}"
    # The values of an attribute are lost wherever its type is that of a column.
    types = {".".join(own) for own, said in losses.items() if "the values of" in said}
    for place, columns in before.items():
        now = after.get(place, {})
        said = losses.get(place, "")
        # A column that takes another's name is a column of its own.
        kept = [key for key in columns if key in now and not _is_declared(key[0], said)]
        kept = [key for key in kept if _type_of(key[1]) not in types]
        was = Counter(zip(*(columns[key] for key in kept), strict=True))
        has = Counter(zip(*(now[key] for key in kept), strict=True))
        parent = Identity(Kind.TABLE, place)
        # A partition that is none any more has its rows with it; one that becomes one brings them.
        if was - has and not _left(parent, changes.live, changes.desired):
            gone = f"{place} {[key[0] for key in kept]}: {was - has} became {has - was}"
            raise Broken("rows", f"{gone}\n{render_plan(plan)}")
        if has - was and not _left(parent, changes.desired, changes.live):
            raise Broken("rows", f"{place}: {has - was} came\n{render_plan(plan)}")


def _left(parent: Identity, before: Catalog, after: Catalog) -> bool:
    """Whether a table that stays is a partition below another before, but not after.

    The rows of one that becomes an heir are in the heir, those of its parent apart.
    """
    return any(
        bool(table.partition_bound)
        and isinstance(now := after.objects.get(table.identity), Table)
        and parent in ancestors(table.identity, before)
        and not (now.partition_bound and parent in ancestors(table.identity, after))
        for table in before.each(Table)
    )


def _type_of(text: str) -> str:
    """A column's type with its schema, of an array that of its elements."""
    plain = text.partition("(")[0].removesuffix("[]").replace('"', "")
    return plain if "." in plain else f"public.{plain}"


def _is_declared(column: str, losses: str) -> bool:
    """Whether a plan says that it loses a table's rows, or values of a column."""
    plain = column.strip('"').replace('""', '"')
    return "the rows of" in losses or bool(re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", losses))
