"""Who is signed in on this screen, and what ends that."""

import asyncio
from dataclasses import dataclass, field

from core.origin import Origin
from core.secret import Secret
from core.services import Services
from core.sessions import Session
from core.terminal.presence import Presence
from core.use_cases.ended import Ended, why_ended

__all__ = ["Ended", "Here", "Presence", "why_ended"]


@dataclass(slots=True)
class Here:
    """Who is signed in on this screen; handed to the screens of the signed-in part."""

    services: Services
    origin: Origin
    ticket: Secret
    """The session's secret; a new one after each change of security, see `renew`."""
    session: Session
    name: str
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a use case answered `Over`: the flow then closes every signed-in screen."""

    def renew(self, ticket: Secret, session: Session) -> None:
        """Go on with the session that replaced this one (ASVS 7.2.4)."""
        self.ticket, self.session = ticket, session
