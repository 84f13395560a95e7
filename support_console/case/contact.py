"""Contact data, unmasked on purpose."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from core.terminal.screens.page import Body
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.desk_view import Contact, StaffCase
from support_console.page import DeskPage, warned
from support_console.session import Here
from support_console.wording import NOBODY


class ContactScreen(DeskPage[None]):
    """What the claimant wrote about themselves, and the address of the account."""

    TYPE_AHEAD: ClassVar[bool] = False
    AUTO_FOCUS = ""
    HELP = "None of this proves anything. The owner reads in their history that you looked."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "back", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("up", "scroll(-1)", show=False),
    ]

    def __init__(self, here: Here, case: StaffCase, contact: Contact) -> None:
        super().__init__(here)
        self._case, self._contact = case, contact

    def compose(self) -> ComposeResult:
        contact = self._contact
        yield Title(f"Contact data   {self._case.reference}   {self._case.account_name}", warned(self.here))
        with Body():
            yield Notice(
                "Not verified, as it was typed. The owner will read that you looked.", Tone.WARNING, classes="gap"
            )
            for label, text in (
                ("Address of the account", contact.address),
                ("How to reach them", contact.contact),
                ("What happened", contact.happened),
                ("Statement", contact.statement),
            ):
                yield Words(label, classes="quiet")
                yield Words(text or NOBODY, classes="gap")
        yield BottomLine(left=[("esc", "back"), ("?", "help")], right=[("enter", "close")])

    def action_scroll(self, by: int) -> None:
        """Read on."""
        self.query_one(Body).scroll_relative(y=by, animate=False)
