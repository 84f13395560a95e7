"""A part whose every call is a unit of its own, as if one use case did nothing else."""

import functools
from typing import Any

from core.storage import Storage


class InUnits:
    def __init__(self, storage: Storage, part: Any) -> None:
        self._storage = storage
        self._part = part

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._part, name)

        @functools.wraps(method)
        def call(*args: Any, **kwargs: Any) -> Any:
            with self._storage.unit():
                return method(*args, **kwargs)

        return call
