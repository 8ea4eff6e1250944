"""The widget in a real kernel, as a browser meets it: messages in, messages out, on the record."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

CODE = """
from ncc_kernel.workbook import open_workbook
wb = open_workbook("01_self_assessment", "MT", "2024-1", "edit")
wb.form()
"""


class Line:
    """A browser's end of the form's line."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self.client = client
        self.comm = ""
        self.shown: dict[str, Any] = {}
        self.heard: list[dict[str, Any]] = []

    def open(self) -> None:
        number = self.client.execute(CODE)
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            content = message["content"]
            if message["parent_header"].get("msg_id") != number:
                continue
            if message["msg_type"] == "comm_open" and "_esm" in content["data"]["state"]:
                self.comm = content["comm_id"]
            elif message["msg_type"] == "execute_result":
                self.shown = content["data"]
            elif message["msg_type"] == "error":
                raise AssertionError("\n".join(content["traceback"]))
            elif (message["msg_type"], content.get("execution_state")) == ("status", "idle"):
                return

    def send(self, **content: Any) -> None:
        data = {"method": "custom", "content": content}
        message = self.client.session.msg("comm_msg", {"comm_id": self.comm, "data": data})
        self.client.shell_channel.send(message)

    def wait(self, wanted: Callable[[dict[str, Any]], bool], seconds: float = 20) -> dict[str, Any]:
        """The first message that is wanted, of those heard and those to come."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for one in self.heard:
                if wanted(one):
                    self.heard.remove(one)
                    return one
            self._hear(max(0.01, end - time.monotonic()))
        raise AssertionError(f"not heard; but {[one['is'] for one in self.heard]}")

    def _hear(self, seconds: float) -> None:
        message = self.client.get_iopub_msg(timeout=seconds)
        data = message["content"].get("data", {})
        if message["msg_type"] == "comm_msg" and data.get("method") == "custom":
            self.heard.append(data["content"])


def named(name: str, **more: Any) -> Callable[[dict[str, Any]], bool]:
    return lambda one: one["is"] == name and all(one.get(k) == v for k, v in more.items())


@pytest.fixture
def kernels(home: Any) -> Iterator[Callable[[str], Line]]:
    """Kernels of this home, each with the form open, in the hands of a person."""
    running: list[tuple[KernelManager, BlockingKernelClient]] = []

    def start(author: str) -> Line:
        manager = KernelManager(kernel_name="python3")
        manager.start_kernel(env=home.environ | {"NCC_AUTHOR": author}, cwd=str(home.root))
        client = manager.client()
        client.start_channels()
        running.append((manager, client))
        client.wait_for_ready(timeout=60)
        line = Line(client)
        line.open()
        return line

    yield start
    for manager, client in running:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_form_lives_in_its_kernel(kernels: Callable[[str], Line], home: Any) -> None:
    ana, rui = kernels("ana"), kernels("rui")

    assert "application/vnd.jupyter.widget-view+json" in ana.shown
    assert "ncc export xlsx" in ana.shown["text/html"]

    ana.send(do="hello")
    rui.send(do="hello")
    all_of_it = ana.wait(named("all"))
    assert (all_of_it["country_name"], all_of_it["me"]["name"]) == ("Malta", "ana")
    assert all_of_it["median"]
    assert "<svg" in ana.wait(named("profile"))["svg"]
    rui.wait(named("all"))

    given = {"answer": "3", "comment": "<b>so</b>"}
    ana.send(do="change", id=1, question="D1.1", base=None, fields=given)
    saved = ana.wait(named("saved", id=1))
    assert saved["by"] == "ana"
    begun = time.monotonic()
    drawn = ana.wait(named("profile"))
    assert drawn["progress"]["D1"]["answered"] == 1
    assert time.monotonic() - begun < 5

    told = rui.wait(named("changed"), seconds=5)
    assert (told["by"], told["fields"]["comment"]) == ("ana", "<b>so</b>")

    ana.send(do="no such thing", id=2)
    assert ana.wait(named("refused", id=2))["message"].endswith(".")
    ana.send(do="submit", id=3)
    receipt = ana.wait(named("receipt", id=3))
    assert "&lt;b&gt;so&lt;/b&gt;" in receipt["html"]
    assert rui.wait(named("state"), seconds=5)["state"] == "submitted"

    with home.store() as store:
        (written,) = store.current("answer", country="MT")
    assert (written.author, written.payload["level"]) == ("ana", 3)


def test_a_store_that_is_gone_is_told_with_the_id(
    kernels: Callable[[str], Line], home: Any
) -> None:
    ana = kernels("ana")
    ana.send(do="hello")
    ana.wait(named("all"))
    file = home.root / "data" / "store" / "ncc.sqlite"
    for path in file.parent.glob("ncc.sqlite*"):
        path.write_bytes(b"this is no database, it has been damaged by somebody" * 100)

    ana.send(do="change", id=1, question="D1.1", base=None, fields={"answer": "3"})

    said = ana.wait(named("refused", id=1))
    assert said["message"].endswith(".")
    assert ana.client.is_alive()
