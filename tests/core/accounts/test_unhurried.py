"""Long computations give way to short ones, and to nothing else."""

import os
import sys
import threading

import pytest

from core.accounts.unhurried import unhurried


def _niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
def test_it_gives_way_while_it_computes_and_nobody_else_does() -> None:
    before = _niceness()
    assert unhurried(_niceness) == min(19, before + 10)
    assert _niceness() == before


def test_what_goes_wrong_is_raised_where_it_is_waited_for() -> None:
    with pytest.raises(ZeroDivisionError):
        unhurried(lambda: 1 // 0)
