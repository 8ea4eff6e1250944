"""A template that a module of tests has to itself, and which must leave nothing behind."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tower import Tower, wait_until

from ncc_kernel.warm.client import tell
from ncc_kernel.warm.place import find_place

if sys.platform != "linux":
    pytest.skip("forking is for Linux", allow_module_level=True)


@pytest.fixture(scope="module")
def tower() -> Iterator[Tower]:
    """A template that this module has to itself; afterwards nothing of it is left."""
    # A socket's path must be short, so pytest's own deep folders will not do.
    folder = Path(tempfile.mkdtemp(prefix="ncct-", dir="/tmp"))
    made = Tower(folder)
    yield made
    last = tell("stop", made.environ)
    if last is not None:
        pid = last["pid"]
        assert wait_until(lambda: not psutil.pid_exists(pid)), "the template did not end"
        left = [path.name for path in find_place(made.environ).folder.iterdir()]
        assert [name for name in left if not name.endswith((".lock", ".log"))] == []
    shutil.rmtree(folder)
