"""Keys that come faster than the screens change."""

import asyncio
import random
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, ClassVar

import pytest
from textual import events, on, work
from textual._xterm_parser import XTermParser
from textual.pilot import Pilot

from core.terminal import typeahead
from core.terminal.offload import offload
from core.terminal.screens.confirm import Confirm
from core.terminal.widgets.code_field import CodeField
from core.terminal.widgets.field import Field
from core.terminal.widgets.password_field import PasswordField
from tests.soak import soak_count
from tests.terminal.alone import Bench, alone
from tests.terminal.desk import Account, Desk, Menu, Open, SignIn, Token
from tests.terminal.recorded import RecordingDriver
from tests.terminal.still import settle
from tests.terminal_user import TerminalUser


class Watched(Desk):
    """A desk that remembers everything that its visible fields ever showed, and how often it rang."""

    def __init__(self, delay: float = 0.05) -> None:
        super().__init__(delay)
        self.seen: list[str] = []
        self.bells = 0
        self.rung = asyncio.Event()

    @on(Field.Changed)
    def remember(self, event: Field.Changed) -> None:
        if not isinstance(event.field, PasswordField):
            self.seen.append(event.field.value)

    def bell(self) -> None:
        self.bells += 1
        self.rung.set()


def burst(app: Desk, typed: str) -> None:
    """Hand everything to the app at once, as a driver does with what came in one read."""
    driver = app._driver
    assert driver is not None
    for event in XTermParser().feed(typed):
        driver.process_message(event)


@asynccontextmanager
async def desk(
    delay: float = 0.02, *, at: str = "", until: threading.Event | None = None
) -> AsyncIterator[tuple[Watched, Pilot[None]]]:
    """A desk where checking a password takes so many seconds, or until something happens."""
    app = Watched(delay)
    if until is not None:
        app.check = partial(until.wait, 60)
    async with app.run_test() as pilot:
        await settle(pilot)
        for key in at:
            await pilot.press(key)
        await settle(pilot)
        yield app, pilot
        if until is not None:
            until.set()


async def test_a_password_typed_ahead_never_shows_in_the_name():
    async with desk(at="s") as (app, pilot):
        burst(app, "ada\tright\r")
        await settle(pilot)
        assert app.answers == [("ada", "right")]
        assert set(app.seen) <= {"a", "ad", "ada"}


async def test_a_key_that_opens_a_screen_may_be_followed_at_once_by_what_is_typed_there():
    async with desk() as (app, pilot):
        burst(app, "sada\tright\r")
        await settle(pilot)
        assert app.answers == [("ada", "right")]
        assert isinstance(app.screen, Account)


async def test_a_token_typed_ahead_of_the_second_factor_lands_there():
    async with desk(at="t") as (app, pilot):
        burst(app, "ada\tright\r123456\r")
        await settle(pilot)
        assert app.answers == [("ada", "right"), "123456"]


async def test_keys_wait_for_work_on_a_screen_that_was_shown_from_outside_the_app():
    async with desk() as (app, pilot):
        with app._context():  # as a server does that greets whoever comes
            app.push_screen(SignIn(partial(time.sleep, 0.05)), app.answers.append)
        await settle(pilot)
        burst(app, "ada\tright\rs")
        await settle(pilot)
        assert app.answers == [("ada", "right")]
        assert isinstance(app.screen, Menu)
        assert app.bells == 1, "`s` was typed at a screen that had not answered yet"


async def test_what_was_typed_for_the_next_screen_is_dropped_when_the_password_is_refused():
    async with desk(at="t") as (app, pilot):
        burst(app, "ada\twrong\r123456\r")
        await settle(pilot)
        assert isinstance(app.screen, SignIn)
        assert app.screen.query_one("#name", Field).value == "ada"
        assert set(app.seen) <= {"a", "ad", "ada"}
        assert app.answers == []
        assert app.bells == 1


@pytest.mark.parametrize("between", [0.0, 0.2])
async def test_a_password_sent_again_with_its_name_never_shows_in_the_name(between: float):
    async with desk(at="s") as (app, pilot):
        burst(app, "ada\tWRONG\r")
        if between:
            await settle(pilot)
            assert app.screen.query_one("#password", PasswordField).line.has_focus
        burst(app, "ada\tWRONGER\r")
        await settle(pilot)
        assert isinstance(app.screen, SignIn)
        assert app.screen.query_one("#name", Field).value == "ada"
        assert set(app.seen) <= {"a", "ad", "ada"}


async def test_tab_goes_round_only_where_nothing_is_hidden():
    async with desk(at="s") as (app, pilot):
        await pilot.press("tab", "tab", "down")
        assert app.screen.query_one("#password", PasswordField).line.has_focus
        await pilot.press("shift+tab")
        assert app.screen.query_one("#name", Field).line.has_focus
    async with alone(Bench(Field("Name", id="name"), Field("Address", id="address"))) as (app, pilot):
        await pilot.press("tab", "tab")
        assert app.screen.query_one("#name", Field).line.has_focus


async def test_letters_typed_ahead_choose_nothing_behind_an_open_outcome():
    async with desk(at="t") as (app, pilot):
        burst(app, "ada\tright\rrecover")
        await settle(pilot)
        assert isinstance(app.screen, Token)
        assert app.answers == [("ada", "right")]


async def test_nothing_typed_ahead_reaches_a_menu_behind_an_open_outcome():
    async with desk(at="s") as (app, pilot):
        burst(app, "ada\tright\rd\ry")
        await settle(pilot)
        assert isinstance(app.screen, Account)
        assert app.answers == [("ada", "right")]
        assert app.bells == 1


async def test_a_secret_typed_ahead_never_shows_in_a_field_that_nobody_expected():
    async with desk(at="v") as (app, pilot):
        burst(app, "ada\tright\rNEWSECRET\r")
        await settle(pilot)
        assert isinstance(app.screen, Open)
        assert app.screen.query_one("#visible", Field).value == ""
        assert set(app.seen) <= {"a", "ad", "ada"}


@pytest.mark.parametrize("answer", ["y", "\r", "\x1b", "\x1b[B\r"])
async def test_a_question_is_never_answered_by_what_was_typed_before_it_showed(answer: str):
    async with desk() as (app, pilot):
        burst(app, "q" + answer)
        await settle(pilot)
        assert isinstance(app.screen, Confirm)
        assert app.answers == []
        await pilot.press("y")
        await settle(pilot)
        assert app.answers == [True]


async def test_a_second_enter_of_an_impatient_person_submits_nothing():
    async with desk(at="s") as (app, pilot):
        burst(app, "ada\tright\r\r\r")
        await settle(pilot)
        assert isinstance(app.screen, Account)
        assert app.answers == [("ada", "right")]


async def test_keys_typed_for_the_screen_that_is_there_are_fed_after_work_when_no_field_has_focus():
    async with desk() as (app, pilot):
        burst(app, "\x1b[B\x1b[B\r")
        await settle(pilot)
        assert isinstance(app.screen, SignIn), "two lines down is `v`"


async def test_going_back_and_on_again_at_once_goes_back_and_on():
    async with desk(at="s") as (app, pilot):
        burst(app, "ada\x1b[27u" + "sbob\tright\r")
        await settle(pilot)
        assert app.answers == [None, ("bob", "right")]


async def test_pastes_land_one_after_the_other():
    async with desk(at="s") as (app, pilot):
        burst(app, "\x1b[200~ada\x1b[201~\t\x1b[200~right\x1b[201~\r")
        await settle(pilot)
        assert app.answers == [("ada", "right")]
        assert app.seen == ["ada"]


async def test_more_than_a_person_types_is_dropped_whole():
    checked = threading.Event()
    async with desk(at="t", until=checked) as (app, pilot):
        burst(app, "ada\tright\r")
        await app.keys.fed()
        burst(app, "1" * (typeahead.LIMIT + 1))
        await app.rung.wait()
        checked.set()
        await settle(pilot)
        assert isinstance(app.screen, Token)
        assert app.screen.query_one("#token", CodeField).value == ""
        assert app.bells >= 1
        await pilot.press("1")
        assert app.screen.query_one("#token", CodeField).value == "1"


async def test_as_much_as_a_person_types_is_not():
    async with desk(0.2, at="t") as (app, pilot):
        burst(app, "ada\tright\r123456\r")
        await settle(pilot)
        assert app.answers[-1] == "123456"


async def test_leaving_never_waits():
    async with desk(at="s", until=threading.Event()) as (app, pilot):
        burst(app, "ada\tright\r")
        await app.keys.fed()
        burst(app, "x\x11")
        await pilot.pause()
        assert app._exit


async def test_keys_are_dropped_when_work_takes_too_long_and_flow_again_after(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(typeahead, "PATIENCE", 0.2)
    async with desk(at="s", until=threading.Event()) as (app, pilot):
        burst(app, "ada\tright\r123")
        await app.rung.wait()
        await settle(pilot)
        assert app.bells == 1
        assert isinstance(app.screen, SignIn)
        await pilot.press("shift+tab", "x")
        assert app.screen.query_one("#name", Field).value == "adax"


async def test_work_that_nobody_waits_for_holds_no_key():
    async with desk(at="s") as (app, pilot):
        burst(app, "abcdefghijklmnop\tright\r")
        await settle(pilot)
        assert app.answers == [("abcdefghijklmnop", "right")]
        assert app.bells == 0


async def test_however_a_burst_is_cut_the_password_stays_hidden():
    dice = random.Random(7)
    async with desk(0.001, at="s") as (app, pilot):
        for _ in range(soak_count(12, 2000)):
            typed = (
                "ada"
                "\t" + dice.choice(["right", "WRONG", "WRONGER"]) + "\r" + dice.choice(["", "123", "SECRET\r", "\t\r"])
            )
            typed *= dice.choice([1, 1, 2])
            while typed:
                cut = dice.randint(1, len(typed))
                burst(app, typed[:cut])
                typed = typed[cut:]
                for _ in range(dice.choice([0, 0, 1, 5, 50])):
                    await asyncio.sleep(0)
            await asyncio.sleep(0.002)
            await app.keys.settled()
            assert not [text for text in app.seen if any(sign.isupper() or sign.isdigit() for sign in text)], app.seen
            assert all("right" not in text for text in app.seen)
            app.seen.clear()
            while not isinstance(app.screen, Menu):
                await pilot.press("escape")
                await settle(pilot)
            await pilot.press("s")
            await settle(pilot)


class AtOnce(RecordingDriver):
    """Someone who types while what they wait for is still on its way to them: for each sight, what is typed at it."""

    plans: ClassVar[list[tuple[str, str]]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.left = list(self.plans)
        self.all_typed = asyncio.Event()

    def write(self, data: str) -> None:
        super().write(data)
        if self.left and self.left[0][0] in data:
            for event in XTermParser().feed(self.left.pop(0)[1]):
                self.process_message(event)
            if not self.left:
                self.all_typed.set()


async def test_what_is_typed_the_moment_a_screen_shows_is_typed_at_that_screen():
    class Person(AtOnce):
        plans: ClassVar = [("Choose.", "s"), ("Password", "ada\tright\r")]

    app = Watched(0.02)
    app.driver_class = Person
    async with app.run_test(headless=False) as pilot:
        await settle(pilot)
        assert app.answers == [("ada", "right")]
        assert app.bells == 0


class Slow(Watched):
    """A desk where leaving the account takes until `done`, and a menu shows meanwhile."""

    def __init__(self) -> None:
        super().__init__(0.02)
        self.done = threading.Event()

    async def journey(self) -> None:
        menu: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        await self.push_screen_wait(Account())
        self.push_screen(Menu(), menu.set_result)
        await offload(self.done.wait, 20)
        assert await menu == "s"
        await self._signed_in(Account())


async def test_what_is_typed_at_a_screen_that_shows_while_other_work_ends_is_not_lost():
    class Person(AtOnce):
        plans: ClassVar = [("Disable", "p"), ("Choose.", "sada\tright\r")]

    app = Slow()
    app.driver_class = Person
    async with app.run_test(headless=False) as pilot:
        assert isinstance(app._driver, AtOnce)
        await app._driver.all_typed.wait()
        app.done.set()
        await settle(pilot)
        assert app.answers == [("ada", "right")]
        assert app.bells == 0


class Asking(Confirm):
    """A question that looks something up when it shows, so that it is painted once before and once after."""

    @work
    async def on_mount(self) -> None:
        await offload(time.sleep, 0.01)


class Asked(Watched):
    async def journey(self) -> None:
        await self.push_screen_wait(Menu())
        self.answers.append(await self.push_screen_wait(Asking("Sure?", yes="Do it")))


async def test_a_late_key_does_not_answer_a_question_that_was_painted_twice_since():
    app = Asked()
    async with app.run_test() as pilot:
        await settle(pilot)
        late = events.Key("y", "y")
        burst(app, "q")
        await settle(pilot)
        assert isinstance(app.screen, Asking)
        assert app._driver is not None
        app._driver.process_message(late)
        await settle(pilot)
        assert app.answers == []
        assert app.bells == 1


@pytest.mark.parametrize(
    ("key", "typed", "then", "answers"),
    [
        ("s", "ada\tright\r", "Disable 2FA", '[["ada", "right"]]'),
        ("t", "ada\tright\r123456\r", "Sign in with token", '[["ada", "right"], "123456"]'),
        ("t", "ada\twrong\r123456\r", "do not match", "[]"),
        ("s", "ada\twrong\rada\twrong\r", "do not match", "[]"),
        ("s", "ada\tright\rd\ry", "Disable 2FA", '[["ada", "right"]]'),
        ("v", "ada\tright\rSECRET\r", "Not what you think", '[["ada", "right"]]'),
    ],
)
def test_on_a_real_terminal(key: str, typed: str, then: str, answers: str):
    with TerminalUser([sys.executable, "-m", "tests.terminal.desk"]) as person:
        person.see("Sign in with token")
        person.settle()
        person.type(key)
        person.see("Password")
        person.type(typed)
        person.see(then)
        person.settle(0.6)
        person.type("\x11")
        assert person.leave() == 0
        told = f"answers {answers}\r\n".encode()
        assert told in person.raw
        for secret in (b"right", b"wrong", b"SECRET"):
            assert secret not in person.raw.replace(told, b"")


def test_what_is_typed_before_anything_shows_is_dropped():
    with TerminalUser([sys.executable, "-m", "tests.terminal.desk"]) as person:
        person.type("sSECRET")
        person.see("Sign in with token")
        assert "Password" not in person.settle()
        assert b"SECRET" not in person.raw.split(b"\x1b[?1049h")[-1]
