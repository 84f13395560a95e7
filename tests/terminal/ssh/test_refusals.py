"""What a client may ask for besides the screen, and is told no in one line."""

import asyncio
from typing import Any

import asyncssh
import pytest

from tests.terminal.ssh.client import Anybody, Terminal, connected, opened
from tests.terminal.ssh.server import Server


async def _ended(connection: asyncssh.SSHClientConnection, **asked: Any) -> Terminal:
    _, terminal = await connection.create_session(Terminal, encoding=None, **asked)
    await terminal.end()
    return terminal


async def test_a_command_is_not_run(server: Server) -> None:
    async with connected(server.port) as connection:
        terminal = await _ended(connection, command="rm -rf /")
        assert terminal.errors == b"Porch runs no commands. Come back without one.\r\n"
        assert (terminal.code, terminal.raw) == (1, b"")


async def test_a_command_with_a_terminal_is_not_run_either(server: Server) -> None:
    async with connected(server.port) as connection:
        terminal = await _ended(connection, command="id", term_type="xterm", term_size=(80, 24))
        assert b"runs no commands" in terminal.errors


@pytest.mark.parametrize("subsystem", ["sftp", "netconf"])
async def test_no_subsystem_is_there(server: Server, subsystem: str) -> None:
    async with connected(server.port) as connection:
        terminal = await _ended(connection, subsystem=subsystem)
        assert b"no files to transfer" in terminal.errors
        assert (terminal.code, terminal.raw) == (1, b"")


async def test_without_a_terminal_one_line_says_how_to_come_back(server: Server) -> None:
    async with connected(server.port) as connection:
        terminal = await _ended(connection)
        assert terminal.errors == b"Porch needs a terminal. Come back with ssh -t.\r\n"
        assert terminal.code == 1


async def test_nothing_is_forwarded(server: Server) -> None:
    async with connected(server.port) as connection:
        with pytest.raises(asyncssh.ChannelOpenError, match="Nothing is forwarded"):
            await connection.open_connection("127.0.0.1", server.port)
        with pytest.raises(asyncssh.ChannelOpenError, match="Nothing is forwarded"):
            await connection.open_unix_connection("/run/socket")
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", 22)
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.start_unix_server(lambda *_: None, "/run/socket")


async def test_neither_agent_nor_windows_are_forwarded(server: Server) -> None:
    async with connected(server.port, agent_forwarding=True, agent_path="/nonexistent") as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1")
        with pytest.raises(asyncssh.ChannelOpenError):
            await opened(connection, x11_forwarding=True, x11_display=":0")


async def test_two_sessions_fit_on_a_connection_and_a_third_does_not(server: Server) -> None:
    async with connected(server.port) as connection:
        first, second = await opened(connection), await opened(connection)
        with pytest.raises(asyncssh.ChannelOpenError, match="No more sessions"):
            await opened(connection)
        await first.see("from 127.0.0.1")
        await second.see("from 127.0.0.1")
        first.type("\x11")
        await first.end()
        third = await opened(connection)
        await third.see("from 127.0.0.1")


async def test_none_lets_nobody_in_so_that_keys_are_offered(server: Server) -> None:
    with pytest.raises(asyncssh.PermissionDenied):
        async with connected(server.port, preferred_auth="none"):
            pass


async def test_a_password_is_not_taken_outside_the_screen(server: Server) -> None:
    with pytest.raises(asyncssh.PermissionDenied):
        async with connected(server.port, preferred_auth="password", password="hunter2 hunter2"):
            pass


def _forged(key: asyncssh.SSHKey) -> asyncssh.SSHKey:
    """A key that the client shows but cannot sign with."""
    another = asyncssh.generate_private_key("ssh-ed25519")
    key.sign = another.sign  # type: ignore[method-assign]
    return key


async def test_a_key_that_was_only_shown_is_not_named(server: Server) -> None:
    key = _forged(asyncssh.generate_private_key("ssh-ed25519"))
    async with connected(server.port, client_keys=[key]) as connection:
        terminal = await opened(connection)
        await terminal.see("from 127.0.0.1 key None user ada")


async def test_a_key_shown_before_the_proved_one_is_not_named(server: Server) -> None:
    shown, proved = _forged(asyncssh.generate_private_key("ssh-ed25519")), asyncssh.generate_private_key("ssh-ed25519")
    async with connected(server.port, client_keys=[shown, proved]) as connection:
        terminal = await opened(connection, size=(160, 24))
        await terminal.see(f"key {proved.get_fingerprint()}")


async def test_guessing_ends_the_connection_long_before_five_hundred(server: Server) -> None:
    tried = 0

    class Guesser(Anybody):
        def public_key_auth_requested(self) -> asyncssh.SSHKey | None:
            nonlocal tried
            tried += 1
            return key if tried <= 500 else None

    key = _forged(asyncssh.generate_private_key("ssh-ed25519"))
    with pytest.raises((asyncssh.Error, OSError)):
        async with connected(server.port, client_factory=Guesser, client_keys=()):
            pass
    assert 3 < tried < 200
    async with connected(server.port) as connection:
        await (await opened(connection)).see("from 127.0.0.1")


async def test_a_name_that_is_no_name_is_not_handed_on(server: Server) -> None:
    for name in ("a" * 65, "ä"):
        async with connected(server.port, username=name) as connection:
            terminal = await opened(connection)
            await terminal.see("key None user  term")


async def test_a_connection_that_asks_for_nothing_is_closed(folder: Any) -> None:
    from tests.terminal.ssh.server import serving

    with serving(folder, limits={"login": 1.0}) as server:
        async with connected(server.port) as connection:
            await asyncio.wait_for(connection.wait_closed(), 60)
