"""The audit trail: what happened, newest first."""

from collections.abc import Awaitable, Callable, Iterable
from enum import Enum, auto
from functools import partial
from typing import Any, ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from core.audit import Entry
from core.terminal.screens.page import Command
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.notice import Notice
from core.terminal.widgets.title import Title
from core.terminal.words import Words, words
from support_console.audit.wanted import Wanted
from support_console.calls import look
from support_console.news import News
from support_console.page import DeskPage, warned
from support_console.reported import reported, who
from support_console.rows import Column, Rows
from support_console.session import Here
from support_console.wording import when

PAGE = 100
AHEAD = 30
"""Lines that are read ahead of the bar."""
COLUMNS = (
    Column("UTC", 12),
    Column("what"),
    Column("about", 10),
    Column("by", 12, room=90),
    Column("event", 24, room=140),
)


class Wish(Enum):
    """What can be asked for here."""

    VERIFY = auto()
    EXPORT = auto()


CarryOut = Callable[[Wish | Wanted | Entry], Awaitable[News | Wanted | None]]


class AuditScreen(DeskPage[None]):
    """Searches, verifies and exports the trail."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = "#entries"
    HELP = (
        "Every fact that was written down, sealed so that a change shows. / searches, v verifies that the trail is "
        "whole, j exports it, enter shows an entry in full. Looking at the trail is itself recorded."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "search"),
        Binding("v", "wish('VERIFY')", "verify that it is whole"),
        Binding("j", "wish('EXPORT')", "export it as JSON"),
    ]

    entries = getters.query_one("#entries", Rows)

    def __init__(self, here: Here, carry_out: CarryOut) -> None:
        super().__init__(here)
        self._carry_out = carry_out
        self._wanted = Wanted()
        self._read: list[Entry] = []
        self._names: dict[str, str] = {}
        self._complete = False

    def compose(self) -> ComposeResult:
        yield Title("Audit trail", warned(self.here))
        yield Words("", id="wanted", classes="quiet")
        yield Rows(COLUMNS, draw=self._cells, key=lambda entry: entry.id, empty="One moment …", id="entries")
        yield Notice(id="news")
        yield BottomLine(
            left=[("esc", "queue"), ("/", "search"), ("v", "verify"), ("j", "export"), ("?", "help")],
            right=[("enter", "in full")],
        )

    def on_mount(self) -> None:
        self.search()

    def _begin_anew(self) -> None:
        self._read, self._complete = [], False
        self.entries.begin_anew()
        self.search()

    @work(group="read", exclusive=True)
    async def search(self) -> None:
        """Read on from where the list ends."""
        self.query_one("#wanted", Words).say(self._wanted.words or "Everything, newest first.")
        wanted: dict[str, Any] = dict(self._wanted.ids)
        if self._wanted.since is not None:
            wanted["since"] = self.now - self._wanted.since
        before = self._read[-1] if self._read else None
        desk = self.here.services.audit_desk
        found = await look(desk.search, self.here.ticket, event=self._wanted.event, before=before, limit=PAGE, **wanted)
        if not isinstance(found, tuple):
            self.refused(found)
            return
        unknown = {each for entry in found for each in (entry.account, entry.actor) if each} - set(self._names)
        if unknown:
            names = await look(desk.names, self.here.ticket, sorted(unknown))
            if isinstance(names, dict):
                self._names |= names
        self._read += found
        self._complete = len(found) < PAGE
        self.entries.show(list(self._read), more=not self._complete, empty="Nothing like that is in the trail.")

    @on(Rows.Moved, "#entries")
    def ahead(self, event: Rows.Moved) -> None:
        """Read on before the end comes into view."""
        event.stop()
        if not self._complete and event.rows.at + AHEAD > len(event.rows):
            self.search()

    @on(Rows.Chosen, "#entries")
    def open(self, event: Rows.Chosen) -> None:
        """Show it in full."""
        event.stop()
        self.wish(event.line)

    @work(group="wish")
    async def wish(self, wish: Wish | Wanted | Entry) -> None:
        """Let the journey do it."""
        if self.is_busy:
            return
        with self.busy():
            answer = await self._carry_out(wish)
        if isinstance(answer, Wanted):
            self._wanted = answer
            self._begin_anew()
        elif isinstance(answer, News):
            self.news(answer.sentence, answer.tone)

    def action_search(self) -> None:
        """Say what to search for."""
        self.wish(self._wanted)

    def action_wish(self, name: str) -> None:
        """Verify or export."""
        self.wish(Wish[name])

    def commands(self) -> Iterable[Command]:
        yield Command("Search", "by account, by whom, case, event", self.action_search)
        yield Command("Verify", "that the trail is whole", partial(self.action_wish, "VERIFY"))
        yield Command("Export", "as lines of JSON", partial(self.action_wish, "EXPORT"))

    def _cells(self, entry: Entry) -> list[Content]:
        said = reported(entry, self._names)
        return [
            words(when(entry.at, self.now), "$quiet", lines=1),
            words(said if entry.genuine else f"! {said}", "" if entry.genuine else "$danger", limit=200, lines=1),
            words(who(entry.account, self._names), limit=64, lines=1),
            words(who(entry.actor, self._names), limit=64, lines=1),
            words(entry.event.value, "$quiet", lines=1),
        ]
