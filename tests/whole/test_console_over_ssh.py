"""The whole story over the wire: an owner in the account app, two agents at the console, each an OpenSSH client.

The servers are the real ones, and live on a later day when the wait is over.
"""

import email
import email.policy
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from core.accounts import Role
from core.cases import State, clean_reference
from core.home import prepare
from tests.office import Office
from tests.terminal_user import ENTER, TerminalUser
from tests.whole.later import Later
from tests.whole.served import served, ssh
from tests.whole.steps import PASSWORD, Authenticator, enable, sign_in
from tests.world import World, WorldClock

pytestmark = pytest.mark.skipif(shutil.which("ssh") is None, reason="needs the OpenSSH client")

TAB, CTRL_S, CTRL_Q = "\t", "\x13", "\x11"
MARKUP = "[@click=app.quit]the blue one[/]"


@dataclass(frozen=True)
class Site:
    """Two servers over one home folder, in which ada has had 2FA for forty days, and mia and jon are agents."""

    home: Path
    later: Later
    world: World
    """Who is there, and what their devices show; it only looks once the servers run."""
    accounts: int
    console: int
    key: Path
    """The SSH key that the console is open to."""

    def comes(self) -> TerminalUser:
        return TerminalUser(ssh(self.accounts))

    def sits_down(self, name: str) -> TerminalUser:
        command = ssh(self.console, "-i", str(self.key), "-o", "IdentitiesOnly=yes")
        agent = TerminalUser(command, columns=110, rows=32)
        agent.see("Acme support", "Password")
        agent.type(f"{name}{TAB}{PASSWORD}{ENTER}")
        agent.see(f"Sign in as {name}", "step 2 of 2")
        self.world.clock.now = self.later()
        agent.type(self.world.token_for(name) + ENTER)
        agent.see("Recovery cases")
        return agent

    def completes(self, reference: str) -> None:
        """Wait until the case is completed, which one of the servers' clerks sees to."""
        until, parts = time.monotonic() + 30, self.world.services.parts
        while time.monotonic() < until:
            with parts.storage.unit():
                case = parts.cases.by_reference(clean_reference(reference) or "")
            assert case is not None
            if case.state is State.COMPLETED:
                return
            time.sleep(0.1)
        raise AssertionError(f"{reference} is {case.state}")

    def mail_code(self) -> str:
        """The eight digits in the mail to ada, once the clerk has handed it over."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            for path in sorted((self.home / "mail" / "new").iterdir(), reverse=True):
                letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                body = letter.get_body(("plain",))
                found = re.search(r"\b(\d{4}) (\d{4})\b", body.get_content()) if body is not None else None
                if "code" in str(letter["Subject"]) and found:
                    return found[1] + found[2]
            time.sleep(0.1)
        raise AssertionError("no code was mailed to ada")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """What happened before was done through the use cases."""
    home, key, later = prepare(tmp_path / "home"), tmp_path / "key", Later(tmp_path / "seconds ahead")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    public = key.with_suffix(".pub").read_text().strip()
    (home / "lockwright.toml").write_text(f'site = "Acme"\ndemo = true\n[console]\nkeys = ["{public}"]\n')
    world = World(home, clock=WorldClock(datetime.now(UTC)), argon2_time=2, argon2_memory_kib=19456)
    office = Office(world)
    for agent in ("mia", "jon"):
        office.hire(agent, Role.AGENT)
    office.owner("ada")
    world.services.due.tick()
    world.close()
    later.be(world.clock())
    with ExitStack() as stack:
        ports = [
            stack.enter_context(
                served(
                    later.command(app, "--home", str(home), "serve", "--host", "127.0.0.1", "--port", "0"),
                    tmp_path / app,
                )
            )
            for app in ("tui", "support_console")
        ]
        stack.callback(world.close)
        yield Site(home, later, world, *ports, key)


@pytest.mark.timeout(240)
def test_an_owner_without_device_and_code_is_let_in_again_by_two_agents(site: Site) -> None:
    nobody_else_is_let_in(site)
    with site.comes() as ada, site.sits_down("mia") as mia, site.sits_down("jon") as jon:
        reference, return_code = opens_a_case(ada)
        is_asked_and_answers(ada, mia, reference)
        gives_the_mail_code(ada, site)
        two_agents_decide(mia, jon, reference)
        ada.see("approved", "It completes by itself on")
        site.later.pass_by(days=3, minutes=1)
        mia.see("A console session has an end")
        jon.see("A console session has an end")
        site.completes(reference)
        ada.see("return code", "Sign up")
        sign_in(ada)
        ada.see("Two-factor is off: set it up again", "Have the return code")
        enable(ada, partial(Authenticator, now=site.later.time, sleep=site.later.sleep), return_code=return_code)
        for person in (ada, mia, jon):
            person.type(CTRL_Q)
            assert person.leave() == 0


def opens_a_case(ada: TerminalUser) -> tuple[str, str]:
    """From the first screen into a case of her own; its reference and return code."""
    ada.see("you come from 127.0.0.1")
    sign_in(ada)
    ada.see("step 2 of 2", "Recover your Account")
    ada.type("r")
    ada.see("Open a case")
    ada.type("o")
    ada.see("What happened to the device?")
    ada.type(f"It fell into the weir.{CTRL_S}")
    screen = ada.see("Save your return code.", "Your case LW-")
    reference = re.search(r"LW-[0-9A-Z]{4}-[0-9A-Z]{4}", screen)
    code = re.search(r"\b([0-9A-Z]{4}) - ([0-9A-Z]{4}) - ([0-9A-Z]{4})\b", screen)
    assert reference is not None, screen
    assert code is not None, screen
    ada.type("s")
    ada.see(f"Case {reference[0]}", "you opened the case")
    return reference[0], "".join(code.groups())


def is_asked_and_answers(ada: TerminalUser, mia: TerminalUser, reference: str) -> None:
    """The case comes up in mia's queue by itself; what ada writes is only text there."""
    mia.see(reference, "first answer")
    mia.type(ENTER)
    mia.see(f"{reference}   ada", "from 127.0.0.1")
    mia.type("c")
    mia.see("claimed by you")
    mia.type("e")
    mia.see("Ask for evidence")
    mia.type(f"Which bicycle is yours?{CTRL_S}")
    mia.see("You asked")
    ada.see("Support asks", "Which bicycle is yours?")
    ada.type("w")
    ada.see("Answer support")
    ada.type(MARKUP + CTRL_S)
    ada.see("Sent.")
    mia.see(MARKUP)


def gives_the_mail_code(ada: TerminalUser, site: Site) -> None:
    ada.type("m")
    ada.see("Give the mail code")
    ada.type("s")
    ada.see("It is on its way.")
    ada.type(site.mail_code() + ENTER)
    ada.see("The mail code is given as evidence.")


def two_agents_decide(mia: TerminalUser, jon: TerminalUser, reference: str) -> None:
    """One verifies and may not approve; the other, who had the case open beside, approves."""
    jon.see(reference)
    jon.type(f"/{reference}{ENTER}{ENTER}")
    jon.see(f"{reference}   ada", "claimed by mia")
    mia.see("Route mail is met")
    mia.type("v")
    mia.see("Yes, by route mail")
    mia.type("1")
    mia.see("Ownership is verified by route mail.")
    mia.type("a")
    mia.see("Approve and complete: ")
    jon.see("approve and complete")
    jon.type("a")
    jon.see("mia verified that ada is the owner", "by itself")
    jon.type(reference + ENTER)
    jon.see("Approved. It completes by itself on")
    mia.see("approved")


def nobody_else_is_let_in(site: Site) -> None:
    command = ssh(site.console, "-tt", "-o", "IdentitiesOnly=yes")
    refused = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
    assert refused.returncode == 1
    assert "Acme support is not open to this address or SSH key." in refused.stdout + refused.stderr
