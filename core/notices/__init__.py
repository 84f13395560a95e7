"""Notices: letters to account holders, queued in the unit of their fact and handed over later, whatever the mail does."""

from core.notices import case_letters, letters
from core.notices.model import Letter, Listed, Outgoing, Standing, State
from core.notices.outbox import Notices
from core.notices.smtp import Smtp
from core.notices.transport import MAIL_FOLDER, Maildir, Transport, transport_for

__all__ = [
    "MAIL_FOLDER",
    "Letter",
    "Listed",
    "Maildir",
    "Notices",
    "Outgoing",
    "Smtp",
    "Standing",
    "State",
    "Transport",
    "case_letters",
    "letters",
    "transport_for",
]
