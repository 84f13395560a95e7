"""The wizard's work in progress: nothing counts before the last step, and the last step counts once."""

import dataclasses
from datetime import timedelta

import pytest

from core.secret import Secret
from core.two_factor import Accepted, Finished, NoDevice, NoEnrolment, NoMatch, Off, TwoFactor, Used
from core.two_factor.tables import EnrolmentRow
from tests import rfc6238

HALF_AN_HOUR = timedelta(minutes=30)


def test_an_enrolment_brings_a_new_secret_of_160_bits(ada, clock):
    first, second = ada.begin(), ada.begin()
    assert len(rfc6238.secret_of(first.secret.reveal())) == 20
    assert first.secret != second.secret
    assert clock() + HALF_AN_HOUR == first.expires_at
    assert (first.verified, first.replaces, first.asks_group, first.group_typed) == (False, False, None, False)


def test_an_enrolment_does_not_print_its_secret(ada):
    enrolment = ada.begin()
    assert ada.key not in repr(enrolment)


def test_it_is_read_back_as_it_stands_after_each_step(ada):
    enrolment = ada.begin()
    assert enrolment == ada.current(enrolment)
    ada.verify(enrolment)
    ada.put_code(enrolment, asks=2)
    ada.type_group(enrolment)
    expected = dataclasses.replace(enrolment, verified=True, asks_group=2, group_typed=True)
    assert expected == ada.current(enrolment)


def test_nothing_is_on_before_continue(ada):
    steps = (
        lambda _: None,
        ada.verify,
        ada.put_code,
        ada.type_group,
    )
    enrolment = ada.begin()
    for step in steps:
        step(enrolment)
        assert ada.device() is None
        assert NoDevice() == ada.check()
    assert Finished(b"sealed hash", device=True) == ada.finish(enrolment)
    assert ada.device().id == enrolment.id


def test_a_device_counts_since_continue_not_since_the_enrolment_began(ada, clock):
    enrolment = ada.begin()
    clock.advance(minutes=5)
    ada.verify(enrolment)
    ada.put_code(enrolment)
    ada.type_group(enrolment)
    ada.finish(enrolment)
    assert clock() == ada.device().since


@pytest.mark.parametrize("missing", ["token", "code", "group"])
def test_no_step_can_be_left_out(ada, missing):
    enrolment = ada.begin()
    if missing != "token":
        ada.verify(enrolment)
    if missing != "code":
        assert ada.put_code(enrolment) is (missing != "token")
    if missing != "group":
        assert ada.type_group(enrolment) is (missing == "")
    assert ada.finish(enrolment) is None
    assert ada.device() is None


def test_continue_works_once(ada):
    enrolment = ada.until_continue()
    assert ada.finish(enrolment) is not None
    assert ada.finish(enrolment) is None
    assert ada.current(enrolment) is None


@pytest.mark.parametrize("other", ["id", "account", "session"])
def test_an_enrolment_belongs_to_one_account_and_one_session(ada, other):
    enrolment = ada.until_continue()
    stranger = dataclasses.replace(enrolment, **{other: "f" * 32})
    assert ada.current(stranger) is None
    assert NoEnrolment() == ada.verify(stranger, ada.token(1))
    assert not ada.put_code(stranger)
    assert not ada.type_group(stranger)
    assert ada.finish(stranger) is None
    assert ada.current(enrolment) is not None


def test_a_second_enrolment_discards_the_first(ada):
    first = ada.until_continue()
    first_key = ada.key
    second = ada.begin()
    assert ada.current(first) is None
    assert NoEnrolment() == ada.verify(first, ada.token(1, first_key))
    assert not ada.put_code(first)
    assert ada.finish(first) is None
    assert NoMatch() == ada.verify(second, ada.token(1, first_key))
    assert not ada.current(second).verified


def test_a_second_enrolment_elsewhere_discards_the_first_too(ada, storage, two_factor):
    first = ada.until_continue()
    with storage.unit():
        two_factor.begin(ada.account, "e" * 32)
    assert ada.finish(first) is None


def test_two_accounts_enrol_side_by_side(ada, bob):
    hers, his = ada.until_continue(), bob.until_continue()
    assert ada.finish(hers) is not None
    assert bob.finish(his) is not None
    assert ada.device().id != bob.device().id


def test_discarding_leaves_the_account_as_it_was(ada, storage, two_factor):
    enrolment = ada.until_continue()
    with storage.unit():
        assert two_factor.discard(ada.account)
        assert not two_factor.discard(ada.account)
    assert ada.finish(enrolment) is None
    assert ada.device() is None


def test_an_enrolment_lives_thirty_minutes(ada, clock):
    enrolment = ada.until_continue()
    clock.advance(minutes=30, seconds=-1)
    assert ada.current(enrolment) is not None
    clock.advance(seconds=1)
    assert ada.current(enrolment) is None
    assert NoEnrolment() == ada.verify(enrolment)
    assert not ada.put_code(enrolment)
    assert not ada.type_group(enrolment)
    assert ada.finish(enrolment) is None


def test_what_expired_is_erased(ada, bob, clock, storage, two_factor):
    ada.begin()
    clock.advance(minutes=20)
    hers = bob.begin()
    clock.advance(minutes=10)
    with storage.unit():
        assert two_factor.expire() == 1
        assert EnrolmentRow.select().count() == 1
    assert bob.current(hers) is not None


def test_the_initial_token_cannot_be_replayed_at_sign_in(ada, clock):
    enrolment = ada.begin()
    token = ada.token()
    assert isinstance(ada.verify(enrolment, token), Accepted)
    ada.put_code(enrolment)
    ada.type_group(enrolment)
    ada.finish(enrolment)
    assert isinstance(ada.check(token), Used)
    clock.advance(seconds=30)
    assert isinstance(ada.check(token), Used)
    assert isinstance(ada.check(), Accepted)


def test_an_initial_token_ahead_of_the_clock_is_closed_too(ada, clock):
    enrolment = ada.begin()
    ada.verify(enrolment, ada.token(1))
    ada.put_code(enrolment)
    ada.type_group(enrolment)
    ada.finish(enrolment)
    assert isinstance(ada.check(ada.token(1)), Used)
    assert isinstance(ada.check(ada.token(0)), Used)
    clock.advance(seconds=30)
    assert isinstance(ada.check(ada.token(0)), Used)
    assert isinstance(ada.check(ada.token(1)), Accepted)


def test_verifying_twice_needs_two_tokens(ada, clock):
    enrolment = ada.begin()
    assert isinstance(ada.verify(enrolment), Accepted)
    assert isinstance(ada.verify(enrolment), Used)
    assert ada.current(enrolment).verified
    clock.advance(seconds=30)
    assert isinstance(ada.verify(enrolment), Accepted)


@pytest.mark.parametrize("typed", ["", "abc", "00000", "0000000", "２８７０８２", "\ud800", "\x00" * 6])
def test_what_is_no_token_verifies_nothing(ada, typed):
    enrolment = ada.begin()
    with ada.storage.unit():
        assert NoMatch() == ada.two_factor.verify(enrolment, typed)
    assert not ada.current(enrolment).verified


def test_a_clock_that_is_off_is_told_after_two_tokens(ada, clock):
    enrolment = ada.begin()
    assert Off(5, twice=False) == ada.verify(enrolment, ada.token(5))
    clock.advance(seconds=30)
    assert Off(5, twice=True) == ada.verify(enrolment, ada.token(5))
    assert not ada.current(enrolment).verified
    assert isinstance(ada.verify(enrolment), Accepted)


@pytest.mark.parametrize("typed", ["7K3M9", "BCDEG", "", "BCDEFGHJ1V"])
def test_another_group_does_not_do(ada, typed):
    enrolment = ada.begin()
    ada.verify(enrolment)
    ada.put_code(enrolment, asks=2)
    assert not ada.type_group(enrolment, typed)
    assert ada.finish(enrolment) is None
    assert ada.type_group(enrolment, "BCDEF")


def test_a_new_code_asks_for_its_group_anew(ada):
    enrolment = ada.until_continue()
    ada.put_code(enrolment, asks=0, sealed_hash=b"another")
    assert (ada.current(enrolment).asks_group, ada.current(enrolment).group_typed) == (0, False)
    assert ada.finish(enrolment) is None
    assert not ada.type_group(enrolment, "BCDEF")
    assert ada.type_group(enrolment, "7K3M9")
    assert Finished(b"another", device=True) == ada.finish(enrolment)


def test_a_group_is_asked_only_once_there_is_a_code(ada):
    enrolment = ada.begin()
    assert not ada.type_group(enrolment)


def test_replacing_swaps_the_device_at_continue_and_not_before(ada, clock):
    ada.enable()
    old_key, old = ada.key, ada.device()
    enrolment = ada.until_continue()
    assert enrolment.replaces
    assert old == ada.device()
    assert isinstance(ada.check(ada.token(0, old_key)), Accepted)
    ada.finish(enrolment)
    clock.advance(seconds=60)
    assert NoMatch() == ada.check(ada.token(0, old_key))
    assert isinstance(ada.check(), Accepted)
    assert ada.device().id == enrolment.id


def test_a_new_code_alone_leaves_the_device(ada, storage, two_factor):
    ada.enable()
    device = ada.device()
    with storage.unit():
        enrolment = two_factor.begin_code(ada.account, ada.session)
    assert enrolment.secret is None
    assert enrolment.verified
    assert NoEnrolment() == ada.verify(enrolment)
    assert ada.finish(enrolment) is None
    ada.put_code(enrolment)
    ada.type_group(enrolment)
    assert Finished(b"sealed hash", device=False) == ada.finish(enrolment)
    assert device == ada.device()
    assert isinstance(ada.check(), Accepted)


def test_an_enrolment_whose_secret_cannot_be_read_is_over(ada, storage):
    enrolment = ada.until_continue()
    with storage.unit():
        EnrolmentRow.update(sealed=b"\x00" * 48).execute()
    assert ada.current(enrolment) is None
    assert NoEnrolment() == ada.verify(enrolment, ada.token(1))


def test_neither_secret_nor_group_is_kept_in_the_clear(ada, storage):
    enrolment = ada.until_continue()
    with storage.unit():
        kept = repr(list(EnrolmentRow.select().dicts()))
        (row,) = EnrolmentRow.select()
        raw = row.sealed + row.group_mac
    assert rfc6238.secret_of(enrolment.secret.reveal()) not in raw
    assert ada.key not in kept
    assert "BCDEF" not in kept


def test_a_secret_moved_to_another_enrolment_does_not_open(ada, bob, storage):
    hers, his = ada.begin(), bob.begin()
    with storage.unit():
        sealed = EnrolmentRow.get(EnrolmentRow.account == ada.account).sealed
        EnrolmentRow.update(sealed=sealed).where(EnrolmentRow.account == bob.account).execute()
    assert ada.current(hers) is not None
    assert bob.current(his) is None


def test_what_was_begun_under_other_keys_is_over(ada, other_vault, clock, tokens, storage):
    enrolment = ada.begin()
    with storage.unit():
        assert TwoFactor(other_vault, clock, tokens).enrolment(enrolment.id, enrolment.account, ada.session) is None


def test_a_group_typed_under_other_keys_is_wrong(ada, other_vault, clock, tokens, storage):
    enrolment = ada.begin()
    ada.verify(enrolment)
    ada.put_code(enrolment)
    with storage.unit():
        assert not TwoFactor(other_vault, clock, tokens).check_group(enrolment, "BCDEF")
        assert TwoFactor(other_vault, clock, tokens).set_code_hash(enrolment, b"hash", asks=1, group=Secret("QXT0A"))
