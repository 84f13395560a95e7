"""The first line of a screen.

yield Title("Sign in as ada", step="step 2 of 2")
"""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from core.terminal.words import words


class Title(Widget):
    """A sentence at the left that says what this screen is for, and at the right where one is."""

    DEFAULT_CSS = """
    Title {
        dock: top;
        height: 2;
        padding: 0 2;
        color: $ink;
    }
    """

    sentence: reactive[str] = reactive("")
    """What the screen is for."""
    step: reactive[str] = reactive("")
    """Where one is, or who one is: the quiet words at the right."""

    def __init__(self, sentence: str, step: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(Title.sentence, sentence)
        self.set_reactive(Title.step, step)

    def render(self) -> Content:
        width = self.content_size.width
        right = words(self.step, "$quiet", limit=60, lines=1)
        room = width - right.cell_length - (2 if right.cell_length else 0)
        left = words(self.sentence, "bold", limit=200, lines=1)
        if room < 8:
            return left.truncate(width, ellipsis=True)
        left = left.truncate(room, ellipsis=True)
        return left.pad_right(width - left.cell_length - right.cell_length) + right
