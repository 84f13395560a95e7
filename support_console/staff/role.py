"""Which role."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from core.accounts import Role
from core.terminal.screens.page import Body
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.title import Title
from support_console.page import DeskPage, warned
from support_console.session import Here

MAY = {
    Role.AGENT: "works cases, verifies, approves what another verified",
    Role.LEAD: "the same; freezes, reassigns, locks, lifts blocks",
    Role.ADMIN: "invites staff and changes roles; nothing in cases",
    Role.AUDITOR: "reads cases and the audit trail, exports",
}


class RoleScreen(DeskPage[Role]):
    """Answers one of `roles`."""

    HELP = "Each role may do what stands beside it, and nothing else. Somebody can have more than one."

    def __init__(self, here: Here, question: str, roles: Sequence[Role]) -> None:
        super().__init__(here)
        self._question, self._roles = question, [role for role in roles if role is not Role.MEMBER]

    def compose(self) -> ComposeResult:
        yield Title(self._question, warned(self.here))
        with Body():
            yield Choices(
                *(Choice(str(index), role.value, MAY[role], id=role.value) for index, role in enumerate(self._roles, 1))
            )
        yield BottomLine(left=[("esc", "back, nothing is done"), ("?", "help")], right=[("enter", "choose")])

    @on(Choices.Chosen)
    def choose(self, event: Choices.Chosen) -> None:
        """Answer."""
        event.stop()
        self.dismiss(Role(event.choice.name))
