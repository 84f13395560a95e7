"""What every screen of the apps is: one question, with a way back.

class AskName(Page[str]):
    HELP = "The name you signed up with."

    def compose(self) -> ComposeResult:
        yield Title("Sign in", step="step 1 of 2")
        with Body():
            yield Words("Which account is yours?")
            yield Field("Name", limit=32, id="name")
            yield Notice(id="outcome")
        yield BottomLine(right=[("enter", "go on")])

    @work
    async def submit(self) -> None:                     # enter in the last field
        with self.busy("looking"):
            outcome = await offload(...)
        self.dismiss(name)                               # esc dismisses None
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widget import Widget

from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choices
from core.terminal.widgets.code_field import CodeField
from core.terminal.widgets.field import Field
from core.terminal.widgets.password_field import HiddenLine

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that the palette offers: a name, a few words on what it does, and the doing."""

    name: str
    explanation: str
    do: Callable[[], Any]


class Body(VerticalScroll, can_focus=False):
    """What stands between title and bottom line: indented, at most 100 columns, scrolled only if it must be."""

    DEFAULT_CSS = """
    Body {
        height: 1fr;
        width: 1fr;
        max-width: 100;
        padding: 0 4;
        background: $ground;
        & Words, & Notice { padding: 0 0 0 2; }
    }
    """


class Page(Screen[Answer]):
    """A question with a typed answer; `dismiss(None)` by esc is going back."""

    HELP: ClassVar[str] = ""
    """What a person may want to know here, in a paragraph."""
    TYPE_AHEAD: ClassVar[bool] = True
    """Whether keys typed before the screen was there may count on it; False where an answer is grave."""
    ALLOW_SELECT = False
    AUTO_FOCUS = "Line, CodeLine, Lines, Choices"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-high")]

    DEFAULT_CSS = """
    Page {
        background: $ground;
        color: $ink;
        & .gap { margin-bottom: 1; }
        &.-high .error.-lines { margin-bottom: 1; }
        &.-wide Body { padding: 1 8; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    _busy = False
    hides_codes = False
    """Whether dots stand for the signs of each code."""

    @property
    def is_busy(self) -> bool:
        """Whether a call is under way whose answer the screen waits for."""
        return self._busy

    @contextlib.contextmanager
    def busy(self, doing: str = "one moment") -> Iterator[None]:
        """While the block runs, say so on the bottom line and take no second answer."""
        self._busy = True
        lines = list(self.query(BottomLine))
        for line in lines:
            line.doing = doing
        try:
            yield
        finally:
            self._busy = False
            for line in lines:
                line.doing = ""

    def commands(self) -> Iterable[Command]:
        """What the palette offers here."""
        return ()

    def told(self, binding: Binding) -> str:
        """What help says that `binding` does here and now; nothing when it is not for this person or this moment."""
        return binding.description

    def submit(self) -> Any:
        """Take the answer: called when enter is pressed in the last field, never while busy. Often a `@work`."""

    def answer(self) -> None:
        """Call `submit`, unless busy."""
        if not self._busy:
            self.hide_codes()
            self.submit()

    def hide_codes(self) -> None:
        """Hide the codes on a page with a password, once it was handed in.

        Whoever is refused with focus on the code, and sends password, tab and code again, would show the password there.
        """
        self.hides_codes = bool(self.query(HiddenLine))
        if self.hides_codes:
            for field in self.query(CodeField):
                field.hide()

    @on(Field.Submitted)
    def _go_on(self, event: Field.Submitted) -> None:
        fields = [field for field in self.query(Field) if field.display and not field.disabled]
        at = fields.index(event.field) if event.field in fields else len(fields)
        if at + 1 < len(fields):
            fields[at + 1].focus()
        else:
            self.answer()

    def on_key(self, event: events.Key) -> None:
        """A letter that nothing else took chooses a line, wherever focus is."""
        if self._busy or event.character is None:
            return
        for choices in self.query(Choices):
            if choices.display and not choices.disabled and choices.choose_by_key(event.character):
                event.stop()
                event.prevent_default()
                return

    def focus_next(self, selector: Any = "*") -> Widget | None:
        """Go to the next widget, and from the last to the first; on a page with a hidden line never to one that shows.

        Whoever is refused with focus on the password, and sends name, tab and password again, would show it there.
        """
        chain = self.focus_chain
        if chain and self.focused is chain[-1] and _shows_beside_hidden(chain):
            getattr(self.app, "say", lambda _: None)("This is the last line; shift+tab goes back.")
            return self.focused
        return super().focus_next(selector)

    def can_view_entire(self, widget: Widget) -> bool:
        """Whether `widget` is in view, a line only with its label and its error."""
        return super().can_view_entire(_whole(widget))

    def scroll_to_widget(self, widget: Widget, **how: Any) -> bool:
        """Bring `widget` into view at once, a line with its label and its error."""
        return super().scroll_to_widget(_whole(widget), **(how | {"animate": False}))

    async def _message_loop_exit(self) -> None:
        """End what is under way before the widgets go that it would draw on; Textual alone ends it after them."""
        for worker in self.workers:
            if self in worker.node.ancestors_with_self:
                worker.cancel()
        await super()._message_loop_exit()

    def copy(self, text: str) -> None:
        """Put `text` on the person's clipboard, because a key that says so was pressed."""
        getattr(self.app, "copy_on_purpose", lambda _: None)(text)

    def action_back(self) -> None:
        """Go back, answering nothing."""
        if not self._busy:
            self.dismiss(None)


def _shows_beside_hidden(chain: Sequence[Widget]) -> bool:
    """Whether the first of `chain` shows what is typed there, and another one hides it."""
    hidden = [isinstance(widget, HiddenLine) for widget in chain]
    return bool(getattr(chain[0], "TAKES_TEXT", False)) and any(hidden) and not hidden[0]


def _whole(widget: Widget) -> Widget:
    return widget.parent if isinstance(widget.parent, Field) else widget
