"""How the pages of the console's acts look, and what came of them: the rest of `test_looks`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.accounts import Role
from core.cases import State
from core.use_cases.outcomes import Done
from tests.drawn import Album
from tests.office import THERE, Office
from tests.support_console.agent import working
from tests.support_console.scene import world_with_replies
from tests.world import World


@pytest.fixture
def world(home: Path) -> Iterator[World]:
    yield from world_with_replies(home)


async def test_an_agent_asks_and_gives_a_case_back(world: World, busy: Office, album: Album):
    async with working(world, "mia") as mia:
        await mia.finds("3 live")
        await mia.press("down", "enter")
        await mia.finds("No route is met yet", "grace")
        await mia.press("e")
        await mia.finds("The case waits for the owner", "Begin with")
        await album.add(mia.pilot, "ask", "You should see what the routes lack, a field of lines, texts to begin with.")
        await mia.press("escape", "c")
        await mia.finds("claimed by you", "c release")
        await album.add(
            mia.pilot, "case_claimed", "You should see that it is hers and for how long, and release below."
        )
        await mia.press("c")
        await mia.finds("The case is back in the queue.", "c claim")
        await album.add(mia.pilot, "case_released", "You should see that it is back in the queue, and claim below.")
        await mia.press("ctrl+p")
        await mia.finds("Type to find one", "Claim (c)")
        await album.add(mia.pilot, "palette", "You should see one field, what can be done below, the bar at the first.")
    assert not album.changes, album.changes


async def test_a_lead_gives_a_case_to_another_and_lets_a_frozen_one_go_on(world: World, office: Office, album: Album):
    office.owner("ada")
    opened = office.open("ada", THERE)
    desk = world.services.desk
    assert desk.freeze(office.sit_down("lea"), opened.reference, "Two people claim it.") == Done()
    world.clock.advance(hours=3)
    assert desk.record_person(office.sit_down("jon"), opened.reference, "At the desk, by her passport.") == Done()
    async with working(world, "lea") as lea:
        await lea.finds(opened.reference)
        await lea.press("enter")
        await lea.finds("z unfreeze", "r reassign")
        await lea.press("r")
        await lea.finds("The case is theirs for 8 hours")
        await album.add(lea.pilot, "reassign", "You should see for how long it is theirs, and one field for a name.")
        await lea.type("zoe")
        await lea.press("enter")
        await lea.finds("There is no agent or lead of that name.")
        await album.add(lea.pilot, "reassign_refused", "You should see why not, with a mark, below the name.")
        await lea.press("escape", "z")
        await lea.finds("the whole wait begins anew")
        await album.add(lea.pilot, "unfreeze", "You should see what begins anew, and a field for the reason.")
    assert not album.changes, album.changes


async def test_a_case_that_is_decided(world: World, office: Office, album: Album):
    for name in ("ada", "grace", "linus"):
        world.person(name, two_factor=True)
    world.clock.advance(days=40)
    completed = office.decided("ada")
    office.after(days=3, minutes=1)
    approved = office.decided("grace")
    rejected = office.open("linus")
    world.clock.advance(hours=2)
    desk = world.services.desk
    mia, reason = office.sit_down("mia"), "No evidence came, and the owner answers no letter."
    assert desk.reject(mia, rejected.reference, rejected.reference, reason) == Done()
    assert [office.state(each) for each in (completed, approved, rejected)] == [
        State.COMPLETED,
        State.APPROVED,
        State.REJECTED,
    ]
    async with working(world, "mia") as mia:
        await mia.finds("1 live", approved.reference)
        await mia.press("enter")
        await mia.finds("it completes by itself", "jon approved the recovery")
        await album.add(mia.pilot, "case_approved", "You should see until when it waits, who approved, no act as next.")
        await mia.press("escape", "6")
        await mia.finds(completed.reference, rejected.reference)
        await album.add(
            mia.pilot, "queue_ended", "You should see two cases, each with how it ended, and ended in bold."
        )
        for name, case, state in (("case_completed", completed, "completed"), ("case_rejected", rejected, "rejected")):
            await mia.press("slash")
            await mia.type(case.reference)
            await mia.press("enter", "enter")
            await mia.finds("The case has ended.", state)
            await album.add(mia.pilot, name, f"You should see that it is {state}, by whom, and nothing left to decide.")
            await mia.press("escape")
            await mia.finds("Recovery cases")
    assert not album.changes, album.changes


async def test_a_lead_locks_an_account_unlocks_it_and_voids_its_backup_code(world: World, office: Office, album: Album):
    office.owner("ada")
    office.open("ada", THERE)
    async with working(world, "lea") as lea:
        await lea.press("g")
        await lea.type("ada")
        await lea.finds("LW-")
        await lea.press("enter")
        await lea.finds("Account ada", "lea looked at this account")
        await lea.press("b")
        await lea.finds("A leaked code is worthless")
        await album.add(lea.pilot, "void", "You should see what becomes of the code, and one field for the reason.")
        await lea.press("escape", "l")
        await lea.finds("Nobody can sign in to it")
        await album.add(lea.pilot, "lock", "You should see what locking does, and one field for the reason.")
        await lea.type("Asked by its owner.")
        await lea.press("enter")
        await lea.finds("The account is locked.", "l unlock")
        await album.add(
            lea.pilot, "account_locked", "You should see since when and why it is locked, first at the left."
        )
        await lea.press("l")
        await lea.finds("can sign in again")
        await album.add(lea.pilot, "unlock", "You should see for whom it is unlocked, and one field for the reason.")
    assert not album.changes, album.changes


async def test_what_an_auditor_exports(world: World, busy: Office, album: Album):
    busy.hire("olga", Role.AUDITOR)
    async with working(world, "olga") as olga:
        await olga.finds("3 live")
        await olga.press("enter")
        await olga.finds("j export")
        await olga.press("j")
        await olga.finds('"reference"', "c copy")
        await album.add(
            olga.pilot, "export", "You should see the case as JSON, the bar at its first line, c to copy it."
        )
        await olga.press("escape", "escape", "t")
        await olga.finds("Audit trail", "olga searched")
        await olga.press("j")
        await olga.finds("The audit trail as lines of JSON", "That is all of it.")
        await album.add(
            olga.pilot, "audit_export", "You should see an entry on each line, cut at the edge, and how many."
        )
    assert not album.changes, album.changes


async def test_an_admin_gives_and_takes_a_role(world: World, office: Office, album: Album):
    office.hire("kim", Role.AGENT, Role.AUDITOR)
    office.hire("max", Role.ADMIN)
    async with working(world) as max_:
        await max_.sits_down(world, "max")
        await max_.finds("Staff", "kim")
        await max_.press("r", "1")
        await max_.finds("Whose account")
        await album.add(max_.pilot, "role_give", "You should see from when the role counts, and one field for a name.")
        await max_.press("escape")
        await max_.finds("roles, since")
        await max_.press("down", "t")
        await max_.finds("Take a role from kim")
        await album.add(max_.pilot, "role_take", "You should see the two roles that kim has, and whom it is about.")
    assert not album.changes, album.changes
