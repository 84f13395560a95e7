from datetime import timedelta

import pytest

from core.origin import LOCAL, Origin
from core.secret import Secret
from core.sessions.tables import SignInRow

AWAY = Origin("192.0.2.1")


@pytest.fixture
def begun(sessions, alice):
    return sessions.begin_sign_in(alice, AWAY)


def test_a_half_open_sign_in_is_found_by_its_token(sessions, begun, alice, clock):
    half = sessions.sign_in(begun.token)
    assert (half.account, half.source, half.wrong) == (alice, "192.0.2.1", 0)
    assert half.until == begun.until == clock() + timedelta(minutes=5)


def test_its_token_is_kept_only_as_its_mac_and_opens_no_session(storage, sessions, begun):
    with storage.unit():
        assert begun.token.reveal() not in repr(SignInRow.select().dicts().get())
    assert begun.token.reveal() not in repr(begun)
    assert sessions.find(begun.token) is None
    assert sessions.sign_in(Secret("0" * 32)) is None


def test_it_dies_after_five_minutes(sessions, begun, clock):
    half = sessions.sign_in(begun.token)
    clock.advance(minutes=5, seconds=-1)
    assert sessions.sign_in(begun.token) is not None
    clock.advance(seconds=1)
    assert sessions.sign_in(begun.token) is None
    assert sessions.count_wrong(half) == 0
    assert not sessions.finish_sign_in(half)


def test_it_dies_with_the_third_wrong_token(sessions, begun):
    half = sessions.sign_in(begun.token)
    assert [sessions.count_wrong(half) for _ in range(5)] == [2, 1, 0, 0, 0]
    assert sessions.sign_in(begun.token) is None
    assert not sessions.finish_sign_in(half)


def test_it_is_finished_once(sessions, begun):
    half = sessions.sign_in(begun.token)
    sessions.count_wrong(half)
    assert sessions.finish_sign_in(half)
    assert not sessions.finish_sign_in(half)
    assert sessions.sign_in(begun.token) is None
    assert sessions.count_wrong(half) == 0


def test_all_of_an_account_end_at_once(sessions, begun, alice, bob):
    sessions.begin_sign_in(alice, LOCAL)
    other = sessions.begin_sign_in(bob, LOCAL)
    half = sessions.sign_in(begun.token)
    assert sessions.end_sign_ins(alice) == 2
    assert sessions.end_sign_ins(alice) == 0
    assert not sessions.finish_sign_in(half)
    assert sessions.sign_in(other.token) is not None


@pytest.mark.parametrize(
    "forged", [{"source": "local"}, {"until": timedelta(hours=1)}, {"begun_at": timedelta(0)}, {"fingerprint": "x"}]
)
def test_one_changed_behind_our_back_is_none(storage, sessions, begun, clock, forged):
    clock.advance(seconds=1)
    values = {name: clock() + value if isinstance(value, timedelta) else value for name, value in forged.items()}
    with storage.unit():
        SignInRow.update(**values).execute()
    assert sessions.sign_in(begun.token) is None


def test_one_moved_to_another_account_is_none(storage, sessions, begun, bob):
    with storage.unit():
        SignInRow.update(account=bob).execute()
    assert sessions.sign_in(begun.token) is None


def test_expiry_forgets_those_that_are_over(storage, sessions, begun, clock):
    sessions.expire()
    assert sessions.sign_in(begun.token) is not None
    clock.advance(minutes=5)
    sessions.expire()
    with storage.unit():
        assert SignInRow.select().count() == 0


def test_a_token_put_on_anothers_half_open_sign_in_opens_nothing(storage, sessions, begun, alice, bob):
    sessions.begin_sign_in(bob, LOCAL)
    with storage.unit():
        token = SignInRow.get(SignInRow.account == alice).token
        SignInRow.delete().where(SignInRow.account == alice).execute()
        SignInRow.update(token=token).execute()
    assert sessions.sign_in(begun.token) is None
