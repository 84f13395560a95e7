"""The backup code, shown once, with what to do with it."""

from collections.abc import Iterable

from textual import getters, on
from textual.app import ComposeResult

from core.backup_code import shown
from core.secret import Secret
from core.terminal.screens.page import Body, Command, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.title import Title
from core.terminal.words import Words


class ShowCodePage(Page[bool]):
    """True when the owner says that the code is saved; it leaves with the screen."""

    CSS_PATH = "show.tcss"
    TYPE_AHEAD = False
    HELP = (
        "The backup code stands in for a token once, if you lose the device. Lockwright keeps only a fingerprint of it "
        "and can never show it again. Keep it where the device is not."
    )

    code = getters.query_one("#code", Words)

    def __init__(self, code: Secret, *, title: str, step: str) -> None:
        super().__init__()
        self._code: Secret | None = code
        self._heading, self._step = title, step

    def compose(self) -> ComposeResult:
        yield Title(self._heading, self._step)
        with Body():
            yield Words("Save your Backup Code to a secure location. It is shown only now.", classes="strong gap")
            yield Words(_spaced(self._code), id="code", classes="strong gap")
            yield Words(
                "If you ever lose access to your device, this code signs you in instead of a token. It works once.",
                classes="gap",
            )
            yield Words(
                "Most password managers can hold it as a secure note in the entry of this account. "
                "Or write it down and store it somewhere safe, away from the device.",
                id="where",
                classes="gap",
            )
            yield Choices(
                Choice("s", "I have saved it", "it is hidden then, and you type one group of it"),
                Choice("c", "Copy it", "to the clipboard of your terminal"),
            )
            yield Notice(id="copied")
        yield BottomLine(left=[("esc", "leave, nothing has changed")], right=[("enter", "go on")])

    @on(Choices.Chosen)
    def choose(self, event: Choices.Chosen) -> None:
        """Go on, or copy."""
        event.stop()
        if event.choice.name == "s":
            self.leave(True)
        else:
            self.copy_code()

    def copy_code(self) -> None:
        """Put the code on the person's clipboard."""
        if self._code is not None:
            self.copy(shown(self._code))
            self.query_one(Notice).say(
                "It is on your clipboard, if your terminal lets it there. Paste it where you keep it.", Tone.GOOD
            )

    def commands(self) -> Iterable[Command]:
        yield Command("Copy the Backup Code", "to the clipboard of your terminal", self.copy_code)

    def leave(self, saved: bool | None) -> None:
        """Answer, with the code gone from the screen first."""
        self._code = None
        self.code.say("")
        self.dismiss(saved)

    def on_unmount(self) -> None:
        """However the screen went, the code goes with it."""
        self._code = None

    def action_back(self) -> None:
        """Leave without it."""
        self.leave(None)


def _spaced(code: Secret | None) -> str:
    """The code as it is read best: four groups, apart."""
    return " - ".join(shown(code).split("-")) if code is not None else ""
