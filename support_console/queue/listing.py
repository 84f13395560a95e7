"""The part of the queue that was read so far, page by page; any page can be read anew without the others moving."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.cases import Place
from core.use_cases.desk_view import CaseLine, QueuePage


@dataclass(slots=True)
class _Page:
    after: Place | None
    lines: Sequence[CaseLine]


class Listing:
    """Lines in order. A case that moved from a later page to an earlier one is shown once, where it is now."""

    def __init__(self) -> None:
        self._pages: list[_Page] = []
        self._next: Place | None = None
        self.lines: list[CaseLine] = []

    @property
    def complete(self) -> bool:
        """Whether there is no further page."""
        return bool(self._pages) and self._next is None

    @property
    def next(self) -> Place | None:
        """Where the next page begins."""
        return self._next

    def begin(self, page: QueuePage) -> None:
        """Only the first page, as it was just read."""
        self._pages = [_Page(None, page.lines)]
        self._next = page.next
        self._flatten()

    def go_on(self, page: QueuePage) -> None:
        """One more page, read from `next` on."""
        self._pages.append(_Page(self._next, page.lines))
        self._next = page.next
        self._flatten()

    def pages_of(self, lines: range) -> Sequence[tuple[int, Place | None]]:
        """The pages that `lines` are on: their numbers, and where each begins."""
        found, start = [], 0
        for number, page in enumerate(self._pages):
            end = start + len(page.lines)
            if start < max(lines.stop, 1) and end >= lines.start:
                found.append((number, page.after))
            start = end
        return found

    def renew(self, number: int, page: QueuePage) -> None:
        """A page as it reads now; the one after it begins where this one ends."""
        if number >= len(self._pages):
            return
        self._pages[number].lines = page.lines
        if number + 1 == len(self._pages):
            self._next = page.next
        elif page.next is None:
            del self._pages[number + 1 :]
            self._next = None
        else:
            self._pages[number + 1].after = page.next
        self._flatten()

    def _flatten(self) -> None:
        unique: dict[str, CaseLine] = {}
        for page in self._pages:
            for line in page.lines:
                unique.setdefault(line.reference, line)
        self.lines = list(unique.values())
