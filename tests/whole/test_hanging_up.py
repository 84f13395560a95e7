"""Whoever is gone without leaving is signed out: a connection that breaks, a terminal that closes, a host that ends us."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.clock import system_clock
from core.home import prepare
from tests.terminal_user import TerminalUser, lockwright
from tests.whole.served import served, ssh
from tests.world import PASSWORD, World, WorldClock

PATIENCE = 60.0
TRIES = 5
"""On a machine that is busy enough, half a second may be too short for a sign-out."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Where ada has an account, on a home folder that a program can open as well."""
    world = World(prepare(tmp_path / "home"), clock=WorldClock(system_clock()))
    world.person("ada")
    yield world
    world.close()


def signs_in(ada: TerminalUser) -> None:
    """From the first screen to Settings."""
    ada.see("Sign in", "you come from")
    ada.type("s")
    ada.see("Which account")
    ada.type(f"\x15ada\t{PASSWORD}\r")
    ada.see("Settings", "Two-factor")


def ends(world: World, patience: float = PATIENCE) -> bool:
    """Whether every session of hers has ended, or does soon."""
    until = time.monotonic() + patience
    while world.sessions("ada"):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_told_to_end_the_app_gives_the_terminal_back_and_signs_out(world: World, number: int, code: int) -> None:
    with TerminalUser(lockwright("--home", str(world.settings.home))) as ada:
        signs_in(ada)
        ada.process.send_signal(number)
        assert ada.leave() == code
        assert b"\x1b[?1049l" in ada.raw
    assert world.sessions("ada") == []


def test_a_terminal_that_closes_signs_out(world: World) -> None:
    with TerminalUser(lockwright("--home", str(world.settings.home))) as ada:
        signs_in(ada)
        os.close(ada._master)
        ada._master = os.open(os.devnull, os.O_RDONLY)
        ada.process.wait(PATIENCE)
    assert ends(world)


@pytest.mark.skipif(shutil.which("ssh") is None, reason="needs the OpenSSH client")
def test_a_connection_that_breaks_signs_out(world: World, tmp_path: Path) -> None:
    command = lockwright("--home", str(world.settings.home), "serve", "--host", "127.0.0.1", "--port", "0")
    with served(command, tmp_path / "told") as port:
        for _ in range(TRIES):
            with TerminalUser(ssh(port)) as ada:
                signs_in(ada)
                assert len(world.sessions("ada")) >= 1
                ada.process.kill()
            if ends(world, patience=10):
                return
    raise AssertionError("ada is still signed in")
