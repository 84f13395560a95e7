"""How screens speak to the domain: off the event loop, and a database or machine that is busy becomes a refusal."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from core.terminal.offload import offload, offload_quietly
from core.use_cases.answering import answered
from core.use_cases.outcomes import Busy, NotNow

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


async def call(use_case: Callable[Asked, Answer], *args: Asked.args, **kwargs: Asked.kwargs) -> Answer | NotNow | Busy:
    """What `use_case` answers; keys that are pressed meanwhile wait."""
    return await offload(answered, use_case, *args, **kwargs)  # type: ignore[arg-type]  # P inside P is beyond mypy


async def look(use_case: Callable[Asked, Answer], *args: Asked.args, **kwargs: Asked.kwargs) -> Answer | NotNow | Busy:
    """The same for what a timer sets off: no key waits for it."""
    return await offload_quietly(answered, use_case, *args, **kwargs)  # type: ignore[arg-type]  # likewise
