"""A connection that is cut at any byte, on every screen of both apps, leaves nothing behind."""

from datetime import timedelta
from pathlib import Path

from core.accounts import Role
from core.clock import system_clock
from core.home import prepare
from core.use_cases.outcomes import Done
from tests.office import Office
from tests.soak import soak_count
from tests.terminal.ssh.leaving import CTRL_S, ESC, Step, Way, leave_anywhere
from tests.terminal.ssh.server import started
from tests.whole.later import Later
from tests.world import PASSWORD, World, WorldClock

SERVE = ("serve", "--host", "127.0.0.1", "--port", "0")
LONG_AGO = timedelta(days=45)
A_MOMENT_AGO = timedelta(minutes=20)

FIRST = "Your account, from any terminal."
BEFORE_SIGN_IN = Way(
    (
        Step("s", "Which account is yours?"),
        Step("\x15nobody\ta wrong password\r", "is not right"),
        Step(ESC, FIRST),
        Step("n", "Make an account"),
        Step("ada\tada@example.org\tshort\r", "! Use at least 15"),
        Step(ESC, FIRST),
        Step("f", "Which account?"),
        Step("nobody\tnobody@example.org\r", "Code from the mail"),
        Step("0000", "0 0 0 0"),
        Step(ESC + ESC, FIRST),
        Step("x", "Stop what a notice told you of"),
        Step("0000\r", "!"),
        Step("\tr", "Restore your old device"),
        Step("nobody\ta wrong password\t000000\r", "is not right"),
        Step(ESC + ESC, FIRST),
        Step("?", "Everywhere"),
    )
)
SETTINGS = (
    Step("e", "Your password"),
    Step(f"{PASSWORD}\r", "Scan the code"),
    Step("f", "any key"),
    Step(ESC, "Scan the code"),
    Step("\t000000\r", "!"),
    Step(ESC, "Nothing has changed"),
    Step("p", "The same again"),
    Step(f"short\r{ESC}", "Settings"),
    Step("a", "New address"),
    Step(f"nobody@example{ESC}", "Settings"),
    Step(ESC + "\x1b[B", "signed in here only"),
    Step("\x1b[B", "No key was offered here."),
    Step("\x1b[B", "signed"),
    Step("\x1b[B", "Light"),
    Step("?", "Everywhere"),
    Step(ESC + "o", FIRST),
)
FORM = (
    Step("r", "Open a case"),
    Step("o", "What happened to the device?"),
    Step(f"It fell into the weir.\tring the bell\tI made it in January.{ESC}", "Go on with what you wrote"),
    Step(ESC, "step 2 of 2"),
)
CASE = (
    Step("m", "Send a code"),
    Step("00000000\r", "! "),
    Step(ESC, "Case LW-"),
    Step("k", "ssh -i KEY"),
    Step(ESC, "Case LW-"),
    Step("x", "Withdraw the case?"),
    Step("n", "Case LW-"),
    Step("?", "Everywhere"),
    Step(f"{ESC}w", "your words are kept"),
    Step("The red one.\x1b[200~with a basket\x1b[201~", "with a basket"),
    Step(CTRL_S, "Sent."),
)


def _signed_in(name: str, at: str) -> tuple[Step, ...]:
    return Step("s", "Which account is yours?"), Step(f"\x15{name}\t{PASSWORD}\r", at)


async def test_leaving_any_screen_of_the_account_app_leaves_nothing_behind(tmp_path: Path) -> None:
    home = prepare(tmp_path / "home")
    world = World(home, clock=WorldClock(system_clock() - LONG_AGO))
    office = Office(world, mia=Role.AGENT)
    world.person("ada")
    for owner in ("grace", "rosa"):
        world.person(owner, two_factor=True)
    office.with_key("linus")
    world.clock.now = system_clock() - A_MOMENT_AGO
    case = office.open("linus")
    desk, mia = world.services.desk, office.sit_down("mia")
    assert desk.claim(mia, case.reference) == desk.ask(mia, case.reference, "Which bicycle is yours?") == Done()
    world.close()
    back = (
        Step("r", "Was it you who opened it?"),
        Step("c", "Back to your case"),
        Step(f"{case.return_code.reveal()}\r", "Case LW-", "Which bicycle is yours?"),
    )
    opening = (
        Step(f"It fell.{CTRL_S}", "Save your return code."),
        Step(f"c{ESC}", "Save it, then press s."),
        Step("s", "you opened the case"),
        Step("x", "Withdraw the case?"),
        Step("y", "The case has ended"),
    )
    ways = (
        BEFORE_SIGN_IN,
        Way((*_signed_in("ada", "Two-factor"), *SETTINGS)),
        Way((*_signed_in("grace", "step 2 of 2"), *FORM)),
        Way((*_signed_in("linus", "step 2 of 2"), *back, *CASE)),
    )
    with started(tmp_path, "tui", "--home", str(home), *SERVE) as server:
        await leave_anywhere(server, [Way((*_signed_in("rosa", "step 2 of 2"), *FORM[:2], *opening))], 0)
        await leave_anywhere(server, ways, soak_count(4, 2000))


class _Token(Step):
    """The token of somebody whose app shows the next one every time: each counts once."""

    def __init__(self, world: World, later: Later, name: str) -> None:
        super().__init__("", "Recovery cases")
        self._world, self._later, self._name = world, later, name

    def keys(self) -> bytes:
        self._later.pass_by(seconds=31)
        self._world.clock.now = self._later()
        return self._world.token_for(self._name).encode() + b"\r"


CONSOLE = (
    Step("5", "No case waits here."),
    Step("1", "first answer"),
    Step("/ada", "/ ▌ ada"),
    Step("\r", "/   ada"),
    Step("c", "you"),
    Step("\r", "verify ownership"),
    Step("m", "ctrl+s"),
    Step(f"We look into it.{ESC}", "verify ownership"),
    Step("e", "ctrl+s"),
    Step(f"Which bicycle is yours?{ESC}", "verify ownership"),
    Step("v", "No, go back"),
    Step("n", "verify ownership"),
    Step("x", "ctrl+s"),
    Step(f"No.{ESC}", "verify ownership"),
    Step("u", "ada@example.org"),
    Step(ESC, "verify ownership"),
    Step("g", "void the backup code"),
    Step("b", "Reason"),
    Step(ESC, "Nothing was done."),
    Step(ESC, "verify ownership"),
    Step(ESC, "Recovery cases"),
    Step("g", "Accounts"),
    Step("a\r", "LW-"),
    Step("\r", "void the backup code"),
    Step(ESC, "Accounts"),
    Step(ESC, "Recovery cases"),
    Step("f", "Figures"),
    Step(ESC, "Recovery cases"),
    Step("t", "Everything, newest first."),
    Step("/", "Search the audit trail"),
    Step(f"ada{ESC}", "Everything, newest first."),
    Step(ESC, "Recovery cases"),
    Step("s", "give a role"),
    Step("i", "Invite somebody as"),
    Step(ESC, "give a role"),
    Step("r", "Give"),
    Step(ESC, "give a role"),
    Step(ESC, "Recovery cases"),
    Step("?", "Everywhere"),
    Step(ESC, "Recovery cases"),
    Step("o", "You are signed out."),
)


async def test_leaving_any_screen_of_the_support_console_leaves_nothing_behind(tmp_path: Path) -> None:
    home, later = prepare(tmp_path / "home"), Later(tmp_path / "seconds ahead")
    world = World(home, clock=WorldClock(system_clock() - LONG_AGO))
    office = Office(world)
    office.hire("mia", Role.LEAD, Role.ADMIN, Role.AUDITOR)
    office.owner("ada")
    world.clock.now = system_clock() - A_MOMENT_AGO
    office.mailed(office.open("ada"), "ada")
    world.close()
    later.be(system_clock())
    door = (Step(f"\x15mia\t{PASSWORD}\r", "step 2 of 2"), _Token(world, later, "mia"))
    way = Way((*door, *CONSOLE), first="Password")
    command = (str(tmp_path / "seconds ahead"), "support_console", "--home", str(home), *SERVE)
    with started(tmp_path, "tests.whole.later", *command) as server:
        await leave_anywhere(server, [way], soak_count(4, 500))  # one after the other: some hours for more
