import itertools
import os
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import timedelta

import argon2
import pytest

from core.accounts.hashing import Hasher, Parameters, Slots, read_parameters
from core.errors import HasherBusy
from core.secret import Secret
from tests.racing import race, race_processes

GOOD = Secret("correct horse battery staple")
HERE = ("f" * 32, "password")


@dataclass(frozen=True)
class Cheap:
    argon2_time: int = 1
    argon2_memory_kib: int = 64
    argon2_lanes: int = 1


@pytest.fixture
def hasher(vault, home):
    return Hasher(Cheap(), vault, home)


def encoded(vault, stored):
    return vault.unseal(stored, *HERE).decode()


def test_the_password_that_was_hashed_is_right_and_no_other(hasher):
    stored = hasher.hash(GOOD, *HERE)
    assert hasher.verify(stored, GOOD, *HERE)
    assert not hasher.verify(stored, Secret("correct horse battery stapl"), *HERE)
    assert not hasher.verify(stored, Secret("Correct horse battery staple"), *HERE)
    assert not hasher.verify(stored, Secret(""), *HERE)


def test_a_hash_is_argon2id_with_the_parameters_of_the_settings(vault, home):
    settings = Cheap(argon2_time=2, argon2_memory_kib=19456)
    stored = Hasher(settings, vault, home).hash(GOOD, *HERE)
    found = argon2.extract_parameters(encoded(vault, stored))
    assert (found.type, found.time_cost, found.memory_cost, found.parallelism) == (argon2.Type.ID, 2, 19456, 1)
    assert (found.salt_len, found.hash_len, found.version) == (16, 32, 19)


def test_two_hashes_of_one_password_differ(hasher, vault):
    first, second = hasher.hash(GOOD, *HERE), hasher.hash(GOOD, *HERE)
    assert encoded(vault, first) != encoded(vault, second)


def test_the_stored_bytes_tell_nothing_without_the_keys(hasher):
    assert b"argon2" not in hasher.hash(GOOD, *HERE)


def test_a_hash_moved_to_another_account_or_use_opens_nothing(hasher):
    stored = hasher.hash(GOOD, *HERE)
    assert not hasher.verify(stored, GOOD, "0" * 32, "password")
    assert not hasher.verify(stored, GOOD, "f" * 32, "backup code")


def test_a_hash_that_was_tampered_with_opens_nothing(hasher):
    stored = bytearray(hasher.hash(GOOD, *HERE))
    stored[-1] ^= 1
    assert not hasher.verify(bytes(stored), GOOD, *HERE)
    assert not hasher.verify(b"", GOOD, *HERE)


def test_composed_and_decomposed_letters_are_one_password(hasher):
    stored = hasher.hash(Secret("caf\u00e9 caf\u00e9 caf\u00e9"), *HERE)
    assert hasher.verify(stored, Secret("cafe\u0301 cafe\u0301 cafe\u0301"), *HERE)


@pytest.mark.parametrize("text", ["a" * 1024, " leading and trailing ", "nul\x00inside", "🦊" * 20, "tab\tand\nline"])
def test_a_password_is_compared_exactly_as_received(hasher, text):
    stored = hasher.hash(Secret(text), *HERE)
    assert hasher.verify(stored, Secret(text), *HERE)
    assert not hasher.verify(stored, Secret(text[:-1]), *HERE)
    assert not hasher.verify(stored, Secret(text.strip() + "x"), *HERE)


def test_text_that_can_be_no_password_is_never_hashed_and_never_right(hasher):
    stored = hasher.hash(Secret("a" * 1024), *HERE)
    for text in ["a" * 1025, "a" * 10_000_000, "half \ud83e"]:
        assert not hasher.verify(stored, Secret(text), *HERE)
        with pytest.raises(ValueError):
            hasher.hash(Secret(text), *HERE)


@pytest.mark.parametrize(
    "tampered",
    [
        "$argon2id$v=19$m=4194304,t=2,p=1$",
        "$argon2id$v=19$m=64,t=4000,p=1$",
        "$argon2id$v=19$m=262144,t=9999,p=1$",
        "$argon2id$v=19$m=65536,t=1,p=255$",
        "$argon2id$v=19$m=99999999999,t=1,p=1$",
        "$argon2id$v=19$m=7,t=1,p=1$",
        "$argon2id$v=19$m=64,t=0,p=1$",
        "$argon2id$v=16$m=64,t=1,p=1$",
        "$argon2i$v=19$m=64,t=1,p=1$",
        "$2b$12$",
        "",
    ],
)
def test_a_tampered_cost_costs_nothing(hasher, vault, tampered):
    genuine = encoded(vault, hasher.hash(GOOD, *HERE))
    stored = vault.seal((tampered + "$".join(genuine.split("$")[4:])).encode(), *HERE)
    began = time.process_time()
    assert not hasher.verify(stored, GOOD, *HERE)
    assert time.process_time() - began < 0.05


def test_hashes_of_other_times_still_open(vault, home):
    for before in [Cheap(), Cheap(2, 19456), Cheap(3, 65536, 4), Cheap(1, 47104)]:
        stored = Hasher(before, vault, home).hash(GOOD, *HERE)
        for now in [Cheap(), Cheap(2, 19456)]:
            assert Hasher(now, vault, home).verify(stored, GOOD, *HERE)


def test_every_setting_there_can_be_opens_its_own_hashes():
    for setting in [Parameters(20, 4194304, 16), Parameters(2, 19456, 1), Parameters(20, 19456, 16)]:
        assert setting.allowed(setting)


def test_a_hash_with_other_parameters_than_todays_is_stale(hasher, vault, home):
    stored = hasher.hash(GOOD, *HERE)
    assert not hasher.stale(stored, *HERE)
    assert Hasher(replace(Cheap(), argon2_time=2), vault, home).stale(stored, *HERE)
    assert not hasher.stale(b"unreadable", *HERE)


def test_parameters_are_read_from_our_own_shape_only():
    good = b"$argon2id$v=19$m=19456,t=2,p=1$" + b"A" * 22 + b"$" + b"B" * 43
    assert read_parameters(good) == Parameters(2, 19456, 1)
    assert read_parameters(good + b"\n") is None
    assert read_parameters(good[:-1]) is None
    assert read_parameters(good.replace(b"2,", "٢,".encode())) is None


def test_nobody_costs_as_much_as_somebody(vault, home):
    hasher = Hasher(Cheap(2, 19456), vault, home)
    stored = hasher.hash(GOOD, *HERE)
    wrong = Secret("wrong password")
    tries = [
        (stored, wrong),
        (None, wrong),
        (b"unreadable", wrong),
        (stored, Secret("a" * 1025)),
        (stored, Secret("\ud83e")),
    ]
    best = dict.fromkeys(range(len(tries)), float("inf"))
    for _ in range(7):  # in turns, and by the processor's time, so that a busy machine weighs on all alike
        for place, (which, password) in enumerate(tries):
            began = time.process_time()
            assert not hasher.verify(which, password, *HERE)
            best[place] = min(best[place], time.process_time() - began)
    assert all(0.5 < best[place] / best[0] < 2 for place in best)


def test_a_dummy_is_never_right(hasher):
    for text in ["", "A", "correct horse battery staple"]:
        assert not hasher.verify(None, Secret(text), "", "password")


def test_the_slots_are_shared_by_threads_and_bounded(home):
    slots = Slots(home / "slots", cores=2)
    inside, most = [], []

    def work():
        with slots.taken():
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.01)
            inside.pop()

    race(work)
    assert max(most) <= 2
    assert len(most) == 16


def test_the_slots_are_shared_by_processes(home):
    slots = Slots(home / "slots", cores=1)

    def work():
        with slots.taken():
            began = time.monotonic()
            time.sleep(0.05)
            return began, time.monotonic()

    spans = sorted(race_processes(work))
    assert all(ended <= began for (_, ended), (began, _) in itertools.pairwise(spans))


def test_the_queue_is_bounded_and_says_how_long_to_wait(home):
    slots = Slots(home / "slots", cores=1, queue=2)

    def work():
        try:
            with slots.taken(timedelta(seconds=60)):
                return None
        except HasherBusy as busy:
            return busy.wait

    with ThreadPoolExecutor(16) as pool:
        with slots.taken():
            running = [pool.submit(work) for _ in range(16)]
            refused = [one.result() for one in itertools.islice(as_completed(running, timeout=30), 14)]
        done = [one.result() for one in running].count(None)
    assert done == 2
    assert all(timedelta(seconds=1) <= wait <= timedelta(seconds=10) for wait in refused)


def test_nobody_waits_for_ever(home):
    slots = Slots(home / "slots", cores=1)
    with slots.taken():
        began = time.monotonic()
        with pytest.raises(HasherBusy) as busy, slots.taken(timedelta(seconds=0.1)):
            pass
        assert 0.1 <= time.monotonic() - began < 2
    assert busy.value.wait >= timedelta(seconds=1)
    with slots.taken(timedelta(0)):
        pass


def test_a_process_that_dies_leaves_its_slot(home):
    slots = Slots(home / "slots", cores=1)
    child = os.fork()
    if child == 0:
        with slots.taken():
            os._exit(0)
    assert os.waitpid(child, 0) == (child, 0)
    began = time.monotonic()
    with slots.taken():
        assert time.monotonic() - began < 1


def test_a_slot_comes_free_when_its_work_fails(home):
    slots = Slots(home / "slots", cores=1)
    with pytest.raises(RuntimeError), slots.taken():
        raise RuntimeError
    with slots.taken(timedelta(0)):
        pass


def test_the_slots_are_private(home, hasher):
    hasher.hash(GOOD, *HERE)
    assert (home / "slots").stat().st_mode & 0o777 == 0o700
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in (home / "slots").iterdir())
