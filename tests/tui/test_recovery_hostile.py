"""Hostile text in every field of a recovery: kept as it is or refused with a sentence, and never acted on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from core.accounts import Role
from core.use_cases.outcomes import Done
from tests.hostile import HOSTILE
from tests.office import Office
from tests.soak import soaking
from tests.terminal.recorded import strangers
from tests.tui.claimant import comes_back, to_door
from tests.tui.visitor import Visitor, visiting
from tests.world import World
from tui.recovery import case as screen

SOME = HOSTILE if soaking() else HOSTILE[::12]


@pytest.fixture
def office(world: World, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr(screen, "REFRESH_EVERY", 0.05)
    office = Office(world, mia=Role.AGENT)
    office.owner()
    return office


@asynccontextmanager
async def watched(world: World) -> AsyncIterator[Visitor]:
    """A visitor in whose app nothing that was typed is ever acted on."""
    async with visiting(world) as ada:
        acted: list[str] = []
        run_action = ada.app.run_action

        async def noting(action, *args, **kwargs):
            acted.append(str(action))
            return await run_action(action, *args, **kwargs)

        ada.app.run_action = noting
        yield ada
        assert not [action for action in acted if "simulate" in action or "screenshot" in action]
        assert strangers(ada.wire.wire) == []
        assert ada.app._exception is None


async def pasted(visitor: Visitor, text: str) -> None:
    await visitor.paste(text.encode("utf-8", "ignore").decode())


async def test_the_form_takes_hostile_text_or_says_why_not_and_keeps_it_through_esc(world, office):
    async with watched(world) as ada:
        await to_door(ada, world)
        for text in SOME:
            await ada.press("o")
            for _ in range(3):
                await pasted(ada, text)
                await ada.press("tab")
            ada.sees("Open a recovery case")
            await ada.press("escape")
            await ada.finds("Go on with what you wrote")
        await ada.press("o", "ctrl+s")
        await ada.finds("Save your return code.")
        await ada.press("s")
        await ada.finds("What happened, times in UTC")


async def test_messages_of_both_sides_are_shown_and_nothing_more(world, office):
    case = office.open()
    mia = office.sit_down("mia")
    assert world.services.desk.claim(mia, case.reference) == Done()
    async with watched(world) as ada:
        await comes_back(ada, world, case)
        for text in SOME:
            world.services.desk.ask(mia, case.reference, text)
            await ada.press("w")
            await pasted(ada, text)
            await ada.press("ctrl+s")
            if "ctrl+s send" in ada.words:
                await ada.press("escape")
            ada.sees("What happened, times in UTC")


async def test_codes_are_codes_and_nothing_else(world, office):
    office.open()
    async with watched(world) as ada:
        await to_door(ada, world)
        await ada.press("c")
        for text in SOME:
            await pasted(ada, text)
            await ada.press("enter")
            ada.sees("Back to your case")
        await ada.press("escape", "escape", "escape", "escape")
        await ada.finds("Your account, from any terminal.")
        await ada.press("x", "tab", "r")
        for text in SOME:
            for _ in range(3):
                await pasted(ada, text)
                await ada.press("tab")
            await ada.press("enter", "enter", "enter")
            ada.sees("Restore your old device")
