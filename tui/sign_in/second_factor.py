"""The second-factor step: a token, or the way to something that stands in for it."""

from enum import Enum, auto

from textual import getters, on, work
from textual.app import ComposeResult

from core.clock import Clock
from core.origin import Origin
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.code_field import TOKEN, CodeField
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.outcomes import Over, TokenWrong
from core.use_cases.sign_in import SignedIn, SignIn, TokenNeeded
from tui.calls import call
from tui.outcome import Outcome, refuse


class Instead(Enum):
    """What a person without the device chooses."""

    BACKUP_CODE = auto()
    RECOVER = auto()


class SecondFactorScreen(Page[SignedIn | Instead | Over | TokenWrong | None]):
    """Asks for the token; answers `Over`, or the last `TokenWrong`, when the half-open sign-in ends first."""

    CSS_PATH = "second_factor.tcss"
    HELP = (
        "Your password was right. Because two-factor authentication is on, the six digits that your authenticator app "
        "shows now are asked too; they change every 30 seconds and each counts once. If the device is lost, your "
        "backup code signs you in once; without it, people can decide that the account is yours."
    )
    AUTO_FOCUS = "#token CodeLine"

    token = getters.query_one("#token", CodeField)

    def __init__(self, sign_in: SignIn, step: TokenNeeded, origin: Origin, clock: Clock, *, issuer: str) -> None:
        super().__init__()
        self._sign_in, self._step, self._origin, self._clock, self._issuer = sign_in, step, origin, clock, issuer

    def compose(self) -> ComposeResult:
        yield Title(f"Sign in as {self._step.name}", step="step 2 of 2")
        with Body():
            yield Words(f"Enter the six digits that your authenticator shows for {self._issuer}.", classes="gap")
            yield CodeField("Token", form=TOKEN, id="token")
            yield Outcome(self._clock)
            yield Choices(
                Choice("b", "Backup Code", "works once and switches two-factor off", id="backup"),
                Choice("r", "Recover your Account", "no device, no code: a person will help", id="recover"),
            )
        yield BottomLine(left=[("esc", "back"), ("?", "help")], right=[("enter", "verify")])

    def on_mount(self) -> None:
        self.set_interval(1, self._watch_time)

    def _watch_time(self) -> None:
        if self._clock() >= self._step.until and not self.is_busy and self.is_current:
            self.dismiss(Over())

    @on(Choices.Chosen)
    def go_instead(self, event: Choices.Chosen) -> None:
        """Leave the token for what was chosen."""
        event.stop()
        self.dismiss(Instead.RECOVER if event.choice.name == "recover" else Instead.BACKUP_CODE)

    @work
    async def submit(self) -> None:
        with self.busy("checking"):
            answer = await call(self._sign_in.with_token, self._step.half, self.token.value, self._origin)
        if isinstance(answer, SignedIn | Over) or answer == TokenWrong(0):
            self.dismiss(answer)
            return
        self.token.clear()
        self.token.focus()
        refuse(self, answer, code="token")
