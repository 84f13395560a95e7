"""Worlds with people in them from the start: a scene is played once per process and database, and copied from then on."""

import contextlib
import copy
import functools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from core.accounts import Role
from core.home import prepare
from core.secret import Secret
from core.storage import sqlite_url
from core.use_cases.recovery_doors import CaseOpened
from tests.office import Office
from tests.postgres import fresh_database, new_database
from tests.repeatable import WorldClock
from tests.world import Person, World

Scene = Callable[[World], Any]
"""What happened before a test begins; what it answers is there to be told."""
CROWD = ("adam", "bob", "cyd", "dan", *(f"owner{number}" for number in range(7)))


def nobody(world: World) -> None:
    """An installation that was opened once, and has no account."""


@functools.cache
def signed_up(name: str, **how: Any) -> Scene:
    """Somebody has just signed up; `how` is what `World.person` takes."""

    def scene(world: World) -> None:
        world.person(name, **how)

    return scene


def staffed(world: World) -> None:
    """The agents mia and jon, the lead lea, and the member ada, all with 2FA on for 40 days."""
    office = Office(world)
    office.hire("mia", Role.AGENT)
    office.hire("jon", Role.AGENT)
    office.hire("lea", Role.LEAD)
    world.person("ada", two_factor=True)
    settle(world)


def crowded(world: World) -> None:
    """The same, and the members of the CROWD."""
    for name in CROWD:
        world.person(name, two_factor=True)
    staffed(world)


def decided(world: World) -> tuple[CaseOpened, dict[str, Secret]]:
    """The staff, and a case of ada's that mia verified and jon approved, its wait still running; and their consoles."""
    staffed(world)
    office = Office(world)
    return office.decided(), office.consoles


def settle(world: World) -> None:
    """Let 40 days pass; what was due is done, and the letters of then are gone."""
    world.clock.advance(days=40)
    world.services.due.tick()
    shutil.rmtree(world.settings.home / "mail", ignore_errors=True)


@dataclass(frozen=True)
class Left:
    """What a scene left behind: a home folder, the URL of its database, the time, and who is there."""

    folder: "tempfile.TemporaryDirectory[str]"
    database: str
    now: datetime
    people: dict[str, Person]
    told: Any

    @property
    def home(self) -> Path:
        return Path(self.folder.name) / "home"


@contextlib.contextmanager
def copied(scene: Scene, kind: str, home: Path) -> Iterator[str]:
    """Make `home` what `scene` left behind; the URL of a copy of its database. `kind`: sqlite or postgresql."""
    left = _played(scene, kind)
    shutil.copytree(left.home, home, dirs_exist_ok=True)
    if kind == "sqlite":
        yield sqlite_url(home / "lockwright.sqlite")
    else:
        with fresh_database(template=left.database) as url:
            yield url


def opened(scene: Scene, home: Path, database: str, **settings: Any) -> World:
    """The world of such a copy, which goes on when the scene ended."""
    left = _played(scene, urlsplit(database).scheme)
    world = World(home, clock=WorldClock(left.now), database=database, **settings)
    world.people.update(copy.deepcopy(left.people))
    return world


def told(scene: Scene, kind: str) -> Any:
    """What such a scene answered."""
    return _played(scene, kind).told


class Beginning(World):
    """A world that opens when something happens in it: whoever signs up first has signed up in a scene.

    `begin` opens the world that a scene left behind.
    """

    def __init__(self, begin: Callable[[Scene], World]) -> None:
        self._begin = begin

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or self._has_begun:
            raise AttributeError(name)
        self._open(nobody)
        return getattr(self, name)

    @property
    def _has_begun(self) -> bool:
        return "services" in vars(self)

    def _open(self, scene: Scene) -> None:
        vars(self).update(vars(self._begin(scene)))

    def person(self, name: str, **how: Any) -> Person:
        if self._has_begun:
            return super().person(name, **how)
        self._open(signed_up(name, **how))
        return self.people[name]

    def close(self) -> None:
        if self._has_begun:
            super().close()


@functools.cache
def _played(scene: Scene, kind: str) -> Left:
    folder = tempfile.TemporaryDirectory()
    home = prepare(Path(folder.name) / "home")
    settings = {} if kind == "sqlite" else {"database": new_database()}
    world = World(home, seed="before", **settings)  # what it draws later in the tests is not the same again
    answer = scene(world)
    world.close()
    return Left(folder, world.settings.database_url, world.clock(), world.people, answer)
