"""The kernel provisioner `ncc-warm`: Jupyter starts kernels through it without knowing.

It is jupyter_client's local provisioner in everything, but the process it holds is a fork of the
template. Where there is none, it starts the kernel the ordinary way and says so once.
"""

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo, LocalPortCache, port_names
from jupyter_client.provisioning import LocalProvisioner

from ncc_kernel.warm.child import LAUNCHER
from ncc_kernel.warm.client import Fork, fork
from ncc_kernel.warm.place import NoTemplate
from ncc_kernel.warm.ready import ReadyClient

_said: set[str] = set()

TRIES = 4
"""Kernels that are started in turn until one can bind its sockets."""

LISTENS_WITHIN = 5.0
"""Seconds after which a kernel that has not bound its sockets is handed out all the same."""

ENDS_WITHIN = 1.0
"""Seconds for which a kernel's end is waited for before the manager looks for itself."""


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel as a fork of the warm template."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Called by the kernel manager when its connection file is written; answers with it."""
        try:
            process = await self._listening(cmd, kwargs)
        except NoTemplate as reason:
            if str(reason) not in _said:
                _said.add(str(reason))
                self.log.warning("Kernels start cold: %s.", reason)
            return await super().launch_kernel(cmd, **kwargs)
        self.process = process
        self.pid = self.pgid = process.pid  # a fork leads a session of its own
        self.cwd = kwargs.get("cwd", Path.cwd())
        if getattr(self.parent, "client_factory", None) is AsyncKernelClient:
            self.parent.client_factory = ReadyClient
        return self.connection_info

    async def shutdown_requested(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002  # Jupyter's
        """Wait for the end a moment: the manager looks only every tenth of a second."""
        await super().shutdown_requested(restart=restart)
        if isinstance(self.process, Fork):
            await told(self.process, ENDS_WITHIN)

    async def _listening(self, cmd: list[str], kwargs: dict[str, Any]) -> Fork:
        """A kernel that has bound its sockets, or the last one that was tried."""
        for _ in range(TRIES):
            process = self._fork(cmd, kwargs)
            await told(process, LISTENS_WITHIN)
            if process.poll() is None or not self._take_other_ports(kwargs):
                break
            process.close()
        return process

    def _take_other_ports(self, kwargs: dict[str, Any]) -> bool:
        """Name others in the connection file, if it names ports at all.

        Jupyter chooses what is free, and lets go of it until the kernel takes it: meanwhile
        somebody else may have.
        """
        manager = self.parent
        if manager is None or manager.transport != "tcp":
            return False
        manager.cleanup_connection_file()
        for name in port_names:
            setattr(manager, name, LocalPortCache.instance().find_available_port(manager.ip))
        session = dict(kwargs.get("env") or {}).get("JPY_SESSION_NAME", "")
        manager.write_connection_file(jupyter_session=session)
        self.connection_info = manager.get_connection_info()
        return True

    def _fork(self, cmd: list[str], kwargs: dict[str, Any]) -> Fork:
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


async def told(process: Fork, seconds: float) -> None:
    """Until the fork says something or has ended, at most so many seconds.

    A kernel says when its sockets are bound. Who connects before tries again only after a tenth of
    a second.
    """
    loop = asyncio.get_running_loop()
    heard = asyncio.Event()
    with suppress(EOFError, OSError, TimeoutError):
        loop.add_reader(process.fileno(), heard.set)
        try:
            async with asyncio.timeout(seconds):
                while process.receive(0) is None:
                    heard.clear()
                    await heard.wait()
        finally:
            loop.remove_reader(process.fileno())


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
