"""A short list of things to do, each with its key.

yield Choices(
    Choice("s", "Sign in"),
    Choice("n", "Sign up"),
    Choice("b", "Backup Code", "works once and switches two-factor off", id="backup"),
)

@on(Choices.Chosen)
def go(self, event: Choices.Chosen) -> None:
    match event.choice.name: ...
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from core.terminal.words import words


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to do: the `key` that does it anywhere on the screen ("" for none), a label, and a few quiet words."""

    key: str
    label: str
    explanation: str = ""
    id: str = ""
    enabled: bool = True
    danger: bool = False
    """It has a mark in front, so that colour is not needed to tell."""

    @property
    def name(self) -> str:
        """What to match on: the id, or else the key."""
        return self.id or self.key


class Choices(Widget, can_focus=True):
    """A list with a bar at the line that enter acts on; up, down and the letters move and choose.

    A letter works wherever focus is on a `Page`, unless a field takes it as text.
    """

    DEFAULT_CSS = """
    Choices {
        width: 1fr;
        height: auto;
        color: $ink;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("home", "move(-1000)", show=False),
        Binding("end", "move(1000)", show=False),
        Binding("enter,space", "choose", show=False),
    ]

    at: reactive[int] = reactive(0)
    """The line that enter acts on."""

    @dataclass
    class Chosen(Message):
        """A line was chosen, by enter or by its letter."""

        choices: "Choices"
        choice: Choice

        @property
        def control(self) -> "Choices":
            return self.choices

    @dataclass
    class Moved(Message):
        """The bar is on another line."""

        choices: "Choices"
        choice: Choice

        @property
        def control(self) -> "Choices":
            return self.choices

    def __init__(
        self,
        *choices: Choice,
        at: int = 0,
        always_lit: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`always_lit` shows the bar without focus too, where another widget moves it."""
        super().__init__(id=id, classes=classes)
        self._always_lit = always_lit
        self._choices = list(choices)
        self.set_reactive(Choices.at, min(at, max(0, len(choices) - 1)))

    @property
    def choices(self) -> Sequence[Choice]:
        """The lines, in order."""
        return self._choices

    @property
    def current(self) -> Choice | None:
        """The line with the bar."""
        return self._choices[self.at] if self._choices else None

    def show(self, *choices: Choice) -> None:
        """Offer these from now on; the bar stays on the same thing if it is still there."""
        name = self.current.name if self.current else None
        self._choices = list(choices)
        names = [choice.name for choice in choices]
        self.at = names.index(name) if name in names else 0
        self.refresh(layout=True)

    def choose_by_key(self, key: str) -> bool:
        """Choose the line with this key; False when there is none."""
        for index, choice in enumerate(self._choices):
            if choice.key and choice.key == key and choice.enabled:
                self.at = index
                self.post_message(self.Chosen(self, choice))
                return True
        return False

    def validate_at(self, at: int) -> int:
        return max(0, min(at, len(self._choices) - 1))

    def watch_at(self) -> None:
        if self.current is not None and self.is_mounted:
            self.post_message(self.Moved(self, self.current))
            self.scroll_visible_line()

    def scroll_visible_line(self) -> None:
        """Bring the line with the bar into view."""
        if self.parent is not None and self.is_attached:
            region = Region(self.virtual_region.x, self.virtual_region.y + self.at, self.size.width, 1)
            self.screen.call_after_refresh(
                getattr(self.parent, "scroll_to_region", lambda *_, **__: None), region, animate=False, force=False
            )

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._choices)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def render(self) -> Content:
        keys = max((_key(choice).cell_length for choice in self._choices), default=0)
        labels = max((_label(choice).cell_length for choice in self._choices), default=0)
        lit = self.at if self.has_focus or self._always_lit else -1
        width = self.content_size.width
        lines = (_line(choice, keys, labels, here=index == lit) for index, choice in enumerate(self._choices))
        return Content("\n").join(line.truncate(width, ellipsis=True) if width else line for line in lines)

    def on_click(self, event: events.Click) -> None:
        """The mouse may point, if an app lets it."""
        if 0 <= event.y < len(self._choices):
            self.at = event.y

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def action_move(self, by: int) -> None:
        """Move the bar; one more step at an end goes on to the next widget."""
        before = self.at
        self.at += by
        if self.at == before:
            raise SkipAction

    def action_choose(self) -> None:
        """Choose the line with the bar."""
        choice = self.current
        if choice is not None and choice.enabled:
            self.post_message(self.Chosen(self, choice))


def _key(choice: Choice) -> Content:
    return words(choice.key, "$accent" if choice.enabled else "$quiet", limit=12, lines=1)


def _label(choice: Choice, style: str = "") -> Content:
    mark = "! " if choice.danger else ""
    return words(f"{mark}{choice.label}", style, limit=60, lines=1)


def _line(choice: Choice, keys: int, labels: int, *, here: bool) -> Content:
    """One line: bar, key, label, and the explanation in a column of its own."""
    colour = "$quiet" if not choice.enabled else "$danger" if choice.danger else "$ink"
    bar = Content.styled("▌ ", "$accent") if here else Content("  ")
    key = _key(choice)
    label = _label(choice, f"bold {colour}" if here else colour)
    line = bar + key.pad_right(keys - key.cell_length) + ("  " if keys else "") + label
    if choice.explanation:
        line = line.pad_right(labels - label.cell_length + 3)
        line += words(choice.explanation, "$quiet", limit=120, lines=1)
    return line
