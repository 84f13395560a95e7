"""What other people's programs make of our screen: zbar reads the code, oathtool computes the token, tmux shows it."""

import shlex
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests import rfc6238
from tests.terminal_user import ENTER, TerminalUser, lockwright
from tests.whole.steps import PASSWORD, sign_up

needs_both = pytest.mark.skipif(
    shutil.which("zbarimg") is None or shutil.which("oathtool") is None, reason="needs zbar-tools and oathtool"
)


@needs_both
@pytest.mark.timeout(120)
def test_zbar_reads_the_code_and_a_token_of_oathtool_is_accepted(tmp_path: Path) -> None:
    with TerminalUser(lockwright("--home", str(tmp_path / "home"))) as ada:
        sign_up(ada)
        ada.type("e")
        ada.see("Your password")
        ada.type(PASSWORD + ENTER)
        ada.see("Scan the code with your")
        uri = ada.scan()
        ada.picture().save(tmp_path / "screen.png")
        seen = subprocess.run(
            ["zbarimg", "--quiet", "--raw", str(tmp_path / "screen.png")], capture_output=True, text=True, check=True
        )
        assert seen.stdout.strip() == uri
        key = rfc6238.scan(uri)["secret"]
        token = subprocess.run(["oathtool", "--totp", "-b", key], capture_output=True, text=True, check=True)
        ada.type(token.stdout.strip() + ENTER)
        ada.see("Save your Backup Code")


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40)])
def test_tmux_shows_the_first_screen_and_passes_keys_on(tmp_path: Path, columns: int, rows: int) -> None:
    server = ["tmux", "-S", str(tmp_path / "tmux"), "-f", "/dev/null"]
    command = shlex.join(lockwright("--home", str(tmp_path / "home")))
    size = ["-x", str(columns), "-y", str(rows)]
    subprocess.run([*server, "new-session", "-d", *size, command], check=True, cwd=Path(__file__).parents[2])
    try:
        _await_in_tmux(server, "Sign in", "Sign up", "Forgot password", "Stop")
        subprocess.run([*server, "send-keys", "n"], check=True)
        _await_in_tmux(server, "Make an account")
        subprocess.run([*server, "send-keys", "ada", "Tab", "ada@example.org", "Tab", "1234"], check=True)
        shown = _await_in_tmux(server, "ada@example.org")
        assert "1234" not in shown
        assert max(map(len, shown.splitlines())) <= columns
        subprocess.run([*server, "send-keys", "C-q"], check=True)
    finally:
        subprocess.run([*server, "kill-server"], check=False, capture_output=True)


def _await_in_tmux(server: list[str], *sentences: str) -> str:
    until = time.monotonic() + 30
    while True:
        pane = subprocess.run([*server, "capture-pane", "-p"], check=True, capture_output=True, text=True).stdout
        if all(sentence in pane for sentence in sentences):
            return pane
        assert time.monotonic() < until, pane
        time.sleep(0.1)
