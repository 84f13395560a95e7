"""Tokens of a device: each counts once, only newer ones count after it, and what cannot be checked is never "no 2FA"."""

from datetime import timedelta

import pytest

from core.two_factor import Accepted, Broken, NoDevice, NoMatch, Off, TwoFactor, Used
from core.two_factor.tables import DeviceRow
from tests import rfc6238


@pytest.fixture
def device(ada):
    return ada.enable()


def test_without_a_device_there_is_nothing_to_check(ada, bob, device):
    assert NoDevice() == bob.check("000000")


def test_a_token_counts_once(ada, device):
    token = ada.token()
    answer = ada.check(token)
    assert isinstance(answer, Accepted)
    assert answer.device == device.id
    assert answer.step == int(ada.clock().timestamp()) // 30
    assert Used(timedelta(seconds=30)) == ada.check(token)


def test_the_wait_that_is_told_is_enough(ada, clock, device):
    clock.advance(seconds=11)
    ada.check()
    refused = ada.check()
    assert Used(timedelta(seconds=19)) == refused
    clock.now += refused.wait
    assert isinstance(ada.check(), Accepted)


def test_an_older_token_does_not_count_after_a_newer_one(ada, device):
    assert isinstance(ada.check(ada.token(1)), Accepted)
    for steps in (1, 0, -1):
        assert isinstance(ada.check(ada.token(steps)), Used)


def test_the_tokens_of_two_half_minutes_count_one_after_the_other(ada, device):
    for steps in (-1, 0, 1):
        assert isinstance(ada.check(ada.token(steps)), Accepted)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_token_counts_from_a_step_before_its_own_to_a_step_after(ada, clock, device, steps):
    token = ada.token(2)
    clock.advance(seconds=29.999999)
    assert Off(2) == ada.check(token)
    clock.advance(seconds=0.000001 + (steps + 1) * 30)
    assert isinstance(ada.check(token), Accepted)


def test_a_token_is_over_a_step_after_its_own(ada, clock, device):
    token = ada.token(2)
    clock.advance(seconds=120)
    assert Off(-2) == ada.check(token)


def test_a_clock_that_is_set_back_lets_nothing_count_twice(ada, clock, device):
    token = ada.token()
    assert isinstance(ada.check(token), Accepted)
    clock.advance(seconds=-30)
    assert isinstance(ada.check(token), Used)
    assert isinstance(ada.check(), Used)
    clock.advance(days=-1)
    refused = ada.check()
    clock.now += refused.wait
    assert isinstance(ada.check(), Accepted)


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "\ud800", "\x1b[31m", "0" * 10_000]
)
def test_what_is_no_token_is_wrong_and_no_more(ada, device, typed):
    with ada.storage.unit():
        assert NoMatch() == ada.two_factor.check(ada.account, typed)


def test_somebody_elses_token_is_wrong(ada, bob, device):
    bob.enable()
    assert NoMatch() == ada.check(bob.token())
    assert isinstance(bob.check(), Accepted)


@pytest.mark.parametrize("steps", [-10, -5, -2, 2, 5, 10])
def test_a_clock_is_off_when_two_tokens_in_a_row_are(ada, clock, device, steps):
    assert Off(steps, twice=False) == ada.check(ada.token(steps))
    clock.advance(seconds=30)
    assert Off(steps, twice=True) == ada.check(ada.token(steps))
    clock.advance(seconds=30)
    assert Off(steps, twice=True) == ada.check(ada.token(steps))


@pytest.mark.parametrize("steps", [-11, 11, 50])
def test_a_token_from_further_away_is_only_wrong(ada, device, steps):
    assert NoMatch() == ada.check(ada.token(steps))


def test_the_same_token_typed_twice_proves_no_clock_wrong(ada, device):
    token = ada.token(5)
    assert Off(5, twice=False) == ada.check(token)
    assert Off(5, twice=False) == ada.check(token)


def test_two_tokens_that_are_off_by_different_times_are_two_mistakes(ada, clock, device):
    ada.check(ada.token(3))
    clock.advance(seconds=30)
    assert Off(7, twice=False) == ada.check(ada.token(7))
    clock.advance(seconds=30)
    assert Off(-7, twice=False) == ada.check(ada.token(-7))


def test_a_step_that_begins_between_reading_and_typing_does_not_hide_a_wrong_clock(ada, clock, device):
    ada.check(ada.token(5))
    clock.advance(seconds=60)
    assert Off(4, twice=True) == ada.check(ada.token(4))


@pytest.mark.parametrize("between", ["wrong", "right", "used"])
def test_in_a_row_means_with_nothing_between(ada, clock, device, between):
    ada.check()
    clock.advance(seconds=60)
    ada.check(ada.token(5))
    match between:
        case "wrong":
            assert NoMatch() == ada.check(ada.token(50))
        case "right":
            assert isinstance(ada.check(ada.token(1)), Accepted)
        case "used":
            ada.check(ada.token(5))
            with ada.storage.unit():
                DeviceRow.update(last_step=2**30).execute()
            assert isinstance(ada.check(), Used)
    clock.advance(seconds=30)
    assert Off(5, twice=False) == ada.check(ada.token(5))


def test_a_token_that_is_off_is_not_spent_by_trying_it(ada, clock, device):
    token = ada.token(3)
    assert Off(3) == ada.check(token)
    clock.advance(seconds=60)
    assert isinstance(ada.check(token), Accepted)


def test_a_secret_that_was_changed_is_broken_and_never_no_device(ada, storage, device):
    with storage.unit():
        row = DeviceRow.get()
        DeviceRow.update(sealed=row.sealed[:-1] + bytes([row.sealed[-1] ^ 1])).execute()
    assert Broken() == ada.check()
    assert ada.device() is not None


@pytest.mark.parametrize("sealed", [b"", b"\x00", b"\xff" * 60])
def test_a_secret_that_was_cut_or_overwritten_is_broken(ada, storage, device, sealed):
    with storage.unit():
        DeviceRow.update(sealed=sealed).execute()
    assert Broken() == ada.check()


def test_a_secret_that_was_copied_from_another_account_is_broken(ada, bob, storage, device):
    bob.enable()
    with storage.unit():
        hers = DeviceRow.get(DeviceRow.account == ada.account)
        DeviceRow.update(sealed=hers.sealed).where(DeviceRow.account == bob.account).execute()
    assert Broken() == bob.check(ada.token())
    assert isinstance(ada.check(), Accepted)


def test_without_its_key_a_secret_is_broken(ada, other_vault, clock, tokens, device):
    with ada.storage.unit():
        assert Broken() == TwoFactor(other_vault, clock, tokens).check(ada.account, ada.token())


def test_the_secret_is_not_kept_in_the_clear(ada, storage, device):
    with storage.unit():
        row = DeviceRow.get()
    assert rfc6238.secret_of(ada.key) not in row.sealed
    assert ada.key.encode() not in row.sealed


def test_erasing_switches_off_and_ends_an_enrolment_in_progress(ada, device):
    replacing = ada.until_continue()
    with ada.storage.unit():
        assert ada.two_factor.erase(ada.account)
        assert not ada.two_factor.erase(ada.account)
    assert NoDevice() == ada.check()
    assert ada.device() is None
    assert ada.finish(replacing) is None


@pytest.fixture
def aside(ada, clock, device):
    with ada.storage.unit():
        assert ada.two_factor.set_aside(ada.account, clock() + timedelta(days=7))
        assert not ada.two_factor.set_aside(ada.account, clock() + timedelta(days=7))
    return device


def check_aside(owner, token):
    with owner.storage.unit():
        return owner.two_factor.check_aside(owner.account, token)


def restore(owner, device):
    with owner.storage.unit():
        return owner.two_factor.restore(owner.account, device)


def test_a_device_that_was_set_aside_is_off(ada, aside):
    assert ada.device() is None
    assert NoDevice() == ada.check()


def test_a_device_that_was_set_aside_comes_back_with_a_token_of_its_own(ada, aside):
    answer = check_aside(ada, ada.token())
    assert isinstance(answer, Accepted)
    assert restore(ada, answer.device)
    assert ada.device().id == aside.id
    assert isinstance(ada.check(), Used)
    assert isinstance(ada.check(ada.token(1)), Accepted)


def test_it_takes_the_place_of_the_device_that_a_thief_enrolled(ada, clock, aside):
    owners = ada.key
    ada.enable()
    answer = check_aside(ada, ada.token(0, owners))
    assert isinstance(answer, Accepted)
    in_progress = ada.begin()
    assert restore(ada, answer.device)
    assert ada.device().id == aside.id
    assert ada.current(in_progress) is None
    clock.advance(seconds=60)
    assert NoMatch() == ada.check()
    assert isinstance(ada.check(ada.token(0, owners)), Accepted)
    with ada.storage.unit():
        assert DeviceRow.select().count() == 1


@pytest.mark.parametrize("theft", ["erase", "set_aside", "enable"])
def test_a_thief_cannot_burn_the_device_that_was_set_aside(ada, clock, aside, theft):
    owners = ada.key
    ada.enable()
    with ada.storage.unit():
        match theft:
            case "erase":
                ada.two_factor.erase(ada.account)
            case "set_aside":
                ada.two_factor.set_aside(ada.account, clock() + timedelta(days=7))
            case _:
                pass
    answer = check_aside(ada, ada.token(0, owners))
    assert isinstance(answer, Accepted)
    assert restore(ada, answer.device)
    assert ada.device().id == aside.id


def test_a_token_for_a_device_set_aside_counts_once_too(ada, aside):
    token = ada.token()
    assert isinstance(check_aside(ada, token), Accepted)
    assert isinstance(check_aside(ada, token), Used)


def test_wrong_broken_and_none_are_told_apart_for_a_device_set_aside(ada, bob, storage, aside):
    assert NoDevice() == check_aside(bob, "000000")
    assert NoMatch() == check_aside(ada, ada.token(50))
    assert Off(4) == check_aside(ada, ada.token(4))
    with storage.unit():
        DeviceRow.update(sealed=b"broken").execute()
    assert Broken() == check_aside(ada, ada.token())


def test_after_its_time_a_device_set_aside_is_gone(ada, clock, aside):
    clock.advance(days=7, seconds=-1)
    assert isinstance(check_aside(ada, ada.token()), Accepted)
    clock.advance(seconds=1)
    assert NoDevice() == check_aside(ada, ada.token())
    assert not restore(ada, aside.id)
    with ada.storage.unit():
        assert ada.two_factor.expire() == 1
        assert DeviceRow.select().count() == 0


def test_only_a_device_of_the_same_account_that_is_set_aside_is_restored(ada, bob, device):
    his = bob.enable()
    assert not restore(ada, device.id)
    assert not restore(ada, his.id)
    with ada.storage.unit():
        bob.two_factor.set_aside(bob.account, ada.clock() + timedelta(days=7))
    assert not restore(ada, his.id)
    assert restore(bob, his.id)
    assert not restore(bob, his.id)


def test_expiry_leaves_devices_in_use(ada, clock, device):
    clock.advance(days=3650)
    with ada.storage.unit():
        assert ada.two_factor.expire() == 0
    assert ada.device() is not None
