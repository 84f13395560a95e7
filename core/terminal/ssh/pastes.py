"""How long a paste may be, measured before anything keeps it."""

START = b"\x1b[200~"
END = b"\x1b[201~"


class PasteGauge:
    """Watches a terminal's stream for bracketed pastes and cuts those that are longer than `limit` bytes.

    What was cut reaches the parser as a paste that must be left out: ask `take_overlong` when the paste ends.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._inside = False
        self._length = 0
        self._partial = b""
        self._overlong = False

    def admit(self, data: bytes) -> bytes:
        """What of `data` goes on."""
        admitted = bytearray()
        while data:
            marker = END if self._inside else START
            seen = self._partial + data
            at = seen.find(marker)
            ends = at >= 0
            cut = at + len(marker) - len(self._partial) if ends else len(data)
            part, data = data[:cut], data[cut:]
            self._partial = b"" if ends else seen[1 - len(marker) :]
            if not self._inside:
                admitted += part
            else:
                admitted += self._measured(part, ends=ends)
            if ends:
                self._inside = not self._inside
                self._length = 0
        return bytes(admitted)

    def _measured(self, part: bytes, *, ends: bool) -> bytes:
        self._length += len(part)
        if self._length - (len(END) if ends else 0) <= self._limit:
            return part
        if not ends:
            return b""
        self._overlong = True
        return END

    def interrupted(self) -> None:
        """The parser gave up on a sequence that it had the beginning of."""
        self._partial = b""

    def take_overlong(self) -> bool:
        """Whether the paste that has just ended was cut."""
        overlong, self._overlong = self._overlong, False
        return overlong
