"""Choosing a password: twice, with a meter, and a key that suggests one."""

from collections.abc import Callable
from typing import ClassVar, Protocol

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalGroup
from textual.timer import Timer

from core.accounts import Strength
from core.secret import Secret
from core.terminal.offload import offload_quietly
from core.terminal.widgets.field import Field
from core.terminal.widgets.password_field import HiddenLine, PasswordField
from core.use_cases.outcomes import Invalid

PAUSE = 0.25
"""Seconds without a key before the password is judged."""
SAVE_FIRST = "save it first, then type or paste it here"
DIFFERENT = "The two are not the same. Type it again here."


class PasswordRules(Protocol):
    """What judges and suggests passwords: `SignUp` does."""

    def check_password(self, password: Secret, name: str, address: str) -> Invalid | None: ...
    def strength(self, password: Secret, name: str, address: str) -> Strength: ...
    def passphrase(self) -> Secret: ...


class NewPassword(VerticalGroup):
    """Two hidden lines; under the first how strong it is, under the second whether it is the same.

    `about` gives the name and the address that the password must not be built from. The first field's id is `id`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+g", "suggest", "suggest a passphrase", show=True),
        Binding("ctrl+r", "reveal", "show or hide it", show=True),
    ]
    DEFAULT_CSS = """
    NewPassword { height: auto; }
    """

    def __init__(
        self,
        rules: PasswordRules,
        about: Callable[[], tuple[str, str]],
        *,
        least: int,
        label: str = "Password",
        field: str = "password",
    ) -> None:
        super().__init__()
        self._rules = rules
        self._about = about
        self._least = least
        self._judging: Timer | None = None
        self._suggested = Secret("")
        self._hint = f"at least {least} characters; ctrl+g suggests one"
        self.first = PasswordField(label, note=self._hint, id=field)
        self.again = PasswordField("The same again", id=f"{field}-again")

    def compose(self) -> ComposeResult:
        yield self.first
        yield self.again

    @property
    def secret(self) -> Secret:
        """What was typed in the first line."""
        return self.first.secret

    def same(self) -> bool:
        """Whether both lines hold the same; says so and goes there when not."""
        if not self.first.value:
            self.first.refuse("Choose a password.")
        elif not self.again.value:
            self.again.refuse("Type the password once more.")
        elif self.first.secret != self.again.secret:
            self.again.clear()
            self._say_whether_same()
            self.again.refuse(DIFFERENT)
        else:
            return True
        return False

    def clear(self) -> None:
        """Empty both lines."""
        self.first.clear()
        self.again.clear()
        self._count()

    @on(Field.Changed)
    def typed(self, event: Field.Changed) -> None:
        """Count at once, judge after a pause."""
        if event.field is self.first:
            self._count()
        else:
            self._say_whether_same()

    def _count(self) -> None:
        if self._judging is not None:
            self._judging.stop()
            self._judging = None
        count = len(self.first.value)
        if not count:
            self.first.note = self._hint
        elif count < self._least:
            self.first.note = f"{count} of at least {self._least} characters"
        else:
            self._judging = self.set_timer(PAUSE, self._judge)
        self._say_whether_same()

    def _say_whether_same(self) -> None:
        same = bool(self.first.value) and self.again.secret == self.first.secret
        suggested = bool(self._suggested) and self.first.secret == self._suggested
        self.again.note = "the same" if same else SAVE_FIRST if suggested else ""

    @on(Field.Left)
    def left(self, event: Field.Left) -> None:
        """Say early what would be refused."""
        if event.field is self.first and self.first.value:
            self._judge()
        elif event.field is self.again and self.again.value and self.again.secret != self.first.secret:
            self.again.error = DIFFERENT

    @work
    async def _judge(self) -> None:
        password, (name, address) = self.first.secret, self._about()
        strength = await offload_quietly(self._rules.strength, password, name, address)
        problem = await offload_quietly(self._rules.check_password, password, name, address)
        if self.first.secret != password:
            return
        self.first.note = meter(strength)
        if problem is not None and not self.first.line.has_focus and not self.first.error:
            self.first.error = problem.sentence

    @work
    async def action_suggest(self) -> None:
        """Fill the first line with a passphrase that can be read; the second is typed, so that it is kept somewhere."""
        phrase = await offload_quietly(self._rules.passphrase)
        line = self.first.line
        if isinstance(line, HiddenLine):
            line.password = False
        self._suggested = phrase
        self.first.value = phrase.reveal()
        self.again.clear()
        self._count()
        self.again.focus()

    def action_reveal(self) -> None:
        """Show or hide the first line, wherever the cursor is."""
        line = self.first.line
        if isinstance(line, HiddenLine):
            line.action_reveal()


def meter(strength: Strength) -> str:
    """How strong, as five squares and a word."""
    filled = strength.score + 1
    return f"{'■' * filled}{'□' * (5 - filled)}  {strength.words}"
