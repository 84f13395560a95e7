import pytest

from core.origin import LOCAL
from core.sessions import SessionKind
from tests.racing import race, race_processes
from tests.soak import soak_count

ROUNDS = range(soak_count(4, 100))


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_half_open_sign_in_is_finished_by_one_of_sixteen(sessions, alice, round_):
    half = sessions.sign_in(sessions.begin_sign_in(alice, LOCAL).token)
    assert sum(race(lambda: sessions.finish_sign_in(half))) == 1


def test_a_half_open_sign_in_is_finished_by_one_of_four_processes(storage, sessions, alice):
    half = sessions.sign_in(sessions.begin_sign_in(alice, LOCAL).token)
    storage.close()
    assert sum(race_processes(lambda: sessions.finish_sign_in(half))) == 1


@pytest.mark.parametrize("round_", ROUNDS)
def test_sixteen_wrong_tokens_at_once_are_three(sessions, alice, round_):
    half = sessions.sign_in(sessions.begin_sign_in(alice, LOCAL).token)
    left = sorted(race(lambda: sessions.count_wrong(half)))
    assert left[-2:] == [1, 2]
    assert left[:-2] == [0] * 14
    assert not sessions.finish_sign_in(half)


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_session_is_ended_by_one_of_sixteen(sessions, alice, round_):
    opened = sessions.open(alice, SessionKind.FULL, LOCAL, evidence=frozenset())
    assert sum(race(lambda: sessions.end(opened.session.id, "signed out"))) == 1


@pytest.mark.parametrize("round_", ROUNDS)
def test_no_touch_wakes_a_session_that_is_being_ended(sessions, alice, clock, round_):
    opened = sessions.open(alice, SessionKind.FULL, LOCAL, evidence=frozenset())
    clock.advance(minutes=1)
    race(lambda: sessions.touch(opened.token), lambda: sessions.end_all(alice))
    assert sessions.find(opened.token) is None
    assert sessions.touch(opened.token) is None


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_source_is_remembered_by_sixteen_at_once(sessions, alice, round_):
    race(lambda: sessions.remember(alice, "192.0.2.1"))
    assert sessions.known(alice, "192.0.2.1")
