"""A forked kernel is an ordinary kernel, and shares nothing with its siblings."""

import concurrent.futures
import os
import signal
import socket
from pathlib import Path

import psutil
import pytest
from jupyter_client.manager import KernelManager
from tower import Tower, abandoned, said, wait_until

NUMBERS = """
import random, uuid, numpy
from ipykernel.kernelapp import IPKernelApp
key = IPKernelApp.instance().session.key.hex()
print(random.random(), numpy.random.random(), uuid.uuid4(), key)
"""


def test_a_kernel_is_a_fork_of_the_template(tower: Tower) -> None:
    with tower.kernel() as client:
        parent = int(said(client, "import os; print(os.getppid())"))

        assert parent == tower.pid


def test_what_workbooks_import_is_there_already(tower: Tower) -> None:
    with tower.kernel() as client:
        assert said(client, "import sys; print('altair' in sys.modules)") == "True\n"


def test_environment_and_folder_are_those_of_the_client(tower: Tower, tmp_path: Path) -> None:
    with tower.kernel(NCC_ONLY_MINE="yes") as client:
        assert said(client, "import os; print(os.environ['NCC_ONLY_MINE'])") == "yes\n"

    with tower.kernel() as client:
        assert said(client, "import os; print(os.environ.get('NCC_ONLY_MINE'))") == "None\n"


def test_twenty_kernels_at_once_differ_in_chance_and_key(tower: Tower) -> None:
    def ask(_number: int) -> list[str]:
        with tower.kernel() as client:
            return said(client, NUMBERS).split()

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(ask, range(20)))

    assert [len(set(column)) for column in zip(*answers, strict=True)] == [20, 20, 20, 20]


def test_an_interrupt_stops_the_cell_and_not_the_kernel(tower: Tower) -> None:
    with tower.kernel() as client:
        client.execute("import time\nprint(1, flush=True)\ntime.sleep(60)", stop_on_error=False)
        while client.get_iopub_msg(timeout=30)["msg_type"] != "stream":
            pass

        client.manager.interrupt_kernel()
        reply = client.get_shell_msg(timeout=10)

        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert said(client, "print('still here')") == "still here\n"


def test_a_restart_gives_a_kernel_that_knows_nothing(tower: Tower) -> None:
    with tower.kernel() as client:
        said(client, "known = 1")

        client.manager.restart_kernel()
        client.wait_for_ready(timeout=30)

        assert "not defined" in said(client, "known")


def test_input_is_asked_of_the_client(tower: Tower) -> None:
    with tower.kernel() as client:
        heard: list[str] = []
        client.execute_interactive(
            "print('got', input('name? '))",
            timeout=30,
            stdin_hook=lambda _message: client.input("Ada"),
            output_hook=lambda message: heard.append(message["content"].get("text", "")),
        )

        assert "got Ada\n" in "".join(heard)


@pytest.mark.parametrize(
    "code",
    [
        "import subprocess; subprocess.run(['echo', 'from below'])",
        "import os; os.write(1, b'from below\\n')",
        "!echo from below",
    ],
)
def test_output_of_subprocesses_and_descriptors_is_captured(tower: Tower, code: str) -> None:
    with tower.kernel() as client:
        said(client, code)

        # What comes through the pipe may arrive with the next cell, as in any kernel.
        assert "from below" in said(client, code + "\nimport time; time.sleep(0.3)")


@pytest.mark.parametrize(
    ("code", "expected"),
    [("import os; os._exit(7)", 7), ("import os, signal; os.kill(os.getpid(), 9)", -9)],
)
def test_the_exit_code_reaches_the_client(tower: Tower, code: str, expected: int) -> None:
    with tower.kernel() as client:
        process = client.manager.provisioner.process

        client.execute(code)

        assert wait_until(lambda: process.poll() is not None)
        assert process.poll() == expected


def test_a_kernel_ends_with_its_client(tower: Tower) -> None:
    pid = abandoned(tower.environ)

    assert wait_until(lambda: not psutil.pid_exists(pid))


def test_kernels_live_on_when_the_template_is_killed(tower: Tower) -> None:
    with tower.kernel() as client:
        process = client.manager.provisioner.process
        os.kill(tower.pid, signal.SIGKILL)

        assert said(client, "print('alive')") == "alive\n"
        assert process.poll() is None

        client.execute("import os; os._exit(3)")

        assert wait_until(lambda: process.poll() is not None)


def test_without_a_template_a_kernel_starts_cold(tower: Tower) -> None:
    with tower.kernel(NCC_WARM="0") as client:
        assert said(client, "import os; print(os.environ['NCC_WARM'])") == "0\n"
        assert not hasattr(client.manager.provisioner.process, "receive")


def test_no_zombie_and_no_fork_is_left(tower: Tower) -> None:
    with tower.kernel():
        pass

    assert wait_until(lambda: tower.forks() == [])
    dead = [one for one in psutil.Process(tower.pid).children() if one.status() == "zombie"]
    assert dead == []


def test_what_jupyter_gives_on_the_command_line_is_what_the_kernel_takes(tower: Tower) -> None:
    with tower.kernel() as client:
        told = said(client, "app = get_ipython().kernel.parent\nprint(app.connection_file, app.ip)")

        assert told.split() == [client.manager.connection_file, client.ip]


def test_a_port_that_somebody_took_meanwhile_is_changed_for_another(tower: Tower) -> None:
    manager = KernelManager(kernel_name="ncc", cache_ports=False)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        manager.shell_port = wanted = taken.getsockname()[1]
        manager.start_kernel(env=tower.environ)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=30)

        assert manager.shell_port != wanted
        assert said(client, "print('here')") == "here\n"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_another_command_line_is_parsed(tower: Tower) -> None:
    manager = KernelManager(kernel_name="ncc")
    arguments = ["--HistoryManager.hist_file=:memory:"]
    manager.start_kernel(env=tower.environ, extra_arguments=arguments)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)

        assert said(client, "print(get_ipython().history_manager.hist_file)") == ":memory:\n"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_debugger_leaves_out_what_was_preloaded(tower: Tower) -> None:
    with tower.kernel() as client:
        code = "files = list(get_ipython().kernel.debugger.kernel_modules)\nimport altair, this\n"
        told = said(
            client, code + "print('seen', altair.__file__ in files, this.__file__ in files)"
        )

        assert told.endswith("seen True False\n")


def test_an_aggressive_reset_drops_what_was_imported_and_keeps_what_was_preloaded(
    tower: Tower,
) -> None:
    with tower.kernel() as client:
        said(client, "import this, altair")
        said(client, "%reset -f -s\n")
        said(client, "get_ipython().reset(new_session=False, aggressive=True)")

        told = said(client, "import sys; print('this' in sys.modules, 'altair' in sys.modules)")
        assert told == "False True\n"


def test_a_kernel_writes_to_little_of_what_it_shares(tower: Tower) -> None:
    with tower.kernel() as client:
        rollup = Path(f"/proc/{client.manager.provisioner.pid}/smaps_rollup").read_text()
        said(client, "1")

    own = next(line for line in rollup.splitlines() if line.startswith("Private_Dirty:"))
    assert int(own.split()[1]) < 24_000
