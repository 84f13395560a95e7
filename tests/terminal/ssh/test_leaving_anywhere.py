"""A connection that is cut at any byte, on every screen of both apps, leaves nothing behind."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count, repeat
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
NEW_PASSWORD = "quiet turnips under a green moon"

NUMBERS = count()
"""Nobody has to wait for what somebody of the same name typed wrongly."""

FIRST = "Your account, from any terminal."
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
    Step(ESC + "\x1b[B", "this session"),
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
OPENING = (
    *FORM[:2],
    Step(f"It fell.{CTRL_S}", "Save your return code."),
    Step(f"c{ESC}", "Save it, then press s."),
    Step("s", "you opened the case"),
    Step("x", "Withdraw the case?"),
    Step("y", "The case has ended"),
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


BEFORE_SIGN_IN = (
    Step("s", "Which account is yours?"),
    Step(lambda: f"\x15nobody{next(NUMBERS)}\ta wrong password\r", "is not right"),
    Step(ESC, FIRST),
    Step("n", "Make an account"),
    Step("ada\tada@example.org\tshort\r", "! Use at least 15"),
    Step(ESC, FIRST),
    Step("?", "Everywhere"),
)
WITHOUT_PASSWORD = (
    Step("f", "Which account?"),
    Step("nobody\tnobody@example.org\r", "Code from the mail"),
    Step("0000", "0 0 0 0"),
    Step(f"0000\t{NEW_PASSWORD}\t{NEW_PASSWORD}", "••••"),
    Step("\r", "! That code is not right"),
    Step(ESC + ESC, FIRST),
    Step("x", "Stop what a notice told you of"),
    Step("0000\r", "!"),
    Step("\tr", "Restore your old device"),
    Step(lambda: f"nobody{next(NUMBERS)}\ta wrong password\t000000\r", "is not right"),
    Step(ESC + ESC, FIRST),
)


def _signed_in(name: str | Iterator[str], at: str) -> tuple[Step, ...]:
    """As somebody, or as the next of them each time."""
    names = repeat(name) if isinstance(name, str) else name
    return Step("s", "Which account is yours?"), Step(lambda: f"\x15{next(names)}\t{PASSWORD}\r", at)


async def test_leaving_any_screen_of_the_account_app_leaves_nothing_behind(tmp_path: Path) -> None:
    cuts = soak_count(4, 2000)
    home = prepare(tmp_path / "home")
    world = World(home, clock=WorldClock(system_clock() - LONG_AGO))
    office = Office(world, mia=Role.AGENT)
    world.person("ada")
    world.person("grace", two_factor=True)
    owners = [world.person(f"rosa{number}", two_factor=True).name for number in range(cuts // 6 + 2)]
    office.with_key("linus")
    world.clock.now = system_clock() - A_MOMENT_AGO
    case = office.open("linus")
    desk, mia = world.services.desk, office.sit_down("mia")
    assert desk.claim(mia, case.reference) == desk.ask(mia, case.reference, "Which bicycle is yours?") == Done()
    world.close()
    back = (
        Step("r", "Was it you who opened it?"),
        Step("c", "Back to your case"),
        Step(f"{case.return_code.reveal()}\r", "Case LW-"),
    )
    ways = (
        Way(BEFORE_SIGN_IN),
        Way(WITHOUT_PASSWORD),
        Way((*_signed_in("ada", "Two-factor"), *SETTINGS)),
        Way((*_signed_in("grace", "step 2 of 2"), *FORM)),
        Way((*_signed_in(iter(owners), "step 2 of 2"), *OPENING)),
        Way((*_signed_in("linus", "step 2 of 2"), *back, *CASE)),
    )
    with started(tmp_path, "tui", "--home", str(home), *SERVE) as server:
        await leave_anywhere(server, ways, cuts)


QUEUE = (
    Step("5", "No case waits here."),
    Step("1", "first answer"),
    Step("/ada", "/ ▌ ada"),
    Step("\r", "/   ada"),
    Step("c", "you"),
    Step("\r", "verify ownership"),
    Step("u", "ada@example.org"),
    Step(ESC, "verify ownership"),
    Step("g", "void the backup code"),
    Step("b", "Reason"),
    Step(ESC, "Nothing was done."),
    Step(ESC, "verify ownership"),
    Step(ESC, "Recovery cases"),
    Step("?", "Everywhere"),
)
WORK = (
    Step("/bob\r", "/   bob"),
    Step("\r", "verify ownership"),
    Step("c", "The case is"),  # yours, or back in the queue
    Step("m", "ctrl+s"),
    Step(f"We look into it.{ESC}", "verify ownership"),
    Step("e", "ctrl+s"),
    Step(f"Which bicycle is yours?{ESC}", "verify ownership"),
    Step("v", "No, go back"),
    Step("n", "verify ownership"),
    Step("x", "ctrl+s"),
    Step(f"No.{ESC}", "verify ownership"),
)
APPROVAL = (
    Step("/cyd\r", "/   cyd"),
    Step("\r", "approve and complete"),
    Step("a", "mia verified that", "Case reference"),
    Step("LW-AAAA-AAAA\r", "Type the reference"),
)
PLACES = (
    Step("g", "Accounts"),
    Step("a", "ada"),
    Step("da\r", "void the backup code"),
    Step(ESC, "Accounts"),
    Step(ESC, "Recovery cases"),
    Step("f", "Figures"),
    Step(ESC, "Recovery cases"),
    Step("o", "You are signed out."),
)
RECORDS = (
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
)


async def test_leaving_any_screen_of_the_support_console_leaves_nothing_behind(tmp_path: Path) -> None:
    home, later = prepare(tmp_path / "home"), Later(tmp_path / "seconds ahead")
    world = World(home, clock=WorldClock(system_clock() - LONG_AGO))
    office = Office(world)
    for name in ("mia", "jon", "lea", "sam", "kim"):
        office.hire(name, Role.LEAD, Role.ADMIN, Role.AUDITOR)
    for name in ("ada", "bob", "cyd"):
        world.person(name, two_factor=True)
    world.clock.now = system_clock() - A_MOMENT_AGO
    for name in ("ada", "bob"):
        office.mailed(office.open(name), name)
    verified = office.mailed(office.open("cyd"), "cyd")
    office.verify(verified, "mia")
    world.close()
    later.be(system_clock())

    def token(name: str) -> str:
        world.clock.now = later()
        return f"{world.token_for(name)}\r"

    def way(name: str, *steps: Step) -> Way:
        door = (Step(f"\x15{name}\t{PASSWORD}\r", "step 2 of 2"), Step(lambda: token(name), "Recovery cases"))
        return Way((*door, *steps), first="Password")

    ways = (
        way("mia", *QUEUE),
        way("jon", *WORK),
        way("lea", *APPROVAL, Step(f"\x15{verified.reference}", verified.reference)),
        way("sam", *PLACES),
        way("kim", *RECORDS),
    )
    command = (str(tmp_path / "seconds ahead"), "support_console", "--home", str(home), *SERVE)
    with started(tmp_path, "tests.whole.later", *command) as server:
        await leave_anywhere(
            server, ways, soak_count(4, 2000), between=lambda: later.pass_by(seconds=31)
        )  # a new token
