"""Guesses made at the same moment: none passes that a slow one would not."""

from collections import Counter

import pytest

from core.origin import LOCAL, Origin
from core.throttle import Admitted, Factor, OnlyKnown, Wait
from tests.racing import race, race_processes
from tests.soak import soak_count

ALICE = "a" * 32
AWAY = Origin("192.0.2.1")
ROUNDS = range(soak_count(4, 100))


def admitted(answers):
    return sum(isinstance(answer, Admitted) for answer in answers)


@pytest.mark.parametrize("round_", ROUNDS)
@pytest.mark.parametrize("known", [False, True])
def test_of_sixteen_first_guesses_five_pass(throttle, known, round_):
    answers = race(lambda: throttle.admit(ALICE, Factor.PASSWORD, AWAY, known=known))
    assert admitted(answers) == 5
    assert {answer.seconds for answer in answers if isinstance(answer, Wait)} == {1}


@pytest.mark.parametrize("round_", ROUNDS)
def test_after_a_wait_one_of_sixteen_passes(throttle, clock, round_):
    for failures in range(5, 9):
        while not isinstance(answer := throttle.admit(ALICE, Factor.TOKEN, LOCAL, known=False), Wait):
            pass
        clock.now = answer.until
        assert admitted(race(lambda: throttle.admit(ALICE, Factor.TOKEN, LOCAL, known=False))) == 1
        assert throttle.standing(ALICE)[0].outside == failures + 1


@pytest.mark.parametrize("round_", ROUNDS)
def test_the_fiftieth_guess_is_made_once(storage, throttle, clock, round_):
    with storage.unit():
        for _ in range(49):
            throttle._part.admit(ALICE, Factor.TOKEN, LOCAL, known=False)
            clock.advance(minutes=15)
    answers = race(lambda: throttle.admit(ALICE, Factor.TOKEN, LOCAL, known=False))
    assert Counter(type(answer) for answer in answers) == {Admitted: 1, OnlyKnown: 15}


@pytest.mark.parametrize("round_", ROUNDS)
def test_a_source_passes_its_fifty_and_no_more(storage, throttle, round_):
    with storage.unit():
        for number in range(40):
            throttle._part.admit(f"{number:032x}", Factor.PASSWORD, AWAY, known=False)
    works = [
        lambda number=number: throttle.admit(f"{number:032x}", Factor.PASSWORD, AWAY, known=False)
        for number in range(100, 116)
    ]
    assert admitted(race(*works)) == 10


@pytest.mark.parametrize("round_", ROUNDS)
def test_successes_and_failures_at_once_lose_no_failure(throttle, round_):
    tries = [throttle.admit(f"{number:032x}", Factor.PASSWORD, AWAY, known=False) for number in range(16)]
    race(
        *[
            lambda one=one, number=number: throttle.settle(one, success=number % 2 == 0)
            for number, one in enumerate(tries)
        ]
    )
    for number in range(8):
        assert bool(throttle.standing(f"{2 * number:032x}")) is False
        assert throttle.standing(f"{2 * number + 1:032x}")[0].outside == 1
    passing = race(
        *[
            lambda number=number: throttle.admit(f"{number:032x}", Factor.TOKEN, AWAY, known=False)
            for number in range(16)
        ]
    )
    assert admitted(passing) == 16  # the source stands at 8 and 16


@pytest.mark.parametrize("round_", ROUNDS)
def test_taken_back_at_once_leaves_nothing(throttle, round_):
    def try_and_take_back():
        answer = throttle.admit(ALICE, Factor.PASSWORD, AWAY, known=False)
        if isinstance(answer, Admitted):
            throttle.take_back(answer)

    race(try_and_take_back)
    assert throttle.standing(ALICE) == []


def test_of_guesses_from_four_processes_five_pass(throttle, storage):
    storage.close()

    def guess():
        answers = [throttle.admit(ALICE, Factor.BACKUP_CODE, AWAY, known=False) for _ in range(4)]
        storage.close()
        return admitted(answers)

    assert sum(race_processes(guess)) == 5
