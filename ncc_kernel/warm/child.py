"""What a fork becomes: clean of everything the template had, then a kernel or one call.

A fork shares the template's memory and must share nothing else: session, environment, folder,
descriptors, signals and the state of random generators become its own first.
"""

import gc
import importlib
import os
import random
import signal
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ncc_kernel.warm.family import MARK, adopt_orphans, end_own_family, has_children
from ncc_kernel.warm.wire import Channel, Message

LAUNCHER = "ipykernel_launcher"


def become(request: Message, channel: Channel, preloaded: Mapping[str, str]) -> int:
    """Do what was asked for, as a process of its own; the exit code.

    `preloaded` are the modules that the template has imported, and their files.
    """
    os.setsid()
    _take_descriptors(channel)
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    time.tzset()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        usual = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        signal.signal(number, usual)
    _reseed()
    gc.enable()
    if request["do"] == "kernel":
        return _kernel(request, channel, preloaded)
    return answer(request, channel)


def answer(request: Message, channel: Channel) -> int:
    """Call `module:function` with the arguments and send its value; exit code 1 if it raised."""
    adopt_orphans()
    _end_with_client(channel)
    try:
        value = _find(request["call"])(channel=channel, **request["arguments"])
        channel.send({"value": value})
    except BaseException as fault:  # noqa: BLE001  # whatever it was, the client is told
        said = "".join(traceback.format_exception(fault))
        channel.send({"raised": f"{type(fault).__name__}: {fault}", "trace": said})
        return 1
    finally:
        if has_children():
            end_own_family()
    return 0


def _kernel(request: Message, channel: Channel, preloaded: Mapping[str, str]) -> int:
    # The template has both.
    from ncc_kernel.warm.kernel import ForkedKernel, ForkedKernelApp  # noqa: PLC0415
    from ncc_kernel.warm.page_kernel import PAGE, PageKernel  # noqa: PLC0415

    def listening() -> None:
        with suppress(OSError):  # nobody is there any more: the watch of the channel ends us
            channel.send({"listening": True})

    _end_with_client(channel)
    arguments = request["argv"][request["argv"].index(LAUNCHER) + 1 :]
    match arguments:
        case ["-f", file] if os.environ.pop(PAGE, ""):
            PageKernel(Path(file)).run(listening)
            return 0
    ForkedKernel.preloaded = preloaded
    ForkedKernelApp.listening = listening
    # Read from the environment when the class was made, in the template. 1: do not poll for the
    # parent, which is the template; whose kernel this is, the channel tells.
    ForkedKernelApp.parent_handle = 1
    sys.argv = [LAUNCHER, *arguments]
    of_a_run = bool(os.environ.get(MARK))
    if of_a_run:  # a run's kernel; what a person starts from a notebook may outlive theirs
        adopt_orphans()
    try:
        ForkedKernelApp.launch_instance(arguments)
    finally:
        if of_a_run:
            end_own_family()
    return 0


def leave(code: int) -> None:
    """End this fork as an interpreter ends, but without tearing down what it only borrowed."""
    import atexit  # noqa: PLC0415

    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001  # waits for threads, as at exit
    atexit._run_exitfuncs()  # noqa: SLF001
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.closed:
            stream.flush()
    os._exit(code)


def _take_descriptors(channel: Channel) -> None:
    """Standard input, output and error that came with the request; else nothing and nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number, given in enumerate((*channel.fds, nowhere, nowhere, nowhere)[:3]):
        os.dup2(given, number)
    for given in (*channel.fds, nowhere):
        os.close(given)
    channel.fds = ()


def _reseed() -> None:
    """Chance of its own: every fork has a copy of the same generators."""
    random.seed()
    numpy_random = sys.modules.get("numpy.random")  # asking numpy for it would import it
    if numpy_random is not None:
        numpy_random.seed()


def _end_with_client(channel: Channel) -> None:
    """Kill ourselves and all we started when the client hangs up or dies."""

    def watch() -> None:
        try:
            while channel.receive() is not None:
                pass
        except (EOFError, OSError):
            end_own_family()
            os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, name="client", daemon=True).start()


def _find(name: str) -> Any:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)
