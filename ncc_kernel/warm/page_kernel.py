"""The kernel of a page that is served: it runs the cells, and then only widgets speak to it.

It talks Jupyter's protocol by Jupyter's own session and comms. What a person at a prompt needs is
left out: history, completion, magics, a debugger. Nobody types code into a page, and all that
takes more time and memory than the rest of a kernel. A notebook that does need a shell gets an
ordinary kernel (`suits`), and so does everything that is not a page.

Between cells it is an asyncio loop, in which widgets may have tasks. A socket of zmq tells by its
descriptor that something may have come, once; so each is read until it is empty.
"""

import ast
import asyncio
import builtins
import io
import json
import linecache
import logging
import platform
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any, Final

import comm
import zmq
from comm.base_comm import BaseComm, CommManager
from jupyter_client.session import Session

from ncc_kernel.warm.sharing import give_back

PAGE: Final = "NCC_WARM_PAGE"
"""In the environment of a kernel that is to be a page's."""

PROTOCOL = "5.3"
QUIET = 0.2
"""Seconds after a cell in which no other began: the page is made."""

A_SHELLS_OWN = {"display", "get_ipython", "exit", "quit", "_", "__", "___", "Out"}
"""Names that IPython's shell gives to cells, and a page's kernel does not."""

Message = Mapping[str, Any]

log = logging.getLogger(__name__)


def suits(cells: Sequence[str]) -> bool:
    """Whether cells can do without IPython: plain Python that uses nothing of a shell's own."""
    if any(one.rstrip().endswith(";") for one in cells):
        return False  # IPython shows nothing then
    try:
        trees = [ast.parse(one) for one in cells]
        for one in trees:
            compile(one, "<cell>", "exec")  # an await outside of a function is found here
    except (SyntaxError, ValueError):
        return False
    return not any(_asks_for_a_shell(node) for one in trees for node in ast.walk(one))


def _asks_for_a_shell(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name):
            return name in A_SHELLS_OWN
        case ast.Import(names=names):
            return any(one.name.partition(".")[0] == "IPython" for one in names)
        case ast.ImportFrom(module=str(module)):
            return module.partition(".")[0] == "IPython"
    return False


class PageKernel:
    """The kernel that a connection file names; `run` serves until it is told to shut down."""

    def __init__(self, file: Path) -> None:
        named = json.loads(file.read_text(encoding="utf-8"))
        self._session = Session(
            key=named["key"].encode(), signature_scheme=named["signature_scheme"]
        )
        self._loop = asyncio.new_event_loop()
        self._context = zmq.Context()
        self._iopub = self._bound(zmq.PUB, named, "iopub_port")
        self._speaking = Lock()
        self._answering = [
            (self._bound(kind, named, port), take)
            for kind, port, take in (
                (zmq.ROUTER, "shell_port", self._take),
                (zmq.ROUTER, "control_port", self._take),
                (zmq.ROUTER, "stdin_port", lambda _socket, _parts: None),
                (zmq.REP, "hb_port", zmq.Socket.send_multipart),
            )
        ]
        self._parent: Message = {}
        self._tidying = self._loop.call_soon(lambda: None)
        self._count = 0
        self._main = ModuleType("__main__")
        self._names = vars(self._main)
        self._names.update(__builtins__=builtins, In=[""])
        self._comms = CommManager()
        self._handlers: dict[str, Callable[[Message], Mapping[str, Any] | None]] = {
            "kernel_info_request": lambda _message: kernel_info(),
            "execute_request": self._execute,
            "shutdown_request": self._shut_down,
            "comm_open": lambda message: self._comms.comm_open(None, "", message),  # type: ignore[arg-type]
            "comm_msg": lambda message: self._comms.comm_msg(None, "", message),  # type: ignore[arg-type]
            "comm_close": lambda message: self._comms.comm_close(None, "", message),  # type: ignore[arg-type]
        }

    def run(self, listening: Callable[[], None]) -> None:
        """Serve; `listening` is called when all sockets are bound."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.modules["__main__"] = self._main
        sys.path.insert(0, "")
        comm.create_comm = self._make_comm  # the two that the package says are to be replaced
        comm.get_comm_manager = lambda: self._comms
        asyncio.set_event_loop(self._loop)
        for socket, take in self._answering:
            self._loop.add_reader(socket.FD, self._read, socket, take)
            self._loop.call_soon(self._read, socket, take)
        listening()
        self._loop.run_forever()
        self._context.destroy(linger=1000)  # the last reply is on its way

    def _bound(self, kind: int, named: Mapping[str, Any], port: str) -> "zmq.Socket[bytes]":
        socket = self._context.socket(kind)
        socket.linger = 1000
        between = ":" if named["transport"] == "tcp" else "-"
        socket.bind(f"{named['transport']}://{named['ip']}{between}{named[port]}")
        return socket

    def _read(self, socket: "zmq.Socket[bytes]", take: Callable[..., object]) -> None:
        """One message, if one is there; then the loop's other tasks, and the next."""
        if socket.poll(0):
            self._loop.call_soon(self._read, socket, take)
            take(socket, socket.recv_multipart())

    def _take(self, socket: "zmq.Socket[bytes]", parts: list[bytes]) -> None:
        try:
            identities, rest = self._session.feed_identities(parts)
            message = self._session.deserialize(rest)
        except (ValueError, TypeError):
            log.exception("A message was none, or not signed with this kernel's key.")
            return
        kind = message["header"]["msg_type"]
        handle = self._handlers.get(kind)
        if handle is None:
            log.warning("A page's kernel does not know this kind of message: %s", kind)
            return
        self._parent = message
        self._tell("status", {"execution_state": "busy"})
        try:
            reply = handle(message)
            if reply is not None:
                answer = kind.replace("request", "reply")
                self._session.send(socket, answer, dict(reply), message, ident=identities)
        finally:
            self._tell("status", {"execution_state": "idle"})

    def _tell(self, kind: str, content: dict[str, Any], **more: Any) -> None:
        how = {"ident": kind.encode(), **more}
        with self._speaking:  # a widget may speak from a thread, and a socket is for one at a time
            self._session.send(self._iopub, kind, content, self._parent, **how)

    def _make_comm(self, *args: Any, **kwargs: Any) -> BaseComm:
        return _Comm(self._tell, *args, **kwargs)

    def _shut_down(self, message: Message) -> Mapping[str, Any]:
        self._loop.call_soon(self._loop.stop)
        return {"status": "ok", "restart": message["content"].get("restart", False)}

    def _execute(self, message: Message) -> Mapping[str, Any]:
        self._tidying.cancel()
        self._tidying = self._loop.call_later(QUIET, give_back)
        code = message["content"]["code"]
        self._count += 1
        numbered = {"execution_count": self._count}
        self._names["In"].append(code)
        self._tell("execute_input", {"code": code, **numbered})
        said = {"stdout": io.StringIO(), "stderr": io.StringIO()}
        shown = fault = None
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            with redirect_stdout(said["stdout"]), redirect_stderr(said["stderr"]):
                shown = bundle(self._value(code))
        except BaseException as raised:  # noqa: BLE001  # whatever it was, the page is told
            fault = raised
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        for name, stream in said.items():
            if text := stream.getvalue():
                self._tell("stream", {"name": name, "text": text})
        if fault is not None:
            told = in_words(fault)
            self._tell("error", told)
            return {"status": "error", **told, **numbered}
        if shown is not None:
            data, metadata = shown
            self._tell("execute_result", {"data": data, "metadata": metadata, **numbered})
        return {"status": "ok", "payload": [], "user_expressions": {}, **numbered}

    def _value(self, code: str) -> object:
        """What the cell's last line is worth, if it is an expression."""
        name = f"<cell {self._count}>"
        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
        tree = ast.parse(code, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), self._names)  # noqa: S102  # what a kernel is for
        if not isinstance(last, ast.Expr):
            return None
        return eval(compile(ast.Expression(last.value), name, "eval"), self._names)  # noqa: S307


class _Comm(BaseComm):
    """A widget's line to the page."""

    def __init__(self, tell: Callable[..., None], *args: Any, **kwargs: Any) -> None:
        self._tell = tell
        super().__init__(*args, **kwargs)

    def publish_msg(
        self,
        msg_type: str,
        data: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        buffers: list[bytes] | None = None,
        **keys: Any,
    ) -> None:
        """Called for each message of the widget."""
        content = {"data": data or {}, "comm_id": self.comm_id, **keys}
        self._tell(msg_type, content, metadata=metadata or {}, buffers=buffers, ident=self.topic)


REPRESENTATIONS = {
    "text/html": "_repr_html_",
    "image/svg+xml": "_repr_svg_",
    "text/markdown": "_repr_markdown_",
}


def bundle(value: object) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """A value as Jupyter's displays know it, by the methods that IPython documents; None for None."""
    if value is None:
        return None
    data: dict[str, Any] = {"text/plain": repr(value)}
    metadata: dict[str, Any] = {}
    for mime, method in REPRESENTATIONS.items():
        made = getattr(value, method)() if hasattr(type(value), method) else None
        if made is not None:
            data[mime] = made
    if hasattr(type(value), "_repr_mimebundle_"):
        made = value._repr_mimebundle_(include=None, exclude=None)  # type: ignore[attr-defined]
        more, told = made if isinstance(made, tuple) else (made, {})
        data |= more or {}
        metadata |= told or {}
    return data, metadata


def in_words(fault: BaseException) -> dict[str, Any]:
    """An error as Jupyter tells it, with the trace of the cell and without ours."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    lines = traceback.format_exception(type(fault), fault, trace)
    return {"ename": type(fault).__name__, "evalue": str(fault), "traceback": lines}


def kernel_info() -> Mapping[str, Any]:
    """What a client asks for first."""
    language = {
        "name": "python",
        "version": platform.python_version(),
        "mimetype": "text/x-python",
        "file_extension": ".py",
        "pygments_lexer": "python3",
    }
    return {
        "status": "ok",
        "protocol_version": PROTOCOL,
        "implementation": "ncc-page",
        "implementation_version": "1",
        "language_info": language,
        "banner": "",
        "help_links": [],
    }
