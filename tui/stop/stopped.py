"""What a stop code did, and what can be done next."""

from textual import on
from textual.app import ComposeResult

from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.stop import Stopped


class StoppedPage(Page[bool]):
    """True when the old device is wanted back."""

    TYPE_AHEAD = False

    def __init__(self, stopped: Stopped) -> None:
        super().__init__()
        self._stopped = stopped

    def compose(self) -> ComposeResult:
        first, *others = self._stopped.sentences
        yield Title("It is stopped")
        with Body():
            yield Notice(first, Tone.GOOD, classes="gap")
            for sentence in others:
                yield Words(sentence, classes="gap")
            if self._stopped.restorable:
                yield Choices(
                    Choice("r", "Restore your old device", "with your password and a token of it", id="restore"),
                    Choice("l", "Later", "under Stop, within 7 days of the recovery", id="later"),
                )
            else:
                yield Choices(Choice("l", "Go on", id="later"))
        yield BottomLine(left=[("esc", "back")], right=[("enter", "choose" if self._stopped.restorable else "go on")])

    @on(Choices.Chosen)
    def choose(self, event: Choices.Chosen) -> None:
        """Answer."""
        event.stop()
        self.dismiss(event.choice.name == "restore")
