"""The last line of a screen: the way back at the left, the next step at the right.

yield BottomLine(left=[("esc", "back"), ("?", "help")], right=[("enter", "verify")])
"""

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from core.terminal.words import words

KeyHint = tuple[str, str]
"""A key and what it does here, in a word or two."""


class BottomLine(Widget):
    """Keys where they act. What does not fit is left out from the middle: the way back and the next step stay."""

    DEFAULT_CSS = """
    BottomLine {
        dock: bottom;
        height: 2;
        padding: 1 2 0 2;
        color: $quiet;
    }
    """

    doing: reactive[str] = reactive("")
    """What the screen is busy with; it stands in place of the next step."""

    def __init__(
        self,
        left: Sequence[KeyHint] = (("esc", "back"),),
        right: Sequence[KeyHint] = (),
        *,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self._left = list(left)
        self._right = list(right)

    def offer(self, left: Sequence[KeyHint] | None = None, right: Sequence[KeyHint] | None = None) -> None:
        """Show these keys from now on."""
        self._left = self._left if left is None else list(left)
        self._right = self._right if right is None else list(right)
        self.refresh()

    def render(self) -> Content:
        width = self.content_size.width
        left, right = list(self._left), list(self._right)
        while True:
            start = _hints(left)
            end = words(f"{self.doing} …", "$quiet", limit=60, lines=1) if self.doing else _hints(right)
            gap = width - start.cell_length - end.cell_length
            if gap >= 2 or (len(left) <= 1 and len(right) <= 1):
                return start.pad_right(max(gap, 1)) + end
            if len(left) > 1:
                left.pop()
            else:
                right.pop(0)


def _hints(hints: list[KeyHint]) -> Content:
    parts = [
        words(key, "bold $ink", limit=20, lines=1) + " " + words(word, "$quiet", limit=40, lines=1)
        for key, word in hints
    ]
    return Content("   ").join(parts)
