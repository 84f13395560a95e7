"""The second step of signing in to the console: the token, always."""

from textual import getters, work
from textual.app import ComposeResult

from core.clock import Clock
from core.origin import Origin
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.code_field import TOKEN, CodeField
from core.terminal.widgets.countdown import Countdown
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.answering import DATABASE_BUSY, NO_DATABASE
from core.use_cases.console import Console, StaffIn
from core.use_cases.outcomes import NotNow, Over, TokenWrong
from core.use_cases.sign_in import TokenNeeded
from support_console.calls import call
from support_console.outcome import refuse


class TokenScreen(Page[StaffIn | Over | TokenWrong | NotNow | None]):
    """Asks for the token; answers whatever ends the half-open sign-in, one way or another."""

    HELP = (
        "The six digits that your authenticator app shows now. They change every 30 seconds and each counts once. "
        "If your device is lost: staff accounts are recovered on the host, by the operator."
    )
    AUTO_FOCUS = "#token CodeLine"

    token = getters.query_one("#token", CodeField)

    def __init__(self, console: Console, step: TokenNeeded, origin: Origin, clock: Clock, *, issuer: str) -> None:
        super().__init__()
        self._entrance, self._step, self._origin, self._clock, self._issuer = console, step, origin, clock, issuer

    def compose(self) -> ComposeResult:
        yield Title(f"Sign in as {self._step.name}", step="step 2 of 2")
        with Body():
            yield Words(f"Enter the six digits that your authenticator shows for {self._issuer}.", classes="gap")
            yield CodeField("Token", form=TOKEN, id="token")
            yield Countdown(self._clock, id="outcome")
        yield BottomLine(left=[("esc", "back"), ("?", "help")], right=[("enter", "sign in")])

    def on_mount(self) -> None:
        self.set_interval(1, self._watch_time)

    def _watch_time(self) -> None:
        if self._clock() >= self._step.until and not self.is_busy and self.is_current:
            self.dismiss(Over())

    @work
    async def submit(self) -> None:
        with self.busy("checking"):
            answer = await call(self._entrance.with_token, self._step.half, self.token.value, self._origin)
        match answer:
            case StaffIn() | Over() | TokenWrong(left=0):
                self.dismiss(answer)
            case NotNow(sentence=why) if why not in {NO_DATABASE, DATABASE_BUSY}:
                self.dismiss(answer)
            case _:
                self.token.clear()
                self.token.focus()
                refuse(self, answer)
