"""One page, or a few widgets, in an app of their own."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.app import ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from core.terminal.app import TerminalApp
from core.terminal.screens.page import Body, Page
from tests.terminal.recorded import RecordingDriver
from tests.terminal.still import settle


class Bench(Page[object]):
    """Widgets on a page that counts how often it was answered and keeps every message of the kit."""

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.widgets = widgets
        self.submitted = 0
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        with Body():
            yield from self.widgets

    def submit(self) -> None:
        self.submitted += 1

    async def on_event(self, event: Any) -> None:
        await super().on_event(event)

    async def _on_message(self, message: Message) -> None:
        if type(message).__module__.startswith("core.terminal"):
            self.heard.append(message)
        await super()._on_message(message)

    def heard_of(self, kind: type[Message]) -> int:
        return sum(type(message) is kind for message in self.heard)


class Alone(TerminalApp):
    """An app whose wire can be read."""

    NAME = "Alone"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(farewell=lambda _: None, **kwargs)
        self.driver_class = RecordingDriver
        self.bells = 0
        self.answers: list[object] = []

    @property
    def recorder(self) -> RecordingDriver:
        assert isinstance(self._driver, RecordingDriver)
        return self._driver

    @property
    def wire(self) -> str:
        return self.recorder.wire

    def bell(self) -> None:
        self.bells += 1


@asynccontextmanager
async def alone(
    screen: Screen[Any] | Callable[[], Screen[Any]], size: tuple[int, int] = (80, 24), **kwargs: Any
) -> AsyncIterator[tuple[Alone, Pilot[None]]]:
    """`screen` in an app; what it is dismissed with is in `app.answers`."""
    app = Alone(**kwargs)
    async with app.run_test(headless=False, size=size) as pilot:
        app.push_screen(screen if isinstance(screen, Screen) else screen(), app.answers.append)
        await settle(pilot)
        yield app, pilot
