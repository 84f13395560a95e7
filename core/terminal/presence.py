"""Whether somebody is there."""


class Presence:
    """Whether the person at this terminal did anything lately."""

    def __init__(self) -> None:
        self._stirred = False

    def stir(self) -> None:
        """A key was pressed or text was pasted."""
        self._stirred = True

    def take(self) -> bool:
        """Whether anything happened since this was last asked."""
        stirred, self._stirred = self._stirred, False
        return stirred
