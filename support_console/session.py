"""Who works in this console, and what they may do."""

import asyncio
from dataclasses import dataclass, field

from core.origin import Origin
from core.secret import Secret
from core.services import Services
from core.sessions import Session
from core.staff import Right


@dataclass(slots=True)
class Here:
    """Who is signed in on this screen; handed to the screens of the signed-in part."""

    services: Services
    origin: Origin
    ticket: Secret
    """The session's secret."""
    session: Session
    name: str
    account: str
    roles: str
    """In words, as they stand in the title."""
    rights: frozenset[Right]
    """What this person may do, as last read; every use case asks again."""
    warning: str | None = None
    """What every screen says when one person alone can decide."""
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a use case answered `Over`: the flow then closes every signed-in screen."""

    def may(self, right: Right) -> bool:
        """Whether to offer what needs `right`."""
        return right in self.rights

    @property
    def who(self) -> str:
        """Name and roles, for the right of a title."""
        return f"{self.name}, {self.roles}"
