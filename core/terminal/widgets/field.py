"""A line to type in, with its label above and its error below.

yield Field("Name", limit=32, note="2 to 32 letters, digits, . _ -", id="name")

@on(Field.Submitted, "#name")
def next(self, event: Field.Submitted) -> None:
    if problem := rule(event.field.value):
        event.field.error = problem     # shown under the line with its mark, until the next change
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events, on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input
from textual.widgets.input import Selection

from core.terminal.words import Words, words
from core.text import shown


class Line(Input):
    """Textual's input as a flat line: a bar at focus, no blinking, no relayout for each key, nothing unprintable."""

    TAKES_TEXT: ClassVar[bool] = True
    DEFAULT_CSS = """
    Line, Line:ansi {
        width: 1fr;
        height: 1;
        border: none;
        border-left: blank;
        padding: 0 1 0 1;
        background: $field;
        color: $ink;
        text-style: $field-style;
        &:focus {
            border: none;
            border-left: outer $accent;
            background: $field-focus;
            background-tint: $ground 0%;
        }
        &:disabled { color: $quiet; opacity: 1; }
        & > .input--cursor {
            background: $input-cursor-background;
            color: $input-cursor-foreground;
            text-style: $input-cursor-text-style;
        }
        & > .input--placeholder { color: $quiet; text-style: $hint-style; }
    }
    """

    @dataclass
    class Refused(Message):
        """Something that was typed or pasted was not taken; `sentence` says why."""

        line: "Line"
        sentence: str

    def __init__(self, value: str, *, hint: str, limit: int, hidden: bool = False) -> None:
        super().__init__(
            placeholder=shown(hint, limit=120), max_length=limit, password=hidden, select_on_focus=False, compact=False
        )
        self.cursor_blink = False
        self._initial_value = False  # with it, Textual does not scroll to the cursor after the first change
        clean = printable(value)
        self.set_reactive(Input.value, clean)
        self.set_reactive(Input.selection, Selection.cursor(len(clean)))

    def on_mount(self) -> None:
        self.virtual_size = Size(self.content_width, 1)

    def refresh(self, *regions: Any, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Any:
        """Repaint only: what is in a line never changes how large it is."""
        return super().refresh(*regions, repaint=repaint, layout=layout and not self.size, recompose=recompose)

    def render_line(self, y: int) -> Strip:
        """As Textual draws it, and in the style of the field to its end: empty, too, it has a shape."""
        return super().render_line(y).extend_cell_length(self.scrollable_content_region.width, self.rich_style)

    def replace(self, text: str, start: int, end: int) -> None:
        clean = printable(text)
        if len(clean) != len(text):
            self.post_message(self.Refused(self, "Signs that cannot be shown were left out."))
        super().replace(clean, start, end)

    def restricted(self) -> None:
        self.app.bell()
        self.post_message(self.Refused(self, f"That is too long: {self.max_length} characters fit here."))

    def _on_paste(self, event: events.Paste) -> None:
        more = len(event.text.splitlines()) > 1
        super()._on_paste(event)
        event.prevent_default()
        if more:
            self.post_message(self.Refused(self, "Only the first line was taken."))

    def action_copy(self) -> None:
        """Left to the terminal's own selection."""
        raise SkipAction

    def action_cut(self) -> None:
        """Likewise."""
        raise SkipAction

    def action_paste(self) -> None:
        """The terminal pastes; the app keeps no clipboard."""
        raise SkipAction


def printable(text: str, *, lines: bool = False) -> str:
    """`text` without what moves cursors or hides: no control, format or separator signs, line breaks only if asked."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\t", " ")
    return "".join(sign for sign in text if sign.isprintable() or (lines and sign == "\n"))


class Field(Widget):
    """A label, a line and a place for what is wrong with it, three rows that never move.

    `value` is what was typed; `error` is set by the screen and goes with the next change; `limit` is in characters.
    """

    DEFAULT_CSS = """
    Field {
        layout: vertical;
        width: 1fr;
        max-width: 72;
        height: auto;
        & > .label { height: 1; padding: 0 0 0 2; }
        & > .error { color: $danger; height: auto; min-height: 1; padding: 0 0 0 2; }
    }
    """

    TYPING: ClassVar[tuple[type[Message], ...]] = (Input.Changed,)
    """What the line posts when it is typed in, and not when the program fills it."""

    error: reactive[str] = reactive("")
    """What is wrong, as a sentence; empty when nothing is."""
    note: reactive[str] = reactive("")
    """Quiet words beside the label."""

    @dataclass
    class Changed(Message):
        """Something was typed; read `field.value`."""

        field: "Field"

        @property
        def control(self) -> "Field":
            return self.field

    @dataclass
    class Submitted(Message):
        """Enter was pressed; read `field.value`."""

        field: "Field"

        @property
        def control(self) -> "Field":
            return self.field

    @dataclass
    class Left(Message):
        """Focus went elsewhere."""

        field: "Field"

        @property
        def control(self) -> "Field":
            return self.field

    def __init__(
        self,
        label: str,
        *,
        value: str = "",
        hint: str = "",
        limit: int = 200,
        note: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.label = label
        self.line = self.make_line(value, hint=hint, limit=limit)
        self.set_reactive(Field.note, note)

    def make_line(self, value: str, *, hint: str, limit: int) -> Widget:
        """The widget that is typed in."""
        return Line(value, hint=hint, limit=limit)

    def compose(self) -> ComposeResult:
        yield Words(self._head(), classes="label")
        yield self.line
        yield Words(classes="error")

    @property
    def value(self) -> str:
        """What is in the line; filling it from here posts nothing and leaves `error` alone."""
        return str(getattr(self.line, "value", ""))

    @value.setter
    def value(self, text: str) -> None:
        with self.prevent(*self.TYPING):
            setattr(self.line, "value", printable(text))  # noqa: B010  # a line is an Input or a CodeLine

    def select(self) -> None:
        """Mark all of the text, so that what is typed next takes its place."""
        if isinstance(self.line, Input):
            self.line.select_all()

    def focus(self, scroll_visible: bool = True) -> "Field":
        """Go to the line."""
        self.line.focus(scroll_visible)
        return self

    def clear(self) -> None:
        """Empty the line."""
        self.value = ""

    def refuse(self, sentence: str) -> None:
        """Say what is wrong and go there."""
        self.error = sentence
        self.focus()

    def _head(self) -> Content:
        return words(self.label, limit=60, lines=1) + "  " + words(self.note, "$muted", limit=120, lines=1)

    def watch_note(self) -> None:
        for head in self.query(".label").results(Words):
            head.say(self._head())

    def watch_error(self) -> None:
        for place in self.query(".error").results(Words):
            mark = Content.styled("! ", "bold") if self.error else Content("")
            said = mark + words(self.error, limit=300, lines=3)
            place.say(said)
            place.set_class(len(said.wrap(place.content_size.width or self.size.width or 1)) > 1, "-lines")

    @on(Input.Changed)
    def _line_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.changed()

    @on(Input.Submitted)
    def _line_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted(self))

    @on(Input.Blurred)
    def _line_left(self, event: Input.Blurred) -> None:
        event.stop()
        self.post_message(self.Left(self))

    @on(Line.Refused)
    def _line_refused(self, event: Line.Refused) -> None:
        event.stop()
        self.call_after_refresh(setattr, self, "error", event.sentence)

    def changed(self) -> None:
        """The line changed: what was wrong may not be any more. Emptied for another try, it keeps saying why."""
        if self.value:
            self.error = ""
        self.post_message(self.Changed(self))
