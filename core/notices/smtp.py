"""Handing letters to an SMTP server (RFC 5321): with STARTTLS (RFC 3207), TLS at once (RFC 8314), or what the operator set."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from core.errors import TransportFailed, TransportGone
from core.notices.message import message
from core.notices.model import Outgoing
from core.settings import Settings
from core.text import shown

ANSWER = 30.0
"""Seconds that the server has for each answer ..."""
IN_ALL = 150.0
"""... and for all of them together, less than a notice is held for."""
_NOT_ABOUT_THE_LETTER = frozenset({421, 454, 530, 534, 535, 538})
"""Replies about the connection or our name there (RFC 4954), whatever command they answer."""


class Smtp:
    """Gives each letter to the SMTP server of the settings; it has it when it answered the end of the data.

    The certificate is checked against the system's authorities, or against `smtp_ca`; there is no way around TLS but the
    settings. A letter is refused for good only by an answer to its own sender, recipient or text.
    """

    delivers = True

    def __init__(self, settings: Settings, *, answer: float = ANSWER, in_all: float = IN_ALL) -> None:
        self._settings = settings
        self._answer = answer
        self._in_all = in_all

    def hand_over(self, outgoing: Outgoing) -> None:
        """Send the letter. Raises TransportFailed, and TransportGone when the server takes no letter at all."""
        settings = self._settings
        mail = message(outgoing, settings.smtp_from, settings.site)
        with self._connected() as server:
            try:
                server.send_message(mail, from_addr=settings.smtp_from, to_addrs=[outgoing.to])
            except smtplib.SMTPRecipientsRefused as refused:
                code, said = next(iter(refused.recipients.values()))
                raise _refused(code, said, outgoing) from None
            except smtplib.SMTPResponseException as refused:  # the sender or the text
                raise _refused(refused.smtp_code, refused.smtp_error, outgoing) from None

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A conversation that is ready for a letter."""
        settings = self._settings
        context = _trust(settings) if settings.smtp_tls or settings.smtp_starttls else None
        server = _Bounded(self._in_all, context if settings.smtp_tls else None)
        try:
            server.reach(settings.smtp_host, settings.smtp_port, self._answer)
            server.ehlo_or_helo_if_needed()
            if settings.smtp_starttls and not settings.smtp_tls:
                server.starttls(context=context)
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password.reveal())
            yield server
            with suppress(smtplib.SMTPException, OSError):  # it has the letter, whatever it says now
                server.quit()
        except (smtplib.SMTPException, OSError) as error:
            raise TransportGone(_why_gone(error, too_long=server.took_too_long)) from None
        finally:
            server.end()


class _Bounded(smtplib.SMTP):
    """An SMTP conversation that ends when it has taken too long, however alive the other side seems."""

    def __init__(self, seconds: float, tls_at_once: ssl.SSLContext | None) -> None:
        super().__init__(local_hostname=_our_name())
        self._tls_at_once = tls_at_once
        self._too_long = threading.Event()
        self._alarm = threading.Timer(seconds, self._hang_up)
        self._alarm.daemon = True

    def reach(self, host: str, port: int, answer: float) -> None:
        """Connect and hear the greeting."""
        self._alarm.start()
        self.timeout = answer
        self._host = host  # what starttls checks the certificate for; the constructor would connect at once
        code, said = self.connect(host, port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """The connection itself, as the standard library's SMTP_SSL makes it when TLS comes first."""
        plain: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]  # not in the stubs
        return plain if self._tls_at_once is None else self._tls_at_once.wrap_socket(plain, server_hostname=host)

    @property
    def took_too_long(self) -> bool:
        """It was we who hung up."""
        return self._too_long.is_set()

    def end(self) -> None:
        """Give everything back."""
        self._alarm.cancel()
        with suppress(OSError):
            self.close()

    def _hang_up(self) -> None:
        self._too_long.set()
        sock = self.sock
        if sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # an SSL socket's own would upset whoever reads


def _why_gone(error: Exception, *, too_long: bool) -> str:
    """Why the conversation broke off, as a sentence without anything that the server said."""
    if too_long or isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "The mail server takes too long."
    match error:
        case smtplib.SMTPAuthenticationError(smtp_code=code):
            return f"The mail server does not let us in: {code}."
        case smtplib.SMTPNotSupportedError():
            return "The mail server does not offer what the settings ask for (STARTTLS, or signing in)."
        case smtplib.SMTPResponseException(smtp_code=code):
            return f"The mail server does not talk to us: {code}."
        case smtplib.SMTPServerDisconnected():
            return "The mail server hung up."
        case ssl.SSLCertVerificationError(verify_message=why):
            return f"The mail server's certificate is not right: {why}."
        case _:
            return f"The mail server cannot be reached: {type(error).__name__}."


def _trust(settings: Settings) -> ssl.SSLContext:
    """Whose certificates count."""
    try:
        return ssl.create_default_context(cafile=settings.smtp_ca or None)
    except OSError:
        raise TransportGone("The file that smtp_ca names is not there, or holds no certificates.") from None


def _our_name() -> str:
    """How we greet the server; not asked of the DNS, which may take its time."""
    name = socket.gethostname()
    return name if "." in name else "[127.0.0.1]"


def _refused(code: int, said: bytes | str, outgoing: Outgoing) -> TransportFailed:
    """What a refusal of this one letter means."""
    if code in _NOT_ABOUT_THE_LETTER:
        return TransportGone(f"The mail server does not let us in: {code}.")
    text = said if isinstance(said, str) else said.decode("ascii", "replace")
    words = shown(text.replace(outgoing.to, "the address"), limit=160)
    return TransportFailed(f"The mail server refuses it: {code} {words}".strip(), permanent=code >= 500)
