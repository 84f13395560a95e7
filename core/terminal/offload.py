"""Domain calls from a screen: off the event loop, so that the screen stays alive.

    @work
    async def submit(self) -> None:
        outcome = await offload(self._sign_in.with_password, name, password, origin)

Keys that arrive while an `offload` runs that a key set off are held until it is over (see `typeahead`). A call that
nobody waits for (a poll, a strength meter, a wait for news) is `offload_quietly`.
"""

import asyncio
import contextvars
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from core.terminal.typeahead import holding

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

THREADS = 4
"""Calls of one process that run at once; the rest queue."""

_pools: dict[int, ThreadPoolExecutor] = {}


def _pool() -> ThreadPoolExecutor:
    """The threads of this process, made by its first call: threads do not survive a fork."""
    process = os.getpid()
    pool = _pools.get(process)
    if pool is None:
        _pools.clear()
        pool = _pools[process] = ThreadPoolExecutor(THREADS, "domain")
    return pool


def end_threads() -> None:
    """Wait for the calls under way, and have no thread; the next call makes new ones. Before a fork there is none."""
    for pool in _pools.values():
        pool.shutdown(wait=True)
    _pools.clear()


async def offload(call: Callable[Asked, Answer], *args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
    """What `call` returns, computed in a thread while keys are held; cancelling stops the waiting, not the call."""
    with holding():
        return await offload_quietly(call, *args, **kwargs)


async def offload_quietly(call: Callable[Asked, Answer], *args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
    """What `call` returns, computed in a thread; keys flow on meanwhile."""
    context = contextvars.copy_context()
    work = partial(context.run, partial(call, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_pool(), work)
