"""Commands by name: type a few letters, enter does the one with the bar.

app.push_screen(Palette([Command("Leave", "end the program", app.exit)]), run)
"""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from core.terminal.screens.page import Body, Command, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.field import Field
from core.terminal.widgets.title import Title

__all__ = ["Command", "Palette"]


class Palette(Page[Command]):
    """What can be done here, filtered by what is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
    ]

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__()
        self._commands = list(commands)

    def compose(self) -> ComposeResult:
        yield Title("Commands")
        with Body():
            yield Field("Type to find one", limit=40)
            yield Choices(*self._lines(""), always_lit=True)
        yield BottomLine(right=[("enter", "do it")])

    def on_mount(self) -> None:
        self.query_one(Choices).can_focus = False

    def _lines(self, typed: str) -> list[Choice]:
        wanted = typed.casefold().split()
        return [
            Choice("", command.name, command.explanation, id=str(index))
            for index, command in enumerate(self._commands)
            if all(word in command.name.casefold() for word in wanted)
        ]

    @on(Field.Changed)
    def narrow(self, event: Field.Changed) -> None:
        """Show what has these words."""
        self.query_one(Choices).show(*self._lines(event.field.value))

    @on(Choices.Chosen)
    def choose(self, event: Choices.Chosen) -> None:
        """Do the one that was chosen."""
        self.dismiss(self._commands[int(event.choice.name)])

    def submit(self) -> None:
        choice = self.query_one(Choices).current
        if choice is not None:
            self.dismiss(self._commands[int(choice.name)])

    def action_move(self, by: int) -> None:
        """Move the bar while the line is typed in."""
        self.query_one(Choices).action_move(by)
