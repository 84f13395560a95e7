"""The seed's section "Lost your 2FA device?", sentence by sentence: at this machine's terminal, and over SSH.

Every program is the real one in a process of its own. They live on a later day, as an address counts after 30 days and
a wait lasts three.
"""

import email
import email.policy
import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from core.accounts import Role
from core.home import prepare
from tests import rfc6238
from tests.office import Office
from tests.terminal_user import ENTER, ESC, TAB, TerminalUser
from tests.whole.later import Later
from tests.whole.served import served, ssh
from tests.whole.steps import PASSWORD, Authenticator, enable, sign_in, sign_up
from tests.world import World, WorldClock

QUIT = "\x11"
SAVE = "\x13"
AGENTS = ("mia", "jon")
PATIENCE = 60.0


@dataclass
class Town:
    """An installation with two support agents, and the way in which ada comes to it."""

    home: Path
    later: Later
    keys: dict[str, str]
    """What the agents' authenticators keep."""
    come: Callable[[], TerminalUser]

    @property
    def phone(self) -> Callable[[str], Authenticator]:
        """A phone of this day, once it has scanned something."""
        return partial(Authenticator, now=self.later.time, sleep=self.later.sleep)

    def letter(self, about: str) -> str:
        """The newest letter to ada whose subject says so, as soon as it is there."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for file in sorted((self.home / "mail" / "new").glob("*"), reverse=True):
                mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                body = mail.get_body(("plain",))
                if about in str(mail["Subject"]) and mail["To"] == "ada@example.org" and body is not None:
                    return str(body.get_content())
            time.sleep(0.1)
        raise AssertionError(f"no letter about: {about}")

    def code_in(self, about: str) -> str:
        """The eight digits in that letter."""
        found = re.search(r"\b(\d{4}) ?(\d{4})\b", self.letter(about))
        assert found, about
        return found[1] + found[2]

    def admin(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """What the operator's command answers."""
        return subprocess.run(
            self.later.command("core.admin", "--home", str(self.home), *words),
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=Path(__file__).parents[2],
        )

    def support(self, agent: str, act: str, reference: str) -> subprocess.CompletedProcess[str]:
        """What an agent does in a case, with their own password and a token that was not used yet."""
        self.later.pass_by(seconds=30)
        typed = f"{PASSWORD}\n{rfc6238.token(self.keys[agent], self.later())}\n"
        return self.admin("case", act, reference, "--as", agent, typed=typed)

    def state(self, reference: str) -> str:
        """The state of a case, after the due work of this moment."""
        assert self.admin("tick").returncode == 0
        shown = self.admin("case", "show", reference, "--json")
        assert shown.returncode == 0, shown.stderr
        return str(json.loads(shown.stdout)["state"])


needs_ssh = pytest.mark.skipif(shutil.which("ssh") is None, reason="needs the OpenSSH client")


@pytest.fixture(params=["locally", pytest.param("over SSH", marks=needs_ssh)])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """Two agents at work, nobody else; ada comes once from this machine, once with the OpenSSH client."""
    home = prepare(tmp_path / "home")
    (home / "lockwright.toml").write_text("demo = true\n")  # the Maildir counts as a mailbox that is read
    later = Later(tmp_path / "seconds ahead")
    later.be(datetime.now(UTC))
    keys = {}
    world = World(home, clock=WorldClock(later()), argon2_time=2, argon2_memory_kib=19456, site="Lockwright")
    for agent in AGENTS:
        Office(world).hire(agent, Role.AGENT)
        keys[agent] = world.people[agent].key
    world.close()
    later.be(world.clock())
    app = partial(later.command, "tui", "--home", str(home))
    if request.param == "locally":
        yield Town(home, later, keys, lambda: TerminalUser(app(), patience=PATIENCE))
        return
    with served(app("serve", "--host", "127.0.0.1", "--port", "0"), tmp_path / "told") as port:
        yield Town(home, later, keys, lambda: TerminalUser(ssh(port), patience=PATIENCE))


@pytest.mark.timeout(240)
def test_the_section_about_a_lost_device_is_true_word_for_word(town: Town) -> None:
    with town.come() as ada:
        sign_up(ada, partial(town.code_in, "confirm your address"))
        _, backup_code = enable(ada, town.phone)
        leave(ada)
        lost = backup_code_signs_in_once(ada, town, backup_code)
    town.later.pass_by(days=31)  # her address counts; the second phone and its backup code are gone
    with town.come() as ada:
        reference, return_code = support_case(ada, town)
    support_confirms_the_owner(town, reference)
    with town.come() as ada:
        two_factor_is_off_and_enabled_again(ada, town, return_code, lost)


def backup_code_signs_in_once(ada: TerminalUser, town: Town, backup_code: str) -> Authenticator:
    """The first way: the device is lost, the backup code is at hand. The new device."""
    # "To log in without a 2FA device, log in to Infura with your username and password, and when confronted with the
    # 2FA screen, select Backup Code."
    sign_in(ada)
    ada.see("Enter the six digits", "Backup Code")
    ada.type("b")
    ada.see("with your backup code")
    ada.type(backup_code.lower() + ENTER)
    ada.see("Use your backup code now?", "No")
    ada.type("y")
    # "If you lose your 2FA device, you can still log in using your backup code."
    ada.see("You are signed in.", "spent for signing in")
    # "If you lose your 2FA device and must recover your account or log in using the backup code, then 2FA
    # authentication is automatically disabled, and you must enable it again."
    ada.see("Two-factor is off", "Enable")
    phone, _ = enable(ada, town.phone)
    leave(ada)
    sign_in(ada)
    ada.see("Enter the six digits", "Backup Code")
    ada.type("b")
    ada.see("with your backup code")
    ada.type(backup_code + ENTER)
    ada.see("Use your backup code now?")
    ada.type("y")
    ada.see("not the backup code of this account")
    ada.type(ESC)
    ada.see("Enter the six digits")
    ada.type(phone.token() + ENTER)
    ada.see("Settings", "Disable 2FA")
    quit_app(ada)
    return phone


def support_case(ada: TerminalUser, town: Town) -> tuple[str, str]:
    """The second way: neither is there, a case is opened. Its reference and return code."""
    # "Alternatively, you can recover your account by raising a support request with Infura."
    # "If you can't find it, your only option is to select Recover your Account and open a support case."
    sign_in(ada)
    ada.see("Enter the six digits", "Backup Code", "Recover your Account")
    ada.type("r")
    ada.see("neither the device nor the backup code", "Open a case")
    ada.type("o")
    ada.see("What happened to the device?")
    ada.type(f"It fell into the weir.{TAB}ring the bell at number 9{TAB}I made the account in January.{SAVE}")
    screen = ada.see("Save your return code", " UTC")  # and by when it is decided
    reference = re.search(r"LW-[0-9A-Z]{4}-[0-9A-Z]{4}", screen)
    return_code = re.search(r"\b([0-9A-Z]{4}) - ([0-9A-Z]{4}) - ([0-9A-Z]{4})\b", screen)
    assert reference, screen
    assert return_code, screen
    town.letter(f"somebody asks to recover your account ({reference[0]})")
    ada.type("s")
    ada.see(reference[0], "Give the mail code")

    # "If you raise a support request to recover your account, Infura support must confirm that you're the owner of the
    # account."
    unproved = town.support("mia", "verify", reference[0])
    assert (unproved.returncode, "short" in unproved.stderr) == (1, True), unproved
    ada.type("m")
    ada.see("Send a code", "Code from the mail")
    ada.type("s")
    ada.see("It is on its way.")
    ada.type(town.code_in(f"mail code for {reference[0]}") + ENTER)
    ada.see("mail code: given")
    quit_app(ada)
    return reference[0], "".join(return_code.groups())


def support_confirms_the_owner(town: Town, reference: str) -> None:
    """Two people, then the wait, in which the owner could still stop it."""
    for agent, act, answer in (
        ("mia", "verify", "Verified by route mail"),
        ("mia", "approve", None),  # the same person
        ("jon", "approve", "Approved. It completes when the wait is over"),
    ):
        ended = town.support(agent, act, reference)
        if answer is None:
            assert (ended.returncode, ended.stdout) == (1, ""), ended
        else:
            assert answer in ended.stdout, ended
    town.later.pass_by(hours=71)
    assert town.state(reference) == "approved"
    town.later.pass_by(hours=1)
    assert town.admin("tick").returncode == 0
    town.letter(f"your account was recovered ({reference})")


def two_factor_is_off_and_enabled_again(ada: TerminalUser, town: Town, return_code: str, lost: Authenticator) -> None:
    """After the recovery: the password signs in, the return code lets the owner enrol, the old device is gone."""
    # "If you lose your 2FA device and must recover your account or log in using the backup code, then 2FA
    # authentication is automatically disabled, and you must enable it again."
    sign_in(ada)
    ada.see("Two-factor is off", "return code of your case", "Enable")
    phone, _ = enable(ada, town.phone, return_code=return_code)
    leave(ada)
    sign_in(ada)
    ada.see("Enter the six digits", "Backup Code", "Recover your Account")
    ada.type(lost.token() + ENTER)
    ada.see("not the right token")
    ada.type(phone.token() + ENTER)
    ada.see("Settings", "Disable 2FA")
    quit_app(ada)


def leave(ada: TerminalUser) -> None:
    """From the last step of Enable to signed out."""
    ada.type(ENTER)
    ada.see("Settings", "Disable 2FA")
    ada.type("o")


def quit_app(ada: TerminalUser) -> None:
    ada.type(QUIT)
    assert ada.leave() == 0
