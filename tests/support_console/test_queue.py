"""The queue: filters, search, pages, and what others do in it while one looks."""

from core.audit import Event
from core.cases import Filter
from support_console.queue.listing import Listing
from tests.office import Office
from tests.support_console.agent import working
from tests.world import World


def three_cases(office: Office) -> list[str]:
    """Ada's case is the oldest, then grace's, then linus'."""
    for name in ("ada", "grace", "linus"):
        office.world.person(name, two_factor=True)
    office.world.clock.advance(days=40)
    references = []
    for name in ("ada", "grace", "linus"):
        references.append(office.open(name).reference)
        office.world.clock.advance(hours=5)
    return references


async def test_the_longest_waiting_stands_first_and_filters_and_search_narrow(world: World, office: Office):
    references = three_cases(office)
    async with working(world, "mia") as mia:
        await mia.finds("3 live 3 need staff", "oldest 15 h")
        order = [line.split()[-6] for line in mia.screen.splitlines() if "LW-" in line]
        assert [mia.screen.index(each) for each in references] == sorted(
            mia.screen.index(each) for each in references
        ), order
        await mia.press("down", "c")
        await mia.finds(f"{references[1]} is yours for 15 minutes.")
        await mia.press("2")
        await mia.finds("│ 2 mine", "grace")
        mia.sees_not("ada", "linus")
        await mia.press("3")
        await mia.finds("│ 3 unclaimed", "ada", "linus")
        mia.sees_not("grace")
        await mia.press("1", "slash")
        await mia.finds("f1 help")
        mia.sees_not("c claim", "? help")
        await mia.type("lin")
        await mia.finds("linus")
        await mia.loses("grace", "ada")
        await mia.press("enter", "enter")
        await mia.finds(references[2], "→")
        await mia.press("escape")
        await mia.finds("Recovery cases")
        await mia.press("escape")
        await mia.finds("grace", "ada")


async def test_a_new_case_appears_and_the_bar_stays_on_its_case(world: World, office: Office, quick: None):
    references = three_cases(office)
    office.world.person("alan", two_factor=True)
    async with working(world, "mia") as mia:
        await mia.finds("linus")
        await mia.press("down")
        assert references[1] in mia.line("▌ LW")
        office.open("alan")
        await mia.finds("alan", "4 live")
        assert references[1] in mia.line("▌ LW")
        world.services.desk.reject(office.sit_down("jon"), references[0], references[0], "no evidence")
        await mia.finds("3 live")
        mia.sees_not("ada")
        assert references[1] in mia.line("▌ LW")


async def test_two_agents_see_what_the_other_does(world: World, office: Office, quick: None):
    references = three_cases(office)
    async with working(world, "mia") as mia, working(world, "jon") as jon:
        await mia.press("enter")
        await mia.finds(references[0])
        await jon.press("enter")
        await jon.finds(references[0])
        await jon.press("c")
        await jon.finds("claimed by you")
        await mia.finds("jon has this case now.", "claimed by jon")
        await mia.press("m")
        await mia.finds("Message: jon has this case until")
        await jon.press("c")
        await jon.finds("The case is back in the queue.")
        await mia.finds("Nobody has this case now.")
        await mia.press("m")
        await mia.finds("The claimant reads it in the case.")
    assert [event for event in world.events("ada") if event in {Event.CASE_CLAIMED, Event.CASE_RELEASED}] == [
        Event.CASE_CLAIMED,
        Event.CASE_RELEASED,
    ]


def test_pages_are_read_anew_without_a_line_twice(world: World, office: Office):
    three_cases(office)
    desk, ticket = world.services.desk, office.sit_down("mia")
    listing = Listing()
    listing.begin(desk.queue(ticket, which=Filter.ALL, limit=2))
    assert [line.account_name for line in listing.lines] == ["ada", "grace"]
    assert not listing.complete
    listing.go_on(desk.queue(ticket, which=Filter.ALL, limit=2, after=listing.next))
    assert [line.account_name for line in listing.lines] == ["ada", "grace", "linus"]
    assert listing.complete
    world.services.desk.reject(ticket, listing.lines[0].reference, listing.lines[0].reference, "no evidence")
    for number, after in listing.pages_of(range(3)):
        listing.renew(number, desk.queue(ticket, which=Filter.ALL, limit=2, after=after))
    assert [line.account_name for line in listing.lines] == ["grace", "linus"]
    assert listing.complete


async def test_enter_opens_what_is_found_even_before_it_is_there(world: World, office: Office, quick: None):
    references = three_cases(office)
    async with working(world, "mia") as mia:
        for reference in references:
            await mia.type(f"/{reference}\r\r")  # in one write: the list is still to come
            await mia.finds(reference, "esc queue")
            await mia.press("escape")
            await mia.finds("Recovery cases")
    assert all(world.events(name).count(Event.STAFF_LOOKED) == 1 for name in ("ada", "grace", "linus"))
