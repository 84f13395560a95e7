"""What keys do here.

app.push_screen(Help.of(screen))
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen

from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choices
from core.terminal.widgets.title import Title
from core.terminal.words import Words, words

_EVERYWHERE = (
    ("esc", "back"),
    ("tab, shift+tab", "next field, the one before"),
    ("enter", "go on"),
    ("ctrl+p", "commands by name"),
    ("?, f1", "this help"),
    ("ctrl+q", "leave"),
)
_NAMES = {"question_mark": "?", "slash": "/", "escape": "esc"}


class Help(Page[None]):
    """A paragraph about the screen, its keys, and the keys that work everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,question_mark,f1", "back", show=False)]

    def __init__(self, about: str, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._about, self._keys = about, list(keys)

    @classmethod
    def of(cls, screen: Screen[Any]) -> "Help":
        """Help for `screen`: its `HELP`, its bindings that do something here, and the letters of its choices."""
        keys: dict[str, str] = {}
        for choices in screen.query(Choices):
            keys |= {choice.key: choice.label for choice in choices.choices if choice.key and choice.enabled}
        for active in screen.active_bindings.values():
            binding = active.binding
            said = screen.told(binding) if isinstance(screen, Page) else binding.description
            if binding.show and not binding.system and said:
                keys.setdefault(_NAMES.get(binding.key, binding.key), said)
        return cls(getattr(screen, "HELP", ""), list(keys.items()))

    def compose(self) -> ComposeResult:
        wide = max(len(key) for key, _ in (*self._keys, *_EVERYWHERE))
        yield Title("Help")
        with Body():
            if self._about:
                yield Words(self._about, classes="gap")
            if self._keys:
                yield Words("Here", classes="quiet")
                yield Words(_table(self._keys, wide), classes="gap")
            yield Words("Everywhere", classes="quiet")
            yield Words(_table(_EVERYWHERE, wide))
        yield BottomLine(right=[("enter", "close")])


def _table(rows: Sequence[tuple[str, str]], wide: int) -> Content:
    return Content("\n").join(
        words(key.ljust(wide + 3), "$accent", limit=40, lines=1) + words(does, limit=80, lines=1) for key, does in rows
    )
