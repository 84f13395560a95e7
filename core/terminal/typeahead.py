"""Keys that arrive faster than the screen changes land where the person meant them, or nowhere.

Textual forwards a key to whatever has focus when the key is read, so of `name TAB password` in one packet the
password lands in the name field. Here keys queue and are fed one at a time, each after the one before has run its
full course: focus moved, screen pushed, work that it set off finished.

What a key was typed for is judged by what has changed since it arrived:

- nothing, or only focus, or work has ended that was under way before its screen showed: it is fed;
- there was nothing to see yet: it is dropped;
- another screen, reached by keys alone: it is fed, unless that screen refuses type-ahead (`TYPE_AHEAD = False`,
  as every question with a grave answer does);
- another screen, after work whose outcome was open (a sign-in): it is fed only into a field that hides what is
  typed or takes nothing but codes;
- the same screen, after such work that was set off there (it was refused): it is dropped if it would land in a field.

One dropped key drops all that arrived with it, with a bell: half an answer is worse than none.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from textual import events
from textual._context import active_app

from core.terminal import rest
from core.terminal.seen import Seen, View

if TYPE_CHECKING:
    from textual.app import App

Typed = events.Key | events.Paste

LIMIT = 4096
"""Characters that may wait; more than that is no person typing, and all of it is dropped."""

PATIENCE = 10.0
"""Seconds that keys are held for; then they are dropped and typing goes on as if nothing ran."""


@contextlib.contextmanager
def holding() -> Iterator[None]:
    """Keys of the app that this runs in are held while the block runs, if it runs because of a key."""
    keys = getattr(active_app.get(None), "keys", None)
    with keys.hold() if isinstance(keys, TypeAhead) else contextlib.nullcontext():
        yield


@dataclass(frozen=True, slots=True)
class _Waiting:
    event: Typed
    typed_at: View

    @property
    def length(self) -> int:
        return len(self.event.text) if isinstance(self.event, events.Paste) else 1


class TypeAhead:
    """The keys of one app on their way to its widgets.

    `take` is called with every key and paste that a driver delivers and says whether it may go on at once; `feed` is
    called later with those that may not.
    """

    def __init__(self, app: "App[Any]", feed: Callable[[Typed], None]) -> None:
        self._app = app
        self._feed = feed
        self._seen = Seen()
        self._waiting: deque[_Waiting] = deque()
        self._length = 0
        self._overflowing = False
        self._feeder: asyncio.Task[None] | None = None
        self._stirred = False
        """A key that could lead somewhere has not run its course yet."""
        self._holds: set[object] = set()
        self._nothing_held = asyncio.Event()
        self._nothing_held.set()
        self.drawn = self._seen.drawn

    def take(self, event: Typed) -> bool:
        """Whether what was typed goes on at once, as it does when nothing is under way; otherwise it queues."""
        if self._overflowing:
            return False
        waiting = _Waiting(event, self._seen.at(event.time))
        if self.idle and self._welcome(waiting):
            if not self._is_text(event):  # after text in a field nothing else comes: its order is kept by the field
                self._stirred = self._leads_somewhere(event)
                self._watch()
            return True
        self._length += waiting.length
        if self._length > LIMIT and self._waiting:
            self._overflowing = True
            self.drop()
        else:
            self._waiting.append(waiting)
        self._watch()
        return False

    def drop(self) -> None:
        """Forget everything that waits, with a bell."""
        if self._waiting or self._overflowing:
            self._app.bell()
        self._waiting.clear()
        self._length = 0

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Hold keys while the block runs, if a key that could lead somewhere has not run its course yet."""
        if not self._stirred:
            yield
            return
        set_off_from = self._seen.screen
        this = object()
        self._holds.add(this)
        self._nothing_held.clear()
        try:
            yield
        finally:
            self._holds.discard(this)
            if not self._holds:
                self._nothing_held.set()
            self._seen.ended(set_off_from)

    # Coming to rest

    @property
    def idle(self) -> bool:
        """Nothing waits and no key is still running its course."""
        return not self._waiting and (self._feeder is None or self._feeder.done())

    @property
    def at_rest(self) -> bool:
        """No widget has a message to work on and no worker is about to start, whether or not all is drawn."""
        return rest.at_rest(self._app)

    @property
    def nothing_to_do(self) -> bool:
        """The same, and no key is held, and all is drawn."""
        return self._nothing_held.is_set() and self.at_rest and self._is_drawn()

    async def settled(self) -> None:
        """Return when every key taken so far has run its course or was dropped."""
        await rest.come_to_rest(lambda: self.idle)

    async def fed(self) -> None:
        """Return when every key taken so far has run its course, was dropped, or has set off work that still runs."""
        await rest.come_to_rest(lambda: (self.idle and self.at_rest) or bool(self._holds and not self._waiting))

    async def nothing_comes(self) -> None:
        """Return when nothing comes any more of what happened, drawn or not, or patience ends."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await rest.come_to_rest(lambda: self.at_rest, self._nothing_held)

    def _is_drawn(self) -> bool:
        """Whether the person sees the screen as it is."""
        if not rest.drawn(self._app):
            return False
        screen = self._app.screen if self._app.screen_stack else None
        return screen is self._seen.screen or not hasattr(screen, "TYPE_AHEAD")

    # Feeding

    def _watch(self) -> None:
        if self._feeder is None or self._feeder.done():
            self._feeder = asyncio.create_task(self._run(), name="type-ahead")

    async def _run(self) -> None:
        """Feed what waits, one by one, until nothing does and the last has run its course."""
        while True:
            await self._calm()
            if not self._waiting:
                self._overflowing = False
                return
            self._feed_next()

    async def _calm(self) -> None:
        """Wait until nothing comes of the last key any more, or patience ends."""
        try:
            async with asyncio.timeout(PATIENCE):
                await rest.come_to_rest(self._still, self._nothing_held)
        except TimeoutError:
            self._holds.clear()
            self._nothing_held.set()
            self.drop()
        else:
            self.drawn(self._app.screen if self._app.screen_stack else None)
        self._stirred = False

    def _still(self) -> bool:
        """Whether nothing comes any more; what is only to be drawn is drawn."""
        if self.at_rest:
            rest.draw(self._app)
        return self.nothing_to_do

    def _feed_next(self) -> None:
        waiting = self._waiting[0]
        if not self._welcome(waiting):
            self.drop()
            return
        self._waiting.popleft()
        self._length -= waiting.length
        self._take_for_granted(waiting.typed_at)
        self._stirred = self._leads_somewhere(waiting.event)
        self._feed(waiting.event)

    def _take_for_granted(self, view: View) -> None:
        """Where a key does what it was typed for although other work has ended, so does what was typed after it."""
        if view.screen is self._app.screen and not self._seen.refused_since(view):
            self._waiting = deque(
                replace(waiting, typed_at=replace(view, outcomes=self._seen.outcomes))
                if waiting.typed_at == view
                else waiting
                for waiting in self._waiting
            )

    # Judging

    def _welcome(self, waiting: _Waiting) -> bool:
        """Whether what was typed then may be fed now."""
        screen, focused, typed_at = self._app.screen, self._app.focused, waiting.typed_at
        if typed_at.screen is None:
            return False
        if typed_at.screen is screen:
            return not (self._seen.refused_since(typed_at) and getattr(focused, "TAKES_TEXT", False))
        if not getattr(screen, "TYPE_AHEAD", True):
            return False
        if typed_at.outcomes == self._seen.outcomes:
            return True
        return bool(getattr(focused, "KEEPS_SECRET", False)) and self._lands_in_field(waiting.event)

    def _lands_in_field(self, event: Typed) -> bool:
        edits = isinstance(event, events.Paste) or event.key in {"enter", "tab", "backspace"}
        return self._is_text(event) or (edits and self._app.focused is not None)

    def _leads_somewhere(self, event: Typed) -> bool:
        """Whether more can come of it than text in a field, or focus moving."""
        moves = isinstance(event, events.Paste) or event.key in {"tab", "shift+tab"}
        return not (moves or self._is_text(event))

    def _is_text(self, event: Typed) -> bool:
        """Whether the widget with focus takes it as a character."""
        focused = self._app.focused
        return (
            isinstance(event, events.Key)
            and focused is not None
            and focused.check_consume_key(event.key, event.character)
        )
