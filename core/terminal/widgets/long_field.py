"""A few lines to write in: a message, a statement.

    yield LongField("What happened", limit=2000, lines=5, id="statement")

Enter starts a new line and tab goes on; ctrl+s hands the page's answer in, so say so on the bottom line.
"""

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from core.terminal.widgets.field import Field, printable
from core.terminal.words import words


class Lines(TextArea):
    """Textual's text area, flat, capped, and without a clipboard of its own."""

    TAKES_TEXT: ClassVar[bool] = True
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Lines, Lines:ansi {
        width: 1fr;
        height: 5;
        border: none;
        border-left: blank;
        padding: 0 1;
        background: $field;
        color: $ink;
        text-style: $field-style;
        scrollbar-size-vertical: 1;
        &:focus {
            border: none;
            border-left: outer $accent;
            background: $field-focus;
            background-tint: $ground 0%;
        }
        & .text-area--cursor, &:light .text-area--cursor {
            background: $input-cursor-background;
            color: $input-cursor-foreground;
            text-style: $input-cursor-text-style;
        }
        & .text-area--cursor-line { background: transparent; }
        & .text-area--placeholder { color: $quiet; text-style: $hint-style; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "hand_in", show=False)]

    @dataclass
    class HandedIn(Message):
        """ctrl+s was pressed."""

        lines: "Lines"

    @dataclass
    class Refused(Message):
        """Something was not taken; `sentence` says why."""

        lines: "Lines"
        sentence: str

    def __init__(self, value: str, *, hint: str, limit: int, lines: int) -> None:
        super().__init__(
            printable(value, lines=True),
            placeholder=words(hint, limit=400, lines=6),
            soft_wrap=True,
            tab_behavior="focus",
            show_line_numbers=False,
            highlight_cursor_line=False,
        )
        self.limit = limit
        self.cursor_blink = False
        self.styles.height = lines

    def on_mount(self) -> None:
        """What is there already is gone on with."""
        self.move_cursor(self.document.end)

    def edit(self, edit: Edit) -> EditResult:
        clean = printable(edit.text, lines=True)
        removed = len(self.get_text_range(edit.top, edit.bottom))
        if len(self.text) - removed + len(clean) > self.limit:
            self.app.bell()
            self.post_message(self.Refused(self, f"That is too long: {self.limit} characters fit here."))
            return EditResult(edit.to_location, "")
        if clean != edit.text.replace("\r\n", "\n"):
            self.post_message(self.Refused(self, "Signs that cannot be shown were left out."))
        edit.text = clean
        return super().edit(edit)

    def action_hand_in(self) -> None:
        """Done writing."""
        self.post_message(self.HandedIn(self))

    def action_copy(self) -> None:
        """Left to the terminal's own selection."""
        raise SkipAction

    def action_cut(self) -> None:
        """Likewise."""
        raise SkipAction

    def action_paste(self) -> None:
        """The terminal pastes; the app keeps no clipboard."""
        raise SkipAction


class LongField(Field):
    """A field of several lines; `value` may hold line breaks."""

    TYPING = (TextArea.Changed,)

    def __init__(
        self,
        label: str,
        *,
        value: str = "",
        hint: str = "",
        limit: int = 2000,
        lines: int = 5,
        note: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        self._lines = lines
        super().__init__(label, value=value, hint=hint, limit=limit, note=note, id=id, classes=classes)

    def make_line(self, value: str, *, hint: str, limit: int) -> Widget:
        return Lines(value, hint=hint, limit=limit, lines=self._lines)

    @property
    def value(self) -> str:
        """What was written."""
        assert isinstance(self.line, Lines)
        return self.line.text

    @value.setter
    def value(self, text: str) -> None:
        assert isinstance(self.line, Lines)
        with self.prevent(*self.TYPING):
            self.line.text = printable(text, lines=True)

    @on(TextArea.Changed)
    def _lines_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.changed()

    @on(Lines.HandedIn)
    def _lines_handed_in(self, event: Lines.HandedIn) -> None:
        event.stop()
        self.post_message(self.Submitted(self))

    @on(Lines.Refused)
    def _lines_refused(self, event: Lines.Refused) -> None:
        event.stop()
        self.call_after_refresh(setattr, self, "error", event.sentence)
