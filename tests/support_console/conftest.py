"""Fixtures for the console: an office over a world of one's own, and consoles that refresh many times a second."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.accounts import Role
from core.apps import looks
from support_console.case import screen as case_screen
from support_console.queue import screen as queue_screen
from tests.office import Office
from tests.world import World


@pytest.fixture
def world(home: Path) -> Iterator[World]:
    """Services on a folder of this test's own."""
    world = World(home)
    yield world
    world.close()


@pytest.fixture
def office(world: World) -> Office:
    """Mia and jon are agents, lea is a lead; ada lost her device and opened a case long ago enough to have a mail route."""
    office = Office(world)
    office.hire("mia", Role.AGENT)
    office.hire("jon", Role.AGENT)
    office.hire("lea", Role.LEAD)
    return office


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The console looks after its session, the queue and the case many times a second."""
    monkeypatch.setattr(looks, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(queue_screen, "REFRESH_EVERY", 0.3)
    monkeypatch.setattr(case_screen, "REFRESH_EVERY", 0.3)
