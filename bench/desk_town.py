"""A town for the desk bench: a few people who really did everything, and a crowd beside them."""

import shutil
from pathlib import Path
from typing import Any

from peewee import PostgresqlDatabase

from bench.desk_crowd import Crowd, Size
from core.accounts import Role
from core.cases import Place
from core.secret import Secret
from core.storage.rows import database_of_the_unit
from core.use_cases.desk import PAGE
from core.use_cases.desk_view import QueuePage
from core.use_cases.recovery_doors import CaseOpened
from tests.office import Office
from tests.world import World

AGENTS = 20
A_DECIDER = 3
"""Cases that one of the staff may decide in an hour."""


class Town:
    """An office with staff, verified cases that wait for approval, and everybody else."""

    def __init__(self, home: Path, size: Size, *, bare: bool = False, **settings: Any) -> None:
        home.mkdir(parents=True)
        self.size, self.bare = size, bare
        self.world = World(home, **settings)
        self.office = Office(self.world)
        self.agents = [f"agent{number:02}" for number in range(AGENTS)]
        self.ready: list[CaseOpened] = []
        """Verified, their wait over: three for each agent, who did not verify them."""
        self.references: list[str] = []
        self.names: list[str] = []
        """Of open cases that nobody has, and of their accounts."""
        self.claimed: list[str] = []
        self.second: Place | None = None
        self.deep: Place | None = None

    def settle(self) -> None:
        """Do what people do, then put the others beside them."""
        world, office = self.world, self.office
        for agent in self.agents:
            office.hire(agent, Role.LEAD)
        owners = [f"owner{number:02}" for number in range(AGENTS * A_DECIDER)]
        for owner in owners:
            world.person(owner, two_factor=True)
        world.clock.advance(days=40)
        opened = [office.open(owner) for owner in owners]
        for owner, case in zip(owners, opened, strict=True):
            shutil.rmtree(world.settings.home / "mail", ignore_errors=True)  # a code is looked for in every letter
            office.mailed(case, owner)
        office.after(hours=80)
        for number, agent in enumerate(self.agents):
            office.sit_down(agent)
            for case in opened[A_DECIDER * number : A_DECIDER * (number + 1)]:
                world.services.desk.verify(office.consoles[agent], case.reference)
        self.ready = opened[A_DECIDER:] + opened[:A_DECIDER]  # each is approved by somebody else
        world.clock.advance(hours=2)
        world.services.due.tick()
        crowd = Crowd(world.services.parts, self.size, like=owners[0], agent=self.agents[0], bare=self.bare)
        crowd.put()
        self.references, self.names = crowd.references, crowd.names

    def look(self, me: Secret) -> None:
        """Where the second page of the queue begins, and the hundredth, or the last that is full."""
        self.second = self.deep = None
        for _ in range(99):
            page = self.world.services.desk.queue(me, after=self.deep)
            assert isinstance(page, QueuePage)
            assert page.lines
            if page.next is None:
                break
            self.second = self.second or page.next
            if len(page.lines) == PAGE:
                self.deep, last = page.next, self.deep
        rest = self.world.services.desk.queue(me, after=self.deep)
        if isinstance(rest, QueuePage) and len(rest.lines) < PAGE:
            self.deep = last

    def analyse(self) -> None:
        """What a PostgreSQL server does by itself within a minute."""
        with self.world.services.parts.storage.unit():
            database = database_of_the_unit()
            if isinstance(database, PostgresqlDatabase):
                database.execute_sql("ANALYZE")

    def close(self) -> None:
        self.world.close()
