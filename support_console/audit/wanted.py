"""What the audit trail is searched for."""

from dataclasses import dataclass, field
from datetime import timedelta

from textual import work
from textual.app import ComposeResult

from core.audit import Event
from core.terminal.screens.page import Body
from core.terminal.widgets.bottom_line import BottomLine
from core.terminal.widgets.countdown import Countdown
from core.terminal.widgets.field import Field
from core.terminal.widgets.title import Title
from core.use_cases.outcomes import Over
from support_console.calls import call
from support_console.outcome import refuse
from support_console.page import DeskPage, warned
from support_console.session import Here


@dataclass(frozen=True, slots=True)
class Wanted:
    """Names and a reference as they were typed, and the ids that they stand for."""

    account: str = ""
    actor: str = ""
    case: str = ""
    event: Event | None = None
    days: int | None = None
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What is searched for, in a line; empty for everything."""
        said = []
        if self.account:
            said.append(f"about {self.account}")
        if self.actor:
            said.append(f"by {self.actor}")
        if self.case:
            said.append(f"in {self.case}")
        if self.event is not None:
            said.append(self.event.value)
        if self.days is not None:
            said.append(f"in the last {self.days} d")
        return ", ".join(said)

    @property
    def since(self) -> timedelta | None:
        """How far back."""
        return timedelta(days=self.days) if self.days is not None else None


class WantedScreen(DeskPage[Wanted]):
    """Five fields, each of which may stay empty."""

    HELP = (
        "Fill in what you know; enter in the last field searches. Empty fields want everything. The search is recorded."
    )

    def __init__(self, here: Here, before: Wanted) -> None:
        super().__init__(here)
        self._before = before

    def compose(self) -> ComposeResult:
        before = self._before
        yield Title("Search the audit trail", warned(self.here))
        with Body():
            yield Field("About the account", value=before.account, limit=64, note="its name", id="account")
            yield Field("Done by", value=before.actor, limit=64, note="a name of the staff, or of a member", id="actor")
            yield Field("In the case", value=before.case, limit=40, note="LW-…", id="case")
            yield Field(
                "What",
                value=before.event or "",
                limit=40,
                note="as in the list: case.approved, sign_in.done",
                id="event",
            )
            yield Field("Days back", value=str(before.days or ""), limit=5, id="days")
            yield Countdown(self.here.services.parts.clock, id="outcome")
        yield BottomLine(left=[("esc", "back"), ("f1", "help")], right=[("enter", "search")])

    @work
    async def submit(self) -> None:
        account, actor, case, what, days = (
            self.query_one(f"#{name}", Field) for name in ("account", "actor", "case", "event", "days")
        )
        named = what.value.strip().lower()
        if named and named not in set(Event):
            near = [each.value for each in Event if named.split(".")[0] in each.value][:4]
            what.refuse(f"There is no such event.{' Did you mean ' + ', '.join(near) + '?' if near else ''}")
            return
        far = days.value.strip()
        if far and not (far.isascii() and far.isdigit() and 0 < int(far) <= 36500):
            days.refuse("Type how many days back, as a number.")
            return
        with self.busy("searching"):
            ids = await call(
                self.here.services.audit_desk.ids,
                self.here.ticket,
                account=account.value,
                actor=actor.value,
                case=case.value,
            )
        match ids:
            case dict():
                event = Event(named) if named else None
                back = int(far) if far else None
                self.dismiss(Wanted(account.value.strip(), actor.value.strip(), case.value.strip(), event, back, ids))
            case Over():
                self.here.gone.set()
            case _:
                refuse(self, ids)
