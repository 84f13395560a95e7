"""A part of a screen that is read, and scrolled by the arrows when focus is on it."""

from core.terminal.widgets import pane


class Pane(pane.Pane):
    """The kit's, its lines one cell shorter, so that no word touches the bar that says how far one read."""

    @property
    def width(self) -> int:
        return super().width - 1
