"""Clients that send too much, take too little, or come too often."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest

from tests.soak import soak_count
from tests.terminal.ssh.client import Terminal, connected, opened
from tests.terminal.ssh.leaving import Step, Way, descriptors, leave_anywhere, memory
from tests.terminal.ssh.server import PATIENCE, Server, serving

FAST = {"bytes_per_second": 8 * 1024 * 1024}
"""So that a flood of megabytes is over soon; what bounds it otherwise has tests of its own."""


@pytest.fixture(scope="module")
def fast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that takes megabytes at once."""
    with serving(tmp_path_factory.mktemp("fast"), limits=FAST) as running:
        yield running


async def _pour(terminal: Terminal, data: bytes, piece: int = 64 * 1024) -> None:
    """Send `data` as fast as the server takes it."""
    assert terminal.channel is not None
    for start in range(0, len(data), piece):
        terminal.channel.write(data[start : start + piece])
        while terminal.channel.get_write_buffer_size() > piece and not terminal.closed.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_ten_megabytes_of_a_paste_that_never_ends_are_left_out(fast: Server) -> None:
    fast.no_sessions()
    async with connected(fast.port) as connection:
        terminal = await opened(connection, size=(100, 30))
        await terminal.see("from 127.0.0.1")
        (child,) = fast.sessions
        before = memory(child)
        await _pour(terminal, b"\x1b[200~" + b"x" * soak_count(2, 10) * 1024 * 1024)
        terminal.type("\x1b[201~")
        await terminal.see("That paste was left out")
        assert memory(child) - before < 8 * 1024 * 1024
        await terminal.say("alive", "you said alive")


async def test_a_paste_that_fits_arrives(server: Server) -> None:
    async with connected(server.port) as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1")
        for part in ("\x1b[20", "0~pas", "ted\x1b[2", "01~"):
            terminal.type(part)
            await asyncio.sleep(0.01)
        await terminal.see("pasted")
        terminal.type("\t\r")
        await terminal.see("you said pasted 0")


async def test_floods_of_sequences_do_not_stop_the_app(fast: Server) -> None:
    size = soak_count(64, 1024) * 1024
    floods = [
        b"\x1b[" + b"1" * size,
        b"\x1b[<0;1;1M" * (size // 9),
        b"\x1b" * size,
        b"\x1b[99999999999u" * (size // 14),
        b"\x1b[1114112;1u\x1b[55296u\x1b[:;u",
        b"\xff\xfe\xc3" * (size // 3),
        b"\x1b[?2026;2$y" * (size // 11),
        b"\x1bP" + b"q" * size + b"\x1b\\",
        b"a" * size,
    ]
    fast.no_sessions()
    async with connected(fast.port) as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1")
        (child,) = fast.sessions
        before = memory(child)
        for flood in floods:
            await _pour(terminal, flood)
            terminal.type("\x1b[201~")
        until = asyncio.get_running_loop().time() + PATIENCE * soak_count(1, 8)
        while "you said alive" not in terminal.text:
            assert asyncio.get_running_loop().time() < until, terminal.text
            terminal.type("\x15alive\t\x15\r")
            await asyncio.sleep(0.5)
        assert memory(child) - before < 32 * 1024 * 1024


async def test_who_sends_much_is_read_slowly_and_nobody_else_is(folder: Path) -> None:
    with serving(folder, limits={"bytes_per_second": 16 * 1024, "burst": 64 * 1024}) as server:
        async with connected(server.port) as loud, connected(server.port) as quiet:
            flooding, terminal = await opened(loud), await opened(quiet)
            await flooding.see("from 127.0.0.1")
            await terminal.see("from 127.0.0.1")
            front = server.part("front")
            before = memory(front)
            assert flooding.channel is not None
            flooding.channel.write(b"x" * 4 * 1024 * 1024)
            for number in range(10):
                await terminal.say(f"word{number}", f"you said word{number}")
            assert flooding.channel.get_write_buffer_size() > 1024 * 1024
            assert memory(front) - before < 8 * 1024 * 1024


async def test_a_client_that_takes_nothing_costs_little_and_is_disconnected(folder: Path) -> None:
    with serving(folder, limits={"blocked": 10.0}) as server:
        async with connected(server.port) as connection:
            terminal = await opened(connection, size=(500, 200))
            await terminal.see("from 127.0.0.1")
            front, (child,) = server.part("front"), server.sessions
            before = memory(front) + memory(child)
            connection._transport.pause_reading()
            assert terminal.channel is not None
            for number in range(200):
                terminal.channel.change_terminal_size(500 - number % 2, 200)
                await asyncio.sleep(0.01)
            assert memory(front) + memory(child) - before < 16 * 1024 * 1024
            server.says("takes nothing")
            server.no_sessions()


async def test_a_client_that_was_slow_for_a_while_sees_how_things_stand(server: Server) -> None:
    server.no_sessions()
    async with connected(server.port) as connection:
        terminal = await opened(connection, size=(300, 100))
        await terminal.see("from 127.0.0.1")
        connection._transport.pause_reading()
        assert terminal.channel is not None
        for number in range(200):
            terminal.channel.change_terminal_size(300 - number % 2, 100)
            await asyncio.sleep(0.01)
        terminal.channel.change_terminal_size(80, 24)
        terminal.type("later\t\r")
        await asyncio.sleep(0.5)
        terminal.screen.resize(24, 80)
        connection._transport.resume_reading()
        await terminal.see("you said later", "say it")


async def test_idle_connections_do_not_keep_others_out(folder: Path) -> None:
    with serving(folder) as server:
        front = server.part("front")
        idle = []
        try:
            for _ in range(soak_count(100, 500)):
                one = socket.socket()
                one.bind(("127.0.0.2", 0))
                one.connect(("127.0.0.1", server.port))
                idle.append(one)
            server.says("turned away")
            async with connected(server.port) as connection:
                await (await opened(connection)).see("from 127.0.0.1")
            assert descriptors(front) < 60
        finally:
            for one in idle:
                one.close()


async def test_connections_in_all_are_counted(folder: Path) -> None:
    with serving(folder, limits={"connections": 3}) as server:
        async with connected(server.port), connected(server.port), connected(server.port):
            try:
                async with connected(server.port):
                    raise AssertionError("a fourth came in")
            except (OSError, asyncssh.Error):
                pass
        async with connected(server.port) as connection:
            await (await opened(connection)).see("from 127.0.0.1")


async def test_what_asks_for_no_session_is_nomemory(folder: Path) -> None:
    with serving(folder, limits={**FAST, "login": 20.0}) as server:
        front = server.part("front")
        before = memory(front)
        async with connected(server.port) as connection:
            with contextlib.suppress(asyncssh.Error, OSError):
                env = {f"LC_{number}": "x" * 30000 for number in range(300)}
                await connection.create_session(Terminal, encoding=None, env=env, term_type="xterm")
            assert memory(front) - before < 24 * 1024 * 1024


PORCH = Way(
    (
        Step("hello\tsecret\r", "you said hello"),
        Step("\x1b[200~pasted\x1b[201~\x15\x1b[Bsize\t\r\x1bsign-in x\t\rself\t\r"),
    ),
    first="P",
    least=(80, 24),
)


async def test_leaving_at_any_byte_leaves_nothing_behind(server: Server) -> None:
    server.no_sessions()
    await leave_anywhere(server, [PORCH], soak_count(12, 2000))
    async with connected(server.port) as connection:
        await (await opened(connection)).see("from 127.0.0.1")
        assert len(server.sessions) == 1, "only who came last is there"
