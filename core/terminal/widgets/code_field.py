"""A field for a code that is read off something: grouped, and forgiving about how it is typed.

yield CodeField("Token", form=TOKEN, id="token")          # 1 2 3   4 _ _
yield CodeField("Backup code", form=BACKUP_CODE)          # 7K3M9 - QXT4C - 0PW__ - _____

@on(CodeField.Submitted, "#token")                        # only ever with a complete code
def verify(self, event: CodeField.Submitted) -> None: ... event.field.value == "123456"
"""

from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from core.crockford import normalise
from core.terminal.widgets.field import Field
from core.terminal.words import words

_SEPARATORS = " -\u00a0\u2010\u2011\u2012\u2013\u2014\t\r\n"


@dataclass(frozen=True, slots=True)
class CodeForm:
    """What a code looks like: how many signs, in groups of how many, digits only or Crockford's base32."""

    length: int
    group: int
    digits: bool
    between: str
    """What is shown between two groups."""
    apart: str = ""
    """What is shown between two signs."""

    @property
    def unit(self) -> str:
        """What one sign is called."""
        return "digits" if self.digits else "signs"

    def lacking(self, there: int) -> str:
        """What to say of a code of which only so many signs are there."""
        if not there:
            return f"Type the {self.length} {self.unit} here."
        return f"The code has {self.length} {self.unit}; {there} {'is' if there == 1 else 'are'} there so far."

    def clean(self, text: str) -> str | None:
        """`text` as signs of such a code, "" when only separators are in it; None when another sign is."""
        bare = "".join(sign for sign in text if sign not in _SEPARATORS)
        if not bare:
            return ""
        if self.digits:
            return bare if bare.isascii() and bare.isdigit() else None
        return normalise(bare)


TOKEN = CodeForm(6, 3, digits=True, between="   ", apart=" ")
"""A token from an authenticator."""
MAIL_CODE = CodeForm(8, 4, digits=True, between="   ", apart=" ")
"""A code from a mail."""
BACKUP_CODE = CodeForm(20, 5, digits=False, between=" - ")
"""The backup code."""
BACKUP_GROUP = CodeForm(5, 5, digits=False, between="", apart=" ")
"""One group of it."""
LONG_CODE = CodeForm(12, 4, digits=False, between=" - ")
"""A return code or a stop code."""


class CodeLine(Widget, can_focus=True):
    """The places of a code, filled from the left."""

    TAKES_TEXT: ClassVar[bool] = True
    KEEPS_SECRET: ClassVar[bool] = True
    ALLOW_SELECT = False
    DEFAULT_CSS = """
    CodeLine {
        width: auto;
        height: 1;
        border-left: blank;
        padding: 0 2 0 1;
        background: $field;
        color: $ink;
        &:focus { border-left: outer $accent; background: $field-focus; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("backspace", "delete", show=False),
        Binding("ctrl+u,ctrl+w,delete", "clear", show=False),
        Binding("enter", "submit", show=False),
        Binding("ctrl+r", "reveal", "show", show=False),
    ]

    value: reactive[str] = reactive("", init=False)
    """The signs typed so far, cleaned."""
    hidden: reactive[bool] = reactive(False)
    """Whether a dot stands for each sign, as for those of a password."""

    @dataclass
    class Changed(Message):
        """Another sign is there, or one less."""

        line: "CodeLine"

    @dataclass
    class Submitted(Message):
        """Enter was pressed, and every place is filled."""

        line: "CodeLine"

    @dataclass
    class Refused(Message):
        """Something was not taken; `sentence` says why."""

        line: "CodeLine"
        sentence: str

    def __init__(self, form: CodeForm) -> None:
        super().__init__()
        self.form = form

    @property
    def complete(self) -> bool:
        """Whether every place is filled."""
        return len(self.value) == self.form.length

    def check_consume_key(self, key: str, character: str | None) -> bool:
        if character is None or not character.isprintable():
            return False
        return self.form.clean(character) is not None or not self.form.digits

    def render(self) -> Content:
        form = self.form
        parts: list[Content] = []
        for place in range(form.length):
            if place and place % form.group == 0:
                parts.append(words(form.between, "$quiet"))
            elif place:
                parts.append(words(form.apart))
            if place < len(self.value):
                parts.append(words("•" if self.hidden else self.value[place], "bold"))
            else:
                here = place == len(self.value) and self.has_focus
                parts.append(words("_", "reverse" if here else "$quiet"))
        return Content("").join(parts)

    def type(self, text: str, *, replace: bool = False) -> None:
        """Fill places with the signs in `text`; say so when that cannot be."""
        signs = self.form.clean(text)
        if signs is None:
            what = "A code has digits only." if self.form.digits else "A code has letters and digits only, and no U."
            self.app.bell()
            self.post_message(self.Refused(self, what))
            return
        value = signs if replace and len(signs) >= self.form.length else self.value + signs
        if len(value) > self.form.length:
            self.app.bell()
            self.post_message(
                self.Refused(self, f"That is too long: the code has {self.form.length} {self.form.unit}.")
            )
            return
        self.value = value

    def watch_value(self) -> None:
        self.post_message(self.Changed(self))

    def on_key(self, event: events.Key) -> None:
        """Take a sign; other keys go on to the screen."""
        if event.character is not None and self.check_consume_key(event.key, event.character):
            event.stop()
            event.prevent_default()
            self.type(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Take a whole code, however it is spaced."""
        event.stop()
        self.type(event.text[:200], replace=True)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def action_delete(self) -> None:
        """Empty the last place."""
        self.value = self.value[:-1]

    def action_clear(self) -> None:
        """Empty every place."""
        self.value = ""

    def action_reveal(self) -> None:
        """Show or hide what was typed, on a page that hides it."""
        if getattr(self.screen, "hides_codes", False):
            self.hidden = not self.hidden

    def action_submit(self) -> None:
        """Hand the code on, when it is complete."""
        if self.complete:
            self.post_message(self.Submitted(self))
        else:
            getattr(self.screen, "hide_codes", lambda: None)()
            self.post_message(self.Refused(self, self.form.lacking(len(self.value))))


class CodeField(Field):
    """A field for one code; `value` holds its signs without spaces, in upper case."""

    TYPING = (CodeLine.Changed,)

    def __init__(
        self,
        label: str,
        *,
        form: CodeForm,
        note: str = "",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        self.form = form
        super().__init__(label, note=note, id=id, classes=classes)

    def make_line(self, value: str, *, hint: str, limit: int) -> Widget:
        return CodeLine(self.form)

    @property
    def complete(self) -> bool:
        """Whether every place is filled."""
        return len(self.value) == self.form.length

    def on_mount(self) -> None:
        """Hide what is typed if the page does."""
        if getattr(self.screen, "hides_codes", False):
            self.hide()

    def hide(self) -> None:
        """Show a dot for each sign from now on, and say how to see them."""
        assert isinstance(self.line, CodeLine)
        self.line.hidden = True
        self.note = self.note or "ctrl+r shows it"

    @on(CodeLine.Changed)
    def _code_changed(self, event: CodeLine.Changed) -> None:
        event.stop()
        self.changed()

    @on(CodeLine.Submitted)
    def _code_submitted(self, event: CodeLine.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted(self))

    @on(CodeLine.Refused)
    def _code_refused(self, event: CodeLine.Refused) -> None:
        event.stop()
        self.error = event.sentence
