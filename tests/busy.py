"""A machine on which everybody else computes hashes."""

import contextlib
import os
from collections.abc import Iterator

from tests.world import World


@contextlib.contextmanager
def every_slot_taken(world: World) -> Iterator[None]:
    """Others compute on every core, and as many wait as may."""
    (world.settings.home / "slots").mkdir(mode=0o700, exist_ok=True)
    slots = world.services.parts.hasher._slots
    with contextlib.ExitStack() as taken:
        for kind, count in (("slot", slots._cores), ("queue", slots._places)):
            while (place := slots._free(kind, count)) is not None:
                taken.callback(os.close, place.held)
        yield
