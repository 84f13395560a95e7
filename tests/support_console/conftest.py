"""Fixtures for the console: an office over a world of one's own, and consoles that refresh many times a second."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.accounts import Role
from core.apps import looks
from core.terminal.theme import Colours
from support_console.case import screen as case_screen
from support_console.queue import screen as queue_screen
from tests.drawn import HUGE, USUAL, WIDE, Album
from tests.office import THERE, Office
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
def busy(world: World, office: Office) -> Office:
    """Three live cases: one with evidence and late, one fresh, one that jon has and asks about."""
    for name in ("ada", "grace", "linus"):
        world.person(name, two_factor=True)
    world.clock.advance(days=40)
    office.mailed(office.open("ada", THERE))
    world.clock.advance(hours=20)
    office.open("grace", THERE)
    world.clock.advance(hours=9)
    linus = office.open("linus")
    jon, desk = office.sit_down("jon"), world.services.desk
    desk.claim(jon, linus.reference)
    question = "Do you still have the laptop with your SSH key?\nConnect from it, and give the key here."
    desk.ask(jon, linus.reference, question)
    return office


@pytest.fixture
def album(request: pytest.FixtureRequest) -> Album:
    """The pictures of the console: every screen at three sizes, dark, light and without colour."""
    return Album(
        Path(__file__).parent / "drawn",
        accept=request.config.getoption("update_snapshots"),
        sizes=(USUAL, WIDE, HUGE),
        colourings=(Colours.DARK, Colours.LIGHT, Colours.PLAIN),
    )


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The console looks after its session, the queue and the case many times a second."""
    monkeypatch.setattr(looks, "LOOK_EVERY", 0.05)
    monkeypatch.setattr(queue_screen, "REFRESH_EVERY", 0.3)
    monkeypatch.setattr(case_screen, "REFRESH_EVERY", 0.3)
