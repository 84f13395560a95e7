"""Everybody with a role."""

from collections.abc import Awaitable, Callable, Iterable
from enum import Enum, auto
from functools import partial
from typing import ClassVar

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from core.staff import Right
from core.terminal.screens.page import Command
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.notice import Notice
from core.terminal.widgets.title import Title
from core.terminal.words import Words, words
from core.use_cases.staff import StaffLine
from support_console.calls import look
from support_console.news import News
from support_console.page import DeskPage, warned
from support_console.rows import Column, Rows
from support_console.session import Here
from support_console.wording import day, keys

COLUMNS = (Column("name", 12, most=24), Column("roles, since", most=44), Column("console", 36))


class Wish(Enum):
    """What can be asked for here."""

    INVITE = auto()
    GIVE = auto()
    TAKE = auto()
    DISABLE = auto()
    READMIT = auto()


KEYS = {
    "i": (Wish.INVITE, "invite"),
    "r": (Wish.GIVE, "give a role"),
    "t": (Wish.TAKE, "take a role"),
    "d": (Wish.DISABLE, "disable"),
    "a": (Wish.READMIT, "readmit"),
}

CarryOut = Callable[[Wish, StaffLine | None], Awaitable[News | None]]


class StaffScreen(DeskPage[None]):
    """Lists the staff; for somebody who only is an admin it is the whole console."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = "#staff"
    HELP = (
        "Who has which role, and who is let into the console. A role that you give verifies and approves only after 7 "
        "days, and all staff are told. Somebody whose two-factor was set up anew is out until another admin readmits them."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"wish('{wish.name}')", word) for key, (wish, word) in KEYS.items()),
        Binding("o", "sign_out", "sign out"),
    ]

    staff = getters.query_one("#staff", Rows)

    def __init__(self, here: Here, carry_out: CarryOut) -> None:
        super().__init__(here)
        self._carry_out = carry_out

    def compose(self) -> ComposeResult:
        yield Title("Staff", warned(self.here))
        yield Rows(COLUMNS, draw=_cells, key=lambda line: line.account_id, empty="One moment …", id="staff")
        yield Notice(id="news")
        yield Words("", id="acts")
        back = ("esc", "queue") if self._has_queue else ("o", "sign out")
        yield BottomLine(left=[back, ("?", "help")])

    @property
    def _has_queue(self) -> bool:
        return self.here.may(Right.SEE_CASES)

    def on_mount(self) -> None:
        self.load()
        self.call_after_refresh(self._show_keys)

    def on_resize(self) -> None:
        self.call_after_refresh(self._show_keys)

    def _show_keys(self) -> None:
        acts = self.query_one("#acts", Words)
        acts.say(keys([(key, word) for key, (_, word) in KEYS.items()], acts.content_size.width))

    @work(group="read", exclusive=True)
    async def load(self) -> None:
        """Show the staff as they are now."""
        await self._load()

    async def _load(self) -> None:
        found = await look(self.here.services.staff.list, self.here.ticket)
        if isinstance(found, tuple):
            self.staff.show(found, empty="Nobody has a role.")
        else:
            self.refused(found)

    @work(group="wish")
    async def wish(self, wish: Wish) -> None:
        """Let the journey do it, then show what is so now."""
        if self.is_busy:
            return
        with self.busy():
            said = await self._carry_out(wish, self.staff.current)
        await self._load()
        if said is not None:
            self.news(said.sentence, said.tone)

    def told(self, binding: Binding) -> str:
        return "" if binding.action == "sign_out" and self._has_queue else binding.description

    def action_wish(self, name: str) -> None:
        """Do what the key means."""
        self.wish(Wish[name])

    def action_back(self) -> None:
        """To the queue, for whoever has one."""
        if self.is_busy:
            return
        if self._has_queue:
            self.dismiss(None)
        else:
            self.news("o signs out, ctrl+q leaves.")

    def action_sign_out(self) -> None:
        """Sign out, where this is the whole console."""
        if not self._has_queue and not self.is_busy:
            self.dismiss(None)

    def commands(self) -> Iterable[Command]:
        for key, (wish, word) in KEYS.items():
            yield Command(f"{word.capitalize()} ({key})", "staff", partial(self.action_wish, wish.name))


def _cells(line: StaffLine) -> list[Content]:
    roles = ", ".join(f"{grant.role.value} {day(grant.since)}" for grant in line.grants)
    let_in = words("let in", lines=1) if line.admitted else words(f"! {line.why_not}", "$warning", lines=1)
    return [words(line.name, limit=64, lines=1), words(roles, limit=120, lines=1), let_in]
