"""How sessions, processes and the server end, and what is left behind."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import pytest

from tests.terminal.ssh.client import connected, opened
from tests.terminal.ssh.server import Server, serving


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that waits for no child that hangs."""
    with serving(tmp_path_factory.mktemp("impatient"), limits={"hang": 0.5}) as running:
        yield running


async def test_a_crash_says_one_calm_line_and_nothing_of_what_was_typed(server: Server) -> None:
    async with connected(server.port) as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1")
        terminal.type("crash\tTOPSECRET 4711\r")
        assert await terminal.end() == 1
        assert b"Porch had to stop (error " in terminal.raw
        assert b"TOPSECRET" not in terminal.raw + terminal.errors
    line = server.says("crash id=")
    assert "TOPSECRET" not in "".join(server.log)
    assert "RuntimeError" in line


async def test_a_process_that_vanishes_ends_one_session_with_a_line(server: Server) -> None:
    async with connected(server.port) as connection:
        lost, other = await opened(connection), await opened(connection)
        await other.see("from 127.0.0.1")
        await lost.see("from 127.0.0.1")
        lost.type("vanish\t\r")
        assert await lost.end() == 1
        assert lost.errors == b"Porch had to stop. What was not finished was not kept. Come back to go on.\r\n"
        assert b"\x1b[?1049l" in lost.raw[-200:]
        await other.say("still here", "you said still")


async def test_a_child_that_is_killed_ends_one_session_with_a_line(server: Server) -> None:
    server.no_sessions()
    async with connected(server.port) as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1")
        (pid,) = server.sessions
        os.kill(pid, signal.SIGKILL)
        assert await terminal.end() == 1
        assert b"had to stop" in terminal.errors


async def test_a_child_that_hangs_is_killed_when_its_channel_is_gone(impatient: Server) -> None:
    async with connected(impatient.port) as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1")
        terminal.type("hang\t\r")
        await terminal.see("hang")
        await asyncio.sleep(0.3)
    impatient.no_sessions()


async def test_who_is_killed_comes_back_and_takes_nobody_along_who_need_not_go(folder: Path) -> None:
    with serving(folder) as server:
        async with connected(server.port) as connection:
            terminal = await opened(connection)
            await terminal.see("from 127.0.0.1")

            os.kill(server.part("zygote"), signal.SIGKILL)
            server.says('"zygote"')
            await terminal.say("one", "you said one")
            another = await opened(connection)
            await another.see("from 127.0.0.1")

            os.kill(server.part("clerk"), signal.SIGKILL)
            server.says('"clerk"')
            await terminal.say("two", "you said two")
            assert server.part("clerk")

            os.kill(server.part("front"), signal.SIGKILL)
            server.says('"front"')
            await terminal.closed.wait()
        server.no_sessions()
        async with connected(server.port) as connection:
            terminal = await opened(connection)
            await terminal.see("from 127.0.0.1")


async def test_the_front_dies_and_even_a_child_that_hangs_goes(impatient: Server) -> None:
    async with connected(impatient.port) as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1")
        terminal.type("hang\t\r")
        await terminal.see("hang")
        await asyncio.sleep(0.3)
        os.kill(impatient.part("front"), signal.SIGKILL)
        impatient.no_sessions()


async def test_when_the_supervisor_is_killed_everything_goes(folder: Path) -> None:
    with serving(folder) as server:
        async with connected(server.port) as connection:
            terminal = await opened(connection)
            await terminal.see("from 127.0.0.1")
            server.process.kill()
            await terminal.closed.wait()
        for _ in range(600):
            if not server.everything():
                break
            await asyncio.sleep(0.05)
        assert not server.everything()


async def test_going_down_is_announced_and_then_done(folder: Path) -> None:
    with serving(folder, drain=8.0) as server:
        async with connected(server.port) as connection:
            terminal = await opened(connection, size=(100, 30))
            await terminal.see("from 127.0.0.1")
            server.process.send_signal(signal.SIGTERM)
            await terminal.see("goes down in 8 s")
            with pytest.raises((OSError, asyncssh.Error)):
                async with connected(server.port, connect_timeout=20):
                    pass
            await terminal.say("before the end", "you said before")
            assert await terminal.end() == 1
            assert b"has gone down" in terminal.errors
        assert server.process.wait(60) == 0


async def test_when_everybody_has_left_it_does_not_wait(folder: Path) -> None:
    with serving(folder, drain=600.0) as server:
        async with connected(server.port) as connection:
            terminal = await opened(connection, size=(100, 30))
            await terminal.see("from 127.0.0.1")
            server.process.send_signal(signal.SIGTERM)
            await terminal.see("goes down in 600 s")
            terminal.type("\x11")
            assert await terminal.end() == 0
        assert server.process.wait(60) == 0


async def test_told_twice_it_ends_at_once(folder: Path) -> None:
    with serving(folder, drain=600.0) as server:
        async with connected(server.port) as connection:
            terminal = await opened(connection, size=(100, 30))
            await terminal.see("from 127.0.0.1")
            server.process.send_signal(signal.SIGTERM)
            await terminal.see("goes down")
            server.process.send_signal(signal.SIGTERM)
            await terminal.closed.wait()
        assert server.process.wait(60) == 0


async def test_a_session_without_sign_in_ends_when_nobody_types(folder: Path) -> None:
    with serving(folder, limits={"idle_before_sign_in": 8.0}) as server:
        async with connected(server.port) as connection:
            silent, signed_in = await opened(connection), await opened(connection)
            await signed_in.see("from 127.0.0.1")
            await signed_in.say("sign-in s1", "signed in")
            typed_at = asyncio.get_running_loop().time()
            assert await silent.end() == 1
            assert b"Nobody signed in for a while" in silent.errors
            assert silent.raw.endswith(b"\x1b[0m")
            await asyncio.sleep(typed_at + 9 - asyncio.get_running_loop().time())
            await signed_in.say("here", "you said here")


async def test_a_session_without_sign_in_ends_in_the_end(folder: Path) -> None:
    with serving(folder, limits={"total_before_sign_in": 3.0}) as server:
        async with connected(server.port) as connection:
            terminal = await opened(connection)
            await terminal.see("from 127.0.0.1")
            while not terminal.closed.is_set():
                terminal.type("a")
                await asyncio.sleep(0.1)
            assert b"Nobody signed in" in terminal.errors


async def test_news_reach_the_session_that_they_are_about(server: Server) -> None:
    async with connected(server.port) as connection:
        one, two = await opened(connection), await opened(connection)
        for terminal, tag in ((one, "s1"), (two, "s2")):
            await terminal.see("from 127.0.0.1")
            await terminal.say(f"sign-in {tag}", "signed in")
        (server.folder / "news.new").write_text("s2 s3")
        (server.folder / "news.new").rename(server.folder / "news")
        await two.see("news for s2")
        assert "news for" not in one.text
        (server.folder / "news.new").write_text("fail")
        (server.folder / "news.new").rename(server.folder / "news")
        server.says("due work failed")
        assert "a secret" not in "".join(server.log)
        (server.folder / "news.new").write_text("s1")
        (server.folder / "news.new").rename(server.folder / "news")
        await one.see("news for s1")


async def test_a_client_that_no_longer_answers_is_given_up(folder: Path) -> None:
    with serving(folder, limits={"keep_alive": 0.5, "keep_alive_missed": 2}) as server:
        async with connected(server.port) as connection:
            terminal = await opened(connection)
            await terminal.see("from 127.0.0.1")
            connection._transport.pause_reading()
            server.no_sessions()
            connection._transport.resume_reading()
