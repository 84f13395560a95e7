"""What is on record about an account: who searched for it, why staff did what they did, all of its history."""

from collections.abc import Iterable

import pytest

from core.accounts import Lock, Role
from core.accounts.tables import AccountRow
from core.audit import Entry, Event, told
from core.audit.reasons import GONE
from core.audit.tables import EntryRow, ReasonRow
from core.origin import LOCAL
from core.secret import Secret
from core.use_cases.account_desk import AccountCard
from core.use_cases.outcomes import Done, Invalid, NotNow, Over, Proof
from core.use_cases.stop import Stopped
from tests.office import Office
from tests.world import PASSWORD, World


@pytest.fixture
def ada(office: Office) -> Office:
    office.owner("ada")
    return office


def activity(world: World, name: str = "ada") -> list[str]:
    """What somebody reads in their own history, newest first."""
    entries = world.services.account_settings.activity(world.sign_in(name).ticket)
    assert isinstance(entries, list)
    return [told(each) for each in entries]


def test_the_owner_reads_of_a_search_that_names_the_account(ada: Office, world: World) -> None:
    trail, ticket = world.services.audit_desk, ada.hire("ira", Role.AUDITOR)
    pseudonym = f"Staff member {world.account('ira').id[:6]}"
    trail.search(ticket)
    assert not [said for said in activity(world) if "searched" in said]
    trail.search(ticket, account=world.account("ada").id)
    assert f"{pseudonym} searched the audit trail about this account" in activity(world)


def test_the_owner_reads_of_a_search_that_names_the_case(ada: Office, world: World) -> None:
    opened = ada.open()
    ticket = ada.hire("ira", Role.AUDITOR)
    case = ada.stored(opened)
    found = world.services.audit_desk.search(ticket, case=case.id)
    assert not isinstance(found, NotNow | Over)
    pseudonym = f"Staff member {world.account('ira').id[:6]}"
    assert f"{pseudonym} searched the audit trail about the recovery case" in activity(world)


def history(office: Office, name: str = "lea", account: str = "ada") -> list[Entry]:
    """What staff read of an account, newest first."""
    card = office.world.services.account_desk.card(office.sit_down(name), office.world.account(account).id, peek=True)
    assert isinstance(card, AccountCard), card
    return list(card.history)


def lock_reason(office: Office) -> str:
    """Why ada's account is locked, on its card."""
    found = office.world.services.account_desk.card(office.sit_down("lea"), office.world.account("ada").id, peek=True)
    assert isinstance(found, AccountCard), found
    return found.lock_reason


def reasons(entries: Iterable[Entry]) -> dict[Event, str]:
    return {each.event: each.reason for each in entries if each.reason}


WHY = {
    Event.ACCOUNT_LOCKED: "Her brother rang: somebody reads her mail.",
    Event.ACCOUNT_UNLOCKED: "She came to the desk with her passport.",
    Event.BACKUP_CODE_VOIDED: "It was in a photo, mail ada@home.example.",
}


@pytest.fixture
def acted(ada: Office) -> Office:
    """Staff locked ada's account, unlocked it, and made her backup code void."""
    desk, account = ada.world.services.account_desk, ada.world.account("ada").id
    ticket = ada.sit_down("lea")
    assert desk.lock(ticket, account, WHY[Event.ACCOUNT_LOCKED]) == Done()
    assert desk.unlock(ticket, account, WHY[Event.ACCOUNT_UNLOCKED]) == Done()
    assert desk.void_backup_code(ticket, account, WHY[Event.BACKUP_CODE_VOIDED]) == Done()
    return ada


def test_staff_read_why_an_account_was_locked_unlocked_and_its_code_made_void(acted: Office, world: World) -> None:
    assert reasons(history(acted)) == WHY
    found = world.services.audit_desk.search(acted.hire("ira", Role.AUDITOR), account=world.account("ada").id)
    assert isinstance(found, tuple)
    assert reasons(found) == WHY


def test_the_card_says_why_staff_locked_and_nothing_else_stored_does(ada: Office, world: World) -> None:
    desk, account, why = world.services.account_desk, world.account("ada").id, WHY[Event.ACCOUNT_LOCKED]
    ticket = ada.sit_down("lea")
    for reason in ("Odd sign-ins.", why):
        assert desk.lock(ticket, account, reason) == Done()
        assert lock_reason(ada) == reason
        assert world.account("ada").lock_reason == Lock.BY_STAFF
        if reason != why:
            assert desk.unlock(ticket, account, WHY[Event.ACCOUNT_UNLOCKED]) == Done()
    with world.services.parts.storage.unit():
        assert not [row for row in AccountRow.select().dicts() if "brother" in repr(row)]
        ReasonRow.delete().execute()
    assert lock_reason(ada) == GONE


def test_the_card_of_an_account_that_its_owner_stopped_says_so(ada: Office, world: World) -> None:
    ticket = world.sign_in("ada").ticket
    world.clock.advance(seconds=30)
    assert world.services.two_factor.disable(ticket, Proof(Secret(PASSWORD), world.token_for("ada"))) == Done()
    assert isinstance(world.services.stop.stop(world.stop_code("ada@example.org"), LOCAL), Stopped)
    assert lock_reason(ada) == "stopped by its owner"


def test_the_owner_reads_that_it_was_done_and_not_why(acted: Office, world: World) -> None:
    said = activity(world)
    assert f"Staff member {world.account('lea').id[:6]} unlocked this account" in said
    assert not any("passport" in each for each in said)
    entries = world.services.account_settings.activity(world.sign_in("ada").ticket)
    assert isinstance(entries, list)
    assert reasons(entries) == {}


def test_a_reason_is_kept_sealed_and_leaves_with_the_account_while_the_record_stays_whole(
    acted: Office, world: World
) -> None:
    audit = world.services.parts.audit
    with world.services.parts.storage.unit():
        rows = [repr(row) for table in (EntryRow, ReasonRow) for row in table.select().dicts()]
        assert not [row for row in rows if "passport" in row]
        assert "passport" not in repr(list(audit.export()))
        ReasonRow.delete().execute()
    assert reasons(history(acted)) == dict.fromkeys(WHY, GONE)
    verdict = world.services.operator.verify_audit()
    assert verdict.whole


def test_a_reason_moved_to_another_entry_cannot_be_read_there(acted: Office, world: World) -> None:
    with world.services.parts.storage.unit():
        one, other, *_ = list(ReasonRow.select())
        ReasonRow.update(text=one.text).where(ReasonRow.entry == other.entry).execute()
    assert GONE in reasons(history(acted)).values()


def test_why_the_operator_reset_two_factor_is_on_record(office: Office, world: World) -> None:
    office.here("mia")
    assert not isinstance(world.services.operator.reset_two_factor("mia", "phone stolen"), Invalid)
    assert reasons(history(office, account="mia")) == {Event.TWO_FACTOR_RESET: "phone stolen"}


def test_staff_read_the_whole_history_of_an_account_page_by_page(ada: Office, world: World) -> None:
    ada.open()
    account, parts = world.account("ada").id, world.services.parts
    with parts.storage.unit():
        for _ in range(70):
            parts.audit.record(Event.SIGN_IN_PASSWORD_WRONG, account=account, source="203.0.113.7")
    entries = history(ada, "mia")
    assert {each.event for each in entries} == {Event.SIGN_IN_PASSWORD_WRONG}
    while True:
        older = world.services.account_desk.history(ada.consoles["mia"], account, entries[-1])
        assert isinstance(older, tuple)
        if not older:
            break
        entries += older
    assert [each.event for each in reversed(entries)] == world.events("ada")
    assert Event.CASE_OPENED in {each.event for each in entries}
    ticket = ada.hire("ira", Role.AUDITOR)
    assert isinstance(world.services.account_desk.history(ticket, account, entries[0]), NotNow)
