"""Two consoles side by side: what one does, the other sees, and neither gets in the other's way."""

from core.cases import State
from tests.office import THERE, Office
from tests.support_console.agent import working
from tests.world import World


async def test_two_agents_on_one_case_see_each_other_and_what_each_does(world: World, office: Office, quick: None):
    office.owner("ada")
    opened = office.mailed(office.open("ada", THERE))
    async with working(world, "mia") as mia, working(world, "jon") as jon:
        await mia.press("enter")
        await mia.finds(opened.reference, "Route mail is met")
        mia.sees_not("Here too")
        await jon.press("enter")
        await jon.finds(opened.reference, "Here too mia")
        await mia.finds("jon looks at this case too.", "Here too jon")
        await mia.press("c")
        await mia.finds("claimed by you")
        await jon.finds("mia has this case now.", "claimed by mia")
        jon.sees_not("c claim")
        await jon.press("m")
        await jon.finds("Message: mia has this case until")
        await mia.press("v")
        await mia.finds("Yes, by route mail")
        await mia.press("1")
        await mia.finds("Ownership is verified")
        await jon.finds("a approve and complete")
        await jon.press("a")
        await jon.finds("Case reference")
        await mia.press("escape")
        await mia.finds("Recovery cases")
        await jon.type(opened.reference)
        await jon.press("enter")
        await jon.finds("Approved.")
        await mia.finds("the end of the wait")
        await jon.loses("Here too")
    assert office.state(opened) is State.APPROVED


async def test_of_two_who_claim_one_case_in_the_queue_one_has_it_and_the_other_is_told(
    world: World, office: Office, quick: None
):
    office.owner("ada")
    opened = office.open("ada")
    async with working(world, "mia") as mia, working(world, "jon") as jon:
        await mia.finds(opened.reference)
        await jon.finds(opened.reference)
        await mia.press("c")
        await mia.finds("is yours for 15 minutes.", "you")
        await jon.press("c")
        await jon.finds("mia has this case until")
    assert office.stored(opened).claimed_by == world.account("mia").id
