"""The journey of a backup code: made, shown once, saved, and one group of it typed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from textual.app import App

from core.secret import Secret
from core.sessions import Session
from core.terminal.screens.confirm import Confirm
from core.terminal.screens.message import Message
from core.terminal.widgets.notice import Tone
from core.use_cases.account_settings import Overview
from core.use_cases.outcomes import Busy, NotNow, Over
from tui.account.news import NOTHING_CHANGED, News, news_of
from tui.account.proof import ProofPage
from tui.ask import ask
from tui.backup_code.show import ShowCodePage
from tui.backup_code.type_group import TypeGroupPage
from tui.calls import call
from tui.session import Here
from tui.words import sentence

Finished = TypeVar("Finished")

TITLE = "New Backup Code"


@dataclass(frozen=True, slots=True)
class Step:
    """Where in a wizard a code is saved, and which."""

    title: str
    step: str
    enrolment: str
    code: Secret = field(repr=False)
    then: str = ""
    """What follows when the group is right."""


async def make_code(app: App[Any], here: Here, enrolment: str) -> Secret | Over | None:
    """A backup code for `enrolment`; None when the machine was too busy and the person would not wait."""
    while True:
        code = await call(here.services.two_factor.backup_code, here.ticket, enrolment)
        if not isinstance(code, Busy | NotNow):
            return code
        again = await ask(
            app,
            Confirm(
                "The Backup Code is not made yet", sentence(code), yes="Try again", no="Leave, nothing has changed"
            ),
        )
        if not again:
            return None


async def save_code(
    app: App[Any], here: Here, step: Step, finish: Callable[[Secret, str], Finished | Over]
) -> Finished | Over | None:
    """Show the code, hide it, ask for one group of it, and finish; None when the person left."""
    while True:
        saved = await ask(app, ShowCodePage(step.code, title=step.title, step=step.step))
        if not saved:
            return None
        index = await call(here.services.two_factor.ask_group, here.ticket, step.enrolment)
        if not isinstance(index, int):
            return Over() if isinstance(index, Over) else None
        page = TypeGroupPage(here, step.enrolment, index, finish, title=step.title, step=step.step, then=step.then)
        finished = await ask(app, page)
        if finished is not None:
            return finished


async def new_code_journey(app: App[Any], here: Here) -> News | None:
    """A new backup code; the old one counts until the new one is saved."""
    services = here.services
    overview = await call(services.account_settings.overview, here.ticket)
    if not isinstance(overview, Overview):
        return news_of(here, overview)
    page = ProofPage(
        here,
        services.two_factor.begin_new_code,
        title=TITLE,
        step="step 1 of 2",
        why="The code you have counts until the new one is saved.",
        asks_token=overview.account.two_factor_on,
    )
    begun = await ask(app, page)
    if begun is None:
        return NOTHING_CHANGED
    step = Step(TITLE, "step 2 of 2", begun.id, begun.code, "Continue makes it count, in place of the code you had.")
    match await save_code(app, here, step, services.two_factor.finish_new_code):
        case None:
            await call(services.two_factor.cancel, here.ticket)
            return News("Nothing has changed: the Backup Code you had still counts.", Tone.CALM)
        case Over():
            await say_ended(app, here)
            return None
        case _:
            return News("The new Backup Code counts; the old one does not work any more.")


async def say_ended(app: App[Any], here: Here) -> None:
    """Say that the wizard's work is gone; when the whole session is, its screens close and the first one says why."""
    here.gone.set()
    alive = await call(here.services.sign_in.session, here.ticket)
    if isinstance(alive, Session):
        await ask(
            app,
            Message(
                "This set-up has ended",
                "It was open for more than 30 minutes, or it was begun anew in another session of yours.",
                "Nothing has changed. If you scanned the code, delete its entry from your authenticator app.",
                tone=Tone.WARNING,
            ),
        )
