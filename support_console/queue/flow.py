"""The journey through the queue: what is asked for there opens above it, and coming back finds it as it was."""

from functools import partial
from typing import Any, assert_never

from textual.app import App

from support_console.account.find import FindScreen
from support_console.ask import ask
from support_console.audit.flow import audit_journey
from support_console.opening import open_account, open_case
from support_console.overview.screen import OverviewScreen
from support_console.queue.screen import QueueScreen
from support_console.queue.wishes import OpenCase, Place, Wished
from support_console.session import Here
from support_console.staff.flow import staff_journey


async def queue_journey(app: App[Any], here: Here) -> None:
    """The queue, until the person wants to sign out."""
    await ask(app, QueueScreen(here, partial(carry_out, app, here)))


async def carry_out(app: App[Any], here: Here, wished: Wished) -> None:
    """Go where one wants to go."""
    match wished:
        case OpenCase(reference=reference):
            await open_case(app, here, reference)
        case Place.ACCOUNTS:
            await ask(app, FindScreen(here, partial(open_account, app, here)))
        case Place.AUDIT:
            await audit_journey(app, here)
        case Place.FIGURES:
            await ask(app, OverviewScreen(here))
        case Place.STAFF:
            await staff_journey(app, here)
        case _:
            assert_never(wished)
