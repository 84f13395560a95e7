"""Accounts, the audit trail, figures and staff."""

from pathlib import Path

import pytest

from core.accounts import Role
from core.audit import Event
from core.cases import State
from tests.office import Office
from tests.support_console.agent import working
from tests.world import World

ONE_PERSON = "! one person decides"


async def test_a_lead_finds_an_account_locks_it_and_voids_its_backup_code(world: World, office: Office):
    office.owner("ada")
    opened = office.open("ada")
    async with working(world, "lea", size=(120, 40)) as lea:
        await lea.press("g")
        await lea.finds("Type the beginning of a name")
        await lea.type("ada@ex")
        await lea.finds(opened.reference)
        await lea.press("enter")
        await lea.finds("Account ada", "a··@example.org", "unused", "opened a recovery case")
        await lea.press("b")
        await lea.type("It was in a screenshot.")
        await lea.press("enter")
        await lea.finds("The backup code is void.", "lea made the backup code void: It was in a screenshot.")
        await lea.press("l")
        await lea.type("Asked by its owner.")
        await lea.press("enter")
        await lea.finds("The account is locked.", "! Locked", "Asked by its owner.", "l unlock")
        await lea.press("l")
        await lea.type("She came to the desk.")
        await lea.press("enter")
        await lea.finds("The account is unlocked.", "lea unlocked this account: She came to the desk.")
        lea.sees("lea locked this account: Asked by its owner.")
        await lea.press("u")
        await lea.finds("The address is ada@example.org.")
        await lea.press("f")
        await lea.finds("There is no block to lift.")
    assert world.account("ada").locked_at is None
    assert {
        Event.STAFF_LOOKED,
        Event.ACCOUNT_LOCKED,
        Event.ACCOUNT_UNLOCKED,
        Event.BACKUP_CODE_VOIDED,
        Event.STAFF_UNMASKED,
    } <= set(world.events("ada"))


async def test_an_agent_is_told_that_locking_is_for_leads(world: World, office: Office):
    office.owner("ada")
    async with working(world, "mia") as mia:
        await mia.press("g")
        await mia.type("ada")
        await mia.press("enter")
        await mia.finds("Account ada")
        await mia.press("l")
        await mia.finds("Lock: your role may not do this")
        mia.sees_not("l lock")


async def test_an_auditor_searches_verifies_and_exports_the_trail(world: World, office: Office):
    office.owner("ada")
    opened = office.open("ada")
    office.hire("olga", Role.AUDITOR)
    async with working(world, "olga", size=(120, 40)) as olga:
        await olga.press("t")
        await olga.finds("Audit trail", "olga searched the audit trail")
        await olga.press("slash")
        await olga.type("nobody")
        await olga.press("tab", "tab", "tab", "tab", "enter")
        await olga.finds("There is no account of that name.")
        await olga.press("ctrl+u")
        await olga.type("ada")
        await olga.press("tab", "tab")
        await olga.type(opened.reference)
        await olga.press("enter", "enter", "enter")
        await olga.finds(f"about ada, in {opened.reference}", "Somebody who knows the password opened")
        olga.sees_not("made this account")
        await olga.press("v")
        await olga.finds("The audit trail is whole")
        await olga.press("enter")
        await olga.finds("genuine", "yes")
        await olga.press("escape", "j")
        await olga.finds("The audit trail as lines of JSON", "That is all of it.", "c copy")
        await olga.press("escape", "escape")
        await olga.finds("Recovery cases")
        await olga.press("enter")
        await olga.finds(opened.reference)
        await olga.press("m")
        await olga.finds("Message: your role may not do this")
        await olga.press("j")
        await olga.finds("Export", '"reference"')


async def test_an_auditor_reads_why_an_account_was_locked(world: World, office: Office):
    office.owner("ada")
    world.services.account_desk.lock(office.sit_down("lea"), world.account("ada").id, "Asked by its owner.")
    office.hire("olga", Role.AUDITOR)
    async with working(world, "olga", size=(120, 40)) as olga:
        await olga.press("t")
        await olga.finds("Audit trail", "olga searched the audit trail")
        await olga.press("slash")
        await olga.press("tab", "tab", "tab")
        await olga.type("account.locked")
        await olga.press("enter", "enter")
        await olga.finds("account.locked", "lea locked this account")
        await olga.press("enter")
        await olga.finds("genuine yes", "reason Asked by its owner.")


async def test_agents_may_not_see_the_trail(world: World, office: Office):
    async with working(world, "mia") as mia:
        mia.sees_not("t audit")
        await mia.press("t")
        await mia.finds("Audit: your role may not do this (search and verify the audit trail).")


async def test_figures_count_what_waits(world: World, office: Office):
    office.owner("ada")
    office.open("ada")
    async with working(world, "mia") as mia:
        await mia.press("f")
        await mia.finds("Live cases wait for", "first answer 1│▇▇▇", "Time to a decision none in the last 30 days")
        await mia.press("end")
        await mia.finds("Cases that ended in the week from", "completed expired rejected stopped withdrawn")
        await mia.press("escape")
        await mia.finds("Recovery cases")
        mia.sees("1 live 1 need staff")


async def test_an_admin_invites_gives_and_takes_roles_and_disables(world: World, office: Office):
    office.hire("max", Role.ADMIN)
    world.person("grace", two_factor=True)
    async with working(world) as admin:
        await admin.sits_down(world, "max")
        await admin.finds("Staff", "mia", "agent", "let in")
        await admin.press("r")
        await admin.finds("Give a role", "works cases")
        await admin.press("1")
        await admin.finds("Whose account")
        await admin.type("grace")
        world.clock.advance(minutes=6)
        await admin.press("enter")
        await admin.gives_token(world, "max")
        await admin.finds("is given; all staff are told.", "grace")
        await admin.press("i", "4")
        await admin.type("olga@example.org")
        await admin.press("enter")
        await admin.finds("The invitation, shown only now")
        await admin.press("enter")
        await admin.finds("The invitation is made.")
        await admin.press("home", "d")
        await admin.finds("Disable")
        await admin.press("y")
        await admin.finds("is no longer staff.")
        await admin.press("escape")
        await admin.finds("o signs out, ctrl+q leaves.")
    assert Event.ROLE_GIVEN in world.events("grace")


async def test_where_one_person_decides_every_title_warns(home: Path):
    world = World(home, recovery={"mail": {"people": 1}})
    office = Office(world)
    office.hire("mia", Role.AGENT, Role.ADMIN, Role.AUDITOR)
    office.owner("ada")
    opened = office.mailed(office.open("ada"))
    async with working(world, "mia", size=(120, 40)) as mia:
        await mia.finds("Recovery cases", "mia", ONE_PERSON)
        for key, heading in (("g", "Accounts"), ("f", "Figures"), ("t", "Audit trail"), ("s", "Staff")):
            await mia.press(key)
            await mia.finds(heading, ONE_PERSON)
            await mia.press("escape")
            await mia.finds("Recovery cases")
        await mia.press("enter")
        await mia.finds(opened.reference, "! One person alone can verify and approve here (people = 1).")
        await mia.press("v")
        await mia.finds("Verify ownership", ONE_PERSON)
    world.close()


@pytest.mark.parametrize(
    ("alone", "then"), [("mail", "It can be approved now."), ("key", "Another person approves it now.")]
)
async def test_who_is_needed_next_is_what_the_fixed_route_says(home: Path, alone: str, then: str):
    world = World(home, recovery={alone: {"people": 1}})
    office = Office(world)
    office.hire("mia", Role.AGENT)
    office.owner("ada")
    opened = office.mailed(office.open("ada"))
    async with working(world, "mia", size=(120, 40)) as mia:
        await mia.finds(opened.reference)
        world.clock.advance(minutes=6)
        await mia.press("enter", "c")
        await mia.finds("The case is yours")
        await mia.press("v", "1")
        await mia.finds(ONE_PERSON)
        await mia.gives_token(world, "mia")
        await mia.finds(f"Ownership is verified by route mail. {then}")
    assert office.state(opened) is State.VERIFIED
    world.close()


async def test_where_two_people_decide_no_title_warns(world: World, office: Office):
    async with working(world, "mia") as mia:
        await mia.finds("Recovery cases", "mia, agent")
        mia.sees_not("one person decides")
