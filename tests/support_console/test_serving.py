"""`lockwright-console serve`: a real client, from where and with which keys the settings allow."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import asyncssh
import pytest

from core.home import prepare
from core.terminal.ssh import Guests
from tests.terminal.ssh.client import Terminal, connected, opened
from tests.terminal.ssh.server import Server, started

REFUSED = (
    b"Acme support is not open to this address or SSH key. "
    b"If one of your keys is let in: ssh -i KEY -o IdentitiesOnly=yes.\r\n"
)
INSIDE, OUTSIDE = ("127.0.0.2", 0), ("127.0.0.3", 0)


@dataclass(frozen=True)
class House:
    """A console that is open to one address and one key."""

    server: Server
    key: asyncssh.SSHKey


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server that the tests of this module share."""
    home = prepare(tmp_path_factory.mktemp("console") / "home")
    key = asyncssh.generate_private_key("ssh-ed25519", comment="mia@laptop")
    public = key.export_public_key("openssh").decode().strip()
    (home / "lockwright.toml").write_text(
        f'site = "Acme"\n[console]\nsources = ["{INSIDE[0]}", "2001:db8::/32"]\nkeys = ["{public}"]\n'
    )
    arguments = ("--home", str(home), "serve", "--host", "127.0.0.1", "--port", "0")
    with started(home, "support_console", *arguments) as server:
        yield House(server, key)


async def _asked(server: Server, *, session: dict[str, Any] | None = None, **client: Any) -> Terminal:
    """What a client gets that asks for a session, to its end."""
    async with connected(server.port, **client) as connection:
        wanted = {"term_type": "xterm-256color", "term_size": (80, 24)} if session is None else session
        _, terminal = await connection.create_session(Terminal, encoding=None, **wanted)
        await terminal.end()
        return terminal


async def test_one_with_the_right_address_and_key_stands_before_the_door(house: House) -> None:
    async with connected(house.server.port, local_addr=INSIDE, client_keys=[house.key]) as connection:
        terminal = await opened(connection)
        await terminal.see("Acme support", "Sign in to recover accounts", "Password")
        terminal.type("\x11")
        assert await terminal.end() == 0


@pytest.mark.parametrize(
    ("where", "with_key"),
    [(OUTSIDE, "right"), (OUTSIDE, "other"), (OUTSIDE, "no"), (INSIDE, "other"), (INSIDE, "no")],
)
async def test_any_other_gets_one_line_that_is_the_same_for_every_reason(
    house: House, where: tuple[str, int], with_key: str
) -> None:
    keys = {"right": [house.key], "other": [asyncssh.generate_private_key("ssh-ed25519")], "no": None}[with_key]
    house.server.no_sessions()
    terminal = await _asked(house.server, local_addr=where, client_keys=keys)
    assert (terminal.errors, terminal.raw, terminal.code) == (REFUSED, b"", 1)
    assert house.server.sessions == []


@pytest.mark.parametrize("session", [{}, {"command": "id"}, {"subsystem": "sftp"}], ids=["no-pty", "command", "sftp"])
async def test_it_is_the_same_line_whatever_is_asked_for(house: House, session: dict[str, Any]) -> None:
    terminal = await _asked(house.server, local_addr=OUTSIDE, session=session)
    assert (terminal.errors, terminal.raw, terminal.code) == (REFUSED, b"", 1)


async def test_a_key_that_was_only_shown_opens_nothing(house: House) -> None:
    pretended = asyncssh.import_private_key(house.key.export_private_key())
    pretended.sign = asyncssh.generate_private_key("ssh-ed25519").sign  # type: ignore[method-assign]
    terminal = await _asked(house.server, local_addr=INSIDE, client_keys=[pretended])
    assert (terminal.errors, terminal.code) == (REFUSED, 1)


def test_addresses_are_looked_up_in_networks_of_their_own_kind() -> None:
    guests = Guests(("203.0.113.0/24", "2001:db8:7::/48"))
    assert guests.live_at("203.0.113.9")
    assert guests.live_at("::ffff:203.0.113.9")
    assert guests.live_at("2001:db8:7::1%eth0")
    assert not guests.live_at("203.0.114.9")
    assert not guests.live_at("2001:db8:8::1")
    assert not Guests(()).live_at("127.0.0.1")
    assert guests.hold(None)
    assert not Guests(("127.0.0.1/32",), ("SHA256:x",)).hold(None)
