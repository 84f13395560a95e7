"""Asking for the code that sets a new password."""

from textual import getters, work
from textual.app import ComposeResult

from core.clock import Clock
from core.origin import Origin
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.field import Field
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.forgotten import ForgottenPassword
from core.use_cases.outcomes import Done
from tui.calls import call
from tui.outcome import Outcome, refuse


class AskCodeScreen(Page[str | None]):
    """Answers with the name that a code was asked for; whether there is such an account is never said."""

    HELP = (
        "A code goes to the address of your account, if it was confirmed. Two-factor authentication stays on: after "
        "the new password your token is asked as always."
    )

    name_field = getters.query_one("#name", Field)
    address = getters.query_one("#address", Field)

    def __init__(self, forgotten: ForgottenPassword, origin: Origin, clock: Clock, *, name: str = "") -> None:
        super().__init__()
        self._forgotten, self._origin, self._clock, self._account_name = forgotten, origin, clock, name

    def compose(self) -> ComposeResult:
        yield Title("Set a new password", step="step 1 of 2")
        with Body():
            yield Words("Which account? A code goes to its confirmed address.", classes="gap")
            yield Field("Name", value=self._account_name, limit=64, id="name")
            yield Field("E-mail address", limit=254, id="address")
            yield Outcome(self._clock)
        yield BottomLine(
            left=[("esc", "back"), ("tab", "next field"), ("f1", "help")], right=[("enter", "send the code")]
        )

    @work
    async def submit(self) -> None:
        with self.busy("sending"):
            answer = await call(self._forgotten.ask, self.name_field.value, self.address.value, self._origin)
        if isinstance(answer, Done):
            self.dismiss(self.name_field.value.strip().lower())
        else:
            refuse(self, answer)
