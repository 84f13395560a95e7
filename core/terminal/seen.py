"""What the person had before them when they typed, and what has come of it since."""

from collections import deque
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from textual.message import Message

_VIEWS = 16
"""Views that are remembered; what was typed before the oldest of them was typed at nothing that is known."""


@dataclass(frozen=True, slots=True)
class View:
    """What a person had before them since a time: the screen drawn last (None before the first), and how many pieces
    of work had ended by then.
    """

    since: float
    screen: object
    outcomes: int


_NOTHING = View(0.0, None, 0)


class Seen:
    """The latest views, and the work that has ended."""

    def __init__(self) -> None:
        self.outcomes = 0
        """How many pieces of work have ended."""
        self._views = deque([_NOTHING], _VIEWS)
        self._refusals: WeakKeyDictionary[object, int] = WeakKeyDictionary()
        """How many pieces of work had ended when the last one that was set off from a screen did."""

    @property
    def screen(self) -> object:
        """What is seen now; None before the first drawing."""
        return self._views[-1].screen

    def at(self, time: float) -> View:
        """What was seen then, on the clock of `Message.time`."""
        return next((view for view in reversed(self._views) if view.since <= time), _NOTHING)

    def drawn(self, screen: object, at: float | None = None) -> None:
        """Know what the person sees (since `at`, by default now), and that it shows what came of the work so far.

        Bare screens, which nobody can answer, do not count.
        """
        last = self._views[-1]
        if hasattr(screen, "TYPE_AHEAD") and (screen, self.outcomes) != (last.screen, last.outcomes):
            self._views.append(View(Message().time if at is None else at, screen, self.outcomes))

    def ended(self, set_off_from: object) -> None:
        """Know that a piece of work has ended that was set off while `set_off_from` was seen."""
        self.outcomes += 1
        if set_off_from is not None:
            self._refusals[set_off_from] = self.outcomes

    def refused_since(self, view: View) -> bool:
        """Whether work has ended since `view` that was set off from its screen."""
        return self._refusals.get(view.screen, 0) > view.outcomes
