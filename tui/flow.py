"""The journey of the account app: from the first screen to signed in, to Settings, and back."""

import asyncio
from collections.abc import Callable
from typing import Any, assert_never

from textual.app import App

from core.accounts import Account
from core.apps.looks import Looks
from core.errors import StorageError
from core.origin import Origin
from core.services import Services
from core.sessions import SessionKind
from core.terminal.offload import offload_quietly
from core.terminal.theme import Colours
from core.terminal.until import Cut, until
from core.terminal.widgets.notice import Tone
from core.use_cases.claimant import RECOVERY_DONE
from core.use_cases.outcomes import Over
from core.use_cases.sign_in import SignedIn
from tui.account.confirm_address import confirm_journey
from tui.account.flow import end_case, settings_journey
from tui.calls import call, look
from tui.first.screen import FirstScreen, WayOn
from tui.forgot.ask import AskCodeScreen
from tui.forgot.reset import ResetScreen
from tui.recovery.draft import Draft, Unsent
from tui.recovery.flow import Doorway, Entered, case_journey
from tui.session import Ended, Here, Presence, why_ended
from tui.sign_in.flow import Again, SigningIn
from tui.sign_in.probation import InProbation, ProbationScreen
from tui.sign_up.screen import SignUpScreen
from tui.stop.flow import stop_journey
from tui.two_factor.flow import enable_journey
from tui.words import mail_place, span

VISITOR_LOOK_EVERY = 60.0
"""Seconds between two looks at whether somebody who has not signed in is still there: nothing waits for it to the second."""
NOT_ENDED = "You left, but the database did not answer: your session ends by itself after a while without a key."
FROM_ELSEWHERE = (
    "This session was ended from elsewhere. If that was not you: sign in, look at Activity, and change your password."
)
LEFT_CASE = (
    "You left your case. Password and return code lead back to it; mail to a confirmed address tells you when support "
    "writes or decides."
)
KEPT = "What you wrote and did not send is kept here for when you come back."
RESET = "Your new password is set, and every session has ended. Sign in with it."


class AccountJourney:
    """One person at one terminal, from the first screen on; `run` returns only when the app ends."""

    def __init__(
        self,
        app: App[Any],
        first: FirstScreen,
        services: Services,
        origin: Origin,
        presence: Presence,
        *,
        guess: str = "",
        known_to: Callable[[str | None], None],
        has_clerk: bool = False,
    ) -> None:
        self._app = app
        self._first = first
        self._services = services
        self._origin = origin
        self._clock = services.parts.clock
        self._presence = presence
        self._looks = Looks(presence, self._clock, has_clerk=has_clerk)
        self._guess = guess
        self._known_to = known_to
        self._unsent = Unsent()
        self.here: Here | None = None
        """Who is signed in now."""

    async def run(self) -> None:
        """Take every way on that is chosen, one after the other."""
        owner = await look(self._services.sign_in.hint, self._origin)
        name = owner if isinstance(owner, str) else ""
        self._first.meet(self._origin, name or None)
        while True:
            way = await self._first.chosen()
            self._first.say("")
            arrived = await until(self._go(way, name), self._idles())
            if isinstance(arrived, Cut):
                await self._close()
                self._first.say(self._cut(arrived.why), Tone.WARNING)
            elif arrived is not None:
                await self._stay(arrived, is_new=way is WayOn.SIGN_UP)

    async def _go(self, way: WayOn, name: str) -> SignedIn | Entered | None:
        match way:
            case WayOn.SIGN_IN:
                return await self._sign_in(name)
            case WayOn.SIGN_UP:
                return await self._sign_up()
            case WayOn.FORGOT:
                return await self._forgot(name)
            case WayOn.STOP:
                await stop_journey(self._app, self._services, self._origin)
                return None
            case _:
                assert_never(way)

    async def _idles(self) -> Ended:
        """Return when nobody was there for as long as a screen before sign-in stays open, or it was open for too long."""
        settings = self._services.settings
        began = last = self._clock()
        while True:
            await asyncio.sleep(VISITOR_LOOK_EVERY)
            now = self._clock()
            if self._presence.take():
                last = now
            elif now - last >= settings.visitor_idle:
                return Ended.IDLE
            if now - began >= settings.visitor_session:
                return Ended.LIMIT

    def _cut(self, why: Ended) -> str:
        settings = self._services.settings
        if why is Ended.IDLE:
            return f"Nothing was typed for {span(settings.visitor_idle)}, so what was begun here was closed."
        return (
            f"Without a sign-in a screen stays open for {span(settings.visitor_session)}, so it was closed. Begin anew."
        )

    async def _close(self) -> None:
        """Take every screen away but the first."""
        while self._app.screen is not self._first:
            await self._app.pop_screen()

    async def _sign_in(self, name: str, again: Again = Again()) -> SignedIn | Entered | None:  # noqa: B008  # frozen
        signing_in = SigningIn(self._app, self._services, self._origin, guess=self._guess)
        return await signing_in.sign_in(name, again)

    async def _sign_up(self) -> SignedIn | None:
        return await self._app.push_screen_wait(
            SignUpScreen(
                self._services.sign_up,
                self._origin,
                self._clock,
                password_min=self._services.settings.password_min,
            )
        )

    async def _forgot(self, name: str) -> SignedIn | Entered | None:
        services = self._services
        while True:
            asked = await self._app.push_screen_wait(
                AskCodeScreen(services.forgotten, self._origin, self._clock, name=name)
            )
            if asked is None:
                return None
            done = await self._app.push_screen_wait(
                ResetScreen(
                    services.forgotten,
                    services.sign_up,
                    self._origin,
                    self._clock,
                    name=asked,
                    mail_place=mail_place(services.settings),
                    password_min=services.settings.password_min,
                )
            )
            if done is not None:
                return await self._sign_in(asked, Again(RESET, Tone.GOOD))
            name = asked

    async def _stay(self, arrived: SignedIn | Entered, *, is_new: bool) -> None:
        """The part behind a session: whatever ends it, every screen of it closes and the first one says why."""
        name = arrived.account.name if isinstance(arrived, SignedIn) else arrived.view.account_name
        here = Here(self._services, self._origin, arrived.ticket, arrived.session, name)
        self.here = here
        if isinstance(arrived, SignedIn) and arrived.account.theme:
            self._wear(arrived.account.theme)
        self._known_to(here.session.id)
        try:
            left = await until(self._inside(here, arrived, is_new=is_new), self._watch(here))
        finally:
            self.here = None
            self._known_to(None)
        await self._close()
        self._first.ways.at = 0
        ended = left.why if isinstance(left, Cut) else Ended.SIGNED_OUT
        refused = await call(self._services.sign_in.sign_out, here.ticket) if ended is Ended.SIGNED_OUT else None
        if refused is not None:
            self._first.say(NOT_ENDED, Tone.WARNING)
        elif here.session.kind is SessionKind.CLAIMANT and ended is not Ended.SIGNED_OUT:
            farewell = await call(self._services.recovery.farewell, here.ticket)
            done = farewell == RECOVERY_DONE
            why = farewell if isinstance(farewell, str) else FROM_ELSEWHERE
            kept = f" {KEPT}" if self._unsent.text and not done else ""
            self._first.say(why + kept, Tone.GOOD if done else Tone.WARNING)
        else:
            self._first.say(*said(ended, here))

    async def _inside(self, here: Here, arrived: SignedIn | Entered, *, is_new: bool) -> None:
        app = self._app
        if not isinstance(arrived, SignedIn):
            await case_journey(app, here, arrived, self._unsent)
            return
        if is_new and arrived.account.address_confirmed_at is None:
            await confirm_journey(
                app, here, arrived.account.address, news="Your account is made, and you are signed in."
            )
        if here.session.kind is not SessionKind.PROBATION or await self._probation(here, arrived.account):
            await settings_journey(app, here)

    async def _probation(self, here: Here, account: Account) -> bool:
        """The first screen of a probation, until Settings comes next; False when nothing does."""
        app, draft = self._app, Draft(here.name)
        opened_here = account.probation is not None and account.probation.session == here.session.id
        while here.session.kind is SessionKind.PROBATION:
            match await app.push_screen_wait(ProbationScreen(here, account.probation, opened_here=opened_here)):
                case InProbation.ENABLE:
                    await enable_journey(app, here)
                case InProbation.SETTINGS:
                    return True
                case InProbation.NOT_ME:
                    await end_case(app, here)
                case InProbation.RECOVER:
                    doorway = Doorway(app, self._services, self._origin, here.ticket, draft)
                    entered = await doorway.pass_through()
                    if isinstance(entered, Entered):
                        here.renew(entered.ticket, entered.session)
                        await case_journey(app, here, entered, self._unsent)
                        return False
                    if isinstance(entered, Over):
                        here.gone.set()
                case _:
                    return False
        return True

    async def _watch(self, here: Here) -> Ended:
        """Return when the session has ended, and why; keys that are pressed meanwhile keep it from idling out."""
        sign_in = self._services.sign_in
        known = here.session.id
        while True:
            await self._looks.due(here.session, here.gone)
            if here.session.id != known:
                known = here.session.id
                self._known_to(known)
            ticket = here.ticket
            stirred = self._presence.take()
            try:
                session = await offload_quietly(sign_in.touch if stirred else sign_in.session, ticket)
            except StorageError:  # whether it lives is not known; every use case asks again anyway
                await self._looks.put_off(here.gone, stirred=stirred)
                continue
            if session is None and here.ticket is ticket:
                await asyncio.sleep(1)  # a change of security may just be handing over its new ticket
                if here.ticket is ticket:
                    return why_ended(here.session, self._clock())
            elif session is not None and here.ticket is ticket:
                here.session = session
                here.looked.set()

    def _wear(self, theme: str) -> None:
        wear = getattr(self._app, "wear", None)
        if wear is not None and theme in set(Colours):
            wear(Colours(theme))


def said(ended: Ended, here: Here) -> tuple[str, Tone]:
    """What the first screen says after the signed-in part."""
    match ended:
        case Ended.SIGNED_OUT:
            left_case = here.session.kind is SessionKind.CLAIMANT
            return LEFT_CASE if left_case else "You are signed out.", Tone.GOOD
        case Ended.IDLE:
            idle = span(here.session.idle)
            return f"Nothing was typed for {idle}, so you were signed out. Sign in again to go on.", Tone.WARNING
        case Ended.LIMIT:
            return "A session has an end, and yours was reached. Sign in again to go on.", Tone.WARNING
        case Ended.ELSEWHERE:
            return FROM_ELSEWHERE, Tone.WARNING
        case _:
            assert_never(ended)
