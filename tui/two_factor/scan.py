"""Enable, step 2: the code to scan, the key to type instead, and the initial six-digit token."""

from collections.abc import Iterable
from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, HorizontalGroup, VerticalScroll

from core.terminal.screens.page import Command, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.code_field import TOKEN, CodeField
from core.terminal.widgets.notice import Tone
from core.terminal.widgets.qr_code import QrCode, choose_qr
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.outcomes import Done, Over, TokenWrong
from core.use_cases.two_factor import EnrolmentBegun
from tui.calls import call
from tui.outcome import Outcome, refuse
from tui.session import Here
from tui.two_factor.full_screen import FullScreenPage
from tui.two_factor.key import DeviceKey

BESIDE = 35
"""Columns that the steps take next to the code."""
PAPER_BELOW = 4
"""Rows of paper that may follow the code; in a terminal that is higher, its paper ends with the code."""
WRONG = "That is not the token of this key. Enter the six digits that the app shows now for {entry}."


class ScanPage(Page[Done | Over]):
    """Done once the device has shown that it holds the key; the key leaves with the screen."""

    CSS_PATH = "scan.tcss"
    AUTO_FOCUS = "#token CodeLine"
    HELP = (
        "Open your authenticator app, choose to add an entry, and point the camera at the code. If the camera cannot "
        "read it, choose to type a key in the app instead. The app then shows six digits: enter them here."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy_key", "copy the key"),
        Binding("f", "full_screen", "the code alone, on the whole screen"),
    ]

    token = getters.query_one("#token", CodeField)
    code = getters.query_one(QrCode)

    def __init__(self, here: Here, begun: EnrolmentBegun, *, title: str) -> None:
        super().__init__()
        self._here, self._enrolment, self._heading = here, begun.id, title
        self._key = DeviceKey(begun)
        self._issuer, self._label = begun.issuer, begun.label

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield QrCode(*self._key.uris, beside=BESIDE)
            with VerticalScroll(id="steps", can_focus=False):
                yield Title(self._heading, "step 2 of 4")
                with HorizontalGroup():
                    yield Words("1", classes="number")
                    yield Words(id="how")
                yield Words(id="key", classes="strong")
                yield Words(id="keys", classes="quiet gap")
                with HorizontalGroup():
                    yield Words("2", classes="number")
                    yield Words(f"Enter the six digits it shows for {self._entry}:")
                yield CodeField("", form=TOKEN, id="token")
                yield Outcome(self._here.services.parts.clock)
                yield BottomLine(left=[("esc", "leave")], right=[("enter", "Verify")])

    @on(QrCode.Fitted)
    def explain(self) -> None:
        """Say how to get the key into the app: by the code, or where there is no room for it, by hand."""
        drawing = self.code.drawing
        fits = drawing is not None
        if drawing is not None:
            spare = self.size.height - drawing.height
            self.code.styles.height = drawing.height if spare > PAPER_BELOW else self.size.height
        alone = choose_qr(*self._key.uris, width=self.size.width, height=self.size.height) is not None
        self.set_class(not fits, "-key-only")
        if fits:
            how = "Scan the code with your authenticator app, or type this key into it:"
        else:
            see = "Press f for the code alone, or type" if alone else "Enlarge it, or type"
            how = (
                f"This window is too small for the code. {see} this into your authenticator app.\n"
                f"Name  {self._entry}\nKind  time-based, six digits\nKey"
            )
        self.query_one("#how", Words).say(how)
        self.query_one("#key", Words).say(self._key.lines(4 if fits else 8))
        self.query_one("#keys", Words).say("c copy the key" + ("   f full screen" if alone else ""))

    @property
    def _entry(self) -> str:
        """What the app calls the entry."""
        return f"{self._issuer}: {self._label}"

    @work
    async def submit(self) -> None:
        here = self._here
        with self.busy("checking"):
            answer = await call(here.services.two_factor.verify, here.ticket, self._enrolment, self.token.value)
        match answer:
            case Done() | Over():
                self.leave(answer)
            case TokenWrong():
                self.token.clear()
                self.token.focus()
                self.query_one(Outcome).say(WRONG.format(entry=self._entry), Tone.DANGER)
            case _:
                self.token.clear()
                self.token.focus()
                refuse(self, answer)

    def leave(self, answer: Done | Over | None) -> None:
        """Answer, with the key gone from the screen first."""
        self._wipe()
        self.dismiss(answer)

    def on_unmount(self) -> None:
        """However the screen went, the key goes with it."""
        self._key.wipe()

    def _wipe(self) -> None:
        self._key.wipe()
        self.code.display = False
        self.query_one("#key", Words).say("")
        self.token.clear()

    def commands(self) -> Iterable[Command]:
        yield Command("Copy the key", "to the clipboard of your terminal", self.action_copy_key)
        yield Command("Full screen", "the code alone", self.action_full_screen)

    def action_copy_key(self) -> None:
        """Put the key on the person's clipboard."""
        self.copy(self._key.text)
        self.query_one(Outcome).say("The key is on your clipboard, if your terminal lets it there.", Tone.GOOD)

    def action_full_screen(self) -> None:
        """The code alone, where there is no room for it beside the steps."""
        if choose_qr(*self._key.uris, width=self.size.width, height=self.size.height) is not None:
            self.app.push_screen(FullScreenPage(*self._key.uris))

    def action_back(self) -> None:
        """Leave the set-up."""
        if not self.is_busy:
            self.leave(None)
