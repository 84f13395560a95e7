"""A notice with a wait in it, which counts down without moving anything.

outcome = Countdown(clock, id="outcome")
outcome.count(lambda at, now: sentence(refusal, at=at, now=now), refusal.wait)
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from textual.content import Content
from textual.timer import Timer

from core.clock import Clock
from core.terminal.widgets.notice import Notice, Tone

Said = Callable[[datetime, datetime], str]
"""What is said at the second moment about what was so at the first."""


class Countdown(Notice):
    """A notice whose sentence is said anew each second, until its wait is over."""

    DEFAULT_CSS = """
    Countdown { max-width: 84; min-height: 2; padding: 0 0 0 2; }
    """

    def __init__(self, clock: Clock, text: str = "", tone: Tone = Tone.WARNING, *, id: str | None = None) -> None:
        self._said_by: Said | None = None
        self._seconds: Timer | None = None
        """Runs while there is something to count: a thousand people who read a screen cost nothing."""
        super().__init__(text, tone, id=id)
        self._clock = clock
        self._at = clock()
        self._wait = timedelta()

    def count(self, said: Said, wait: timedelta | None) -> None:
        """Say `said`, now and each second until `wait` is over; None has no countdown."""
        now = self._clock()
        super().say(said(now, now), Tone.DANGER)
        self._said_by, self._at, self._wait = (said if wait is not None else None), now, wait or timedelta()
        if self._said_by is None:
            self._rest()
        elif self._seconds is None:
            self._seconds = self.set_interval(1, self.count_down)

    def say(self, text: str | Content, tone: Tone = Tone.CALM) -> None:
        """Say this from now on, and count nothing."""
        self._said_by = None
        self._rest()
        super().say(text, tone)

    def count_down(self) -> None:
        """Say how long the wait still is."""
        said, now = self._said_by, self._clock()
        if said is None:
            return
        over = now >= self._at + self._wait
        super().say(said(self._at, now), Tone.CALM if over else Tone.DANGER)
        if over:
            self._said_by = None
            self._rest()

    def _rest(self) -> None:
        if self._seconds is not None:
            self._seconds.stop()
            self._seconds = None
