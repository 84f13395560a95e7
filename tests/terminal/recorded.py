"""What an app puts on the wire, without a terminal."""

import re
from typing import Any

from textual.drivers.headless_driver import HeadlessDriver

from tests.hostile import control_signs

_OURS = re.compile(
    r"\x1b\[[0-9;]*m"  # colours and styles
    r"|\x1b\[[0-9]+;[0-9]+H"  # the cursor, to a cell
    r"|\x1b\[\?2026[hl]"  # a frame begins, a frame ends
    r"|\x07"  # the bell
)


class RecordingDriver(HeadlessDriver):
    """Keeps every character that an app writes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.written: list[str] = []

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.written.append(data)

    @property
    def wire(self) -> str:
        """All of it."""
        return "".join(self.written)


def strangers(wire: str) -> list[str]:
    """Where the wire holds signs that are neither text nor the app's own few sequences, each with what follows it."""
    rest = _OURS.sub("", wire).replace("\n", "")
    return [rest[max(0, at - 5) : at + 15] for at, sign in enumerate(rest) if control_signs(sign)]
