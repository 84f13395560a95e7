"""Whether somebody is there."""

import asyncio


class Presence:
    """Whether the person at this terminal did anything lately."""

    def __init__(self) -> None:
        self.stirred = asyncio.Event()
        """Set from the first key that was not taken note of yet."""

    def stir(self) -> None:
        """A key was pressed or text was pasted."""
        self.stirred.set()

    def take(self) -> bool:
        """Whether anything happened since this was last asked."""
        stirred = self.stirred.is_set()
        self.stirred.clear()
        return stirred
