"""`lockwright` as a program: its options, its exit codes, and what it says when it cannot start."""

import os
import re
import stat
import subprocess
import sys
import time
from importlib.metadata import version

import pytest

from core.home import CRASHES_FILE, keep_crash
from tests.terminal_user import TerminalUser


def lockwright(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **env},
    )


def test_it_tells_its_version_and_its_options():
    assert lockwright("--version").stdout == f"Lockwright {version('lockwright')}\n"
    told = lockwright("--help")
    assert told.returncode == 0
    assert "--home DIR" in told.stdout


def test_wrong_usage_is_exit_code_2():
    assert lockwright("--nonsense").returncode == 2


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('sitee = "Acme"', "there is no setting sitee. Is site meant?"),
        ("password_min = 3", "password_min: 3 (in"),
        ('registration = "sometimes"', 'it must be one of "open", "invite", "closed".'),
    ],
)
def test_a_wrong_setting_is_one_clear_line_and_exit_code_1(home, line, sentence):
    (home / "lockwright.toml").write_text(line)
    told = lockwright("--home", str(home))
    assert told.returncode == 1
    assert told.stdout == ""
    assert told.stderr.startswith("lockwright: ")
    assert sentence in told.stderr
    assert told.stderr.count("\n") == 1
    assert [file.name for file in home.iterdir()] == ["lockwright.toml"]


def test_without_a_terminal_it_says_that_it_needs_one(home):
    told = lockwright("--home", str(home))
    assert told.returncode == 1
    assert told.stderr == "lockwright: this is an app for a terminal; standard input and output must be one.\n"


def test_the_first_start_makes_a_home_for_its_owner_only_and_ctrl_q_leaves(tmp_path):
    home = tmp_path / "home"
    with TerminalUser([sys.executable, "-m", "tui", "--home", str(home)]) as ada:
        ada.see("Lockwright accounts", "s  Sign in", "you come from this machine")
        ada.type("\x11")
        assert ada.leave() == 0
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    for file in home.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file


def test_a_home_without_its_keys_says_so_after_the_screen_is_given_back(tmp_path):
    home = tmp_path / "home"
    with TerminalUser([sys.executable, "-m", "tui", "--home", str(home)]) as ada:
        ada.see("you come from this machine")
        ada.type("\x11")
        ada.leave()
    (home / "keys.json").unlink()
    with TerminalUser([sys.executable, "-m", "tui", "--home", str(home)]) as ada:
        said = " ".join(ada.see("Lockwright cannot start:").split())
        assert ada.leave() == 1
        assert "keys.json is missing" in said.replace(" ", "") or "keys.json" in ada.text.replace("\n", "")
    assert b"\x1b[?1049l" in ada.raw
    assert ada.raw.index(b"\x1b[?1049l") < ada.raw.index(b"cannot start")


def test_mail_is_handed_over_while_the_app_runs(tmp_path):
    home = tmp_path / "home"
    with TerminalUser([sys.executable, "-m", "tui", "--home", str(home)]) as ada:
        ada.see("you come from this machine")
        ada.type("n")
        ada.see("Make an account")
        password = "nine pale horses over the weir"
        ada.type(f"ada\tada@example.org\t{password}\t{password}\r")
        ada.see("Confirm your address")
        code = _code_from(home)
        ada.type(f"{code}\r")
        ada.see("Settings", "ada@example.org, confirmed")
        ada.type("\x11")
        assert ada.leave() == 0


def _code_from(home) -> str:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for letter in (home / "mail" / "new").glob("*"):
            found = re.search(r"\b(\d{4}) (\d{4})\b", letter.read_text())
            if found:
                return found[1] + found[2]
        time.sleep(0.1)
    raise AssertionError("no mail came")


def test_a_crash_is_written_down_for_its_owner_only(home):
    keep_crash(home, "crash id=AB12 builtins.ValueError at tui.app:7")
    keep_crash(home, "crash id=CD34 builtins.KeyError at tui.app:9")
    file = home / CRASHES_FILE
    assert [line.split(" ", 1)[1] for line in file.read_text().splitlines()] == [
        "crash id=AB12 builtins.ValueError at tui.app:7",
        "crash id=CD34 builtins.KeyError at tui.app:9",
    ]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
