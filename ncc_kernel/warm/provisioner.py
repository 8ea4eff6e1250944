"""The kernel provisioner `ncc-warm`: Jupyter starts kernels through it without knowing.

It is jupyter_client's local provisioner in everything, but the process it holds is a fork of the
template. Where there is none, it starts the kernel the ordinary way and says so once.
"""

import os
import sys
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from ncc_kernel.warm.child import LAUNCHER
from ncc_kernel.warm.client import fork
from ncc_kernel.warm.place import NoTemplate

_said: set[str] = set()


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel as a fork of the warm template."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Called by the kernel manager when its connection file is written; answers with it."""
        try:
            process = self._fork(cmd, kwargs)
        except NoTemplate as reason:
            if str(reason) not in _said:
                _said.add(str(reason))
                self.log.warning("Kernels start cold: %s.", reason)
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process
        self.pid = self.pgid = process.pid  # a fork leads a session of its own
        self.cwd = kwargs.get("cwd", Path.cwd())
        return self.connection_info

    def _fork(self, cmd: list[str], kwargs: dict[str, Any]) -> Any:
        if LAUNCHER not in cmd or kwargs.get("stdin") or not _is_our_python(cmd[0]):
            raise NoTemplate(f"{cmd} is not an ordinary start of a Python kernel")
        environ = dict(kwargs.get("env") or os.environ)
        request = {
            "do": "kernel",
            "argv": cmd,
            "env": environ,
            "cwd": str(kwargs.get("cwd") or Path.cwd()),
        }
        with Path(os.devnull).open("rb") as nothing:
            fds = [nothing.fileno(), *(_descriptor(kwargs.get(n), f) for n, f in _OUTPUTS)]
            return fork(request, environ=environ, fds=fds)


_OUTPUTS = (("stdout", 1), ("stderr", 2))


def _is_our_python(command: str) -> bool:
    """By its name, not by what the name links to: environments link to the same interpreter."""
    return command in ("python", sys.executable)


def _descriptor(given: Any, usual: int) -> int:
    if given is None:
        return usual
    number = given if isinstance(given, int) else given.fileno()
    if number < 0:
        raise NoTemplate("the client wants pipes to the kernel")
    return int(number)
