"""Organizations, templates, forks, presence, statistics and search do what they promise."""

from __future__ import annotations

import pytest
from psycopg.types.json import Jsonb

from tests.integration.schema.world import (
    FOREIGN,
    FOREIGN_TEAM,
    MEMBER,
    NEWCOMER,
    PIPELINE,
    TEAM,
    TEMPLATE,
    VIEWER,
    World,
    rows,
    scalar,
    sqlstate,
)


def test_a_newcomer_makes_an_organization_and_a_team_and_owns_both(world: World) -> None:
    with world.user(NEWCOMER) as user:
        organization = scalar(user, "SELECT create_organization('C', 'c')")
        team = scalar(user, "SELECT create_team(%s, 'Team C')", organization)
        assert rows(user, "SELECT name FROM organizations") == [("C",)]
        assert rows(user, "SELECT team_id, role FROM team_members") == [(team, "owner")]
        user.execute("INSERT INTO pipelines (team_id, name) VALUES (%s, 'mine')", [team])
        assert str(scalar(user, "SELECT created_by FROM pipelines")) == NEWCOMER
        assert sqlstate(user, "SELECT create_organization('C', 'c')") == "23505"
    with world.user(None) as nobody:
        assert sqlstate(nobody, "SELECT create_organization('D', 'd')") == "42501"


def test_a_template_becomes_a_pipeline(any_world: World) -> None:
    with any_world.user(MEMBER) as member:
        made = scalar(
            member,
            'SELECT instantiate_template(%s, \'Made\', \'{"repo": "a \\"quoted\\" one"}\')',
            TEMPLATE,
        )
        pipeline = rows(
            member,
            "SELECT name, description, tags, config, status FROM pipelines WHERE id = %s",
            made,
        )
        assert pipeline == [
            ("Made", 'Reviews a "quoted" one', ['a "quoted" one'], {"max": 3}, "draft")
        ]
        steps = rows(
            member,
            "SELECT s.name, s.config ->> 'prompt', p.name FROM steps AS s"
            " LEFT JOIN steps AS p ON p.id = s.parent_step_id"
            " WHERE s.pipeline_id = %s ORDER BY s.order_index",
            made,
        )
        assert steps == [
            ("read", 'Read a "quoted" one as {{loop.item}}', None),
            ("each", None, None),
            ("inner", None, "each"),
        ]
        count = "SELECT count(*) FROM connections WHERE pipeline_id = %s"
        assert scalar(member, count, made) == 1
        used = "SELECT usage_count FROM pipeline_templates WHERE id = %s"
        assert scalar(member, used, TEMPLATE) == 1
        assert sqlstate(member, "SELECT instantiate_template(%s, 'x', '[]')", TEMPLATE) == "22023"


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("x {{nothing}} y", "x  y"),
        ("{{nothing}}", None),
        ("{{number}}", 7),
        ("{{number}} and {{number}}", "7 and 7"),
        ("{{a}}{{b}}", "{{b}}{{a}}"),
        ("{{a}}", "{{b}}"),
        ("{{{number}}}", "{7}"),
        ("{{unknown}} {{number", "{{unknown}} {{number"),
        ("{{ {{number}}", "{{ 7"),
        ("}} {{number}}", "}} 7"),
    ],
)
def test_a_text_is_filled_in_one_pass(shared_world: World, template: str, filled: object) -> None:
    variables = {"nothing": None, "number": 7, "a": "{{b}}", "b": "{{a}}"}
    with shared_world.user(MEMBER) as member:
        fill = "SELECT fill_template(%s, %s)"
        assert scalar(member, fill, Jsonb(template), Jsonb(variables)) == filled


def test_a_template_with_an_unknown_parent_is_refused(world: World) -> None:
    with world.superuser() as owner:
        content = Jsonb({"steps": [{"name": "a", "type": "claude", "parent": "nowhere"}]})
        owner.execute("UPDATE pipeline_templates SET pipeline_config = %s", [content])
    with world.user(MEMBER) as member:
        assert sqlstate(member, "SELECT instantiate_template(%s, 'x')", TEMPLATE) == "22023"


def test_a_fork_is_a_copy_that_knows_its_original(world: World) -> None:
    with world.user(MEMBER) as member:
        fork = scalar(member, "SELECT fork_pipeline(%s, 'Fork')", PIPELINE)
        kept = (
            "SELECT name, created_by::text, parent_pipeline_id::text FROM pipelines WHERE id = %s"
        )
        assert rows(member, kept, fork) == [("Fork", MEMBER, PIPELINE)]
        shape = (
            "SELECT s.name, s.type, s.order_index, p.name FROM steps AS s"
            " LEFT JOIN steps AS p ON p.id = s.parent_step_id WHERE s.pipeline_id = %s ORDER BY 1"
        )
        assert rows(member, shape, fork) == rows(member, shape, PIPELINE)
        count = "SELECT count(*) FROM connections WHERE pipeline_id = %s"
        assert scalar(member, count, fork) == scalar(member, count, PIPELINE) == 1


def test_presence_is_kept_and_expires(world: World) -> None:
    with world.user(VIEWER) as viewer:
        for x in (1, 2):
            viewer.execute("SELECT touch_presence(%s, %s, 3)", [PIPELINE, x])
        mine = "SELECT cursor_x, status FROM presence WHERE user_id = current_user_id()"
        assert rows(viewer, mine) == [(2.0, "active")]
        # the others' rows are as old as the test's database
        assert scalar(viewer, "SELECT expire_presence('1 day')") == 0
    with world.superuser() as owner:
        owner.execute("UPDATE presence SET last_seen = now() - interval '5 minutes'")
    with world.user(VIEWER) as viewer:
        assert scalar(viewer, "SELECT expire_presence()") == 3


@pytest.mark.parametrize("time", ["infinity", "3000-01-01"])
def test_nobody_is_present_for_ever(world: World, time: str) -> None:
    with world.user(VIEWER) as viewer:
        viewer.execute(
            "INSERT INTO presence (pipeline_id, last_seen) VALUES (%s, %s)", [PIPELINE, time]
        )
        late = "SELECT count(*) FROM presence WHERE last_seen > now()"
        assert scalar(viewer, late) == 0
        viewer.execute("UPDATE presence SET last_seen = %s", [time])
        assert scalar(viewer, late) == 0
        # nor can he be shown as one who was never there
        assert sqlstate(viewer, "UPDATE presence SET last_seen = '-infinity'") == "23514"


def test_a_use_is_counted_when_there_is_one(world: World) -> None:
    with world.superuser() as owner:
        owner.execute("INSERT INTO team_members VALUES (%s, %s, 'viewer')", [TEAM, FOREIGN])
    used = "SELECT usage_count FROM pipeline_templates WHERE id = %s"
    with world.user(FOREIGN) as viewer:
        # he may use it where he writes
        made = "SELECT instantiate_template(%s, 'x', target_team_id => %s)"
        viewer.execute(made.encode(), [TEMPLATE, FOREIGN_TEAM])
        assert scalar(viewer, used, TEMPLATE) == 1
        assert sqlstate(viewer, made, TEMPLATE, TEAM) == "42501"
        counting = "SELECT count_template_use(%s)"
        assert sqlstate(viewer, counting, TEMPLATE) in {"42501", "42883"}
        assert sqlstate(viewer, "SELECT instantiate_steps(%s, %s, '[]', '[]')", PIPELINE, TEAM) == (
            "42501"
        )


def test_statistics_are_as_old_as_the_last_refresh(world: World) -> None:
    with world.user(MEMBER) as member:
        count = "SELECT step_count FROM team_pipeline_stats() WHERE id = %s"
        member.execute(
            "INSERT INTO steps (pipeline_id, name, type) VALUES (%s, 'x', 'claude')", [PIPELINE]
        )
        assert scalar(member, count, PIPELINE) == 4
        with world.superuser() as owner:
            assert scalar(owner, "SELECT refresh_pipeline_stats('1 hour')") is False
            assert scalar(owner, "SELECT refresh_pipeline_stats('0')") is True
        assert scalar(member, count, PIPELINE) == 5


def test_a_user_cannot_stop_the_refresh_and_a_second_one_does_not_wait(world: World) -> None:
    with world.user(VIEWER) as viewer, world.superuser() as one, world.superuser() as two:
        viewer.execute("SELECT pg_advisory_lock(hashtextextended('refresh_pipeline_stats', 0))")
        assert sqlstate(viewer, "SELECT FROM pipeline_stats_refresh FOR UPDATE") == "42501"
        two.execute("SET lock_timeout = '200ms'")
        one.execute("BEGIN")
        assert scalar(one, "SELECT refresh_pipeline_stats()") is True
        assert scalar(two, "SELECT refresh_pipeline_stats()") is False
        one.execute("COMMIT")
        assert scalar(two, "SELECT refresh_pipeline_stats()") is True


def test_search_ranks_highlights_and_escapes(world: World) -> None:
    with world.user(MEMBER) as member:
        member.execute(
            "UPDATE pipelines SET description = 'a <b>bold</b> & a codebase'"
            " WHERE name = 'Second of A'"
        )
        member.execute("UPDATE pipelines SET name = 'Codebase' WHERE id = %s", [PIPELINE])
        found = rows(
            member, "SELECT name, name_html, description_html FROM search_pipelines('codebase')"
        )
        assert [name for name, _, _ in found] == ["Codebase", "Second of A"]
        assert found[0][1] == "<mark>Codebase</mark>"
        assert found[1][2].endswith("bold&lt;/b&gt; &amp; a <mark>codebase</mark>")
        assert rows(member, "SELECT FROM search_pipelines('')") == []
        assert rows(member, "SELECT FROM search_pipelines('codebase -bold')") == [()]
        assert len(rows(member, "SELECT FROM search_pipelines('codebase', max_results => 1)")) == 1


def test_recent_pipelines_come_newest_first(world: World) -> None:
    with world.user(MEMBER) as member:
        member.execute("UPDATE pipelines SET description = 'new' WHERE id = %s", [PIPELINE])
        assert rows(member, "SELECT name FROM recent_pipelines(5)") == [
            ("Review code",),
            ("Second of A",),
        ]
        assert rows(member, "SELECT name FROM recent_pipelines(1)") == [("Review code",)]
