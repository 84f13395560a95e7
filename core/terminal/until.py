"""A journey that something outside it may end."""

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")
Reason = TypeVar("Reason")


@dataclass(frozen=True, slots=True)
class Cut(Generic[Reason]):
    """What was under way was ended from outside."""

    why: Reason


async def until(doing: Coroutine[Any, Any, Answer], ending: Coroutine[Any, Any, Reason]) -> Answer | Cut[Reason]:
    """What `doing` answers, unless `ending` returns first and says why; then `doing` is cancelled."""
    done, watch = asyncio.create_task(doing), asyncio.create_task(ending)
    try:
        await asyncio.wait({done, watch}, return_when=asyncio.FIRST_COMPLETED)
        return done.result() if done.done() else Cut(watch.result())
    finally:
        done.cancel()
        watch.cancel()


async def within(seconds: float, event: asyncio.Event) -> None:
    """Return when `event` is set, at the latest after `seconds`; nothing goes on waiting for it afterwards."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
