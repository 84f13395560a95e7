"""A letter as an e-mail (RFC 5322): whatever anybody typed is in its body or its subject, never a header of its own."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from core.errors import TransportFailed
from core.notices.model import Outgoing
from core.text import shown

POLICY = SMTP.clone(cte_type="7bit")
"""CRLF, and nothing that a server without 8BITMIME would spoil."""
_SUBJECT_LIMIT = 120
_BODY_LIMIT = 20_000
_BODY_LINES = 500


def message(outgoing: Outgoing, sender: str, site: str = "") -> EmailMessage:
    """The e-mail from `sender`, shown as `site`; a notice has the same Message-ID however often it is sent.

    Raises TransportFailed, permanent, when there can be no mail to its address.
    """
    mail = EmailMessage(policy=POLICY)
    try:
        to = Address(addr_spec=outgoing.to)
        mail["From"] = Address(_header(site, 64), addr_spec=sender)
        mail["To"] = to
    except (MessageError, ValueError, IndexError):  # what the parser of addresses raises
        raise TransportFailed("There can be no mail to this address.", permanent=True) from None
    if not outgoing.to.isascii() or not outgoing.to.isprintable() or str(to) != outgoing.to:
        raise TransportFailed("There can be no mail to this address.", permanent=True)
    mail["Subject"] = _header(outgoing.subject, _SUBJECT_LIMIT)
    mail["Date"] = format_datetime(outgoing.created_at)
    mail["Message-ID"] = f"<{outgoing.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday answer comes back
    mail.set_content(shown(outgoing.body, limit=_BODY_LIMIT, lines=_BODY_LINES))
    return mail


def _header(text: str, limit: int) -> str:
    """`text` as part of a header: what a reader would decode as something else (RFC 2047) stays what it is."""
    return shown(text, limit=limit).replace("=?", "= ?")
