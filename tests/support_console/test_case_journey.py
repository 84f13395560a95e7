"""A case from the queue to its completion, by keys alone; and what stands in the way."""

from core.audit import Event
from core.cases import State
from tests.office import THERE, Office
from tests.support_console.agent import working
from tests.world import World


async def test_two_agents_recover_an_account(world: World, office: Office):
    office.owner("ada")
    opened = office.mailed(office.open("ada", THERE))
    async with working(world, "mia", size=(120, 40)) as mia:
        await mia.finds("ada", "first answer", "1 live 1 need staff")
        await mia.press("enter")
        await mia.finds(opened.reference, "→ Route mail is met: verify ownership.", "a··@example.org", "203.0.113.7")
        world.clock.advance(minutes=6)
        await mia.press("c")
        await mia.finds("The case is yours", "claimed by you, 15 min")
        await mia.press("m")
        await mia.finds("Message", "ctrl+s")
        await mia.type("We look at it today.")
        await mia.press("ctrl+s")
        await mia.finds("The message is in the case.", "mia wrote", "We look at it today.")
        await mia.press("v")
        await mia.finds("Verify ownership", "Yes, by route mail", "wait 3 d, 2 people")
        await mia.press("1")
        await mia.gives_token(world, "mia")
        await mia.finds("Ownership is verified by route mail. Another person approves it now.", "verified")
        assert office.state(opened) is State.VERIFIED
        await mia.press("a")
        await mia.finds("Approve and complete: you verified it: another person has to approve.")
        await mia.press("escape")
        await mia.finds("approval (not by you)")
    async with working(world, "jon") as jon:
        await jon.finds("approval")
        await jon.press("enter", "a")
        await jon.finds("mia verified that ada is the owner", "Case reference")
        await jon.type("LW-AAAA-AAAA")
        await jon.press("enter")
        await jon.finds("Type the reference of the case as it stands above")
        await jon.press("ctrl+u")
        await jon.type(opened.reference.lower().replace("-", " "))
        await jon.press("enter")
        await jon.finds("Approved. It completes by itself on", "approved")
        assert office.state(opened) is State.APPROVED
        office.after(days=3, minutes=1)
    assert office.state(opened) is State.COMPLETED
    assert not world.account("ada").two_factor_on
    assert {Event.CASE_CLAIMED, Event.CASE_MESSAGE, Event.CASE_VERIFIED, Event.CASE_APPROVED} <= set(
        world.events("ada")
    )
    assert world.sign_in("ada").account.probation is not None


async def test_a_case_is_rejected_with_its_reference_and_a_reason(world: World, office: Office):
    office.owner("ada")
    opened = office.open("ada")
    async with working(world, "mia") as mia:
        await mia.press("enter")
        await mia.finds("No route is met yet: ask for evidence, or reject.")
        await mia.press("v")
        await mia.finds("Verify ownership: the evidence is short: no route of the policy is met.")
        await mia.press("e")
        await mia.finds("The case waits for the owner until they answer.")
        await mia.type("Which key?")
        await mia.press("ctrl+s")
        await mia.finds("You asked; the case waits", "Which key?", "Waits for the claimant's answer.")
        await mia.press("x")
        await mia.finds("Reject", opened.reference)
        await mia.type(opened.reference)
        await mia.press("enter")
        await mia.type("No evidence came.")
        await mia.press("ctrl+s")
        await mia.finds("The case is rejected.", "rejected", "No evidence came.")
        await mia.press("m")
        await mia.finds("Message: the case has ended.")
    assert office.state(opened) is State.REJECTED


async def test_a_lead_freezes_and_an_agent_is_told_that_they_may_not(world: World, office: Office):
    office.owner("ada")
    opened = office.open("ada")
    async with working(world, "mia") as mia:
        await mia.press("enter")
        await mia.finds(opened.reference)
        await mia.press("z")
        await mia.finds("Freeze: your role may not do this")
    async with working(world, "lea") as lea:
        await lea.press("enter", "z")
        await lea.finds("Nothing moves in it any more")
        await lea.type("Two people claim it.")
        await lea.press("ctrl+s")
        await lea.finds("The case is frozen.", "Frozen by lea", "Two people claim it.")
        await lea.press("z")
        await lea.finds("Unfreeze: it needs an SSH key proved")
        await lea.press("r")
        await lea.type("jon")
        await lea.press("enter")
        await lea.finds("The case has a new agent.", "claimed by jon")
    assert office.state(opened) is State.FROZEN


async def test_contact_data_is_shown_on_purpose_and_recorded(world: World, office: Office):
    office.owner("ada")
    office.open("ada")
    async with working(world, "mia", size=(120, 40)) as mia:
        await mia.press("enter")
        await mia.finds("r·· (not verified)")
        mia.sees_not("ring the bell")
        await mia.press("u")
        await mia.finds("ada@example.org", "ring the bell at number 9", "My phone fell into the weir.")
        await mia.press("enter")
        await mia.finds("→")
    assert Event.STAFF_UNMASKED in world.events("ada")
