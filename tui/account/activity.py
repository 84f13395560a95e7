"""The account's security history in plain words, read a stretch at a time and shown a screenful at a time."""

import re
import textwrap
from collections.abc import Sequence

from textual.content import Content

from core.audit import Entry, told
from core.terminal.widgets.choices import Choice
from core.terminal.words import words
from core.use_cases.outcomes import Busy, NotNow, Over
from tui.account.panels import Offer, Panel
from tui.account.wishes import Wish
from tui.account.wording import short_fingerprint
from tui.calls import call
from tui.session import Here

TIME = "  10:02  "
"""The room before what happened."""
MOST_LINES = 4
FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")


class Activity:
    """Where in the history one is; the newest first."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self._entries: list[Entry] = []
        self._complete = False
        self._starts = [0]
        """Where each screenful up to this one begins."""
        self._end = 0

    def from_the_newest(self) -> None:
        """Begin again at the newest entry, read anew."""
        self._entries, self._complete, self._starts = [], False, [0]

    def turn(self, *, older: bool) -> None:
        """A screenful further back, or forward again."""
        if older:
            self._starts.append(self._end)
        elif len(self._starts) > 1:
            self._starts.pop()

    async def read(self, width: int, rows: int) -> Panel | Over | NotNow | Busy:
        """The screenful of `rows` lines of `width` that one is at, reading on as far as it needs."""
        start = self._starts[-1]
        while len(self._entries) <= start + rows and not self._complete:
            last = self._entries[-1] if self._entries else None
            more = await call(self._here.services.account_settings.activity, self._here.ticket, last)
            if not isinstance(more, list):
                return more
            self._entries += more
            self._complete = not more
        drawn, count = screenful(self._entries[start:], width, rows)
        self._end = start + count
        offers = []
        if self._end < len(self._entries):
            offers.append(Offer(Choice("n", "Older"), Wish.OLDER))
        if start > 0:
            offers.append(Offer(Choice("p", "Newer"), Wish.NEWER))
        return Panel(drawn, offers)


def screenful(entries: Sequence[Entry], width: int, rows: int) -> tuple[Content, int]:
    """As many of `entries` as fill `rows` lines, under the day they happened on, and how many those are; at least one."""
    lines: list[Content] = []
    day, room = "", max(20, width - len(TIME))
    for count, entry in enumerate(entries):
        these: list[Content] = []
        on = f"{entry.at:%a} {entry.at.day} {entry.at:%b %Y}, UTC"
        if on != day:
            these.append(words(on, "$quiet"))
        said = textwrap.wrap(_fitting(told(entry), room), room, max_lines=MOST_LINES, placeholder=" …")
        for place, line in enumerate(said):
            time = f"  {entry.at:%H:%M}  " if place == 0 else " " * len(TIME)
            these.append(words(time, "$quiet") + words(line))
        if lines and len(lines) + len(these) > rows:
            return Content("\n").join(lines), count
        lines += these
        day = on
    return Content("\n").join(lines), len(entries)


def _fitting(sentence: str, room: int) -> str:
    """`sentence` with the fingerprint in it shortened, where it would not stand on one line of `room` columns."""
    found = FINGERPRINT.search(sentence)
    if found is None or len(found[0]) <= room:
        return sentence
    return sentence.replace(found[0], short_fingerprint(found[0]))
