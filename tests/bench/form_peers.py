"""The same form as others would build it: Voila with one ipywidget for each control, and Panel.

Each has our guide, our ten controls for each statement, the words of every level, the answers that
stand, an append for each change and a word that it is saved; no chart, no accounts, no drafts. They
run in the environment of the peers, as everybody installs them, on the settings they come with.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from peers import PEERS

SHARED = """
import json, sqlite3
from pathlib import Path
GUIDE = json.loads(Path({guide!r}).read_text())
base = sqlite3.connect({store!r}, isolation_level=None)
base.execute("create table if not exists revision (seq integer primary key, code, name, value)")
STATES = [("Not applicable", "na"), ("Don't know", "dk"), ("Not answered", "")]
CONFIDENCE = ["", "low", "medium", "high"]
def choices(one):
    return dict([(f"{{n}}: {{words}}", str(n)) for n, words in enumerate(one["levels"])] + STATES)
def keep(code, name, value):
    base.execute("insert into revision (code, name, value) values (?, ?, ?)", (code, name, str(value)))
"""

VOILA = """
import ipywidgets as w
said = w.HTML("Nothing changed")
def saves(code, name, control):
    def on(change):
        keep(code, name, change["new"])
        said.value = "Saved"
    control.observe(on, "value")
    return control
def statement(one):
    code = one["code"]
    texts = [saves(code, n, w.Textarea(description=n)) for n in ("reason", "comment", "evidence")]
    chosen = [saves(code, n, w.Dropdown(description=n, options=o)) for n, o in (
        ("confidence", CONFIDENCE), ("priority", ["", *range(1, 6)]), ("target", ["", *range(6)]))]
    checks = [saves(code, n, w.Checkbox(description=n)) for n in ("offers", "needs")]
    level = saves(code, "answer", w.RadioButtons(options=choices(one), value=""))
    link = saves(code, "link", w.Text(description="link"))
    head = w.HTML(f"<h3>{code} {one['statement']}</h3>")
    return w.VBox([head, level, *texts, link, *chosen, *checks])
w.VBox([said, *map(statement, GUIDE)])
"""

PANEL = """
import panel as pn
pn.extension()
said = pn.pane.HTML("Nothing changed")
def saves(code, name, control):
    def on(event):
        keep(code, name, event.new)
        said.object = "Saved"
    control.param.watch(on, "value")
    return control
def statement(one):
    code, w = one["code"], pn.widgets
    texts = [saves(code, n, w.TextAreaInput(name=n)) for n in ("reason", "comment", "evidence")]
    chosen = [saves(code, n, w.Select(name=n, options=o)) for n, o in (
        ("confidence", CONFIDENCE), ("priority", ["", *range(1, 6)]), ("target", ["", *range(6)]))]
    checks = [saves(code, n, w.Checkbox(name=n)) for n in ("offers", "needs")]
    level = saves(code, "answer", w.RadioBoxGroup(options=choices(one), value=""))
    link = saves(code, "link", w.TextInput(name="link"))
    head = pn.pane.HTML(f"<h3>{code} {one['statement']}</h3>")
    return pn.Column(head, level, *texts, link, *chosen, *checks)
pn.Column(said, *map(statement, GUIDE)).servable()
"""


@dataclass(frozen=True)
class Peer:
    """A form that is being served: its address, and what its choices are, the levels first."""

    name: str
    url: str
    control: str
    pid: int


@contextlib.contextmanager
def peers(folder: Path, questions: list[dict[str, object]]) -> Iterator[list[Peer]]:
    """Both, running; they are ended with what they started."""
    guide = folder / "guide.json"
    guide.write_text(json.dumps(questions))
    running: list[subprocess.Popen[bytes]] = []
    found = []
    for name in ("Voila, one ipywidget per control", "Panel"):
        port = _free_port()
        store = str(folder / f"{name[:5]}.sqlite")
        shared = SHARED.format(guide=str(guide), store=store)
        words, url, control = (
            _panel(folder, shared, port) if name == "Panel" else _voila(folder, shared, port)
        )
        kept = {one: value for one, value in os.environ.items() if not one.startswith("NCC_")}
        with (folder / f"{name[:5]}.log").open("wb") as log:
            running.append(
                subprocess.Popen(
                    words, env=kept, cwd=folder, stdout=log, stderr=log, start_new_session=True
                )
            )
        found.append(Peer(name, url, control, running[-1].pid))
    for one, process in zip(found, running, strict=True):
        _wait(one, process)
    try:
        yield found
    finally:
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def _voila(folder: Path, shared: str, port: int) -> tuple[list[str], str, str]:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(shared), nbformat.v4.new_code_cell(VOILA)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, folder / "form.ipynb")
    words = [str(PEERS / "bin" / "voila"), "form.ipynb", "--no-browser", f"--port={port}"]
    control = ".widget-radio-box input"
    return words, f"http://127.0.0.1:{port}/", control


def _panel(folder: Path, shared: str, port: int) -> tuple[list[str], str, str]:
    (folder / "form.py").write_text(shared + PANEL)
    words = [str(PEERS / "bin" / "panel"), "serve", "form.py", f"--port={port}"]
    return words, f"http://127.0.0.1:{port}/form", "input[type=radio]"


def _wait(one: Peer, process: subprocess.Popen[bytes]) -> None:
    root = one.url.rsplit("/", 1)[0] + "/static/favicon.ico"
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(root, timeout=1).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"{one.name} did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
