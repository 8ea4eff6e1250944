"""A kernel is ready as soon as it has answered, and never when it cannot."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from tower import Tower

from ncc_kernel.warm.ready import ReadyClient


@asynccontextmanager
async def started(tower: Tower) -> AsyncIterator[tuple[ReadyClient, int]]:
    """A client that has tied its lines, and the kernel's process."""
    kernel = AsyncKernelManager(kernel_name="ncc")
    await kernel.start_kernel(env=tower.environ)
    client = kernel.client()
    assert isinstance(client, ReadyClient)
    client.start_channels()
    try:
        yield client, kernel.provisioner.pid
    finally:
        client.stop_channels()
        await kernel.shutdown_kernel(now=True)


def test_a_kernel_that_answers_is_ready_and_its_outputs_arrive(tower: Tower) -> None:
    async def printed() -> list[str]:
        async with started(tower) as (client, _pid):
            await client.wait_for_ready(timeout=60)
            texts: list[str] = []
            await client.execute_interactive(
                "print('first')",
                timeout=60,
                output_hook=lambda message: texts.append(message["content"].get("text", "")),
            )
            return texts

    assert "".join(asyncio.run(printed())) == "first\n"


def test_a_kernel_that_died_is_named_at_once(tower: Tower) -> None:
    async def died() -> float:
        async with started(tower) as (client, pid):
            os.kill(pid, signal.SIGKILL)
            began = time.monotonic()
            with pytest.raises(RuntimeError, match="died before it answered"):
                await client.wait_for_ready(timeout=60)
            return time.monotonic() - began

    assert asyncio.run(died()) < 10


def test_a_kernel_that_hangs_is_waited_for_so_long_and_no_longer(tower: Tower) -> None:
    async def hung() -> None:
        async with started(tower) as (client, pid):
            os.kill(pid, signal.SIGSTOP)
            try:
                with pytest.raises(RuntimeError, match="did not answer in 2 seconds"):
                    await client.wait_for_ready(timeout=2)
            finally:
                os.kill(pid, signal.SIGCONT)

    asyncio.run(hung())


def test_whoever_chose_a_client_of_his_own_keeps_it(tower: Tower) -> None:
    class Own(AsyncKernelClient):
        """Somebody's."""

    async def given() -> AsyncKernelClient:
        kernel = AsyncKernelManager(kernel_name="ncc", client_factory=Own)
        await kernel.start_kernel(env=tower.environ)
        try:
            return kernel.client()
        finally:
            await kernel.shutdown_kernel(now=True)

    assert type(asyncio.run(given())) is Own
