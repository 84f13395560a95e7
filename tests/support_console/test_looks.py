"""How every screen of the console looks, at three sizes, dark, light and without colour: `tests/drawn.py` tells how."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.accounts import Role
from core.secret import Secret
from tests.drawn import Album
from tests.office import Office
from tests.support_console.agent import working
from tests.support_console.scene import world_with_replies
from tests.world import PASSWORD, World


@pytest.fixture
def world(home: Path) -> Iterator[World]:
    yield from world_with_replies(home)


async def test_an_agents_way_in(world: World, busy: Office, album: Album):
    async with working(world) as mia:
        await album.add(mia.pilot, "door", "You should see two fields, the bar at the first, and that it is for staff.")
        await mia.fill("mia", "wrong")
        await mia.press("enter")
        await mia.finds("not right")
        await album.add(mia.pilot, "door_refused", "You should see what was wrong, with a mark, below the password.")
        await mia.press("shift+tab")
        await mia.press("ctrl+u")
        await mia.fill("mia", world.people["mia"].password)
        await mia.press("enter")
        await mia.finds("step 2 of 2")
        await album.add(mia.pilot, "token", "You should see one field of six digits and where they come from.")
        world.clock.advance(seconds=30)
        await mia.type(world.token_for("mia"))
        await mia.press("enter")
        await mia.finds("3 live", "linus")
        await album.add(
            mia.pilot,
            "queue",
            "You should see three cases, ada's first, marked late; linus' last, who waits for the owner.",
        )
        await mia.press("question_mark")
        await mia.finds("Everywhere")
        await album.add(mia.pilot, "queue_help", "You should see what to do here, and every key of the queue.")
        await mia.press("escape", "slash")
        await mia.type("zzz")
        await mia.finds("No case begins like that.")
        await album.add(
            mia.pilot, "queue_nothing", "You should see that nothing begins like that, and the figures still."
        )
    assert not album.changes, album.changes


async def test_an_agents_case(world: World, busy: Office, album: Album):
    async with working(world, "mia") as mia:
        await mia.finds("3 live")
        await mia.press("enter")
        await mia.finds("Route mail is met", "gave evidence")
        await album.add(
            mia.pilot, "case", "You should see what to do next, the met route at the left, what happened at the right."
        )
        await mia.press("v")
        await mia.finds("Yes, by route mail")
        await album.add(mia.pilot, "verify", "You should see No in front, and what verifying fixes.")
        await mia.press("escape", "m")
        await mia.finds("Begin with")
        await album.add(mia.pilot, "message", "You should see a field of lines and the texts to begin with below it.")
        await mia.press("escape", "p")
        await mia.finds("How you identified them")
        await album.add(mia.pilot, "record", "You should see what recording stands for, and one field.")
        await mia.press("escape", "x")
        await mia.type("LW-AAAA-AAAA")
        await mia.press("enter")
        await mia.type("No evidence came.")
        await mia.press("ctrl+s")
        await mia.finds("Type the reference of the case")
        await album.add(mia.pilot, "reject_refused", "You should see the error below the reference, the reason kept.")
    assert not album.changes, album.changes


async def test_what_an_agent_looks_up(world: World, busy: Office, album: Album):
    async with working(world, "mia") as mia:
        await mia.finds("3 live")
        await mia.press("enter")
        await mia.finds("Route mail is met")
        world.clock.advance(minutes=6)
        await mia.press("u")
        await mia.finds("A fresh token")
        await album.add(mia.pilot, "fresh_token", "You should see why a token is asked for again, and one field.")
        await mia.gives_token(world, "mia")
        await mia.finds("ring the bell at number 9")
        await album.add(mia.pilot, "contact", "You should see what was typed, and that none of it proves anything.")
        await mia.press("escape", "g")
        await mia.finds("Account ada", "unused", "mia looked at this account")
        await album.add(
            mia.pilot, "account", "You should see facts at the left with the case below, the history right."
        )
        await mia.press("escape", "escape", "g")
        await mia.finds("Type the beginning")
        await album.add(mia.pilot, "accounts_empty", "You should see one line to type in, and what can be typed.")
        await mia.type("a")
        await mia.finds("ada")
        await album.add(mia.pilot, "accounts", "You should see the accounts that begin so, and ada's case.")
        await mia.press("escape", "escape", "f")
        await mia.finds("Live cases by age")
        await album.add(
            mia.pilot, "figures", "You should see numbers, and bars beside them over a scale; nothing cut off."
        )
    assert not album.changes, album.changes


async def test_a_second_agents_and_a_leads_screens(world: World, busy: Office, album: Album):
    desk = world.services.desk
    async with working(world, "lea") as lea:
        await lea.finds("3 live")
        await lea.press("end", "enter")
        await lea.finds("claimed by jon", "Do you still have the laptop")
        await album.add(lea.pilot, "case_of_another", "You should see who has it, the question, and that it waits.")
        await lea.press("z")
        await lea.finds("Nothing moves in it any more")
        await album.add(lea.pilot, "freeze", "You should see what freezing does and one field for the reason.")
        await lea.type("Two people claim it.")
        await lea.press("ctrl+s")
        await lea.finds("The case is frozen.")
        await album.add(lea.pilot, "case_frozen", "You should see that it is frozen, by whom, and what lets it go on.")
        await lea.press("escape", "home")
        reference = lea.line("ada").split("LW-")[1][:9]
        assert not isinstance(desk.verify(busy.sit_down("mia"), f"LW-{reference}"), str)
        await lea.press("enter")
        await lea.finds("verified", "approve and complete")
        await album.add(lea.pilot, "case_verified", "You should see who verified it, and approving as the next step.")
        await lea.press("a")
        await lea.finds("Case reference")
        await album.add(lea.pilot, "approve", "You should see what approving does and when, and one field.")
    assert not album.changes, album.changes


async def test_an_auditors_screens(world: World, busy: Office, album: Album):
    busy.hire("olga", Role.AUDITOR)
    async with working(world, "olga") as olga:
        await olga.press("t")
        await olga.finds("Audit trail", "olga searched")
        await album.add(olga.pilot, "audit", "You should see the newest entries first, in words.")
        await olga.press("slash")
        await olga.finds("Days back")
        await album.add(olga.pilot, "audit_search", "You should see five fields with what fits in each.")
        await olga.press("escape", "enter")
        await olga.finds("genuine")
        await album.add(olga.pilot, "audit_entry", "You should see an entry in full, a line for each fact.")
        await olga.press("escape", "v")
        await olga.finds("The audit trail is whole")
        await album.add(olga.pilot, "audit_verified", "You should see in words that the trail is whole.")
    assert not album.changes, album.changes


async def test_an_admins_screens(world: World, office: Office, album: Album):
    office.hire("max", Role.ADMIN)
    both = frozenset({Role.AGENT, Role.AUDITOR})
    world.services.operator.add_account("kim", "kim@example.org", Secret(PASSWORD), confirmed=True, roles=both)
    async with working(world) as max_:
        await max_.sits_down(world, "max")
        await max_.finds("Staff", "let in")
        await album.add(
            max_.pilot, "staff", "You should see everybody with a role, since when, and that kim is not let in."
        )
        await max_.press("i")
        await max_.finds("works cases")
        await album.add(max_.pilot, "staff_role", "You should see four roles and what each may do.")
        await max_.press("escape", "home", "d")
        await max_.finds("Disable")
        await album.add(max_.pilot, "staff_disable", "You should see No in front, and whom it is about.")
    assert not album.changes, album.changes
