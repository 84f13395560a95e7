"""A case was opened: its reference, and its return code, shown once."""

from collections.abc import Iterable

from textual import getters, on
from textual.app import ComposeResult

from core.cases import shown_return_code
from core.clock import Clock
from core.secret import Secret
from core.terminal.screens.page import Body, Command, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.recovery_doors import CaseOpened
from tui.recovery.wording import in_time

NOT_SAVED = "The return code is shown only now. Save it, then press s."


class OpenedPage(Page[bool]):
    """True when the claimant says that the code is saved; it leaves with the screen."""

    CSS_PATH = "opened.tcss"
    TYPE_AHEAD = False
    HELP = (
        "The return code is yours alone. With your password it leads back into this case, and when the case is "
        "completed it is asked once more, before you set up the new device. The reference only names the case."
    )

    code = getters.query_one("#code", Words)

    def __init__(self, opened: CaseOpened, clock: Clock) -> None:
        super().__init__()
        self._code: Secret | None = opened.return_code
        self._view, self._clock = opened.view, clock

    def compose(self) -> ComposeResult:
        view = self._view
        yield Title(f"Your case {view.reference} is open", view.account_name)
        with Body():
            yield Words("Save your return code. It is shown only now.", classes="strong gap")
            yield Words(_spaced(self._code), id="code", classes="strong")
            yield Words(
                "With your password it leads back to this case, and later lets you set up the new device. "
                "Keep it where you keep secrets, and give it to nobody, support included.",
                id="what-for",
                classes="gap",
            )
            yield Words(view.next_step, id="next")
            yield Words(
                f"Support decides {in_time(view.decided_by, self._clock())} at the latest.", id="when", classes="gap"
            )
            if view.warning is not None:
                yield Words(f"! {view.warning}", classes="warning gap")
            yield Choices(
                Choice("s", "I have saved it", "on to the case", id="saved"),
                Choice("c", "Copy it", "to the clipboard of your terminal", id="copy"),
            )
            yield Notice(id="said")
        yield BottomLine(left=[("c", "copy it"), ("?", "help")], right=[("enter", "choose")])

    @on(Choices.Chosen)
    def choose(self, event: Choices.Chosen) -> None:
        """Go on, or copy."""
        event.stop()
        if event.choice.name == "saved":
            self.leave()
        else:
            self.copy_code()

    def copy_code(self) -> None:
        """Put the code on the person's clipboard."""
        if self._code is not None:
            self.copy(shown_return_code(self._code))
            self.query_one(Notice).say(
                "It is on your clipboard, if your terminal lets it there. Paste it where you keep it.", Tone.GOOD
            )

    def commands(self) -> Iterable[Command]:
        yield Command("Copy the return code", "to the clipboard of your terminal", self.copy_code)

    def leave(self) -> None:
        """Answer, with the code gone from the screen first."""
        self._code = None
        self.code.say("")
        self.dismiss(True)

    def on_unmount(self) -> None:
        """However the screen went, the code goes with it."""
        self._code = None

    def action_back(self) -> None:
        """Esc is pressed lightly, and this is shown once."""
        self.query_one(Notice).say(NOT_SAVED, Tone.WARNING)


def _spaced(code: Secret | None) -> str:
    """The code as it is read best: three groups, apart."""
    return " - ".join(shown_return_code(code).split("-")) if code is not None else ""
