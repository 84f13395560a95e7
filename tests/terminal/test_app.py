"""What every app of the kit does and does not do."""

import base64
import inspect
import sys
import threading

import pytest
from textual import events, on, work
from textual.app import App, ComposeResult

from core.terminal.app import TerminalApp
from core.terminal.offload import offload
from core.terminal.peer import Peer, local_peer
from core.terminal.screens.confirm import Confirm
from core.terminal.screens.help import Help
from core.terminal.screens.message import Message
from core.terminal.screens.page import Body, Command, Page
from core.terminal.screens.palette import Palette
from core.terminal.theme import Colours
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.choices import Choice, Choices
from core.terminal.widgets.field import Field
from core.terminal.widgets.password_field import PasswordField
from tests.cells import screen_cells, text_of
from tests.terminal.alone import Alone, Bench, alone
from tests.terminal.still import see, settle
from tests.terminal_user import TerminalUser

ALLOWED = {"quit", "focus_next", "focus_previous", "help", "palette", "how_to_leave"}


class Busy(Page[str]):
    """A page that takes its time."""

    HELP = "This page takes its time."

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0
        self.gate = threading.Event()
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        with Body():
            yield Field("Name")
            yield Choices(Choice("d", "Disable 2FA"), Choice("g", "Grave", enabled=False))
        yield BottomLine(right=[("enter", "go on")])

    @work
    async def submit(self) -> None:
        self.calls += 1
        with self.busy("checking"):
            await offload(self.gate.wait, 20)
        self.dismiss("done")

    @on(Choices.Chosen)
    def choose(self, event: Choices.Chosen) -> None:
        self.chosen.append(event.choice.label)

    def commands(self) -> list[Command]:
        return [Command("Disable 2FA", "asks first", lambda: self.dismiss("disabled"))]


def stock_actions() -> list[str]:
    return sorted(name.removeprefix("action_") for name in dir(App) if name.startswith("action_"))


@pytest.mark.parametrize("action", stock_actions())
async def test_of_what_textual_can_do_only_a_few_actions_are_left(action: str):
    async with alone(Bench(Field("Name"))) as (app, _pilot):
        assert (app.check_action(action, ()) is not False) == (action in ALLOWED)


async def test_actions_that_write_press_or_open_do_nothing_even_when_called(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with alone(Bench(Field("Name"))) as (app, pilot):
        app.recorder.written.clear()
        app.save_screenshot()
        app.deliver_screenshot()
        app.open_url("https://example.org")
        app.simulate_key("x")
        await settle(pilot)
        assert app.screen.query_one(Field).value == ""
        assert list(tmp_path.iterdir()) == []
        assert app.wire == ""


async def test_the_clipboard_is_written_on_purpose_only():
    async with alone(Bench(Field("Name"))) as (app, _pilot):
        app.copy_to_clipboard("secret")
        assert "]52;" not in app.wire
        app.screen.copy("JBSW Y3DP")
        assert app.wire.count("\x1b]52;c;" + base64.b64encode(b"JBSW Y3DP").decode() + "\x07") == 1


async def test_another_window_in_front_moves_nothing():
    async with alone(Bench(Field("Name"), Field("Other"))) as (app, pilot):
        await pilot.press("tab")
        before = app.focused
        app.post_message(events.AppBlur())
        await settle(pilot)
        assert app.focused is before
        app.post_message(events.AppFocus())
        await settle(pilot)
        assert app.focused is before


async def test_a_busy_page_takes_no_second_answer_and_says_what_it_does():
    page = Busy()
    async with alone(page) as (app, pilot):
        await pilot.press("enter")
        await see(pilot, "checking …")
        assert page.is_busy
        page.answer()
        page.action_back()
        await pilot.pause()
        assert page.calls == 1
        page.gate.set()
        await settle(pilot)
        assert app.answers == ["done"]


async def test_a_letter_chooses_a_line_from_anywhere_but_a_field():
    page = Busy()
    async with alone(page) as (_app, pilot):
        await pilot.press("d")
        assert page.query_one(Field).value == "d"
        page.set_focus(None)
        await pilot.press("d", "g")
        assert page.chosen == ["Disable 2FA"]


async def test_help_tells_the_keys_of_the_page_and_closes_again():
    async with alone(Busy()) as (app, pilot):
        await pilot.press("f1")
        await settle(pilot)
        shown = text_of(screen_cells(app))
        assert "This page takes its time." in shown
        assert "Disable 2FA" in shown
        assert "ctrl+q" in shown
        assert "Grave" not in shown
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, Busy)


async def test_a_question_mark_is_text_in_a_field_and_help_elsewhere():
    async with alone(Busy()) as (app, pilot):
        await pilot.press("?")
        assert app.screen.query_one(Field).value == "?"
        app.screen.set_focus(None)
        await pilot.press("?")
        await settle(pilot)
        assert isinstance(app.screen, Help)


async def test_the_palette_offers_what_is_ours_and_what_the_page_does():
    async with alone(Busy()) as (app, pilot):
        app.suit(Peer("203.0.113.7", None, None, "ada", (80, 24), "xterm-256color"))
        await pilot.press("ctrl+p")
        await settle(pilot)
        assert isinstance(app.screen, Palette)
        shown = text_of(screen_cells(app))
        for offered in ("Disable 2FA", "Colours: light", "Help", "Leave"):
            assert offered in shown
        assert "creenshot" not in shown
        await pilot.press("ctrl+p", *"dis", "enter")
        await settle(pilot)
        assert app.answers == ["disabled"]


async def test_the_palette_moves_its_bar_while_it_is_typed_in():
    async with alone(Busy()) as (app, pilot):
        app.suit(Peer("203.0.113.7", None, None, "ada", (80, 24), "xterm-256color"))
        await pilot.press("ctrl+p", *"colours", "down", "down", "enter")
        await settle(pilot)
        assert app.colours is Colours.PLAIN
        await pilot.press("ctrl+p", *"dark", "enter")
        await settle(pilot)
        assert app.colours is Colours.DARK


async def test_a_command_that_nothing_matches_does_nothing():
    async with alone(Busy()) as (app, pilot):
        await pilot.press("ctrl+p", *"zzz", "enter")
        await settle(pilot)
        assert isinstance(app.screen, Palette)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [(["enter"], False), (["escape"], False), (["n"], False), (["y"], True), (["down", "enter"], True)],
)
async def test_a_question_has_no_in_front(keys: list[str], answer: bool):
    async with alone(Confirm("Disable 2FA?", "Anyone with your password can then sign in.", yes="Disable 2FA")) as (
        app,
        pilot,
    ):
        await pilot.press(*keys)
        await settle(pilot)
        assert app.answers == [answer]


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_a_message_is_read_and_left(key: str):
    async with alone(Message("You are signed out", "Your session was ended elsewhere.")) as (app, pilot):
        await pilot.press(key)
        await settle(pilot)
        assert app.answers == [None]


async def test_nothing_on_a_page_can_be_selected_or_clicked():
    async with alone(Bench(Field("Name"), PasswordField())) as (app, pilot):
        await pilot.mouse_down(offset=(6, 2))
        await pilot.hover(offset=(20, 4))
        await pilot.mouse_up(offset=(20, 4))
        await settle(pilot)
        assert app.screen.get_selected_text() in {None, ""}
        assert app.screen.ALLOW_SELECT is False
        assert "]52;" not in app.wire


@pytest.mark.parametrize(
    ("term", "colour_term", "no_colour", "expected"),
    [
        ("xterm-256color", "truecolor", False, Colours.DARK),
        ("xterm-256color", "", False, Colours.DARK),
        ("linux", "", False, Colours.SIXTEEN),
        ("xterm", "", False, Colours.SIXTEEN),
        ("dumb", "", False, Colours.PLAIN),
        ("vt100", "", False, Colours.PLAIN),
        ("", "", False, Colours.PLAIN),
        ("xterm-256color", "truecolor", True, Colours.PLAIN),
    ],
)
async def test_an_app_suits_the_terminal_that_it_is_shown_on(
    term: str, colour_term: str, no_colour: bool, expected: Colours
):
    async with alone(Bench(Field("Name"))) as (app, pilot):
        app.suit(Peer("203.0.113.7", None, None, "ada", (80, 24), term, colour_term, no_colour))
        await settle(pilot)
        assert app.colours is expected
        app.recorder.written.clear()
        app.refresh(layout=True)
        app.screen.refresh()
        await settle(pilot)
        if expected is Colours.PLAIN:
            assert "38;" not in app.wire
            assert "48;" not in app.wire
        elif expected is Colours.SIXTEEN:
            assert "38;2" not in app.wire
            assert "38;5" not in app.wire
        elif not colour_term:
            assert "38;5" in app.wire
            assert "38;2" not in app.wire


def test_a_local_peer_is_local():
    peer = local_peer("ada", {"TERM": "xterm-256color", "COLORTERM": "truecolor"})
    assert (peer.source, peer.depth, peer.fingerprint) == ("local", "truecolor", None)


def test_ctrl_c_says_how_to_leave_and_ctrl_q_leaves():
    with TerminalUser([sys.executable, "-m", "tests.terminal.desk"]) as person:
        person.see("Sign in with token")
        person.settle()
        person.type("\x03")
        person.see("ctrl+q leaves.")
        person.type("\x11")
        assert person.leave() == 0
        assert person.raw.rstrip().endswith(b"answers []")
        assert b"\x1b[?1000h" not in person.raw, "no mouse is asked for"


def test_the_kit_uses_only_private_names_that_textual_still_has():
    for owner, names in {
        App: [
            "_display",
            "_press_keys",
            "_broker_event",
            "_build_driver",
            "_handle_exception",
            "_fatal_error",
            "_log",
            "_print_error_renderables",
            "_set_pointer_shape",
            "_close_messages_no_wait",
            "_on_app_blur",
            "_on_app_focus",
        ],
    }.items():
        for name in names:
            assert hasattr(owner, name), name
            assert getattr(TerminalApp, name) is not getattr(owner, name) or name.startswith("_close"), name
    assert "event" in inspect.signature(App.on_event).parameters


def test_every_crash_has_an_id_of_its_own():
    app = Alone()
    app._handle_exception(ValueError("x"))
    first = app._crashed_as
    app._handle_exception(ValueError("y"))
    assert app._crashed_as == first
    other = Alone()
    other._handle_exception(ValueError("x"))
    assert other._crashed_as != first
