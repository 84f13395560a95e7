"""What may be written down about a failure: types and places, never a value."""

import sys
import traceback
from types import TracebackType
from typing import TypeVar

Failure = TypeVar("Failure", bound=BaseException)


def here(error: Failure) -> Failure:
    """`error`, which nobody raised, with the frames of whoever calls the caller of this."""
    trace: TracebackType | None = None
    for frame, line in traceback.walk_stack(sys._getframe(2)):  # noqa: SLF001  # the only door to one's own frames
        trace = TracebackType(trace, frame, frame.f_lasti, line)
    return error.with_traceback(trace)


def frames_of(error: BaseException) -> str:
    """The types of `error` and of what led to it, with `module:line` of every frame, innermost last."""
    said = []
    link: BaseException | None = error
    seen: set[int] = set()
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        frames = (
            f"{frame.f_globals.get('__name__', '?')}:{line}" for frame, line in traceback.walk_tb(link.__traceback__)
        )
        said.append(f"{type(link).__module__}.{type(link).__qualname__} at {' '.join(frames) or '?'}")
        inner = getattr(link, "error", None)
        link = inner if isinstance(inner, BaseException) else link.__cause__ or link.__context__
    return " from ".join(said)
