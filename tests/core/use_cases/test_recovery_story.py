"""The whole story in one world: a lost phone, a new phone, two agents, and notices read from a real mail server."""

import email
import email.policy
import re
from datetime import timedelta
from pathlib import Path

import pytest

from core.accounts import Role
from core.audit import Event
from core.cases import Need, State
from core.origin import LOCAL
from core.secret import Secret
from core.sessions import SessionKind
from core.use_cases.account_settings import Overview
from core.use_cases.desk_view import QueuePage, StaffCase
from core.use_cases.outcomes import Done, Over, Proof, WayNeeded
from core.use_cases.recovery_doors import CaseOpened, FormNeeded
from core.use_cases.sign_in import SignedIn, TokenNeeded
from core.use_cases.two_factor import Enabled, EnrolmentBegun
from tests.mail_server import MailServer, serving
from tests.office import LOST, THERE, Office
from tests.world import PASSWORD, World

ADA = "ada@example.org"


def letters(server: MailServer, to: str = ADA) -> list[tuple[str, str]]:
    """Subject and text of every letter the server took for `to`, oldest first."""
    found = []
    for envelope in server.got:
        if to in envelope.rcpt_tos:
            assert isinstance(envelope.content, bytes)
            letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
            body = letter.get_body(("plain",))  # type: ignore[attr-defined]
            found.append((str(letter["Subject"]), body.get_content()))
    return found


def last_code(server: MailServer, pattern: str) -> str:
    found = [code for _, text in letters(server) for code in re.findall(pattern, text)]
    assert found
    return "".join(found[-1]) if isinstance(found[-1], tuple) else found[-1]


@pytest.mark.timeout(180)
def test_from_the_lost_phone_to_the_new_one(home: Path, database_url: str) -> None:
    with serving(MailServer()) as server:
        world = World(
            home,
            database=database_url,
            demo=False,
            mail="smtp",
            smtp_host="127.0.0.1",
            smtp_port=server.port,
            smtp_starttls=False,
            smtp_from="accounts@example.org",
        )
        services, office = world.services, Office(world)
        for name, role in (("mia", Role.AGENT), ("jon", Role.AGENT), ("lea", Role.LEAD)):
            office.hire(name, role)

        # Ada signs up, confirms her address, enables 2FA, and keeps no backup code.
        world.person("ada", confirmed=False, two_factor=True)
        services.due.tick()
        ticket = world.sign_in("ada").ticket
        assert services.account_settings.confirm_address(ticket, last_code(server, r"\b(\d{4}) (\d{4})\b")) == Done()
        world.clock.advance(days=200)

        # The phone is gone. Password, then Recover your Account, from a cafe.
        step = services.sign_in.with_password("ada", Secret(PASSWORD), THERE)
        assert isinstance(step, TokenNeeded)
        assert services.recovery.look(step.half) == FormNeeded(earlier=False)
        opened = services.recovery.open(step.half, LOST, THERE)
        assert isinstance(opened, CaseOpened)
        assert "mail code" in opened.view.next_step
        assert opened.view.wait.began_at is None

        # Every confirmed address is told, with a stop code; from that hand-over on the wait counts.
        services.due.tick()
        handed_over = world.clock()
        subject, text = letters(server)[-1]
        assert opened.reference in subject
        assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text)
        assert THERE.source in text

        # The mail code is evidence.
        assert services.recovery.send_mail_code(opened.ticket) == Done()
        services.due.tick()
        code = last_code(server, r"\b(\d{4}) (\d{4})\b")
        assert services.recovery.give_mail_code(opened.ticket, code) == Done()
        view = services.recovery.view(opened.ticket)
        assert not isinstance(view, Over)
        assert view.wait.over_at == handed_over + timedelta(hours=72)
        services.sign_in.sign_out(opened.ticket)

        # Mia finds the case first in the queue, asks, gets an answer, and verifies.
        world.clock.advance(hours=1)
        mia = office.sit_down("mia")
        queue = services.desk.queue(mia)
        assert isinstance(queue, QueuePage)
        assert [(line.account_name, line.need) for line in queue.lines] == [("ada", Need.FIRST_ANSWER)]
        assert services.desk.claim(mia, opened.reference) == Done()
        assert services.desk.ask(mia, opened.reference, "Do you still have the laptop?") == Done()
        back = office.back(opened, origin=THERE)
        assert back.view.question == "Do you still have the laptop?"
        assert services.recovery.write(back.ticket, "Yes, but the phone is at the bottom of the weir.") == Done()
        case = services.desk.case(mia, opened.reference)
        assert isinstance(case, StaffCase)
        assert case.timeline[-1].text.startswith("Yes, but")
        assert "verify" in case.next_step
        office.verify(opened, "mia")

        # Jon approves; it completes by itself when the wait is over, and not a minute before.
        approved = office.approve(opened, "jon")
        assert approved.over_at == handed_over + timedelta(hours=72)
        world.clock.now = handed_over + timedelta(hours=71, minutes=59)
        services.due.tick()
        assert office.state(opened) is State.APPROVED
        assert ["is approved" in subject for subject, _ in letters(server)].count(True) == 1
        world.clock.advance(minutes=1)
        services.due.tick()
        assert office.state(opened) is State.COMPLETED
        services.due.tick()
        assert "was recovered" in letters(server)[-1][0]

        # The old phone's tokens open nothing now; password and return code enrol the new phone.
        signed_in = services.sign_in.with_password("ada", Secret(PASSWORD), THERE)
        assert isinstance(signed_in, SignedIn)
        assert signed_in.session.kind is SessionKind.PROBATION
        setup = services.two_factor
        assert setup.begin(signed_in.ticket, Proof(Secret(PASSWORD))) == WayNeeded("case")
        begun = setup.begin(signed_in.ticket, Proof(Secret(PASSWORD), way=opened.return_code))
        assert isinstance(begun, EnrolmentBegun)
        assert begun.label == "ada (2)"
        world.people["ada"].key = begun.secret.reveal()
        assert setup.verify(signed_in.ticket, begun.id, world.token_for("ada")) == Done()
        backup = setup.backup_code(signed_in.ticket, begun.id)
        index = setup.ask_group(signed_in.ticket, begun.id)
        assert isinstance(backup, Secret)
        assert isinstance(index, int)
        group = backup.reveal()[5 * index : 5 * index + 5]
        assert setup.check_group(signed_in.ticket, begun.id, group) == Done()
        enabled = setup.finish(signed_in.ticket, begun.id)
        assert isinstance(enabled, Enabled)
        assert enabled.session.kind is SessionKind.FULL
        overview = services.account_settings.overview(enabled.ticket)
        assert isinstance(overview, Overview)
        assert overview.probation is None
        assert overview.account.two_factor_on

        # Next time she is asked for the token of the new phone. Notices still come a day and three days after.
        world.clock.advance(seconds=30)
        assert world.sign_in("ada").session.kind is SessionKind.FULL
        before = sum("was recovered" in subject for subject, _ in letters(server))
        for _ in range(3):
            world.clock.advance(days=1)
            services.due.tick()
        assert sum("was recovered" in subject for subject, _ in letters(server)) == before + 2

        # Her history tells every step that staff took, and the trail is whole.
        events = world.events("ada")
        for event in (
            Event.CASE_OPENED,
            Event.CASE_EVIDENCE,
            Event.CASE_CLAIMED,
            Event.CASE_ASKED,
            Event.STAFF_LOOKED,
            Event.CASE_VERIFIED,
            Event.CASE_APPROVED,
            Event.CASE_COMPLETED,
            Event.TWO_FACTOR_ENABLED,
        ):
            assert event in events
        assert services.operator.verify_audit().whole
        world.close()


def test_a_mail_server_that_refuses_the_address_for_good_leaves_only_a_person(home: Path, database_url: str) -> None:
    with serving(MailServer()) as server:
        world = World(
            home,
            database=database_url,
            demo=False,
            mail="smtp",
            smtp_host="127.0.0.1",
            smtp_port=server.port,
            smtp_starttls=False,
            smtp_from="accounts@example.org",
        )
        office = Office(world, mia=Role.AGENT)
        office.here("mia")
        world.person("ada", confirmed=False, two_factor=True)
        world.services.due.tick()
        ticket = world.sign_in("ada").ticket
        code = last_code(server, r"\b(\d{4}) (\d{4})\b")
        assert world.services.account_settings.confirm_address(ticket, code) == Done()
        world.clock.advance(days=40)
        opened = world.services.recovery.open(office.door("ada"), LOST, LOCAL)
        assert isinstance(opened, CaseOpened)
        server.rcpt = "550 no such mailbox"
        world.services.due.tick()
        view = world.services.recovery.view(opened.ticket)
        assert not isinstance(view, Over)
        assert not any(route.possible for route in view.routes)
        assert "failed for good" in view.wait.sentence
        assert view.next_step
        office.sit_down("mia")
        assert office.seen(opened).delivery == "failed for good"
        world.close()
