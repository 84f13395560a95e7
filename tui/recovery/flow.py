"""The journeys of a recovery: through the door into a case, and in the case."""

from functools import partial
from typing import Any, assert_never

from textual.app import App

from core.cases import Kind
from core.origin import Origin
from core.secret import Secret
from core.services import Services
from core.terminal.screens.confirm import Confirm
from core.terminal.screens.message import Message
from core.terminal.widgets.notice import Tone
from core.use_cases.case_view import CaseView
from core.use_cases.outcomes import Done, NotNow, Over
from core.use_cases.recovery_doors import RECOVERED, CameBack, CaseEnded, CaseOpened, CaseStands, FormNeeded
from tui.account.news import News, news_of
from tui.ask import ask
from tui.calls import call
from tui.recovery.case import CaseScreen
from tui.recovery.come_back import ComeBackPage
from tui.recovery.door import DoorPage, Way
from tui.recovery.draft import Draft, Unsent
from tui.recovery.form import FormPage
from tui.recovery.mail_code import MailCodePage
from tui.recovery.opened import OpenedPage
from tui.recovery.wishes import Wish
from tui.recovery.write import WritePage
from tui.session import Here
from tui.words import sentence

SENT = "Sent. Their answer comes here; mail to a confirmed address tells you that it did."

Entered = CaseOpened | CameBack
"""Into a case, with a claimant session."""


class Doorway:
    """Where Recover your Account leads: the password was shown, and a case may stand already."""

    def __init__(self, app: App[Any], services: Services, origin: Origin, door: Secret, draft: Draft) -> None:
        """`door`: what stands for the half-open sign-in, or for a session in probation."""
        self._app, self._services, self._origin, self._door, self._draft = app, services, origin, door, draft

    async def pass_through(self) -> Entered | Over | NotNow | None:
        """Into a case. None: back to where one came from. NotNow: the recovery was completed just now."""
        services = self._services
        while True:
            found = await call(services.recovery.look, self._door)
            if isinstance(found, Over) or found == RECOVERED:
                return found
            if not isinstance(found, FormNeeded | CaseStands):
                await ask(self._app, Message("Recover your Account", sentence(found), tone=Tone.WARNING))
                return None
            way = await self._way(found)
            if way is None:
                return None
            if way is Way.NOT_ME:
                return await self._stop()
            entered = await self._go(way)
            if entered is not None:
                return entered

    async def _way(self, found: FormNeeded | CaseStands) -> Way | None:
        """What is chosen; the form at once, when it was cut short."""
        cut_short, self._draft.cut_short = self._draft.cut_short, False
        if cut_short and isinstance(found, FormNeeded):
            return Way.OPEN
        parts = self._services.parts
        return await ask(self._app, DoorPage(found, parts.policy, parts.clock(), self._draft))

    async def _go(self, way: Way) -> Entered | Over | None:
        match way:
            case Way.RETURN:
                return await self._come_back()
            case Way.OPEN:
                return await self._open(replaces=False)
            case Way.CODE_LOST:
                meant = await ask(
                    self._app,
                    Confirm(
                        "Begin a new case?",
                        "The case that stands is withdrawn. The new one begins with no evidence, and its wait anew.",
                        yes="Begin a new case",
                    ),
                )
                return await self._open(replaces=True) if meant else None
            case _:
                return None

    async def _come_back(self) -> CameBack | Over | None:
        services, origin = self._services, self._origin
        come_back = partial(services.recovery.come_back, self._door, origin=origin)
        return await ask(self._app, ComeBackPage(come_back, services.parts.clock, name=self._draft.name))

    async def _open(self, *, replaces: bool) -> CaseOpened | Over | None:
        services = self._services
        open_case = partial(services.recovery.open, self._door, origin=self._origin, replaces=replaces)
        opened = await ask(self._app, FormPage(open_case, services.parts.clock, self._draft))
        self._draft.cut_short = isinstance(opened, Over)
        return opened

    async def _stop(self) -> Over | None:
        """It was not me: the case that stands is stopped; the sign-in goes on."""
        meant = await ask(
            self._app,
            Confirm(
                "Stop the case?",
                "It ends at once. For 30 days a mail code alone recovers nothing here, and a lead has to approve: "
                "that keeps whoever has your password out. If it was you after all, choose No.",
                yes="It was not me",
            ),
        )
        if not meant:
            return None
        ended = await call(self._services.recovery.not_me, self._door, self._origin)
        if isinstance(ended, Over):
            return ended
        if isinstance(ended, CaseEnded):
            await ask(self._app, Message("The case is stopped", *ended.sentences, tone=Tone.GOOD))
        else:
            await ask(self._app, Message("The case was not stopped", sentence(ended), tone=Tone.WARNING))
        return None


async def case_journey(app: App[Any], here: Here, entered: Entered, unsent: Unsent) -> None:
    """In a case, until the claimant leaves it; `unsent` holds what is written and not sent."""
    unsent.enter(entered.view.reference)
    if isinstance(entered, CaseOpened):
        await ask(app, OpenedPage(entered, here.services.parts.clock))
    await ask(app, CaseScreen(here, entered.view, InCase(app, here, unsent).carry_out))


class InCase:
    """What a claimant asks for in the case, carried out."""

    def __init__(self, app: App[Any], here: Here, unsent: Unsent) -> None:
        self._app, self._here, self._unsent = app, here, unsent

    async def carry_out(self, wish: Wish, view: CaseView) -> News | None:
        """Do what was asked for; what came of it, None when there is nothing to say."""
        match wish:
            case Wish.MAIL_CODE:
                done = await ask(self._app, MailCodePage(self._here))
                return None if done is None else News("The mail code is given as evidence.")
            case Wish.KEY:
                given = await call(self._here.services.recovery.give_key, self._here.ticket, self._here.origin)
                return news_of(self._here, given, "Your SSH key is given as evidence.")
            case Wish.HOW_TO_OFFER:
                await ask(self._app, Message("How to give your SSH key", *how_to_offer(view)))
                return None
            case Wish.WRITE:
                return await self._write(view)
            case Wish.WITHDRAW:
                return await self._withdraw()
            case Wish.LEAVE:
                return None
            case _:
                assert_never(wish)

    async def _write(self, view: CaseView) -> News | None:
        sent = await ask(self._app, WritePage(self._here, view.question, self._unsent))
        return News(SENT) if isinstance(sent, Done) else None

    async def _withdraw(self) -> News | None:
        meant = await ask(
            self._app,
            Confirm(
                "Withdraw the case?",
                "It ends, with its evidence and its wait. Nothing was changed. You can open another one: a withdrawn "
                "one does not count against the three in 30 days.",
                yes="Withdraw it",
            ),
        )
        if not meant:
            return None
        return news_of(self._here, await call(self._here.services.recovery.withdraw, self._here.ticket))


def how_to_offer(view: CaseView) -> tuple[str, ...]:
    """How to connect so that a registered key is proved."""
    said = next((each.sentence for each in view.offers if each.kind is Kind.KEY), "")
    return (
        said,
        "1  Leave with ctrl+q, your return code at hand.",
        "2  Connect with that key, and only it:\nssh -i KEY -o IdentitiesOnly=yes …",
        "3  Password, Recover your Account, I have the return code; then give it here.",
    )
