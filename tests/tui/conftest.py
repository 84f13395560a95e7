"""Fixtures for journeys: a world of one's own, and a memory for how screens look."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from core.apps import looks
from tests.drawn import Album
from tests.tui.visitor import PATIENCE, Visitor
from tests.world import World
from tui import flow


@pytest.fixture
def world(home: Path) -> Iterator[World]:
    """Services on a folder of this test's own; nobody has an account yet."""
    world = World(home)
    yield world
    world.close()


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> Callable[[Visitor], Awaitable[None]]:
    """The app looks after its session many times a second; await it to be sure that it knows of the last key."""
    monkeypatch.setattr(looks, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(flow, "VISITOR_LOOK_EVERY", 0.02)

    async def looked(visitor: Visitor) -> None:
        async with asyncio.timeout(PATIENCE):
            while visitor.app.presence.stirred.is_set() or not is_written_down(visitor):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def is_written_down(visitor: Visitor) -> bool:
        here = visitor.app._journey.here if visitor.app._journey is not None else None
        return here is None or here.session.seen_at == here.services.parts.clock()

    return looked


@pytest.fixture
def album(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Album:
    """The pictures of the account app: dark and light, at the usual size unless a wide one is asked for too."""
    monkeypatch.setenv("HOME", str(tmp_path))  # folders are shown from there on
    return Album(Path(__file__).parent / "drawn", accept=request.config.getoption("update_snapshots"))
