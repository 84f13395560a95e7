"""What a person does at the account app, screen by screen, wherever its terminal is."""

import re
import time
from collections.abc import Callable

from tests import rfc6238
from tests.terminal_user import ENTER, ESC, TAB, TerminalUser

PASSWORD = "nine pale horses over the weir"


class Authenticator:
    """A phone: keeps what it scanned, shows a token, and waits for the next one as a person does."""

    def __init__(
        self, uri: str, *, now: Callable[[], float] = time.time, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        fields = rfc6238.scan(uri)
        self.label, self.issuer, self._secret = fields["label"], fields["issuer"], fields["secret"]
        self._now, self._sleep = now, sleep
        self._shown = -1

    def token(self) -> str:
        """The token of the present step, or of the next one when this one was read off already."""
        while int(self._now() // 30) <= self._shown:
            self._sleep((self._shown + 1) * 30 - self._now())
        self._shown = int(self._now() // 30)
        return rfc6238.totp(rfc6238.secret_of(self._secret), self._shown * 30)


def sign_up(ada: TerminalUser, read_code: Callable[[], str] | None = None) -> None:
    """Make an account; its address is confirmed with the code that `read_code` reads off the mail, or later."""
    ada.see("Sign in", "Sign up", "Forgot password", "Stop")
    ada.type("n")
    ada.see("Make an account")
    ada.type(f"ada{TAB}ada@example.org{TAB}{PASSWORD}{TAB}{PASSWORD}{ENTER}")
    ada.see("Confirm your address")
    ada.type(ESC if read_code is None else read_code() + ENTER)
    ada.see("Settings", "Account", "Enable")


def enable(
    ada: TerminalUser, phone: Callable[[str], Authenticator] = Authenticator, *, return_code: str = ""
) -> tuple[Authenticator, str]:
    """Settings -> Account, Enable; scan, Verify, save the backup code, Continue. The device and the code.

    `return_code`: of the recovery that led here, asked for once more.
    """
    ada.type("e")
    ada.see("Your password")
    ada.type(PASSWORD + ENTER)
    if return_code:
        ada.see("Return code")
        ada.type(return_code + ENTER)
    ada.see("Scan the code with your", "Verify")
    device = phone(ada.scan())
    ada.type(device.token() + ENTER)
    screen = ada.see("Save your Backup Code")
    found = re.search(r"([0-9A-Z]{5}) - ([0-9A-Z]{5}) - ([0-9A-Z]{5}) - ([0-9A-Z]{5})", screen)
    assert found, screen
    groups = found.groups()
    ada.type(ENTER)
    screen = ada.see("Continue")
    assert not any(group in screen for group in groups)
    ada.type(groups[asked_group(screen)] + ENTER)
    ada.see("Two-factor", "on")
    return device, "-".join(groups)


def asked_group(screen: str) -> int:
    for index, word in enumerate(("first", "second", "third", "last")):
        if re.search(rf"\b{word}\b", screen):
            return index
    raise AssertionError(screen)


def sign_in(ada: TerminalUser) -> None:
    ada.see("Sign in", "Sign up", "Forgot password")
    ada.type("s")
    ada.see("Name", "Password")
    ada.type(f"\x15ada{TAB}{PASSWORD}{ENTER}")
