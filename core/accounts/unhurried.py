"""Long computations that let short ones go first: who types in another session must not feel that somebody signs in."""

import os
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

YIELDS = 10
"""Steps of niceness: a tenth of the share of a processor that others want too, all of one that nobody wants."""
_MOST = 19


def unhurried(work: Callable[[], Answer]) -> Answer:
    """What `work` returns or raises, computed in a thread that gives way to all others.

    The thread is made for it and ends with it: an ordinary user can give priority away, but not take it back.
    """
    if sys.platform != "linux":  # elsewhere a thread has no priority of its own, and the whole process would give way
        return work()
    answers: list[Answer] = []
    failures: list[BaseException] = []

    def give_way() -> None:
        try:
            mine = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, mine, min(_MOST, os.getpriority(os.PRIO_PROCESS, mine) + YIELDS))
            answers.append(work())
        except BaseException as failure:  # noqa: BLE001  # raised again where it is waited for
            failures.append(failure)

    thread = threading.Thread(target=give_way, name="unhurried")
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return answers[0]
