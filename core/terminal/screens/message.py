"""Something to read, and nothing to decide.

await self.app.push_screen_wait(Message("You are signed out", "Your session was ended elsewhere.", tone=Tone.WARNING))
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.title import Title
from core.terminal.words import Words


class Message(Page[None]):
    """A title, a paragraph or a few, and enter or esc to go on."""

    TYPE_AHEAD: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "back", show=False)]

    def __init__(
        self, title: str, *paragraphs: str, tone: Tone | None = None, go_on: str = "go on", step: str = ""
    ) -> None:
        super().__init__()
        self._title, self._paragraphs, self._tone, self._onward, self._step = title, paragraphs, tone, go_on, step

    def compose(self) -> ComposeResult:
        yield Title(self._title, self._step)
        with Body():
            for index, paragraph in enumerate(self._paragraphs):
                if index == 0 and self._tone is not None:
                    yield Notice(paragraph, self._tone, classes="gap")
                else:
                    yield Words(paragraph, classes="gap")
        yield BottomLine(left=[("esc", "back")], right=[("enter", self._onward)])
