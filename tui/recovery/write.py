"""Writing to support in one's own case."""

from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from core.cases import TEXT_LIMIT
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.long_field import LongField
from core.terminal.widgets.title import Title
from core.terminal.words import Words, words
from core.use_cases.outcomes import Done, Over
from tui.calls import call
from tui.outcome import Outcome, refuse
from tui.recovery.draft import Unsent
from tui.session import Here

QUESTION_LINES = 5


class WritePage(Page[Done]):
    """Done once the message is in the case; what support asks stands above it."""

    HELP = (
        "Support reads it in the case and answers there; mail to a confirmed address tells you that they did. It proves "
        "nothing by itself. Never write a password or a code: nobody here will ask you for one."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "answer", show=False, priority=True)]

    text = getters.query_one("#text", LongField)

    def __init__(self, here: Here, question: str | None, unsent: Unsent) -> None:
        """`unsent` takes what is written as it is typed: the session may end at any moment."""
        super().__init__()
        self._here, self._question, self._unsent = here, question, unsent

    def compose(self) -> ComposeResult:
        yield Title("Answer support" if self._question else "Write to support", self._here.name)
        with Body():
            if self._question:
                yield Words("They ask:", classes="quiet")
                yield Words(words(self._question, limit=TEXT_LIMIT, lines=QUESTION_LINES), id="question", classes="gap")
            yield LongField(
                "Your answer" if self._question else "Your message",
                value=self._unsent.text,
                limit=TEXT_LIMIT,
                lines=6,
                id="text",
            )
            yield Outcome(self._here.services.parts.clock)
        yield BottomLine(left=[("esc", "back, your words are kept")], right=[("ctrl+s", "send")])

    @on(LongField.Changed)
    def keep(self) -> None:
        """Remember what was written."""
        self._unsent.text = self.text.value

    def action_answer(self) -> None:
        """Send it."""
        self.answer()

    @work
    async def submit(self) -> None:
        here = self._here
        with self.busy("sending"):
            answer = await call(here.services.recovery.write, here.ticket, self.text.value)
        match answer:
            case Done():
                self._unsent.text = ""
                self.dismiss(answer)
            case Over():
                here.gone.set()
            case _:
                refuse(self, answer)
