"""A real OpenSSH client, from sign-up to 2FA, over `lockwright serve`."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal_user import DOWN, ENTER, ESC, TerminalUser, lockwright
from tests.whole.served import served, ssh
from tests.whole.steps import enable, sign_in, sign_up

pytestmark = pytest.mark.skipif(shutil.which("ssh") is None, reason="needs the OpenSSH client")


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Where a server of this test's own listens."""
    home = str(tmp_path / "home")
    with served(lockwright("--home", home, "serve", "--host", "127.0.0.1", "--port", "0"), tmp_path / "told") as port:
        yield port


@pytest.mark.timeout(240)
def test_sign_up_to_two_factor_over_ssh(port: int) -> None:
    with TerminalUser(ssh(port)) as ada:
        ada.see("you come from 127.0.0.1")
        sign_up(ada)
        device, _ = enable(ada)
        ada.type(ENTER)
        ada.see("Settings", "Disable 2FA")
        ada.type("\x11")
        assert ada.leave() == 0
    with TerminalUser(ssh(port), columns=120, rows=40) as ada:
        ada.see("Sign in")
        ada.type("s")
        for _ in range(2):  # refused, and sent again as it was
            ada.see("Which account")
            ada.type("ada\tNotMine-NotMine\r")
            ada.see_painted("is not right")
        assert b"NotMine" not in ada.raw
        ada.type(ESC)
        sign_in(ada)
        ada.see("Enter the six digits", "Backup Code")
        ada.type(device.token() + ENTER)
        ada.see("Settings", "Disable 2FA")


def test_a_session_ended_elsewhere_closes_here(port: int) -> None:
    with TerminalUser(ssh(port)) as here:
        sign_up(here)
        with TerminalUser(ssh(port)) as other:
            sign_in(other)
            other.see("Settings", "Sessions (2)")
            other.type(ESC)
            other.settle()
            other.type(DOWN)
            other.see("End all others")
            other.type("x")
            other.see("End all other sessions?", "No")
            other.type("y")
            here.see("ended from elsewhere", "Sign in", "Sign up")
            other.see("Sessions (1)")


def test_a_command_is_refused_with_a_line_that_says_so(port: int) -> None:
    ended = subprocess.run(
        [*ssh(port), "rm", "-rf", "/"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert ended.returncode != 0
    assert ended.stdout + ended.stderr
