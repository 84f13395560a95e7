"""The password step."""

from textual import getters, work
from textual.app import ComposeResult

from core.clock import Clock
from core.origin import Origin
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.field import Field
from core.terminal.widgets.notice import Tone
from core.terminal.widgets.password_field import PasswordField
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.outcomes import Wrong
from core.use_cases.sign_in import SignedIn, SignIn, TokenNeeded
from tui.calls import call
from tui.outcome import Outcome, refuse

WRONG = "The name or the password is not right; capitals count."


class PasswordScreen(Page[SignedIn | TokenNeeded | None]):
    """Asks for name and password; what is wrong of the two is never said."""

    HELP = (
        "Type the name of your account and its password. If you forgot the password, go back and choose Forgot "
        "password: a code is mailed to you. ctrl+r shows what you typed."
    )

    name_field = getters.query_one("#name", Field)
    password = getters.query_one("#password", PasswordField)

    def __init__(
        self,
        sign_in: SignIn,
        origin: Origin,
        clock: Clock,
        *,
        name: str = "",
        guess: str = "",
        note: str = "",
        tone: Tone = Tone.WARNING,
    ) -> None:
        super().__init__()
        self._sign_in, self._origin, self._clock = sign_in, origin, clock
        self._account_name, self._guess, self._note, self._tone = name, guess, note, tone

    def compose(self) -> ComposeResult:
        yield Title("Sign in")
        with Body():
            yield Words("Which account is yours?", classes="gap")
            yield Field("Name", value=self._account_name or self._guess, limit=64, id="name")
            yield PasswordField("Password", id="password")
            yield Outcome(self._clock, self._note, self._tone)
        yield BottomLine(left=[("esc", "back"), ("tab", "next field"), ("f1", "help")], right=[("enter", "sign in")])

    def on_mount(self) -> None:
        if self._account_name:
            self.password.focus()
        elif self._guess:
            self.name_field.select()

    @work
    async def submit(self) -> None:
        with self.busy("checking"):
            answer = await call(self._sign_in.with_password, self.name_field.value, self.password.secret, self._origin)
        if isinstance(answer, SignedIn | TokenNeeded):
            self.dismiss(answer)
            return
        if isinstance(answer, Wrong):
            self.password.clear()
            self.password.focus()
        refuse(self, answer, wrong=WRONG)
