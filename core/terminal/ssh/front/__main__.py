"""The front's own interpreter: started by the supervisor with everything it may know on one descriptor."""

import asyncio
import concurrent.futures.thread  # noqa: F401  # loaded while the interpreter's files can still be read
import gc
import json
import logging
import os
import socket
import sys

import asyncssh

from core.terminal.ssh import hardening
from core.terminal.ssh.front.children import Nursery
from core.terminal.ssh.front.connection import Connection, House
from core.terminal.ssh.front.relay import Lines
from core.terminal.ssh.host_key import read as read_host_key
from core.terminal.ssh.log import log
from core.terminal.ssh.settings import Guests, Limits
from core.terminal.ssh.wire import PACKET, News, unpacked

_LOOK_EVERY = 1.0
_GOING_DOWN = "This server goes down in {seconds:.0f} s. Finish what you are at, or come back later."
_DOWN = "This server has gone down. Come back in a minute."


def main(brief: str) -> None:
    """Serve until told to stop. `brief` is what the supervisor said (see `starting.exec_front`)."""
    told = json.loads(brief)
    hardening.call_this("front")
    hardening.forget_signals()
    hardening.raise_descriptors()
    key = read_host_key(told["host_key"])
    os.close(told["host_key"])
    hardening.become(told["user"])
    hardening.keep_memory_private()
    hardening.die_with_parent()
    if os.getppid() != told["parent"]:
        return  # the supervisor ended meanwhile
    asyncio.run(_serve(told, key))


async def _serve(told: dict[str, object], key: bytes) -> None:
    limits = Limits(**told["limits"])  # type: ignore[arg-type]  # as the supervisor wrote them
    zygote, news, supervisor, listening = (
        socket.socket(fileno=told[name])  # type: ignore[arg-type]
        for name in ("zygote", "news", "supervisor", "listening")
    )
    for name in ("asyncssh", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # it would write what clients say
    guests = Guests(**told["guests"]) if told["guests"] else None  # type: ignore[arg-type]  # likewise
    house = House(limits, Lines(str(told["name"])), Nursery(zygote, hang=limits.hang, patience=limits.start), guests)
    server = await asyncssh.listen(
        sock=listening,
        server_factory=lambda: Connection(house),
        server_host_keys=[asyncssh.import_private_key(key)],
        config=[],
        reuse_port=False,
        backlog=1024,
        encoding=None,
        line_editor=False,
        allow_scp=False,
        agent_forwarding=False,
        x11_forwarding=False,
        gss_host=None,
        password_auth=False,
        host_based_auth=False,
        compression_algs=None,
        login_timeout=limits.login,
        keepalive_interval=limits.keep_alive,
        keepalive_count_max=limits.keep_alive_missed,
    )
    gc.collect()
    gc.freeze()
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    news.setblocking(False)
    supervisor.setblocking(False)
    loop.add_reader(news, _spread_news, news, house)
    loop.add_reader(supervisor, _obey, supervisor, house, stop)
    looking = asyncio.create_task(_look_after(house))
    supervisor.send(b"serving")
    await stop.wait()
    server.close()
    drain = float(told["drain"])  # type: ignore[arg-type]
    await _drain(house, drain)
    looking.cancel()
    os._exit(0)  # children follow their channels; nothing here needs an orderly end


async def _look_after(house: House) -> None:
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        now = loop.time()
        for connection in list(house.inside):
            connection.look_after(now)


def _spread_news(news: socket.socket, house: House) -> None:
    try:
        packet = news.recv(PACKET)
    except BlockingIOError:
        return
    match unpacked(packet) if packet else None:
        case News(tag):
            for relay in house.relays():
                relay.news(tag)


def _obey(supervisor: socket.socket, house: House, stop: asyncio.Event) -> None:
    try:
        word = supervisor.recv(PACKET)
    except BlockingIOError:
        return
    if word in (b"drain", b""):
        house.closing = True
        stop.set()


async def _drain(house: House, seconds: float) -> None:
    """Give everybody `seconds` to finish, then end what is left."""
    log("draining", sessions=len(house.relays()))
    for relay in house.relays():
        relay.tell(_GOING_DOWN.format(seconds=seconds))
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while house.inside and loop.time() < until:  # noqa: ASYNC110  # the set is shared with nobody else who waits
        await asyncio.sleep(0.1)
    for relay in house.relays():
        relay.end(_DOWN)
    for _ in range(10):
        if not house.inside:
            return
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1])
