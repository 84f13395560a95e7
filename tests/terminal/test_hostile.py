"""Hostile text in every place of every widget: it is shown, and that is all it does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual import events
from textual.app import ComposeResult
from textual.pilot import Pilot

from core.terminal.app import TerminalApp
from core.terminal.screens.confirm import Confirm
from core.terminal.screens.help import Help
from core.terminal.screens.message import Message
from core.terminal.screens.page import Body, Command, Page
from core.terminal.screens.palette import Palette
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.code_field import BACKUP_CODE, TOKEN, CodeField
from core.terminal.widgets.field import Field
from core.terminal.widgets.long_field import LongField
from core.terminal.widgets.notice import Notice, Tone
from core.terminal.widgets.password_field import PasswordField
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from tests.hostile import HOSTILE, MARKUP
from tests.soak import soaking
from tests.terminal.recorded import RecordingDriver, strangers
from tests.terminal.still import settle

HALF, OTHER_HALF = (HOSTILE, HOSTILE) if soaking() else (HOSTILE[::2], HOSTILE[1::2])
SOME = HOSTILE if soaking() else HOSTILE[::4]
"""What is tried where the same door was tried with all of it already."""


class Target(TerminalApp):
    """An app with something to attack."""

    def __init__(self) -> None:
        super().__init__()
        self.driver_class = RecordingDriver
        self.acted: list[str] = []

    async def run_action(self, action: Any, *args: Any, **kwargs: Any) -> bool:
        self.acted.append(str(action))
        return await super().run_action(action, *args, **kwargs)

    def action_approve(self) -> None:
        self.acted.append("APPROVED")


class Everywhere(Page[None]):
    """The same text in every place that takes text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.HELP = text

    def compose(self) -> ComposeResult:
        text = self.text
        yield Title(text, text)
        with Body():
            yield Words(text, classes="gap")
            yield Field(text, value=text[:2000], hint=text, note=text, id="field")
            yield Field("Hint", hint=text)
            yield LongField(text, value=text[:2000], hint=text, note=text, lines=2)
            yield LongField("Hint", hint=text, lines=2)
            yield PasswordField(text, note=text)
            yield CodeField(text, form=BACKUP_CODE, note=text)
            yield Choices(Choice("k", text, text), Choice("", text, text, enabled=False))
            yield Notice(text, Tone.DANGER)
        yield BottomLine(left=[("esc", text), (text, text)], right=[(text, text)])

    def commands(self) -> list[Command]:
        return [Command(self.text, self.text, lambda: None)]


@asynccontextmanager
async def target(size: tuple[int, int] = (80, 60)) -> AsyncIterator[tuple[Target, RecordingDriver, Pilot[None]]]:
    app = Target()
    async with app.run_test(headless=False, size=size) as pilot:
        driver = app._driver
        assert isinstance(driver, RecordingDriver)
        yield app, driver, pilot


def acting_spans(app: Target) -> list[object]:
    """Whatever on the screen would act when it is clicked, or opens a link."""
    strips = app.screen._compositor.render_strips(app.size)
    return [
        segment
        for strip in strips
        for segment in strip
        if segment.style is not None and (segment.style.link or "@click" in segment.style.meta)
    ]


async def show(app: Target, pilot: Pilot[None], page: Any) -> None:
    app.push_screen(page)
    await settle(pilot)


@pytest.mark.parametrize(("size", "texts"), [((80, 60), HALF), ((24, 10), OTHER_HALF)])
async def test_hostile_text_reaches_the_wire_as_text_only(size: tuple[int, int], texts: tuple[str, ...]):
    async with target(size) as (app, driver, pilot):
        for text in texts:
            await show(app, pilot, Everywhere(text))
            app.screen.query_one("#field", Field).error = text
            app.say(text)
            await pilot.pause()
            assert acting_spans(app) == [], text
            assert strangers(driver.wire) == [], text
            driver.written.clear()
            app.pop_screen()
            app.clear_notifications()
            await pilot.pause()
        assert app.acted == []


async def test_hostile_text_in_questions_messages_help_and_palette():
    async with target() as (app, driver, pilot):
        for text in SOME:
            await show(app, pilot, Everywhere(text))
            for screen in (
                Confirm(text, text, yes=text, no=text, step=text),
                Message(text, text, text, tone=Tone.WARNING, go_on=text, step=text),
                Help.of(app.screen),
                Palette(app.commands(app.screen)),
            ):
                await show(app, pilot, screen)
                assert acting_spans(app) == [], text
                assert strangers(driver.wire) == [], text
                driver.written.clear()
                app.pop_screen()
            app.pop_screen()
        assert app.acted == []


async def test_hostile_text_that_is_typed_and_pasted():
    async with target() as (app, driver, pilot):
        await show(app, pilot, Everywhere("x"))
        for text in SOME:
            for field in app.screen.query(Field):
                field.focus()
                field.clear()
                app.post_message(events.Paste(text.encode("utf-8", "ignore").decode()))
                for sign in text[:20]:
                    app.post_message(events.Key(sign if sign.isalnum() else "x", sign))
                await settle(pilot)
                assert len(field.value) <= 2000
            assert strangers(driver.wire) == [], text
            driver.written.clear()


async def test_nothing_happens_where_hostile_text_is_clicked():
    async with target() as (app, _driver, pilot):
        for text in MARKUP if soaking() else MARKUP[:4]:
            await show(app, pilot, Everywhere(text))
            for x, y in [(3, 0), (8, 2), (8, 4), (8, 5), (12, 18), (12, 19), (8, 20), (10, 59), (78, 59)]:
                await pilot.click(offset=(x, y))
            await settle(pilot)
            assert "APPROVED" not in app.acted
            assert all("approve" not in action and "simulate" not in action for action in app.acted), text
            assert isinstance(app.screen, Everywhere)
            app.pop_screen()


async def test_a_code_field_takes_nothing_but_a_code():
    async with target() as (app, _driver, pilot):
        await show(app, pilot, Everywhere("x"))
        field = CodeField("Token", form=TOKEN)
        await app.screen.mount(field)
        for text in HOSTILE:
            field.focus()
            field.clear()
            app.post_message(events.Paste(text.encode("utf-8", "ignore").decode()))
            await settle(pilot)
            assert all(sign in "0123456789" for sign in field.value), text
