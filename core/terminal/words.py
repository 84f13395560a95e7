"""Plain text on its way to a widget: made safe, never markup.

yield Words("Sign in, or make an account in a minute.", classes="quiet")
"""

from textual.content import Content
from textual.widgets import Static

from core.text import shown

LINES = 60
"""More lines than this are cut: no screen shows them."""


def words(text: str, style: str = "", *, limit: int = 4000, lines: int = LINES) -> Content:
    """`text` as content that can be drawn: nothing in it is markup, no control character is left."""
    return Content.styled(shown(text, limit=limit, lines=lines), style)


class Words(Static):
    """A paragraph, from plain text or from content built of `words`; the only widget that shows either. Classes `quiet`, `strong`, `danger`, `warning` and `good` colour it."""

    DEFAULT_CSS = """
    Words {
        width: 1fr;
        height: auto;
        &.quiet { color: $quiet; }
        &.strong { text-style: bold; }
        &.danger { color: $danger; }
        &.warning { color: $warning; }
        &.good { color: $good; }
    }
    """

    def __init__(self, text: str | Content = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(_content(text), markup=False, id=id, classes=classes)

    def say(self, text: str | Content) -> None:
        """Show this instead."""
        self.update(_content(text))


def _content(text: str | Content) -> Content:
    return words(text) if isinstance(text, str) else text
