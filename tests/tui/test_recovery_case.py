"""In a recovery case: evidence, messages, and what others make of it meanwhile."""

import pytest

from core.accounts import Role
from core.cases import State
from core.origin import Origin, ProvedKey
from core.use_cases.outcomes import Done
from tests.office import LOST, Office
from tests.office import THERE as ELSEWHERE
from tests.tui.claimant import comes_back, opens
from tests.tui.owner import prove, save, to_code
from tests.tui.visitor import THERE, visiting
from tests.world import World
from tui.recovery import case as screen

KEY = Origin(THERE.source, ProvedKey(THERE.fingerprint or "", THERE.public_key or ""))


@pytest.fixture
def office(world: World, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A support office; the screen of a case looks many times a second at what it does."""
    monkeypatch.setattr(screen, "REFRESH_EVERY", 0.05)
    return Office(world, mia=Role.AGENT, jon=Role.AGENT, kim=Role.LEAD)


async def test_the_mail_code_is_sent_typed_and_counts(world, office):
    office.owner()
    async with visiting(world) as ada:
        await opens(ada, world)
        world.services.due.tick()
        await ada.press("m")
        await ada.finds("Give the mail code", "good for 24 hours and in this case only")
        await ada.type("12345678")
        await ada.press("enter")
        await ada.finds("No code is open for this case. Send a new one.")
        await ada.press("s")
        await ada.finds("It is on its way.")
        await ada.press("s")
        await ada.finds("A code was sent already, and it still counts. Another can be sent in 1 min.")
        code = world.mail_code("ada@example.org")
        await ada.type("0000 0000" if code != "00000000" else "1111 1111")
        await ada.press("enter")
        await ada.finds("! That is not the right mail code. 4 tries left.")
        await ada.type(code)
        await ada.press("enter")
        await ada.finds(
            "The mail code is given as evidence.", "✓ mail code: given", "over in 3 d", "The evidence suffices"
        )
        ada.sees_not("m Give the mail code")


async def test_a_code_that_was_sent_in_an_earlier_visit_is_typed_at_once_while_it_is_good(world, office):
    office.owner()
    case = office.open()
    assert world.services.recovery.send_mail_code(case.ticket) == Done()
    code = world.mail_code("ada@example.org")
    async with visiting(world) as ada:
        world.clock.advance(hours=23, minutes=45)
        await comes_back(ada, world, case)
        await ada.press("m")
        world.clock.advance(minutes=20)
        await ada.type(code)
        await ada.press("enter")
        await ada.finds("No code is open for this case. Send a new one.")
        await ada.press("s")
        await ada.finds("It is on its way.")
        await ada.type(world.mail_code("ada@example.org"))
        await ada.press("enter")
        await ada.finds("✓ mail code: given")


async def test_the_key_of_this_connection_is_given(world, office):
    office.with_key(origin=KEY)
    async with visiting(world, peer=THERE) as ada:
        await opens(ada, world)
        ada.sees("· SSH key: can be given now")
        await ada.press("k")
        await ada.finds("Your SSH key is given as evidence.", "✓ SSH key: given")


async def test_without_the_key_the_screen_says_how_to_offer_it(world, office):
    office.with_key(origin=KEY)
    async with visiting(world) as ada:
        await opens(ada, world)
        ada.sees("– SSH key: this connection proved no SSH key")
        await ada.press("k")
        await ada.finds("How to give your SSH key", "ssh -i KEY -o IdentitiesOnly=yes", "I have the return code")
        await ada.press("enter")
        await ada.finds("Case LW-")


async def test_a_question_comes_up_without_moving_anybody_and_is_answered(world, office):
    office.owner()
    office.here("mia")
    async with visiting(world) as ada:
        await opens(ada, world)
        case = world.services.desk.queue(office.sit_down("mia")).lines[0].reference
        await ada.press("tab")
        assert ada.app.focused is ada.app.screen.query_one("#timeline")
        assert world.services.desk.claim(office.consoles["mia"], case) == Done()
        assert world.services.desk.ask(office.consoles["mia"], case, "Which laptop was it?") == Done()
        await ada.finds("? Support asks: Which laptop was it?", "w Answer support")
        assert ada.app.focused is ada.app.screen.query_one("#timeline")
        await ada.press("w")
        await ada.finds("Answer support", "They ask: Which laptop was it?")
        await ada.press("ctrl+s")
        await ada.finds("! Type a message.")
        await ada.type("The old one, ")
        await ada.press("escape")
        await ada.press("w")
        await ada.finds("The old one,")
        await ada.type("a ThinkPad.")
        await ada.press("ctrl+s")
        await ada.finds("Sent.", "you wrote", "The old one, a ThinkPad.", "w Write to support")
        ada.sees_not("Support asks:")


async def test_everything_that_happened_can_be_read_from_its_beginning(world, office):
    office.owner()
    case = office.open()
    for number in range(30):
        assert world.services.recovery.write(case.ticket, f"message number {number}") == Done()
    async with visiting(world) as ada:
        await comes_back(ada, world, case)
        await ada.finds("came back with the return code")
        ada.sees_not(LOST.happened)
        await ada.press("tab", "home")
        await ada.finds("you opened the case", LOST.happened, "message number 0")
        assert world.services.recovery.write(case.ticket, "late")  # the old session is over: nothing is added
        await ada.press("end")
        await ada.finds("message number 29")
        await ada.press("escape", "pageup")
        await ada.finds("message number 2")


async def test_what_is_written_into_a_case_that_ended_meanwhile_is_refused_and_kept(world, office):
    office.owner()
    case = office.open()
    async with visiting(world) as ada:
        await comes_back(ada, world, case)
        await ada.press("w")
        await ada.type("I have the laptop.")
        world.sign_in("ada", ELSEWHERE)
        await ada.press("ctrl+s")
        await ada.finds("! The case has ended. Nothing can be added to it.", "I have the laptop.")
        await ada.press("escape")
        await ada.finds(f"Case {case.reference}: stopped by the owner")


async def test_what_is_written_when_the_session_runs_out_is_there_on_coming_back(world, office):
    office.owner()
    office.owner("bob")
    case, bobs = office.open(), office.open("bob")
    async with visiting(world) as ada:
        await comes_back(ada, world, case)
        await ada.press("w")
        await ada.type("I have the laptop.")
        world.clock.advance(hours=3)
        await ada.press("ctrl+s")
        await ada.finds("What you wrote and did not send is kept here")
        await comes_back(ada, world, case)
        await ada.press("w")
        await ada.finds("Write to support", "I have the laptop.")
        await ada.press("ctrl+s")
        await ada.finds("Sent. Their answer comes here; mail to a confirmed address tells you that it did.")
        await ada.press("w")
        await ada.type("And the bill.")
        await ada.press("escape", "l")
        await ada.finds("You left your case.")
        await comes_back(ada, world, bobs, "bob")
        await ada.press("w")
        await ada.finds("Write to support")
        ada.sees_not("And the bill.")


async def test_withdrawing_is_asked_for_first(world, office):
    office.owner()
    case = office.open()
    async with visiting(world) as ada:
        await comes_back(ada, world, case)
        await ada.press("x")
        await ada.finds("Withdraw the case?", "a withdrawn one does not count against the three in 30 days")
        await ada.press("enter")
        await ada.finds("open, nothing is decided yet")
        assert office.state(case) is State.OPEN
        await ada.press("x", "y")
        await ada.finds(f"Case {case.reference}: withdrawn")
    assert office.state(case) is State.WITHDRAWN


async def test_a_decided_case_completes_under_the_claimants_eyes_and_leads_to_enable(world, office):
    office.owner()
    office.here("mia", "jon")
    case = office.mailed(office.open())
    async with visiting(world) as ada:
        await comes_back(ada, world, case)
        office.verify(case)
        await ada.finds("verified", "A second person has to approve it")
        office.approve(case)
        await ada.finds("approved", "It completes by itself on", "Decision made: approved")
        await ada.press("l")
        await ada.finds("You left your case.")
        world.clock.advance(days=2, hours=23, minutes=45)
        await comes_back(ada, world, case)
        world.clock.advance(minutes=20)
        await ada.finds("Your recovery is completed: two-factor authentication is off.", "return code at hand")
        await ada.signs_in("ada", world.people["ada"].password)
        await ada.finds("Two-factor is off: set it up again", "Have the return code of your case at hand")
        await ada.press("e")
        await prove(ada, world)
        await ada.finds("Return code of your recovery case, which is completed")
        await ada.type("0000 0000 0000")
        await ada.press("enter")
        await ada.finds("! The password or the code below it is not right.")
        await ada.paste(world.people["ada"].password)
        await ada.press("tab", "ctrl+u")
        await ada.paste(case.return_code.reveal())
        await ada.press("enter")
        await ada.finds("step 2 of 4")
        await save(ada, await to_code(ada, world))
        await ada.finds("Two-factor is on.")
    assert world.account("ada").probation is None


@pytest.mark.parametrize(
    ("how", "title", "said"),
    [
        ("reject", "rejected by support", "That is not enough."),
        ("stop", "stopped by the owner", "Somebody stopped it who signed in with the device"),
        ("freeze", "frozen, nothing is changed", "prove your SSH key here"),
        ("expire", "expired", "You can open another one: choose Recover your Account again."),
    ],
)
async def test_what_others_do_with_the_case_is_seen_where_it_is_open(world, office, how, title, said):
    office.owner()
    office.here("mia")
    case = office.open()
    stop = world.stop_code_of("ada@example.org", "asks to recover")
    if how == "expire":  # 30 days in all, however often one comes back
        for _ in range(2):
            world.clock.advance(days=13)
            office.back(case)
        world.clock.advance(days=3, hours=23, minutes=59)
    async with visiting(world) as ada:
        await comes_back(ada, world, case)
        match how:
            case "reject":
                mia = office.sit_down("mia")
                assert world.services.desk.reject(mia, case.reference, case.reference, "That is not enough.") == Done()
            case "stop":
                world.sign_in("ada", ELSEWHERE)
            case "freeze":
                world.services.stop.stop(stop, ELSEWHERE)
            case "expire":
                world.clock.advance(minutes=2)
        await ada.finds(f"Case {case.reference}: {title}", said)


async def test_coming_back_elsewhere_closes_the_case_here(world, office):
    office.owner()
    case = office.open()
    async with visiting(world) as ada:
        await comes_back(ada, world, case)
        office.back(case, origin=ELSEWHERE)
        await ada.finds("The case was opened elsewhere with its return code, so it was closed here.")


async def test_a_case_that_nobody_looks_at_closes_by_itself(world, office):
    office.owner()
    case = office.open()
    async with visiting(world) as ada:
        await comes_back(ada, world, case)
        world.clock.advance(minutes=29)
        await ada.finds("open, nothing is decided yet")
        world.clock.advance(minutes=2)
        await ada.finds("Nothing was typed for a while, so the case was closed here.")
