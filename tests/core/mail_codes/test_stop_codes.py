"""Stop codes: whoever reads the notice can stop or undo, once, without signing in."""

import functools
from collections import Counter
from datetime import timedelta

import pytest

from core.crockford import grouped
from core.mail_codes import Stop, StopCodes, StopKind
from core.mail_codes.tables import StopCodeRow
from tests.racing import race, race_processes
from tests.soak import soak_count
from tests.units import InUnits

ADA = "a" * 32
CASE = "c" * 32


@pytest.fixture
def codes(storage, vault, clock, tokens):
    return InUnits(storage, StopCodes(vault, clock, tokens))


@pytest.fixture
def issue(codes, clock):
    def issue(kind=StopKind.ENABLED, account=ADA, **more):
        return codes.issue(kind, account, **{"until": clock() + timedelta(days=7)} | more).reveal()

    return issue


def test_a_code_has_twelve_signs_and_no_two_are_the_same(issue):
    codes = {issue() for _ in range(50)}
    assert len(codes) == 50
    assert {len(code) for code in codes} == {12}


@pytest.mark.parametrize("kind", StopKind)
def test_a_code_says_what_it_was_given_out_for(codes, clock, issue, kind):
    code = issue(kind)
    clock.advance(days=3)
    assert codes.take(code) == Stop(kind, ADA, None)


def test_a_code_carries_its_case(codes, issue):
    assert codes.take(issue(StopKind.CASE, case=CASE)).case == CASE


def test_a_code_is_taken_once(codes, issue):
    code = issue()
    assert codes.take(code) is not None
    assert codes.take(code) is None


def test_another_code_of_the_account_stays_good(codes, issue):
    first, second = issue(StopKind.PASSWORD), issue(StopKind.ADDRESS)
    assert codes.take(first).kind is StopKind.PASSWORD
    assert codes.take(second).kind is StopKind.ADDRESS


def test_a_code_may_be_typed_as_people_do(codes, issue):
    code = issue()
    assert codes.take(f"  {grouped(code, 4).lower().replace('-', ' ')}\n") is not None


@pytest.mark.parametrize("typed", ["", "7K3M9QXT0ABC", "7K3M9QXT0AB", "*" * 12, "\ud800" * 12, "\x00" * 12, "7" * 9999])
def test_what_was_never_given_out_is_none(codes, issue, typed):
    issue()
    assert codes.take(typed) is None


def test_a_code_lives_seven_days(codes, clock, issue):
    code, late = issue(), issue()
    clock.advance(days=7, microseconds=-1)
    assert codes.take(code) is not None
    clock.advance(microseconds=1)
    assert codes.take(late) is None


def test_the_codes_of_a_case_can_be_prolonged(codes, clock, issue):
    spent, code, foreign = issue(case=CASE), issue(case=CASE), issue()
    codes.take(spent)
    assert codes.prolong(CASE, clock() + timedelta(days=30)) == 1
    clock.advance(days=20)
    assert codes.take(spent) is None
    assert codes.take(foreign) is None
    assert codes.take(code).case == CASE


def test_the_codes_of_a_case_can_be_made_worthless(codes, issue):
    code, other_case, none = issue(case=CASE), issue(case="d" * 32), issue()
    assert codes.void_case(CASE) == 1
    assert codes.take(code) is None
    assert codes.take(other_case) is not None
    assert codes.take(none) is not None


def test_what_is_over_is_erased_and_what_counts_is_kept(codes, clock, issue, storage):
    issue()
    clock.advance(days=1)
    code = issue()
    clock.advance(days=6)
    assert codes.expire() == 1
    with storage.unit():
        assert StopCodeRow.select().count() == 1
    assert codes.take(code) is not None


def test_the_code_is_not_kept_in_the_clear(issue, storage):
    code = issue()
    with storage.unit():
        (row,) = StopCodeRow.select()
    assert code not in repr(row.__data__)
    assert code.encode() not in row.mac


@pytest.mark.parametrize("racing", [race, race_processes], ids=["threads", "processes"])
def test_of_many_who_take_a_code_at_once_one_has_it(codes, issue, racing):
    for _ in range(soak_count(4, 1000)):
        code = issue()
        answers = racing(functools.partial(codes.take, code))
        assert Counter(type(answer) for answer in answers) == {Stop: 1, type(None): len(answers) - 1}


def test_taking_against_voiding_has_one_outcome(codes, issue):
    for _ in range(soak_count(4, 1000)):
        code = issue(StopKind.CASE, case=CASE)
        answers = race(functools.partial(codes.take, code), functools.partial(codes.void_case, CASE), threads=8)
        taken = sum(isinstance(answer, Stop) for answer in answers)
        voided = sum(answer for answer in answers if isinstance(answer, int))
        assert (taken, voided) in {(1, 0), (0, 1)}
