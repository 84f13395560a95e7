"""Coming back to a case with its return code."""

from collections.abc import Callable

from textual import getters, work
from textual.app import ComposeResult

from core.clock import Clock
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.code_field import LONG_CODE, CodeField
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.outcomes import FactorBlocked, Invalid, NotNow, Over, Throttled, Wrong
from core.use_cases.recovery_doors import CameBack
from tui.calls import call
from tui.outcome import Outcome, refuse

WRONG = "That is not the return code of this case. Compare it sign by sign; only the latest case's code counts."

ComeBack = Callable[[str], CameBack | Invalid | Wrong | Throttled | FactorBlocked | NotNow | Over]


class ComeBackPage(Page[CameBack | Over]):
    """Asks for the return code."""

    HELP = (
        "The return code was shown once, when the case was opened: 12 letters and digits in three groups of four. "
        "Capitals, spaces and hyphens do not matter, and O and 0, I, L and 1 are the same. "
        "The reference, which begins with LW, is not the code."
    )

    code = getters.query_one("#code", CodeField)

    def __init__(self, come_back: ComeBack, clock: Clock, *, name: str) -> None:
        super().__init__()
        self._come_back, self._clock, self._account_name = come_back, clock, name

    def compose(self) -> ComposeResult:
        yield Title("Back to your case", self._account_name)
        with Body():
            yield Words(
                "Type the return code that you were shown when you opened the case. Where you were signed in to it "
                "before, it closes.",
                classes="gap",
            )
            yield CodeField("Return code", form=LONG_CODE, note="three groups of four letters and digits", id="code")
            yield Outcome(self._clock)
        yield BottomLine(left=[("esc", "back"), ("f1", "help")], right=[("enter", "go on")])

    @work
    async def submit(self) -> None:
        with self.busy("checking"):
            answer = await call(self._come_back, self.code.value)
        if isinstance(answer, CameBack | Over):
            self.dismiss(answer)
            return
        self.code.clear()
        self.code.focus()
        refuse(self, answer, wrong=WRONG)
