"""The document that the project grew from, sentence by sentence, in a pseudo-terminal of 80x24."""

import re
from pathlib import Path

import pytest

from tests.terminal_user import ENTER, TAB, TerminalUser, lockwright
from tests.whole.steps import PASSWORD, Authenticator, asked_group, enable, sign_in, sign_up


@pytest.mark.timeout(240)
def test_every_sentence_of_the_seed_works_at_a_terminal(tmp_path: Path) -> None:
    with TerminalUser(lockwright("--home", str(tmp_path / "home"))) as ada:
        sign_up(ada)

        # "go to Settings -> Account, and select Enable", "Scan the QR code", "Verify", "Continue"
        device, backup_code = enable(ada)
        assert (device.label, device.issuer) == ("ada", "Lockwright")
        ada.type(ENTER)
        ada.see("Settings", "Disable 2FA")

        # "Next time you log in, you'll be asked for your 2FA token in addition to your username and password"
        ada.type("o")
        sign_in(ada)
        ada.see("Enter the six digits", "Backup Code")
        ada.type(device.token() + ENTER)
        ada.see("Settings", "Disable 2FA")

        # "Lost your 2FA device? you can still log in using your backup code"
        ada.type("o")
        sign_in(ada)
        ada.see("Enter the six digits", "Backup Code")
        ada.type("b")
        ada.see("Backup")
        ada.type(backup_code.lower() + ENTER)
        ada.see("once", "No")
        ada.type("y")
        # "2FA authentication is automatically disabled, and you must enable it again"
        ada.see("Enable")
        ada.see("off")
        ada.type("e")
        ada.see("Your password")
        ada.type(PASSWORD + ENTER)
        ada.see("Scan the code with your")
        second = Authenticator(ada.scan())
        assert second.label == "ada (2)"
        ada.type(second.token() + ENTER)
        screen = ada.see("Save your Backup Code")
        found = re.search(r"([0-9A-Z]{5}) - ([0-9A-Z]{5}) - ([0-9A-Z]{5}) - ([0-9A-Z]{5})", screen)
        assert found, screen
        ada.type(ENTER)
        screen = ada.see("Continue")
        ada.type(found.groups()[asked_group(screen)] + ENTER)
        ada.see("Two-factor", "on")
        ada.type(ENTER)

        # "on the dashboard go to Settings -> Account, and select Disable 2FA"
        ada.see("Settings", "Disable 2FA")
        ada.type("d")
        ada.see("Disable 2FA?", "No")
        ada.type("y")
        ada.see("Your password")
        ada.type(PASSWORD + TAB + second.token() + ENTER)
        ada.see("Enable")
        ada.see_no_more("Disable 2FA")
        ada.type("\x11")
        assert ada.leave() == 0
