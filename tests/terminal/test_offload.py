"""Calls off the event loop."""

import asyncio
import os
import threading
import time

import pytest

from core.terminal.offload import THREADS, offload, offload_quietly


async def test_a_call_gives_its_answer_and_its_exception():
    assert await offload(divmod, 7, 3) == (2, 1)
    assert await offload(int, "ff", base=16) == 255
    with pytest.raises(ZeroDivisionError):
        await offload(divmod, 7, 0)


async def test_the_loop_goes_on_meanwhile():
    ticked = threading.Event()

    async def tick() -> None:
        for _ in range(10):
            await asyncio.sleep(0)
        ticked.set()

    ticking = asyncio.create_task(tick())
    assert await offload(ticked.wait, 60)
    await ticking


async def test_only_so_many_calls_run_at_once():
    running, most = 0, 0
    lock, full = threading.Lock(), threading.Event()

    def call() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            if most == THREADS:
                full.set()
        assert full.wait(60)
        time.sleep(0.002)  # so that one more would be seen
        with lock:
            running -= 1

    await asyncio.gather(*(offload_quietly(call) for _ in range(20)))
    assert most == THREADS


async def test_who_stops_waiting_does_not_stop_the_call():
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def call() -> None:
        begun.set()
        assert go_on.wait(60)
        done.set()

    waiting = asyncio.create_task(offload(call))
    assert await asyncio.to_thread(begun.wait, 60)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go_on.set()
    assert await asyncio.to_thread(done.wait, 60)


def test_a_forked_process_has_threads_of_its_own():
    assert asyncio.run(offload(threading.get_ident)) != threading.get_ident()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            answer = asyncio.run(asyncio.wait_for(offload(lambda: b"from a thread"), 60))
        except BaseException as error:
            answer = repr(error).encode()
        os.write(write, answer)
        os._exit(0)
    os.close(write)
    assert os.read(read, 100) == b"from a thread"
    os.waitpid(child, 0)
    os.close(read)
