"""The template fills the holes of the allocator, and comes to an end with any allocator."""

import json
import os
import subprocess
import sys

import pytest

from ncc_kernel.warm.sharing import MOST, SIZES

COUNT = "from ncc_kernel.warm.sharing import settle; print(list(map(len, settle())))"


def kept(allocator: str) -> list[int]:
    """How many objects are kept of each size, in a process with that allocator."""
    done = subprocess.run(
        [sys.executable, "-c", COUNT],
        env={**os.environ, "PYTHONMALLOC": allocator},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found: list[int] = json.loads(done.stdout)
    return found


def test_holes_are_filled() -> None:
    assert sum(kept("pymalloc")) > 0


HOLES = """
from ncc_kernel.warm.sharing import read_heap, settle
made = [bytes(size) for size in range(600, 9_000, 3)]
del made[::2]
before = read_heap()
settle()
after = read_heap()
print(before and [before.free - before.top, after.free - after.top])
"""


def test_holes_of_the_c_library_are_filled_too() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HOLES], capture_output=True, text=True, timeout=60, check=True
    )
    found = json.loads(done.stdout.replace("None", "null"))
    if found is None:
        pytest.skip("this C library does not tell of its heap")
    before, after = found

    assert before > 1_000_000
    assert after < before / 20


@pytest.mark.parametrize("allocator", ["malloc", "pymalloc_debug"])
def test_with_another_allocator_it_ends_too(allocator: str) -> None:
    counts = kept(allocator)

    assert len(counts) == len(SIZES)
    assert all(count * size < MOST for count, size in zip(counts, SIZES, strict=True))
