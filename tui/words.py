"""How refusals, waits and places are said: one sentence for each, the same on every screen."""

from pathlib import Path

from core.settings import Settings
from core.use_cases.words import LONG, WRONG_PASSWORD, and_told, moment, sentence, span, wait_until

__all__ = ["LONG", "NEW_MAIL", "WRONG_PASSWORD", "and_told", "mail_place", "moment", "sentence", "span", "wait_until"]

NEW_MAIL = Path("mail", "new")
"""Where the Maildir of the home folder keeps what was not read yet."""


def mail_place(settings: Settings) -> str:
    """Where mail from this site lands, as a sentence."""
    if settings.mail == "maildir":
        return (
            f"No mail server is set up, so mail becomes files: read the newest in {_short(settings.home / NEW_MAIL)}."
        )
    return "Look into your mailbox; it can take a minute, and it may be in the spam folder."


def _short(folder: Path) -> str:
    """A folder as a person writes it, with ~ for their own."""
    try:
        return f"~/{folder.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(folder)
