"""The journey of the console: the door, then the work, until the session ends, and why it did."""

from collections.abc import Callable
from typing import Any, assert_never

from textual.app import App

from core.accounts import Role
from core.apps.looks import Looks
from core.errors import StorageError
from core.origin import Origin
from core.services import Services
from core.staff import Right
from core.terminal.offload import offload_quietly
from core.terminal.presence import Presence
from core.terminal.theme import Colours
from core.terminal.until import Cut, until
from core.terminal.widgets.notice import Tone
from core.use_cases.console import Me, StaffIn
from core.use_cases.ended import Ended, why_ended
from core.use_cases.outcomes import NotNow, Over, TokenWrong
from core.use_cases.sign_in import TokenNeeded
from core.use_cases.words import span
from support_console.ask import ask
from support_console.calls import call, look
from support_console.queue.flow import queue_journey
from support_console.session import Here
from support_console.sign_in.door import Door
from support_console.sign_in.token import TokenScreen
from support_console.staff.flow import staff_journey

EXPIRED = "A sign-in is open for 5 minutes and this one has ended. Begin again with your password."
THREE_WRONG = "Three wrong tokens end a sign-in. Begin again with your password."
NOT_ENDED = "You left, but the database did not answer: your session ends by itself after a while without a key."
ELSEWHERE = "Your console session was ended: by you elsewhere, or because your role or your two-factor changed."


class ConsoleJourney:
    """One of the staff at one terminal, from the door on; `run` returns only when the app ends."""

    def __init__(
        self,
        app: App[Any],
        door: Door,
        services: Services,
        origin: Origin,
        presence: Presence,
        *,
        known_to: Callable[[str | None], None],
        has_clerk: bool = False,
    ) -> None:
        self._app = app
        self._door = door
        self._services = services
        self._origin = origin
        self._presence = presence
        self._looks = Looks(presence, services.parts.clock, has_clerk=has_clerk)
        self._known_to = known_to
        self.here: Here | None = None
        """Who is signed in now."""

    async def run(self) -> None:
        """Let in whoever may come in, one after the other."""
        owner = await look(self._services.sign_in.hint, self._origin)
        self._door.open(self._services.console, self._origin, owner if isinstance(owner, str) else "")
        while True:
            answer = await self._token(await self._door.passed())
            match answer:
                case StaffIn():
                    await self._stay(answer)
                case None:
                    pass
                case NotNow(sentence=why):
                    self._door.say(why)
                case TokenWrong():
                    self._door.say(THREE_WRONG)
                case Over():
                    self._door.say(EXPIRED)
                case _:
                    assert_never(answer)

    async def _token(self, step: TokenNeeded) -> StaffIn | Over | TokenWrong | NotNow | None:
        services = self._services
        return await ask(
            self._app,
            TokenScreen(services.console, step, self._origin, services.parts.clock, issuer=services.settings.issuer),
        )

    async def _stay(self, arrived: StaffIn) -> None:
        """The signed-in part: whatever ends it, every screen of it closes and the door says why."""
        me = await call(self._services.console.me, arrived.ticket)
        if not isinstance(me, Me):
            self._door.say(ELSEWHERE)
            return
        here = Here(
            self._services,
            self._origin,
            arrived.ticket,
            arrived.session,
            me.name,
            me.account,
            ", ".join(sorted(role.value for role in me.roles if role is not Role.MEMBER)),
            me.rights,
            me.warning,
        )
        self.here = here
        if arrived.account.theme in set(Colours):
            getattr(self._app, "wear", lambda _: None)(Colours(arrived.account.theme))
        self._known_to(here.session.id)
        try:
            left = await until(self._work(here), self._watch(here))
        finally:
            self.here = None
            self._known_to(None)
        while self._app.screen is not self._door:
            await self._app.pop_screen()
        ended = left.why if isinstance(left, Cut) else Ended.SIGNED_OUT
        refused = await call(self._services.console.sign_out, here.ticket) if ended is Ended.SIGNED_OUT else None
        self._door.say(*(said(ended, here) if refused is None else (NOT_ENDED, Tone.WARNING)))

    async def _work(self, here: Here) -> None:
        if here.may(Right.SEE_CASES):
            await queue_journey(self._app, here)
        else:
            await staff_journey(self._app, here)

    async def _watch(self, here: Here) -> Ended:
        """Return when the session has ended, and why; keys that are pressed meanwhile keep it from idling out."""
        console, clock = self._services.console, self._services.parts.clock
        while True:
            await self._looks.due(here.session, here.gone)
            stirred = self._presence.take()
            try:
                if stirred:
                    touched = await offload_quietly(console.touch, here.ticket)
                    here.session = touched or here.session
                me = await offload_quietly(console.me, here.ticket)
            except StorageError:  # whether it lives is not known; every use case asks again anyway
                await self._looks.put_off(here.gone, stirred=stirred)
                continue
            if isinstance(me, Over):
                return why_ended(here.session, clock())
            here.rights, here.warning = me.rights, me.warning


def said(ended: Ended, here: Here) -> tuple[str, Tone]:
    """What the door says after the signed-in part."""
    match ended:
        case Ended.SIGNED_OUT:
            return "You are signed out.", Tone.GOOD
        case Ended.IDLE:
            idle = span(here.session.idle)
            return f"Nothing was typed for {idle}, so the console locked. Sign in again to go on.", Tone.WARNING
        case Ended.LIMIT:
            return "A console session has an end, and yours was reached. Sign in again to go on.", Tone.WARNING
        case Ended.ELSEWHERE:
            return ELSEWHERE, Tone.WARNING
        case _:
            assert_never(ended)
