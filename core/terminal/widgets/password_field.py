"""A line for a password: hidden, never copied, handed on as a `Secret`.

yield PasswordField("Password", id="password")
...
outcome = await offload(self._sign_in.with_password, name, self.password.secret, origin)
self.password.clear()
"""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from core.secret import Secret
from core.terminal.widgets.field import Field, Line

LIMIT = 1024
"""Code points that a password may have."""


class HiddenLine(Line):
    """A line that shows a dot for each character, or with ctrl+r the characters."""

    KEEPS_SECRET: ClassVar[bool] = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+r", "reveal", "show", show=False)]

    def action_reveal(self) -> None:
        """Show or hide what was typed (NIST SP 800-63B 3.1.1.2 asks for it)."""
        self.password = not self.password


class PasswordField(Field):
    """A field whose text is read through `secret`; `value` is for the line itself only."""

    def __init__(
        self,
        label: str = "Password",
        *,
        limit: int = LIMIT,
        note: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(label, limit=limit, note=note, id=id, classes=classes)

    def make_line(self, value: str, *, hint: str, limit: int) -> Widget:
        return HiddenLine(value, hint=hint, limit=limit, hidden=True)

    @property
    def secret(self) -> Secret:
        """What was typed."""
        return Secret(self.value)

    def clear(self) -> None:
        """Empty the line, and hide what is typed next."""
        super().clear()
        assert isinstance(self.line, HiddenLine)
        self.line.password = True
