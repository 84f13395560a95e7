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
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.005)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await offload(time.sleep, 0.2)
    ticking.cancel()
    assert ticks > 10


async def test_only_so_many_calls_run_at_once():
    running, most = 0, 0
    lock = threading.Lock()

    def call() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1

    await asyncio.gather(*(offload_quietly(call) for _ in range(20)))
    assert most == THREADS


async def test_who_stops_waiting_does_not_stop_the_call():
    done = threading.Event()

    def call() -> None:
        time.sleep(0.1)
        done.set()

    waiting = asyncio.create_task(offload(call))
    await asyncio.sleep(0.02)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await asyncio.to_thread(done.wait, 5)


def test_a_forked_process_has_threads_of_its_own():
    assert asyncio.run(offload(threading.get_ident)) != threading.get_ident()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            answer = asyncio.run(asyncio.wait_for(offload(lambda: b"from a thread"), 5))
        except BaseException as error:
            answer = repr(error).encode()
        os.write(write, answer)
        os._exit(0)
    os.close(write)
    assert os.read(read, 100) == b"from a thread"
    os.waitpid(child, 0)
    os.close(read)
