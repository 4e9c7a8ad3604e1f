"""The functions under test: a database with the schema and its two teams."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.conftest import Server
from tests.integration.schema.world import MEMBER, Connection, World, load_world


@pytest.fixture(scope="session")
def yaml_world(server: Server) -> World:
    """A database with two teams; each test undoes what it does."""
    return World(dsn=server.clone("world", load_world))


@pytest.fixture(scope="session")
def parser(yaml_world: World) -> Iterator[Connection]:
    """A session for functions that touch no table."""
    with psycopg.connect(yaml_world.dsn, autocommit=True) as connection:
        yield connection


@pytest.fixture
def member(yaml_world: World) -> Iterator[Connection]:
    """A session of a member of the first team, rolled back at the end."""
    with yaml_world.user(MEMBER) as connection, connection.transaction(force_rollback=True):
        yield connection
