"""The journey of signing in: the password, then the second factor, or what stands in for it."""

from dataclasses import dataclass
from typing import Any

from textual.app import App

from core.origin import Origin
from core.services import Services
from core.terminal.widgets.notice import Tone
from core.use_cases.outcomes import NotNow, Over, TokenWrong
from core.use_cases.sign_in import SignedIn, TokenNeeded
from tui.ask import ask
from tui.recovery.draft import Draft
from tui.recovery.flow import Doorway, Entered
from tui.sign_in.backup_code import BackupCodeScreen
from tui.sign_in.password import PasswordScreen
from tui.sign_in.second_factor import Instead, SecondFactorScreen

EXPIRED = "A sign-in is open for 5 minutes and this one has ended. Begin again with your password."
EXPIRED_WRITING = (
    "A sign-in is open for 5 minutes and this one has ended. What you wrote is kept: type your password to go on."
)
THREE_WRONG = "Three wrong tokens end a sign-in. Begin again with your password."


@dataclass(frozen=True, slots=True)
class Again:
    """The password is asked again, and why; nothing when the person went back."""

    note: str = ""
    tone: Tone = Tone.WARNING


class SigningIn:
    """One person at the password step, until they are signed in, in a recovery case, or gone back."""

    def __init__(self, app: App[Any], services: Services, origin: Origin, *, guess: str = "") -> None:
        self._app, self._services, self._origin, self._guess = app, services, origin, guess
        self._draft = Draft("")

    async def sign_in(self, name: str, again: Again) -> SignedIn | Entered | None:
        """From the password on, as often as it takes; None for going back."""
        while True:
            step = await ask(
                self._app,
                PasswordScreen(
                    self._services.sign_in,
                    self._origin,
                    self._services.parts.clock,
                    name=name,
                    guess=self._guess,
                    note=again.note,
                    tone=again.tone,
                ),
            )
            if not isinstance(step, TokenNeeded):
                return step
            answer = await self._second_factor(step)
            if not isinstance(answer, Again):
                return answer
            name, again = step.name, answer

    async def _second_factor(self, step: TokenNeeded) -> SignedIn | Entered | Again:
        if self._draft.name != step.name:
            self._draft = Draft(step.name)
        instead: Instead | None = Instead.RECOVER if self._draft.cut_short else None
        while True:
            answer = await self._stand_in(step, instead) if instead else await self._token(step)
            if isinstance(answer, Instead):
                instead = answer
            elif answer is None and instead is None:
                return Again()
            elif answer is None:
                instead = None
            else:
                return self._judged(answer)

    async def _token(self, step: TokenNeeded) -> SignedIn | Instead | Over | TokenWrong | None:
        services = self._services
        return await ask(
            self._app,
            SecondFactorScreen(
                services.sign_in, step, self._origin, services.parts.clock, issuer=services.settings.issuer
            ),
        )

    async def _stand_in(self, step: TokenNeeded, instead: Instead) -> SignedIn | Entered | Over | NotNow | None:
        if instead is Instead.RECOVER:
            return await Doorway(self._app, self._services, self._origin, step.half, self._draft).pass_through()
        services = self._services
        return await ask(self._app, BackupCodeScreen(services.sign_in, step, self._origin, services.parts.clock))

    def _judged(self, answer: SignedIn | Entered | Over | TokenWrong | NotNow) -> SignedIn | Entered | Again:
        match answer:
            case TokenWrong():
                return Again(THREE_WRONG)
            case NotNow(sentence=said):
                return Again(said, Tone.GOOD)
            case Over():
                return Again(EXPIRED_WRITING if self._draft.cut_short else EXPIRED)
            case arrived:
                return arrived
