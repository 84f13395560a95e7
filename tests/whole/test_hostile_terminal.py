"""Text that means harm, pasted into every field at a real terminal: nothing but text comes back, and nothing acts."""

import re
from pathlib import Path

import pytest

from tests.hostile import HOSTILE
from tests.soak import soaking
from tests.terminal.recorded import strangers
from tests.terminal_user import ENTER, ESC, TAB, TerminalUser, lockwright
from tests.whole.steps import sign_up

EACH = len(HOSTILE) if soaking() else 7
"""Strings for one field; the next field goes on with the next ones, so that all fields see all of them."""

MENDED = re.compile(r"\x1b\[201~|[\ud800-\udfff]")
"""What a terminal takes out of a paste, or cannot send."""


class Attacker:
    """Pastes hostile text into the field with focus, and looks at everything that comes back."""

    def __init__(self, person: TerminalUser) -> None:
        self.person = person
        self._at = 0

    def attack(self, fields: int) -> None:
        """Every field of the page, each left empty; the last one submits what is there."""
        self.person.settle(0.1)
        before = len(self.person.raw)
        for field in range(fields):
            if field:
                self.person.type(TAB)
            for _ in range(EACH):
                text = MENDED.sub("", HOSTILE[self._at % len(HOSTILE)])
                self._at += 1
                self.person.type(f"\x15\x1b[200~{text}\x1b[201~")
                self.person.settle(0.02)
        self.person.type(ENTER)
        self.person.settle(0.2)
        painted = (
            self.person.raw[before:].decode().replace("\r\n", "\n")
        )  # the terminal itself turns one into the other
        assert strangers(painted) == []
        assert self.person.process.poll() is None


@pytest.mark.timeout(180)
def test_hostile_text_in_every_field_of_the_account_app_is_only_text(tmp_path: Path) -> None:
    with TerminalUser(lockwright("--home", str(tmp_path / "home"))) as ada:
        attacker = Attacker(ada)
        for key, title, fields in (
            ("n", "Make an account", 4),
            ("s", "Which account is yours?", 2),
            ("f", "confirmed address", 2),
            ("x", "Stop what a notice", 1),
        ):
            ada.see("Sign in", "Sign up")
            ada.type(key)
            ada.see(title)
            attacker.attack(fields)
            ada.see(title)
            ada.type(ESC)
            ada.see("Your account, from any terminal.")
        sign_up(ada)
        ada.settle()
        for key, title, fields in (("p", "Change password", 3), ("a", "Change address", 2), ("e", "Your password", 1)):
            ada.type(key)
            ada.see(title, "nothing has changed")
            attacker.attack(fields)
            ada.see(title)
            ada.type(ESC)
            ada.see("Settings", "Nothing has changed.")
        assert not list((tmp_path / "home").glob("*.svg"))
        ada.type("\x11")
        assert ada.leave() == 0
