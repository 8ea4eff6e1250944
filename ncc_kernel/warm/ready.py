"""A client that knows when its kernel is ready, in place of waiting for silence.

Jupyter's own waits until nothing has come for a fifth of a second, which each page that is opened
and each papermill would pay. A kernel says on the same line when it has done what it was asked: when that is heard,
the line is tied, and all that came before has come.
"""

import asyncio
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient

SECONDS_FOR_AN_ANSWER = 1.0
"""After which a kernel is asked again."""

SECONDS_FOR_THE_LINE = 0.2
"""In which its outputs must arrive, or the line was tied too late to hear them: it is asked again."""


class ReadyClient(AsyncKernelClient):
    """Jupyter's client, which does not wait for silence."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109  # Jupyter's
        """Until the kernel answers and its outputs arrive; RuntimeError when it does not in time."""
        try:
            async with asyncio.timeout(timeout):
                while not await self._answers(self.kernel_info()):
                    if not await self.is_alive():
                        raise RuntimeError("the kernel died before it answered")
        except TimeoutError:
            raise RuntimeError(f"the kernel did not answer in {timeout} seconds") from None

    async def _answers(self, asked: str) -> bool:
        try:
            while (reply := await self._shell(asked)) is None:
                pass
            while not await self._is_done(asked):
                pass
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True

    async def _shell(self, asked: str) -> dict[str, Any] | None:
        reply = await self.get_shell_msg(timeout=SECONDS_FOR_AN_ANSWER)
        return dict(reply) if reply["parent_header"].get("msg_id") == asked else None

    async def _is_done(self, asked: str) -> bool:
        heard = await self.get_iopub_msg(timeout=SECONDS_FOR_THE_LINE)
        mine = heard["parent_header"].get("msg_id") == asked
        return bool(mine and heard["content"].get("execution_state") == "idle")
