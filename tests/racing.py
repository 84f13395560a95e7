"""Many at once: what must have one winner is tried by threads, and by processes, that start on the same signal."""

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any

THREADS = 16
PROCESSES = 4


def race(*works: Callable[[], Any], threads: int = THREADS) -> list[Any]:
    """What each of `threads` threads answered, the works dealt out in turn; the first error of any of them is raised."""
    together = threading.Barrier(threads)

    def run(work: Callable[[], Any]) -> Any:
        together.wait(timeout=30)
        return work()

    with ThreadPoolExecutor(threads) as pool:
        return [running.result(timeout=60) for running in [pool.submit(run, work) for work in _dealt(works, threads)]]


def race_processes(*works: Callable[[], Any], processes: int = PROCESSES) -> list[Any]:
    """The same with processes, forked off here; their answers must be picklable."""
    context = multiprocessing.get_context("fork")
    together = context.Barrier(processes)

    def run(work: Callable[[], Any], answer: Connection) -> None:
        together.wait(timeout=30)
        try:
            answer.send((work(), None))
        except BaseException as error:  # told to the parent, which raises it
            answer.send((None, repr(error)))
            raise

    pipes = [context.Pipe(duplex=False) for _ in range(processes)]
    started = [
        context.Process(target=run, args=(work, sending))
        for work, (_, sending) in zip(_dealt(works, processes), pipes, strict=True)
    ]
    for process in started:
        process.start()
    answers = [receiving.recv() if receiving.poll(60) else (None, "no answer") for receiving, _ in pipes]
    for process in started:
        process.join(10)
    assert [error for _, error in answers if error] == []
    return [answer for answer, _ in answers]


def _dealt(works: Sequence[Callable[[], Any]], count: int) -> list[Callable[[], Any]]:
    return [works[place % len(works)] for place in range(count)]
