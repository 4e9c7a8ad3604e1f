"""The schema's own fixtures: its database, with two teams in it."""

from __future__ import annotations

import pytest

from tests.conftest import Server
from tests.integration.schema.world import World, load_world


@pytest.fixture
def world(server: Server) -> World:
    """A database with two teams, of this test alone."""
    return World(dsn=server.clone("world", load_world))


@pytest.fixture
def any_world(any_server: Server) -> World:
    """A database with two teams on each server in turn."""
    return World(dsn=any_server.clone("world", load_world))


@pytest.fixture(scope="session")
def shared_world(server: Server) -> World:
    """A database with two teams for tests that roll everything back."""
    return World(dsn=server.clone("world", load_world))
