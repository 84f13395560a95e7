"""Enable, step 4: it is on, and these are the ways back."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.ways_back import WayBack
from tui.account.wording import ways_table
from tui.words import and_told

UNREACHED = "Until you confirm your address, neither notices nor Forgot password reach it. Press c in Settings, which comes next."
WIDTH = 80
"""Columns of the table of ways back, where there are so many."""
BESIDE = 14
"""Columns that a page leaves at its sides."""


class DonePage(Page[None]):
    """Says what is so from now on."""

    TYPE_AHEAD = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "back", show=False)]

    def __init__(self, ways: Sequence[WayBack], now: datetime, *, title: str, replaced: bool, told: int) -> None:
        super().__init__()
        self._ways, self._now, self._heading, self._replaced, self._told = ways, now, title, replaced, told

    def compose(self) -> ComposeResult:
        yield Title(self._heading, "step 4 of 4")
        with Body():
            if self._replaced:
                yield Notice(
                    "The new device is in place. Tokens of the old one do not work any more.", Tone.GOOD, classes="gap"
                )
            else:
                yield Notice("Two-factor is on.", Tone.GOOD, classes="gap")
            yield Words(
                "Next time you sign in you will be asked for your token, besides name and password.", classes="gap"
            )
            yield Words(f"Every other session of yours has ended{and_told(self._told, 'this')}", classes="gap")
            if not self._told:
                yield Notice(UNREACHED, Tone.WARNING, classes="gap")
            yield Words("Ways back if you lose the device", classes="strong")
            ways = Words()
            ways.update(ways_table(self._ways, self._now, min(WIDTH, self.app.size.width - BESIDE)))
            yield ways
        yield BottomLine(left=[], right=[("enter", "done")])
