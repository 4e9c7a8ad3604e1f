"""What the server prints of conditions and joins has fewer brackets here, and is the same."""

from __future__ import annotations

import pytest

from schema_tool.plan.emit.expression import constraint_text, place_of, query_text, trigger_text
from schema_tool.plan.render.casts import with_bare_casts


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("\n   FROM t\n  WHERE (a = 1);", "\nFROM t\nWHERE a = 1;"),
        (
            "\n   FROM ((t\n     JOIN u ON ((t.a = u.a)))\n     JOIN v ON (((u.a) AND (v.b))))"
            "\n  WHERE ((t.a = 1) AND (u.b = ')'::text));",
            "\nFROM t\n    JOIN u ON (t.a = u.a)\n    JOIN v ON ((u.a) AND (v.b))"
            "\nWHERE (t.a = 1) AND (u.b = ')'::text);",
        ),
        ("\n   FROM (t\n     JOIN u USING (a)) j;", "\nFROM (t\n    JOIN u USING (a)) j;"),
        ("\n   FROM t\n  WHERE (a) IS TRUE;", "\nFROM t\nWHERE (a) IS TRUE;"),
        ("\n   FROM ( SELECT 1 AS a) s;", "\nFROM ( SELECT 1 AS a) s;"),
        ("\n   FROM (VALUES (1)) s(a);", "\nFROM (VALUES (1)) s(a);"),
        ("SELECT DISTINCT ON ((a + b)) a", "SELECT DISTINCT ON ((a + b)) a"),
        ("count(*) FILTER (WHERE (a > 1)) AS n", "count(*) FILTER (WHERE a > 1) AS n"),
        (
            "a IS DISTINCT FROM (1 = 2), ' ON (('::text AS \" WHERE (\"",
            "a IS DISTINCT FROM (1 = 2), ' ON (('::text AS \" WHERE (\"",
        ),
    ],
)
def test_a_query_has_no_needless_brackets(printed: str, written: str) -> None:
    assert query_text(printed) == written


def test_a_triggers_condition_has_one_pair_of_brackets() -> None:
    head = 'CREATE TRIGGER " WHEN (" BEFORE UPDATE ON t\n    FOR EACH ROW'
    tail = "EXECUTE FUNCTION f(' WHEN (')"
    either = "(new.a > 1) AND (new.b = ')'::text)"
    printed = f"{head} WHEN (({either})) {tail}".replace("\n   ", "")
    assert trigger_text(printed) == f"{head} WHEN ({either}) {tail}"
    short = f"{head} {tail}".replace("\n   ", "")
    assert trigger_text(short) == short


def test_a_word_is_found_outside_of_quotes_and_brackets() -> None:
    text = "CREATE INDEX i ON t (\" WHERE \", (s || ' WHERE ')) WHERE b"
    assert text[place_of(text, " WHERE ") :] == " WHERE b"
    assert place_of("CREATE INDEX i ON t (a)", " WHERE ") == -1


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("CHECK ((n > (0)::numeric) AND (t.n < (1.5)::real))", None),
        ('((a)::text = lower(("b ""c")::text))', '(a::text = lower("b ""c"::text))'),
        ("DEFAULT ((now())::text || (VALUE)::text)", "DEFAULT ((now())::text || VALUE::text)"),
        # What follows a name is a call's; a number with a sign is no number by itself.
        ("f(a)::text, \"g\"(a)::int, (a.b)[1], ('-1'::integer)::numeric, ROW(a)::t", ""),
        ("SELECT '(a)::text', \"(a)::text\", $$(a)::text$$, $x$ '(a)::text' $x$", ""),
    ],
)
def test_what_is_cast_has_no_needless_brackets(printed: str, written: str | None) -> None:
    if written is None:
        written = printed.replace("(0)", "0").replace("(1.5)", "1.5")
    assert with_bare_casts(printed) == (written or printed)


_EXCLUDE = "EXCLUDE USING gist (a WITH &&)"


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("CHECK ((a > 0)) NOT VALID", "CHECK (a > 0) NOT VALID"),
        (f"{_EXCLUDE} WHERE ((b > 0)) DEFERRABLE", f"{_EXCLUDE} WHERE (b > 0) DEFERRABLE"),
        (f"{_EXCLUDE} WHERE (((b > 0) = (c)))", f"{_EXCLUDE} WHERE ((b > 0) = (c))"),
        (f"{_EXCLUDE} WHERE ((b > ' WHERE (('))", f"{_EXCLUDE} WHERE ((b > ' WHERE (('))"),
        (f"{_EXCLUDE} DEFERRABLE", f"{_EXCLUDE} DEFERRABLE"),
    ],
)
def test_a_constraints_condition_has_one_pair_of_brackets(printed: str, written: str) -> None:
    assert constraint_text(printed) == written
