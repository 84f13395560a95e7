"""A stored code is spent once, replaced by the next, and worthless once void."""

import functools
from collections import Counter
from datetime import timedelta

import pytest

from core.backup_code import BackupCodes, State
from tests.racing import race, race_processes
from tests.soak import soak_count
from tests.units import InUnits

ADA, BOB = "a" * 32, "b" * 32


@pytest.fixture
def codes(storage, clock):
    return InUnits(storage, BackupCodes(clock))


def test_without_a_code_there_is_none(codes):
    assert codes.current(ADA) is None
    assert codes.state(ADA) is State.NONE
    assert not codes.void(ADA)
    assert not codes.forget(ADA)


def test_a_code_is_kept_as_its_hash(codes, clock):
    codes.store(ADA, b"hash")
    stored = codes.current(ADA)
    assert (stored.account, stored.hash, stored.made_at) == (ADA, b"hash", clock())
    assert (stored.used_at, stored.used_in) == (None, None)
    assert codes.state(ADA) is State.READY
    assert "hash=" not in repr(stored)


def test_a_code_belongs_to_one_account(codes):
    codes.store(ADA, b"hers")
    codes.store(BOB, b"his")
    codes.spend(codes.current(BOB))
    assert codes.current(ADA).hash == b"hers"
    assert codes.state(ADA) is State.READY


def test_a_code_is_spent_once(codes, clock):
    codes.store(ADA, b"hash")
    stored = codes.current(ADA)
    assert codes.spend(stored, "session")
    assert not codes.spend(stored, "another")
    assert codes.state(ADA) is State.SPENT
    spent = codes.current(ADA)
    assert (spent.used_at, spent.used_in) == (clock(), "session")


def test_a_spent_code_keeps_its_hash_for_probation_and_cannot_be_spent_again(codes, clock):
    codes.store(ADA, b"hash")
    codes.spend(codes.current(ADA))
    clock.advance(days=400)
    spent = codes.current(ADA)
    assert spent.hash == b"hash"
    assert spent.used_at == clock() - timedelta(days=400)
    assert not codes.spend(spent)


def test_a_new_code_replaces_the_old_one_spent_or_not(codes, clock):
    codes.store(ADA, b"first")
    first = codes.current(ADA)
    codes.store(ADA, b"second")
    assert not codes.spend(first)
    assert codes.spend(codes.current(ADA))
    clock.advance(days=1)
    codes.store(ADA, b"third")
    third = codes.current(ADA)
    assert (third.hash, third.made_at, third.used_at) == (b"third", clock(), None)
    assert codes.state(ADA) is State.READY


def test_a_void_code_is_worthless_and_its_hash_is_gone(codes):
    codes.store(ADA, b"hash")
    stored = codes.current(ADA)
    assert codes.void(ADA)
    assert not codes.void(ADA)
    assert codes.current(ADA) is None
    assert codes.state(ADA) is State.VOID
    assert not codes.spend(stored)


def test_a_spent_code_that_leaked_is_made_void_too(codes):
    codes.store(ADA, b"hash")
    codes.spend(codes.current(ADA))
    assert codes.void(ADA)
    assert codes.current(ADA) is None
    assert codes.state(ADA) is State.VOID


def test_after_a_void_code_comes_a_new_one(codes):
    codes.store(ADA, b"first")
    codes.void(ADA)
    codes.store(ADA, b"second")
    assert codes.state(ADA) is State.READY
    assert codes.spend(codes.current(ADA))


def test_a_code_that_was_forgotten_does_not_come_back(codes):
    codes.store(ADA, b"first")
    first = codes.current(ADA)
    assert codes.forget(ADA)
    assert codes.current(ADA) is None
    assert codes.state(ADA) is State.NONE
    assert not codes.spend(first)
    codes.store(ADA, b"second")
    assert not codes.spend(first)


@pytest.mark.parametrize("racing", [race, race_processes], ids=["threads", "processes"])
def test_of_many_who_spend_it_at_once_one_gets_in(codes, racing):
    for turn in range(soak_count(4, 1000)):
        codes.store(ADA, f"hash {turn}".encode())
        stored = codes.current(ADA)
        answers = racing(functools.partial(codes.spend, stored, "session"))
        assert Counter(answers) == {True: 1, False: len(answers) - 1}


def test_spending_against_a_new_code_leaves_the_new_one_unspent(codes):
    for turn in range(soak_count(4, 1000)):
        codes.store(ADA, b"old %d" % turn)
        old = codes.current(ADA)
        answers = race(
            functools.partial(codes.spend, old), functools.partial(codes.store, ADA, b"new %d" % turn), threads=8
        )
        assert answers[0::2].count(True) <= 1
        assert codes.state(ADA) is State.READY
        assert codes.current(ADA).hash == b"new %d" % turn


def test_spending_against_making_it_void_never_leaves_a_code_that_counts(codes):
    for turn in range(soak_count(4, 1000)):
        codes.store(ADA, b"%d" % turn)
        stored = codes.current(ADA)
        answers = race(functools.partial(codes.spend, stored), functools.partial(codes.void, ADA), threads=8)
        assert answers[0::2].count(True) <= 1
        assert answers[1::2].count(True) == 1
        assert codes.state(ADA) is State.VOID
