"""The template process: import once, fork for every kernel and every call.

It holds no event loop, no zmq context, no IPython shell and no threads; it refuses to fork if it
finds one. It listens before it imports, so whoever starts it only has to wait for the answer. It
reaps its forks and tells each client the exit code. It retires when a file it imported from has
changed, and when nobody has needed it for a while; a retired one stays until its forks have ended.
"""

import contextlib
import gc
import hashlib
import importlib
import os
import selectors
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

from ncc_kernel.warm.child import become, leave
from ncc_kernel.warm.family import die_with_parent
from ncc_kernel.warm.place import Place, is_ours
from ncc_kernel.warm.sharing import settle
from ncc_kernel.warm.wire import Channel, Message

PRELOAD = "ncc_kernel.warm.preload"
"""Entry points: modules to import before the first fork."""

HEAT = "ncc_kernel.warm.heat"
"""Entry points: functions to call once then. They fill what caches hang on code alone."""

SERVICE = "ncc_kernel.warm.service"
"""Entry points: services that forks may call."""

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
"""Set before numpy is imported: a pool of threads does not live through a fork."""

REQUEST_SECONDS = 5.0


@dataclass
class Fork:
    """A process that was forked for a client."""

    pid: int
    what: str
    channel: Channel
    pidfd: int
    since: float


@dataclass
class Service:
    """A socket that forks may connect to; its workers are forked when the first one does.

    `folder` is theirs, as long as the template lives.
    """

    name: str
    function: str
    path: Path
    folder: Path
    listener: socket.socket
    workers: set[int]


class Template:
    """The loop: requests in, forks out, exit codes back."""

    def __init__(self, place: Place, *, idle_seconds: float) -> None:
        self._place = place
        self._idle_seconds = idle_seconds
        self._selector = selectors.DefaultSelector()
        self._forks: dict[int, Fork] = {}
        self._services: list[Service] = []
        self._since = self._used = time.time()
        self._forked = 0
        self._listener = _listen(place.socket)
        self._inode = place.socket.stat().st_ino
        self._serving = True

    def run(self) -> None:
        """Import, then serve until retired."""
        gc.disable()  # it writes to every object, and pages would stop being shared
        preload()
        self._sweep()
        self._services = [self._service(name, value) for name, value in named(SERVICE)]
        self._modules = imported()
        self._paths = "\n".join(sources(self._modules.values()))
        self._files = fingerprint(self._paths)
        self._holes = settle()
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        while self._serving or self._forks:
            for key, _events in self._selector.select(timeout=min(5.0, self._idle_seconds)):
                key.data()
            if self._serving and self._idle():
                self._retire()
        self._end_services()

    def _idle(self) -> bool:
        return not self._forks and time.time() - self._used > self._idle_seconds

    def _accept(self) -> None:
        sock, _address = self._listener.accept()
        channel = Channel(sock)
        try:
            if not is_ours(sock):
                raise PermissionError
            request = channel.receive(REQUEST_SECONDS)
        except (EOFError, OSError, ValueError):
            request = None
        if request is None:
            channel.close()
            return
        self._used = time.time()
        with contextlib.suppress(OSError):
            self._serve(request, channel)
        for fd in channel.fds:
            os.close(fd)
        channel.fds = ()

    def _serve(self, request: Message, channel: Channel) -> None:
        if request["do"] in ("status", "stop"):
            channel.send(self._status())
            channel.close()
            if request["do"] == "stop":
                self._retire()
        elif fingerprint(self._paths) != self._files:
            self._retire()
            channel.send({"retired": "the code or the environment changed"})
            channel.close()
        elif said := unsafe():
            channel.send({"refused": said})
            channel.close()
        else:
            self._fork(request, channel)

    def _fork(self, request: Message, channel: Channel) -> None:
        request["env"] |= {f"NCC_WARM_{one.name.upper()}": str(one.path) for one in self._services}
        pid = _fork()
        if pid == 0:
            code = 1
            try:
                self._forget(channel)
                code = become(request, channel, self._modules)
            except SystemExit as left:
                code = left.code if isinstance(left.code, int) else int(left.code is not None)
            except BaseException:  # noqa: BLE001  # nothing may unwind into the template's loop
                sys.excepthook(*sys.exc_info())
            finally:
                leave(code)
        fork = Fork(
            pid, str(request.get("call", request["do"])), channel, os.pidfd_open(pid), time.time()
        )
        self._forks[pid] = fork
        self._forked += 1
        self._selector.register(fork.pidfd, selectors.EVENT_READ, lambda: self._ended(fork))
        self._selector.register(channel, selectors.EVENT_READ, lambda: self._hung_up(fork))
        channel.send({"pid": pid})

    def _forget(self, mine: Channel) -> None:
        """In a fork: let go of everybody else's ends, or they would never see them close."""
        self._selector.close()
        self._listener.close()
        for service in self._services:
            service.listener.close()
        for fork in self._forks.values():
            os.close(fork.pidfd)
            if fork.channel is not mine:
                fork.channel.close()

    def _ended(self, fork: Fork) -> None:
        _pid, status = os.waitpid(fork.pid, 0)
        self._selector.unregister(fork.pidfd)
        with contextlib.suppress(KeyError):
            self._selector.unregister(fork.channel)
        with contextlib.suppress(OSError):
            fork.channel.send({"exit": os.waitstatus_to_exitcode(status)})
        fork.channel.close()
        os.close(fork.pidfd)
        del self._forks[fork.pid]
        self._used = time.time()

    def _hung_up(self, fork: Fork) -> None:
        """The client is gone: its fork ends itself; one that cannot is ended here."""
        if fork.pid not in self._forks:
            return  # it ended in the same moment, and was told so first
        self._selector.unregister(fork.channel)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(fork.pid, signal.SIGKILL)

    def _sweep(self) -> None:
        """Remove the sockets and folders of templates that were killed."""
        for path in self._place.folder.glob(f"{self._place.key}-*.*"):
            pid = path.stem.rpartition("-")[2]
            if not Path("/proc", pid).exists():
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)

    def _service(self, name: str, function: str) -> Service:
        path = self._place.folder / f"{self._place.key}-{os.getpid()}.{name}"
        folder = path.with_suffix(f".{name}-kept")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        service = Service(name, function, path, folder, _listen(path), set())
        self._selector.register(service.listener, selectors.EVENT_READ, lambda: self._wake(service))
        return service

    def _wake(self, service: Service) -> None:
        """Somebody called: fork the service's workers, which wait for calls at the same socket."""
        self._selector.unregister(service.listener)
        for _ in range(os.cpu_count() or 1):
            pid = _fork()
            if pid == 0:
                try:
                    listener = service.listener.dup()
                    self._forget(Channel(listener))
                    die_with_parent()
                    module, _, function = service.function.partition(":")
                    getattr(importlib.import_module(module), function)(listener, service.folder)
                finally:
                    os._exit(1)
            service.workers.add(pid)
            pidfd = os.pidfd_open(pid)
            self._selector.register(
                pidfd, selectors.EVENT_READ, lambda p=pid, f=pidfd: self._fell(service, p, f)
            )

    def _fell(self, service: Service, pid: int, pidfd: int) -> None:
        """A worker of a service ended; when none is left the next call forks new ones."""
        os.waitpid(pid, 0)
        self._selector.unregister(pidfd)
        os.close(pidfd)
        service.workers.discard(pid)
        if not service.workers:
            self._selector.register(
                service.listener, selectors.EVENT_READ, lambda: self._wake(service)
            )

    def _end_services(self) -> None:
        for service in self._services:
            service.path.unlink(missing_ok=True)
            for pid in service.workers:
                os.kill(pid, signal.SIGKILL)
            shutil.rmtree(service.folder, ignore_errors=True)

    def _retire(self) -> None:
        """Take no more requests; the next client starts a new template."""
        if not self._serving:
            return
        self._serving = False
        self._selector.unregister(self._listener)
        self._listener.close()
        with contextlib.suppress(FileNotFoundError):
            if self._place.socket.stat().st_ino == self._inode:
                self._place.socket.unlink()

    def _status(self) -> Message:
        return {
            "pid": os.getpid(),
            "since": self._since,
            "code": self._files[:12],
            "fresh": fingerprint(self._paths) == self._files,
            "python": sys.executable,
            "modules": len(sys.modules),
            "forked": self._forked,
            "forks": [
                {"pid": one.pid, "what": one.what, "since": one.since}
                for one in self._forks.values()
            ],
            "services": {one.name: sorted(one.workers) for one in self._services},
        }


def preload() -> None:
    """Import what workbooks import; a module that fails is named in the log and left out."""
    for name, value in (*named(PRELOAD), *named(HEAT)):
        module, _, function = value.partition(":")
        try:
            found = importlib.import_module(module)
            if function:
                getattr(found, function)()
        except Exception as fault:  # noqa: BLE001  # whatever a module raises when it is imported
            print(f"not preloaded: {name} ({value}): {fault!r}", file=sys.stderr)  # noqa: T201


def named(group: str) -> list[tuple[str, str]]:
    """Names and values of an entry point group, in order."""
    return sorted((one.name, one.value) for one in entry_points(group=group))


def imported() -> dict[str, str]:
    """Every module that is imported, and the file it comes from or nothing."""
    return {name: getattr(one, "__file__", None) or "" for name, one in sys.modules.items()}


def sources(files: Iterable[str]) -> list[str]:
    """These files, and the folders that packages are installed in."""
    folders = {one for one in sys.path if one.endswith("-packages")}
    return sorted({*files, *folders} - {""})


def fingerprint(paths: str) -> str:
    """One value for time and size of each of these paths: another when any of them changed.

    Paths are lines of one text and the value is one text: a list of thousands would be written to
    at each request (Python counts who looks at what), and each time be shared with the forks no more.
    """
    total = hashlib.sha256()
    for path in paths.split("\n"):
        try:
            seen = os.stat(path)  # noqa: PTH116  # thousands of them at each request
            total.update(b"%d %d\n" % (seen.st_mtime_ns, seen.st_size))
        except OSError:
            total.update(b"gone\n")
    return total.hexdigest()


def unsafe() -> str:
    """Why forking is not safe now, or an empty text."""
    if threading.active_count() > 1 or _tasks() > 1:
        return "the template has threads"
    zmq = sys.modules.get("zmq")
    if zmq is not None and zmq.Context._instance is not None:  # noqa: SLF001
        return "the template has a zmq context"
    shell = sys.modules.get("IPython.core.interactiveshell")
    if shell is not None and shell.InteractiveShell.initialized():
        return "the template has an IPython shell"
    return ""


def _tasks() -> int:
    """Threads as the kernel counts them: those of libraries too."""
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208


def _fork() -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return os.fork()


def _listen(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen(128)
    return listener


def main() -> None:
    """Be the template at the place that the client names."""
    os.environ.update(ONE_THREAD)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # debugpy warns of itself when imported
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    folder, key, idle_seconds = sys.argv[1:]
    template = Template(Place(Path(folder), key), idle_seconds=float(idle_seconds))
    if os.fork():
        os._exit(0)  # it listens: whoever started it can go on, and has no zombie to wait for
    template.run()


if __name__ == "__main__":
    main()
