"""The kernel of a served page shows what an ordinary kernel shows, and hears only what a page needs."""

import concurrent.futures
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from jupyter_client.blocking import BlockingKernelClient
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from tower import Tower, abandoned, said, wait_until

from ncc_kernel.model.book import book_named
from ncc_kernel.paths import CHECKOUT
from ncc_kernel.warm.page_kernel import PAGE, suits

BOOKS = sorted(path.stem for path in (CHECKOUT / "workbooks").glob("*.ipynb"))
SHOWN = ("text/html", "image/svg+xml", "text/markdown")

KINDS = {
    "print": "print('one'); print('two')",
    "stderr": "import sys; print('no', file=sys.stderr)",
    "value": "{'a': [1, 2]}",
    "none": "None",
    "html": "class H:\n    def _repr_html_(self): return '<b>x</b>'\nH()",
    "frame": "import pandas\npandas.DataFrame({'a': [1, None]})",
    "chart": "import altair\naltair.Chart('nowhere.csv').mark_bar()",
    "both": "print('before')\n'value'",
    "raises": "def f():\n    return 1 / 0\nf()",
    "syntax": "for",
    "exit": "raise SystemExit(3)",
    "shown badly": "class B:\n    def _repr_html_(self): raise ValueError('not today')\nB()",
    "unicode": "print('\\N{GREEK SMALL LETTER ALPHA} \\u202e \\N{GRINNING FACE}')",
    "history": "len(In)",
    "main": "__name__",
}


def run(tower: Tower, cells: list[str], **environ: str) -> list[list[dict[str, Any]]]:
    """The outputs of each cell, of a kernel of that environment."""
    nb = new_notebook(cells=[new_code_cell(one) for one in cells])
    with tower.kernel(**environ) as client:
        runner = NotebookClient(nb, km=client.manager, allow_errors=True, force_raise_errors=False)
        runner.kc = client
        with runner.setup_kernel(cleanup_kc=False):
            for index, cell in enumerate(nb.cells):
                runner.execute_cell(cell, index)
    return [[plain(one) for one in cell.outputs] for cell in nb.cells]


def plain(output: Any) -> dict[str, Any]:
    """An output without what the two kernels say in their own words, and without chance."""
    found = {"type": output.output_type}
    if output.output_type == "stream":
        return found | {"name": output.name, "text": output.text}
    if output.output_type == "error":
        return found | {"ename": output.ename, "evalue": output.evalue.partition(" (")[0]}
    text = json.dumps({mime: value for mime, value in output.data.items() if mime in SHOWN})
    unnamed = re.sub(r"altair-viz-[0-9a-f]+", "altair-viz", text)
    return found | {"data": unnamed, "count": output.get("execution_count")}


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_shows_what_it_shows_in_an_ordinary_kernel(tower: Tower, kind: str) -> None:
    cells = ["before = 1", KINDS[kind], "'after'"]

    ours, theirs = run(tower, cells, **{PAGE: "yes"}), run(tower, cells)

    if kind in ("shown badly", "exit"):  # an ordinary kernel shows more beside the error
        theirs[1] = [one for one in theirs[1] if one["type"] == "error"]
    assert ours == theirs


@pytest.mark.parametrize("book", BOOKS)
def test_every_workbook_is_plain_and_shows_the_same_pieces(
    tower: Tower, sample_file: Path, book: str
) -> None:
    country = "EU" if book_named(book).scope == "EU" else "PT"
    read = nbformat.read(CHECKOUT / "workbooks" / f"{book}.ipynb", as_version=4)
    cells = [one.source for one in read.cells if one.cell_type == "code"]
    at = cells.index(next(one for one in cells if "open_workbook" in one))
    given = f"country, mode = {country!r}, 'brief'"
    store = {"NCC_STORE": f"sqlite:///{sample_file}"}

    ours = run(tower, [*cells[:at], given, *cells[at:]], **{PAGE: "yes"}, **store)
    theirs = run(tower, [*cells[:at], given, *cells[at:]], **store)

    assert suits(cells)
    assert ours == theirs
    assert any("<h2>" in one.get("data", "") for outputs in ours for one in outputs)


@pytest.mark.parametrize(
    "cell",
    [
        "%time 1",
        "!ls",
        "x?",
        "await later()",
        "7;",
        "display(1)",
        "from IPython.display import HTML",
    ],
)
def test_what_needs_a_shell_is_told_apart(cell: str) -> None:
    assert not suits(["country = 'PT'", cell])
    assert suits(["country = 'PT'", "wb.form()"])


@pytest.fixture
def page(tower: Tower) -> Iterator[BlockingKernelClient]:
    with tower.kernel(**{PAGE: "yes"}) as client:
        yield client


def test_it_is_a_fork_without_a_shell(tower: Tower, page: BlockingKernelClient) -> None:
    code = "import os, sys\nfrom IPython.core.interactiveshell import InteractiveShell as S\n"

    told = said(page, code + f"print(os.getppid(), S.initialized(), {PAGE!r} in os.environ)")

    assert told == f"{tower.pid} False False\n"


def test_the_trace_of_an_error_shows_the_cell_and_nothing_of_the_kernel(
    page: BlockingKernelClient,
) -> None:
    heard: list[Any] = []
    page.execute_interactive(
        "def f():\n    return 1 / 0\nf()", output_hook=heard.append, timeout=30
    )
    (error,) = [one["content"] for one in heard if one["msg_type"] == "error"]
    trace = "".join(error["traceback"])

    assert "return 1 / 0" in trace
    assert "page_kernel" not in trace


def test_a_widget_speaks_and_is_spoken_to(page: BlockingKernelClient) -> None:
    code = (
        "import asyncio, comm\n"
        "line = comm.create_comm(target_name='t', data={'n': 1}, comm_id='a')\n"
        "async def later(n):\n    await asyncio.sleep(0.1)\n    line.send({'later': n})\n"
        "def heard(message):\n"
        "    line.send({'heard': message['content']['data']['n']})\n"
        "    task = asyncio.get_running_loop().create_task(later(message['content']['data']['n']))\n"
        "line.on_msg(heard)"
    )
    opened: list[Any] = []
    page.execute_interactive(code, output_hook=opened.append, timeout=30)
    sent = page.session.msg("comm_msg", {"comm_id": "a", "data": {"n": 5}})
    page.shell_channel.send(sent)

    assert [one["content"]["data"] for one in opened if one["msg_type"] == "comm_open"] == [
        {"n": 1}
    ]
    assert [comm_data(page), comm_data(page)] == [{"heard": 5}, {"later": 5}]


def test_a_widget_may_speak_from_threads(page: BlockingKernelClient) -> None:
    code = (
        "import threading, comm\n"
        "line = comm.create_comm(target_name='t', comm_id='a')\n"
        "def speak(n):\n    for m in range(50): line.send({'said': [n, m]})\n"
        "many = [threading.Thread(target=speak, args=(n,)) for n in range(8)]\n"
        "for one in many: one.start()\n"
        "for one in many: one.join()"
    )
    page.execute(code)
    heard = [comm_data(page)["said"] for _ in range(400)]

    assert sorted(heard) == [[n, m] for n in range(8) for m in range(50)]


def comm_data(client: BlockingKernelClient) -> Any:
    while True:
        heard = client.get_iopub_msg(timeout=10)
        if heard["msg_type"] == "comm_msg":
            return heard["content"]["data"]


def test_a_message_with_another_key_and_an_unknown_one_are_left_alone(
    page: BlockingKernelClient,
) -> None:
    page.shell_channel.send(page.session.msg("complete_request", {"code": "x", "cursor_pos": 1}))
    right = page.session.key
    page.session.key = b"wrong"
    page.shell_channel.send(page.session.msg("execute_request", {"code": "x = 1"}))
    page.session.key = right

    assert "not defined" in said(page, "x")


def test_an_interrupt_stops_the_cell_and_not_the_kernel(page: BlockingKernelClient) -> None:
    page.execute("import time\ntime.sleep(60)")
    while page.get_iopub_msg(timeout=30)["msg_type"] != "execute_input":
        pass
    time.sleep(0.2)
    page.manager.interrupt_kernel()

    assert page.get_shell_msg(timeout=10)["content"]["ename"] == "KeyboardInterrupt"
    page.manager.interrupt_kernel()  # between cells there is nothing to stop
    assert said(page, "print('still here')") == "still here\n"


def test_it_beats_and_shuts_down_when_asked(tower: Tower) -> None:
    with tower.kernel(**{PAGE: "yes"}) as client:
        process = client.manager.provisioner.process
        assert wait_until(client.hb_channel.is_beating)

        client.shutdown()

        assert client.get_control_msg(timeout=5)["content"]["status"] == "ok"
        assert wait_until(lambda: process.poll() == 0)


def test_it_ends_with_its_client(tower: Tower) -> None:
    pid = abandoned(tower.environ | {PAGE: "yes"})

    assert wait_until(lambda: not psutil.pid_exists(pid))


def test_many_at_once_differ_in_chance(tower: Tower) -> None:
    def ask(_number: int) -> list[str]:
        with tower.kernel(**{PAGE: "yes"}) as client:
            code = "import random, uuid, numpy\nprint(random.random(), numpy.random.random(), uuid.uuid4())"
            return said(client, code).split()

    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(ask, range(10)))

    assert [len(set(column)) for column in zip(*answers, strict=True)] == [10, 10, 10]


def test_without_a_template_an_ordinary_kernel_stands_in(tower: Tower) -> None:
    with tower.kernel(NCC_WARM="0", **{PAGE: "yes"}) as client:
        assert said(client, "print(get_ipython() is not None)") == "True\n"


def test_it_writes_to_less_than_half_of_what_an_ordinary_kernel_writes_to(tower: Tower) -> None:
    own = []
    for environ in ({PAGE: "yes"}, {}):
        with tower.kernel(**environ) as client:
            said(client, "1")
            rollup = Path(f"/proc/{client.manager.provisioner.pid}/smaps_rollup").read_text()
            line = next(one for one in rollup.splitlines() if one.startswith("Private_Dirty:"))
            own.append(int(line.split()[1]))

    assert own[0] < own[1] / 2
