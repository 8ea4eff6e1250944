"""A warm tower of a test's own: another folder, so another template."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

from ncc_kernel.warm.client import tell


class Tower:
    """The environment of one template."""

    def __init__(self, folder: Path) -> None:
        # ipykernel does not watch descriptors when it believes that pytest does.
        ours = ("NCC_", "PYTEST_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.environ = kept | {"NCC_WARM_DIR": str(folder)}

    def status(self) -> dict[str, object] | None:
        return tell("status", self.environ)

    @property
    def pid(self) -> int:
        found = self.status()
        assert found is not None
        pid = found["pid"]
        assert isinstance(pid, int)
        return pid

    def forks(self) -> list[int]:
        """Living children of the template that are not its drawing service."""
        found = self.status() or {"services": {}}
        workers = {pid for pids in found["services"].values() for pid in pids}  # type: ignore[attr-defined]
        alive = psutil.Process(self.pid).children()
        return [one.pid for one in alive if one.pid not in workers]

    @contextlib.contextmanager
    def kernel(self, name: str = "ncc", **extra: str) -> Iterator[BlockingKernelClient]:
        """A client of a kernel that was started as Jupyter starts it."""
        manager = KernelManager(kernel_name=name)
        manager.start_kernel(env=self.environ | extra)
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=60)
            client.manager = manager
            yield client
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


ABANDONS = """
import os
from jupyter_client.manager import KernelManager
manager = KernelManager(kernel_name="ncc")
manager.start_kernel()
print(manager.provisioner.pid, flush=True)
os.kill(os.getpid(), 9)
"""


def abandoned(environ: Mapping[str, str]) -> int:
    """The process of a kernel whose client was killed when it had started it."""
    words = [sys.executable, "-c", ABANDONS]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    return int(done.stdout)


def said(client: BlockingKernelClient, code: str) -> str:
    """All text that the code printed, errors included."""
    texts: list[str] = []

    def hear(message: dict[str, dict[str, str]]) -> None:
        content = message["content"]
        texts.append(content.get("text", "") + content.get("evalue", ""))

    client.execute_interactive(code, timeout=60, output_hook=hear, allow_stdin=False)
    return "".join(texts)


def wait_until(true: object, seconds: float = 10.0) -> bool:
    """Whether `true()` came to be in that time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():  # type: ignore[operator]
            return True
        time.sleep(0.02)
    return False
