"""Sessions and the half-open sign-ins that lead to them, and the sources that an account knows."""

from core.sessions.model import Begun, HalfOpen, Opened, Session, SessionKind
from core.sessions.repository import Sessions

__all__ = ["Begun", "HalfOpen", "Opened", "Session", "SessionKind", "Sessions"]
