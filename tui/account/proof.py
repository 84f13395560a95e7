"""Asking again before security changes: the password, a token when 2FA is on, and in probation what switched it off."""

from collections.abc import Callable, Iterable
from typing import ClassVar, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalGroup
from textual.widget import Widget

from core.secret import Secret
from core.terminal.screens.page import Body, Page
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.code_field import BACKUP_CODE, LONG_CODE, TOKEN, CodeField
from core.terminal.widgets.field import Field
from core.terminal.widgets.password_field import PasswordField
from core.terminal.widgets.title import Title
from core.terminal.words import Words
from core.use_cases.outcomes import (
    ClockOff,
    FactorBroken,
    Invalid,
    Over,
    Proof,
    ProofRefused,
    TokenUsed,
    TokenWrong,
    WayNeeded,
    Wrong,
)
from tui.calls import call
from tui.outcome import Outcome, refuse
from tui.session import Here
from tui.words import WRONG_PASSWORD

Answer = TypeVar("Answer")

WRONG_EITHER = "The password or the code below it is not right. Type both again."
WITHOUT_IT = "Without it: sign in again and choose Recover your Account."
NO_CHANGE = "back, nothing has changed"


class ProofPage(Page[Answer]):
    """Shows again who one is and hands that to `use`; answers what `use` answers once it is no refusal."""

    HELP: ClassVar[str] = (
        "Whoever changes the security of an account shows again who they are, even when signed in: "
        "somebody else may have sat down at an open terminal."
    )
    OPTIONAL: ClassVar[frozenset[str]] = frozenset()
    """The ids of fields that may stay empty."""

    def __init__(
        self,
        here: Here,
        use: Callable[[Secret, Proof], Answer | ProofRefused] | None = None,
        *,
        title: str,
        why: str = "",
        step: str = "",
        go_on: str = "go on",
        asks_token: bool,
        password: str = "Your password",  # noqa: S107  # a label
        token: str = "Token",  # noqa: S107  # a label
    ) -> None:
        super().__init__()
        self._here, self._use = here, use
        self._heading, self._step, self._why, self._next = title, step, why, go_on
        self._asks_token, self._password, self._token = asks_token, password, token

    def compose(self) -> ComposeResult:
        yield Title(self._heading, self._step)
        with Body():
            if self._why:
                yield Words(self._why, classes="gap")
            yield from self.before()
            with VerticalGroup(id="proof"):
                yield PasswordField(self._password, id="password")
                if self._asks_token:
                    yield CodeField(self._token, form=TOKEN, id="token")
            yield Outcome(self._here.services.parts.clock)
            yield from self.after()
        yield BottomLine(left=[("esc", NO_CHANGE)], right=[("enter", self._next)])

    def before(self) -> Iterable[Widget]:
        """What else is asked, above the password."""
        return ()

    def after(self) -> Iterable[Widget]:
        """What else to know, below."""
        return ()

    async def ask(self, proof: Proof) -> Answer | ProofRefused:
        """Use `proof`."""
        assert self._use is not None
        return await call(self._use, self._here.ticket, proof)

    def lacking(self) -> bool:
        """Whether a field is empty that must not be; says so there."""
        for field in self.query(Field):
            if not field.value and field.id not in self.OPTIONAL:
                field.refuse(_EMPTY.get(field.id or "", "Type something here first."))
                return True
            if isinstance(field, CodeField) and not field.complete:
                field.refuse(field.form.lacking(len(field.value)))
                return True
        return False

    @work
    async def submit(self) -> None:
        self.query_one(Outcome).clear()
        if self.lacking():
            return
        token, way = self._code("token"), self._code("way")
        proof = Proof(
            self.query_one("#password", PasswordField).secret,
            token.value if token else "",
            Secret(way.value) if way else None,
        )
        with self.busy("checking"):
            answer = await self.ask(proof)
        if isinstance(answer, ProofRefused):
            await self.refuse(answer)
        else:
            self.wipe()
            self.dismiss(answer)

    async def refuse(self, refusal: ProofRefused) -> None:
        """Say what is wrong beside the field it is about; what must be typed anew is emptied, the rest stays."""
        password = self.query_one("#password", PasswordField)
        token, way = self._code("token"), self._code("way")
        if token is not None and not isinstance(refusal, Invalid | WayNeeded | Wrong):
            token.clear()
        match refusal:
            case Over():
                self._here.gone.set()
            case WayNeeded(by=by) if way is None:
                await self._ask_way(by)
            case Wrong():
                password.clear()
                password.refuse(WRONG_EITHER if way else WRONG_PASSWORD)
            case TokenWrong() | TokenUsed() | ClockOff() | FactorBroken() if token is not None:
                token.focus()
                refuse(self, refusal)
            case _:
                refuse(self, refusal)

    def wipe(self) -> None:
        """Empty every field."""
        for field in self.query(Field):
            field.clear()

    def on_unmount(self) -> None:
        """Nothing that was typed stays behind."""
        self.wipe()

    async def _ask_way(self, by: str) -> None:
        """Probation, in another session than the one that used the backup code or completed case."""
        if by == "backup_code":
            field = CodeField(
                "Backup Code", form=BACKUP_CODE, note="once more, since another session used it", id="way"
            )
        else:
            field = CodeField("Return code", form=LONG_CODE, note="of your recovery case, which is completed", id="way")
        await self.query_one("#proof").mount(field, Words(WITHOUT_IT, classes="quiet"))
        field.focus()

    def _code(self, name: str) -> CodeField | None:
        return next(iter(self.query(f"#{name}").results(CodeField)), None)


_EMPTY = {
    "password": "Type your password.",
    "token": "Type the six digits that your authenticator shows now.",
    "way": "Type the code.",
    "address": "Type the new address.",
}
