"""A world on each database, for the use cases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.accounts import Role
from tests.office import Office
from tests.scenes import CROWD, Scene, copied, crowded, nobody, opened, staffed
from tests.world import World


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Scene:
    """Who is there when the test begins: nobody, unless it asks for an office or a crowd."""
    if "crowd" in request.fixturenames:
        return crowded
    return staffed if "office" in request.fixturenames else nobody


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, home: Path, scene: Scene) -> Iterator[str]:
    """A database of this test's own in which the scene was played: once SQLite, once PostgreSQL."""
    with copied(scene, request.param, home) as url:
        yield url


@pytest.fixture
def world(home: Path, database_url: str, scene: Scene) -> Iterator[World]:
    """Services on that database."""
    world = opened(scene, home, database_url)
    yield world
    world.close()


@pytest.fixture
def crowd() -> tuple[str, ...]:
    """The names of eleven more owners."""
    return CROWD


@pytest.fixture
def office(world: World) -> Office:
    """A support office: the agents mia and jon, the lead lea, and the owner ada."""
    return Office(world, mia=Role.AGENT, jon=Role.AGENT, lea=Role.LEAD)
