"""The journey through a case: each act, step by step."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from textual.app import App

from core.cases import TEXT_LIMIT
from core.staff import Right
from core.terminal.screens.message import Message
from core.terminal.widgets.notice import Tone
from core.use_cases.desk_decisions import Approved, Verified
from core.use_cases.desk_view import Contact, StaffCase
from core.use_cases.outcomes import Busy, Done, NotNow
from core.use_cases.words import moment
from support_console.act_page import ActPage, Asked
from support_console.ask import ask
from support_console.calls import act, call, look
from support_console.case.acts import Named
from support_console.case.contact import ContactScreen
from support_console.case.route import RouteScreen
from support_console.case.screen import CaseScreen
from support_console.news import NOTHING, News, refusal_news
from support_console.reader import Part, Reader
from support_console.session import Here

REFERENCE = Asked("reference", "Case reference", note="type it as it stands above", limit=40)
REASON = Asked("reason", "Reason", note="it becomes part of the record", lines=3, limit=TEXT_LIMIT)
TOLD_REASON = Asked("reason", "Reason", note="the claimant and the owner are told", lines=3, limit=TEXT_LIMIT)


async def case_journey(
    app: App[Any], here: Here, reference: str, open_account: Callable[[str], Awaitable[None]]
) -> None:
    """One case, until the person goes back."""
    case = await call(here.services.desk.case, here.ticket, reference)
    match case:
        case StaffCase():
            screen = CaseScreen(here, case, partial(carry_out, app, here), open_account)
            await ask(app, screen)
            await screen.looked()
            await look(here.services.desk.leave, here.ticket, reference)
        case NotNow(sentence=why):
            await ask(app, Message("This case cannot be shown", why, tone=Tone.WARNING))
        case Busy():
            pass
        case _:
            here.gone.set()


async def carry_out(app: App[Any], here: Here, named: Named, case: StaffCase) -> News | None:
    """Do `named` with `case`; what came of it."""
    return await _JOURNEYS[named.right](app, here, case)


async def _claim(app: App[Any], here: Here, case: StaffCase) -> News | None:
    answer = await act(app, here, here.services.desk.claim, case.reference)
    if isinstance(answer, Done):
        return News("The case is yours for 15 minutes, longer while it is on your screen.")
    return refusal_news(here, answer)


async def _release(app: App[Any], here: Here, case: StaffCase) -> News | None:
    answer = await act(app, here, here.services.desk.release, case.reference)
    return News("The case is back in the queue.") if isinstance(answer, Done) else refusal_news(here, answer)


async def _page(app: App[Any], page: ActPage, done: str) -> News:
    answer = await ask(app, page)
    return News(NOTHING, Tone.CALM) if answer is None else News(done)


def _titled(what: str, case: StaffCase) -> str:
    return f"{what}   {case.reference}   {case.account_name}"


async def _message(app: App[Any], here: Here, case: StaffCase) -> News:
    desk = here.services.desk
    page = ActPage(
        here,
        desk.message,
        (case.reference,),
        Asked("text", "Message", note="ctrl+s sends it", lines=6, limit=TEXT_LIMIT),
        title=_titled("Message", case),
        why="The claimant reads it in the case. Never write codes, and never ask for a password.",
        yes="send",
        templates=desk.templates(),
    )
    return await _page(app, page, "The message is in the case.")


async def _ask(app: App[Any], here: Here, case: StaffCase) -> News:
    desk = here.services.desk
    missing = " ".join(each.missing[0] for each in case.routes if each.missing and each.possible)
    page = ActPage(
        here,
        desk.ask,
        (case.reference,),
        Asked("text", "Question", note="ctrl+s sends it", lines=6, limit=TEXT_LIMIT),
        title=_titled("Ask for evidence", case),
        why=f"The case waits for the owner until they answer. {missing}".strip(),
        yes="ask",
        templates=desk.templates(),
    )
    return await _page(app, page, "You asked; the case waits for the owner's answer.")


async def _record(app: App[Any], here: Here, case: StaffCase) -> News:
    page = ActPage(
        here,
        here.services.desk.record_person,
        (case.reference,),
        Asked("note", "How you identified them", note="where, by what; no numbers of documents", lines=4, limit=2000),
        title=_titled("Record evidence: in person", case),
        why="Record it only if you, yourself, saw the owner and identified them. It stands in the audit trail.",
        yes="record it",
    )
    return await _page(app, page, "The evidence is recorded.")


async def _verify(app: App[Any], here: Here, case: StaffCase) -> News | None:
    route = await ask(app, RouteScreen(here, case))
    if route is None:
        return News(NOTHING, Tone.CALM)
    answer = await act(app, here, here.services.desk.verify, case.reference, route)
    if not isinstance(answer, Verified):
        return refusal_news(here, answer)
    then = "Another person approves it now." if answer.people > 1 else "It can be approved now."
    return News(f"Ownership is verified by route {answer.kind.value}. {then}")


async def _approve(app: App[Any], here: Here, case: StaffCase) -> News:
    over = case.wait.over_at if case.wait is not None else None
    now = here.services.parts.clock()
    when = "now" if over is not None and over <= now else f"on {moment(over)}, by itself" if over else "after the wait"
    page = ActPage(
        here,
        here.services.desk.approve,
        (case.reference,),
        REFERENCE,
        title=_titled("Approve and complete", case),
        why=(
            f"{case.verifier or 'Somebody'} verified that {case.account_name} is the owner. If you approve, two-factor "
            f"goes off {when}; every session of the account ends. The owner can stop it until then."
        ),
        yes="approve",
    )
    answer = await ask(app, page)
    match answer:
        case Approved(completed=True):
            return News("Completed: two-factor is off, and the owner signs in with the password.")
        case Approved(over_at=at):
            return News(f"Approved. It completes by itself {f'on {moment(at)}' if at else 'after the wait'}.")
        case _:
            return News(NOTHING, Tone.CALM)


async def _reject(app: App[Any], here: Here, case: StaffCase) -> News:
    page = ActPage(
        here,
        here.services.desk.reject,
        (case.reference,),
        REFERENCE,
        TOLD_REASON,
        title=_titled("Reject", case),
        why="The case ends and nothing changes in the account. The claimant can open another one.",
        yes="reject",
    )
    return await _page(app, page, "The case is rejected.")


async def _freeze(app: App[Any], here: Here, case: StaffCase) -> News:
    page = ActPage(
        here,
        here.services.desk.freeze,
        (case.reference,),
        REASON,
        title=_titled("Freeze", case),
        why="Nothing moves in it any more, not even the wait, until a lead lets it go on.",
        yes="freeze",
    )
    return await _page(app, page, "The case is frozen.")


async def _unfreeze(app: App[Any], here: Here, case: StaffCase) -> News:
    page = ActPage(
        here,
        here.services.desk.unfreeze,
        (case.reference,),
        REASON,
        title=_titled("Unfreeze", case),
        why="The case is open again; the whole wait begins anew, with a new notice and a new stop code for the owner.",
        yes="unfreeze",
    )
    return await _page(app, page, "The case goes on; the wait begins anew.")


async def _reassign(app: App[Any], here: Here, case: StaffCase) -> News:
    page = ActPage(
        here,
        here.services.desk.reassign,
        (case.reference,),
        Asked("to", "To", note="the name of an agent or lead", limit=64),
        title=_titled("Reassign", case),
        why="The case is theirs for 8 hours, whoever has it now.",
        yes="reassign",
    )
    return await _page(app, page, "The case has a new agent.")


async def _unmask(app: App[Any], here: Here, case: StaffCase) -> News | None:
    answer = await act(app, here, here.services.desk.unmask, case.reference)
    if not isinstance(answer, Contact):
        return refusal_news(here, answer)
    await ask(app, ContactScreen(here, case, answer))
    return None


async def _export(app: App[Any], here: Here, case: StaffCase) -> News | None:
    answer = await act(app, here, here.services.desk.export, case.reference)
    if not isinstance(answer, str):
        return refusal_news(here, answer)
    await ask(app, Reader(here, _titled("Export", case), Part(answer.splitlines())))
    return None


_JOURNEYS: dict[Right, Callable[[App[Any], Here, StaffCase], Awaitable[News | None]]] = {
    Right.CLAIM: _claim,
    Right.RELEASE: _release,
    Right.MESSAGE: _message,
    Right.ASK: _ask,
    Right.RECORD: _record,
    Right.VERIFY: _verify,
    Right.APPROVE: _approve,
    Right.REJECT: _reject,
    Right.FREEZE: _freeze,
    Right.UNFREEZE: _unfreeze,
    Right.REASSIGN: _reassign,
    Right.UNMASK: _unmask,
    Right.EXPORT: _export,
}
