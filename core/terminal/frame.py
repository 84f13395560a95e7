"""What a terminal is about to be given, and when it was ready."""

from rich.console import Console
from textual._compositor import CompositorUpdate
from textual.message import Message


class Frame(CompositorUpdate):
    """A painting that remembers when it left: a person may answer it before Textual's own call has returned.

    Drawing hands over to another thread, and on a busy machine the one that draws may get its next turn only when the
    answer is there.
    """

    def __init__(self, update: CompositorUpdate) -> None:
        self._update = update
        self.ready_at: float | None = None
        """On the clock of `Message.time`; None while nobody is there to be given it."""

    def render_segments(self, console: Console) -> str:
        """What is written to the terminal next."""
        drawn = self._update.render_segments(console)
        self.ready_at = Message().time
        return drawn
