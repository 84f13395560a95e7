"""The small parts of serving, each by itself; and every private name that they lean on."""

import asyncio
import inspect
import itertools
import os
import stat
import subprocess
import sys
from pathlib import Path

import asyncssh
import pytest
from hypothesis import given
from hypothesis import strategies as some
from rich.style import Style
from textual import constants
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen
from textual.strip import Strip

from core.errors import LockwrightError
from core.terminal.peer import Peer
from core.terminal.ssh import host_key, modes, wire
from core.terminal.ssh.budget import full
from core.terminal.ssh.driver import PASTE_LIMIT
from core.terminal.ssh.lately import MOST, REMEMBERED, Kind, Lately, told
from core.terminal.ssh.loop import ForkedLoop
from core.terminal.ssh.pastes import END, START, PasteGauge
from core.terminal.ssh.settings import Limits

# Pastes


def _admitted(limit: int, data: bytes, cuts: list[int]) -> tuple[bytes, bool]:
    gauge = PasteGauge(limit)
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    admitted = b"".join(gauge.admit(data[start:end]) for start, end in itertools.pairwise(edges))
    return admitted, gauge.take_overlong()


@given(some.binary(max_size=30), some.binary(max_size=90), some.lists(some.integers(0, 200), max_size=6))
def test_a_paste_goes_on_whole_or_is_cut_and_said_to_be_wherever_the_packets_end(
    before: bytes, pasted: bytes, cuts: list[int]
) -> None:
    before, pasted = before.replace(b"\x1b", b""), pasted.replace(b"\x1b", b"")
    admitted, overlong = _admitted(40, before + START + pasted + END + b"after", cuts)
    assert admitted.startswith(before + START)
    assert admitted.endswith(END + b"after")
    assert overlong == (len(pasted) > 40)
    if not overlong:
        assert admitted == before + START + pasted + END + b"after"


@given(some.binary(max_size=200), some.lists(some.integers(0, 200), max_size=6))
def test_what_is_no_paste_goes_on_untouched(data: bytes, cuts: list[int]) -> None:
    data = data.replace(START, b"")
    if START not in data:
        assert _admitted(10, data, cuts) == (data, False)


def test_of_a_paste_that_never_ends_no_more_than_the_limit_goes_on() -> None:
    gauge = PasteGauge(100)
    admitted = gauge.admit(START) + b"".join(gauge.admit(b"x" * 60) for _ in range(1000))
    assert len(admitted) <= len(START) + 100


# Budgets


def test_a_budget_lets_a_burst_through_then_the_rate() -> None:
    budget = full(rate=100, burst=1000, now=0)
    assert budget.spend(1000, 0) == 0
    assert budget.spend(200, 0) == 2
    assert budget.spend(0, 2) == 0
    assert budget.spend(100, 3) == 0
    assert budget.spend(1000, 1000) == 0
    assert budget.spend(1, 1000) > 0


def test_keys_beyond_a_burst_and_a_rate_are_not_taken() -> None:
    budget = full(rate=100, burst=3, now=0)
    assert [budget.allows(0) for _ in range(5)] == [True] * 3 + [False] * 2
    assert [budget.allows(0.02) for _ in range(3)] == [True, True, False]


# Messages


@pytest.mark.parametrize(
    "message",
    [
        wire.Sent(b"\x00\xffabc"),
        wire.Resized((500, 200)),
        wire.Started(
            Peer("192.0.2.1", "SHA256:x", "ssh-ed25519 AAAA", "ada", (80, 24), "xterm", "truecolor", no_colour=True)
        ),
        wire.Started(Peer("2001:db8::/64", None, None, "", (20, 10), "vt100")),
        wire.Told("This server goes down."),
        wire.News("s1"),
        wire.KnownAs(""),
        wire.Over(129),
    ],
)
def test_a_message_arrives_as_it_was_sent(message: wire.Message) -> None:
    assert wire.unpacked(wire.packed(message)) == message


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(ValueError, match="not a message"):
        wire.unpacked(b"?")


@given(some.integers(0, 2**32 - 1), some.integers(0, 2**32 - 1))
def test_every_size_becomes_one_that_can_be_drawn(columns: int, rows: int) -> None:
    clamped = modes.clamped(columns, rows)
    assert 20 <= clamped[0] <= 500
    assert 10 <= clamped[1] <= 200


def test_a_line_for_a_shell_holds_no_control() -> None:
    assert modes.line("a\x1b[2Jb\n") == b"a?[2Jb?\r\n"


# The host key


def test_a_host_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "home" / "key"
    first = host_key.open_or_make(path)
    again = host_key.open_or_make(path)
    assert host_key.read(first) == host_key.read(again) == path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = asyncssh.import_private_key(host_key.read(first))
    assert key.get_fingerprint() == host_key.fingerprint(path)
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["key", "key.pub"]
    os.close(first)
    os.close(again)


def test_a_host_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    os.close(host_key.open_or_make(path))
    path.chmod(0o644)
    with pytest.raises(LockwrightError, match="nobody else may read"):
        host_key.open_or_make(path)


def test_a_host_key_behind_a_link_is_refused(tmp_path: Path) -> None:
    os.close(host_key.open_or_make(tmp_path / "key"))
    (tmp_path / "link").symlink_to(tmp_path / "key")
    with pytest.raises(LockwrightError, match="cannot be read"):
        host_key.open_or_make(tmp_path / "link")


# What may be loaded where


def test_the_front_loads_no_app_and_the_rest_no_ssh() -> None:
    front = "import sys, core.terminal.ssh.front.__main__; print([m for m in ('textual', 'rich', 'peewee') if m in sys.modules])"
    rest = "import sys, core.terminal.ssh.zygote, core.terminal.ssh.clerk; print([m for m in ('asyncssh',) if m in sys.modules])"
    for program in (front, rest):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
        assert done.stdout == "[]\n"


# Private names


async def test_the_private_names_of_textual_that_serving_leans_on_are_there() -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        await pilot.pause()
        for owner, names in {
            app: ["_context", "_display", "_background_screens", "_driver", "_size"],
            app.screen: [
                "_compositor",
                "_refresh_layout",
                "_layout_required",
                "_compositor_refresh",
                "_on_timer_update",
            ],
            app.screen._compositor: ["render_update"],
            app._driver: ["_size", "_loop", "_mouse"],
        }.items():
            assert not [name for name in names if not hasattr(owner, name)], owner
    screen_calls = inspect.getsource(Screen)
    assert "self._compositor_refresh" in screen_calls
    assert "self._refresh_layout(" in screen_calls
    style = Style.parse("red on blue")
    style.render("x")
    assert style._ansi
    assert Strip([])._render_cache is None
    parser = XTermParser()
    assert not list(parser.feed("\x1b"))
    assert parser._timeout_time is not None
    assert constants.ESCAPE_DELAY > 0


def test_the_private_names_of_asyncio_that_a_forked_loop_leans_on_are_there() -> None:
    loop = ForkedLoop()
    before = loop._ssock.fileno(), loop._csock.fileno()
    assert all(before)
    loop.part_from_parent()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


def test_a_terminal_is_taken_as_textuals_own_driver_takes_it() -> None:
    source = Path(sys.modules[LinuxDriver.__module__].__file__ or "").read_text()
    for mode in ("?1049h", "?25l", "?1004h", "?2004", "?7l"):
        assert mode in source
        assert mode in modes.TAKE or mode == "?2004"
    flags = sum(
        getattr(sys.modules[LinuxDriver.__module__], f"KITTY_{name}")
        for name in ("DISAMBIGUATE_ESCAPE_CODES", "REPORT_ALL_KEYS", "REPORT_ASSOCIATED_TEXT")
    )
    assert f"\x1b[>{flags}u" in modes.TAKE


async def test_asyncssh_lets_a_server_measure_what_comes_in_and_learn_when_nothing_is_taken() -> None:
    seen: list[asyncssh.SSHServerConnection] = []

    class Looking(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            assert isinstance(conn._transport, asyncio.Transport)
            assert callable(conn.data_received)
            assert callable(conn.pause_writing)
            assert callable(conn.resume_writing)
            seen.append(conn)

    key = asyncssh.generate_private_key("ssh-ed25519")
    server = await asyncssh.listen("127.0.0.1", 0, server_factory=Looking, server_host_keys=[key])
    with pytest.raises(asyncssh.PermissionDenied):
        await asyncssh.connect(
            "127.0.0.1", server.get_port(), known_hosts=None, client_keys=None, agent_path=None, config=None
        )
    server.close()
    await server.wait_closed()
    assert seen
    assert hasattr(Screen, "_refresh_layout")


def test_the_limits_are_those_that_the_documentation_tells() -> None:
    told = (Path(__file__).parents[3] / "docs/serving.md").read_text()
    limits = Limits()
    for sentence in (
        f"{limits.login:.0f} s, {limits.bytes_unauthenticated // 1024} KiB",
        f"{limits.unauthenticated}, and {limits.unauthenticated_of_source} from one source",
        f"{limits.connections:,}, and {limits.connections_of_source} from one source",
        f"sessions on a connection | {limits.channels} |",
        f"{limits.idle_before_sign_in / 60:.0f} min idle, {limits.total_before_sign_in / 60:.0f} min in all",
        f"{limits.bytes_per_second // 1024} KiB/s, {limits.burst // 1024**2} MiB at once",
        f"{PASTE_LIMIT // 1024} KiB; a longer one is left out",
        f"disconnected after {limits.blocked:.0f} s",
        f"{modes.LEAST[0]} x {modes.LEAST[1]} to {modes.MOST[0]} x {modes.MOST[1]}",
        f"every {limits.keep_alive:.0f} s",
        f"{limits.memory // 1024**2} MiB, {limits.files} descriptors",
        f"killed {limits.hang:.0f} s after its channel is gone",
    ):
        assert sentence in told


# Memory

_HOLES = """
import random
from core.terminal.ssh.dense import fill_holes

some = [bytes(40 + number % 400) for number in range(60_000)]
random.Random(1).shuffle(some)
del some[::3]

def pages():
    return len({id(one) >> 12 for one in [bytes(40 + number % 400) for number in range(2000)]})

before = pages()
fill_holes()
print(before, pages())
"""


def test_what_is_made_after_the_holes_were_filled_lies_together() -> None:
    done = subprocess.run([sys.executable, "-c", _HOLES], capture_output=True, text=True, check=True)
    before, after = map(int, done.stdout.split())
    assert after < before / 2


# Terminals that come again

_OFTEN, _OTHER = Kind("256", (132, 43)), Kind(None, (20, 10))


def test_a_screen_is_made_for_a_terminal_that_came_again_and_only_once() -> None:
    lately = Lately({Kind("256", (80, 24))})
    lately.note(Kind("256", (80, 24)))
    lately.note(_OFTEN)
    assert not lately.hopes
    assert lately.due(0) is None
    lately.note(_OFTEN)
    assert lately.hopes
    assert lately.due(0) == _OFTEN
    lately.note(_OFTEN)
    lately.note(_OFTEN)
    assert lately.due(1000) is None


def test_whoever_comes_in_ever_new_sizes_costs_a_screen_now_and_then_and_then_none() -> None:
    lately = Lately(set())
    made = 0
    for second in range(1000):
        for _ in range(2):
            lately.note(Kind("256", (20 + second, 24)))
        made += lately.due(second) is not None
        assert len(lately.came) <= REMEMBERED
    assert made == MOST
    assert not lately.hopes


@pytest.mark.parametrize("kind", [_OFTEN, _OTHER])
def test_a_kind_of_terminal_arrives_as_it_was_told(kind: Kind) -> None:
    assert told(kind.packed()) == kind


@pytest.mark.parametrize("packet", [b"12", b"256 80", b"256 80 24 1", b"no 80 24", b"256 x 24", b"\xff 80 24"])
def test_what_is_no_kind_of_terminal_is_refused(packet: bytes) -> None:
    with pytest.raises(ValueError):
        told(packet)
