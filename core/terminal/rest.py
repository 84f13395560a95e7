"""Whether anything more comes of what happened in an app: read off what Textual keeps of its messages and drawings.

What waits for nothing but the next frame is drawn at once, and what takes turns of the event loop gets them: no clock
is waited for, unless something else waits for one.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.message_pump import MessagePump
from textual.worker import WorkerState

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

_TURNS = 3
"""Turns of the event loop in a row without anything to do, after which nothing more comes."""
_TURNS_AT_ONCE = 200
"""Turns of the event loop that are looked at one by one; what takes longer waits for a clock or for a thread."""
_LOOK_EVERY = 0.005


async def come_to_rest(still: Callable[[], bool], free: asyncio.Event | None = None) -> None:
    """Return when `still` was true for a few turns in a row; it is not asked while `free` is not set."""
    calm = turns = 0
    while calm < _TURNS:
        if free is not None and not free.is_set():
            await free.wait()
            calm = turns = 0
        turns += 1
        await asyncio.sleep(0 if turns < _TURNS_AT_ONCE else _LOOK_EVERY)
        calm = calm + 1 if (free is None or free.is_set()) and still() else 0


def at_rest(app: "App[Any]") -> bool:
    """No widget has a message to work on and no worker is about to start, whether or not all is drawn."""
    if any(worker.state is WorkerState.PENDING for worker in app.workers):
        return False
    return all(_waits(node) for node in (app, *app._registry))


def drawn(app: "App[Any]") -> bool:
    """Whether everything that has changed is on the screen."""
    if app._batch_count or app.animator._animations or app.animator._scheduled:
        return False
    return not (app.screen_stack and _is_due(app.screen))


def draw(app: "App[Any]") -> None:
    """Draw what has changed, without waiting for the next frame."""
    if app.screen_stack and not app._batch_count and _is_due(app.screen):
        app.screen._on_timer_update()


def _is_due(screen: "Screen[Any]") -> bool:
    """Whether the next frame differs from the last, or something waits for it."""
    return bool(
        screen._dirty_widgets
        or screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._callbacks
    )


def _waits(node: MessagePump) -> bool:
    """Whether a message pump waits for its next message, with nothing left to do before that."""
    if node._closing or node._closed:
        return True
    if not node._running:
        return node._task is None or node._task.done()
    if node._next_callbacks or node._pending_message is not None:
        return False
    queue: Any = node._message_queue
    return not queue.values and not queue.ready_event.is_set() and bool(queue.ready_event._waiters)
