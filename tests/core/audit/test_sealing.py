import threading
from dataclasses import replace

import pytest

from core.audit import AuditTrail, Event
from core.audit.tables import EntryRow, SealRow
from core.storage import Storage
from core.vault import Vault
from core.vault import keys as key_file
from core.vault.keys import Keys, fresh
from tests.core.audit.conftest import ADA
from tests.postgres import fresh_database
from tests.racing import race
from tests.soak import soak_count
from tests.units import InUnits


def test_a_fresh_trail_is_whole_and_has_nothing_to_seal(audit):
    assert not audit.unsealed()
    assert audit.seal() == 0
    assert audit.head() is None
    verdict = audit.verify()
    assert verdict.whole
    assert verdict.sentence == "The audit trail is whole: 0 entries, 0 seals."


def test_what_is_sealed_is_chained_counted_and_signed(sealed_trail, clock):
    first, *_, last = sealed_trail.heads()
    assert (first.number, first.count, first.total) == (1, 8, 8)
    assert (last.number, last.count, last.total) == (5, 8, 40)
    assert sealed_trail.head() == last
    for before, after in zip(sealed_trail.heads(), sealed_trail.heads(after=1), strict=False):
        assert after.previous == before.hash
    verdict = sealed_trail.verify()
    assert verdict.whole
    assert verdict.sentence == "The audit trail is whole: 43 entries, 5 seals, 3 not sealed yet."


def test_sealing_goes_on_where_it_stopped(audit):
    audit.record(Event.SIGNED_IN, account=ADA)
    assert audit.unsealed()
    assert audit.seal() == 1
    assert not audit.unsealed()
    assert audit.seal() == 0
    audit.record(Event.SIGNED_OUT, account=ADA)
    assert audit.seal() == 1
    assert [seal.number for seal in audit.heads()] == [1, 2]


def test_a_backlog_is_sealed_a_thousand_at_a_time(storage, trail, audit):
    with storage.unit():
        for _ in range(2100):
            trail.record(Event.SIGNED_IN, account=ADA)
    assert [audit.seal() for _ in range(4)] == [1000, 1000, 100, 0]
    assert audit.verify().whole


def test_a_rolled_back_entry_leaves_a_gap_that_means_nothing(storage, trail, audit):
    audit.record(Event.SIGNED_IN, account=ADA)
    with pytest.raises(LookupError), storage.unit():
        trail.record(Event.SIGNED_OUT, account=ADA)
        raise LookupError
    audit.record(Event.SIGNED_OUT, account=ADA)
    assert audit.seal() == 2
    assert audit.verify().whole


def test_an_entry_whose_unit_ends_after_later_ones_were_sealed_is_sealed_next(vault, clock, tokens):
    """Only PostgreSQL lets two units write at once, so that the one with the lower id can end last."""
    with fresh_database(migrated=True) as url:
        storage = Storage(url)
        trail = AuditTrail(vault, clock, tokens)
        audit = InUnits(storage, trail)
        recorded, go_on = threading.Event(), threading.Event()

        def slowly():
            with storage.unit():
                trail.record(Event.SIGNED_IN, account=ADA, late=True)
                recorded.set()
                assert go_on.wait(30)

        slow = threading.Thread(target=slowly)
        slow.start()
        assert recorded.wait(30)
        audit.record(Event.SIGNED_IN, account=ADA, late=False)
        assert audit.seal() == 1
        assert audit.verify().whole
        go_on.set()
        slow.join(30)
        assert audit.unsealed()
        assert audit.seal() == 1
        verdict = audit.verify(audit.heads())
        assert (verdict.whole, verdict.entries, verdict.seals) == (True, 2, 2)
        assert [entry.detail["late"] for entry in audit.history(ADA)] == [False, True]
        storage.close()


def test_threads_append_while_others_seal_and_verify_and_nothing_is_lost(storage, vault, clock, tokens):
    trail = AuditTrail(vault, clock, tokens)
    audit = InUnits(storage, trail)
    each, writers = soak_count(12, 400), 5
    done = threading.Event()
    left = [writers]
    lock = threading.Lock()

    def append():
        for number in range(each):
            with storage.unit():
                trail.record(Event.SIGNED_IN, account=ADA, number=number)
                trail.record(Event.SIGNED_OUT, account=ADA, number=number)
        with lock:
            left[0] -= 1
            if not left[0]:
                done.set()
        return 0

    def seal():
        sealed = 0
        while not done.wait(0.002):
            sealed += audit.seal()
        return sealed

    def verify():
        while not done.wait(0.01):
            verdict = audit.verify()
            assert verdict.whole, verdict.problems
        return 0

    sealed = sum(race(*[append] * writers, seal, seal, verify, threads=writers + 3))
    sealed += audit.seal()
    assert sealed == writers * each * 2
    verdict = audit.verify(audit.heads())
    assert (verdict.whole, verdict.entries, verdict.unsealed) == (True, sealed, 0)
    assert audit.head().total == sealed
    with storage.unit():
        assert EntryRow.select().where(EntryRow.seal.is_null()).count() == 0


def test_of_many_that_seal_at_once_one_does_the_work(storage, audit):
    for _ in range(5):
        audit.record(Event.SIGNED_IN, account=ADA)
    assert sorted(race(audit.seal, threads=8)) == [0] * 7 + [5]
    with storage.unit():
        assert SealRow.select().count() == 1
    assert audit.verify().whole


def test_a_verification_in_steps_gives_others_the_database_between_them(storage, trail, audit, clock):
    for _ in range(25):
        audit.record(Event.SIGNED_IN, account=ADA)
        audit.seal()
    verification = trail.verification()
    steps, more = 0, True
    while more:
        with storage.unit():
            more = verification.step()
        audit.record(Event.SIGNED_OUT, account=ADA)
        audit.seal()
        steps += 1
        assert steps < 200 or not more
        if steps > 50:
            break
    assert verification.verdict.whole, verification.verdict.problems
    assert verification.verdict.entries >= 25


def test_seals_live_through_a_change_of_keys(home, storage, vault, clock, tokens):
    before = InUnits(storage, AuditTrail(vault, clock, tokens))
    before.record(Event.SIGNED_IN, account=ADA)
    before.seal()
    old = key_file.read(home, vault.installation)
    new = fresh(vault.installation, tokens)
    both = Keys(vault.installation, (*new.sealing, *old.sealing), (*new.mac, *old.mac))
    after = InUnits(storage, AuditTrail(Vault(both, tokens), clock, tokens))
    after.record(Event.SIGNED_OUT, account=ADA)
    after.seal()
    assert after.verify(after.heads()).whole
    first, second = after.heads()
    assert first.signature[:4] == old.mac[0].id
    assert second.signature[:4] == new.mac[0].id
    assert before.verify().problems  # who has only the old keys cannot know the new seal


def test_another_installation_s_seals_are_not_ours(sealed_trail, vault, clock, tokens):
    stranger = AuditTrail(Vault(fresh("1" * 32, tokens), tokens), clock, tokens)
    (ours,) = sealed_trail.heads(limit=1)
    forged = replace(ours, signature=stranger._signer.sign(ours))
    assert sealed_trail.verify([forged]).problems == ("A head that was kept, of seal 1, was changed.",)
