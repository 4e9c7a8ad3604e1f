"""What a plan looks like to the person who reads it: all of one thing together, in one order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from schema_tool.plan import render_plan
from tests.integration.test_plan_shape import groups, place, planned

if TYPE_CHECKING:
    from tests.conftest import Project

EVENTS = """
    CREATE TABLE ev (id int NOT NULL, at date NOT NULL, {}) PARTITION BY RANGE (at);
    CREATE TABLE ev_1 PARTITION OF ev FOR VALUES FROM ('2025-01-01') TO ('2025-02-01');
    CREATE TABLE ev_2 PARTITION OF ev FOR VALUES FROM ('2025-02-01') TO ('2025-03-01');
"""
WORDS = "'a'", "'a', 'b'"
NEXT = "CREATE TABLE {} PARTITION OF ev FOR VALUES FROM ('2025-03-01') TO ('2025-04-01');"


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("name", ["ev_3", "a_first"])
def test_a_parent_is_altered_by_one_command_where_partitions_come_and_go(
    project: Project, name: str, *, back: bool
) -> None:
    old = EVENTS.format("kind text, junk text")
    new = EVENTS.format("kind varchar(9), extra text") + NEXT.format(name)
    texts = "\n".join(groups(planned(project, *((new, old) if back else (old, new)))))
    assert texts.count("ALTER TABLE public.ev") == 1, texts


def test_the_parts_of_an_index_are_attached_in_their_order(project: Project) -> None:
    table = EVENTS.format("kind text") + (
        f"{NEXT.format('ev_3').rstrip(';')} PARTITION BY LIST (kind);"
        "CREATE TABLE ev_3a PARTITION OF ev_3 FOR VALUES IN ('a');"
        "CREATE TABLE ev_3b PARTITION OF ev_3 DEFAULT;"
        "CREATE TABLE ev_4 PARTITION OF ev DEFAULT;"
    )
    plan = planned(project, table, f"{table} CREATE INDEX ev_idx ON ev (kind);")
    parts = re.findall(r"ATTACH PARTITION public\.(\w+)_kind_idx", "\n".join(groups(plan)))
    assert parts == ["ev_1", "ev_2", "ev_3a", "ev_3b", "ev_3", "ev_4"]


def test_values_of_enums_come_before_an_index_goes_beside_traffic(project: Project) -> None:
    old = """
        CREATE TYPE mood AS ENUM ('ok');
        CREATE TABLE t (name varchar(9), m mood);
        CREATE INDEX t_lower_idx ON t (lower(name));
        CREATE VIEW v AS SELECT name, m FROM t;
        CREATE VIEW w AS SELECT m FROM v;
    """
    new = old.replace("varchar(9)", "text").replace("'ok'", "'ok', 'well'")
    texts = groups(planned(project, old, new))
    values = place(texts, "ADD VALUE")
    assert values < place(texts, "DROP INDEX CONCURRENTLY public.t_lower_idx")
    assert place(texts, "DROP VIEW public.v") == place(texts, "CREATE VIEW public.v")


def test_default_privileges_stand_by_their_schema_unless_something_new_would_get_them(
    project: Project,
) -> None:
    old = "DROP SCHEMA IF EXISTS b CASCADE; CREATE TABLE t (n int);"
    grants = "ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT {} TO PUBLIC;"
    new = (
        "CREATE SCHEMA b; CREATE TABLE s (n int);"
        "CREATE TABLE t (n int, m int); CREATE INDEX t_idx ON t (m);"
        + grants.format("public", "SELECT ON TABLES")
        + grants.format("public", "USAGE ON TYPES")
        + grants.format("b", "SELECT ON TABLES")
    )
    main, _ = groups(planned(project, old, new))
    lines = main.splitlines()
    schema = place(lines, "CREATE SCHEMA b")
    assert place(lines, "IN SCHEMA b GRANT SELECT ON TABLES") == schema + 1
    assert place(lines, "IN SCHEMA public GRANT USAGE ON TYPES") < place(lines, "ALTER TABLE")
    assert place(lines, "IN SCHEMA public GRANT SELECT ON TABLES") == len(lines) - 1


def test_those_who_get_the_same_are_said_in_one_grant(project: Project) -> None:
    roles = "pg_monitor", "pg_read_all_data", "pg_write_all_data"
    grants = (
        "GRANT SELECT, INSERT ON t TO {0}, {1}; GRANT SELECT ON t TO {2};"
        "GRANT UPDATE (a, b) ON t TO {0}, {2};"
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {0}, {1};"
    ).format(*roles)
    table = "CREATE TABLE t (a int, b int);"
    text = "\n".join(groups(planned(project, table, table + grants)))
    for line in (
        "GRANT SELECT, INSERT ON TABLE public.t TO pg_monitor, pg_read_all_data",
        "GRANT SELECT ON TABLE public.t TO pg_write_all_data",
        "GRANT UPDATE (a, b) ON TABLE public.t TO pg_monitor, pg_write_all_data",
    ):
        assert line in text.splitlines()
    assert "GRANT SELECT ON TABLES TO pg_monitor, pg_read_all_data" in text


def test_an_identity_begins_after_all_else_that_is_altered_of_its_table(project: Project) -> None:
    old = "CREATE TABLE t (id int PRIMARY KEY, a text);"
    new = (
        "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        "a text CONSTRAINT t_a_check CHECK (a > ''), b int);"
    )
    texts = "\n".join(groups(planned(project, old, new, online=False)))
    commands = texts.split("ALTER TABLE public.t")
    assert len(commands) == 3, texts
    assert "ADD CONSTRAINT t_a_check" in commands[1]


def test_a_parent_is_altered_by_one_command_where_its_default_partition_gives_rows(
    project: Project,
) -> None:
    old = EVENTS.format("junk text") + "CREATE TABLE ev_rest PARTITION OF ev DEFAULT;"
    new = old.replace("junk text", "extra text") + NEXT.format("ev_3")
    text = "\n".join(groups(planned(project, old, new)))
    altered = re.findall(r"ALTER TABLE public\.ev(?! (?:AT|DE)TACH)\b", text)
    assert len(altered) == 1, text


@pytest.mark.parametrize("online", [False, True])
def test_what_a_domains_check_would_fail_on_is_said(project: Project, *, online: bool) -> None:
    old = "CREATE DOMAIN d AS int; CREATE TABLE t (d d);"
    new = old.replace("int;", "int CONSTRAINT d_check CHECK (VALUE > 0);")
    text = render_plan(planned(project, old, new, online=online))
    assert "fails where a value of public.d does not meet d_check" in text


def test_an_index_that_keeps_writers_out_is_said(project: Project) -> None:
    table = "CREATE TABLE t (a int);"
    text = render_plan(planned(project, table, f"{table} CREATE INDEX i ON t (a);", online=False))
    assert "-- builds an index under a SHARE lock\nCREATE INDEX i " in text


def test_a_partition_whose_bound_grows_keeps_its_rows(project: Project) -> None:
    table = (
        "CREATE TABLE v (k text) PARTITION BY LIST (k); CREATE TABLE v_2 PARTITION OF v DEFAULT;"
    )
    old, new = (f"{table} CREATE TABLE v_1 PARTITION OF v FOR VALUES IN ({w});" for w in WORDS)
    text = "\n".join(groups(planned(project, old, new)))
    assert "DELETE FROM public.v_2" in text
    assert "DELETE FROM public.v_1" not in text


def test_an_index_that_can_stay_is_replaced_beside_traffic_after_a_conversion(
    project: Project,
) -> None:
    old = "CREATE TABLE t (id int, a text); CREATE UNIQUE INDEX t_idx ON t (id);"
    new = old.replace("id int", "id bigint").replace("(id)", "(id) INCLUDE (a)")
    texts = groups(planned(project, old, new))
    place(texts, "CREATE UNIQUE INDEX CONCURRENTLY t_idx__new")
    assert place(texts, "DROP INDEX CONCURRENTLY public.t_idx") > 1


def test_a_function_that_a_table_needs_is_made_anew_before_the_table_is_altered(
    project: Project,
) -> None:
    old = """
        CREATE FUNCTION ok(a int) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT a > 0';
        CREATE TABLE t (n int, m int, CONSTRAINT c CHECK (ok(n)));
    """
    new = old.replace("ok(a int)", "ok(b int)").replace("SELECT a", "SELECT b")
    new = new.replace("m int", "m bigint, o int")
    main = groups(planned(project, old, new))[0]
    assert main.index("DROP FUNCTION") < main.index("ADD COLUMN o")
    assert "ADD COLUMN o integer,\n    ADD CONSTRAINT c" in main


def test_a_table_is_given_away_before_it_is_altered_by_one_command(project: Project) -> None:
    old = "CREATE TABLE t (a int, b int);"
    new = "CREATE TABLE t (a int, c int); ALTER TABLE t OWNER TO pg_monitor;"
    (text,) = groups(planned(project, old, new))
    first, *rest = text.split("ALTER TABLE public.t")[1:]
    assert "OWNER TO" in first
    assert len(rest) == 1


@pytest.mark.parametrize("name", ["t", "a_rather_long_name_of_a_table_or_of_something_else_again"])
def test_a_long_comment_is_broken(project: Project, name: str) -> None:
    old = "CREATE TABLE {0} (n int); CREATE VIEW {0}_v AS SELECT n FROM {0};"
    new = old.replace("n int", "n bigint")
    text = render_plan(planned(project, old.format(name), new.format(name)))
    reason = f"-- view public.{name}_v stands on column public.{name}.n, which changes"
    assert f"{reason}\nDROP VIEW" in text.replace("\n--     ", " ")
    assert all(len(line) <= 100 for line in text.splitlines() if line.startswith("--"))


def test_a_long_command_has_its_clause_on_a_line_of_its_own(project: Project) -> None:
    table = "CREATE TABLE {0} (n int);"
    check = "ALTER TABLE {0} ADD CONSTRAINT {0}_check CHECK (n > 0);"
    name = "a_rather_long_name_of_a_table_or_of_something_else"
    text = render_plan(planned(project, table.format(name), (table + check).format(name)))
    assert f"ALTER TABLE public.{name}\n    ADD CONSTRAINT {name}_check CHECK (n > 0) NOT" in text


def test_a_table_that_becomes_partitioned_is_never_seen_without_its_rows(project: Project) -> None:
    columns = "(id int NOT NULL, at date NOT NULL)"
    part = f"CREATE TABLE t_1 {columns};"
    view = "CREATE VIEW v AS SELECT id FROM t;"
    new = f"""
        CREATE TABLE t {columns} PARTITION BY RANGE (at);
        CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
        CREATE TABLE t_2 PARTITION OF t DEFAULT;
        {view}
    """
    texts = groups(planned(project, f"CREATE TABLE t {columns}; {part} {view}", new))
    away = place(texts, "RENAME TO t__old")
    assert place(texts, "DROP TABLE public.t__old") == away
    assert place(texts, "CREATE VIEW public.v") == place(texts, "DROP VIEW public.v") == away


@pytest.mark.parametrize("turned", [False, True], ids=["comes", "goes"])
def test_a_table_that_moves_is_never_seen_without_its_rows(project: Project, turned: bool) -> None:
    plain = "CREATE TABLE t (n int); CREATE TABLE h () INHERITS (t); CREATE INDEX i ON h (n);"
    split = """
        CREATE TABLE t (n int) PARTITION BY LIST (n);
        CREATE TABLE h PARTITION OF t FOR VALUES IN (1);
        CREATE INDEX j ON t (n);
    """
    before, after = (split, plain) if turned else (plain, split)
    texts = groups(planned(project, before, after))
    assert place(texts, "RENAME TO t__old") == place(texts, "DROP TABLE public.t__old")


def test_a_new_table_says_its_constraints_though_they_have_comments(project: Project) -> None:
    new = """
        CREATE TABLE a (id int CONSTRAINT a_pkey PRIMARY KEY, up int, CONSTRAINT a_up_fkey
            FOREIGN KEY (up) REFERENCES z, CONSTRAINT a_check CHECK (id > 0));
        COMMENT ON CONSTRAINT a_pkey ON a IS 'key';
        COMMENT ON INDEX a_pkey IS 'index';
        COMMENT ON CONSTRAINT a_up_fkey ON a IS 'up';
        COMMENT ON CONSTRAINT a_check ON a IS 'positive';
        ALTER TABLE a CLUSTER ON a_pkey;
    """
    parent = "CREATE TABLE z (id int PRIMARY KEY); COMMENT ON CONSTRAINT z_pkey ON z IS 'z';"
    text = "\n".join(groups(planned(project, "", parent + new)))
    assert "ADD CONSTRAINT" not in text, text
    assert text.index("CREATE TABLE public.z") < text.index("CREATE TABLE public.a")


def test_privileges_on_columns_share_a_grant(project: Project) -> None:
    old = 'CREATE TABLE t (a int, b int, "c, (d" int, e int);'
    new = f"""{old}
        GRANT DELETE ON t TO PUBLIC;
        GRANT UPDATE (a, b, "c, (d"), INSERT (b) ON t TO PUBLIC;
        COMMENT ON COLUMN t.a IS 'a'; COMMENT ON COLUMN t.b IS 'b';
    """
    for before, after in (("", new), (old, new)):
        plan = planned(project, before, after)
        texts = [step.sql for group in plan.groups for step in group.steps]
        assert [sql for sql in texts if sql.startswith("GRANT ") and "(" in sql] == [
            'GRANT UPDATE (a, "c, (d") ON TABLE public.t TO PUBLIC',
            "GRANT INSERT (b), UPDATE (b) ON TABLE public.t TO PUBLIC",
        ]


def test_long_triggers_and_policies_are_broken_at_their_clauses(project: Project) -> None:
    table = "a_table_that_has_a_long_name"
    made = f"""
        CREATE TABLE {table} (id int, told text);
        CREATE FUNCTION told_again() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    """
    new = f"""{made}
        CREATE TRIGGER "t FOR EACH" BEFORE UPDATE OF told ON {table} FOR EACH ROW
            WHEN (new.told <> ' EXECUTE FUNCTION (') EXECUTE FUNCTION told_again();
        CREATE POLICY p ON {table} USING (told = current_user)
            WITH CHECK (told = current_user AND id > 0);
        CREATE POLICY q ON {table} USING (id > 0);
    """
    texts = [step.sql for group in planned(project, made, new).groups for step in group.steps]
    assert [sql for sql in texts if sql.startswith("CREATE ")] == [
        f'CREATE TRIGGER "t FOR EACH" BEFORE UPDATE OF told ON public.{table}\n'
        "    FOR EACH ROW WHEN (new.told <> ' EXECUTE FUNCTION ('::text)"
        " EXECUTE FUNCTION public.told_again()",
        f"CREATE POLICY p ON public.{table}\n"
        "    USING (told = CURRENT_USER)\n"
        "    WITH CHECK ((told = CURRENT_USER) AND (id > 0))",
        f"CREATE POLICY q ON public.{table} USING (id > 0)",
    ]
