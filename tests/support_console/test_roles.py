"""Every role x act on screen: what a role lacks is not offered, its key says why, and so does a right that was lost meanwhile."""

from collections.abc import Sequence

import pytest
from textual.widget import Widget

from core.accounts import Role
from core.staff import Right
from core.terminal.app import TerminalApp
from core.terminal.screens.help import Help
from support_console.account.card import KEYS as CARD_KEYS
from support_console.case import screen as case_screen
from support_console.case.acts import ACTS
from support_console.queue.wishes import WAYS, Place
from tests.office import THERE, Office
from tests.support_console.agent import Agent, working
from tests.world import World

CASE = frozenset({Right.CLAIM, Right.MESSAGE, Right.ASK, Right.RECORD, Right.VERIFY, Right.REJECT, Right.UNMASK})
"""What can be done with an open case that nobody has and whose evidence suffices, by an agent."""
WORK: dict[Role, tuple[frozenset[Right], frozenset[Place], frozenset[Right]]] = {
    Role.AGENT: (CASE, frozenset({Place.ACCOUNTS, Place.FIGURES}), frozenset({Right.UNMASK, Right.VOID_BACKUP_CODE})),
    Role.LEAD: (
        CASE | {Right.FREEZE, Right.REASSIGN},
        frozenset({Place.ACCOUNTS, Place.FIGURES}),
        frozenset({Right.UNMASK, Right.VOID_BACKUP_CODE, Right.LOCK, Right.LIFT_BLOCKS}),
    ),
    Role.AUDITOR: (frozenset({Right.EXPORT}), frozenset({Place.AUDIT, Place.FIGURES}), frozenset()),
}
"""The product's words, written down a second time: of a case, of the other places, of an account."""
LATER = frozenset({Right.RELEASE, Right.APPROVE, Right.UNFREEZE})
"""Offered in other states only."""
BY_HAND: dict[Right, Sequence[str]] = {
    Right.CLAIM: ("c",),
    Right.MESSAGE: ("m", "Hello.", "ctrl+s"),
    Right.ASK: ("e", "Which key?", "ctrl+s"),
    Right.RECORD: ("p", "At the desk.", "ctrl+s"),
    Right.VERIFY: ("v", "1"),
    Right.REJECT: ("x", "REFERENCE", "enter", "No.", "ctrl+s"),
    Right.FREEZE: ("z", "Odd.", "ctrl+s"),
    Right.REASSIGN: ("r", "jon", "enter"),
    Right.UNMASK: ("u",),
}
"""Keys, and what is typed, of every act that a lead can do with an open case."""


@pytest.fixture
def world(home) -> World:
    world = World(home, recovery={"person": {"enabled": True}})
    yield world
    world.close()


def offered(agent: Agent, *where: str) -> str:
    """What the lines say that name keys."""
    found: list[Widget] = [agent.app.screen.query_one(name) for name in where]
    lines = agent.screen.splitlines()
    return " ".join(" ".join(" ".join(lines[each.region.y : each.region.bottom]).split()) for each in found)


def told(agent: Agent) -> tuple[dict[str, str], str]:
    """What help says of each key here, and the names that the palette offers."""
    app = agent.app
    assert isinstance(app, TerminalApp)
    return dict(Help.of(app.screen)._keys), " ".join(each.name.lower() for each in app.commands(app.screen))


@pytest.mark.parametrize(("name", "role"), [("jon", Role.AGENT), ("lea", Role.LEAD), ("ira", Role.AUDITOR)])
async def test_what_a_role_lacks_is_not_offered_and_its_key_says_why(
    world: World, office: Office, name: str, role: Role
):
    case, places, account = WORK[role]
    office.owner("ada")
    opened = office.mailed(office.open("ada", THERE))
    office.hire("ira", Role.AUDITOR)
    before = office.stored(opened)
    async with working(world, name, size=(110, 30)) as agent:
        await agent.finds(opened.reference)
        line = offered(agent, "BottomLine")
        helped, palette = told(agent)
        assert ("c claim" in line) is ("c" in helped) is (Right.CLAIM in case)
        assert {"/", "1", "o"} <= set(helped)
        for place, way in WAYS.items():
            assert (helped.get(way.key) == way.word) is (way.word in palette) is (place in places), (place, helped)
            assert (f"{way.key} {way.word}" in line) is (place in places), (place, line)
            if place not in places:
                await agent.press(way.key)
                await agent.finds(f"{way.word.capitalize()}: your role may not do this ({way.right.value}).")
        await agent.press("enter")
        await agent.finds(opened.reference, "→")
        line = offered(agent, "#acts")
        helped, palette = told(agent)
        assert ("g account" in line) is ("g" in helped) is ("account (g)" in palette) is (Place.ACCOUNTS in places)
        assert set(helped) - {"g"} == {act.key for act in ACTS if act.right in case}
        for act in ACTS:
            assert (f"{act.word} ({act.key})" in palette) is (act.right in case), (act.right, palette)
            assert (f"{act.key} {act.word}" in line) is (act.right in case), (act.right, line)
            taken = any(other.key == act.key and other.right in case for other in ACTS)
            if act.right not in case | LATER and not taken:
                await agent.press(act.key)
                await agent.finds(f"{act.word.capitalize()}: your role may not do this ({act.right.value}).")
        await agent.press("escape")
        if Place.ACCOUNTS in places:
            await agent.press("g")
            await agent.type("ada")
            await agent.press("enter")
            await agent.finds("Account ada", "since")
            line = offered(agent, "#acts")
            helped, palette = told(agent)
            assert set(helped) == {key for key, (right, _) in CARD_KEYS.items() if right in account}
            for key, (right, word) in CARD_KEYS.items():
                assert (f"{key} {word.split()[0]}" in line) is (f"({key})" in palette) is (right in account), (
                    right,
                    line,
                )
                if right not in account:
                    await agent.press(key)
                    await agent.finds(f"your role may not do this ({right.value}).")
    assert office.stored(opened) == before


async def test_a_right_lost_while_the_screen_stands_is_refused_at_the_act_and_in_words(
    world: World, office: Office, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(case_screen, "REFRESH_EVERY", 1000.0)
    office.owner("ada")
    opened = office.mailed(office.open("ada", THERE))
    office.hire("kim", Role.LEAD, Role.AUDITOR)
    before = office.stored(opened)
    operator = world.services.operator
    assert frozenset(BY_HAND) == WORK[Role.LEAD][0]
    async with working(world, "kim", size=(110, 30)) as kim:
        await kim.finds(opened.reference)
        await kim.press("enter")
        for right, keys in BY_HAND.items():
            kim.app.screen.renew()
            word = next(act.word for act in ACTS if act.right is right)
            await kim.finds(f"{keys[0]} {word}")
            operator.take_role("kim", Role.LEAD)
            for key in keys:
                if key == "REFERENCE":
                    await kim.type(opened.reference)
                elif len(key) == 1 or key in {"enter", "ctrl+s"}:
                    await kim.press(key)
                else:
                    await kim.type(key)
            await kim.finds(f"our role may not do this ({right.value})")
            if "→" not in kim.words:
                await kim.press("escape")
                await kim.finds("→")
            operator.give_role("kim", Role.LEAD)
    assert office.stored(opened) == before
