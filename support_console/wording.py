"""How times and facts are said in lists, where room is short."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from textual.content import Content

from core.terminal.words import words
from core.use_cases.words import moment, span

NOBODY = "–"


def when(at: datetime, now: datetime) -> str:
    """A moment in at most 12 signs: `Tue 10:02` within a week, else `3 Nov 10:02`, else `3 Nov 2025`."""
    if abs(now - at) < timedelta(days=6):
        return f"{at:%a %H:%M}"
    if at.year == now.year:
        return f"{at.day} {at:%b %H:%M}"
    return day(at)


def day(at: datetime) -> str:
    """A day: `3 Nov 2026`."""
    return f"{at.day} {at:%b %Y}"


def rough(time: timedelta) -> str:
    """A length of time, as fine as it matters: `2 d 3 h`, `14 h`, `2 h 5 min`, `14 min`."""
    if time < timedelta(minutes=1):
        return "just now"
    fine = timedelta(hours=1) if time >= timedelta(hours=10) else timedelta(minutes=1)
    return span(time // fine * fine)


def until(at: datetime, now: datetime) -> str:
    """A moment to come, said twice: `in 2 d 4 h (Fri 27 Nov, 14:05 UTC)`."""
    if at <= now:
        return f"since {moment(at)}"
    return f"in {rough(at - now) if at - now >= timedelta(minutes=1) else 'less than a minute'} ({moment(at)})"


def ago(at: datetime, now: datetime) -> str:
    """A moment that was: `5 h ago`."""
    gone = rough(now - at)
    return gone if gone == "just now" else f"{gone} ago"


def facts(rows: Sequence[tuple[str, str | Content]], width: int, *, names: int = 0) -> Content:
    """Names, quietly, and what is so, side by side in lines of `width` cells."""
    names = names or max((len(name) for name, _ in rows), default=0) + 2
    lines = []
    for name, said in rows:
        content = words(said, limit=400, lines=6) if isinstance(said, str) else said
        for place, line in enumerate(content.wrap(max(12, width - names)) or [words("")]):
            lines.append(words("" if place else name, "$quiet").pad_right(names - (0 if place else len(name))) + line)
    return Content("\n").join(lines)


def keys(acts: Sequence[tuple[str, str]], width: int) -> Content:
    """Keys and what they do, in as few lines of `width` as hold them; none is torn apart."""
    lines: list[Content] = []
    for key, word in acts:
        said = words(key, "bold $accent", lines=1) + words(f" {word}", lines=1)
        if lines and lines[-1].cell_length + 3 + said.cell_length <= width:
            lines[-1] = lines[-1] + words("   ") + said
        else:
            lines.append(said)
    return Content("\n").join(lines)
