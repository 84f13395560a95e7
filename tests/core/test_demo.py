"""The demo: filled through the use cases, whole or not at all, once."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.accounts import Role
from core.admin.demo import home as demo_home
from core.admin.demo.cast import OWNERS, PASSWORD, SETTINGS, STAFF
from core.admin.demo.home import Demo, default_demo_home, fill, open_or_fill, settings_of
from core.admin.demo.ways_in import Ports, ways_in
from core.cases import State
from core.clock import system_clock
from core.errors import HomeError
from core.home import default_home, prepare
from core.origin import LOCAL
from core.secret import Secret
from core.services import Services, open_services
from core.settings import Settings
from core.text import shown
from core.use_cases.console import StaffIn
from core.use_cases.desk_decisions import Approved, Verified
from core.use_cases.desk_view import QueuePage, StaffCase
from core.use_cases.sign_in import TokenNeeded

ROOT = Path(__file__).parents[2]


def cheap(home: Path) -> Settings:
    """A demo's settings, with hashes that cost nothing."""
    return replace(settings_of(home), argon2_time=1, argon2_memory_kib=64)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A demo that the tests of this module share."""
    home = prepare(tmp_path_factory.mktemp("demo") / "home")
    (home / "lockwright.toml").write_text(SETTINGS)
    fill(cheap(home), system_clock())
    return open_or_fill(home, system_clock)


@pytest.fixture
def services(demo: Demo) -> Iterator[Services]:
    opened = open_services(cheap(demo.home))
    yield opened
    opened.close()


def at_desk(services: Services, demo: Demo, name: str) -> Secret:
    step = services.console.with_password(name, Secret(PASSWORD), LOCAL)
    assert isinstance(step, TokenNeeded), step
    staff_in = services.console.with_token(step.half, demo.actors[name].token_at(system_clock()), LOCAL)
    assert isinstance(staff_in, StaffIn), staff_in
    return staff_in.ticket


def test_there_is_a_case_in_every_state(services: Services) -> None:
    cases = services.operator.cases() + services.operator.cases(ended=True)
    assert {facts.case.state for facts in cases} == set(State)
    assert {facts.account_name for facts in cases} == set(OWNERS)


def test_there_is_somebody_with_each_role_and_the_trail_is_whole(services: Services, demo: Demo) -> None:
    assert set(STAFF.values()) == set(Role) - {Role.MEMBER}
    assert services.operator.verify_audit().whole
    assert all(actor.key for actor in demo.actors.values())


def test_a_case_can_be_completed_at_once_and_hostile_text_is_there_to_see(services: Services, demo: Demo) -> None:
    mia = at_desk(services, demo, "mia")
    page = services.desk.queue(mia)
    assert isinstance(page, QueuePage)
    assert len(page.lines) == page.live == 11
    seen = services.desk.case(mia, demo.actors["alan"].case)
    assert isinstance(seen, StaffCase)
    assert any("[@click" in shown(line.text) for line in seen.timeline)
    reference = demo.actors["ada"].case
    verified = services.desk.verify(mia, reference)
    assert isinstance(verified, Verified), verified
    approved = services.desk.approve(at_desk(services, demo, "jon"), reference, reference)
    assert isinstance(approved, Approved), approved
    assert approved.completed


def test_what_is_printed_says_how_to_get_in(demo: Demo) -> None:
    printed = ways_in(demo, Ports(2222, 2223))
    assert "ssh -p 2223 localhost" in printed
    assert PASSWORD in printed
    assert all(name in printed for name in demo.actors)
    assert all(demo.actors[name].key in printed for name in STAFF)
    assert max(map(len, printed.splitlines())) <= 110 + len(str(demo.home))


def test_a_second_run_finds_the_first(demo: Demo) -> None:
    assert open_or_fill(demo.home, system_clock) == demo
    assert demo.key_file("barbara").stat().st_mode & 0o077 == 0
    assert default_demo_home() != default_home()


def test_no_other_folder_becomes_a_demo(tmp_path: Path) -> None:
    (tmp_path / "lockwright.toml").write_text("")
    with pytest.raises(HomeError, match="is no demo"):
        open_or_fill(tmp_path, system_clock)


def test_whoever_stops_the_filling_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo_home, "play", stopped)
    with pytest.raises(KeyboardInterrupt):
        open_or_fill(tmp_path / "demo", system_clock)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_both_servers(demo: Demo) -> None:
    command = ("demo", "run", "--port", "0", "--console-port", "0")
    running = subprocess.Popen(
        [sys.executable, "-m", "core.admin", "--home", str(demo.home), *command],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert running.stdout is not None
    with running.stdout:
        for line in running.stdout:
            if "ctrl+c ends" in line:
                break
        running.send_signal(signal.SIGINT)
        assert running.stdout.read() == ""
    assert running.wait(30) == 0
    assert (demo.home / "servers.log").read_text().count("draining") == 2


def test_a_port_that_is_taken_is_one_line(demo: Demo) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = ("demo", "run", "--port", port, "--console-port", port)
        told = subprocess.run(
            [sys.executable, "-m", "core.admin", "--home", str(demo.home), *command],
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=60,
            check=False,
        )
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1
    assert f"Port {port} of 127.0.0.1 cannot be used" in told.stderr
