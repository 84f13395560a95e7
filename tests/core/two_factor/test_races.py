"""One winner, and never an error for the others."""

import functools
from collections import Counter
from datetime import timedelta

import pytest

from core.two_factor import Accepted, Finished, Used
from core.two_factor.tables import DeviceRow, EnrolmentRow
from tests.racing import race, race_processes
from tests.soak import soak_count

both_ways = pytest.mark.parametrize("racing", [race, race_processes], ids=["threads", "processes"])


def kinds(answers):
    return Counter(type(answer) for answer in answers)


@both_ways
def test_a_token_lets_one_of_many_in(ada, clock, racing):
    ada.enable()
    for _ in range(soak_count(4, 1000)):
        token = ada.token()
        answers = racing(lambda token=token: ada.check(token))
        assert kinds(answers) == {Accepted: 1, Used: len(answers) - 1}
        clock.advance(seconds=30)


def test_of_three_tokens_at_once_each_counts_at_most_once_and_none_after_a_newer_one(ada, clock):
    ada.enable()
    for _ in range(soak_count(4, 1000)):
        answers = race(*(functools.partial(ada.check, ada.token(steps)) for steps in (-1, 0, 1)))
        accepted = [answer.step for answer in answers if isinstance(answer, Accepted)]
        now = int(clock().timestamp()) // 30
        assert len(set(accepted)) == len(accepted)
        assert now + 1 in accepted
        assert {type(answer) for answer in answers} <= {Accepted, Used}
        with ada.storage.unit():
            assert DeviceRow.get().last_step == now + 1
        clock.advance(seconds=90)


@both_ways
def test_an_enrolment_is_finished_once(ada, clock, racing):
    for _ in range(soak_count(4, 1000)):
        enrolment = ada.until_continue()
        answers = racing(lambda enrolment=enrolment: ada.finish(enrolment))
        assert kinds(answers) == {Finished: 1, type(None): len(answers) - 1}
        assert ada.device().id == enrolment.id
        clock.advance(seconds=30)


def test_an_initial_token_verifies_once(ada):
    for _ in range(soak_count(4, 1000)):
        enrolment = ada.begin()
        token = ada.token()
        answers = race(lambda enrolment=enrolment, token=token: ada.verify(enrolment, token))
        assert kinds(answers) == {Accepted: 1, Used: len(answers) - 1}


def test_of_many_enrolments_begun_at_once_one_is_left(ada):
    for _ in range(soak_count(4, 1000)):
        answers = race(ada.begin)
        assert len({enrolment.id for enrolment in answers}) == len(answers)
        with ada.storage.unit():
            assert EnrolmentRow.select().count() == 1
        assert sum(ada.current(enrolment) is not None for enrolment in answers) == 1


def test_finishing_against_beginning_anew_leaves_no_half_of_either(ada, clock):
    for _ in range(soak_count(6, 1000)):
        enrolment = ada.until_continue()
        before = ada.device()
        answers = race(lambda enrolment=enrolment: ada.finish(enrolment), ada.begin, threads=8)
        won = [answer for answer in answers if isinstance(answer, Finished)]
        assert len(won) <= 1
        assert (ada.device().id == enrolment.id) if won else (ada.device() == before)
        clock.advance(seconds=30)


def test_restoring_against_finishing_leaves_one_device(ada, clock):
    for _ in range(soak_count(6, 1000)):
        aside = ada.enable()
        with ada.storage.unit():
            ada.two_factor.set_aside(ada.account, clock() + timedelta(days=7))
        enrolment = ada.until_continue()

        def restore(device=aside.id):
            with ada.storage.unit():
                return ada.two_factor.restore(ada.account, device)

        answers = race(lambda enrolment=enrolment: ada.finish(enrolment), restore, threads=8)
        assert answers[1::2].count(True) == 1
        with ada.storage.unit():
            assert DeviceRow.select().where(DeviceRow.current == ada.account).count() == 1
            DeviceRow.delete().execute()
        clock.advance(seconds=30)


def test_restoring_is_won_once(ada, clock):
    aside = ada.enable()
    for _ in range(soak_count(4, 1000)):
        with ada.storage.unit():
            ada.two_factor.set_aside(ada.account, clock() + timedelta(days=7))

        def restore():
            with ada.storage.unit():
                return ada.two_factor.restore(ada.account, aside.id)

        assert race(restore).count(True) == 1
