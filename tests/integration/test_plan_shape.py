"""What a plan looks like to the sessions beside it: nothing missing, one command a table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from schema_tool.catalog import Kind, read_catalog
from schema_tool.compare import compare
from schema_tool.plan import Plan, make_plan, preamble, render_plan

if TYPE_CHECKING:
    from tests.conftest import Project

BEFORE = """
CREATE TABLE customers (id int PRIMARY KEY, name varchar(50), old text, email varchar(100));
CREATE UNIQUE INDEX customers_email_idx ON customers (email);
CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers, total int, sku text);
ALTER TABLE orders ADD CONSTRAINT orders_sku_key UNIQUE (sku);
CREATE INDEX orders_total_idx ON orders (total);
CREATE VIEW totals AS SELECT customer, sum(total) AS total FROM orders GROUP BY customer;
CREATE FUNCTION answer() RETURNS int LANGUAGE sql AS 'SELECT 42';
CREATE POLICY mine ON orders FOR SELECT USING (customer = 1);
"""
AFTER = """
CREATE TABLE customers (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    email varchar(255) NOT NULL CONSTRAINT customers_email_key UNIQUE
);
CREATE TABLE orders (
    id int PRIMARY KEY,
    customer bigint NOT NULL REFERENCES customers ON DELETE CASCADE,
    total bigint CHECK (total > 0),
    sku text,
    region text
);
ALTER TABLE orders ADD CONSTRAINT orders_sku_key UNIQUE (sku, region);
CREATE INDEX orders_total_idx ON orders (total, customer);
CREATE VIEW totals AS SELECT customer, sum(total) AS total FROM orders GROUP BY customer;
CREATE FUNCTION answer() RETURNS text LANGUAGE sql AS 'SELECT ''42''';
CREATE POLICY mine ON orders FOR UPDATE USING (customer = 1);
"""


def planned(project: Project, before: str, after: str, *, online: bool = True) -> Plan:
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(f"{after}".encode())
        desired = read_catalog(connection)
        connection.execute(b"DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        connection.execute(f"{before}".encode())
        return make_plan(compare(read_catalog(connection), desired), online=online)


def groups(plan: Plan) -> list[str]:
    return ["\n".join(step.sql for step in group.steps) for group in plan.groups]


def place(texts: list[str], words: str) -> int:
    found = [number for number, text in enumerate(texts) if words in text]
    assert len(found) == 1, f"{words}: {found}"
    return found[0]


@pytest.fixture
def texts(project: Project) -> list[str]:
    return groups(planned(project, BEFORE, AFTER))


@pytest.mark.parametrize(
    ("gone", "back"),
    [
        ("DROP VIEW public.totals", "CREATE VIEW public.totals"),
        ("DROP FUNCTION public.answer", "CREATE FUNCTION public.answer"),
        ("DROP POLICY mine", "CREATE POLICY mine"),
        ("DROP CONSTRAINT orders_customer_fkey", "ADD CONSTRAINT orders_customer_fkey"),
        ("DROP CONSTRAINT orders_sku_key", "ADD CONSTRAINT orders_sku_key UNIQUE USING INDEX"),
    ],
)
def test_what_comes_back_does_so_in_the_transaction_that_drops_it(
    texts: list[str], gone: str, back: str
) -> None:
    assert place(texts, gone) == place(texts, back)


def test_an_index_goes_when_what_replaces_it_is_there(texts: list[str]) -> None:
    unique = place(texts, "customers_email_key UNIQUE USING INDEX customers_email_key")
    assert place(texts, "DROP INDEX CONCURRENTLY public.customers_email_idx") > unique
    built = place(texts, "CREATE UNIQUE INDEX CONCURRENTLY orders_sku_key__new")
    assert built < place(texts, "DROP CONSTRAINT orders_sku_key")
    built = place(texts, "CREATE INDEX CONCURRENTLY orders_total_idx__new")
    assert built < place(texts, "DROP INDEX CONCURRENTLY public.orders_total_idx")


def test_a_table_is_altered_by_one_command(texts: list[str]) -> None:
    altered = [text for text in texts if "ALTER TABLE public.orders" in text]
    main = altered[0]
    # The foreign key is in the way of another table's new type.
    dropped, rest = main.split("ALTER TABLE public.orders")[1:]
    assert "DROP CONSTRAINT orders_customer_fkey" in dropped
    for clause in (
        "ALTER COLUMN customer TYPE bigint",
        "ALTER COLUMN total TYPE bigint",
        "ADD COLUMN region text",
        "ADD CONSTRAINT orders_total_check",
    ):
        assert f"    {clause}" in rest


def test_the_rows_of_a_table_are_scanned_once_and_last(texts: list[str]) -> None:
    scans = [number for number, text in enumerate(texts) if "VALIDATE CONSTRAINT" in text]
    assert len(scans) == 2, texts
    assert scans[0] > place(texts, "CREATE VIEW public.totals")
    assert texts[scans[1]].count("ALTER TABLE") == 1
    assert texts[scans[1]].count("VALIDATE CONSTRAINT") == 3


def test_each_hazard_names_its_object_in_json(project: Project) -> None:
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(BEFORE.encode())
    project.write("sql/010.sql", AFTER)
    said = project.run("diff", "--format", "json", "--allow", "all")
    found: list[dict[str, Any]] = [
        hazard
        for group in json.loads(said.stdout)["groups"]
        for step in group["steps"]
        for hazard in step["hazards"]
    ]
    lost = [hazard for hazard in found if hazard["loses"]]
    assert [hazard["object"] for hazard in lost] == ["column public.customers.old"]


def test_values_of_enums_are_added_in_one_transaction(project: Project) -> None:
    texts = groups(
        planned(
            project,
            "CREATE TYPE state AS ENUM ('a'); CREATE TYPE kind AS ENUM ('k');"
            "CREATE TABLE t (s state)",
            "CREATE TYPE state AS ENUM ('a', 'b', 'c'); CREATE TYPE kind AS ENUM ('k', 'l');"
            "CREATE TABLE t (s state DEFAULT 'c')",
        )
    )
    assert len(texts) == 2
    assert texts[0].count("ADD VALUE") == 3


def test_the_index_of_a_partitioned_table_is_built_partition_by_partition(project: Project) -> None:
    table = """
        CREATE TABLE events (at date, kind text, n int) PARTITION BY RANGE (at);
        CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        CREATE TABLE events_2 PARTITION OF events DEFAULT PARTITION BY LIST (kind);
        CREATE TABLE events_2a PARTITION OF events_2 DEFAULT;
    """
    new = "CREATE TABLE events_2b PARTITION OF events_2 FOR VALUES IN ('b');"
    plan = planned(
        project,
        f"{table} CREATE INDEX events_idx ON events (kind);",
        f"{table} {new} CREATE INDEX events_idx ON events (kind, at);"
        "CREATE INDEX events_n_idx ON events (n);",
    )
    texts = groups(plan)
    for leaf in ("events_1", "events_2a"):
        place(texts, f"CREATE INDEX CONCURRENTLY {leaf}_kind_at_idx ON public.{leaf}")
    # It is new, and has rows of the default one by then.
    place(texts, "CREATE INDEX CONCURRENTLY events_2b_kind_at_idx__new ON public.events_2b")
    for whole in ("events", "events_2"):
        assert any(f" ON ONLY public.{whole} " in text for text in texts)
    assert not any(" ON public.events " in text for text in texts)
    attached = "ATTACH PARTITION public.events_1_kind_at_idx"
    assert place(texts, attached) == place(texts, "DROP INDEX public.events_idx")
    with psycopg.connect(project.database, autocommit=True) as connection:
        for text in (step.sql for group in plan.groups for step in group.steps):
            connection.execute(text.encode())
        valid = connection.execute(
            "SELECT bool_and(indisvalid) FROM pg_index WHERE indexrelid::regclass::text ~ '_idx'"
        )
        assert valid.fetchone() == (True,)


PARENT = "CREATE TABLE par (id int NOT NULL, tenant int NOT NULL, CONSTRAINT par_pkey {});"
CHILD = "CREATE TABLE chi (id int PRIMARY KEY, par {} CONSTRAINT chi_fkey REFERENCES par (id));"


@pytest.mark.parametrize("child", ["", CHILD.format("int")])
@pytest.mark.parametrize("back", [False, True])
def test_a_key_goes_when_one_of_another_name_and_shape_comes(
    project: Project, child: str, *, back: bool
) -> None:
    old = PARENT.format("PRIMARY KEY (id)") + child
    two = "UNIQUE (id), CONSTRAINT par_new PRIMARY KEY (id, tenant)"
    new = PARENT.replace("par_pkey", "par_id_key").format(two) + child
    texts = groups(planned(project, *((new, old) if back else (old, new))))
    gone, come = ("par_new", "par_pkey") if back else ("par_pkey", "par_new")
    together = place(texts, f"DROP CONSTRAINT {gone}")
    assert f"ADD CONSTRAINT {come} PRIMARY KEY USING INDEX {come}" in texts[together]
    assert place(texts, f"CREATE UNIQUE INDEX CONCURRENTLY {come}") < together


def test_a_key_whose_rows_are_converted_comes_with_them(project: Project) -> None:
    old = PARENT.format("PRIMARY KEY (id)") + CHILD.format("int")
    two = "PRIMARY KEY (id, tenant), CONSTRAINT par_id_key UNIQUE (id)"
    new = PARENT.replace("id int", "id bigint", 1).format(two) + CHILD.format("bigint")
    texts = groups(planned(project, old, new))
    together = place(texts, "ADD CONSTRAINT par_pkey PRIMARY KEY (id, tenant)")
    assert together == place(texts, "ADD CONSTRAINT par_id_key UNIQUE (id)")
    assert together == place(texts, "DROP CONSTRAINT par_pkey")
    assert together == place(texts, "ADD CONSTRAINT chi_fkey")


def test_keys_and_the_references_to_them_change_in_one_transaction(project: Project) -> None:
    old = """
        CREATE TABLE par (id int PRIMARY KEY, uid uuid NOT NULL);
        CREATE TABLE chi (par int CONSTRAINT chi_par_fkey REFERENCES par, paru uuid);
    """
    new = """
        CREATE TABLE par (uid uuid CONSTRAINT par_uid PRIMARY KEY);
        CREATE TABLE chi (paru uuid CONSTRAINT chi_paru_fkey REFERENCES par);
    """
    texts = groups(planned(project, old, new))
    together = place(texts, "DROP CONSTRAINT chi_par_fkey")
    for clause in ("DROP CONSTRAINT par_pkey", "ADD CONSTRAINT par_uid", "ADD CONSTRAINT chi_paru"):
        assert place(texts, clause) == together


PARTITIONED = """
    CREATE TABLE ev (id int NOT NULL, day date NOT NULL, tenant int {}) PARTITION BY RANGE (day);
    CREATE TABLE ev_1 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');
    CREATE TABLE ev_2 PARTITION OF ev FOR VALUES FROM ('2025-02-01') TO ('2025-03-01')
        PARTITION BY LIST (tenant);
    CREATE TABLE ev_2_1 PARTITION OF ev_2 FOR VALUES IN (1);
"""


def test_the_key_of_a_partitioned_table_is_built_partition_by_partition(project: Project) -> None:
    new = PARTITIONED.format(", CONSTRAINT ev_pkey PRIMARY KEY (id, day, tenant)")
    new += "CREATE TABLE ev_3 PARTITION OF ev DEFAULT"
    texts = groups(planned(project, PARTITIONED.format(""), new))
    together = place(texts, "ALTER TABLE ONLY public.ev ADD CONSTRAINT ev_pkey")
    for part in ("ev_1", "ev_2_1"):
        built = place(texts, f"CREATE UNIQUE INDEX CONCURRENTLY {part}_pkey")
        assert built < place(texts, f"ADD CONSTRAINT {part}_pkey PRIMARY KEY USING INDEX")
    for clause in ("ATTACH PARTITION public.ev_2_1_pkey", "ADD CONSTRAINT ev_3_pkey PRIMARY KEY ("):
        assert place(texts, clause) == together


def test_a_unique_key_stays_until_a_primary_key_is_there(project: Project) -> None:
    old = PARTITIONED.format(", CONSTRAINT ev_key UNIQUE (id, day, tenant)")
    new = PARTITIONED.format(", CONSTRAINT ev_pkey PRIMARY KEY (id, day, tenant)")
    texts = groups(planned(project, old, new))
    assert place(texts, "DROP CONSTRAINT ev_key") == place(texts, "ADD CONSTRAINT ev_pkey")


@pytest.mark.parametrize("back", [False, True])
def test_a_key_stays_until_what_its_successor_waits_for_is_proved(
    project: Project, *, back: bool
) -> None:
    table = PARTITIONED.replace("(tenant)", "(id)")
    old = table.format(", CONSTRAINT ev_old PRIMARY KEY (id, day)")
    new = table.format(", CONSTRAINT ev_new PRIMARY KEY (id, day, tenant)")
    texts = groups(planned(project, *((new, old) if back else (old, new))))
    assert place(texts, "DROP CONSTRAINT ev_") == place(texts, "ONLY public.ev ADD CONSTRAINT")


@pytest.mark.parametrize("back", [False, True])
def test_a_partitions_own_key_gives_way_to_its_parents(project: Project, *, back: bool) -> None:
    old = PARTITIONED.format("") + "ALTER TABLE ev_1 ADD CONSTRAINT ev_1_pkey PRIMARY KEY (id);"
    new = PARTITIONED.format(", CONSTRAINT ev_pkey PRIMARY KEY (id, day, tenant)")
    texts = groups(planned(project, *((new, old) if back else (old, new))))
    assert place(texts, "DROP CONSTRAINT ev_") == place(texts, "ADD CONSTRAINT ev_1_pkey")


def test_a_foreign_key_that_is_deferred_otherwise_stays(project: Project) -> None:
    old = "CREATE TABLE par (id int PRIMARY KEY);" + CHILD.format("int")
    new = old.replace("REFERENCES par (id)", "REFERENCES par (id) DEFERRABLE")
    (text,) = (text for text in groups(planned(project, old, new)) if "chi_fkey" in text)
    assert "ALTER TABLE public.chi ALTER CONSTRAINT chi_fkey DEFERRABLE" in text
    assert "DROP CONSTRAINT" not in text


SERIAL = """CREATE TABLE t (
    id serial, a int, b varchar(20), g int GENERATED ALWAYS AS (a * 2) STORED
);"""
IDENTITY = """CREATE TABLE t (
    id bigint GENERATED BY DEFAULT AS IDENTITY, a bigint, b varchar(10), g bigint
);"""


@pytest.mark.parametrize("back", [False, True])
def test_a_table_is_rewritten_once_beside_a_new_source_of_values(
    project: Project, *, back: bool
) -> None:
    plan = planned(project, *((IDENTITY, SERIAL) if back else (SERIAL, IDENTITY)))
    steps = [step for group in plan.groups for step in group.steps]
    assert len([s for s in steps if any(d.rewrites for d in s.statement.dangers)]) == 1
    assert back or not any("DROP COLUMN" in step.sql for step in steps)


def test_a_table_is_rewritten_once_for_all_new_columns(project: Project) -> None:
    new = "CREATE TABLE t (n int, s serial, i int GENERATED ALWAYS AS IDENTITY, u uuid DEFAULT {})"
    plan = planned(project, "CREATE TABLE t (n int)", new.format("gen_random_uuid()"))
    commands = [command for group in plan.groups for command in group.steps]
    assert len([c for c in commands if any(d.rewrites for d in c.statement.dangers)]) == 1


def test_a_check_that_comes_back_goes_with_the_conversions_of_its_table(project: Project) -> None:
    old = "CREATE TABLE t (id int, s varchar(9), CONSTRAINT c CHECK (s IN ('a', 'b')));"
    new = "CREATE TABLE t (id bigint, s text NOT NULL, CONSTRAINT c CHECK (s IN ('a', 'b', 'c')));"
    texts = groups(planned(project, old, new))
    assert "\n".join(texts).count("ALTER TABLE public.t") == 1 + len(texts[1:])


def test_a_key_stays_while_its_column_becomes_wider(project: Project) -> None:
    old = "CREATE TABLE t (sku varchar(9) CONSTRAINT t_pkey PRIMARY KEY);"
    new = "CREATE TABLE t (id int CONSTRAINT t_pk PRIMARY KEY, sku text CONSTRAINT t_key UNIQUE);"
    texts = groups(planned(project, old, new.replace("text", "text NOT NULL")))
    assert place(texts, "DROP CONSTRAINT t_pkey") == place(texts, "ADD CONSTRAINT t_pk ")


def test_what_goes_with_an_extension_no_more_stays_when_that_goes(project: Project) -> None:
    objects = (
        "CREATE TABLE t (a int); CREATE INDEX i ON t (a);"
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
        "CREATE VIEW v AS SELECT f();"
    )
    uses = (
        "ALTER INDEX i DEPENDS ON EXTENSION plpgsql; ALTER FUNCTION f DEPENDS ON EXTENSION plpgsql;"
    )
    before = f"CREATE EXTENSION plpgsql; {objects}{uses}"
    plan = planned(project, before, f"{objects}DROP EXTENSION plpgsql")
    steps = [step for group in plan.groups for step in group.steps]
    assert [step.sql for step in steps if step.identity.kind is not Kind.SCHEMA] == [
        "ALTER FUNCTION public.f() NO DEPENDS ON EXTENSION plpgsql",
        "ALTER INDEX public.i NO DEPENDS ON EXTENSION plpgsql",
        "DROP EXTENSION plpgsql",
    ]


def test_a_reference_goes_when_the_key_that_it_goes_for_can(project: Project) -> None:
    reference = "CREATE TABLE b (a int CONSTRAINT fk REFERENCES a (id));"
    texts = groups(
        planned(
            project,
            f"CREATE TABLE a (id int, k int, CONSTRAINT a_pk PRIMARY KEY (id)); {reference}",
            "CREATE TABLE a (id int, k int, CONSTRAINT a_pk PRIMARY KEY (id, k),"
            f" CONSTRAINT a_u UNIQUE (id)); {reference}",
        )
    )
    gone = place(texts, "DROP CONSTRAINT fk")
    assert place(texts, "VALIDATE CONSTRAINT a_k_not_null") < gone
    assert gone == place(texts, "DROP CONSTRAINT a_pk") == place(texts, "ADD CONSTRAINT fk")


def test_a_view_that_comes_back_stays_while_its_enum_gets_a_value(project: Project) -> None:
    before = (
        "CREATE TYPE state AS ENUM ('a'); CREATE TABLE t (id int, s state);"
        " CREATE VIEW v AS SELECT id, s FROM t WHERE s = 'a'"
    )
    after = before.replace("('a')", "('a', 'b')").replace("id int", "id bigint")
    found = groups(planned(project, before, after))
    assert place(found, "ADD VALUE") < place(found, "DROP VIEW") == place(found, "CREATE VIEW")


def test_values_of_an_enum_do_not_wait_for_what_its_schema_is_granted(project: Project) -> None:
    before = (
        "CREATE TYPE state AS ENUM ('a'); CREATE TABLE a (id int PRIMARY KEY, s state);"
        " CREATE TABLE b (a int REFERENCES a); CREATE VIEW v AS SELECT a FROM b;"
    )
    after = before.replace("('a')", "('a', 'b')").replace(" int", " bigint")
    after += "COMMENT ON SCHEMA public IS 'ours'; GRANT USAGE ON SCHEMA public TO public"
    found = groups(planned(project, before, after))
    assert place(found, "ADD VALUE") == 0
    assert place(found, "DROP VIEW") == place(found, "CREATE VIEW") == 1
    assert place(found, "DROP CONSTRAINT b_a_fkey") == place(found, "ADD CONSTRAINT b_a_fkey") == 1


PAIRED = """
    CREATE TABLE par (id bigint NOT NULL, day date NOT NULL, tenant int NOT NULL DEFAULT 1, {});
    CREATE TABLE chi (
        id bigint, day date, tenant int,
        CONSTRAINT chi_{} FOREIGN KEY (id, day{}) REFERENCES par (id, day{})
    );
"""


@pytest.mark.parametrize("back", [False, True])
def test_a_reference_stays_until_the_one_to_another_key_is_there(
    project: Project, *, back: bool
) -> None:
    old = PAIRED.format("CONSTRAINT par_old UNIQUE (id, day)", "old", "", "")
    more = (", tenant", ", tenant")
    new = PAIRED.format("CONSTRAINT par_new UNIQUE (id, day, tenant)", "new", *more)
    texts = groups(planned(project, *((new, old) if back else (old, new))))
    gone, come = ("new", "old") if back else ("old", "new")
    together = place(texts, f"DROP CONSTRAINT chi_{gone}")
    assert together == place(texts, f"ADD CONSTRAINT chi_{come}")
    assert together == place(texts, f"DROP CONSTRAINT par_{gone}")
    assert together == place(texts, f"ADD CONSTRAINT par_{come}")


def test_a_key_of_a_partitioned_table_stays_while_its_default_partition_is_away(
    project: Project,
) -> None:
    rest = "CREATE TABLE ev_rest PARTITION OF ev DEFAULT;"
    old = PARTITIONED.replace("(tenant)", "(id)").format(", CONSTRAINT ev_old UNIQUE (id, day)")
    new = old.replace("ev_old UNIQUE (id, day)", "ev_new UNIQUE (id, day, tenant)")
    april = "CREATE TABLE ev_4 PARTITION OF ev FOR VALUES FROM ('2025-04-01') TO ('2025-05-01');"
    texts = groups(planned(project, old + rest, new + april + rest))
    assert place(texts, "DETACH PARTITION") < place(texts, "DROP CONSTRAINT ev_old")
    assert place(texts, "DROP CONSTRAINT ev_old") == place(texts, "ADD CONSTRAINT ev_new")


@pytest.mark.parametrize("wider", ["", ", tenant"])
def test_a_primary_key_stays_until_a_unique_one_is_there(project: Project, *, wider: str) -> None:
    table = "CREATE TABLE t (id int NOT NULL, day date, tenant int, {})"
    old = table.format("CONSTRAINT t_old PRIMARY KEY (id, day)")
    new = table.format(f"CONSTRAINT t_new UNIQUE (id, day{wider})")
    texts = groups(planned(project, old, new))
    assert place(texts, "DROP CONSTRAINT t_old") == place(texts, "ADD CONSTRAINT t_new")
    assert place(texts, "DROP CONSTRAINT t_old") == place(texts, "ALTER COLUMN day DROP NOT NULL")


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CONSTRAINT guard UNIQUE (code)", "; CREATE UNIQUE INDEX u ON t (lower(code))"),
        ("; CREATE UNIQUE INDEX u ON t (code, id)", "; CREATE UNIQUE INDEX u ON t (code)"),
    ],
)
def test_what_is_unique_stays_so_while_its_column_is_converted(
    project: Project, old: str, new: str, *, back: bool
) -> None:
    table = "CREATE TABLE t (id int, code {} {})"
    sides = (
        table.format("char(9)", f", {old})" if old.startswith("C") else f"){old}")[:-1],
        table.format("text", f"){new}")[:-1],
    )
    texts = groups(planned(project, *(sides[::-1] if back else sides)))
    converted = texts[place(texts, "ALTER COLUMN code TYPE")]
    assert "DROP CONSTRAINT guard" in converted or "DROP INDEX public.u" in converted
    assert "ADD CONSTRAINT guard" in converted or "CREATE UNIQUE INDEX u" in converted


def test_an_index_whose_column_is_converted_is_replaced_beside_traffic(project: Project) -> None:
    old = "CREATE TABLE t (id int, at timestamp); CREATE INDEX i ON t (id, at)"
    new = "CREATE TABLE t (id int, at timestamptz); CREATE INDEX i ON t (at)"
    texts = groups(planned(project, old, new))
    assert place(texts, "CREATE INDEX CONCURRENTLY i__new") < place(texts, "DROP INDEX CONCUR")


def test_an_index_that_replaces_another_is_called_by_its_name_and_one_statement_stands_alone(
    project: Project,
) -> None:
    old = "CREATE TABLE t (id int, at date); CREATE INDEX i ON t (id)"
    new = old.replace("INDEX i ON t (id", "UNIQUE INDEX i ON t (at")
    text = render_plan(planned(project, old, new))
    assert "fails where two rows are equal in public.i\n" in text
    assert text.endswith(";\n\nALTER INDEX public.i__new RENAME TO i;\n")


CHAIN = """
    CREATE TABLE zones (id {0} PRIMARY KEY, old int);
    CREATE TABLE parts (
        id {0} PRIMARY KEY, zone {0} CONSTRAINT parts_zone_fkey REFERENCES zones,
        above {0} CONSTRAINT parts_above_fkey REFERENCES parts, n int {1}
    );
    CREATE TABLE items (
        part {0} CONSTRAINT items_part_fkey REFERENCES parts,
        zone {0} CONSTRAINT items_zone_fkey REFERENCES zones, code {2}, PRIMARY KEY (part, zone)
    );
"""


@pytest.mark.parametrize("back", [False, True])
def test_tables_are_converted_after_those_that_they_refer_to(
    project: Project, *, back: bool
) -> None:
    sides = CHAIN.format("int", "", "text"), CHAIN.format("bigint", "CHECK (n > 0)", "varchar(9)")
    plan = planned(project, *(sides[::-1] if back else sides))
    commands = [step.sql for group in plan.groups for step in group.steps]
    found = [place(commands, "ALTER TABLE public.zones ALTER COLUMN id")]
    for table in ("parts", "items"):
        found.append(place(commands, f"ADD CONSTRAINT {table}_zone_fkey"))
        assert f"ALTER TABLE public.{table}" in commands[found[-1]]
        assert "ALTER COLUMN zone TYPE" in commands[found[-1]]
    assert found == sorted(found)


def test_tables_that_refer_to_each_other_are_each_converted_once(project: Project) -> None:
    both = """
        CREATE TABLE a (id {0} PRIMARY KEY, b {0}, n {0});
        CREATE TABLE b (id {0} PRIMARY KEY, a {0} REFERENCES a, n {0});
        ALTER TABLE a ADD CONSTRAINT a_b_fkey FOREIGN KEY (b) REFERENCES b;
    """
    plan = planned(project, both.format("int"), both.format("bigint"))
    commands = [step.sql for group in plan.groups for step in group.steps]
    for table in ("a", "b"):
        ours = [c for c in commands if c.startswith(f"ALTER TABLE public.{table}\n")]
        assert sum(" TYPE bigint" in command for command in ours) == 1


def test_a_check_of_a_domain_is_proved_by_itself(project: Project) -> None:
    domain = "CREATE DOMAIN d AS int CHECK (VALUE > {}); CREATE TABLE t (v d, w int);"
    after = domain.format(1) + "CREATE INDEX t_w ON t (w); ALTER TABLE t ADD x int;"
    texts = groups(planned(project, domain.format(0), after))
    proof = place(texts, "ALTER DOMAIN public.d VALIDATE CONSTRAINT d_check")
    assert place(texts, "ADD CONSTRAINT d_check CHECK (VALUE > 1) NOT VALID") < proof
    assert proof == len(texts) - 1


@pytest.mark.parametrize("back", [False, True])
def test_an_identity_gets_its_type_with_its_column(project: Project, *, back: bool) -> None:
    table = "CREATE TABLE t (a {0}, id {0} GENERATED ALWAYS AS IDENTITY, n {0})"
    sides = table.format("int"), table.format("bigint")
    texts = groups(planned(project, *(sides[::-1] if back else sides)))
    converted = texts[place(texts, "ALTER COLUMN id TYPE")]
    assert converted.count("ALTER TABLE") == 1
    assert "ALTER SEQUENCE" not in converted


def test_hazards_are_of_what_others_lose(project: Project) -> None:
    before = """
        CREATE TABLE t (id int, name text, note varchar(9), rate numeric(9, 3));
        ALTER TABLE t ENABLE ROW LEVEL SECURITY;
        CREATE POLICY same ON t USING (id > 0);
        CREATE POLICY wider ON t USING (id > 0);
    """
    after = """
        CREATE TABLE t (id bigint, name varchar(9), note text, rate numeric(9, 2));
        ALTER TABLE t ENABLE ROW LEVEL SECURITY;
        CREATE POLICY same ON t USING (id > 0);
        CREATE POLICY wider ON t USING (id > 1);
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
        REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC;
    """
    plan = planned(project, before, after)
    found = [
        (step.identity.name, str(danger.hazard), danger.loses, danger.fails)
        for step in plan.steps
        for danger in step.statement.dangers
        if step.identity.kind is not Kind.SCHEMA
    ]
    refused = "where character varying(9) cannot hold a value of public.t.name"
    rounded = "what numeric(9,2) cannot hold of public.t.rate"
    assert sorted(found) == [
        ("public.t.id", "rewrite-table", "", ""),
        ("public.t.name", "change-type", "blanks at the end of public.t.name", refused),
        ("public.t.rate", "change-type", rounded, ""),
        ("public.t.wider", "weaken-security", "", ""),
    ]
    assert len(plan.refused(frozenset())) == 2


@pytest.mark.parametrize("kept", ["", " PARTITION BY RANGE (id)"])
def test_a_reference_of_partitioned_tables_is_proved_by_itself(project: Project, kept: str) -> None:
    tables = """
        CREATE TABLE par (id int PRIMARY KEY) PARTITION BY RANGE (id);
        CREATE TABLE par_1 PARTITION OF par FOR VALUES FROM (1) TO (5);
        CREATE TABLE chi (id int {}) {};
    """
    if kept:
        tables += "CREATE TABLE chi_1 PARTITION OF chi FOR VALUES FROM (1) TO (5);"
    new = tables.format("CONSTRAINT chi_fkey REFERENCES par", kept)
    texts = groups(planned(project, tables.format("", kept), new))
    assert place(texts, "ADD CONSTRAINT chi_fkey") < place(texts, "VALIDATE CONSTRAINT chi_fkey")


def test_a_partition_does_not_go_before_what_refers_to_it_is_looked_for(project: Project) -> None:
    tables = """
        CREATE TABLE par (id int PRIMARY KEY) PARTITION BY RANGE (id);
        CREATE TABLE par_d PARTITION OF par DEFAULT; {}
        CREATE TABLE chi (id int CONSTRAINT chi_fkey REFERENCES par);
    """
    gone = "CREATE TABLE par_1 PARTITION OF par FOR VALUES FROM (1) TO (5);"
    texts = groups(planned(project, tables.format(gone), tables.format("")))
    assert len(texts) == 1
    assert texts[0].endswith("ADD CONSTRAINT chi_fkey FOREIGN KEY (id) REFERENCES public.par(id)")


def test_a_reason_names_what_cannot_be_altered(project: Project) -> None:
    table = """
        CREATE TABLE t (id int, n int {});
        CREATE POLICY p ON t {};
        DROP PUBLICATION IF EXISTS w;
        CREATE PUBLICATION w FOR TABLE t WITH ({});
    """
    before = table.format("", "FOR SELECT USING (id > 0)", "publish = 'insert'")
    more = "AS RESTRICTIVE FOR UPDATE TO CURRENT_USER USING (id > 1)"
    after = table.format("GENERATED ALWAYS AS (id + 1) STORED", more, "publish = 'delete'")
    plan = planned(project, before, after)
    reasons = {step.reason for step in plan.steps if step.reason}
    assert "the command and the mode of policy public.t.p cannot be altered in place" in reasons
    assert "the expression of column public.t.n cannot be altered in place" in reasons
    assert "ALTER PUBLICATION w SET (publish = 'delete')" in {step.sql for step in plan.steps}


def test_a_policy_goes_for_the_condition_that_it_loses_alone(project: Project) -> None:
    table = "CREATE TABLE t (id int); CREATE POLICY p ON t FOR UPDATE {};"
    before = table.format("TO CURRENT_USER USING (id > 0) WITH CHECK (id > 0)")
    plan = planned(project, before, table.format("USING (id > 1)"))
    reasons = {step.reason for step in plan.steps if step.reason}
    assert reasons == {"the check of policy public.t.p cannot be altered in place"}


def test_what_a_publication_does_as_usual_is_not_said(project: Project) -> None:
    after = """
        CREATE TABLE t (id int PRIMARY KEY);
        CREATE PUBLICATION usual FOR TABLE t;
        CREATE PUBLICATION other FOR TABLE t WITH (publish = 'insert');
    """
    plan = planned(project, "DROP PUBLICATION usual, other", after)
    statements = {step.sql for step in plan.steps}
    assert "CREATE PUBLICATION usual FOR TABLE public.t" in statements
    other = "CREATE PUBLICATION other FOR TABLE public.t WITH (publish = 'insert')"
    assert other in statements


def test_indexes_are_built_again_when_what_they_call_returns_something_else(
    project: Project,
) -> None:
    before = """
        CREATE FUNCTION f(n int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT n';
        CREATE FUNCTION g(n int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT n';
        CREATE TABLE t (n int);
        CREATE INDEX stale ON t (f(n));
        CREATE INDEX fresh ON t (g(n));
        CREATE INDEX other ON t (n) WHERE f(n) > 1;
    """
    after = before.replace("'SELECT n'", "'SELECT n + 1'", 1).replace("'SELECT n'", "' SELECT n '")
    texts = groups(planned(project, before, after.replace("f(n) > 1", "f(n) > 2")))
    assert place(texts, "FUNCTION public.f") < place(texts, "REINDEX INDEX CONCURRENTLY")
    assert place(texts, "public.stale") == place(texts, "REINDEX INDEX CONCURRENTLY")


def test_all_indexes_go_before_what_is_missing_in_one_transaction(project: Project) -> None:
    table = """
        CREATE TABLE {0} (a int DEFAULT f(1), b int);
        CREATE INDEX {0}_i ON {0} (f(b));
        CREATE VIEW v_{0} AS SELECT f(b) AS b FROM {0};
    """
    call = "CREATE FUNCTION f(int) RETURNS {} IMMUTABLE RETURN $1;"
    tables = "".join(map(table.format, ("one", "two", "three")))
    plan = planned(project, call.format("int") + tables, call.format("bigint") + tables)
    assert [len(group.steps) > 1 for group in plan.groups] == [False] * 3 + [True] + [False] * 3


def test_rows_do_not_hold_what_a_triggers_function_returned(project: Project) -> None:
    before = """
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE p (n int) PARTITION BY LIST (n);
        CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
        CREATE TRIGGER t BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
    """
    plan = planned(project, before, before.replace("RETURN NEW", "RETURN NULL"))
    replaced = [step.statement for step in plan.steps if "RETURN NULL" in step.sql]
    assert [statement.dangers for statement in replaced] == [()]


@pytest.mark.parametrize("back", [False, True])
def test_numbers_go_on_between_serial_and_identity(project: Project, *, back: bool) -> None:
    sides = (
        "CREATE TABLE t (id serial, n int);",
        "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, n int);",
    )
    before, after = sides[::-1] if back else sides
    rows = "INSERT INTO t (n) SELECT generate_series(1, 9); DELETE FROM t WHERE id > 3"
    plan = planned(project, before + rows, after)
    with psycopg.connect(project.database, autocommit=True) as connection:
        for step in (command for group in plan.groups for command in group.steps):
            connection.execute(step.sql.encode())
        found = connection.execute("INSERT INTO t (n) VALUES (1) RETURNING id").fetchone()
        assert found == (10,)


@pytest.mark.parametrize(
    ("wanted", "loses", "fails"),
    [
        ("b int, a int, c int", 0, 0),
        ("c int, b int", 3, 0),
        ("a text, b int", 0, 0),
        ("a date, b int", 3, 3),
        ("a smallint", 3, 3),
    ],
)
def test_a_row_loses_and_refuses_what_its_type_does(
    project: Project, wanted: str, loses: int, fails: int
) -> None:
    text = "CREATE TYPE k AS ({}); CREATE DOMAIN dk AS k; CREATE TABLE t (x k, y dk, z dk[]);"
    plan = planned(project, text.format("a int, b int"), text.format(wanted))
    dangers = [danger for step in plan.steps for danger in step.statement.dangers]
    assert len({danger.loses for danger in dangers if danger.loses}) == loses
    assert len({danger.fails for danger in dangers if danger.fails}) == fails


def test_what_stands_on_a_table_that_becomes_partitioned_goes_with_the_old_one(
    project: Project,
) -> None:
    rest = """
        CREATE INDEX events_n_idx ON events (n);
        ALTER TABLE events ADD CONSTRAINT events_kind_fkey FOREIGN KEY (kind) REFERENCES kinds;
    """
    kinds = "CREATE TABLE kinds (kind text PRIMARY KEY);"
    plan = planned(
        project,
        f"{kinds} CREATE TABLE events (at date PRIMARY KEY, kind text, n int); {rest}"
        "CREATE INDEX events_old_idx ON events (kind)",
        f"{kinds} CREATE TABLE events (at date PRIMARY KEY, kind text, n int)"
        f" PARTITION BY RANGE (at); CREATE TABLE events_1 PARTITION OF events DEFAULT; {rest}",
    )
    texts = groups(plan)
    assert len(texts) == 1
    assert "DROP INDEX" not in texts[0]
    assert texts[0].count("DROP CONSTRAINT") == 1
    assert texts[0].index("DROP TABLE public.events__old") < texts[0].index("CREATE INDEX")


def test_a_table_with_columns_of_two_types_made_anew_is_rewritten_once(project: Project) -> None:
    plan = planned(
        project,
        "CREATE TYPE color AS ENUM ('r', 'g', 'b'); CREATE TYPE size AS ENUM ('s', 'm', 'l');"
        "CREATE TABLE goods (id int PRIMARY KEY, color color, size size);"
        "CREATE TABLE shops (id int PRIMARY KEY, size size)",
        "CREATE TYPE color AS ENUM ('b', 'g', 'r'); CREATE TYPE size AS ENUM ('l', 'm', 's');"
        "CREATE TABLE goods (id int PRIMARY KEY, color color, size size);"
        "CREATE TABLE shops (id int, size size) PARTITION BY LIST (size);"
        "CREATE TABLE shops_1 PARTITION OF shops DEFAULT",
    )
    (text,) = groups(plan)
    assert text.count("ALTER TABLE public.goods") == 1


def test_a_sequence_is_altered_with_its_table(project: Project) -> None:
    people = "CREATE TABLE people (id {0} PRIMARY KEY);"
    accounts = "CREATE TABLE accounts (id {1} PRIMARY KEY, owner {2} REFERENCES people);"
    before = people.format("serial") + accounts.format("", "serial", "int")
    after = people.format("bigserial") + accounts.format("", "bigserial", "bigint")
    texts = groups(planned(project, before, after))
    lines = [line for line in texts[0].splitlines() if line.startswith("ALTER")]
    place = lines.index("ALTER SEQUENCE public.accounts_id_seq AS bigint")
    assert lines[place + 1] == "ALTER TABLE public.accounts"


def test_what_a_sequence_and_its_table_are_granted_does_not_split_a_command(
    project: Project,
) -> None:
    plan = planned(
        project,
        "CREATE TABLE t (id serial, a int)",
        "CREATE TABLE t (id serial, b int); GRANT SELECT ON t, t_id_seq TO PUBLIC",
    )
    (text,) = groups(plan)
    assert text.count("ALTER TABLE public.t") == 1


def test_what_the_sequence_of_a_new_identity_is_granted_does_not_split_a_command(
    project: Project,
) -> None:
    plan = planned(
        project,
        "CREATE TABLE t (n int)",
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, n bigint, b int);"
        "GRANT USAGE ON SEQUENCE t_id_seq TO PUBLIC",
    )
    (text,) = groups(plan)
    assert text.count("ALTER TABLE public.t") == 1


def test_a_long_not_null_has_the_name_that_the_server_cuts(project: Project) -> None:
    table = "destination_rooms_sticky_events_backlog (sticky_events_stream_position int NOT NULL)"
    (text,) = groups(planned(project, "", f"CREATE TABLE {table}"))
    assert "CONSTRAINT" not in text


def test_what_several_columns_cost_is_said_in_one_sentence(project: Project) -> None:
    plan = planned(
        project,
        "CREATE TABLE t (id bigint, n bigint, a int, b int, c int)",
        "CREATE TABLE t (id int, n int)",
    )
    text = render_plan(plan)
    assert "-- drop-column: loses the values of public.t.a, b and c\n" in text
    assert "-- change-type: fails where integer cannot hold a value of public.t.id and n\n" in text


def test_the_columns_of_heirs_that_go_along_are_named(project: Project) -> None:
    heirs = "CREATE TABLE a () INHERITS (t); CREATE TABLE b () INHERITS (a);"
    more = "".join(f"CREATE TABLE h{n} () INHERITS (u);" for n in range(4))
    parts = "CREATE TABLE p0 PARTITION OF p DEFAULT"
    text = "CREATE TABLE t (k int{0}); CREATE TABLE u (k int{0}); CREATE TABLE p (k int{0})"
    text += f" PARTITION BY LIST (k); {heirs} {more} {parts}"
    plan = planned(project, text.format(", x int"), text.format(""))
    said = render_plan(plan)
    assert "loses the values of public.t.x, public.a.x, public.b.x\n" in said
    assert "loses the values of public.u.x and of 4 heirs\n" in said
    assert "loses the values of public.p.x\n" in said


@pytest.mark.parametrize("back", [False, True])
def test_a_plan_says_that_a_time_is_read_in_the_sessions_time_zone(
    project: Project, *, back: bool
) -> None:
    sides = (
        "CREATE TABLE t (a {0}, b {0}, c {0})".format(f"timestamp {zone} time zone")
        for zone in ("without", "with")
    )
    before, after = (*sides,)[:: -1 if back else 1]
    text = render_plan(planned(project, before, after))
    said = "-- rewrite-table: depends on the session's TimeZone for public.t.a, b and c\n"
    assert said in text


def test_a_copy_and_an_array_say_of_what_in_the_session_they_depend(project: Project) -> None:
    zones = "timestamp without time zone", "timestamp with time zone"
    before, after = (
        f"""
        CREATE TABLE copied (n int, a {zone}, b {zone}) {partitioned};
        CREATE TABLE arrays (a {zone}[], b {"text" if zone is zones[0] else zone});
        """
        for zone, partitioned in zip(zones, ("", "PARTITION BY LIST (n)"), strict=True)
    )
    text = render_plan(planned(project, before, after))
    assert "-- copy-table: depends on the session's TimeZone for a, b\n" in text
    assert "-- rewrite-table: depends on the session's TimeZone for public.arrays.a\n" in text
    both = "on the session's DateStyle and TimeZone for public.arrays.b"
    assert f"-- change-type: depends {both}\n" in text


def test_a_rewrite_that_also_builds_an_index_says_so(project: Project) -> None:
    before = "CREATE TABLE t (a int, b int, CONSTRAINT k UNIQUE (a))"
    after = "CREATE TABLE t (a bigint, b int, CONSTRAINT k UNIQUE (a, b))"
    text = render_plan(planned(project, before, after))
    said = "rewrites public.t and builds another index under an ACCESS EXCLUSIVE lock"
    assert f"-- {said}\n" in text


def test_a_default_that_the_server_converts_is_not_dropped_first(project: Project) -> None:
    before = "CREATE TABLE t (a varchar(9) DEFAULT 'a', b text DEFAULT 'a')"
    after = "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (a text DEFAULT 'a', b e DEFAULT 'a')"
    (text,) = groups(planned(project, before, after))
    assert "COLUMN a DROP DEFAULT" not in text
    assert "COLUMN b DROP DEFAULT" in text


def test_a_plan_says_why_a_sequence_is_set(project: Project) -> None:
    text = render_plan(
        planned(
            project,
            "CREATE TABLE t (id serial); CREATE SEQUENCE s",
            "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY); CREATE SEQUENCE s AS smallint",
        )
    )
    assert "-- sequence public.s must stand within its new bounds before it gets them" in text
    goes_on = "gets another sequence, which goes on where the old one stands"
    assert f"-- column public.t.id {goes_on}" in text


def test_an_identity_goes_on_as_its_table_becomes_partitioned(project: Project) -> None:
    after = "PARTITION BY LIST (id); CREATE TABLE {0}_1 PARTITION OF {0} DEFAULT;"
    identity = "id bigint GENERATED BY DEFAULT AS IDENTITY"
    plan = planned(
        project,
        f"CREATE TABLE s (id serial); CREATE TABLE t ({identity});"
        "SELECT setval('s_id_seq', 40), setval('t_id_seq', 50)",
        f"CREATE TABLE s ({identity}) {after.format('s')}"
        f"CREATE TABLE t ({identity}) {after.format('t')}",
    )
    with psycopg.connect(project.database, autocommit=True) as connection:
        for text in (step.sql for group in plan.groups for step in group.steps):
            connection.execute(text.encode())
        found = connection.execute("SELECT nextval('s_id_seq'), nextval('t_id_seq')")
        assert found.fetchone() == (41, 51)


def test_what_casts_calls_the_function_of_the_cast_that_comes(project: Project) -> None:
    text = """
        CREATE TYPE c AS (a int); CREATE TABLE t (x c);
        CREATE FUNCTION old(c) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT $1.a::text';
        CREATE FUNCTION new(c) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT ''new''';
        CREATE CAST (c AS text) WITH FUNCTION {}(c);
        CREATE VIEW v AS SELECT x::text FROM t; CREATE INDEX i ON t ((x::text));
    """
    plan = planned(
        project, text.format("old") + "INSERT INTO t VALUES (ROW(1))", text.format("new")
    )
    with psycopg.connect(project.database, autocommit=True) as connection:
        for command in (step.sql for group in plan.groups for step in group.steps):
            connection.execute(command.encode())
        assert connection.execute("SELECT x FROM v").fetchone() == ("new",)
    texts = groups(plan)
    assert place(texts, "CREATE INDEX CONCURRENTLY i__new") < place(texts, "DROP INDEX CONCUR")


def test_a_table_that_is_attached_has_its_keys_before(project: Project) -> None:
    tables = """
CREATE TABLE t (k integer, v integer, CONSTRAINT u UNIQUE (k)) PARTITION BY LIST (k);
CREATE TABLE t_1 (k integer, v integer);
"""
    attach = "ALTER TABLE t ATTACH PARTITION t_1 FOR VALUES IN (1);"
    done = groups(planned(project, tables, tables + attach))
    assert done[1] == "CREATE UNIQUE INDEX CONCURRENTLY t_1_k_key ON public.t_1 (k)"
    assert done[2] == "ALTER TABLE public.t_1 VALIDATE CONSTRAINT t_1_rows_fit"
    assert done[3].startswith(
        "ALTER TABLE public.t_1 ADD CONSTRAINT t_1_k_key UNIQUE USING INDEX t_1_k_key\n"
        "ALTER TABLE public.t ATTACH PARTITION"
    )


def test_what_uses_an_extension_that_moves_stays_as_it_is(project: Project) -> None:
    text = """
        DROP SCHEMA IF EXISTS ext CASCADE; CREATE SCHEMA ext;
        CREATE EXTENSION vector SCHEMA {0}; SET search_path = public, {0};
        CREATE TABLE t (v vector(3) DEFAULT '[1,2,3]', CHECK (vector_dims(v) > 1));
        CREATE INDEX ON t USING hnsw (v vector_l2_ops);
        CREATE VIEW w AS SELECT v <-> '[0,0,0]' AS far FROM t;
        CREATE FUNCTION origin() RETURNS vector LANGUAGE plpgsql
            AS 'BEGIN RETURN (SELECT v FROM public.t LIMIT 1); END';
        RESET search_path;
    """
    plan = planned(project, text.format("public"), text.format("ext"))
    texts = [step.sql for step in plan.steps if step.identity.kind is not Kind.SCHEMA]
    assert texts == ["ALTER EXTENSION vector SET SCHEMA ext"]


def test_a_default_that_leaves_for_a_while_has_its_reason(project: Project) -> None:
    text = """
        CREATE FUNCTION f({0} int) RETURNS int LANGUAGE sql AS 'SELECT $1';
        CREATE TABLE t (n int DEFAULT f(1));
    """
    plan = planned(project, text.format("a"), text.format("b"))
    reasons = {step.reason for step in plan.steps if step.sql.endswith("DROP DEFAULT")}
    assert reasons == {"column public.t.n stands on routine public.f(integer), which changes"}


def test_bodies_are_left_alone_only_where_one_is_made(project: Project) -> None:
    function = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
    assert preamble(planned(project, "", function))
    assert not preamble(planned(project, function, "SELECT 1"))


def test_an_aggregate_has_no_body_to_be_left_alone(project: Project) -> None:
    aggregate = "CREATE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int);"
    assert not preamble(planned(project, "", aggregate))


def test_what_a_subscription_does_as_usual_is_not_said(project: Project) -> None:
    after = """
        DROP SUBSCRIPTION IF EXISTS usual;
        CREATE SUBSCRIPTION usual CONNECTION 'dbname=x' PUBLICATION p
            WITH (connect = false, slot_name = NONE, disable_on_error = true);
    """
    plan = planned(project, "DROP SUBSCRIPTION usual", after)
    made = next(step.sql for step in plan.steps if step.sql.startswith("CREATE SUBSCRIPTION"))
    assert "disable_on_error = true" in made
    assert "password_required" not in made
    assert "binary" not in made


def test_a_column_that_gets_its_grant_option_is_granted_once(project: Project) -> None:
    table = "CREATE TABLE t (a int); GRANT SELECT (a) ON t TO pg_monitor{};"
    before = table.format("; GRANT SELECT ON t TO pg_monitor")
    plan = planned(project, before, table.format(" WITH GRANT OPTION"))
    granted = [step.sql for step in plan.steps if step.sql.startswith("GRANT SELECT")]
    assert granted == ["GRANT SELECT (a) ON TABLE public.t TO pg_monitor WITH GRANT OPTION"]


def test_the_reason_of_an_event_trigger_names_nothing_that_could_be_altered(
    project: Project,
) -> None:
    text = """
        DROP EVENT TRIGGER IF EXISTS e;
        CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE FUNCTION g() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
        CREATE EVENT TRIGGER e ON {};
    """
    before = text.format("sql_drop EXECUTE FUNCTION f()")
    after = text.format("ddl_command_end WHEN TAG IN ('CREATE RULE') EXECUTE FUNCTION g()")
    plan = planned(project, before, after + "ALTER EVENT TRIGGER e DISABLE")
    reasons = {step.reason for step in plan.steps if step.reason}
    said = "the event, the tags and the function of event trigger e cannot be altered in place"
    assert reasons == {said}


def test_a_foreign_table_is_altered_by_one_command_of_its_own(project: Project) -> None:
    text = """
        DROP FOREIGN DATA WRAPPER IF EXISTS w CASCADE;
        CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
        CREATE FOREIGN TABLE t ({}) SERVER s OPTIONS (name '{}');
    """
    before = text.format("a int OPTIONS (name 'x'), b text NOT NULL", "old")
    after = text.format("a bigint OPTIONS (name 'y') DEFAULT 3, b text, c date", "new")
    commands = [
        step.sql for group in planned(project, before, after).groups for step in group.steps
    ]
    assert len([sql for sql in commands if sql.startswith("ALTER FOREIGN TABLE public.t\n")]) == 1
    assert not [sql for sql in commands if sql.startswith("ALTER TABLE")]


def test_a_published_table_is_never_without_its_replica_identity(project: Project) -> None:
    text = """
        CREATE TABLE t (id int NOT NULL, k int NOT NULL);
        CREATE UNIQUE INDEX ti ON t ({});
        ALTER TABLE t REPLICA IDENTITY USING INDEX ti;
    """
    texts = groups(planned(project, text.format("id"), text.format("id, k")))
    identity = [text for text in texts if "REPLICA IDENTITY" in text]
    assert identity == ["ALTER TABLE public.t REPLICA IDENTITY USING INDEX ti__new"]
    assert place(texts, "REPLICA IDENTITY") < place(texts, "DROP INDEX")


def test_a_default_that_another_replaces_is_not_dropped_first(project: Project) -> None:
    before = """
CREATE SEQUENCE s;
CREATE FUNCTION fresh() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE TABLE t (id bigint DEFAULT fresh(), code text);
"""
    after = """
CREATE SEQUENCE s;
CREATE FUNCTION fresh(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
CREATE TABLE t (id bigint DEFAULT nextval('s'), code text DEFAULT fresh(''));
"""
    text = render_plan(planned(project, before, after))
    assert "SET DEFAULT nextval('public.s'::regclass)" in text
    assert "DROP DEFAULT" not in text


def test_a_type_for_arrays_stands_only_where_a_column_holds_some(project: Project) -> None:
    rows = """
CREATE TYPE address AS (street text, city {city});
CREATE TYPE pair AS (one address, more address[]);
CREATE TABLE people (home address);
"""
    before, after = rows.format(city="varchar"), rows.format(city="text")
    text = render_plan(planned(project, before, after))
    assert "ROW((home).street, (home).city::text)::public.address" in text
    assert "__rows" not in text


@pytest.mark.parametrize("table", ["", "CREATE TABLE typed OF st;"])
def test_an_attribute_goes_down_to_typed_tables_only(project: Project, table: str) -> None:
    before, after = "CREATE TYPE st AS (a int, b int);", "CREATE TYPE st AS (a int, c bigint);"
    text = render_plan(planned(project, before + table, after + table))
    assert ("CASCADE" in text) == bool(table)


@pytest.mark.parametrize("parent", [True, False])
def test_a_table_that_is_detached_keeps_its_indexes(project: Project, *, parent: bool) -> None:
    above = "CREATE TABLE p (id int) PARTITION BY RANGE (id);"
    before = f"""
{above}
CREATE INDEX p_idx ON p (id);
CREATE TABLE q PARTITION OF p FOR VALUES FROM (0) TO (10);
"""
    after = "CREATE TABLE q (id int); CREATE INDEX q_id_idx ON q (id);"
    plan = planned(project, before, after + (above if parent else ""))
    assert "q_id_idx" not in render_plan(plan)


def test_all_privileges_of_what_is_new_are_said_in_a_word(project: Project) -> None:
    created = (
        "CREATE TABLE t (a integer); GRANT ALL ON t TO PUBLIC; GRANT SELECT ON t TO pg_monitor"
    )
    done = groups(planned(project, "", created))
    assert "GRANT ALL ON TABLE public.t TO PUBLIC\n" in done[0] + "\n"
    assert "GRANT SELECT ON TABLE public.t TO pg_monitor" in done[0]


def test_an_attribute_of_a_type_that_nothing_has_loses_nothing(project: Project) -> None:
    types = "CREATE TYPE idle AS ({0}); CREATE TYPE used AS ({0}); CREATE TYPE rows_of AS ({0});"
    tables = "CREATE TABLE t (a used[]); CREATE TABLE o OF rows_of"
    both = [types.format(a) + tables for a in ("n integer, q integer", "n integer")]
    plan = planned(project, *both)
    lost = {danger.loses for step in plan.steps for danger in step.statement.dangers}
    assert "the values of public.idle.q" not in lost
    assert {"the values of public.used.q", "the values of public.o.q"} <= lost


@pytest.mark.parametrize(
    ("parts", "commands"),
    [("", 1), ("CREATE INDEX ON t (b);", 2), ("ALTER TABLE t ALTER b SET NOT NULL;", 2)],
)
def test_types_and_expressions_of_a_table_change_in_as_few_commands_as_the_server_can(
    project: Project, parts: str, commands: int
) -> None:
    computed = "{} integer GENERATED ALWAYS AS (a + {}) STORED"
    before, after = (
        f"CREATE TABLE t (a integer, {computed.format('g', n)}, n {kind}, "
        f"{computed.format('s', n)}, b {kind}); {parts}"
        for n, kind in ((1, "integer"), (2, "bigint"))
    )
    with psycopg.connect(project.database) as connection:
        if connection.info.server_version < 170000:
            pytest.skip("an expression cannot be altered before 17")
    plan = planned(project, before, after)
    assert render_plan(plan).count("ALTER TABLE public.t\n") == commands


def test_the_comment_that_an_extension_comes_with_is_not_said(project: Project) -> None:
    drop = "DROP EXTENSION IF EXISTS vector"
    made = planned(project, drop, "CREATE EXTENSION vector")
    assert "COMMENT ON EXTENSION" not in render_plan(made)
    commented = "CREATE EXTENSION vector; COMMENT ON EXTENSION vector IS 'ours'"
    assert "COMMENT ON EXTENSION vector IS 'ours'" in render_plan(planned(project, drop, commented))


def test_a_publication_stays_as_columns_of_its_lists_and_filters_change(project: Project) -> None:
    tables = "CREATE TABLE t (id {0} PRIMARY KEY, x {0}); CREATE TABLE u (id integer PRIMARY KEY);"
    published = "CREATE PUBLICATION p FOR TABLE t (id, x), u; CREATE PUBLICATION q FOR TABLE t"
    fresh = "DROP PUBLICATION IF EXISTS p, q;"
    both = [f"{fresh}{tables.format(k)}{published} WHERE (id > 5)" for k in ("integer", "bigint")]
    steps = planned(project, *both).groups[0].steps
    assert [step.sql for step in steps if step.identity.kind is not Kind.SCHEMA] == [
        "ALTER PUBLICATION p DROP TABLE public.t",
        "ALTER PUBLICATION q DROP TABLE public.t",
        "ALTER TABLE public.t\n    ALTER COLUMN id TYPE bigint,\n    ALTER COLUMN x TYPE bigint",
        "ALTER PUBLICATION p ADD TABLE public.t (id, x)",
        "ALTER PUBLICATION q ADD TABLE public.t WHERE ((id > 5))",
    ]


@pytest.mark.parametrize("online", [True, False])
def test_a_view_made_anew_does_not_part_what_is_altered_of_its_table(
    project: Project, *, online: bool
) -> None:
    before = """
        CREATE TABLE tenants (id int, name varchar(10), seats int DEFAULT 5, tag text DEFAULT 'a');
        CREATE VIEW usage AS SELECT id, seats, tag FROM tenants;
    """
    after = """
        CREATE TABLE tenants (id int, name varchar(20), seats int DEFAULT 3, tag text, born date);
        CREATE VIEW usage AS SELECT id, born, seats, tag FROM tenants;
    """
    for one, two in ((before, after), (after, before)):
        plan = planned(project, one, two, online=online)
        (text,) = groups(plan)
        assert text.count("ALTER TABLE") == 1, text
        with psycopg.connect(project.database, autocommit=True) as connection:
            connection.execute(render_plan(plan).encode())
            connection.execute(b"DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def test_what_a_replaced_function_has_computed_is_told_for_a_body_kept_as_a_tree(
    project: Project,
) -> None:
    before = """
        CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql IMMUTABLE RETURN n * 2;
        CREATE TABLE sums (n int, twice int GENERATED ALWAYS AS (twice(n)) STORED);
    """
    told = render_plan(planned(project, before, before.replace("n * 2", "n + n")))
    assert "stale-values" in told
    assert "column public.sums.twice" in told
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(b"DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    told = render_plan(planned(project, before, before.replace("IMMUTABLE", "IMMUTABLE COST 5")))
    assert "stale-values" not in told


@pytest.mark.parametrize("changed", ["english_stem", "StopWords = 'danish'"])
def test_what_a_text_search_found_before_it_changed_is_told_as_stale(
    project: Project, changed: str
) -> None:
    before = """
        CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = snowball, LANGUAGE = 'english');
        CREATE TEXT SEARCH CONFIGURATION search (COPY = simple);
        ALTER TEXT SEARCH CONFIGURATION search ALTER MAPPING FOR asciiword WITH words;
        CREATE TABLE posts (
            body text,
            found tsvector GENERATED ALWAYS AS (to_tsvector('search', body)) STORED
        );
        CREATE INDEX posts_idx ON posts USING gin (to_tsvector('search', body));
    """
    if changed == "english_stem":
        after = before.replace("WITH words", f"WITH {changed}")
    else:
        after = before.replace("'english'", f"'english', {changed}")
    plan = planned(project, before, after)
    told = render_plan(plan)
    assert "stale-values" in told
    assert "column public.posts.found" in told
    assert "REINDEX INDEX CONCURRENTLY public.posts_idx" in told


def test_a_foreign_tables_column_goes_without_loss(project: Project) -> None:
    before = """
        CREATE FOREIGN DATA WRAPPER far;
        CREATE SERVER there FOREIGN DATA WRAPPER far;
        CREATE FOREIGN TABLE accounts (id int, name text) SERVER there;
    """
    with psycopg.connect(project.database, autocommit=True) as connection:
        connection.execute(before.encode())
    project.write("sql/010.sql", before.replace(", name text", ""))
    said = project.run("diff")
    assert said.returncode == 1, said.stderr
    assert "DROP COLUMN name" in said.stdout
    assert "loses" not in said.stdout


def test_options_that_an_index_must_be_built_for_are_named(project: Project) -> None:
    before = """
        CREATE TABLE visits (at timestamptz);
        CREATE INDEX visits_at_idx ON visits USING brin (at) WITH (pages_per_range = 32);
    """
    plan = planned(project, before, before.replace("32", "64"), online=False)
    said = "the options of index public.visits_at_idx cannot be altered in place"
    assert said in render_plan(plan)


def test_a_key_over_columns_to_be_proved_has_no_other_table_scanned_twice(
    project: Project,
) -> None:
    before = """
        CREATE TABLE channels (topic text);
        CREATE TABLE reactions (channel int, emoji text);
        CREATE TABLE tags (tag text);
    """
    after = """
        CREATE TABLE channels (topic text NOT NULL, CONSTRAINT said CHECK (topic <> ''));
        CREATE TABLE reactions (channel int PRIMARY KEY, emoji text);
        CREATE TABLE tags (tag text CONSTRAINT tags_tag_key UNIQUE);
    """
    texts = groups(planned(project, before, after))
    assert sum("ALTER TABLE public.channels" in t and "VALIDATE" in t for t in texts) == 1, texts
    assert place(texts, "PRIMARY KEY USING INDEX") == place(texts, "UNIQUE USING INDEX")


def test_a_word_in_a_functions_text_does_not_part_a_column_from_its_default(
    project: Project,
) -> None:
    before = """
        CREATE FUNCTION fresh() RETURNS text LANGUAGE plpgsql AS $$
            DECLARE news text = 'active'; BEGIN RETURN news; END $$;
        CREATE TABLE users (id int{0});
    """
    views = "CREATE VIEW active AS SELECT * FROM users; CREATE VIEW news AS SELECT * FROM users;"
    after = before.format(", state text NOT NULL DEFAULT fresh()") + views
    told = render_plan(planned(project, before.format(""), after))
    assert "ADD COLUMN state text NOT NULL DEFAULT public.fresh()" in told


def test_a_nested_partition_stays_as_the_function_of_a_trigger_above_it_goes(
    project: Project,
) -> None:
    tables = """
        CREATE TABLE events (id int, region text) PARTITION BY RANGE (id);
        CREATE TABLE recent PARTITION OF events FOR VALUES FROM (0) TO (9)
            PARTITION BY LIST (region);
        CREATE TABLE here PARTITION OF recent FOR VALUES IN ('here');
    """
    trigger = """
        CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
        CREATE TRIGGER note BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION noted();
    """
    text = "\n".join(groups(planned(project, tables + trigger, tables)))
    assert text.startswith("DROP TRIGGER note ON public.events\nDROP FUNCTION public.noted()")
    assert "TABLE" not in text
