"""A world on each database, for the use cases."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.accounts import Role
from core.use_cases.recovery_doors import CaseOpened
from tests import scenes
from tests.office import Office
from tests.scenes import CROWD, Beginning, Scene, copied, crowded, nobody, opened, staffed
from tests.world import World


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Scene:
    """What happened before the test begins: nothing, unless it asks for an office, a crowd or a case that is decided."""
    if "crowd" in request.fixturenames:
        return crowded
    if "decided" in request.fixturenames:
        return scenes.decided
    return staffed if "office" in request.fixturenames else nobody


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database: once SQLite, once PostgreSQL."""
    return str(request.param)


@pytest.fixture
def database_url(kind: str, home: Path, scene: Scene) -> Iterator[str]:
    """A database of this test's own in which the scene was played."""
    with copied(scene, kind, home) as url:
        yield url


@pytest.fixture
def world(request: pytest.FixtureRequest, kind: str, home: Path, scene: Scene) -> Iterator[World]:
    """Services on a database of that kind, with what the test begins with played in a scene."""
    with ExitStack() as ends:

        def begin(scene: Scene) -> World:
            return opened(scene, home, ends.enter_context(copied(scene, kind, home)))

        if scene is nobody and "database_url" not in request.fixturenames:
            world: World = Beginning(begin)
        else:
            world = opened(scene, home, request.getfixturevalue("database_url"))
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


@pytest.fixture
def decided(office: Office, kind: str, scene: Scene) -> CaseOpened:
    """A case of ada's that mia verified and jon approved, its wait still running."""
    case: CaseOpened
    case, consoles = scenes.told(scene, kind)
    office.consoles.update(consoles)
    return case
