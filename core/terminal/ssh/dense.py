"""Before the first fork: no holes in memory, so that what a child allocates lies together on pages of its own.

A page that a child writes to is copied for it. Objects that the zygote freed leave holes all over its memory; children
would allocate there, and copy a page for each small object. Filled holes cost the zygote a few megabytes, once.
"""

import ctypes
from collections.abc import Callable
from itertools import pairwise

_LARGEST_OBJECT = 512
"""Bytes; Python takes what is larger from the system's allocator."""
_STEP = 16
_BYTES_HEAD = 33
"""What a `bytes` takes beside its content."""
_POOL = 16 * 1024
"""Objects of one size lie together in pools of this many bytes."""
_IN_ORDER = 0.9
"""Which part of a batch lies in order when it lies in new pools: not where one ends."""
_MOST = 16 * 1024 * 1024
"""What is filled at most, of each kind."""
_BLOCKS = (*(1 << power for power in range(17, 10, -1)), *range(1024, 0, -16))

_kept: list[object] = []


def fill_holes() -> None:
    """Fill the holes in the memory of Python's objects, then those in the system's heap."""
    for size in range(_STEP, _LARGEST_OBJECT + 1, _STEP):
        _fill_pools(size)
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):  # another allocator may keep its memory in another way
        _fill_heap(libc)


def _fill_pools(size: int) -> None:
    """Make objects of `size` until they come one after the other, from pools that nothing else is in."""
    make = _maker(size)
    batch = 2 * _POOL // size
    for _ in range(_MOST // size // batch):
        made = [make() for _ in range(batch)]
        _kept.append(made)
        if sum(here + size == there for here, there in pairwise(map(id, made))) > batch * _IN_ORDER:
            return


def _maker(size: int) -> Callable[[], object]:
    if size == _STEP:
        return object
    if size < _BYTES_HEAD:
        return lambda: float("0.5")
    return lambda: bytes(size - _BYTES_HEAD)


def _fill_heap(libc: ctypes.CDLL) -> None:
    """Take blocks, large ones first, as long as they come from below the end of the heap."""
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    end = libc.malloc(_BLOCKS[0])
    for size in _BLOCKS:
        for _ in range(_MOST // size):
            if (libc.malloc(size) or end) >= end:
                break
