import email
import email.policy
import random

import pytest

from core.errors import TransportFailed
from core.notices.message import message
from tests.core.notices.conftest import outgoing
from tests.soak import soak_count

SENDER = "accounts@example.org"
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type"]
PIECES = [
    "\r\n",
    "\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x85",
    "\u2028",
    "\u2029",
    "\x00",
    "Bcc: mallory@example.org",
    "To: mallory@example.org",
    "Subject: x",
    "Content-Type: text/html",
    "=?utf-8?q?=0D=0ABcc:_m@example.org?=",
    "=?utf-8?b?DQpCY2M6IG1AZXhhbXBsZS5vcmc=?=",
    '"',
    "\\",
    "<",
    ">",
    ",",
    ";",
    ":",
    "@",
    "(",
    ")",
    " ",
    "\t",
    "é",
    "漢",
    "🎉",
    "\u202e",
    "\ud800",
    "\x1b]0;x\x07",
    ".",
    "From ",
    "x" * 100,
]


def read(mail):
    """As whoever gets it reads it."""
    return email.message_from_bytes(mail.as_bytes().replace(b"\r\n", b"\n"), policy=email.policy.default)


def test_a_letter_is_an_ordinary_mail():
    mail = read(message(outgoing(), SENDER, "Acme accounts"))
    assert mail["From"] == "Acme accounts <accounts@example.org>"
    assert mail["To"] == "ada@example.org"
    assert mail["Subject"] == "Acme: set a new password"
    assert mail["Date"] == "Mon, 05 Jan 2026 09:00:00 +0000"
    assert mail["Message-ID"] == f"<{outgoing().id}@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content() == outgoing().body


def test_the_same_notice_is_the_same_message_however_often_it_is_sent():
    first, second = (message(outgoing(tries=tries), SENDER).as_bytes() for tries in (1, 7))
    assert first == second


@pytest.mark.parametrize(
    "body",
    ["Grüße, ada\n", "漢字 " * 200 + "\n", "x" * 3000 + "\n", ".\n.\n..\n.x\nFrom here\n", "one\r\ntwo\n", "\n", "end"],
    ids=["umlauts", "long ideograms", "long word", "dots", "line ends", "empty", "no line end"],
)
def test_any_text_arrives_as_it_was_in_lines_that_every_server_takes(body):
    raw = message(outgoing(body=body), SENDER).as_bytes()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    arrived = read(message(outgoing(body=body), SENDER)).get_content()
    assert arrived.replace("\r\n", "\n").rstrip("\n") == body.replace("\r\n", "\n").rstrip("\n")


def test_no_text_makes_a_header_an_address_or_a_part():
    chance = random.Random(11)

    def hostile():
        return "".join(chance.choice(PIECES) for _ in range(chance.randrange(12)))

    for _ in range(soak_count(400, 100_000)):
        site, subject, body = hostile(), hostile(), hostile()
        raw = message(outgoing(subject=subject, body=body), SENDER, site).as_bytes()
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        extra = [name for name in mail.keys() if name not in HEADERS]  # noqa: SIM118 - each name, not each once
        assert set(extra) <= {"MIME-Version", "Content-Transfer-Encoding"}, (site, subject)
        assert len(mail.keys()) == len(set(mail.keys()))
        assert [address.addr_spec for address in mail["To"].addresses] == ["ada@example.org"]
        assert [address.addr_spec for address in mail["From"].addresses] == [SENDER]
        assert not mail.is_multipart()
        assert mail["Subject"].isprintable()


@pytest.mark.parametrize(
    "to",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@example.org, mallory@example.org",
        "ada@example.org\r\nBcc: mallory@example.org",
        "ada@example.org\nRCPT TO:<mallory@example.org>",
        "Ada <ada@example.org>",
        "<ada@example.org>",
        "ada@example.org\x00",
        "ada@exam ple.org",
        " ada@example.org",
        "ada@example.org>",
        "ädä@example.org",
        "ada@exämple.org",
        "ada@example.org SIZE=1",
        "ada(comment)@example.org",
    ],
)
def test_there_is_no_mail_to_what_is_no_plain_address(to):
    with pytest.raises(TransportFailed, match="no mail to this address") as failure:
        message(outgoing(to=to), SENDER)
    assert failure.value.permanent
    assert "ada" not in str(failure.value)


@pytest.mark.parametrize("to", ["ada+x@example.org", "a.b-c_d@sub.example.co", "o'neil@example.org"])
def test_every_plain_address_gets_mail(to):
    assert message(outgoing(to=to), SENDER)["To"] == to
