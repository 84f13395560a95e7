from datetime import timedelta

import pytest

from core.origin import LOCAL, Origin
from core.throttle import Admitted, Disabled, Factor, OnlyKnown, Wait, nobody, wait_after
from core.throttle.tables import CounterRow
from tests.soak import soak_count

ALICE = "a" * 32
BOB = "b" * 32
AWAY = Origin("192.0.2.1")


@pytest.fixture
def fail(storage, throttle, clock):
    """Make tries that fail, each as soon as it may be made, all in one unit."""
    inside = throttle._part

    def fail(times, *, factor=Factor.PASSWORD, subject=ALICE, origin=LOCAL, known=False, **more):
        with storage.unit():
            for _ in range(times):
                answer = inside.admit(subject, factor, origin, known=known, **more)
                if isinstance(answer, Wait):
                    clock.now = answer.until
                    answer = inside.admit(subject, factor, origin, known=known, **more)
                assert isinstance(answer, Admitted)
                inside.settle(answer, success=False)

    return fail


@pytest.fixture
def crowd(storage, throttle):
    """Let somebody try once at each of many accounts, all in one unit; the answers."""
    inside = throttle._part

    def crowd(count, origin=AWAY, factor=Factor.PASSWORD):
        with storage.unit():
            return [inside.admit(f"{number:032x}", factor, origin, known=False) for number in range(count)]

    return crowd


def test_five_failures_are_free_then_waits_double_from_a_second_to_a_quarter_of_an_hour():
    seconds = [wait_after(failures).total_seconds() for failures in range(17)]
    assert seconds == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert wait_after(10**9) == timedelta(minutes=15)


def test_waits_are_told_in_seconds(throttle, clock):
    waits = []
    for _ in range(18):
        answer = throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False)
        if isinstance(answer, Wait):
            waits.append(answer.seconds)
            assert answer.until == clock() + timedelta(seconds=answer.seconds)
            clock.now = answer.until
            answer = throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False)
        assert isinstance(answer, Admitted)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_a_part_of_a_second_counts_as_one(throttle, fail, clock):
    fail(6)
    clock.advance(seconds=1.5)
    assert throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False).seconds == 1


def test_a_try_during_a_wait_neither_counts_nor_makes_it_longer(throttle, fail, clock):
    fail(7)
    first = throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False)
    for _ in range(100):
        clock.advance(seconds=0.01)
        assert throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False).until == first.until
    assert throttle.standing(ALICE)[0].outside == 7
    clock.now = first.until
    assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False), Admitted)


def test_a_try_that_was_never_settled_counts_as_a_failure(throttle):
    for _ in range(5):
        assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False), Admitted)
    assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False), Wait)
    assert throttle.standing(ALICE)[0].outside == 5


def test_a_success_clears_the_failures_of_its_lane(throttle, fail):
    fail(8)
    fail(3, known=True)
    fail(1)
    fail(5)
    assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False), Wait)
    throttle.settle(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=True), success=True)
    (standing,) = throttle.standing(ALICE)
    assert (standing.outside, standing.known) == (14, 0)


def test_a_success_outside_leaves_the_known_lane_alone(throttle, fail):
    fail(3, known=True)
    fail(4)
    throttle.settle(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False), success=True)
    (standing,) = throttle.standing(ALICE)
    assert (standing.outside, standing.known, standing.until) == (0, 3, None)


def test_the_known_lane_has_its_own_counter_from_the_first_failure(throttle, fail):
    fail(20)
    for _ in range(5):
        assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=True), Admitted)
    assert throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=True).seconds == 1


def test_fifty_failures_in_a_row_outside_leave_the_factor_to_the_known_lane(throttle, fail):
    fail(49)
    assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False), Wait)
    fail(1)
    assert throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False) == OnlyKnown()
    assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=True), Admitted)
    assert throttle.standing(ALICE)[0].only_known


def test_fifty_more_inside_disable_the_factor(throttle, fail, clock):
    fail(50)
    fail(50, known=True)
    assert throttle.standing(ALICE)[0].disabled
    clock.advance(days=1000)
    assert throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=True) == Disabled()
    assert throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False) == Disabled()


def test_who_used_up_the_known_lane_goes_on_with_everybody_else_and_a_hundred_is_the_end(throttle, fail, clock):
    fail(50, known=True)
    fail(7)
    assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=True), Wait)
    fail(43, known=True)
    assert throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=True) == Disabled()
    assert throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False) == Disabled()


def test_a_success_of_who_used_up_the_known_lane_opens_it_again(throttle, fail):
    fail(50, known=True)
    fail(2, known=True)
    throttle.settle(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=True), success=True)
    assert throttle.standing(ALICE) == []


def test_the_last_allowed_try_may_still_succeed(throttle, fail, clock):
    fail(49)
    clock.advance(minutes=15)
    last = throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False)
    assert throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False) == OnlyKnown()
    throttle.settle(last, success=True)
    assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False), Admitted)


def test_a_thousand_failures_from_elsewhere_do_not_stop_the_owner(throttle, clock):
    """ASVS 6.1.1: no malicious lockout."""
    for number in range(soak_count(120, 1000)):
        throttle.admit(ALICE, Factor.TOKEN, Origin(f"198.51.{number // 256}.{number % 256}"), known=False)
        clock.advance(minutes=15)
    assert throttle.admit(ALICE, Factor.TOKEN, AWAY, known=False) == OnlyKnown()
    assert isinstance(throttle.admit(ALICE, Factor.TOKEN, AWAY, known=True), Admitted)


@pytest.mark.parametrize("factor", [Factor.TOKEN, Factor.PASSWORD])
def test_a_token_or_password_never_counts_against_the_backup_code(throttle, fail, factor):
    fail(50, factor=factor)
    fail(50, factor=factor, known=True)
    fail(5, factor=Factor.BACKUP_CODE)
    assert [standing.factor for standing in throttle.standing(ALICE)] == [factor, Factor.BACKUP_CODE]


def test_accounts_are_counted_apart(throttle, fail):
    fail(30)
    assert isinstance(throttle.admit(BOB, Factor.PASSWORD, LOCAL, known=False), Admitted)


def test_a_stop_code_is_never_disabled(throttle, fail):
    fail(120, factor=Factor.STOP_CODE)
    answer = throttle.admit(ALICE, Factor.STOP_CODE, LOCAL, known=False)
    assert (type(answer), answer.seconds) == (Wait, 900)


def test_strangers_wait_and_are_never_shut_out(throttle, fail, clock):
    fail(120, subject="sign up local", stranger=True)
    assert throttle.admit("sign up local", Factor.PASSWORD, LOCAL, known=False, stranger=True).seconds == 900
    clock.advance(days=1)
    fail(5, subject="sign up local", stranger=True)
    assert throttle.admit("sign up local", Factor.PASSWORD, LOCAL, known=False, stranger=True).seconds == 1


def test_a_source_has_fifty_tries_free_at_whatever_then_the_same_waits(throttle, clock, crowd):
    assert all(isinstance(answer, Admitted) for answer in crowd(50))
    waits = []
    for number in range(50, 62):
        answer = throttle.admit(f"{number:032x}", Factor.TOKEN, AWAY, known=True)
        waits.append(answer.seconds)
        clock.now = answer.until
        assert isinstance(throttle.admit(f"{number:032x}", Factor.TOKEN, AWAY, known=True), Admitted)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, Origin("192.0.2.2"), known=False), Admitted)


def test_the_terminal_of_the_machine_is_exempt_from_that(throttle, crowd):
    assert all(isinstance(answer, Admitted) for answer in crowd(200, LOCAL))


def test_a_success_takes_back_only_its_own_try_at_the_source(throttle, crowd):
    """Else signing in to an account of one's own would clear the guesses at everybody else's."""
    crowd(49)
    for _ in range(20):
        throttle.settle(throttle.admit(BOB, Factor.PASSWORD, AWAY, known=True), success=True)
    throttle.admit(ALICE, Factor.PASSWORD, AWAY, known=False)
    assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, AWAY, known=False), Wait)


def test_a_success_does_not_leave_a_wait_at_the_source(throttle, crowd):
    crowd(49)
    throttle.settle(throttle.admit(BOB, Factor.PASSWORD, AWAY, known=True), success=True)
    assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, AWAY, known=False), Admitted)


def test_a_try_refused_at_the_account_does_not_count_at_the_source(storage, throttle):
    for _ in range(5):
        throttle.admit(ALICE, Factor.PASSWORD, AWAY, known=False)
    for _ in range(100):
        assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, AWAY, known=False), Wait)
    with storage.unit():
        assert CounterRow.get(CounterRow.lane == "source").failures == 5
    assert isinstance(throttle.admit(BOB, Factor.PASSWORD, AWAY, known=False), Admitted)


def test_a_try_refused_at_the_source_does_not_count_at_the_account(throttle, crowd):
    crowd(50)
    assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, AWAY, known=False), Wait)
    assert throttle.standing(ALICE) == []


def test_a_source_is_forgotten_after_a_quiet_day(throttle, clock, crowd):
    crowd(50)
    clock.advance(days=1)
    assert all(isinstance(answer, Admitted) for answer in crowd(50, factor=Factor.TOKEN))


def test_failures_at_an_account_are_never_forgotten_by_themselves(throttle, fail, clock):
    fail(49)
    clock.advance(days=1000)
    throttle.expire()
    fail(1)
    assert throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False) == OnlyKnown()


def test_a_try_that_was_not_made_is_taken_back_with_its_wait(throttle, fail):
    fail(5)
    fail(1, known=True)
    for _ in range(20):
        answer = throttle.admit(ALICE, Factor.PASSWORD, AWAY, known=True)
        throttle.take_back(answer)
    assert throttle.standing(ALICE)[0].known == 1


def test_taking_back_an_early_try_leaves_the_wait_of_a_later_one(throttle, clock):
    tries = [throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False) for _ in range(5)]
    throttle.take_back(tries[0])
    assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False), Wait)
    assert throttle.standing(ALICE)[0].outside == 4


def test_a_failure_after_anothers_success_begins_the_next_row(throttle):
    slow = throttle.admit(ALICE, Factor.PASSWORD, AWAY, known=False)
    quick = throttle.admit(ALICE, Factor.PASSWORD, AWAY, known=False)
    throttle.settle(quick, success=True)
    throttle.settle(slow, success=False)
    assert throttle.standing(ALICE)[0].outside == 1


def test_taking_back_after_anothers_success_takes_nothing(throttle):
    slow = throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False)
    throttle.settle(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False), success=True)
    throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False)
    throttle.take_back(slow)
    assert throttle.standing(ALICE)[0].outside == 1


def test_a_block_is_lifted_for_one_factor_or_for_all(throttle, fail):
    fail(50)
    fail(50, known=True)
    fail(3, factor=Factor.TOKEN)
    fail(3, subject=BOB)
    assert throttle.lift(ALICE, Factor.PASSWORD)
    assert not throttle.lift(ALICE, Factor.PASSWORD)
    assert [standing.factor for standing in throttle.standing(ALICE)] == [Factor.TOKEN]
    assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False), Admitted)
    assert throttle.lift(ALICE)
    assert throttle.standing(ALICE) == []
    assert throttle.standing(BOB) != []


def test_a_clock_that_was_ahead_does_not_lock_for_years(throttle, fail, clock):
    clock.advance(days=365)
    fail(20)
    clock.advance(days=-365)
    assert isinstance(throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False), Admitted)
    assert throttle.admit(ALICE, Factor.PASSWORD, LOCAL, known=False).seconds == 900


def test_a_name_that_nobody_has_is_counted_like_any_other(throttle, fail):
    fail(50, subject=nobody("ghost"))
    assert throttle.admit(nobody("ghost"), Factor.PASSWORD, LOCAL, known=False) == OnlyKnown()


def test_neither_a_typed_name_nor_a_source_is_kept_as_it_is(storage, throttle):
    throttle.admit(nobody("my-password-by-mistake"), Factor.PASSWORD, AWAY, known=False)
    throttle.admit("sign up 192.0.2.1", Factor.PASSWORD, AWAY, known=False, stranger=True)
    with storage.unit():
        kept = " ".join(row.subject for row in CounterRow.select())
    assert "mistake" not in kept
    assert "192.0.2" not in kept


def test_names_of_any_length_and_sign_can_be_counted(throttle):
    for name in ["", "x" * 10_000, "\x00", "\u202e[@click=quit]", "é"]:
        assert isinstance(throttle.admit(nobody(name), Factor.PASSWORD, LOCAL, known=False), Admitted)


def test_what_is_to_be_forgotten_goes(storage, throttle, fail, clock):
    fail(1, origin=AWAY)
    fail(1, subject="sign up local", stranger=True)
    fail(1, subject=nobody("ghost"))
    fail(1, subject=BOB)
    throttle.lift(BOB)
    clock.advance(hours=23)
    assert throttle.expire() == 0
    clock.advance(hours=1)
    assert throttle.expire() == 3  # the source, the stranger and Bob's cleared counter
    clock.advance(days=29)
    assert throttle.expire() == 1  # the name that nobody has
    with storage.unit():
        assert [row.subject for row in CounterRow.select()] == [ALICE]
