"""`ncc doctor`: whether the parts stand, and what the warm template is doing."""

import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from ncc_kernel import __version__
from ncc_kernel.errors import NccError
from ncc_kernel.paths import Home, find_home
from ncc_kernel.store.catalogue import read_catalogue
from ncc_kernel.store.engine import parse_url
from ncc_kernel.store.log import Store
from ncc_kernel.warm.client import tell
from ncc_kernel.warm.memory import pss
from ncc_kernel.warm.place import NoTemplate
from ncc_kernel.warm.wire import Message

Finding = tuple[str, str]


def doctor(
    *,
    stop: Annotated[
        bool, typer.Option("--stop-template", help="End the warm template; it starts when needed.")
    ] = False,
) -> None:
    """Say whether the parts stand; exit 1 when one does not."""
    home = find_home(os.environ)
    typer.echo(f"Release   {__version__}, Python {platform.python_version()}")
    found = {"Data": _data(home), "Store": _store(home)}
    for label, text in found.items():
        typer.echo(f"{label:<9} {text}")
    for label, text in _template("stop" if stop else "status"):
        typer.echo(f"{label:<9} {text}")
    raise typer.Exit(int(any(isinstance(text, NccError) for text in found.values())))


def _data(home: Home) -> str | NccError:
    try:
        catalogue = read_catalogue(home.data)
    except NccError as fault:
        return fault
    return (
        f"{len(catalogue.countries)} countries, {len(catalogue.guide.questions)} questions: whole"
    )


def _store(home: Home) -> str | NccError:
    shown = parse_url(home.store_url).render_as_string(hide_password=True)
    try:
        with Store(home.store_url) as store:
            return f"{shown}, newest revision {store.last_seq()}"
    except NccError as fault:
        return fault


def _template(what: str) -> Iterator[Finding]:
    try:
        status = tell(what, os.environ)
    except NoTemplate as reason:
        yield "Template", f"none, everything starts cold: {reason}"
        return
    if status is None:
        yield "Template", "not running; it starts when it is first needed"
        return
    yield from _running(status)
    if what == "stop":
        yield "Template", "asked to end"


def _running(status: Message) -> Iterator[Finding]:
    since = datetime.fromtimestamp(status["since"], UTC)
    state = "as on disk" if status["fresh"] else "changed since: it retires at the next request"
    yield (
        "Template",
        f"process {status['pid']} since {since:%Y-%m-%d %H:%M:%S} UTC, {_mb(status['pid'])}",
    )
    yield "Code", f"{status['code']}, {status['modules']} modules, {state}"
    kernels = [fork for fork in status["forks"] if fork["what"] == "kernel"]
    yield (
        "Forks",
        f"{status['forked']} so far; now {len(kernels)} kernels, {len(status['forks']) - len(kernels)} runs",
    )
    for fork in status["forks"]:
        yield "", f"process {fork['pid']}, {fork['what']}, {_mb(fork['pid'])}"
    for name, workers in status["services"].items():
        shown = ", ".join(f"process {pid}, {_mb(pid)}" for pid in workers) or "asleep"
        yield "Service", f"{name}: {shown}"


def _mb(pid: int) -> str:
    taken = pss(pid)
    return "memory not told" if taken is None else f"{taken:.0f} MB"
