"""Opening a case or an account: either leads to the other, so that neither journey knows the other's."""

from functools import partial
from typing import Any

from textual.app import App

from support_console.account.flow import account_journey
from support_console.case.flow import case_journey
from support_console.session import Here


async def open_case(app: App[Any], here: Here, reference: str) -> None:
    """One case, until the person goes back; its account opens above it."""
    await case_journey(app, here, reference, partial(open_account, app, here))


async def open_account(app: App[Any], here: Here, account_id: str) -> None:
    """One account, until the person goes back; its cases open above it."""
    await account_journey(app, here, account_id, partial(open_case, app, here))
