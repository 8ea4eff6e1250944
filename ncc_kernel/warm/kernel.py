"""An ordinary IPython kernel that leaves alone what it shares with the template.

Memory stays shared until somebody writes to it, and Python writes to an object when it as much as
looks at it. ipykernel looks at everything that is imported, builds a parser for its command line
and asks the machine for its addresses, at each start. Here the answers are there already.
"""

import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any, ClassVar

import zmq
from ipykernel import ipkernel
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core import shellapp
from traitlets import Type
from traitlets.config import Config

Preloaded = Mapping[str, str]
"""What the template has imported: each module's name, and its file or nothing."""


class ForkedKernel(IPythonKernel):
    """The kernel; debugging leaves out what was preloaded, as it leaves out a kernel's own modules."""

    preloaded: ClassVar[Preloaded] = {}

    def __init__(self, **kwargs: Any) -> None:
        with no_list_of_modules(ipkernel):
            super().__init__(**kwargs)
        if self.debugger is not None:
            self.debugger.kernel_modules = self.preloaded.values()


class ForkedKernelApp(IPKernelApp):
    """The application around it."""

    kernel_class = Type(ForkedKernel, klass=IPythonKernel).tag(config=True)

    listening: ClassVar[Callable[[], None]] = staticmethod(lambda: None)
    """Called when all sockets are bound."""

    def init_heartbeat(self) -> None:
        """The last of the sockets."""
        super().init_heartbeat()
        type(self).listening()

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """What Jupyter gives, `-f FILE`, is taken as it is; anything else is parsed."""
        match argv:
            case ["-f", file]:
                self.cli_config = Config({"IPKernelApp": {"connection_file": file}})
                self.update_config(self.cli_config)
            case _:
                super().parse_command_line(argv)

    def init_code(self) -> None:
        """Run what is configured to be run first; `%reset` keeps what was preloaded."""
        with no_list_of_modules(shellapp):
            super().init_code()
        vars(self.shell)["_sys_modules_keys"] = ForkedKernel.preloaded.keys()

    def _ip_default(self) -> str:
        """Asked for and not used: the connection file names the address."""
        return "127.0.0.1" if self.transport == "tcp" else str(super()._ip_default())


def heat() -> None:
    """What Python looks up through all subclasses of a class when it first meets it."""
    for one in zmq.Socket.mro():
        getattr(one, "__annotations__", None)
    logging.LogRecord("heat", logging.DEBUG, __file__, 0, "%s", ("",), None)


class _NoModules:
    """`sys` with no modules in it."""

    def __init__(self) -> None:
        vars(self)["modules"] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(sys, name, value)


@contextmanager
def no_list_of_modules(where: ModuleType) -> Iterator[None]:
    """Meanwhile that module of Jupyter's sees no modules to make a list of."""
    vars(where)["sys"] = _NoModules()
    try:
        yield
    finally:
        vars(where)["sys"] = sys
