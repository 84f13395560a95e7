"""OpenSSH mode: the app as the forced command of a real sshd with the configuration that is shipped."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import LockwrightError
from core.terminal.ssh.behind_sshd import peer_behind_sshd
from tests.terminal.ssh.sshd import SSHD, Sshd, shipped_sshd
from tests.terminal_user import TerminalUser

real = pytest.mark.skipif(
    not SSHD or os.geteuid() != 0,
    reason="needs sshd (Debian: openssh-server), and root, which alone may own what it trusts",
)
needs_pam = pytest.mark.skipif(not Path("/etc/pam.d").is_dir(), reason="needs PAM")


@pytest.fixture(scope="module")
def sshd() -> Iterator[Sshd]:
    """One sshd for the module."""
    with shipped_sshd(pam=Path("/etc/pam.d").is_dir()) as running:
        yield running


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A key that no account knows."""
    path = tmp_path / "id"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True, timeout=60)
    return path


def _ssh(sshd: Sshd, *arguments: str) -> list[str]:
    options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "IdentitiesOnly=yes"]
    told = [word for option in options for word in ("-o", option)]
    return ["ssh", "-F", "none", "-p", str(sshd.port), *told, *arguments, "root@127.0.0.1"]


def _fingerprint(key: Path) -> str:
    done = subprocess.run(["ssh-keygen", "-lf", str(key)], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.split()[1]


@real
def test_a_proved_key_is_named(sshd: Sshd, key: Path) -> None:
    with TerminalUser(_ssh(sshd, "-i", str(key)), columns=160) as person:
        person.see(f"from 127.0.0.1 key {_fingerprint(key)} user", "say it")
        person.type("leave 5\t\r")
        assert person.leave() == 5


@real
@needs_pam
def test_without_a_key_nothing_is_asked(sshd: Sshd) -> None:
    with TerminalUser(_ssh(sshd, "-o", "PubkeyAuthentication=no"), columns=160) as person:
        person.see("from 127.0.0.1 key None user")
        person.type("\x11")
        assert person.leave() == 0


@real
def test_the_account_app_itself_runs_there(tmp_path: Path, key: Path) -> None:
    words = f'["lockwright", "--behind-sshd", "--home", "{tmp_path / "home"}"]'
    run = f"sys.argv[:] = {words}; from tui.__main__ import main; main()"
    with shipped_sshd(pam=False, run=run) as sshd, TerminalUser(_ssh(sshd, "-i", str(key))) as person:
        person.see("you come from 127.0.0.1", f"key {_fingerprint(key)[:13]}")
        person.type("\x11")
        assert person.leave() == 0


@real
def test_what_the_client_wants_to_run_is_not_run(sshd: Sshd, key: Path) -> None:
    with TerminalUser([*_ssh(sshd, "-t", "-i", str(key)), "touch /run/lockwright-was-here"]) as person:
        person.see("say it")
        person.type("\x11")
        assert person.leave() == 0
    assert not Path("/run/lockwright-was-here").exists()


@real
def test_a_hostile_terminal_and_environment_reach_nothing(sshd: Sshd, key: Path) -> None:
    hostile = {"TERM": "$(touch /run/x);x", "TEXTUAL_DRIVER": "no.such:Driver", "COLORTERM": "'; id; '"}
    told = ["-o", "SendEnv=TEXTUAL_DRIVER COLORTERM"]
    with TerminalUser(_ssh(sshd, "-i", str(key), *told), columns=160, env=hostile) as person:
        person.see("xterm-256color depth 256")
        person.type("limits\t\r")
        assert "TEXTUAL" not in person.see("core=")
    assert not Path("/run/x").exists()


@real
@pytest.mark.parametrize("arguments", [("-T",), ("-s",)])
def test_without_a_terminal_one_line_says_how_to_come_back(sshd: Sshd, key: Path, arguments: tuple[str, ...]) -> None:
    command = [*_ssh(sshd, "-i", str(key), *arguments), *(["sftp"] if "-s" in arguments else [])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode != 0
    assert "Come back with ssh -t." in done.stderr or "subsystem request failed" in done.stderr


@real
def test_nothing_is_forwarded(sshd: Sshd, key: Path) -> None:
    command = _ssh(sshd, "-i", str(key), "-N", "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode != 0
    assert "forwarding" in done.stderr


def test_without_sshd_nobody_is_believed(tmp_path: Path) -> None:
    for wrong in ({}, {"SSH_CONNECTION": ""}, {"SSH_CONNECTION": "somewhere 1 2 3"}):
        with pytest.raises(LockwrightError, match="SSH_CONNECTION"):
            peer_behind_sshd(wrong)


@pytest.mark.parametrize(
    "told", ["", "keyboard-interactive/pam\n", "publickey\n", "publickey x\n", "password\n", "\xff\n" * 10]
)
def test_only_a_key_that_sshd_names_is_proved(tmp_path: Path, told: str) -> None:
    path = tmp_path / "auth"
    path.write_text(told)
    peer = peer_behind_sshd({"SSH_CONNECTION": "2001:db8::1 1 ::1 22", "SSH_USER_AUTH": str(path)})
    assert (peer.source, peer.fingerprint, peer.public_key) == ("2001:db8::/64", None, None)


def test_the_key_that_sshd_names_is_handed_on(tmp_path: Path) -> None:
    path = tmp_path / "auth"
    path.write_text("publickey ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB2R4WQ0nTcsOJ7Ck1IYZk1Xgf3rDfQp1QX3pQkGqY1q\n")
    peer = peer_behind_sshd(
        {"SSH_CONNECTION": "192.0.2.7 1 192.0.2.1 22", "SSH_USER_AUTH": str(path), "TERM": "vt 100"}
    )
    assert peer.public_key == "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB2R4WQ0nTcsOJ7Ck1IYZk1Xgf3rDfQp1QX3pQkGqY1q"
    assert peer.fingerprint is not None
    assert peer.fingerprint.startswith("SHA256:")
    assert peer.term == "xterm-256color"
