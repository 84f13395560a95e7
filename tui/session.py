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
    """Set when the session may have ended: the flow looks, and closes every signed-in screen if it has."""
    looked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the flow has looked and the session lives: time to look what else may have happened elsewhere."""

    def renew(self, ticket: Secret, session: Session) -> None:
        """Go on with the session that replaced this one (ASVS 7.2.4)."""
        self.ticket, self.session = ticket, session
        self.gone.set()  # the flow looks, and says for whom news come here now
