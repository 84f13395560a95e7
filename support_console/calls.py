"""How screens speak to the domain: off the event loop, and with a fresh token where a use case wants one."""

from collections.abc import Callable
from typing import Any, TypeVar

from textual.app import App

from core.apps.calls import call, look
from core.use_cases.outcomes import Busy, NeedsFresh, NotNow
from support_console.session import Here
from support_console.sign_in.fresh import FreshTokenScreen

__all__ = ["act", "call", "look"]

Answer = TypeVar("Answer")


async def act(
    app: App[Any], here: Here, use_case: Callable[..., Answer], *args: object, **kwargs: object
) -> Answer | NotNow | Busy | None:
    """What `use_case` answers to this session; wants it a fresh token, one is asked for and it is done again.

    None: no token was given, and nothing was done.
    """
    while True:
        answer = await call(use_case, here.ticket, *args, **kwargs)
        if not isinstance(answer, NeedsFresh):
            return answer
        if not await app.push_screen_wait(FreshTokenScreen(here)):
            return None
