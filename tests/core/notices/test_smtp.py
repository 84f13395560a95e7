import email
import email.policy
import threading
import time

import pytest

from core.errors import TransportFailed, TransportGone
from core.notices import Smtp, transport_for
from core.secret import Secret
from core.settings import Settings
from tests.core.notices.conftest import outgoing
from tests.mail_server import MailServer, self_made_certificate, serving


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return self_made_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def settings(home, certificate):
    """For a server on this machine whose certificate is trusted."""
    return lambda port, **changed: Settings(
        home=home,
        site="Acme",
        mail="smtp",
        **(
            {"smtp_host": "localhost", "smtp_port": port, "smtp_from": "accounts@example.org"}
            | {"smtp_ca": str(certificate)}
            | changed
        ),
    )


@pytest.fixture
def refused(settings, certificate):
    """What handing over to a server of these manners raises; nothing must have got there."""

    def attempt(server, *, tls=True, answer=5.0, in_all=10.0, letter=None, **changed):
        with serving(server, certificate if tls else None):
            smtp = Smtp(settings(server.port, **changed), answer=answer, in_all=in_all)
            with pytest.raises(TransportFailed) as failure:
                smtp.hand_over(letter or outgoing())
        assert server.got == []
        return failure.value

    return attempt


def test_a_letter_arrives_over_starttls_with_a_self_made_certificate_that_is_trusted(settings, certificate):
    with serving(MailServer(), certificate) as server:
        transport = transport_for(settings(server.port))
        assert isinstance(transport, Smtp)
        assert transport.delivers
        transport.hand_over(outgoing(body="Grüße\n.\n..two dots\n"))
    (envelope,) = server.got
    assert (envelope.mail_from, envelope.rcpt_tos) == ("accounts@example.org", ["ada@example.org"])
    assert server.commands == ["EHLO", "EHLO", "MAIL over TLS", "RCPT"]
    mail = email.message_from_bytes(envelope.content.replace(b"\r\n", b"\n"), policy=email.policy.default)
    assert mail["From"] == "Acme <accounts@example.org>"
    assert mail["To"] == "ada@example.org"
    assert mail["Message-ID"] == f"<{outgoing().id}@example.org>"
    assert mail.get_content() == "Grüße\n.\n..two dots\n"


def test_many_letters_at_once_all_arrive(settings, certificate):
    with serving(MailServer(), certificate) as server:
        smtp = Smtp(settings(server.port))
        threads = [threading.Thread(target=smtp.hand_over, args=(outgoing(id=f"{n:032x}"),)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert len(server.got) == 8


def test_a_certificate_of_nobody_we_trust_gets_no_letter_and_no_address(refused):
    server = MailServer()
    failure = refused(server, smtp_ca="")
    assert isinstance(failure, TransportGone)
    assert "certificate is not right" in str(failure)
    assert server.commands == ["EHLO"]


def test_a_certificate_for_another_name_gets_nothing(settings, tmp_path):
    other = self_made_certificate(tmp_path, "mail.example.com")
    with serving(MailServer(), other) as server:
        smtp = Smtp(settings(server.port, smtp_ca=str(other)))
        with pytest.raises(TransportGone, match="certificate is not right"):
            smtp.hand_over(outgoing())
    assert server.commands == ["EHLO"]


def test_a_server_that_offers_no_starttls_gets_nothing(refused):
    server = MailServer()
    failure = refused(server, tls=False)
    assert isinstance(failure, TransportGone)
    assert "STARTTLS" in str(failure)
    assert server.commands == ["EHLO"]


def test_without_starttls_only_when_the_operator_says_so(settings):
    with serving(MailServer()) as server:
        Smtp(settings(server.port, smtp_starttls=False)).hand_over(outgoing())
    assert server.commands == ["EHLO", "MAIL", "RCPT"]
    assert len(server.got) == 1


def test_a_letter_arrives_over_tls_from_the_first_byte(settings, certificate):
    with serving(MailServer(), certificate, implicit=True) as server:
        Smtp(settings(server.port, smtp_tls=True)).hand_over(outgoing(body="over TLS at once"))
    assert server.commands == ["EHLO", "MAIL over TLS", "RCPT"]
    assert b"over TLS at once" in server.got[0].content


def test_with_tls_from_the_first_byte_a_certificate_for_another_name_gets_nothing(settings, tmp_path):
    other = self_made_certificate(tmp_path, "mail.example.com")
    with serving(MailServer(), other, implicit=True) as server:
        smtp = Smtp(settings(server.port, smtp_tls=True, smtp_ca=str(other)))
        with pytest.raises(TransportGone, match="certificate is not right"):
            smtp.hand_over(outgoing())
    assert server.commands == []


def test_a_server_that_speaks_no_tls_at_once_gets_nothing_in_the_clear(refused):
    server = MailServer()
    assert isinstance(refused(server, tls=False, answer=1.0, smtp_tls=True), TransportGone)
    assert server.commands == []


@pytest.mark.parametrize("spoilt", [None, "no certificate", b"\xff\xfe"])
def test_an_authority_file_that_cannot_be_read_is_said(settings, tmp_path, spoilt):
    path = tmp_path / "authority.pem"
    if spoilt is not None:
        path.write_bytes(spoilt if isinstance(spoilt, bytes) else spoilt.encode())
    with pytest.raises(TransportGone, match="smtp_ca"):
        Smtp(settings(1, smtp_ca=str(path))).hand_over(outgoing())


def test_it_signs_in_with_the_password_of_the_settings(settings, certificate):
    with serving(MailServer(password="right"), certificate) as server:
        Smtp(settings(server.port, smtp_user="lockwright", smtp_password=Secret("right"))).hand_over(outgoing())
    assert len(server.got) == 1


@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_mail_server_that_does_not_let_us_in_costs_no_letter(refused, password):
    user = {"smtp_user": "lockwright", "smtp_password": Secret(password)} if password else {}
    failure = refused(MailServer(password="right"), **user)
    assert isinstance(failure, TransportGone)
    assert not failure.permanent
    assert "wrong" not in str(failure)


@pytest.mark.parametrize("command", ["mail", "rcpt", "data"])
def test_a_refusal_for_now_is_tried_again(refused, command):
    failure = refused(MailServer(**{command: "451 4.3.0 try later"}))
    assert not failure.permanent
    assert not isinstance(failure, TransportGone)
    assert "451" in str(failure)


@pytest.mark.parametrize("command", ["mail", "rcpt", "data"])
def test_a_refusal_for_good_is_final(refused, command):
    failure = refused(MailServer(**{command: "550 5.1.1 no such user <ada@example.org>"}))
    assert failure.permanent
    assert "550 5.1.1 no such user <the address>" in str(failure)


@pytest.mark.parametrize("code", [421, 530, 535])
def test_a_refusal_that_is_not_about_the_letter_is_not_final(refused, code):
    assert isinstance(refused(MailServer(mail=f"{code} not you")), TransportGone)


def test_what_a_server_says_is_shown_safely(refused):
    failure = refused(MailServer(data="554 \x1b[2J\x07 <script> " + "x" * 400))
    assert str(failure).isprintable()
    assert len(str(failure)) < 250


def test_a_server_that_is_not_there_is_gone(settings):
    with serving(MailServer()) as server:
        pass
    with pytest.raises(TransportGone, match="cannot be reached"):
        Smtp(settings(server.port)).hand_over(outgoing())


def test_a_host_that_no_name_server_knows_is_gone(settings):
    with pytest.raises(TransportGone, match="cannot be reached"):
        Smtp(settings(25, smtp_host="mail.invalid")).hand_over(outgoing())


@pytest.mark.parametrize("greeting", ["554 go away", "421 too busy", "500 what", "hello", "\x00\xff"])
def test_a_server_that_turns_us_away_at_the_door_is_gone(refused, greeting):
    assert isinstance(refused(MailServer(greeting=greeting)), TransportGone)


def test_a_server_that_is_slow_to_answer_is_given_up(refused):
    began = time.monotonic()
    server = MailServer(pause=60)
    failure = refused(server, answer=0.3)
    assert isinstance(failure, TransportGone)
    assert "takes too long" in str(failure)
    assert time.monotonic() - began < 30


def test_a_server_that_always_seems_about_to_answer_is_given_up(refused):
    began = time.monotonic()
    failure = refused(MailServer(greeting="-"), answer=0.5, in_all=1)
    assert isinstance(failure, TransportGone)
    assert "takes too long" in str(failure)
    assert 0.9 < time.monotonic() - began < 30


def test_over_tls_a_server_that_takes_too_long_in_all_is_given_up(refused):
    failure = refused(MailServer(pause=5), answer=4, in_all=0.6)
    assert isinstance(failure, TransportGone)
    assert "takes too long" in str(failure)


def test_a_server_that_hangs_up_in_the_middle_of_the_text_gets_the_same_message_again(settings, certificate):
    server = MailServer(hangs_up_in_data=True)
    with serving(server, certificate):
        smtp = Smtp(settings(server.port))
        with pytest.raises(TransportGone) as failure:
            smtp.hand_over(outgoing(body="word " * 50_000))
        assert not failure.value.permanent
        server.hangs_up_in_data = False
        smtp.hand_over(outgoing(tries=2))
        smtp.hand_over(outgoing(tries=3))
    first, second = (email.message_from_bytes(envelope.content) for envelope in server.got)
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()


def test_a_server_that_has_the_letter_and_hangs_up_then_has_it(settings, certificate):
    with serving(MailServer(hangs_up_at_quit=True), certificate) as server:
        Smtp(settings(server.port)).hand_over(outgoing())
    assert len(server.got) == 1


def test_no_command_gets_in_by_an_address(settings, certificate):
    with serving(MailServer(), certificate) as server:
        with pytest.raises(TransportFailed) as failure:
            Smtp(settings(server.port)).hand_over(outgoing(to="ada@example.org>\r\nRCPT TO:<mallory@example.org"))
        assert failure.value.permanent
    assert server.commands == []


def test_nothing_is_left_behind(settings, certificate):
    before = threading.active_count()
    with serving(MailServer(), certificate) as server:
        for _ in range(3):
            Smtp(settings(server.port)).hand_over(outgoing())
        server.rcpt = "550 no"
        with pytest.raises(TransportFailed):
            Smtp(settings(server.port)).hand_over(outgoing())
    deadline = time.monotonic() + 60
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before
