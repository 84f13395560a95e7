"""Why a session that a screen was in is no more."""

from datetime import datetime, timedelta
from enum import Enum, auto

from core.sessions import Session


class Ended(Enum):
    """Why a session that this screen was in is no more."""

    SIGNED_OUT = auto()
    IDLE = auto()
    LIMIT = auto()
    ELSEWHERE = auto()


def why_ended(session: Session, now: datetime) -> Ended:
    """Why `session`, last seen alive as it is, is not alive at `now`."""
    nearly = timedelta(seconds=10)  # use is written down every few seconds, so an end may come a little early
    if now + nearly >= session.expires_at:
        return Ended.LIMIT
    if now + nearly >= session.seen_at + session.idle:
        return Ended.IDLE
    return Ended.ELSEWHERE
