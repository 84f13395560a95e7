"""Setting a new password with the mailed code."""

from textual import getters, work
from textual.app import ComposeResult

from core.clock import Clock
from core.origin import Origin
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.code_field import MAIL_CODE, CodeField
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.forgotten import ForgottenPassword
from core.use_cases.outcomes import Done, TokenWrong
from tui.calls import call
from tui.new_password import NewPassword, PasswordRules
from tui.outcome import Outcome, refuse

WHETHER_SENT = (
    "If that is the confirmed address of this account, a code is on its way, unless one went there in the last minute "
    "or five in the last day."
)
WRONG_CODE = "That code is not right, or none is open. esc: have another sent."


class ResetScreen(Page[Done | None]):
    """Asks for the code and the new password at once, so that neither is lost when the other is refused."""

    HELP = (
        "The code has eight digits and is good for 10 minutes. It has five tries. If nothing arrives, the name and the "
        "address do not belong together, the address was never confirmed, or it was sent five codes already today; the "
        "people who run this site can help then."
    )

    code = getters.query_one("#code", CodeField)
    password = getters.query_one(NewPassword)

    def __init__(
        self,
        forgotten: ForgottenPassword,
        rules: PasswordRules,
        origin: Origin,
        clock: Clock,
        *,
        name: str,
        mail_place: str,
        password_min: int,
    ) -> None:
        super().__init__()
        self._forgotten, self._rules, self._origin, self._clock = forgotten, rules, origin, clock
        self._account_name, self._mail_place, self._password_min = name, mail_place, password_min

    def compose(self) -> ComposeResult:
        yield Title(f"Set a new password for {self._account_name}", step="step 2 of 2")
        with Body():
            yield Words(WHETHER_SENT)
            yield Words(self._mail_place, classes="quiet gap")
            yield CodeField("Code from the mail", form=MAIL_CODE, id="code")
            yield NewPassword(
                self._rules,
                lambda: (self._account_name, ""),
                least=self._password_min,
                label="New password",
                field="new",
            )
            yield Outcome(self._clock)
        yield BottomLine(
            left=[("esc", "back"), ("tab", "next field"), ("ctrl+g", "suggest"), ("ctrl+r", "show")],
            right=[("enter", "set the password")],
        )

    @work
    async def submit(self) -> None:
        if not self.code.complete:
            self.code.refuse("Type the eight digits from the mail.")
            return
        if not self.password.same():
            return
        with self.busy("setting it"):
            answer = await call(
                self._forgotten.reset, self._account_name, self.code.value, self.password.secret, self._origin
            )
        if isinstance(answer, Done):
            self.dismiss(answer)
        elif isinstance(answer, TokenWrong):
            self.code.clear()
            self.code.refuse(WRONG_CODE)
        else:
            refuse(self, answer)
