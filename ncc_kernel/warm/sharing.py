"""What a template does before it forks, so that its forks go on sharing its memory.

A page of memory is shared until somebody writes to it, be it one small object. Two things make
forks write all over what they got: Python and the C library put what is new into holes that freed
objects left, so a few kilobytes of it dirty megabytes; and the cache of class attributes, which
holds a reference to each name it knows and lets it go when another takes its place.
"""

import ctypes
import gc
import sys
from contextlib import suppress
from typing import Any, ClassVar

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
    _fill_heap()
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


class Heap(ctypes.Structure):
    """What glibc tells of its heap: `free` bytes, of which `top` are at its end, not in a hole."""

    _fields_: ClassVar = [
        (name, ctypes.c_size_t)
        for name in ("all", "n", "n_small", "n_mapped", "mapped", "peak", "small", "used")
    ] + [("free", ctypes.c_size_t), ("top", ctypes.c_size_t)]


def read_heap() -> Heap | None:
    """The heap of this process, or None where another C library is at work."""
    with suppress(AttributeError):
        told: Heap = _of_libc("mallinfo2", Heap)()
        return told
    return None


CHUNKS = (*(2**power for power in range(16, 10, -1)), *range(1032, 8, -16))
"""Bytes to ask for, the largest first; the smallest fits into any hole."""


def _fill_heap() -> None:
    """Take all that is free between what is taken, and keep it for good."""
    heap = read_heap()
    if heap is None:
        return
    malloc = _of_libc("malloc", ctypes.c_size_t, ctypes.c_size_t)
    free = _of_libc("free", None, ctypes.c_size_t)
    end = _of_libc("sbrk", ctypes.c_size_t, ctypes.c_ssize_t)(0) - heap.top
    most = heap.free // CHUNKS[-1]  # with more the addresses are not what they seem
    for size in CHUNKS:
        while 0 < (taken := malloc(size)) < end and most > 0:
            most -= 1
        free(taken)


def give_back() -> None:
    """Return to the system what the C library keeps of freed memory, where it can be asked to."""
    with suppress(AttributeError):
        _of_libc("malloc_trim", ctypes.c_int, ctypes.c_size_t)(0)


def _of_libc(name: str, gives: Any, *takes: Any) -> Any:
    function = getattr(ctypes.CDLL(None), name)
    function.restype, function.argtypes = gives, takes
    return function
