"""What a server's clerk does each second: the due work, and telling for which sessions something happened meanwhile."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from core.services import Services

OVERLAP = timedelta(seconds=30)
"""How far each look reaches back before the last one: what it looks for may have been committed late, or written by a
machine whose clock is behind."""
BEFORE = timedelta(minutes=1)
"""How far the first look reaches back: a clerk that died is replaced sooner than that."""
LONG = 1.0
"""Seconds after which a round of due work goes on beside the telling: a mail server may take its time."""


class Clerk:
    """Called each second in a process of its own; opens the services at the first call, after the fork."""

    def __init__(self, open_services: Callable[[], Services]) -> None:
        self._open_services = open_services
        self._services: Services | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._round: Future[object] | None = None
        """The due work that is under way."""
        self._looked: datetime | None = None
        self._ended: set[str] = set()
        self._turned: set[tuple[str, datetime, datetime | None]] = set()

    def __call__(self) -> list[str]:
        """Do what is due; the ids of the sessions that ended since the last call, or whose account's case began or ended."""
        services = self._services = self._services or self._open_services()
        failed = self._work(services)
        fresh = self._look(services)
        if failed is not None and not fresh:  # it is told in a round that has nothing else to tell
            raise failed
        return fresh

    def _look(self, services: Services) -> list[str]:
        parts, now = services.parts, services.parts.clock()
        since = now - BEFORE if self._looked is None else self._looked - OVERLAP
        with parts.storage.unit():
            ended, turned = set(parts.sessions.ended_since(since)), set(parts.cases.turned_since(since))
            accounts = {account for account, *_ in turned - self._turned}
            touched = {session.id for account in accounts for session in parts.sessions.live(account)}
        fresh = (ended - self._ended) | touched
        self._looked, self._ended, self._turned = now, ended, turned
        return sorted(fresh)

    def _work(self, services: Services) -> BaseException | None:
        """Begin a round of due work, or see whether the last one has come to its end; what it failed with."""
        self._thread = self._thread or ThreadPoolExecutor(1, "due work")
        self._round = self._round or self._thread.submit(services.due.tick)
        if wait([self._round], LONG).done:
            ended, self._round = self._round, None
            return ended.exception()
        return None
