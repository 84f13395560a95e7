"""kill -9 in the middle of something, wherever that is; and for many times in one process, an end right before a commit."""

import itertools
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from core.storage import Storage
from tests.soak import soak_count


class Died(BaseException):
    """Nothing goes on behind it, as in a process that was killed: nobody catches it on the way."""


def moments() -> Iterator[int]:
    """Steps of Python to kill at, one after the other, until a run gets through; such a use case takes about 80,000."""
    return itertools.count(40, 80_000 // soak_count(12, 400))


def killed_at(line: int, work: Callable[[], object]) -> bool:
    """Fork, run `work` there and kill -9 it at its `line`-th step of Python; whether it was still running then."""
    child = os.fork()
    if child == 0:
        steps = 0

        def count(frame: object, event: str, argument: object) -> object:
            nonlocal steps
            steps += event == "line"
            if steps >= line:
                os.kill(os.getpid(), signal.SIGKILL)
            return count

        sys.settrace(count)
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def died_in_unit(storage: Storage, number: int, work: Callable[[], object]) -> bool:
    """Run `work` and let it die in its `number`-th unit that changes anything, right before that is kept; whether it did.

    What the units before it changed is kept, and of that one nothing, which is looked at from beside. SQLite only.
    """
    whole, left = storage.unit, number
    path = storage.url.removeprefix("sqlite:///")

    def changes() -> int:
        return int(storage._database.connection().total_changes)

    with closing(sqlite3.connect(path)) as beside, pytest.MonkeyPatch.context() as patched:

        def commits() -> int:
            """Another number after each commit of anybody else."""
            (version,) = beside.execute("PRAGMA data_version").fetchone()
            return int(version)

        @contextmanager
        def mortal() -> Iterator[None]:
            nonlocal left
            before = None
            try:
                with whole():
                    unchanged = changes()
                    yield
                    left -= changes() > unchanged
                    if left == 0:
                        before = commits()
                        raise Died
            finally:
                assert before is None or before == commits(), "something of it was kept"

        patched.setitem(vars(storage), "unit", mortal)
        try:
            work()
        except Died:
            return True
    return False
