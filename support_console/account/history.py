"""The security history of an account, as far as it was read."""

from collections.abc import Sequence

from core.audit import Entry


class History:
    """Entries without a gap, the newest first; the older ones are read as one goes down."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.complete = False
        """The oldest entry is among them."""

    def renew(self, newest: Sequence[Entry]) -> None:
        """Put the newest entries in front; what was read before is forgotten if they do not reach down to it."""
        if self.entries and newest and newest[-1].id <= self.entries[0].id:
            self.entries = [*newest, *(each for each in self.entries if each.id < newest[-1].id)]
        else:
            self.entries, self.complete = list(newest), not newest

    def read_on(self, older: Sequence[Entry], after: Entry) -> None:
        """Add what came before `after`, if that is still the oldest; nothing: there is no more."""
        if self.entries and self.entries[-1].id == after.id:
            self.entries += older
            self.complete = not older
