"""When the database or the mail server goes away: the console says so, loses nothing that was typed, and goes on."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from core.accounts import Role
from core.cases import State
from core.storage import Storage
from core.use_cases.outcomes import Done
from core.use_cases.recovery_doors import CaseOpened
from tests.mail_server import MailServer, serving
from tests.office import LOST, THERE, Office
from tests.support_console.agent import working
from tests.world import World


@pytest.fixture
def world(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world that waits a moment only for a database that somebody else holds."""
    monkeypatch.setitem(Storage.__init__.__kwdefaults__, "busy_seconds", 0.2)
    world = World(home)
    yield world
    world.close()


@contextmanager
def held(world: World) -> Iterator[None]:
    """Somebody else writes to the database, and does not stop."""
    with closing(sqlite3.connect(world.settings.home / "lockwright.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_every_screen_outlives_a_database_that_does_not_answer_and_goes_on_when_it_does(
    world: World, office: Office, quick: None
):
    office.owner("ada")
    opened = office.mailed(office.open("ada", THERE))
    async with working(world, "mia") as mia:
        await mia.finds("ada")
        with held(world):
            await mia.press("c")
            await mia.finds("Somebody else is using the database just now, so nothing was changed.")
            await mia.press("enter")
            await mia.finds("This case cannot be shown", "Somebody else is using the database")
            await mia.press("enter")
            await mia.press("g")
            await mia.type("ada")
            await mia.finds("Somebody else is using the database")
        await mia.press("escape", "escape")
        await mia.finds("Recovery cases", opened.reference)
        await mia.press("enter")
        await mia.finds(opened.reference, "Route mail is met")
        await mia.press("m")
        await mia.type("We look at it today.")
        with held(world):
            await mia.press("ctrl+s")
            await mia.finds("Somebody else is using the database just now", "We look at it today.")
        await mia.press("ctrl+s")
        await mia.finds("The message is in the case.")
        await mia.press("v")
        await mia.finds("Yes, by route mail")
        with held(world):
            await mia.press("1")
            await mia.finds("Somebody else is using the database", "→ Route mail is met")
        assert office.state(opened) is State.OPEN
        await mia.press("v")
        await mia.finds("Yes, by route mail")
        await mia.press("1")
        await mia.finds("Ownership is verified by route mail.")
    assert office.state(opened) is State.VERIFIED


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server that takes everything until it is told otherwise."""
    with serving(MailServer()) as server:
        yield server


async def test_a_case_waits_for_a_mail_server_that_is_away_and_its_screen_follows(
    home: Path, server: MailServer, quick: None
):
    world = World(
        home,
        demo=False,
        mail="smtp",
        smtp_host="127.0.0.1",
        smtp_port=server.port,
        smtp_starttls=False,
        smtp_from="accounts@example.org",
    )
    office = Office(world, mia=Role.AGENT)
    office.here("mia")
    world.person("ada", confirmed=False, two_factor=True)
    world.services.due.tick()
    ticket = world.sign_in("ada").ticket
    assert world.services.account_settings.confirm_address(ticket, last_code(server)) == Done()
    world.clock.advance(days=40)
    world.services.due.tick()
    server.greeting = "421 closing"
    opened = world.services.recovery.open(office.door("ada"), LOST, THERE)
    world.services.due.tick()
    async with working(world, "mia", size=(120, 40)) as mia:
        await mia.press("enter")
        await mia.finds("The notice to the owner is on its way;")
        await mia.press("m")
        await mia.type("We look at it today.")
        await mia.press("ctrl+s")
        await mia.finds("The message is in the case.", "on its way")
        server.greeting = ""
        world.clock.advance(minutes=5)
        world.services.due.tick()
        await mia.finds("The owner was told;")
    assert isinstance(opened, CaseOpened)
    assert opened.view.reference in message_from_bytes(server.got[-1].content, policy=default).as_string()
    world.close()


def last_code(server: MailServer) -> str:
    """The eight digits in the newest letter that holds any."""
    for envelope in reversed(server.got):
        body = message_from_bytes(envelope.content, policy=default).get_body(("plain",))
        found = re.search(r"\b(\d{4}) (\d{4})\b", body.get_content() if body is not None else "")
        if found:
            return found[1] + found[2]
    raise AssertionError("no letter with a code")
