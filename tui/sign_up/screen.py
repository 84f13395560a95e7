"""Making an account: a name, an address, a password, and where the site asks for one an invitation."""

from collections.abc import Iterable
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from core.clock import Clock
from core.origin import Origin
from core.secret import Secret
from core.terminal.screens.page import Body, Command, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.field import Field
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.outcomes import Invalid
from core.use_cases.sign_in import SignedIn
from core.use_cases.sign_up import SignUp
from tui.calls import call
from tui.new_password import NewPassword
from tui.outcome import Outcome, refuse


class SignUpScreen(Page[SignedIn | None]):
    """One form, so that nothing that was typed is out of sight; answers with the new account signed in."""

    CSS_PATH = "screen.tcss"
    HELP = (
        "The name is what you sign in with: it cannot be changed, and it is never given to anybody else. The address "
        "gets notices about the safety of your account and nothing else. A password is long rather than odd: "
        "ctrl+g suggests one made of words, ctrl+r shows what you typed. Somebody invited you: ctrl+n makes room for "
        "the code from your invitation."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+n", "invitation", "use an invitation")]

    name_field = getters.query_one("#name", Field)
    address = getters.query_one("#address", Field)
    password = getters.query_one(NewPassword)

    def __init__(self, sign_up: SignUp, origin: Origin, clock: Clock, *, password_min: int) -> None:
        super().__init__()
        self._sign_up, self._origin, self._clock, self._password_min = sign_up, origin, clock, password_min

    def compose(self) -> ComposeResult:
        yield Title("Make an account")
        with Body():
            yield Words(self._before(), classes="quiet gap", id="before")
            if self._asks_invitation:
                yield _invitation_field()
            yield Field("Name", limit=64, note="what you sign in with: small letters, digits and . _ -", id="name")
            yield Field("E-mail address", limit=254, note="for notices about your account, nothing else", id="address")
            yield NewPassword(self._sign_up, self._about, least=self._password_min)
            yield Outcome(self._clock)
        yield BottomLine(
            left=[("esc", "back"), ("tab", "next field"), ("ctrl+g", "suggest"), ("ctrl+r", "show")],
            right=[("enter", "sign up")],
        )

    @property
    def _asks_invitation(self) -> bool:
        """Nobody signs up here without one."""
        return self._sign_up.invitation_needed or self._sign_up.closed

    def _before(self) -> str:
        if self._asks_invitation:
            return "Signing up never waits for mail: you confirm the address now or later."
        return "You confirm the address now or later. ctrl+n: I have an invitation."

    def commands(self) -> Iterable[Command]:
        if not self.query("#invitation"):
            yield Command("I have an invitation", "type the code from it", self.action_invitation)

    async def action_invitation(self) -> None:
        """Make room for an invitation where none is needed: it may give a role."""
        if not self.query("#invitation"):
            await self.query_one(Body).mount(_invitation_field(), after="#before")
        self.query_one("#invitation", Field).focus()

    def _about(self) -> tuple[str, str]:
        return self.name_field.value, self.address.value

    @on(Field.Left, "#name")
    def look_at_name(self) -> None:
        """Say early why a name cannot be had."""
        if self.name_field.value:
            self._early(self.name_field, self._sign_up.check_name(self.name_field.value))

    @on(Field.Left, "#address")
    def look_at_address(self) -> None:
        """Say early why an address cannot be one."""
        if self.address.value:
            self._early(self.address, self._sign_up.check_address(self.address.value))

    def _early(self, field: Field, problem: Invalid | None) -> None:
        if problem is not None:
            field.error = problem.sentence

    @work
    async def submit(self) -> None:
        if not self.password.same():
            return
        invitation = next((field.value for field in self.query("#invitation").results(Field)), "")
        with self.busy("making your account"):
            answer = await call(
                self._sign_up.register,
                self.name_field.value,
                self.address.value,
                self.password.secret,
                self._origin,
                Secret(invitation.strip()) if invitation.strip() else None,
            )
        if isinstance(answer, SignedIn):
            self.dismiss(answer)
        else:
            refuse(self, answer)


def _invitation_field() -> Field:
    return Field("Invitation", limit=64, note="the code from your invitation", id="invitation")
