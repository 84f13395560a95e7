"""An app over the services: it opens them when somebody is there, and follows one journey to its end."""

import asyncio
import contextlib
from abc import abstractmethod
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from textual import events, work

from core.errors import DatabaseBusy, LockwrightError, StorageError
from core.origin import Origin
from core.services import Services
from core.sessions import Session
from core.terminal.app import TerminalApp
from core.terminal.offload import offload_quietly
from core.terminal.peer import Peer
from core.terminal.presence import Presence
from core.use_cases.words import span

WORK_EVERY = 1.0
"""Seconds between two rounds of due work, when an app does it."""

SLOW = 1.0
"""Seconds after which whoever looks at a first screen is told that it is not ready yet."""
PATIENCE = 30.0
"""Seconds for which a database that somebody else holds is waited for."""
UNDER_WAY = 0.3
"""Seconds in which what a key set off may still end when nobody is there any more: it can leave another session."""
LAST_CALL = 3.0
"""Seconds that ending a session may keep an app that nobody sees any more."""
NOT_YET = "One moment: the database does not answer yet."
HELD = "The database is busy, because another program holds it. Trying again; ctrl+q leaves."
STAYED_BUSY = (
    "another program held the database for all of {time}. Nothing was changed. See what holds it (a "
    "backup, a database tool, another Lockwright), then start again."
)

OpenServices = Callable[[], Services]


class SignedIn(Protocol):
    """Whoever is signed in at an app, as far as the app needs to know."""

    session: Session
    gone: asyncio.Event
    """Set when something happened to the session or its account, which may have ended it."""


class Journey(Protocol):
    """Screen after screen, for whoever comes."""

    @property
    def here(self) -> SignedIn | None:
        """Who is signed in now."""

    async def run(self) -> None:
        """Go through it; it returns only when the app ends."""


class JourneyApp(TerminalApp):
    """Can be composed before anybody is there: `arrived` says who is, and only then `open_services` runs, in a thread.

    With `does_due_work`, mail and expiry are looked after while it runs (an app on this machine). With `has_clerk`, a
    server's clerk does that, and tells by `news` what happened elsewhere, so that the database is seldom asked.
    """

    def __init__(
        self,
        open_services: OpenServices,
        *,
        does_due_work: bool = False,
        has_clerk: bool = False,
        report: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(report=report)
        self._open_services = open_services
        self._does_due_work = does_due_work
        self._has_clerk = has_clerk
        self._peer: Peer | None = None
        self._journey: Journey | None = None
        self.presence = Presence()

    @abstractmethod
    def journey(self, services: Services, origin: Origin) -> Journey:
        """The way through this app for somebody who comes from `origin`."""

    @abstractmethod
    def waits(self, sentence: str) -> None:
        """Say on the first screen why nothing can be done there yet; nothing when empty."""

    @abstractmethod
    async def sign_out(self) -> None:
        """End the session of whoever is signed in, if anybody is."""

    def on_mount(self) -> None:
        if self._peer is not None:
            self.begin(self._peer)

    def arrived(self, peer: Peer) -> None:
        """Take who is at the other end; before the start or after."""
        self._peer = peer
        if self.is_running:
            self.begin(peer)

    def news(self, tag: str) -> None:
        """Something happened to the session `tag` elsewhere: look at once."""
        here = self._journey.here if self._journey is not None else None
        if here is not None and here.session.id == tag:
            here.gone.set()

    @work
    async def begin(self, peer: Peer) -> None:
        """Open the services, then follow the journey to its end."""
        try:
            services = await self._open()
        except LockwrightError as error:
            self.give_up(f"{self.NAME} cannot start: {error}")
            return
        if self._does_due_work:
            self.do_due_work(services)
        self._journey = self.journey(services, peer.origin)
        await self._journey.run()

    async def _open(self) -> Services:
        """The services, as soon as the database lets us in; whoever waits for it is told so."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        told: list[str] = []

        def tell(why: str) -> None:
            told.append(why)
            self.waits(why)

        slow = loop.call_later(SLOW, tell, NOT_YET)
        while True:
            try:
                services = await offload_quietly(self._open_services)
                break
            except DatabaseBusy:
                if loop.time() >= deadline:
                    raise DatabaseBusy(STAYED_BUSY.format(time=span(timedelta(seconds=PATIENCE)))) from None
                tell(HELD)
            finally:
                slow.cancel()
        if told:  # nothing is painted anew for those who never waited
            self.waits("")
        return services

    @work
    async def do_due_work(self, services: Services) -> None:
        """Deliver mail and let things expire, a round at a time."""
        while True:
            with contextlib.suppress(StorageError):  # the next round tries again
                await offload_quietly(services.due.tick)
            await asyncio.sleep(WORK_EVERY)

    async def on_event(self, event: events.Event) -> None:
        """Notice that somebody is there."""
        if isinstance(event, events.Key | events.Paste):
            self.presence.stir()
        await super().on_event(event)

    async def hang_up(self, code: int) -> None:
        """End, and end the session of whoever was signed in, unless the database keeps us waiting for that."""
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(UNDER_WAY):
                    await self.keys.nothing_comes()
            with contextlib.suppress(TimeoutError):  # then it ends by itself, after a while without a key
                async with asyncio.timeout(LAST_CALL):
                    await self.sign_out()
        finally:
            self.exit(return_code=code)

    async def action_quit(self) -> None:
        """Leave; whoever is signed in is signed out."""
        await self.sign_out()
        self.exit(return_code=0)
