"""A token again, before what cannot be taken back."""

from textual import getters, work
from textual.app import ComposeResult

from core.terminal.offload import offload
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.code_field import TOKEN, CodeField
from core.terminal.widgets.countdown import Countdown
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.answering import answered
from core.use_cases.outcomes import Done, Over
from support_console.outcome import refuse
from support_console.page import warned
from support_console.session import Here


class FreshTokenScreen(Page[bool]):
    """Asks for a token; True once it was right, so that the act that wanted it can be done."""

    HELP = (
        "Verifying, approving, looking at contact data and changing roles ask for a token of the last five minutes: "
        "somebody else may have sat down at an open terminal. After it, go on as before."
    )
    AUTO_FOCUS = "#token CodeLine"

    token = getters.query_one("#token", CodeField)

    def __init__(self, here: Here) -> None:
        super().__init__()
        self._here = here

    def compose(self) -> ComposeResult:
        yield Title("A fresh token, please", warned(self._here))
        with Body():
            yield Words("What you are about to do needs a token of the last five minutes.", classes="gap")
            yield CodeField("Token", form=TOKEN, id="token")
            yield Countdown(self._here.services.parts.clock, id="outcome")
        yield BottomLine(left=[("esc", "back, nothing is done"), ("?", "help")], right=[("enter", "go on")])

    @work
    async def submit(self) -> None:
        here = self._here
        with self.busy("checking"):
            answer = await offload(answered, here.services.console.fresh, here.ticket, self.token.value)
        match answer:
            case Done():
                self.dismiss(True)
            case Over():
                here.gone.set()
            case _:
                self.token.clear()
                self.token.focus()
                refuse(self, answer)
