"""Terminals of every size and kind, also those that no terminal has."""

import pytest

from tests.terminal.ssh.client import connected, opened
from tests.terminal.ssh.server import Server

HUGE = 2**32 - 1


@pytest.mark.parametrize(
    ("asked", "drawn"),
    [
        ((0, 0), "80 x 24"),
        ((0, 50), "80 x 24"),
        ((1, 1), "20 x 10"),
        ((65535, 65535), "500 x 200"),
        ((HUGE, HUGE), "500 x 200"),
        ((HUGE, 1), "500 x 10"),
    ],
)
async def test_sizes_are_brought_within_what_can_be_drawn(server: Server, asked: tuple[int, int], drawn: str) -> None:
    async with connected(server.port) as connection:
        terminal = await opened(connection, size=asked)
        await terminal.see("Porch", "esc")
        terminal.type("size\t\r")
        await terminal.see(f"size {drawn}")


async def test_a_window_that_changes_is_brought_within_it_too(server: Server) -> None:
    async with connected(server.port) as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1")
        assert terminal.channel is not None
        for columns, rows in [(HUGE, HUGE), (0, 0), (65535, 1), (1, 65535)] * 20:
            terminal.channel.change_terminal_size(columns, rows)
        terminal.channel.change_terminal_size(81, 25)
        terminal.screen.resize(25, 81)
        await terminal.say("size", "size 81 x 25")


async def test_a_size_in_the_stream_is_no_size(server: Server) -> None:
    async with connected(server.port) as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1")
        terminal.type("\x1b[48;65535;65535;65535;65535t")
        await terminal.say("size", "size 80 x 24")


@pytest.mark.parametrize("term", [" ", "../../etc/passwd", "x" * 5000, "\x1b]0;hacked\x07", "$(id);x", "xterm\nfoo"])
async def test_a_hostile_kind_of_terminal_is_taken_for_a_usual_one(server: Server, term: str) -> None:
    async with connected(server.port) as connection:
        terminal = await opened(connection, term=term)
        await terminal.see("term xterm-256color depth 256")


@pytest.mark.parametrize(
    ("term", "env", "depth", "mark"),
    [
        ("xterm-256color", {"COLORTERM": "truecolor"}, "truecolor", b"38;2;"),
        ("xterm-256color", {}, "256", b"38;5;"),
        ("xterm", {}, "standard", None),
        ("xterm-256color", {"NO_COLOR": "1"}, "None", None),
        ("dumb", {}, "None", None),
    ],
)
async def test_colours_are_those_of_the_clients_terminal(
    server: Server, term: str, env: dict[str, str], depth: str, mark: bytes | None
) -> None:
    async with connected(server.port) as connection:
        terminal = await opened(connection, term=term, env=env)
        await terminal.see(f"term {term} depth {depth}", "say it")
        rich = [code for code in (b"38;2;", b"38;5;") if code in terminal.raw]
        assert rich == ([mark] if mark else [])
        plain_colours = [b"\x1b[%dm" % code for code in range(30, 38) if b"\x1b[%dm" % code in terminal.raw]
        assert not plain_colours or depth == "standard"


async def test_nothing_of_the_clients_environment_reaches_the_app(server: Server) -> None:
    hostile = {
        "TEXTUAL_DRIVER": "os:system",
        "LD_PRELOAD": "/tmp/evil.so",
        "COLORTERM": "\x1b]0;hacked\x07",
        "LOCKWRIGHT_HOME": "/tmp",
        "BIG": "x" * 20000,
    }
    async with connected(server.port) as connection:
        terminal = await opened(connection, env=hostile, size=(400, 40))
        await terminal.see("depth 256")
        said = await terminal.say("limits", "core=(0, 0)")
        assert not [name for name in hostile if name in said and name != "COLORTERM"]
        assert b"hacked" not in terminal.raw
