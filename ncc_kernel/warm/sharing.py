"""What a template does before it forks, so that its forks go on sharing its memory.

A page of memory is shared until somebody writes to it, be it one small object. Two things make
forks write all over what they got: Python puts new objects into holes that freed ones left, so a
few kilobytes of them dirty megabytes; and the cache of class attributes, which holds a reference
to each name it knows and lets it go when another takes its place.
"""

import gc
import sys

POOL = 16 * 1024
"""Bytes of a pool of CPython's allocator: it holds objects of one size."""

POOL_HEADER = 48
SIZES = range(48, 513, 16)
"""The sizes of object that share pools; smaller ones than a byte string's are few."""

BYTES_HEADER = 33

MOST = 4 * 1024 * 1024
"""Bytes of holes of one size; seen were 0.5 MB. Where more seem to be left, the allocator is another."""


def settle() -> list[list[bytes]]:
    """Leave to the forks nothing to write to; the value must be kept until they are made."""
    gc.collect()
    gc.freeze()
    sys._clear_type_cache()  # noqa: SLF001  # the only way
    return [_filled(size) for size in SIZES]


def _filled(size: int) -> list[bytes]:
    """Objects in all holes of that size: what is made next goes into pools of its own.

    It ends with any allocator; `PYTHONMALLOC` may name one that has no such pools.
    """
    room = (POOL - POOL_HEADER) // size
    made: list[bytes] = []
    in_a_row = 0
    for _ in range(MOST // size):
        made.append(bytes(size - BYTES_HEADER))
        same = len(made) > 1 and id(made[-1]) // POOL == id(made[-2]) // POOL
        in_a_row = in_a_row + 1 if same else 1
        if in_a_row == room:  # a whole pool was filled from its first place: no hole is left
            return made[:-room]
    return []
