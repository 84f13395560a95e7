"""The history of an account before staff: all of it, however much happened since."""

import asyncio

from core.audit import Event
from support_console.account.history import History
from tests.office import Office
from tests.support_console.agent import Agent, working
from tests.tui.visitor import PATIENCE
from tests.world import World


def many_wrong_passwords(world: World, count: int) -> None:
    """Somebody types wrong passwords for ada."""
    parts, account = world.services.parts, world.account("ada").id
    with parts.storage.unit():
        for _ in range(count):
            parts.audit.record(Event.SIGN_IN_PASSWORD_WRONG, account=account, source="203.0.113.7")


async def keeps_pressing(agent: Agent, key: str, sentence: str) -> None:
    """Press a key until something is in view."""
    for _ in range(int(PATIENCE / 0.05)):
        if sentence in agent.words:
            return
        await agent.press(key)
        await asyncio.sleep(0.05)
    agent.sees(sentence)


async def test_an_agent_reads_down_to_the_day_the_account_was_made(world: World, office: Office):
    office.owner("ada")
    office.open("ada")
    many_wrong_passwords(world, 120)
    async with working(world, "mia") as mia:
        await mia.press("g")
        await mia.type("ada")
        await mia.press("enter")
        await mia.finds("Account ada", "Somebody typed a wrong password")
        mia.sees_not("opened a recovery case")
        await keeps_pressing(mia, "end", "made this account")
        await keeps_pressing(mia, "up", "opened a recovery case")


async def test_on_a_tall_screen_more_is_read_without_a_key(world: World, office: Office):
    office.owner("ada")
    many_wrong_passwords(world, 60)
    async with working(world, "mia", size=(160, 100)) as mia:
        await mia.press("g")
        await mia.type("ada")
        await mia.press("enter")
        await mia.finds("Account ada", "made this account")


def test_what_was_read_stays_without_a_gap_when_the_newest_are_read_anew(world: World, office: Office):
    office.owner("ada")
    many_wrong_passwords(world, 120)
    parts, account = world.services.parts, world.account("ada").id

    def newest() -> list[int]:
        with parts.storage.unit():
            read.renew(parts.audit.history(account))
        return [each.id for each in read.entries]

    read = History()
    assert len(newest()) == 50
    last = read.entries[-1]
    with parts.storage.unit():
        read.read_on(parts.audit.history(account, before=last), last)
    assert len(read.entries) == 100
    many_wrong_passwords(world, 3)
    assert len(newest()) == 103
    many_wrong_passwords(world, 51)
    assert len(newest()) == 50, "what was read before does not reach up to these, so it is read anew"
    assert not read.complete
