"""The journey through an account: look at it, and do what may be done about it."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from textual.app import App

from core.staff import Right
from core.terminal.screens.message import Message
from core.terminal.widgets.notice import Tone
from core.use_cases.account_desk import AccountCard
from core.use_cases.outcomes import Busy, Done, NotNow
from support_console.account.card import CardScreen
from support_console.act_page import ActPage, Asked
from support_console.ask import ask
from support_console.calls import act, call
from support_console.news import NOTHING, News, refusal_news
from support_console.session import Here

REASON = Asked("reason", "Reason", note="it becomes part of the record", limit=200)


async def account_journey(
    app: App[Any], here: Here, account_id: str, open_case: Callable[[str], Awaitable[None]]
) -> None:
    """One account, until the person goes back."""
    card = await call(here.services.account_desk.card, here.ticket, account_id)
    match card:
        case AccountCard():
            await ask(app, CardScreen(here, card, partial(carry_out, app, here), open_case))
        case NotNow(sentence=why):
            await ask(app, Message("This account cannot be shown", why, tone=Tone.WARNING))
        case Busy():
            pass
        case _:
            here.gone.set()


async def carry_out(app: App[Any], here: Here, right: Right, card: AccountCard) -> News | None:
    """Do what `right` names with this account; what came of it."""
    return await _JOURNEYS[right](app, here, card)


async def _lock(app: App[Any], here: Here, card: AccountCard) -> News:
    desk, locked = here.services.account_desk, card.locked_at is not None
    page = ActPage(
        here,
        desk.unlock if locked else desk.lock,
        (card.account_id,),
        REASON,
        title=f"{'Unlock' if locked else 'Lock'} {card.name}",
        why=(
            "Whoever knows password and token can sign in again. Unlock it for whoever was found to be its owner."
            if locked
            else "Nobody can sign in to it, its sessions end now, and its owner gets a mail."
        ),
        yes="unlock" if locked else "lock",
    )
    done = "unlocked" if locked else "locked"
    answer = await ask(app, page)
    return News(NOTHING, Tone.CALM) if answer is None else News(f"The account is {done}.")


async def _void(app: App[Any], here: Here, card: AccountCard) -> News:
    page = ActPage(
        here,
        here.services.account_desk.void_backup_code,
        (card.account_id,),
        REASON,
        title=f"Void the backup code of {card.name}",
        why="A leaked code is worthless from now on. Two-factor stays on, and the owner is told to make a new one.",
        yes="make it void",
    )
    answer = await ask(app, page)
    return News(NOTHING, Tone.CALM) if answer is None else News("The backup code is void.")


async def _lift(app: App[Any], here: Here, card: AccountCard) -> News | None:
    answer = await act(app, here, here.services.account_desk.lift, card.account_id)
    return News("Every block of this account is lifted.") if isinstance(answer, Done) else refusal_news(here, answer)


async def _unmask(app: App[Any], here: Here, card: AccountCard) -> News | None:
    answer = await act(app, here, here.services.account_desk.unmask, card.account_id)
    if isinstance(answer, str):
        return News(f"The address is {answer}. The owner will read that you looked.", Tone.CALM)
    return refusal_news(here, answer)


_JOURNEYS: dict[Right, Callable[[App[Any], Here, AccountCard], Awaitable[News | None]]] = {
    Right.LOCK: _lock,
    Right.VOID_BACKUP_CODE: _void,
    Right.LIFT_BLOCKS: _lift,
    Right.UNMASK: _unmask,
}
