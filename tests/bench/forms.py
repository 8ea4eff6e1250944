"""The form under load: one person's wait, CPU and memory of one open, 27 at once, many who save.

    python tests/bench/forms.py --people 100

A real `ncc serve` on sample data of its own. One figure is of a real Chromium; the others are of
light clients that open the page over HTTP, tie the websocket and speak the form's protocol, as a
browser does, without drawing anything. They run on the same machine and take their share of it.
"""

import argparse
import itertools
import json
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from form_peers import Peer, peers
from peers import make_peers
from served import SAVED, Server, person
from visitor import FORM, PASSWORD, Visitor, message

from ncc_kernel.model.account import Account
from ncc_kernel.paths import CHECKOUT
from ncc_kernel.store.accounts import Accounts
from ncc_kernel.store.catalogue import read_catalogue

ROUNDS = 5
LEVELS = itertools.cycle("1234")
EMPTY: dict[str, Any] = {
    "answer": "", "reason": "", "comment": "", "evidence": "", "evidence_link": "",
    "confidence": "", "priority": "", "target": "", "offers": False, "needs": False,
}  # fmt: skip


class Client:
    """Somebody with the form open, without a browser."""

    def __init__(self, server: Server, name: str, country: str) -> None:
        self.visitor, self.country = Visitor(server.port), country
        self.ids = 0
        answer = self.visitor.sign_in(name)
        if answer.status != 303:
            raise RuntimeError(f"{name} cannot sign in: {answer.status}")

    def open(self) -> None:
        """The page, the websocket, and everything the form says at first."""
        page = self.visitor.ask(FORM.format(self.country))
        found = re.search(r'data-widget="([^"]+)"', page.text)
        if not found:
            raise RuntimeError(f"no form: {page.status} {page.heading}")
        self.widget, self.line = found.group(1), self.visitor.tie(page.kernel)
        self.line.settimeout(30)
        said = re.search(rf'id="said-{self.widget}">(.*?)</script>', page.text)
        if not said:
            raise RuntimeError("the form says nothing")
        self.values = json.loads(said.group(1))[0]["values"]
        self._send({"do": "ping"})
        self._hear(lambda one: one["is"] == "pong")

    def save(self, code: str, **fields: str) -> float:
        """Seconds from the change to the word that it is saved."""
        known = self.values.get(code) or {"fields": EMPTY, "seq": None}
        self.ids += 1
        number, given = self.ids, {**known["fields"], **fields}
        change = {"do": "change", "id": number, "question": code, "base": known["seq"]}
        began = time.perf_counter()
        self._send({**change, "fields": given})
        told = self._hear(lambda one: one.get("id") == number)
        taken = time.perf_counter() - began
        if told["is"] != "saved":
            raise RuntimeError(f"{code} was not saved: {told}")
        self.values[code] = {"fields": given, "seq": told["seq"]}
        return taken

    def close(self) -> None:
        """As a tab is closed."""
        self.line.close()

    def _send(self, content: dict[str, Any]) -> None:
        data = {"method": "custom", "content": content}
        self.line.send(message("comm_msg", {"comm_id": self.widget, "data": data}))

    def _hear(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            heard = json.loads(self.line.recv())
            data = heard.get("content", {}).get("data", {})
            told = data.get("content") if heard["header"]["msg_type"] == "comm_msg" else None
            if isinstance(told, dict) and "is" in told and wanted(told):
                return told


def main() -> None:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="ncc-load-") as folder:
        server = _server(Path(folder), options.people)
        try:
            _measure(server, options)
        finally:
            server.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--people", type=int, default=20, help="who save, 1 to 100 (20)")
    parser.add_argument("--seconds", type=float, default=60, help="for how long they save (60)")
    parser.add_argument("--every", type=float, default=5, help="seconds between two saves (5)")
    parser.add_argument("--within", type=float, default=60, help="seconds in which 27 open (60)")
    parser.add_argument(
        "--no-peers", dest="peers", action="store_false", help="without Voila's widgets and Panel"
    )
    return parser.parse_args()


def _server(root: Path, people: int) -> Server:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = Server(root, int(probe.getsockname()[1]), idle=30)
    words = [sys.executable, "-m", "ncc_kernel.cli.app", "init", "--sample"]
    subprocess.run(words, env=server.environ, check=True, capture_output=True)
    codes = _countries()
    with Accounts(server.store_url) as accounts:
        for number in range(max(people, len(codes))):
            country = codes[number % len(codes)]
            accounts.add(Account(f"p{number}", "editor", country), password=PASSWORD)
    server.start()
    Client(server, "p0", codes[0]).open()  # the template is there before anything is measured
    return server


def _countries() -> tuple[str, ...]:
    return read_catalogue(CHECKOUT / "data").codes


def _client(server: Server, number: int) -> Client:
    codes = _countries()
    return Client(server, f"p{number}", codes[number % len(codes)])


def _measure(server: Server, options: argparse.Namespace) -> None:
    if options.peers:
        _side_by_side(server)
    else:
        times = [_one_page(server) for _ in range(ROUNDS)]
        shown = statistics.median(times)
        print(f"page to a choice that is saved, one Chromium: {shown:.2f} s (median of {ROUNDS})")
    cpu, own, memory = _one_open(server)
    print(f"CPU of one open, first picture included: {cpu:.2f} s (median of 5)")
    print(f"  of it the server's own process: {own:.2f} s; the rest is kernel, template, painter")
    print(f"memory of one more open form (PSS): {memory:.1f} MB (median of 5)")
    _opening(server, options.within)
    _saving(server, options)


CHOOSE = """([wanted, which]) => {
  const inside = (root) => [...root.querySelectorAll("*")].flatMap(
    (one) => one.shadowRoot ? [...one.shadowRoot.querySelectorAll(wanted), ...inside(one.shadowRoot)] : []);
  const plain = document.querySelectorAll(wanted);
  const found = plain.length ? plain[which] : inside(document)[which];
  if (found) found.click();
  return Boolean(found);
}"""
"""Looked for at each frame of the page itself: from outside it is looked for each tenth of a second."""


def choose(page: Page, control: str, which: int) -> None:
    """Choose the control as soon as it is there, in a page or in the shadows of one."""
    page.wait_for_function(CHOOSE, arg=[control, which], polling="raf")


def _one_page(server: Server) -> float:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with person(browser, server, "p0") as who:
            began = time.perf_counter()
            who.page.goto(who.url(FORM.format(_countries()[0])), wait_until="commit")
            choose(who.page, "[id='D1.1'] input[type=radio]", int(next(LEVELS)))
            who.status.filter(has_text=SAVED).wait_for()
            taken = time.perf_counter() - began
        browser.close()
    return taken


def _side_by_side(server: Server) -> None:
    """Each form in turn, so that a moment in which the machine is busy hits all alike."""
    make_peers()
    shown = [
        {"code": one.code, "statement": one.statement, "levels": list(one.levels)}
        for one in read_catalogue(CHECKOUT / "data").guide.questions
    ]
    times: dict[str, list[float]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="ncc-peers-") as folder,
        peers(Path(folder), shown) as others,
    ):
        for turn in range(ROUNDS + 1):  # the first warms the files up, and is not counted
            for one in others:
                times.setdefault(one.name, []).append(_one_of(one))
            times.setdefault("ours", []).append(_one_page(server))
            if turn == 0:
                times = {}
    ours = statistics.median(times["ours"])
    print(f"page to a choice that is saved, one Chromium, median of {ROUNDS}, in turn:")
    for name, taken in times.items():
        middle = statistics.median(taken)
        print(f"  {name}: {middle:.2f} s, {middle / ours:.1f} times ours")


def _one_of(peer: Peer) -> float:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(60_000)
        began = time.perf_counter()
        page.goto(peer.url, wait_until="commit")
        choose(page, peer.control, 3)
        page.get_by_text("Saved", exact=True).wait_for()
        taken = time.perf_counter() - began
        browser.close()
    return taken


def _one_open(server: Server) -> tuple[float, float, float]:
    """CPU seconds of one open, the server's part, and megabytes of one more open form.

    Medians: a painter of pictures that starts meanwhile, once for each core, is no form's.
    """
    clients = [_client(server, number) for number in range(ROUNDS)]
    time.sleep(3)
    spent: list[float] = []
    own: list[float] = []
    grown: list[float] = []
    assert server.process is not None
    for client in clients:
        known, before = _cpu(server), _weight(server)
        client.open()
        time.sleep(1.5)  # the first picture is drawn
        now = _cpu(server)
        own.append(now[server.process.pid] - known[server.process.pid])
        spent.append(sum(seconds - known.get(one, 0.0) for one, seconds in now.items()))
        grown.append((_weight(server) - before) / 1e6)
    for client in clients:
        client.close()
    return statistics.median(spent), statistics.median(own), statistics.median(grown)


def _processes(server: Server) -> list[psutil.Process]:
    """The server, its kernels, and the template and the painter that these come from."""
    assert server.process is not None
    kernels = server.kernels()
    templates = {one.ppid() for one in kernels} - {1, server.process.pid}
    roots = [psutil.Process(pid) for pid in (server.process.pid, *templates)]
    below = [child for one in roots for child in one.children(recursive=True)]
    return list({one.pid: one for one in (*roots, *kernels, *below)}.values())


def _cpu(server: Server) -> dict[int, float]:
    found = {}
    for one in _processes(server):
        times = one.cpu_times()
        found[one.pid] = float(times.user + times.system)
    return found


def _weight(server: Server) -> int:
    return sum(int(one.memory_full_info().pss) for one in _processes(server))


def _opening(server: Server, within: float) -> None:
    """27 people, one of each country, open the form in turn."""
    clients = [_client(server, number) for number in range(27)]
    faults: list[str] = []

    def arrive(number: int) -> float | None:
        time.sleep(number * within / len(clients))
        began = time.perf_counter()
        try:
            clients[number].open()
        except Exception as fault:  # noqa: BLE001  # it is counted and shown
            faults.append(repr(fault))
            return None
        return time.perf_counter() - began

    with ThreadPoolExecutor(len(clients)) as pool:
        taken = [one for one in pool.map(arrive, range(len(clients))) if one is not None]
    print(f"27 open within {within:.0f} s: {_spread(taken)}; failed: {len(faults)} {faults[:2]}")
    for client in clients:
        if hasattr(client, "line"):
            client.close()


def _saving(server: Server, options: argparse.Namespace) -> None:
    """So many people save an answer each few seconds, each a statement of his own."""
    questions = [one.code for one in read_catalogue(CHECKOUT / "data").guide.questions]
    clients = [_client(server, number) for number in range(options.people)]
    for client in clients:
        client.open()
    taken: list[float] = []
    faults: list[str] = []
    over = time.monotonic() + options.seconds

    def keep_saving(number: int) -> None:
        code = questions[number % len(questions)]
        time.sleep(options.every * number / len(clients))
        turn = 0
        while (began := time.monotonic()) < over:
            turn += 1
            try:
                seconds = clients[number].save(code, answer=str(turn % 6), comment=f"turn {turn}")
                taken.append(seconds)
            except Exception as fault:  # noqa: BLE001  # it is counted and shown
                faults.append(repr(fault))
                return
            time.sleep(max(0.0, options.every - (time.monotonic() - began)))

    threads = [threading.Thread(target=keep_saving, args=(n,)) for n in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    who = f"{options.people} people save every {options.every:.0f} s for {options.seconds:.0f} s"
    print(f"{who}: {len(taken)} saves, {_spread(taken)}; failed: {len(faults)} {faults[:2]}")
    print(f"  kernels: {len(server.kernels())}, load of the machine: {psutil.getloadavg()[0]:.1f}")


def _spread(taken: Sequence[float]) -> str:
    cuts = sorted(taken)

    def at(part: float) -> float:
        return cuts[min(len(cuts) - 1, int(part * len(cuts)))] if cuts else float("nan")

    return f"p50 {at(0.5):.3f} s, p95 {at(0.95):.3f} s, p99 {at(0.99):.3f} s"


if __name__ == "__main__":
    main()
