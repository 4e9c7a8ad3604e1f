"""sql/shapes.yaml holds: what is synchronised is published, complete, and the tenant's own."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
import yaml

from tests.integration.schema.world import (
    FOREIGN,
    FOREIGN_PIPELINE,
    FOREIGN_TEAM,
    MEMBER,
    NEWCOMER,
    PIPELINE,
    SQL,
    TEAM,
    World,
    rows,
    scalar,
)

SHAPES: list[dict[str, Any]] = yaml.safe_load((SQL / "shapes.yaml").read_text("utf-8"))["shapes"]
PUBLICATION = "electric_publication_default"
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=[shape["name"] for shape in SHAPES])


def _count(world: World, shape: dict[str, Any], user: str, chosen: str) -> int:
    where = shape["where"].replace("%", "%%").replace("$1", "%(user)s").replace("$2", "%(chosen)s")
    query = f"SELECT count(*) FROM {shape['table']} WHERE {where}"
    with world.superuser() as connection:
        row = connection.execute(query.encode(), {"user": user, "chosen": chosen}).fetchone()
    assert row is not None
    return int(row[0])


def _chosen(shape: dict[str, Any], *, foreign: bool) -> str:
    if shape["table"] == "pipelines":
        return FOREIGN_TEAM if foreign else TEAM
    return FOREIGN_PIPELINE if foreign else PIPELINE


@each_shape
def test_a_shape_gives_a_member_what_row_security_gives_him(
    shared_world: World, shape: dict[str, Any]
) -> None:
    chosen = _chosen(shape, foreign=False)
    got = _count(shared_world, shape, MEMBER, chosen)
    assert got > 0
    if shape["name"] == "user_profiles":
        visible = "SELECT count(*) FROM user_profiles"
    else:
        key = {"pipelines": "team_id"}.get(shape["table"], "pipeline_id")
        narrowed = f" WHERE {key} = '{chosen}'" if "$2" in shape["where"] else ""
        visible = f"SELECT count(*) FROM {shape['table']}{narrowed}"
    with shared_world.user(MEMBER) as connection:
        assert scalar(connection, visible) == got


@each_shape
def test_a_shape_gives_a_stranger_nothing_of_another_team(
    shared_world: World, shape: dict[str, Any]
) -> None:
    assert _count(shared_world, shape, NEWCOMER, _chosen(shape, foreign=False)) == (
        1 if shape["table"] == "users" else 0
    )
    if "$2" in shape["where"]:
        assert _count(shared_world, shape, FOREIGN, _chosen(shape, foreign=False)) == 0
        assert _count(shared_world, shape, FOREIGN, _chosen(shape, foreign=True)) > 0


@each_shape
def test_a_shape_names_every_column_or_says_that_it_withholds_it(
    shared_world: World, shape: dict[str, Any]
) -> None:
    with shared_world.superuser() as connection:
        columns = {
            name
            for (name,) in rows(
                connection,
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
                " AND attnum > 0 AND NOT attisdropped",
                shape["table"],
            )
        }
        keys = {
            name
            for (name,) in rows(
                connection,
                "SELECT a.attname FROM pg_index AS i JOIN pg_attribute AS a"
                " ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
                " WHERE i.indisprimary AND i.indrelid = %s::regclass",
                shape["table"],
            )
        }
    assert set(shape["columns"]) | set(shape.get("withheld", ())) == columns
    assert not set(shape["columns"]) & set(shape.get("withheld", ()))
    assert keys <= set(shape["columns"])


def test_every_table_of_a_shape_is_published_with_whole_old_rows(any_world: World) -> None:
    wanted = {shape["table"] for shape in SHAPES}
    with any_world.superuser() as connection:
        published = dict(
            rows(
                connection,
                "SELECT p.tablename::text, c.relreplident::text FROM pg_publication_tables AS p"
                " JOIN pg_class AS c ON c.oid = p.tablename::regclass WHERE p.pubname = %s",
                PUBLICATION,
            )
        )
    assert published == dict.fromkeys(wanted, "f")


def test_published_tables_can_be_updated_and_deleted(any_world: World) -> None:
    with any_world.superuser() as connection:
        connection.execute("UPDATE pipelines SET name = 'changed'")
        connection.execute("DELETE FROM pipelines")


def test_the_service_reads_everything_and_writes_nothing(world: World) -> None:
    with world.superuser() as connection:
        connection.execute("SET ROLE pipeline_electric")
        for shape in SHAPES:
            assert scalar(connection, f"SELECT count(*) FROM {shape['table']}") > 0
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"DELETE FROM {shape['table']}".encode())
