"""The old device back, after a completed recovery was stopped."""

from textual import getters, work
from textual.app import ComposeResult

from core.clock import Clock
from core.origin import Origin
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.code_field import TOKEN, CodeField
from core.terminal.widgets.field import Field
from core.terminal.widgets.password_field import PasswordField
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.outcomes import Wrong
from core.use_cases.restoring import Restored
from core.use_cases.stop import Stop
from tui.calls import call
from tui.outcome import Outcome, refuse
from tui.sign_in.password import WRONG


class RestorePage(Page[Restored]):
    """Asks for name, password and a token of the old device."""

    HELP = (
        "After a recovery is completed, the old device is kept sealed for 7 days. Once the account is locked with a "
        "stop code, whoever has the password and that device gets it back, and any device set up since is thrown out. "
        "If the password was changed, set a new one first: Forgot password on the first screen."
    )

    password = getters.query_one("#password", PasswordField)
    token = getters.query_one("#token", CodeField)

    def __init__(self, stop: Stop, origin: Origin, clock: Clock) -> None:
        super().__init__()
        self._stop, self._origin, self._clock = stop, origin, clock

    def compose(self) -> ComposeResult:
        yield Title("Restore your old device")
        with Body():
            yield Words(
                "Your account was recovered and then locked with a stop code. Show your password and a token of the "
                "device that you had before: it counts again, and any other one is thrown out.",
                classes="gap",
            )
            yield Field("Name", limit=64, id="name")
            yield PasswordField("Password", id="password")
            yield CodeField("Token of the old device", form=TOKEN, id="token")
            yield Outcome(self._clock)
        yield BottomLine(left=[("esc", "back"), ("tab", "next field"), ("f1", "help")], right=[("enter", "restore it")])

    @work
    async def submit(self) -> None:
        name = self.query_one("#name", Field).value
        with self.busy("checking"):
            answer = await call(self._stop.restore, name, self.password.secret, self.token.value, self._origin)
        if isinstance(answer, Restored):
            self.dismiss(answer)
            return
        self.token.clear()
        if isinstance(answer, Wrong):
            self.password.clear()
            self.password.focus()
        else:
            self.token.focus()
        refuse(self, answer, wrong=WRONG, code="token")
