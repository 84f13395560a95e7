"""kill -9 in the middle of something, wherever that is."""

import itertools
import os
import signal
import sys
from collections.abc import Callable, Iterator

from tests.soak import soak_count


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
