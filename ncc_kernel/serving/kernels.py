"""Kernels that know who opened them, and the one way by which a browser reaches its own.

A kernel's environment holds the name of the session that opened it. What a browser may send it is
a message to a widget it has; nothing that runs code or makes anything.
"""

import asyncio
import contextlib
import json
import logging
from contextvars import ContextVar
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import PeriodicCallback
from tornado.web import HTTPError
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from ncc_kernel.serving.plain import Page
from ncc_kernel.serving.service import Service


@dataclass(frozen=True, slots=True)
class Opening:
    """A page being opened: for which session, what else its kernel is told, and those it started."""

    token: str
    kernels: list[str] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)


OPENING: ContextVar[Opening] = ContextVar("OPENING")
"""The page for which this task starts a kernel."""

LOG = logging.getLogger("ncc.serving")
MESSAGES = ("comm_msg", "kernel_info_request")
HEARD = ("comm_msg", "kernel_info_reply")
LONGEST = 2 * 1024 * 1024
"""Bytes of one message from a browser: more than any form's fields."""

SIGNED_OUT, GONE = 4401, 4410
"""Codes with which we close a websocket, in the range that is for applications."""

SECONDS_BETWEEN_LOOKS = 2.0


class OwnedKernels(AsyncMappingKernelManager):
    """Jupyter's kernels, each with the session that opened it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.owners: dict[str, str] = {}
        self.sockets: set[KernelSocket] = set()
        self.service: Service | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._watch: PeriodicCallback | None = None

    async def start_kernel(self, **kwargs: Any) -> str:
        """Start a kernel for the session of this task; called by Voila's page."""
        opening = OPENING.get()
        if self.service is None:
            raise RuntimeError("kernels belong to a service")
        home = self.service.home
        session = {
            "NCC_SESSION": opening.token,
            "NCC_HOME": str(home.root),
            "NCC_STORE": home.store_url,
        }
        kwargs["env"] = {**kwargs.get("env", {}), **opening.told, **session}
        kernel_id = str(await super().start_kernel(**kwargs))
        self.owners[kernel_id] = opening.token
        opening.kernels.append(kernel_id)
        return kernel_id

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget it; called by Jupyter when it has ended."""
        self.owners.pop(kernel_id, None)
        for socket in [one for one in self.sockets if one.kernel_id == kernel_id]:
            socket.close(GONE, "ended")
        return super().remove_kernel(kernel_id)

    async def end_session(self, token: str) -> None:
        """End what a session holds here: its websockets at once, then its kernels."""
        for socket in [one for one in self.sockets if self.owners.get(one.kernel_id) == token]:
            socket.close(SIGNED_OUT, "signed out")
        mine = [kernel_id for kernel_id, owner in self.owners.items() if owner == token]
        await asyncio.gather(*(self.end(kernel_id) for kernel_id in mine))

    async def end(self, kernel_id: str) -> None:
        """End one kernel, if it is still there."""
        if kernel_id in self:
            with contextlib.suppress(Exception):
                await self.shutdown_kernel(kernel_id, now=True)

    def end_soon(self, kernel_id: str) -> None:
        """End one kernel without waiting for it."""
        task = asyncio.get_running_loop().create_task(self.end(kernel_id))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def watch(self) -> None:
        """From now on see within two seconds when a kernel has died or a session has ended."""
        self._watch = PeriodicCallback(self._look, SECONDS_BETWEEN_LOOKS * 1000)
        self._watch.start()

    async def _look(self) -> None:
        for kernel_id in list(self.owners):
            kernel = self._kernels.get(kernel_id)
            if kernel is not None and kernel.has_kernel and not await kernel.is_alive():
                LOG.warning("A kernel died; its page is told.")
                self.stop_watching_activity(kernel_id)
                await kernel.cleanup_resources()
                self.remove_kernel(kernel_id)
        if self.service is None:
            return
        at = self.service.now()
        for token in {self.owners.get(one.kernel_id, "") for one in self.sockets}:
            if self.service.accounts.session(token, at=at) is None:
                await self.end_session(token)


class Line(ZMQChannelsWebsocketConnection):
    """Between a websocket and a kernel; a browser gets what widgets say and nothing else.

    What the cells showed is in the page already, and what went wrong in them is for the log.
    """

    def handle_outgoing_message(self, stream: str, outgoing_msg: list[Any]) -> None:
        """Pass a kernel's message on, if it is one of those that a page hears."""
        _identities, parts = self.session.feed_identities(outgoing_msg)
        if json.loads(parts[1])["msg_type"] in HEARD:
            super().handle_outgoing_message(stream, outgoing_msg)


class KernelSocket(VoilaKernelWebsocketHandler):
    """A websocket to one's own kernel, for the messages of widgets alone."""

    kernel_id = ""

    async def open(self, kernel_id: str) -> None:
        """Note it, so that signing out closes it."""
        self.kernel_manager.sockets.add(self)
        await super().open(kernel_id)

    def on_message(self, ws_message: str | bytes) -> None:
        """Pass a message on if it is one of those that a page needs."""
        if isinstance(ws_message, str) and is_harmless(ws_message):
            super().on_message(ws_message)

    def on_close(self) -> None:
        """Forget it."""
        self.kernel_manager.sockets.discard(self)
        if getattr(self, "connection", None) is not None:
            super().on_close()

    def select_subprotocol(self, subprotocols: list[str]) -> None:  # noqa: ARG002
        """The plain one: messages that we can read before a kernel does."""
        return


def is_harmless(raw: str) -> bool:
    """Whether this is a message to a widget, or the question whether the kernel is well."""
    try:
        message = json.loads(raw)
        kind = message["header"]["msg_type"]
    except (ValueError, TypeError, KeyError):
        return False
    return bool(message.get("channel") == "shell" and kind in MESSAGES)


class KernelAlive(Page):
    """Whether one's own kernel is still there: a page asks when it cannot reach it."""

    def get(self, kernel_id: str) -> None:
        """200 when it is; 404 when it is not, or is somebody else's."""
        if self.kernel_manager.owners.get(kernel_id) != self.session_token:
            raise HTTPError(HTTPStatus.NOT_FOUND)
        self.finish({"alive": True})
