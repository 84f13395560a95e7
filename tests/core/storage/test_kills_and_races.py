"""What holds when many write at once, and when one of them is killed."""

import multiprocessing
import os
import signal
import sqlite3
import time
from datetime import timedelta

import pytest

from core.storage import Leases, Storage
from core.storage.tables import LeaseRow
from tests.racing import PROCESSES, race, race_processes
from tests.repeatable import BEGINNING
from tests.soak import soak_count

LATER = BEGINNING + timedelta(hours=1)


def count(storage, *conditions):
    with storage.unit():
        return LeaseRow.select().where(*conditions).count() if conditions else LeaseRow.select().count()


@pytest.mark.parametrize("turn", range(soak_count(3, 500)))
def test_of_threads_that_take_one_lease_at_once_one_gets_it(storage, clock, turn):
    with storage.unit():
        Leases(clock).take("old", "nobody", BEGINNING)

    def take(name):
        def act():
            with storage.unit():
                return Leases(clock).take(name, str(time.monotonic_ns()), LATER)

        return act

    assert sum(race(take("new"))) == 1
    assert sum(race(take("old"))) == 1  # it had ended


def test_processes_that_write_at_once_wait_for_each_other_and_lose_nothing(storage):
    turns = soak_count(25, 500)
    with storage.unit():
        LeaseRow.insert(name="count", holder="0", until=BEGINNING).execute()

    def work():
        won = 0
        for turn in range(turns):
            with storage.unit():
                row = LeaseRow.get(LeaseRow.name == "count")
                changed = LeaseRow.update(holder=str(int(row.holder) + 1)).where(
                    LeaseRow.name == "count", LeaseRow.holder == row.holder
                )
                won += changed.execute()
                LeaseRow.insert(name=f"{os.getpid()} {turn}", holder="x", until=BEGINNING).execute()
        return won

    won = race_processes(work)
    with storage.unit():
        assert int(LeaseRow.get(LeaseRow.name == "count").holder) == sum(won)
    assert count(storage) == PROCESSES * turns + 1


def write_until_killed(url, answer):
    storage = Storage(url)
    number = 0
    while True:
        with storage.unit():
            LeaseRow.insert(name=f"{os.getpid()} {number}", holder="one", until=BEGINNING).execute()
            LeaseRow.insert(name=f"{os.getpid()} {number} again", holder="two", until=BEGINNING).execute()
        os.write(answer, number.to_bytes(4, "big"))
        number += 1


def test_what_was_answered_before_a_kill_is_kept_and_units_are_whole(storage):
    written = 0
    for turn in range(soak_count(3, 200)):
        reading, writing = os.pipe()
        child = multiprocessing.get_context("fork").Process(target=write_until_killed, args=(storage.url, writing))
        child.start()
        os.close(writing)
        answered = os.read(reading, 4)
        time.sleep(0.003 * (turn % 7))
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        while piece := os.read(reading, 4):
            answered = piece
        os.close(reading)
        written += int.from_bytes(answered, "big") + 1
        ones, twos = count(storage, LeaseRow.holder == "one"), count(storage, LeaseRow.holder == "two")
        assert ones == twos
        assert ones >= written
        written = ones  # one more may have been kept than was answered
    storage.close()
    if storage.url.startswith("sqlite"):
        connection = sqlite3.connect(storage.url.removeprefix("sqlite:///"))
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
