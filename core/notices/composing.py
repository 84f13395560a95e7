"""The form that every letter has: a greeting, short paragraphs, and a code on a line of its own.

Every paragraph goes through `text.shown` here, whoever wrote what is in it.
"""

from datetime import datetime, timedelta
from textwrap import fill

from core.crockford import grouped
from core.notices.model import Letter
from core.origin import LOCAL_SOURCE, where
from core.secret import Secret
from core.text import shown

WIDTH = 72
IF_YOU = "If that was you, there is nothing to do."
STAFF = "the people who run this site"
_SUBJECT_LIMIT = 120
_PARAGRAPH_LIMIT = 6000


def compose(
    kind: str, site: str, subject: str, name: str, *paragraphs: str, good_for: timedelta | None = None
) -> Letter:
    """A letter to the owner of the account `name`, or to somebody without one.

    A paragraph that begins with a space or with > stays as it is. `good_for` is how long the letter is of any use.
    """
    place = shown(site)
    greeting = f"Hello {shown(name)}," if name else "Hello,"
    parts = (greeting, *map(_wrapped, paragraphs), f"-- \n{place}")
    return Letter(kind, shown(f"{place}: {subject}", limit=_SUBJECT_LIMIT), "\n\n".join(parts) + "\n", good_for)


def mail_code(code: Secret) -> str:
    """Eight digits on a line of their own, in two groups."""
    return f"    {grouped(code.reveal(), 4, ' ')}"


def stop_code(code: Secret) -> str:
    """Signs on a line of their own, in groups of four."""
    return f"    {grouped(code.reveal(), 4)}"


def quoted(text: str, *, limit: int = 4000, lines: int = 60) -> str:
    """What somebody wrote, every line marked, so that it cannot be taken for ours."""
    said = shown(text, limit=limit, lines=lines).split("\n")
    return "\n".join(fill(line, WIDTH, initial_indent="> ", subsequent_indent="> ") or ">" for line in said)


def place(source: str, site: str) -> str:
    """Where somebody did something; whoever reads it is at another machine than the one that runs `site`."""
    return f"on this machine, which runs {shown(site)}" if source == LOCAL_SOURCE else where(shown(source, limit=64))


def moment(at: datetime) -> str:
    """A moment as letters say it."""
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M} UTC"


def _wrapped(paragraph: str) -> str:
    """`paragraph` in lines of 72 characters; a code or a quotation stays as it is."""
    if paragraph.startswith(">"):
        return shown(paragraph, limit=_PARAGRAPH_LIMIT, lines=_PARAGRAPH_LIMIT)
    safe = shown(paragraph, limit=_PARAGRAPH_LIMIT)
    return safe if safe.startswith(" ") else fill(safe, WIDTH, break_long_words=False, break_on_hyphens=False)
