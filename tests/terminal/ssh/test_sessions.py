"""A person at a terminal, over the wire: from the first frame to the exit code."""

import asyncio
import re

import asyncssh
import pytest

from tests.terminal.ssh.client import connected, opened
from tests.terminal.ssh.server import Server


async def test_the_first_screen_says_who_came(server: Server) -> None:
    async with connected(server.port) as connection:
        terminal = await opened(connection)
        await terminal.see("Porch", "from 127.0.0.1 key None user ada", "say it")


@pytest.mark.parametrize("size", [(80, 24), (132, 43), (40, 12), (20, 10)])
async def test_the_first_frame_fits_the_terminal(server: Server, size: tuple[int, int]) -> None:
    async with connected(server.port) as connection:
        terminal = await opened(connection, size=size)
        await terminal.see("Porch", "127.0.0.1", "esc")
        assert terminal.screen.display[size[1] - 1].strip() or size[1] < 12


async def test_what_is_typed_in_one_go_lands_where_it_was_meant(server: Server) -> None:
    async with connected(server.port) as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1")
        terminal.type("hello\tsecret\r")
        await terminal.see("you said hello 6")


async def test_what_is_typed_while_a_journey_asks_the_domain_lands_nowhere_else(server: Server) -> None:
    async with connected(server.port) as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1")
        terminal.type("ask 0.3\t\rhunter2")
        await terminal.see("the journey goes on")
        assert "hunter2" not in await terminal.see("ask 0.3")


async def test_leaving_gives_the_terminal_back_and_ends_with_zero(server: Server) -> None:
    async with connected(server.port) as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1")
        terminal.type("\x11")
        assert await terminal.end() == 0
        assert terminal.raw.endswith(b"\x1b[?1049l\x1b[?25h\x1b[0m")


async def test_the_apps_exit_code_is_the_sessions(server: Server) -> None:
    async with connected(server.port) as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1")
        terminal.type("leave 7\t\r")
        assert await terminal.end() == 7


async def test_two_sessions_share_no_process_and_no_randomness(server: Server) -> None:
    async with connected(server.port) as connection:
        answers, processes = [], []
        for _ in range(2):
            terminal = await opened(connection, size=(132, 24))
            await terminal.see("from 127.0.0.1")
            answers += re.findall(r"[0-9a-f.]{10,}", await terminal.say("chance", "chance ["))
            processes += re.findall(r"pid=(\d+)", await terminal.say("self", "self pid"))
        assert len(set(answers)) == len(answers) == 6
        assert len(set(processes)) == 2


async def test_a_session_ends_with_its_channel(server: Server) -> None:
    server.no_sessions()
    async with connected(server.port) as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1")
        assert len(server.sessions) == 1
    server.no_sessions()


async def test_a_window_that_changes_is_filled(server: Server) -> None:
    async with connected(server.port) as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1")
        terminal.screen.resize(30, 100)
        assert terminal.channel is not None
        terminal.channel.change_terminal_size(100, 30)
        await terminal.see("say it")
        while "say it" not in terminal.screen.display[29]:
            terminal._news.clear()
            await terminal._news.wait()


async def test_a_proved_key_is_named_and_never_lets_anybody_further(server: Server) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    async with connected(server.port, client_keys=[key]) as connection:
        terminal = await opened(connection, size=(160, 24))
        await terminal.see(f"key {key.get_fingerprint()} user ada")


async def test_a_terminal_that_comes_again_finds_its_first_screen_as_it_left_it(server: Server) -> None:
    async with connected(server.port) as connection:
        looks = set()
        for _ in range(4):
            terminal = await opened(connection, size=(97, 31))
            looks.add(await terminal.see("from 127.0.0.1", "say it"))
            await terminal.say("size", "size 97 x 31")
            terminal.type("\x11")
            assert await terminal.end() == 0
            await asyncio.sleep(0.4)  # the zygote makes a screen for it when nobody comes
        assert len(looks) == 1
