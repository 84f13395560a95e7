"""Everything that members typed is hostile: on every screen of the console it is shown, and that is all it does.

The texts are put behind the doors that would refuse them, straight into what is stored.
"""

from dataclasses import replace

from core.accounts import Account, Lock, Role
from core.audit import Event
from core.cases import CLAIMANT, Form, MomentKind, State, shown_reference
from core.origin import Origin
from core.staff import Right
from core.use_cases.desk_view import StaffCase
from support_console.app import ConsoleApp
from support_console.case.acts import ACTS
from support_console.case.flow import carry_out
from support_console.page import DeskPage
from tests.hostile import HOSTILE
from tests.office import Office
from tests.soak import soaking
from tests.support_console.agent import Agent, working
from tests.terminal.recorded import strangers
from tests.world import World

WORST = ("[@click=\"app.simulate_key('f9')\"]x[/]", "e" + "\u0301" * 10_000)
STORABLE = [text for text in (each.encode("utf-8", "ignore").decode() for each in (*WORST, *HOSTILE)) if text.strip()]
APPROVE = next(act for act in ACTS if act.right is Right.APPROVE)
OPENED = STORABLE if soaking() else [*STORABLE[: len(WORST)], *STORABLE[len(STORABLE) // 3 :: len(STORABLE) // 3][:2]]
"""Those whose own case and account are opened as well."""


def store(world: World, text: str) -> str:
    """An account of that name, whose case holds the text in every field and in its timeline; the reference."""
    parts = world.services.parts
    with parts.storage.unit():
        account_id = parts.accounts.new_id()
        account = parts.accounts.register(account_id, text, f"{text}@example.org", b"no hash")
        assert isinstance(account, Account), text
        parts.accounts.change(account, lock_reason=Lock.BY_STAFF.value, locked_at=world.clock())
        parts.audit.record(Event.ACCOUNT_LOCKED, text, account=account_id)
        account = parts.accounts.get(account_id)
        assert isinstance(account, Account)
        begun = parts.cases.open(account, Form(text, text, text), Origin(text), parts.policy, repeated=False)
        assert begun is not None
        for kind in (MomentKind.OPENED, MomentKind.MESSAGE, MomentKind.REJECTED):
            parts.case_file.note(begun.case, kind, CLAIMANT, text=text, detail=text)
        parts.audit.record(Event.CASE_OPENED, account=account_id, case=begun.case.id, source=text)
    return shown_reference(begun.case.reference)


def tell_all(world: World, reference: str) -> None:
    """Every text as a message in one case."""
    parts = world.services.parts
    with parts.storage.unit():
        case = parts.cases.by_reference(reference.removeprefix("LW-").replace("-", ""))
        assert case is not None
        for text in STORABLE:
            parts.case_file.note(case, MomentKind.MESSAGE, CLAIMANT, text=text)


def watched(agent: Agent) -> list[str]:
    """Every action that runs from now on."""
    acted: list[str] = []
    app = agent.app
    assert isinstance(app, ConsoleApp)
    run = app.run_action

    async def run_action(action, *args, **kwargs):
        acted.append(str(action))
        return await run(action, *args, **kwargs)

    app.run_action = run_action  # type: ignore[method-assign]
    return acted


def whole(agent: Agent, *anchors: str) -> None:
    """The screen has no more lines than before, with its title and its bottom line where they belong."""
    lines = agent.screen.splitlines()
    height = agent.app.size.height
    assert len(lines) <= height
    first, last = lines[0], lines[-1]
    assert anchors[0] in first, agent.screen
    assert anchors[1] in last, agent.screen


async def open_by_reference(agent: Agent, reference: str) -> None:
    """From the queue into one case."""
    await agent.press("slash", "ctrl+u")
    await agent.type(reference)
    await agent.finds(reference)
    for _ in range(60):
        if agent.screen.count("LW-") == 2:
            break
        await agent.pilot.pause(0.05)
    await agent.press("enter")  # into the list; one typed ahead would be let fall, as nobody had seen the list take it
    await agent.press("enter")
    await agent.finds(reference, "→")


async def approve_hostile(world: World, agent: Agent, reference: str) -> None:
    """The page that approves, for a case whose every word is hostile."""
    app = agent.app
    assert isinstance(app.screen, DeskPage)
    here = app.screen.here
    case = world.services.desk.case(here.ticket, reference, peek=True)
    assert isinstance(case, StaffCase)
    for text in WORST:
        app.run_worker(carry_out(app, here, APPROVE, replace(case, account_name=text, verifier=text)))
        await agent.finds("verified that", "Case reference")
        whole(agent, "Approve and complete", "approve")
        await agent.press("escape")
        await agent.finds("Recovery cases")


async def test_hostile_text_is_shown_and_does_nothing_on_every_screen(world: World, office: Office):
    references = [store(world, text) for text in STORABLE]
    tell_all(world, references[0])
    office.consoles.clear()
    async with working(world, "lea", size=(100, 30), recorded=True) as lea:
        acted = watched(lea)
        for _ in range(len(STORABLE) // 20 + 2):
            await lea.press("pagedown")
            whole(lea, "Recovery cases", "sign out")
        await open_by_reference(lea, references[0])
        for _ in range(60):
            await lea.press("pageup")
            whole(lea, references[0], "queue")
            if "opened the case" in lea.words:
                break
        await lea.press("escape")
        for text in OPENED:
            reference = references[STORABLE.index(text)]
            await open_by_reference(lea, reference)
            whole(lea, reference, "queue")
            for key in ("u", "m", "x", "v", "r", "z", "e"):
                await lea.press(key)
                if key == "u" and "A fresh token" in lea.words:
                    await lea.gives_token(world, "lea")
                if "→" not in lea.words:
                    await lea.press("escape")
                await lea.finds("→")
            await lea.press("question_mark", "escape", "ctrl+p", "escape", "g")
            await lea.finds("Account", "Locked")
            whole(lea, "Account", "back")
            for key in ("l", "b"):
                await lea.press(key)
                await lea.finds("esc back, nothing is done")
                whole(lea, "", "nothing is done")
                await lea.press("escape")
                await lea.finds("Locked")
            await lea.press("u", "tab", "pagedown", "escape", "escape")
            await lea.finds("Recovery cases")
        await approve_hostile(world, lea, references[0])
        await lea.press("g")
        for first in ("[", "w", "a", "u"):
            await lea.press("slash", "ctrl+u")
            await lea.type(first)
            await lea.pilot.pause(0.3)
            whole(lea, "Accounts", "open")
        await lea.press("escape")
        assert lea.app.is_running
        assert strangers(lea.wire.wire) == []
        assert not any(
            word in action for action in acted for word in ("simulate", "screenshot", "app.approve", "dismiss")
        )
    for reference in references:
        assert world.services.parts is not None
        with world.services.parts.storage.unit():
            case = world.services.parts.cases.by_reference(reference.removeprefix("LW-").replace("-", ""))
        assert case is not None
        assert case.state is State.OPEN


async def test_hostile_text_in_the_audit_trail(world: World, office: Office):
    for text in STORABLE:
        store(world, text)
    office.hire("olga", Role.AUDITOR)
    async with working(world, "olga", size=(100, 30), recorded=True) as olga:
        await olga.press("t")
        await olga.finds("Audit trail", "opened a recovery")
        for _ in range(len(STORABLE) // 20 + 2):
            await olga.press("pagedown")
            whole(olga, "Audit trail", "in full")
        for _ in range(4):
            await olga.press("up", "up", "up", "enter")
            await olga.finds("genuine")
            await olga.press("escape")
        await olga.press("j")
        await olga.finds("lines of JSON")
        await olga.press("pagedown", "end")
        whole(olga, "The audit trail", "help")
        await olga.press("escape", "escape")
        await olga.finds("Recovery cases", "LW-")
        await olga.press("enter")
        await olga.finds("j export")
        await olga.press("j")
        await olga.finds("Export", '"reference"')
        await olga.press("pagedown", "end")
        whole(olga, "Export", "help")
        assert olga.app.is_running
        assert strangers(olga.wire.wire) == []
