import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from core.notices import Letter, Notices, State
from core.notices.tables import NoticeRow
from core.vault import Vault
from core.vault.keys import fresh
from tests.core.notices.conftest import ADA, LETTER
from tests.racing import race
from tests.soak import soak_count
from tests.units import InUnits

TO = "ada@example.org"


@pytest.fixture
def post(notices):
    return lambda letter=LETTER, **facts: notices.post(letter, **({"to": TO, "account": ADA} | facts))


def rows(storage):
    with storage.unit():
        return list(NoticeRow.select().order_by(NoticeRow.created_at).dicts())


def test_a_notice_is_queued_with_its_fact_and_gone_with_it(storage, outbox, notices):
    with pytest.raises(LookupError), storage.unit():
        outbox.post(LETTER, to=TO, account=ADA)
        raise LookupError
    assert not notices.any_due()
    assert notices.claim_due() == []


def test_a_claimed_notice_says_what_was_posted(post, notices, clock):
    identifier = post(group="case 1")
    (outgoing,) = notices.claim_due()
    assert (outgoing.id, outgoing.kind, outgoing.account, outgoing.group) == (identifier, LETTER.kind, ADA, "case 1")
    assert (outgoing.to, outgoing.subject, outgoing.body) == (TO, LETTER.subject, LETTER.body)
    assert (outgoing.created_at, outgoing.tries) == (clock(), 1)
    assert "1234 5678" not in repr(outgoing)
    assert TO not in repr(outgoing)


def test_whoever_reads_the_database_reads_neither_letter_nor_address(post, storage):
    post()
    (row,) = rows(storage)
    for secret in (b"1234 5678", b"ada@", LETTER.subject.encode()):
        assert all(secret not in bytes(row[column]) for column in ("to", "letter"))


def test_a_letter_moved_to_another_address_does_not_open(post, notices, storage):
    post()
    post(to="mallory@example.org", account="b" * 32)
    first, second = rows(storage)
    with storage.unit():
        NoticeRow.update(to=first["to"]).where(NoticeRow.id == second["id"]).execute()
        NoticeRow.update(letter=second["letter"]).where(NoticeRow.id == first["id"]).execute()
    assert notices.claim_due(2) == []
    assert {(listed.state, listed.reason) for listed in notices.listed()} == {
        (State.FAILED, "What it says cannot be read any more.")
    }


def test_a_claimed_notice_is_nobody_else_s_for_five_minutes(post, notices, clock):
    post()
    assert len(notices.claim_due()) == 1
    assert not notices.any_due()
    assert notices.claim_due() == []
    clock.advance(seconds=299)
    assert notices.claim_due() == []
    clock.advance(seconds=1)
    assert notices.any_due()
    (again,) = notices.claim_due()
    assert again.tries == 2


def test_the_longest_due_go_first(post, notices, clock):
    later = post(due=clock() + timedelta(seconds=30))
    clock.advance(seconds=10)
    sooner = post()
    clock.advance(seconds=60)
    last = post()
    assert [outgoing.id for outgoing in notices.claim_due(2)] == [sooner, later]
    assert [outgoing.id for outgoing in notices.claim_due(2)] == [last]


def test_a_notice_for_later_waits(post, notices, clock):
    post(due=clock() + timedelta(hours=24))
    assert not notices.any_due()
    clock.advance(hours=23, minutes=59)
    assert notices.claim_due() == []
    clock.advance(minutes=1)
    assert len(notices.claim_due()) == 1


def test_a_handed_over_letter_is_wiped(post, notices, storage, clock):
    post(group="case 1")
    (outgoing,) = notices.claim_due()
    clock.advance(seconds=2)
    assert notices.handed_over(outgoing, delivers=True)
    (row,) = rows(storage)
    assert row["letter"] is None
    (standing,) = notices.standing("case 1")
    assert (standing.state, standing.at, standing.delivers) == (State.HANDED_OVER, clock(), True)
    assert not notices.handed_over(outgoing, delivers=True)
    clock.advance(days=1)
    assert notices.claim_due() == []


def test_a_hand_over_to_a_folder_is_no_delivery(post, notices):
    post(group="case 1")
    (outgoing,) = notices.claim_due()
    notices.handed_over(outgoing, delivers=False)
    assert [standing.delivers for standing in notices.standing("case 1")] == [False]


def test_a_failed_one_is_tried_again_after_a_minute_doubling_to_an_hour_for_three_days(post, notices, clock, storage):
    post()
    began = clock()
    waits = []
    while True:
        (outgoing,) = notices.claim_due()
        state = notices.failed(outgoing, "The mail server hung up.", permanent=False)
        if state is State.FAILED:
            break
        assert state is State.QUEUED
        (listed,) = notices.listed()
        assert listed.reason == "The mail server hung up."
        wait = listed.due_at - clock()
        clock.advance(seconds=wait.total_seconds() - 1)
        assert notices.claim_due() == []
        clock.advance(seconds=1)
        waits.append(wait // timedelta(minutes=1))
    assert waits[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert set(waits[8:]) == {60}
    assert timedelta(days=2, hours=23) < clock() - began <= timedelta(days=3)
    (row,) = rows(storage)
    assert row["letter"] is None


def test_a_permanent_failure_is_final_at_once_and_wipes_the_letter(post, notices, storage):
    post(group="case 1")
    (outgoing,) = notices.claim_due()
    assert notices.failed(outgoing, "550", permanent=True) is State.FAILED
    assert rows(storage)[0]["letter"] is None
    assert [standing.state for standing in notices.standing("case 1")] == [State.FAILED]
    assert notices.failed(outgoing, "550", permanent=True) is None


def test_a_letter_is_tried_once_however_late_somebody_comes_to_it(post, notices, clock):
    post()
    clock.advance(days=10)
    (outgoing,) = notices.claim_due()
    assert notices.failed(outgoing, "x", permanent=False) is State.FAILED


def test_a_letter_that_a_dead_worker_held_past_its_time_is_given_up(post, notices, clock):
    post()
    notices.claim_due()
    clock.advance(days=4)
    assert notices.claim_due() == []
    assert [listed.state for listed in notices.listed()] == [State.FAILED]


def test_a_code_that_is_over_is_not_sent(post, notices, clock):
    post(replace(LETTER, good_for=timedelta(minutes=10)), group="code")
    after = post()
    clock.advance(minutes=10)
    assert [outgoing.id for outgoing in notices.claim_due(2)] == [after]
    assert [standing.state for standing in notices.standing("code")] == [State.FAILED]


def test_a_code_is_tried_only_for_as_long_as_it_counts(post, notices, clock):
    post(replace(LETTER, good_for=timedelta(minutes=10)))
    for wait in (1, 2, 4):
        (outgoing,) = notices.claim_due()
        assert notices.failed(outgoing, "x", permanent=False) is State.QUEUED
        clock.advance(minutes=wait)
    (outgoing,) = notices.claim_due()
    assert notices.failed(outgoing, "x", permanent=False) is State.FAILED


def test_cancelling_takes_back_what_is_queued_for_a_group_and_nothing_else(post, notices, storage, clock):
    gone = post(group="later", due=clock() + timedelta(hours=24))
    post(group="now")
    assert notices.cancel("later") == 1
    assert notices.cancel("later") == 0
    clock.advance(days=2)
    assert [outgoing.group for outgoing in notices.claim_due(5)] == ["now"]
    assert [standing.state for standing in notices.standing("later")] == [State.CANCELLED]
    (row,) = [row for row in rows(storage) if row["id"] == gone]
    assert row["letter"] is None


def test_a_letter_that_went_out_while_it_was_cancelled_went_out(post, notices):
    post(group="later")
    (outgoing,) = notices.claim_due()
    notices.cancel("later")
    assert notices.failed(outgoing, "x", permanent=False) is None
    assert notices.handed_over(outgoing, delivers=True)
    assert [standing.state for standing in notices.standing("later")] == [State.HANDED_OVER]


def test_who_took_too_long_cannot_take_the_letter_from_the_hands_of_the_next(post, notices, clock):
    post()
    (slow,) = notices.claim_due()
    clock.advance(minutes=5)
    (quick,) = notices.claim_due()
    assert notices.failed(slow, "x", permanent=True) is None
    assert not notices.any_due()
    assert notices.handed_over(quick, delivers=True)


def test_who_took_too_long_and_was_done_has_handed_it_over(post, notices, clock):
    post()
    (slow,) = notices.claim_due()
    clock.advance(minutes=5)
    (quick,) = notices.claim_due()
    assert notices.handed_over(slow, delivers=True)
    assert notices.failed(quick, "x", permanent=False) is None
    assert [listed.state for listed in notices.listed()] == [State.HANDED_OVER]


def test_many_workers_at_once_never_hold_the_same_notice(storage, vault, clock, tokens, post):
    for round_ in range(soak_count(3, 200)):
        posted = {post() for _ in range(24)}
        worker = InUnits(storage, Notices(vault, clock, tokens))
        claims = race(lambda worker=worker: worker.claim_due(3), threads=16)
        held = [outgoing.id for outgoing in itertools.chain(*claims)]
        assert len(held) == len(set(held)), round_
        held += [outgoing.id for outgoing in worker.claim_due(30)]
        assert sorted(held) == sorted(posted)
        clock.advance(days=4)
        worker.claim_due(30)


def test_of_many_that_settle_one_letter_one_did(post, notices):
    post()
    (outgoing,) = notices.claim_due()
    settled = race(
        lambda: notices.handed_over(outgoing, delivers=True),
        lambda: notices.failed(outgoing, "x", permanent=True) is not None,
        threads=16,
    )
    assert settled.count(True) == 1


def test_the_operator_sees_the_newest_first_and_never_a_body(post, notices, clock):
    post()
    clock.advance(seconds=1)
    newest = post(Letter("key added", "s", "b"), to="bob@example.org")
    first, second = notices.listed()
    assert (first.id, first.kind, first.to, first.state, first.tries) == (
        newest,
        "key added",
        "bob@example.org",
        State.QUEUED,
        0,
    )
    assert second.to == TO
    assert not hasattr(first, "body")
    assert notices.listed(1) == [first]


def test_with_other_keys_the_list_still_stands(storage, clock, tokens, post):
    post()
    stranger = InUnits(storage, Notices(Vault(fresh("1" * 32, tokens), tokens), clock, tokens))
    assert [listed.to for listed in stranger.listed()] == ["unreadable"]


def test_settled_notices_are_forgotten_after_ninety_days_and_queued_ones_never(post, notices, clock):
    post()
    (outgoing,) = notices.claim_due()
    notices.handed_over(outgoing, delivers=True)
    post(due=clock() + timedelta(days=365))
    clock.advance(days=89)
    assert notices.expire() == 0
    clock.advance(days=1)
    assert notices.expire() == 1
    assert [listed.state for listed in notices.listed()] == [State.QUEUED]


@pytest.mark.parametrize("columns", [{"receipt": None}, {"settled_at": 1}, {"delivers": True}, {"group": "case 2"}])
def test_a_hand_over_changed_or_written_in_the_database_is_none(post, notices, storage, columns):
    for group in ("case 1", "case 2"):
        post(group=group)
    for outgoing in notices.claim_due(2):
        assert notices.handed_over(outgoing, delivers=False)
    assert [each.state for each in notices.standing("case 1")] == [State.HANDED_OVER]
    with storage.unit():
        NoticeRow.update(columns).where(NoticeRow.group == "case 1").execute()
    states = [each.state for group in ("case 1", "case 2") for each in notices.standing(group)]
    assert sorted(states) == [State.FAILED, State.HANDED_OVER]
