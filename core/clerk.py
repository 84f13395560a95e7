"""What a server's clerk does each second: the due work, and telling which sessions ended meanwhile."""

from collections.abc import Callable
from datetime import timedelta

from core.services import Services

OVERLAP = timedelta(seconds=5)
"""How far each look reaches back before the last one: a unit that ended a session may have been committed late."""


class Clerk:
    """Called each second in a process of its own; opens the services at the first call, after the fork."""

    def __init__(self, open_services: Callable[[], Services]) -> None:
        self._open_services = open_services
        self._services: Services | None = None
        self._told: set[str] = set()

    def __call__(self) -> list[str]:
        """Do what is due; the ids of the sessions that ended since the last call."""
        services = self._services = self._services or self._open_services()
        services.due.tick()
        parts = services.parts
        with parts.storage.unit():
            ended = set(parts.sessions.ended_since(parts.clock() - OVERLAP))
        fresh, self._told = sorted(ended - self._told), ended
        return fresh
