"""The desk: the queue in its order, leases, writing, deciding, and the limits of whoever decides."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from core.accounts import Role
from core.audit import Event
from core.cases import Filter, Kind, Need, Place, State
from core.origin import LOCAL
from core.secret import Secret
from core.use_cases.desk_decisions import Verified
from core.use_cases.desk_view import Contact, Overview, QueuePage, StaffCase, masked
from core.use_cases.outcomes import Done, Invalid, NotNow, Over
from core.use_cases.recovery_doors import CaseOpened
from tests.office import LOST, THERE, Office
from tests.world import World

Crowd = tuple[str, ...]


@pytest.fixture
def ada(office: Office) -> Office:
    office.owner("ada")
    return office


def page(office: Office, name: str = "mia", **how: object) -> QueuePage:
    found = office.world.services.desk.queue(office.sit_down(name), **how)  # type: ignore[arg-type]
    assert isinstance(found, QueuePage), found
    return found


def names(found: QueuePage) -> list[str]:
    return [line.account_name for line in found.lines]


def several(office: Office, *owners: str) -> dict[str, CaseOpened]:
    """A case of each owner, one minute apart."""
    opened = {}
    for name in owners:
        opened[name] = office.open(name)
        office.world.clock.advance(minutes=1)
    return opened


def test_the_queue_begins_with_whoever_waits_longest_for_staff(crowd: Crowd, office: Office, world: World) -> None:
    opened = several(office, "ada", "bob", "cyd", "dan")
    assert names(page(office)) == ["ada", "bob", "cyd", "dan"]
    desk = world.services.desk
    assert desk.ask(office.sit_down("mia"), opened["ada"].reference, "Which laptop?") == Done()
    assert names(page(office)) == ["bob", "cyd", "dan", "ada"]
    assert [line.need for line in page(office).lines] == [Need.FIRST_ANSWER] * 3 + [Need.OWNER]
    office.back(opened["ada"], "ada")
    world.services.recovery.write(office.back(opened["ada"], "ada").ticket, "The old one.")
    assert names(page(office)) == ["bob", "cyd", "dan", "ada"]
    assert page(office).lines[-1].need is Need.REPLY
    found = page(office)
    assert (found.live, found.need_staff) == (4, 4)
    assert found.oldest is not None
    assert found.oldest > timedelta(minutes=4)


def test_pages_follow_each_other_without_gap_or_repetition(crowd: Crowd, office: Office) -> None:
    several(office, *crowd[:7])
    seen: list[str] = []
    after = None
    for _ in range(10):
        found = page(office, limit=3, after=after)
        seen += names(found)
        after = found.next
        if after is None:
            break
    assert seen == list(crowd[:7])


def test_filters_and_search(crowd: Crowd, office: Office, world: World) -> None:
    opened = several(office, "ada", "adam", "bob")
    desk = world.services.desk
    assert desk.claim(office.sit_down("mia"), opened["bob"].reference) == Done()
    assert names(page(office, which=Filter.MINE)) == ["bob"]
    assert names(page(office, which=Filter.UNCLAIMED)) == ["ada", "adam"]
    assert desk.freeze(office.sit_down("lea"), opened["ada"].reference, "Odd.") == Done()
    assert names(page(office, which=Filter.FROZEN)) == ["ada"]
    assert desk.ask(office.sit_down("jon"), opened["adam"].reference, "Who?") == Done()
    assert names(page(office, which=Filter.WAITING)) == ["adam"]
    assert sorted(names(page(office, search="ada"))) == ["ada", "adam"]
    assert names(page(office, search=opened["bob"].reference.lower())) == ["bob"]
    assert names(page(office, search=opened["bob"].reference[:6])) == ["bob"]
    assert names(page(office, search="nobody%")) == []
    assert page(office, which=Filter.ENDED).lines == ()
    world.services.recovery.withdraw(office.back(opened["bob"], "bob").ticket)
    assert names(page(office, which=Filter.ENDED)) == ["bob"]
    assert "bob" not in names(page(office))


@pytest.mark.parametrize(
    ("which", "search"), [(Filter.ALL, "o"), (Filter.ALL, "LW-"), (Filter.WAITING, ""), (Filter.ENDED, "")]
)
def test_every_list_goes_on_where_its_page_ended(
    crowd: Crowd, office: Office, world: World, which: Filter, search: str
) -> None:
    opened = several(office, *crowd[-5:])
    desk = world.services.desk
    for case in opened.values():
        if which is Filter.WAITING:
            assert desk.ask(office.sit_down("mia"), case.reference, "Who?") == Done()
        if which is Filter.ENDED:
            assert desk.reject(office.sit_down("mia"), case.reference, case.reference, "No.") == Done()
    seen: list[str] = []
    after: Place | None = None
    while True:
        found = page(office, which=which, search=search, limit=2, after=after)
        seen += names(found)
        after = found.next
        if after is None:
            break
    together = names(page(office, which=which, search=search))
    assert seen == together
    assert sorted(seen) == sorted(opened)


def test_a_lease_keeps_two_agents_apart_and_frees_itself(ada: Office, world: World) -> None:
    desk, opened = world.services.desk, ada.open()
    mia, jon = ada.sit_down("mia"), ada.sit_down("jon")
    assert desk.claim(mia, opened.reference) == Done()
    for refused in (
        desk.claim(jon, opened.reference),
        desk.message(jon, opened.reference, "Hello."),
        desk.release(jon, opened.reference),
    ):
        assert isinstance(refused, NotNow)
    world.clock.advance(minutes=10)
    assert ada.seen(opened, "mia").mine  # looking at it lets the lease go on
    assert not ada.seen(opened, "jon").mine
    world.clock.advance(minutes=14)
    assert isinstance(desk.claim(jon, opened.reference), NotNow)
    world.clock.advance(minutes=1)
    jon = ada.sit_down("jon")
    assert desk.claim(jon, opened.reference) == Done()
    ada.sit_down("mia")
    assert not ada.seen(opened, "mia").mine
    assert desk.release(ada.sit_down("jon"), opened.reference) == Done()
    assert ada.stored(opened).holder(world.clock()) is None


def test_looking_at_ones_own_case_keeps_it(ada: Office, world: World) -> None:
    desk, opened, mia = world.services.desk, ada.open(), ada.sit_down("mia")
    desk.claim(mia, opened.reference)
    for _ in range(4):
        world.clock.advance(minutes=10)
        seen = desk.case(mia, opened.reference)
        assert not isinstance(seen, NotNow | Over)
        assert seen.mine
    looks = [event for event in world.events("ada") if event is Event.STAFF_LOOKED]
    assert len(looks) == 1


def test_two_who_look_at_one_case_see_each_other_until_one_goes(ada: Office, world: World) -> None:
    desk, opened = world.services.desk, ada.open()
    mia, jon = ada.sit_down("mia"), ada.sit_down("jon")

    def watchers(ticket: Secret) -> tuple[str, ...]:
        seen = desk.case(ticket, opened.reference, peek=True)
        assert isinstance(seen, StaffCase)
        return seen.watchers

    assert watchers(mia) == ()
    assert watchers(jon) == ("mia",)
    assert watchers(mia) == ("jon",)
    desk.leave(jon, opened.reference)
    assert watchers(mia) == ()
    assert watchers(jon) == ("mia",)
    world.clock.advance(seconds=20)
    assert watchers(mia) == ("jon",)
    world.clock.advance(seconds=20)
    assert watchers(mia) == (), "whoever hung up is not seen for long"
    world.clock.advance(seconds=40)
    with world.services.parts.storage.unit():
        assert world.services.parts.watchers.expire() == 1
    desk.leave(ada.consoles["mia"], "LW-0000-0000")


def test_a_lead_gives_a_case_to_somebody_else(ada: Office, world: World) -> None:
    ada.here("jon")
    desk, opened = world.services.desk, ada.open()
    desk.claim(ada.sit_down("mia"), opened.reference)
    lea = ada.sit_down("lea")
    assert isinstance(desk.reassign(lea, opened.reference, "ada"), Invalid)
    assert isinstance(desk.reassign(lea, opened.reference, "nobody"), Invalid)
    assert desk.reassign(lea, opened.reference, "Jon ") == Done()
    assert ada.stored(opened).claimed_by == world.account("jon").id
    assert isinstance(desk.message(ada.sit_down("mia"), opened.reference, "Hello."), NotNow)
    assert "to jon" in ada.seen(opened).timeline[-1].words


def test_unmasking_shows_what_people_wrote_and_is_recorded_for_the_owner(ada: Office, world: World) -> None:
    opened = ada.open()
    ada.sit_down("mia")
    seen = ada.seen(opened)
    assert seen.contact == "r··"
    assert seen.address == "a··@example.org"
    contact = world.services.desk.unmask(ada.consoles["mia"], opened.reference)
    assert isinstance(contact, Contact)
    assert contact.contact == "ring the bell at number 9"
    assert contact.address == "ada@example.org"
    assert Event.STAFF_UNMASKED in world.events("ada")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("ada@home.example", "a··@home.example"),
        ("mail ada@home.example or ring 0170 555 1234", "m··"),
        ("ring 0170 555 1234@home", "r··"),
        ("Ada <ada@home.example>", "A··"),
        ("@0170 555 1234", "@··"),
        ("", ""),
    ],
)
def test_what_is_masked_keeps_a_domain_only_when_it_is_one_address(text: str, seen: str) -> None:
    assert masked(text) == seen


def test_verify_is_refused_while_evidence_is_short_and_fixes_the_quickest_route(office: Office, world: World) -> None:
    from tests.office import WITH_KEY

    office.with_key("ada")
    desk, opened = world.services.desk, office.open("ada", WITH_KEY)
    refused = desk.verify(office.sit_down("mia"), opened.reference)
    assert isinstance(refused, NotNow)
    assert "short" in refused.sentence
    office.proved(office.mailed(opened))
    assert isinstance(desk.verify(office.sit_down("mia"), opened.reference, Kind.PERSON), NotNow)
    verified = desk.verify(office.sit_down("mia"), opened.reference)
    assert isinstance(verified, Verified)
    assert verified.kind is Kind.KEY
    assert verified.over_at == opened.view.opened_at + timedelta(hours=24)
    assert isinstance(desk.verify(office.sit_down("mia"), opened.reference), NotNow)


def test_what_cannot_be_undone_asks_for_the_reference(ada: Office, world: World) -> None:
    desk, opened = world.services.desk, ada.mailed(ada.open())
    ada.verify(opened)
    jon = ada.sit_down("jon")
    for typed in ("", "yes", "LW-0000-0000"):
        for answer in (
            desk.approve(jon, opened.reference, typed),
            desk.reject(jon, opened.reference, typed, "No."),
        ):
            assert isinstance(answer, Invalid)
            assert answer.field == "reference"
    assert not isinstance(desk.approve(jon, opened.reference, opened.reference.lower()), Invalid | NotNow)


def test_an_agent_decides_three_times_an_hour_and_ten_a_day(crowd: Crowd, office: Office, world: World) -> None:
    cases = [office.mailed(office.open(name), name) for name in ("ada", *crowd)]
    desk, done = world.services.desk, 0
    for opened in cases:
        answer = desk.verify(office.sit_down("mia"), opened.reference)
        if isinstance(answer, NotNow):
            if "hour" not in answer.sentence:
                assert "day" in answer.sentence
                break
            world.clock.advance(hours=1)
            answer = desk.verify(office.sit_down("mia"), opened.reference)
            if isinstance(answer, NotNow):
                break
        assert isinstance(answer, Verified)
        done += 1
    assert done == 10
    assert isinstance(desk.verify(office.sit_down("jon"), cases[11].reference), Verified)


def test_a_rejection_tells_claimant_and_owner_why(ada: Office, world: World) -> None:
    desk, opened = world.services.desk, ada.open()
    assert isinstance(desk.reject(ada.sit_down("mia"), opened.reference, opened.reference, " "), Invalid)
    reason = "The key that you offered is not yours."
    assert desk.reject(ada.sit_down("mia"), opened.reference, opened.reference, reason) == Done()
    assert reason in " ".join(world.letter("ada@example.org").split())
    back = ada.back(opened)
    assert back.view.timeline[-2].text == reason
    assert back.view.timeline[-2].who == "support"
    assert world.account("ada").contested_until is None


def test_a_rejected_frozen_case_leaves_the_account_contested(ada: Office, world: World) -> None:
    desk, opened = world.services.desk, ada.open()
    world.services.stop.stop(world.stop_code("ada@example.org"), LOCAL)
    assert desk.reject(ada.sit_down("lea"), opened.reference, opened.reference, "Stopped by the owner.") == Done()
    assert world.account("ada").contested_until is not None


def test_a_contested_case_takes_a_lead(office: Office, world: World) -> None:
    from tests.office import WITH_KEY

    office.with_key("ada")
    office.open("ada", THERE)
    world.services.recovery.not_me(office.door("ada"), LOCAL)
    opened = office.proved(office.open("ada", WITH_KEY))
    office.verify(opened)
    refused = world.services.desk.approve(office.sit_down("jon"), opened.reference, opened.reference)
    assert isinstance(refused, NotNow)
    assert "contested" in refused.sentence
    office.approve(opened, "lea")
    office.after(hours=25)
    assert office.state(opened) is State.COMPLETED


def test_leads_are_told_once_of_each_target_that_is_missed(ada: Office, world: World) -> None:
    ada.here("lea")
    opened = ada.open()

    def told() -> list[str]:
        return [
            str(mail["Subject"])
            for mail in world.mail()
            if mail["To"] == "lea@example.org" and "late" in str(mail["Subject"])
        ]

    ada.after(hours=23)
    assert told() == []
    ada.after(hours=1, minutes=1)
    ada.after(hours=1)
    assert len(told()) == 1
    assert page(ada).lines[0].late
    assert world.services.desk.message(ada.sit_down("mia"), opened.reference, "We look at it.") == Done()
    assert not page(ada).lines[0].late
    ada.after(days=4)
    ada.after(hours=1)
    assert len(told()) == 2
    assert "the decision" in told()[-1]


@pytest.mark.parametrize("how", ["right taken", "frozen"])
def test_leads_are_told_of_a_late_decision_also_when_an_approval_is_undone(ada: Office, world: World, how: str) -> None:
    opened = ada.decided()
    if how == "frozen":
        world.services.stop.stop(world.stop_code("ada@example.org"), LOCAL)
    else:
        world.services.operator.take_role("mia", Role.AGENT)
        ada.after(hours=73)
    assert ada.state(opened) is (State.FROZEN if how == "frozen" else State.OPEN)
    assert Event.CASE_LATE not in world.events("ada")
    ada.after(days=5)
    ada.after(hours=1)
    assert world.events("ada").count(Event.CASE_LATE) == 1


def test_an_approval_in_time_tells_nobody_of_a_late_decision(ada: Office, world: World, decided: CaseOpened) -> None:
    ada.after(days=6)
    assert ada.state(decided) is State.COMPLETED
    assert Event.CASE_LATE not in world.events("ada")


def test_a_claimant_who_writes_again_keeps_the_place_in_the_queue(office: Office, world: World) -> None:
    world.person("bea", two_factor=True)
    desk, first = world.services.desk, office.open("ada")
    world.clock.advance(hours=1)
    second = office.open("bea")
    for opened in (first, second):
        assert desk.message(office.sit_down("mia"), opened.reference, "We look at it.") == Done()
    world.clock.advance(hours=1)
    assert world.services.recovery.write(office.back(first).ticket, "Here I am.") == Done()
    assert [line.reference for line in page(office).lines] == [first.reference, second.reference]
    assert desk.ask(office.sit_down("mia"), first.reference, "Since when?") == Done()
    assert [line.reference for line in page(office).lines] == [second.reference, first.reference]
    world.clock.advance(hours=1)
    assert world.services.recovery.write(office.back(first).ticket, "Since May.") == Done()
    assert [line.reference for line in page(office).lines] == [second.reference, first.reference]


def test_an_answer_in_time_tells_nobody(ada: Office, world: World) -> None:
    opened = ada.open()
    world.services.desk.message(ada.sit_down("mia"), opened.reference, "We look at it.")
    ada.after(days=2)
    assert Event.CASE_LATE not in world.events("ada")


def test_the_overview_counts(ada: Office, world: World) -> None:
    opened = ada.open()
    ticket = ada.sit_down("lea")
    overview = world.services.desk.overview(ticket)
    assert isinstance(overview, Overview)
    assert dict(overview.by_need)[Need.FIRST_ANSWER] == 1
    assert dict(overview.by_age) == {"under 1 day": 1, "1 to 5 days": 0, "over 5 days": 0}
    assert overview.median_decision is None
    world.clock.advance(hours=3)
    world.services.desk.reject(ada.sit_down("mia"), opened.reference, opened.reference, "No.")
    overview = world.services.desk.overview(ada.sit_down("lea"))
    assert isinstance(overview, Overview)
    assert dict(overview.outcomes_by_week[-1][1])[State.REJECTED] == 1
    assert dict(overview.decisions) == {"under 1 day": 1, "1 to 3 days": 0, "3 to 5 days": 0, "over 5 days": 0}
    assert overview.median_decision is not None
    assert overview.median_decision >= timedelta(hours=3)


def test_an_export_holds_what_the_case_shows_and_neither_contact_data_nor_statement(
    ada: Office, world: World, decided: CaseOpened
) -> None:
    from core.accounts import Role

    exported = world.services.desk.export(ada.hire("ira", Role.AUDITOR), decided.reference)
    assert isinstance(exported, str)
    told = json.loads(exported)
    assert told["reference"] == decided.reference
    assert [each["event"] for each in told["audit"]][:2] == ["case.opened", "case.evidence"]
    assert [each["kind"] for each in told["evidence"]] == ["mail"]
    assert told["timeline"][0]["text"] == LOST.happened
    assert LOST.contact not in exported
    assert LOST.statement not in exported
    assert "ada@example.org" not in exported


def test_replies_come_from_the_settings(home: Path, database_url: str) -> None:
    world = World(home, database=database_url, replies={"greeting": "Hello,\nwe look at it today."})
    assert [(each.name, each.text) for each in world.services.desk.templates()] == [
        ("greeting", "Hello,\nwe look at it today.")
    ]
    world.close()


@pytest.mark.parametrize("text", ["", " ", "x" * 2001, "\x1b[31mred", "a\u202eb", "\n" * 60 + "x"])
def test_what_staff_write_goes_through_the_same_door(ada: Office, world: World, text: str) -> None:
    desk, opened, mia = world.services.desk, ada.open(), ada.sit_down("mia")
    answers = [desk.message(mia, opened.reference, text), desk.ask(mia, opened.reference, text)]
    if text.strip() == "x":
        assert answers == [Done(), Done()]
    else:
        assert all(isinstance(answer, Invalid) for answer in answers)


@pytest.mark.parametrize("reference", ["", "LW-", "nonsense", "LW-0000-0000", "\x1b[2J", "x" * 5000])
def test_a_case_that_is_not_there_is_said(ada: Office, world: World, reference: str) -> None:
    desk, mia = world.services.desk, ada.sit_down("mia")
    for answer in (desk.case(mia, reference), desk.claim(mia, reference), desk.verify(mia, reference)):
        assert isinstance(answer, NotNow)
