"""Import, export and import again, with random files and random edits of them."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.integration.schema.world import Connection, rows, scalar
from tests.integration.yaml.documents import Node, documents, edited, exact, text_of
from tests.integration.yaml.test_pipelines import connections

EXAMPLES = settings(
    max_examples=60,
    deadline=None,
    # a failing example is small enough as it is drawn, and to shrink it takes minutes
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
STEPS = """
    SELECT (to_jsonb(s) - '{id,pipeline_id,parent_step_id,created_at,updated_at}'::text[]
        - '{position_x,position_y}'::text[]) || jsonb_build_object('parent', p.name)
    FROM steps s LEFT JOIN steps p ON p.id = s.parent_step_id
    WHERE s.pipeline_id = %s ORDER BY s.name
"""
PIPELINE = (
    "SELECT to_jsonb(p) - '{id,created_at,updated_at}'::text[] FROM pipelines p WHERE id = %s"
)


def contents(connection: Connection, pipeline_id: str) -> tuple[Any, ...]:
    """All that a file says of a pipeline: its rows but ids, times and the canvas."""
    return (
        rows(connection, PIPELINE, pipeline_id),
        rows(connection, STEPS, pipeline_id),
        connections(connection, pipeline_id),
    )


def ids(connection: Connection, pipeline_id: str) -> dict[str, Any]:
    return dict(rows(connection, "SELECT name, id FROM steps WHERE pipeline_id = %s", pipeline_id))


@EXAMPLES
@given(document=documents())
def test_a_file_comes_out_as_it_went_in(member: Connection, document: Node) -> None:
    text = text_of(document)
    with member.transaction(force_rollback=True):
        found = scalar(member, "SELECT import_pipeline_yaml(%s)", text)
        exported = scalar(member, "SELECT export_pipeline_yaml(%s)", found)
        assert exact(exported) == exact(text)
        again = scalar(member, "SELECT import_pipeline(%s, NULL, %s)", exported, found)
        assert again["status"] == "unchanged"
        second = scalar(member, "SELECT import_pipeline_yaml(%s)", exported)
        assert contents(member, second) == contents(member, found)


@EXAMPLES
@given(data=st.data())
def test_an_edited_file_makes_the_rows_that_it_would_make_anew(
    member: Connection, data: st.DataObject
) -> None:
    document = data.draw(documents())
    text = text_of(data.draw(edited(document)))
    with member.transaction(force_rollback=True):
        found = scalar(member, "SELECT import_pipeline_yaml(%s)", text_of(document))
        before, known = contents(member, found), ids(member, found)
        report = scalar(member, "SELECT import_pipeline(%s, NULL, %s)", text, found)
        fresh = scalar(member, "SELECT import_pipeline_yaml(%s)", text)
        after = ids(member, found)
        assert {name: known.get(name, after[name]) for name in after} == after
        assert contents(member, found) == contents(member, fresh)
        is_changed = contents(member, found) != before
        assert report["status"] == ("updated" if is_changed else "unchanged")
        assert report["version_number"] == (2 if is_changed else None)
        assert exact(scalar(member, "SELECT export_pipeline_yaml(%s)", found)) == exact(text)
