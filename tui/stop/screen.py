"""Stop: the code from a notice undoes what it tells, without sign-in."""

from dataclasses import dataclass

from textual import getters, on, work
from textual.app import ComposeResult

from core.clock import Clock
from core.origin import Origin
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.code_field import LONG_CODE, CodeField
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.stop import Stop, Stopped
from tui.calls import call
from tui.outcome import Outcome, refuse

WRONG = "That code stops nothing: it was used, its time is over, or it was mistyped. Compare it with the notice."


@dataclass(frozen=True, slots=True)
class Restore:
    """The code was used before; now the old device is wanted back."""


class StopScreen(Page[Stopped | Restore]):
    """Asks for a stop code; says beforehand what it does."""

    HELP = (
        "Notices about the safety of your account carry a stop code. Use it when a notice tells of something that "
        "you did not do. Whoever has the code can only stop, never get in."
    )

    code = getters.query_one("#code", CodeField)

    def __init__(self, stop: Stop, origin: Origin, clock: Clock) -> None:
        super().__init__()
        self._stop, self._origin, self._clock = stop, origin, clock

    def compose(self) -> ComposeResult:
        yield Title("Stop what a notice told you of")
        with Body():
            yield Words("Did a notice tell you of something that was not you?", classes="gap")
            yield Words(
                "Enter its stop code. The account is locked at once, every session of it ends, and a replaced address "
                "comes back; a recovery that is under way is frozen instead. The people who run this site are told.",
                classes="quiet gap",
            )
            yield CodeField("Stop code", form=LONG_CODE, note="three groups of four letters and digits", id="code")
            yield Outcome(self._clock)
            yield Choices(Choice("r", "Restore your old device", "after a stopped recovery", id="restore"))
        yield BottomLine(
            left=[("esc", "back"), ("tab", "the old device"), ("f1", "help")], right=[("enter", "stop it")]
        )

    @on(Choices.Chosen)
    def restore(self, event: Choices.Chosen) -> None:
        """On to the old device, without a code."""
        event.stop()
        self.dismiss(Restore())

    @work
    async def submit(self) -> None:
        with self.busy("stopping"):
            answer = await call(self._stop.stop, self.code.value, self._origin)
        if isinstance(answer, Stopped):
            self.dismiss(answer)
        else:
            self.code.focus()
            refuse(self, answer, wrong=WRONG)
