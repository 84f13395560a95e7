"""The form that opens a case: everything that is asked, at once."""

from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from core.cases import CONTACT_LIMIT, TEXT_LIMIT, Form
from core.clock import Clock
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.field import Field
from core.terminal.widgets.long_field import LongField
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.outcomes import Invalid, NotNow, Over, Throttled
from core.use_cases.recovery_doors import CaseOpened
from tui.calls import call
from tui.outcome import Outcome, refuse
from tui.recovery.draft import Draft

Open = Callable[[Form], CaseOpened | Invalid | NotNow | Throttled | Over]

FIELDS = ("happened", "contact", "statement")


class FormPage(Page[CaseOpened | Over]):
    """Opens the case, or says beside which field what is wrong; what was written stays in the draft."""

    HELP = (
        "Support reads this. It proves nothing by itself: evidence comes next. How to reach you is not checked, so "
        "notices never go there. Never write a password or a code here; nobody will ask you for one."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "answer", show=False, priority=True)]

    def __init__(self, open_case: Open, clock: Clock, draft: Draft) -> None:
        super().__init__()
        self._open_case, self._clock, self._draft = open_case, clock, draft

    def compose(self) -> ComposeResult:
        form = self._draft.form
        yield Title("Open a recovery case", self._draft.name)
        with Body():
            yield Words("Support reads this, and nothing in it is proof: evidence comes next.", classes="quiet gap")
            yield LongField(
                "What happened to the device?", value=form.happened, limit=TEXT_LIMIT, lines=3, id="happened"
            )
            yield Field(
                "How to reach you",
                value=form.contact,
                limit=CONTACT_LIMIT,
                note="unverified, never used for notices",
                id="contact",
            )
            yield LongField(
                "What else should they know?",
                value=form.statement,
                limit=TEXT_LIMIT,
                lines=3,
                note="if anything",
                id="statement",
            )
            yield Outcome(self._clock)
        yield BottomLine(
            left=[("esc", "back, your words are kept"), ("tab", "next field")], right=[("ctrl+s", "open the case")]
        )

    def action_answer(self) -> None:
        """Open the case, from whichever field."""
        self.answer()

    @work
    async def submit(self) -> None:
        self.keep()
        self.query_one(Outcome).clear()
        with self.busy("opening"):
            answer = await call(self._open_case, self._draft.form)
        if isinstance(answer, CaseOpened | Over):
            self.dismiss(answer)
        else:
            refuse(self, answer)

    def keep(self) -> None:
        """Remember what was written."""
        self._draft.form = Form(**{name: self.query_one(f"#{name}", Field).value for name in FIELDS})

    def action_back(self) -> None:
        """Back, with nothing lost."""
        self.keep()
        super().action_back()
