"""How days, places, keys and ways back are said in Settings."""

import textwrap
from collections.abc import Sequence
from datetime import datetime, timedelta

from textual.content import Content

from core.cases import Route
from core.origin import LOCAL_SOURCE
from core.sessions import Session
from core.ssh_keys import Key
from core.terminal.words import words
from core.text import shown
from core.use_cases.ways_back import WayBack
from tui.words import span

FINGERPRINT_SHOWN = 19
"""Signs of a fingerprint that tell one key from another on a narrow line: `SHA256:` and twelve more."""


def day(time: datetime) -> str:
    """A day in the calendar: `3 Nov 2026`."""
    return f"{time.day} {time:%b %Y}"


def day_and_time(time: datetime) -> str:
    """A moment: `3 Nov 2026, 10:02 UTC`."""
    return f"{day(time)}, {time:%H:%M} UTC"


def lately(time: datetime, now: datetime) -> str:
    """A moment within the last days, for a narrow line whose zone is said elsewhere: `10:02`, or `Mon 10:02`."""
    return f"{time:%H:%M}" if time.date() == now.date() else f"{time:%a %H:%M}"


def ago(time: datetime, now: datetime) -> str:
    """How long ago `time` was, in its largest unit: `41 d ago`."""
    passed = now - time
    if passed < timedelta(minutes=1):
        return "just now"
    count, unit = span(passed).split()[:2]
    return f"{count} {unit} ago"


def place(source: str) -> str:
    """Where a connection comes from."""
    return "this machine" if source == LOCAL_SOURCE else source


def two_factor(since: datetime | None) -> str:
    """Whether two-factor is on, and since when."""
    return "two-factor off" if since is None else f"two-factor on since {day(since)}"


def counts_from(start: datetime, now: datetime) -> str:
    """From when something counts, said twice: `counts from 3 Dec 2026 (in 29 d)`."""
    wait = start - now
    left = span(wait) if wait < timedelta(days=1) else f"{-(-wait // timedelta(days=1))} d"
    return f"counts from {day(start)} (in {left})"


def way_state(way: WayBack, now: datetime) -> str:
    """What a way back is worth at `now`."""
    return way.sentence if way.counts_from is None else counts_from(way.counts_from, now)


def ways_table(ways: Sequence[WayBack], now: datetime, width: int) -> Content:
    """Each way back with its state, in lines of `width`."""
    return table([(way.kind.value, way_state(way, now)) for way in ways], width)


def table(rows: Sequence[tuple[str, str]], width: int) -> Content:
    """Names, quietly, and what is so, side by side in lines of `width`."""
    names = max(len(name) for name, _ in rows) + 2
    lines = []
    for name, said in rows:
        for place_, line in enumerate(textwrap.wrap(shown(said, limit=300), max(16, width - names)) or [""]):
            lines.append(
                words("" if place_ else name, "$quiet").pad_right(names - (0 if place_ else len(name))) + words(line)
            )
    return Content("\n").join(lines)


def session_since(session: Session, here_id: str, now: datetime) -> str:
    """Since when, and when last: `this session, since 10:02`."""
    seen = "this session" if session.id == here_id else f"seen {ago(session.seen_at, now)}"
    return f"{seen}, since {lately(session.opened_at, now)}"


def session_detail(session: Session, now: datetime) -> str:
    """Everything about a session that tells whether it is one's own."""
    shown_with = " and ".join(_EVIDENCE[kind] for kind in _EVIDENCE if kind in session.evidence)
    key = f"\nKey {session.fingerprint}" if session.fingerprint else ""
    return (
        f"From {place(session.source)}{f', with {shown_with}' if shown_with else ''}.{key}\n"
        f"Ends when unused for {span(session.idle)}, and at {lately(session.expires_at, now)} in any case."
    )


_EVIDENCE = {
    "password": "password",
    "token": "token",
    "backup_code": "Backup Code",
    "return_code": "return code",
}


def short_fingerprint(fingerprint: str) -> str:
    """The beginning of a fingerprint, enough to tell keys apart."""
    if len(fingerprint) <= FINGERPRINT_SHOWN:
        return fingerprint
    return f"{fingerprint[:FINGERPRINT_SHOWN]}…"


def key_name(key: Key) -> str:
    """What its owner calls a key, or else how its fingerprint begins."""
    return key.label or short_fingerprint(key.fingerprint)


def key_detail(key: Key, route: Route, now: datetime) -> str:
    """Everything about a key that tells whether it is one's own, and what it is worth when the device is lost."""
    return f"{key.algorithm}\n{key.fingerprint}\nAdded {ago(key.added_at, now)}; {key_worth(key, route, now)}."


def key_worth(key: Key, route: Route, now: datetime) -> str:
    """What a registered key is worth when the device is lost, by the route that rests on keys."""
    if not route.enabled:
        return "no way back at this site"
    if not key.with_two_factor:
        return "no way back, since two-factor was off then"
    start = key.added_at + route.age
    return "a way back if the device is lost" if start <= now else f"as a way back it {counts_from(start, now)}"
