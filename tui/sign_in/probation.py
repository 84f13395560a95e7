"""The first screen of a probation: 2FA is off, and this is the way to have it on again."""

from collections.abc import Iterator
from enum import StrEnum

from textual import on
from textual.app import ComposeResult

from core.accounts import Probation
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from tui.account.case_banner import CaseBanner
from tui.account.wishes import Wished
from tui.session import Here


class InProbation(StrEnum):
    """What a person in probation chooses first."""

    ENABLE = "enable"
    SETTINGS = "settings"
    RECOVER = "recover"
    NOT_ME = "not me"
    """A recovery case stands, and it is not theirs."""
    SIGN_OUT = "sign out"


class ProbationScreen(Page[InProbation]):
    """Says that 2FA is off and leads to Enable."""

    TYPE_AHEAD = False
    AUTO_FOCUS = "#ways"
    HELP = (
        "While two-factor authentication is off after a lost device, this account can enable it again, change its "
        "password and sign out, nothing else. As soon as it is on, everything is as before."
    )

    def __init__(self, here: Here, probation: Probation | None, *, opened_here: bool) -> None:
        super().__init__()
        self._here, self._probation, self._opened_here = here, probation, opened_here

    def compose(self) -> ComposeResult:
        yield Title("Two-factor is off: set it up again", step=self._here.name)
        yield CaseBanner(self._here, self._not_me)
        with Body():
            if self._opened_here:
                yield Notice("You are signed in. Your backup code is spent for signing in.", Tone.GOOD)
                yield Words()
            yield Words("Until it is on again, only your password guards this account.")
            yield Words(
                "Set it up on your new device now: it takes a minute, and you get a new backup code. "
                "Until then you can enable it, change your password and sign out, nothing else.",
                classes="gap",
            )
            yield Words(self._about_the_code(), classes="gap")
            yield Choices(*self._choices(), id="ways")
        yield BottomLine(left=[("?", "help"), ("o", "sign out")], right=[("enter", "choose")])

    def _about_the_code(self) -> str:
        """What to do with the code that opened the way, spent as it is."""
        if self._opened_here:
            return "Keep the code until two-factor is on: should this session end first, another one asks for it again."
        by_code = self._probation is None or self._probation.by == "backup_code"
        what = "backup code" if by_code else "return code of your case"
        return (
            f"Have the {what} at hand: it is asked once more here. "
            "Without it, Recover your Account is the way: a case that people decide."
        )

    def _choices(self) -> Iterator[Choice]:
        yield Choice("e", "Enable", "two-factor on a new device", id=InProbation.ENABLE)
        yield Choice("s", "Settings", "change your password", id=InProbation.SETTINGS)
        if not self._opened_here:
            yield Choice("r", "Recover your Account", "without that code: people decide", id=InProbation.RECOVER)
        yield Choice("o", "Sign out", id=InProbation.SIGN_OUT)

    def _not_me(self, _: Wished) -> None:
        self.dismiss(InProbation.NOT_ME)

    @on(Choices.Chosen)
    def choose(self, event: Choices.Chosen) -> None:
        """Answer."""
        event.stop()
        self.dismiss(InProbation(event.choice.name))

    def action_back(self) -> None:
        """There is nothing behind; signing out is a choice."""
