"""When the template forks, when it will not, and when it goes."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tower import Tower, wait_until

from ncc_kernel.warm.client import Fork, fork, tell
from ncc_kernel.warm.place import NoTemplate, find_place
from ncc_kernel.warm.wire import Message

ECHO = "def echo(*, channel, **told):\n    return told\n"


@pytest.fixture
def lonely() -> Iterator[Tower]:
    """A template for one test, with a module of the test's own preloaded."""
    folder = Path(tempfile.mkdtemp(prefix="ncct-", dir="/tmp"))
    info = folder / "probe-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: probe\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[ncc_kernel.warm.preload]\nzz = probe\n")
    (folder / "probe.py").write_text(ECHO)
    made = Tower(folder)
    made.environ["PYTHONPATH"] = str(folder)
    yield made
    last = tell("stop", made.environ)
    if last is not None:
        assert wait_until(lambda: not psutil.pid_exists(last["pid"]))
    shutil.rmtree(folder)


def folder_of(tower: Tower) -> Path:
    return Path(tower.environ["PYTHONPATH"])


def call(tower: Tower, function: str = "probe:echo", **arguments: object) -> Fork:
    request: Message = {
        "do": "call",
        "call": function,
        "arguments": arguments,
        "env": tower.environ,
        "cwd": "/",
    }
    return fork(request, environ=tower.environ)


def value(process: Fork) -> object:
    while (message := process.receive(20)) is not None:
        if "value" in message:
            process.wait(10)
            return message["value"]
    raise TimeoutError


def test_a_call_gives_its_value(lonely: Tower) -> None:
    assert value(call(lonely, number=3, word="ça")) == {"number": 3, "word": "ça"}


def test_one_template_serves_all_who_ask(lonely: Tower) -> None:
    value(call(lonely))
    pid = lonely.pid

    value(call(lonely))

    assert lonely.pid == pid


def test_a_changed_file_retires_the_template(lonely: Tower) -> None:
    value(call(lonely))
    old = lonely.pid

    (folder_of(lonely) / "probe.py").write_text(ECHO.replace("told\n", "'new'\n"))

    assert value(call(lonely)) == "new"
    assert lonely.pid != old
    assert wait_until(lambda: not psutil.pid_exists(old))


def test_a_retired_template_waits_for_its_forks(lonely: Tower) -> None:
    probe = folder_of(lonely) / "probe.py"
    probe.write_text(
        ECHO + "import time\ndef slow(*, channel):\n    time.sleep(1.5)\n    return 1\n"
    )
    process = call(lonely, "probe:slow")

    probe.write_text(ECHO)
    value(call(lonely))

    assert value(process) == 1
    assert process.returncode == 0


def test_an_idle_template_goes(lonely: Tower) -> None:
    lonely.environ["NCC_WARM_IDLE"] = "0.3"
    value(call(lonely))
    pid = lonely.pid

    assert wait_until(lambda: not psutil.pid_exists(pid))
    assert lonely.status() is None


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import threading, time\nthreading.Thread(target=time.sleep, args=(99,), daemon=True).start()\n", "threads"),
        ("import zmq\nzmq.Context.instance()\n", "zmq context|threads"),
        ("from IPython.core.interactiveshell import InteractiveShell\nInteractiveShell.instance()\n", "IPython shell|threads"),
    ],
    ids=["thread", "zmq", "shell"],
)  # fmt: skip
def test_it_will_not_fork_what_cannot_be_forked(lonely: Tower, code: str, why: str) -> None:
    (folder_of(lonely) / "probe.py").write_text(ECHO + code)

    with pytest.raises(NoTemplate, match=why):
        call(lonely)


def test_a_module_that_fails_is_named_and_left_out(lonely: Tower) -> None:
    (folder_of(lonely) / "probe.py").write_text("raise RuntimeError('broken')\n")

    (folder_of(lonely) / "other.py").write_text("def five(*, channel):\n    return 5\n")

    assert value(call(lonely, "other:five")) == 5
    assert "broken" in find_place(lonely.environ).log.read_text()


def test_a_fork_ends_when_its_client_hangs_up(lonely: Tower) -> None:
    probe = folder_of(lonely) / "probe.py"
    stuck = "import signal, time\ndef stuck(*, channel):\n    signal.pthread_sigmask(0, [15])\n    time.sleep(99)\n"
    probe.write_text(ECHO + stuck)
    process = call(lonely, "probe:stuck")

    process.close()

    assert wait_until(lambda: not psutil.pid_exists(process.pid))


def test_what_a_fork_started_ends_with_it(lonely: Tower) -> None:
    probe = folder_of(lonely) / "probe.py"
    away = "import subprocess\ndef away(*, channel):\n    return subprocess.Popen(['sleep', '77'], start_new_session=True).pid\n"
    probe.write_text(ECHO + away)

    pid = value(call(lonely, "probe:away"))

    assert isinstance(pid, int)
    assert wait_until(lambda: not psutil.pid_exists(pid))


def test_what_raises_in_a_fork_is_told(lonely: Tower) -> None:
    (folder_of(lonely) / "probe.py").write_text(
        ECHO + "def bad(*, channel):\n    raise ValueError('no')\n"
    )
    process = call(lonely, "probe:bad")

    message = process.receive(20)

    assert message is not None
    assert message["raised"] == "ValueError: no"
    assert process.wait(10) == 1


def at_rest(tower: Tower, template: psutil.Process) -> int:
    """The template's open files when its last fork, and the question about it, are dealt with."""
    assert wait_until(lambda: tower.forks() == [])
    time.sleep(0.3)
    return int(template.num_fds())


def test_runs_in_a_row_leave_the_template_as_it_was(lonely: Tower, *, long_run: bool) -> None:
    for _ in range(20):
        value(call(lonely))
    template = psutil.Process(lonely.pid)
    before = template.memory_info().rss, at_rest(lonely, template)

    for _ in range(1000 if long_run else 60):
        value(call(lonely))

    assert at_rest(lonely, template) <= before[1]
    assert template.memory_info().rss - before[0] < 2_000_000


def test_the_folder_is_ours_alone(lonely: Tower) -> None:
    value(call(lonely))
    place = find_place(lonely.environ)

    assert oct(place.folder.stat().st_mode & 0o777) == "0o700"
    assert oct(place.socket.stat().st_mode & 0o777) == "0o600"


def test_another_user_cannot_reach_the_socket(lonely: Tower) -> None:
    if os.getuid() != 0:
        pytest.skip("only root can become another user")
    value(call(lonely))
    folder_of(lonely).chmod(0o755)  # the test's own folder above it must not be what stops them
    path = find_place(lonely.environ).socket
    script = f"import os, socket\nos.setuid(65534)\nsocket.socket(socket.AF_UNIX).connect({str(path)!r})\n"

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert "PermissionError" in done.stderr


def test_a_folder_open_to_others_is_not_used(lonely: Tower) -> None:
    find_place(lonely.environ).folder.chmod(0o755)

    with pytest.raises(NoTemplate, match="ours alone"):
        call(lonely)

    (folder_of(lonely) / f"ncc-warm-{os.getuid()}").chmod(0o700)


def test_nothing_is_kept_of_the_environment_that_started_it(lonely: Tower) -> None:
    lonely.environ["NCC_STORE"] = "postgresql://someone:secret@somewhere/x"
    value(call(lonely))

    environ = Path(f"/proc/{lonely.pid}/environ").read_bytes()

    assert re.search(rb"secret", environ) is None


def test_a_killed_template_is_followed_by_another(lonely: Tower) -> None:
    value(call(lonely))
    os.kill(lonely.pid, signal.SIGKILL)

    assert value(call(lonely, again=True)) == {"again": True}
