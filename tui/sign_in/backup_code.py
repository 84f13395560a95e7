"""The backup code in place of a token."""

from textual import getters, work
from textual.app import ComposeResult

from core.clock import Clock
from core.origin import Origin
from core.secret import Secret
from core.terminal.screens.confirm import Confirm
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.code_field import BACKUP_CODE, CodeField
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.outcomes import Over
from core.use_cases.sign_in import SignedIn, SignIn, TokenNeeded
from tui.calls import call
from tui.outcome import Outcome, refuse

WRONG = "That is not the backup code of this account. Compare it sign by sign; only the latest one counts."


class BackupCodeScreen(Page[SignedIn | Over | None]):
    """Asks for the backup code, and before it is spent whether that is meant."""

    HELP = (
        "The backup code is the one that was shown when you enabled two-factor authentication: 20 letters and digits "
        "in four groups of five. Capitals, spaces and hyphens do not matter, and O and 0, I, L and 1 are the same."
    )

    code = getters.query_one("#code", CodeField)

    def __init__(self, sign_in: SignIn, step: TokenNeeded, origin: Origin, clock: Clock) -> None:
        super().__init__()
        self._sign_in, self._step, self._origin, self._clock = sign_in, step, origin, clock

    def compose(self) -> ComposeResult:
        yield Title(f"Sign in as {self._step.name} with your backup code", step="step 2 of 2")
        with Body():
            yield Words(
                "It works once and switches two-factor off, so that you can set it up on a new device. "
                "Have that device ready.",
                classes="gap",
            )
            yield CodeField("Backup code", form=BACKUP_CODE, note="four groups of five letters and digits", id="code")
            yield Outcome(self._clock)
        yield BottomLine(left=[("esc", "back to the token"), ("?", "help")], right=[("enter", "go on")])

    @work
    async def submit(self) -> None:
        meant = await self.app.push_screen_wait(
            Confirm(
                "Use your backup code now?",
                "It works once and switches two-factor off; your other sessions end. Then you are led to set it up "
                "again: have the new device ready, and keep the code until two-factor is on again.",
                yes="Use it and sign in",
                no="Not now",
            )
        )
        if not meant:
            return
        with self.busy("checking"):
            answer = await call(self._sign_in.with_backup_code, self._step.half, Secret(self.code.value), self._origin)
        if isinstance(answer, SignedIn | Over):
            self.dismiss(answer)
            return
        self.code.focus()
        refuse(self, answer, wrong=WRONG)
