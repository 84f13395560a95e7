"""A real SMTP server to deliver to, aiosmtpd in a thread, whose manners a test chooses."""

import asyncio
import contextlib
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class MailServer:
    """What the server answers, and what it got."""

    greeting: str = ""
    """Instead of its own, and then it hangs up."""
    mail: str = ""
    rcpt: str = ""
    data: str = ""
    """Answers to these commands, instead of its own."""
    pause: float = 0
    """Seconds before it answers the end of the data."""
    hangs_up_in_data: bool = False
    hangs_up_at_quit: bool = False
    password: str = ""
    """What `lockwright` signs in with; empty: it asks nobody."""
    port: int = 0
    got: list[Envelope] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_EHLO(self, server: Any, session: Any, envelope: Envelope, hostname: str, answers: Any) -> Any:
        self.commands.append("EHLO")
        session.host_name = hostname
        return answers

    async def handle_MAIL(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        over_tls = session.ssl or server.transport.get_extra_info("ssl_object")
        self.commands.append("MAIL" + (" over TLS" if over_tls else ""))
        if self.mail:
            return self.mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        self.commands.append("RCPT")
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        await asyncio.sleep(self.pause)
        if self.data:
            return self.data
        with self.lock:
            self.got.append(envelope)
        return "250 OK"

    async def handle_QUIT(self, server: Any, session: Any, envelope: Envelope) -> str:
        if self.hangs_up_at_quit:
            server.transport.abort()
        return "221 Bye"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, login: Any) -> AuthResult:
        right = (login.login, login.password) == (b"lockwright", self.password.encode())
        return AuthResult(success=right, handled=False)


class _Conversation(SMTP):
    """aiosmtpd, able to misbehave."""

    async def smtp_DATA(self, arg: Any) -> None:
        if not self.event_handler.hangs_up_in_data:
            await super().smtp_DATA(arg)
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        await self._reader.read(20)
        self.transport.abort()


class _Impolite(asyncio.Protocol):
    """Greets with what the test chose, a byte at a time if that is a lone dash, and hangs up."""

    def __init__(self, greeting: str) -> None:
        self._greeting = greeting

    def connection_made(self, transport: Any) -> None:
        if self._greeting == "-":
            self._dribble(transport)
            return
        transport.write(self._greeting.encode() + b"\r\n")
        transport.close()

    def _dribble(self, transport: Any) -> None:
        if not transport.is_closing():
            transport.write(b"2")
            asyncio.get_running_loop().call_later(0.05, self._dribble, transport)


@contextlib.contextmanager
def serving(server: MailServer, certificate: Path | None = None, *, implicit: bool = False) -> Iterator[MailServer]:
    """`server` on a free port of 127.0.0.1, with STARTTLS when it has a certificate, `implicit` with TLS at once."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    def conversation() -> asyncio.BaseProtocol:
        if server.greeting:
            return _Impolite(server.greeting)
        asks = bool(server.password)
        return _Conversation(
            server,
            hostname="mail.test",
            tls_context=None if implicit else context,
            auth_required=asks,
            authenticator=server.authenticate if asks else None,
            auth_exclude_mechanism=[],
            enable_SMTPUTF8=False,
            loop=loop,
        )

    async def listen() -> asyncio.Server:
        return await loop.create_server(conversation, "127.0.0.1", server.port, ssl=context if implicit else None)

    async def end() -> None:
        listening.close()
        await asyncio.sleep(0.01)
        for task in asyncio.all_tasks(loop) - {asyncio.current_task(loop)}:
            task.cancel()
        await asyncio.sleep(0.01)

    loop = asyncio.new_event_loop()
    listening = loop.run_until_complete(listen())
    server.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def self_made_certificate(folder: Path, name: str = "localhost") -> Path:
    """A certificate for `name`, signed by itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names: list[x509.GeneralName] = [x509.DNSName(name)]
    if name == "localhost":
        names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
