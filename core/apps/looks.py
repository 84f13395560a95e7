"""When an app looks whether the session of whoever is signed in still lives. No use case waits for a look: each asks itself."""

import asyncio
from datetime import timedelta

from core.clock import Clock
from core.sessions import Session
from core.terminal.presence import Presence
from core.terminal.until import within

LOOK_EVERY = 5.0
"""Seconds between two looks while somebody types, and always where nobody tells what happens elsewhere."""
LOOK_SELDOM = 600.0
"""Seconds between two while nobody types and a clerk tells: only in case its word was lost."""
SOON = 1.0
"""Seconds between two looks at a session that is about to end by itself."""


class Looks:
    """When to look at a session: for somebody at whose terminal `presence` is noted.

    With `has_clerk`, a server's clerk sets the event of `due` when something happened elsewhere, so that a session at
    rest asks the database only when its own time is up, and now and then.
    """

    def __init__(self, presence: Presence, clock: Clock, *, has_clerk: bool) -> None:
        self._presence = presence
        self._clock = clock
        self._has_clerk = has_clerk

    async def due(self, session: Session, told: asyncio.Event) -> None:
        """Return when it is time to look at `session`, at once when `told` is set; it is cleared."""
        if self._has_clerk:
            await _either(told, self._presence.stirred, min(LOOK_SELDOM, max(SOON, self._left(session))))
        if not self._has_clerk or self._presence.stirred.is_set():
            await within(min(LOOK_EVERY, max(SOON, self._left(session))), told)
        told.clear()

    async def put_off(self, told: asyncio.Event, *, stirred: bool) -> None:
        """The database did not answer: the next look comes soon, and knows that somebody was there, if `stirred`."""
        if stirred:
            self._presence.stir()
        await asyncio.sleep(LOOK_EVERY)
        told.set()

    def _left(self, session: Session) -> float:
        """Seconds until `session` ends by itself, as far as is known here."""
        ends = min(session.expires_at, session.seen_at + session.idle)
        return (ends - self._clock()) / timedelta(seconds=1)


async def _either(first: asyncio.Event, second: asyncio.Event, seconds: float) -> None:
    """Return when one of the two is set, at the latest after `seconds`."""
    waits = [asyncio.create_task(event.wait()) for event in (first, second)]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
