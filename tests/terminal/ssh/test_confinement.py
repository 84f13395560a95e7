"""What each process of a server can reach."""

import os
import re
from pathlib import Path

import pytest

from tests.terminal.ssh.client import connected, opened
from tests.terminal.ssh.server import Server, serving


def _read(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text()


def _status(pid: int) -> dict[str, str]:
    lines = _read(pid, "status").splitlines()
    return {name: rest.strip() for name, _, rest in (line.partition(":") for line in lines)}


def _targets(pid: int) -> list[str]:
    return [str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()]


async def test_a_child_has_its_own_line_and_nothing_of_its_siblings(server: Server) -> None:
    server.no_sessions()
    async with connected(server.port) as connection:
        for _ in range(2):
            await (await opened(connection)).see("from 127.0.0.1")
        first, second = server.sessions
        zygote = server.part("zygote")
        lines = {
            pid: {target for target in _targets(pid) if target.startswith("socket")} for pid in (first, second, zygote)
        }
        own = lines[first] - lines[zygote], lines[second] - lines[zygote]
        assert own[0]
        assert own[1]
        assert not own[0] & own[1]
        for pid in (first, second):
            assert not [target for target in _targets(pid) if target.endswith("key")]
            assert _status(pid)["NoNewPrivs"] == "1"
            assert _status(pid)["Threads"] == "1"
            limits = _read(pid, "limits")
            assert re.search(r"Max core file size\s+0\s+0", limits)
            assert re.search(r"Max data size\s+536870912", limits)
            assert re.search(r"Max open files\s+256", limits)


async def test_sessions_give_way_to_the_front_that_passes_on_everybodys_keys(server: Server) -> None:
    server.no_sessions()
    async with connected(server.port) as connection:
        await (await opened(connection)).see("from 127.0.0.1")
        front = os.getpriority(os.PRIO_PROCESS, server.part("front"))
        given = [os.getpriority(os.PRIO_PROCESS, pid) for pid in (server.part("zygote"), *server.sessions)]
        assert given == [min(19, front + 10)] * 2


async def test_the_zygote_has_one_thread_and_holds_nothing_of_anybody(server: Server) -> None:
    zygote = server.part("zygote")
    assert _status(zygote)["Threads"] == "1"
    targets = [
        target for target in _targets(zygote) if not target.startswith(("socket", "pipe", "/dev/null", "anon_inode"))
    ]
    assert not targets


async def test_no_process_of_a_server_leaves_its_memory_to_others(server: Server) -> None:
    async with connected(server.port) as connection:
        await (await opened(connection)).see("from 127.0.0.1")
        for pid in [server.part("front"), server.part("zygote"), server.part("clerk"), *server.sessions]:
            assert re.search(r"Max core file size\s+0\s+0", _read(pid, "limits"))


async def test_the_front_has_neither_environment_nor_key_file(server: Server) -> None:
    front = server.part("front")
    environment = _read(front, "environ")
    assert {line.split("=")[0] for line in environment.split("\0") if line} == {"LANG", "PATH"}
    assert not [target for target in _targets(front) if target.endswith("key")]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
async def test_started_as_root_the_front_becomes_somebody_who_cannot_read_the_home(folder: Path) -> None:
    with serving(folder, front_user="nobody") as server:
        status = _status(server.part("front"))
        assert "0" not in status["Uid"].split() + status["Gid"].split()
        assert status["Groups"] == ""
        assert status["CapEff"] == "0000000000000000"
        async with connected(server.port) as connection:
            await (await opened(connection)).see("from 127.0.0.1")
