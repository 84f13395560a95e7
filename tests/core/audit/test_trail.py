from datetime import timedelta

import pytest

from core.audit import HOST, AuditTrail, Event
from core.audit.tables import EntryRow
from tests.core.audit.conftest import ADA, BOB, MIA
from tests.soak import soak_count


def test_an_entry_reads_as_it_was_written(audit, clock):
    audit.record(Event.KEY_ADDED, account=ADA, actor=ADA, source="203.0.113.7", fingerprint="SHA256:mVx3", first=True)
    (entry,) = audit.history(ADA)
    assert entry.event is Event.KEY_ADDED
    assert (entry.account, entry.actor, entry.case, entry.source) == (ADA, ADA, None, "203.0.113.7")
    assert entry.detail == {"fingerprint": "SHA256:mVx3", "first": True}
    assert entry.at == clock()
    assert entry.genuine


def test_an_entry_is_gone_with_the_unit_of_its_fact(storage, trail, audit):
    with pytest.raises(LookupError), storage.unit():
        trail.record(Event.SIGNED_IN, account=ADA)
        raise LookupError
    assert audit.history(ADA) == []


def test_recording_outside_a_unit_is_a_loud_error(trail):
    with pytest.raises(RuntimeError, match="outside"):
        trail.record(Event.SIGNED_IN, account=ADA)


@pytest.mark.parametrize(
    "value", ["ada@example.org", "a\nb", "\x1b[2J", "Ada Lovelace’s", "x" * 101, 1.5, None, ["a"], b"secret"]
)
def test_what_is_no_small_plain_fact_never_gets_into_an_entry(audit, value):
    with pytest.raises(ValueError, match="no small plain fact"):
        audit.record(Event.CASE_MESSAGE, account=ADA, text=value)
    assert audit.history(ADA) == []


def test_history_is_newest_first_and_pages_without_a_gap_or_a_repeat(audit, clock):
    for number in range(120):
        audit.record(Event.SIGNED_IN, account=ADA, number=number)
        audit.record(Event.SIGNED_IN, account=BOB)
        if number % 7 == 0:  # several within one microsecond keep their order, too
            clock.advance(seconds=1)
    read, last = [], None
    while page := audit.history(ADA, before=last):
        assert len(page) <= 50
        read += page
        last = page[-1]
    assert [entry.detail["number"] for entry in read] == list(range(119, -1, -1))


def test_history_pages_hold_while_new_entries_come(audit):
    for number in range(10):
        audit.record(Event.SIGNED_IN, account=ADA, number=number)
    newest = audit.history(ADA, limit=5)
    audit.record(Event.SIGNED_OUT, account=ADA)
    older = audit.history(ADA, before=newest[-1], limit=5)
    assert [entry.detail["number"] for entry in newest + older] == list(range(9, -1, -1))


def test_search_finds_what_fits_everything_asked(audit, clock):
    audit.record(Event.CASE_OPENED, account=ADA, case="1" * 32)
    audit.record(Event.CASE_CLAIMED, account=ADA, actor=MIA, case="1" * 32)
    morning = clock.advance(days=1)
    audit.record(Event.CASE_CLAIMED, account=BOB, actor=MIA, case="2" * 32)
    audit.record(Event.ROLE_GIVEN, account=MIA, actor=HOST, role="agent")

    def found(**asked):
        return [(entry.event, entry.account) for entry in audit.search(**asked)]

    claimed_bob, claimed_ada = (Event.CASE_CLAIMED, BOB), (Event.CASE_CLAIMED, ADA)
    assert found(actor=MIA) == [claimed_bob, claimed_ada]
    assert found(actor=MIA, since=morning) == [claimed_bob]
    assert found(actor=MIA, since=morning + timedelta(microseconds=1)) == []
    assert found(case="1" * 32) == [claimed_ada, (Event.CASE_OPENED, ADA)]
    assert found(event=Event.CASE_CLAIMED, account=ADA) == [claimed_ada]
    assert found(actor=HOST) == [(Event.ROLE_GIVEN, MIA)]
    assert len(found()) == 4
    assert found(limit=1) == [(Event.ROLE_GIVEN, MIA)]
    assert found(account="nobody") == []


def test_an_entry_changed_in_the_database_reads_as_not_genuine(storage, audit):
    audit.record(Event.SIGNED_IN, account=ADA, source="203.0.113.7")
    (entry,) = audit.history(ADA)
    assert audit.genuine(entry)
    with storage.unit():
        EntryRow.update(source="198.51.100.1").execute()
    (changed,) = audit.history(ADA)
    assert changed.event is Event.UNREADABLE
    assert not changed.genuine
    assert not audit.genuine(entry)
    assert not audit.genuine(changed)


def test_a_decision_does_not_rest_on_entries_that_were_made_up_or_are_gone(storage, audit):
    audit.record(Event.CASE_VERIFIED, account=ADA, actor=MIA, case="1" * 32)
    audit.record(Event.CASE_APPROVED, account=ADA, actor=BOB, case="1" * 32)
    approved, verified = audit.search(case="1" * 32)
    assert audit.genuine(approved, verified)
    with storage.unit():
        EntryRow.delete().where(EntryRow.id == verified.id).execute()
    assert not audit.genuine(approved, verified)
    assert audit.genuine(approved)


def test_an_event_that_this_program_does_not_know_is_shown_as_such(storage, audit, vault):
    audit.record(Event.SIGNED_IN, account=ADA)
    with storage.unit():
        EntryRow.update(event="moon.landed").execute()
    assert [entry.event for entry in audit.history(ADA)] == [Event.UNREADABLE]


def test_two_trails_on_one_database_write_one_history(storage, vault, clock, tokens):
    first, second = AuditTrail(vault, clock, tokens), AuditTrail(vault, clock, tokens)
    for number in range(soak_count(20, 2000)):
        with storage.unit():
            (first, second)[number % 2].record(Event.SIGNED_IN, account=ADA, number=number)
    with storage.unit():
        read = [entry.detail["number"] for entry in first.history(ADA, limit=5000)]
    assert read == sorted(read, reverse=True)
