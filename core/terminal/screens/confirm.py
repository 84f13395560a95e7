"""Yes or no, with No in front.

if await self.app.push_screen_wait(Confirm("Disable 2FA?", "Anyone with your password can then sign in.", yes="Disable 2FA")):
    ...
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.title import Title
from core.terminal.words import Words


class Confirm(Page[bool]):
    """True for yes; False for no and for esc. Keys typed before it was on screen never answer it."""

    TYPE_AHEAD: ClassVar[bool] = False

    def __init__(
        self, question: str, explanation: str = "", *, yes: str = "Yes", no: str = "No", step: str = ""
    ) -> None:
        super().__init__()
        self._question, self._explanation, self._yes, self._no, self._step = question, explanation, yes, no, step

    def compose(self) -> ComposeResult:
        yield Title(self._question, self._step)
        with Body():
            yield Words(self._explanation, classes="gap")
            yield Choices(Choice("n", self._no, id="no"), Choice("y", self._yes, id="yes", danger=True))
        yield BottomLine(left=[("esc", self._no.lower())], right=[("enter", "choose")])

    @on(Choices.Chosen)
    def decide(self, event: Choices.Chosen) -> None:
        """Answer."""
        event.stop()
        self.dismiss(event.choice.name == "yes")

    def action_back(self) -> None:
        """No."""
        self.dismiss(False)
