"""What counts as a difference between two catalogs, and how it is said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from schema_tool.catalog import Catalog, Identity, Kind, Source, Uncompared
from schema_tool.catalog.model.definition import Routine
from schema_tool.catalog.model.relation import Column, Table, TableForm
from schema_tool.catalog.privileges import Grant
from schema_tool.compare import Action, CompareOptions, compare

if TYPE_CHECKING:
    from schema_tool.catalog.model.entity import Entity

STEPS = Table(
    identity=Identity(Kind.TABLE, ("public", "steps")),
    owner="alice",
    form=TableForm.TABLE,
)
WIDTH = Column(
    identity=Identity(Kind.COLUMN, ("public", "steps", "width")),
    position=1,
    type="integer",
    not_null=True,
    default="200",
)
HEIGHT = replace(WIDTH, identity=Identity(Kind.COLUMN, ("public", "steps", "height")), position=2)


def catalog(*entities: Entity, uncompared: tuple[Uncompared, ...] = ()) -> Catalog:
    return Catalog(
        objects={entity.identity: entity for entity in entities},
        uncompared=uncompared,
        source=Source(major=18, role="alice"),
    )


def test_equal_catalogs_have_no_changes() -> None:
    changes = compare(catalog(STEPS, WIDTH), catalog(WIDTH, STEPS))
    assert changes.equal
    assert changes.describe() == []


def test_the_position_says_where_from_and_is_not_compared() -> None:
    moved = replace(WIDTH, position=7)
    assert compare(catalog(STEPS, WIDTH), catalog(STEPS, moved)).equal


def test_an_altered_column_names_its_table_and_what_differs() -> None:
    changes = compare(catalog(STEPS, WIDTH), catalog(STEPS, replace(WIDTH, default="100")))
    assert changes.describe() == ["table public.steps: column width: default 200 -> 100"]


def test_nothing_is_said_as_none() -> None:
    changes = compare(catalog(WIDTH), catalog(replace(WIDTH, default="", comment="pixels")))
    assert changes.describe() == [
        "table public.steps: column width: comment none -> pixels, default 200 -> none"
    ]


def test_the_parts_of_a_missing_table_are_not_listed_one_by_one() -> None:
    changes = compare(catalog(), catalog(STEPS, WIDTH, HEIGHT))
    assert [change.action for change in changes] == [Action.CREATED] * 3
    assert changes.describe(live="the live database", desired="sql/") == [
        "table public.steps: in sql/, missing in the live database"
    ]


def test_a_column_missing_from_a_table_is_said_as_the_tables() -> None:
    changes = compare(catalog(STEPS, WIDTH, HEIGHT), catalog(STEPS, WIDTH))
    assert changes.describe() == [
        "table public.steps: column height: in the database, missing in the files"
    ]


def test_long_values_with_the_same_beginning_are_not_said_to_be_equal() -> None:
    before, after = "x" * 100 + "a", "x" * 100 + "b"
    changes = compare(
        catalog(replace(WIDTH, default=before)), catalog(replace(WIDTH, default=after))
    )
    assert changes.describe() == ["table public.steps: column width: default differs"]


def test_words_are_said_and_not_the_letters_of_the_catalogs() -> None:
    other = replace(WIDTH, storage="e", identity_generation="d")
    assert compare(catalog(WIDTH), catalog(other)).describe() == [
        "table public.steps: column width: identity generation none -> BY DEFAULT,"
        " storage none -> EXTERNAL"
    ]
    one = Routine(
        identity=Identity(Kind.ROUTINE, ("public", "f", "")),
        owner="alice",
        form="function",
        definition="",
        canonical="f" * 100,
        arguments="",
    )
    changes = compare(catalog(one), catalog(replace(one, canonical="f" * 101)))
    assert changes.describe() == ["routine public.f(): definition differs"]


def test_owners_privileges_and_comments_can_be_left_out() -> None:
    other = replace(
        STEPS,
        owner="bob",
        comment="c",
        privileges=(Grant(grantee="carol", privilege="SELECT"),),
    )
    assert [c.attributes for c in compare(catalog(STEPS), catalog(other))] == [
        ("comment", "owner", "privileges")
    ]
    options = CompareOptions(owners=False, privileges=False, comments=False)
    assert compare(catalog(STEPS), catalog(other), options=options).equal


def test_column_order_counts_only_on_request() -> None:
    before = catalog(STEPS, WIDTH, HEIGHT)
    after = catalog(STEPS, replace(WIDTH, position=2), replace(HEIGHT, position=1))
    assert compare(before, after).equal
    changes = compare(before, after, options=CompareOptions(column_order=True))
    assert changes.describe() == ["table public.steps: column order differs"]


def test_patterns_choose_what_takes_part_and_parts_go_with_their_table() -> None:
    before, after = catalog(), catalog(STEPS, WIDTH)
    assert compare(before, after, options=CompareOptions(exclude=("table public.s*",))).equal
    assert compare(before, after, options=CompareOptions(include=("view *",))).equal
    assert len(compare(before, after, options=CompareOptions(include=("public.steps",)))) == 2


def test_what_is_not_modelled_on_either_side_is_carried_over() -> None:
    left, right = Uncompared(kind="gizmo", identity="a"), Uncompared(kind="gizmo", identity="b")
    changes = compare(catalog(uncompared=(right,)), catalog(uncompared=(left, right)))
    assert changes.equal
    assert changes.uncompared == (left, right)
