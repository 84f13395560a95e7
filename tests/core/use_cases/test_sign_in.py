"""Signing in: every way it can go, and every way it can fail."""

from datetime import timedelta

import pytest

from core.accounts import Damaged, Lock
from core.audit import Event
from core.origin import LOCAL, Origin, ProvedKey
from core.secret import Secret
from core.sessions import SessionKind
from core.storage import Storage
from core.use_cases.outcomes import (
    ClockOff,
    FactorBlocked,
    FactorBroken,
    Invalid,
    NotNow,
    Over,
    Throttled,
    TokenUsed,
    TokenWrong,
    Wrong,
)
from core.use_cases.sign_in import SignedIn, TokenNeeded
from tests.racing import race, race_processes
from tests.world import PASSWORD, World

THERE = Origin("203.0.113.7")
ELSEWHERE = Origin("198.51.100.9")
WRONG = Secret("some other long password")


def half(world: World, name: str = "ada", origin: Origin = LOCAL) -> Secret:
    step = world.services.sign_in.with_password(name, Secret(PASSWORD), origin)
    assert isinstance(step, TokenNeeded), step
    return step.half


def test_the_password_alone_signs_in_while_two_factor_is_off(world: World) -> None:
    world.person("ada")
    signed_in = world.services.sign_in.with_password(" Ada ", Secret(PASSWORD), LOCAL)
    assert isinstance(signed_in, SignedIn)
    assert (signed_in.session.kind, signed_in.session.evidence) == (SessionKind.FULL, frozenset({"password"}))


@pytest.mark.parametrize("name", ["ada", "nobody", "support", "\x1b[2J", "x" * 5000])
def test_a_wrong_name_and_a_wrong_password_get_the_same_answers_all_the_way(world: World, name: str) -> None:
    world.person("ada")
    answers = [world.services.sign_in.with_password(name, WRONG, THERE) for _ in range(7)]
    assert answers == [*[Wrong()] * 5, *[Throttled(timedelta(seconds=1))] * 2]


@pytest.mark.parametrize(("name", "password", "field"), [("", PASSWORD, "name"), ("ada", "", "password")])
def test_an_empty_field_is_said(world: World, name: str, password: str, field: str) -> None:
    refusal = world.services.sign_in.with_password(name, Secret(password), LOCAL)
    assert isinstance(refusal, Invalid)
    assert refusal.field == field


def test_the_right_password_after_the_wait_signs_in_and_clears_the_failures(world: World) -> None:
    world.person("ada")
    for _ in range(5):
        world.services.sign_in.with_password("ada", WRONG, LOCAL)
    assert isinstance(world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL), Throttled)
    world.clock.advance(seconds=1)
    assert isinstance(world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL), SignedIn)
    assert isinstance(world.services.sign_in.with_password("ada", WRONG, LOCAL), Wrong)


def test_guesses_in_parallel_do_not_pass_the_throttle(world: World) -> None:
    world.person("ada")
    answers = race(lambda: world.services.sign_in.with_password("ada", WRONG, THERE))
    assert answers.count(Wrong()) == 5
    assert sum(isinstance(answer, Throttled) for answer in answers) == len(answers) - 5


def test_a_stranger_s_guesses_do_not_keep_the_owner_out(world: World) -> None:
    world.person("ada")
    world.sign_in("ada", ELSEWHERE)
    for _ in range(60):
        world.services.sign_in.with_password("ada", WRONG, THERE)
        world.clock.advance(minutes=20)
    assert isinstance(world.services.sign_in.with_password("ada", WRONG, THERE), NotNow)
    assert isinstance(world.services.sign_in.with_password("ada", Secret(PASSWORD), ELSEWHERE), SignedIn)


def test_a_token_finishes_the_sign_in(world: World) -> None:
    world.person("ada", two_factor=True)
    signed_in = world.services.sign_in.with_token(half(world), world.token_for("ada"), LOCAL)
    assert isinstance(signed_in, SignedIn)
    assert signed_in.session.evidence == {"password", "token"}
    assert world.account("ada").password_proved_at is not None
    assert world.events("ada")[-1] is Event.SIGNED_IN


def test_a_token_counts_once(world: World) -> None:
    world.person("ada", two_factor=True)
    first, second = half(world), half(world)
    token = world.token_for("ada")
    assert isinstance(world.services.sign_in.with_token(first, token, LOCAL), SignedIn)
    replayed = world.services.sign_in.with_token(second, token, LOCAL)
    assert isinstance(replayed, TokenUsed)
    assert timedelta() < replayed.wait <= timedelta(seconds=60)


def test_one_token_in_many_hands_signs_in_once(world: World) -> None:
    world.person("ada", two_factor=True)
    halves = [half(world) for _ in range(16)]
    token = world.token_for("ada")
    works = [lambda h=h: world.services.sign_in.with_token(h, token, LOCAL) for h in halves]
    answers = race(*works)
    assert sum(isinstance(answer, SignedIn) for answer in answers) == 1
    assert all(isinstance(answer, SignedIn | TokenUsed | Throttled) for answer in answers)


def test_one_half_open_sign_in_is_finished_once_by_processes(world: World) -> None:
    world.person("ada", two_factor=True)
    begun, token = half(world), world.token_for("ada")
    world.services.close()

    def finish() -> str:
        return type(world.services.sign_in.with_token(begun, token, LOCAL)).__name__

    assert sorted(race_processes(finish)).count("SignedIn") == 1


def test_three_wrong_tokens_end_the_sign_in_and_tell_the_owner(world: World) -> None:
    world.person("ada", two_factor=True)
    begun = half(world)
    answers = [world.services.sign_in.with_token(begun, "000000", THERE) for _ in range(4)]
    assert answers == [TokenWrong(2), TokenWrong(1), TokenWrong(0), Over()]
    assert "three wrong tokens" in world.letter("ada@example.org")


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "１２３４５６", "¹²³⁴⁵⁶", "\x1b[31m", "9" * 1000])
def test_what_is_no_token_costs_no_try(world: World, typed: str) -> None:
    world.person("ada", two_factor=True)
    begun = half(world)
    for _ in range(4):
        assert isinstance(world.services.sign_in.with_token(begun, typed, LOCAL), Invalid)
    assert isinstance(world.services.sign_in.with_token(begun, world.token_for("ada"), LOCAL), SignedIn)


def test_a_half_open_sign_in_dies_after_five_minutes(world: World) -> None:
    world.person("ada", two_factor=True)
    begun = half(world)
    world.clock.advance(minutes=5)
    assert world.services.sign_in.with_token(begun, world.token_for("ada"), LOCAL) == Over()


def test_a_half_open_sign_in_dies_when_the_account_is_locked(world: World) -> None:
    world.person("ada", two_factor=True)
    begun = half(world)
    account, parts = world.account("ada"), world.services.parts
    with parts.storage.unit():
        parts.accounts.change(account, locked_at=world.clock(), lock_reason=Lock.STOPPED.value)
    assert world.services.sign_in.with_token(begun, world.token_for("ada"), LOCAL) == Over()
    assert isinstance(world.services.sign_in.with_password("ada", Secret(PASSWORD), LOCAL), NotNow)
    assert world.services.sign_in.with_password("ada", WRONG, LOCAL) == Wrong()


def test_the_clock_is_said_to_be_off_after_two_tokens_with_the_same_offset(world: World) -> None:
    world.person("ada", two_factor=True)
    begun = half(world)
    assert world.services.sign_in.with_token(begun, world.token_for("ada", steps=5), LOCAL) == TokenWrong(2)
    world.clock.advance(seconds=30)
    answer = world.services.sign_in.with_token(begun, world.token_for("ada", steps=5), LOCAL)
    assert answer == ClockOff(timedelta(seconds=150))


def test_an_unreadable_secret_is_a_broken_factor_and_never_no_factor(world: World) -> None:
    world.person("ada", two_factor=True)
    with Storage(world.settings.database_url).unit():
        from core.two_factor.tables import DeviceRow

        DeviceRow.update(sealed=b"rubbish").execute()
    begun = half(world)
    assert world.services.sign_in.with_token(begun, world.token_for("ada"), LOCAL) == FactorBroken()
    assert isinstance(
        world.services.sign_in.with_backup_code(begun, Secret(world.people["ada"].backup_code), LOCAL), SignedIn
    )


def test_two_factor_switched_off_in_the_database_reads_as_damaged_and_locks(world: World) -> None:
    person = world.person("ada", two_factor=True)
    with Storage(world.settings.database_url).unit():
        from core.accounts.tables import AccountRow

        AccountRow.update(two_factor_since=None).execute()
    assert isinstance(world.services.sign_in.with_password("ada", Secret(person.password), LOCAL), NotNow)
    with world.services.parts.storage.unit():
        assert isinstance(world.services.parts.accounts.by_name("ada"), Damaged)


def test_the_backup_code_signs_in_switches_two_factor_off_and_begins_probation(world: World) -> None:
    person = world.person("ada", two_factor=True)
    other = world.sign_in("ada")
    spent = world.services.sign_in.with_backup_code(half(world), Secret(person.backup_code.lower()), THERE)
    assert isinstance(spent, SignedIn)
    assert (spent.session.kind, spent.session.evidence) == (SessionKind.PROBATION, {"password", "backup_code"})
    account = world.account("ada")
    assert not account.two_factor_on
    assert account.probation is not None
    assert (account.probation.by, account.probation.session) == ("backup_code", spent.session.id)
    assert world.services.sign_in.session(other.ticket) is None
    assert world.events("ada")[-1] is Event.BACKUP_CODE_USED
    assert "backup code" in world.letter("ada@example.org")


def test_the_backup_code_counts_once(world: World) -> None:
    person = world.person("ada", two_factor=True)
    halves = [half(world) for _ in range(16)]
    code = Secret(person.backup_code)
    answers = race(*(lambda h=h: world.services.sign_in.with_backup_code(h, code, LOCAL) for h in halves))
    assert sum(isinstance(answer, SignedIn) for answer in answers) == 1
    assert len(world.sessions("ada")) == 1


def test_a_wrong_backup_code_is_refused_and_throttled_apart_from_tokens(world: World) -> None:
    world.person("ada", two_factor=True)
    begun = half(world)
    guess = Secret("0" * 20)
    answers = [world.services.sign_in.with_backup_code(begun, guess, LOCAL) for _ in range(6)]
    assert answers[:5] == [Wrong()] * 5
    assert isinstance(answers[5], Throttled)
    assert isinstance(world.services.sign_in.with_token(begun, world.token_for("ada"), LOCAL), SignedIn)


@pytest.mark.parametrize("typed", ["", "7K3M9", "U" * 20, "7" * 21, "\x1b" * 20])
def test_what_is_no_backup_code_costs_no_try(world: World, typed: str) -> None:
    person = world.person("ada", two_factor=True)
    begun = half(world)
    for _ in range(6):
        assert isinstance(world.services.sign_in.with_backup_code(begun, Secret(typed), LOCAL), Invalid)
    spent = world.services.sign_in.with_backup_code(begun, Secret(person.backup_code), LOCAL)
    assert isinstance(spent, SignedIn)


def test_an_ended_sign_in_does_not_spend_the_backup_code(world: World) -> None:
    person = world.person("ada", two_factor=True)
    begun = half(world)
    world.clock.advance(minutes=6)
    assert world.services.sign_in.with_backup_code(begun, Secret(person.backup_code), LOCAL) == Over()
    assert isinstance(world.services.sign_in.with_backup_code(half(world), Secret(person.backup_code), LOCAL), SignedIn)


def test_too_many_wrong_tokens_block_the_factor_outside_and_never_the_known_lane(world: World) -> None:
    world.person("ada", two_factor=True)
    for _ in range(50):
        world.services.sign_in.with_token(half(world, origin=THERE), "000000", THERE)
        world.clock.advance(minutes=16)
    assert isinstance(
        world.services.sign_in.with_token(half(world, origin=THERE), world.token_for("ada"), THERE), FactorBlocked
    )
    assert isinstance(world.services.sign_in.with_token(half(world), world.token_for("ada"), LOCAL), SignedIn)


def test_a_key_of_the_account_prefills_its_name_and_is_a_known_lane(world: World) -> None:
    key = ProvedKey(
        "SHA256:s+Gn7ogdn8MpQT7AtVmeXLxcdsTYTnVPT8QIQhJ6gzU",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2v8m0c6p0yH1m3l5n7q9s1u3w5y7A9C1E3G5I7K9M1",
    )
    origin = Origin("203.0.113.7", key)
    assert world.services.sign_in.hint(origin) is None
    assert world.services.sign_in.hint(LOCAL) is None


def test_signing_out_ends_the_session_here_and_for_good(world: World) -> None:
    world.person("ada")
    signed_in = world.sign_in("ada")
    world.services.sign_in.sign_out(signed_in.ticket)
    world.services.sign_in.sign_out(signed_in.ticket)
    assert world.services.sign_in.session(signed_in.ticket) is None
    assert world.events("ada").count(Event.SIGNED_OUT) == 2  # this one, and the one after signing up


def test_a_session_ends_when_idle_and_when_its_time_is_over(world: World) -> None:
    world.person("ada")
    idle, busy = world.sign_in("ada"), world.sign_in("ada")
    for _ in range(25):
        world.clock.advance(minutes=29)
        world.services.sign_in.touch(busy.ticket)
    assert world.services.sign_in.session(idle.ticket) is None
    assert world.services.sign_in.session(busy.ticket) is None
    assert busy.session.expires_at - busy.session.opened_at == timedelta(hours=12)
