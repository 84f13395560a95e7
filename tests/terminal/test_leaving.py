"""A page that goes while something is under way for it."""

import asyncio

import pytest
from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalGroup

from core.terminal.screens.page import Page
from core.terminal.widgets.notice import Notice
from core.terminal.words import Words
from tests.terminal.alone import alone


class Slow(Words):
    """Takes its time to go; what the page waits for comes meanwhile."""

    def __init__(self, came: asyncio.Event) -> None:
        super().__init__("slow")
        self._came = came

    async def on_unmount(self) -> None:
        self._came.set()
        await asyncio.sleep(0.05)


class Reading(Page[str]):
    def __init__(self) -> None:
        super().__init__()
        self.came = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield Notice(id="news")
        yield Slow(self.came)

    def on_mount(self) -> None:
        self.read()

    @work
    async def read(self) -> None:
        await self.came.wait()
        self.query_one("#news", Notice).say("read")


class News(VerticalGroup):
    """A widget that reads by itself."""

    def __init__(self, came: asyncio.Event) -> None:
        super().__init__()
        self._came = came

    def compose(self) -> ComposeResult:
        yield Notice(id="news")
        yield Slow(self._came)

    def on_mount(self) -> None:
        self.read()

    @work
    async def read(self) -> None:
        await self._came.wait()
        self.query_one("#news", Notice).say("read")


class Holding(Page[str]):
    def __init__(self) -> None:
        super().__init__()
        self.came = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield News(self.came)


@pytest.mark.parametrize("kind", [Reading, Holding])
async def test_an_answer_that_comes_while_a_page_goes_is_not_drawn_on_it(kind: type[Reading | Holding]) -> None:
    page = kind()
    async with alone(page) as (app, pilot):
        page.dismiss("gone")
        await page.came.wait()
        await pilot.pause(0.1)
        assert app.answers == ["gone"]
        assert app.return_code is None
