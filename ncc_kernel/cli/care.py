"""Care of the store: make it, bring it up to date, say how it is; open the lab."""

import os
import uuid
from datetime import UTC, datetime
from typing import Annotated

import typer

from ncc_kernel.errors import StoreFault
from ncc_kernel.model.revision import EU, EVERY_CYCLE, Draft
from ncc_kernel.paths import find_home
from ncc_kernel.store.catalogue import read_catalogue
from ncc_kernel.store.engine import parse_url
from ncc_kernel.store.log import Store


def init(
    *,
    sample: Annotated[
        bool, typer.Option("--sample/--empty", help="With invented sample data, or empty.")
    ] = True,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Do nothing when there is a store already.")
    ] = False,
) -> None:
    """Make the store."""
    from ncc_kernel.store.migrate import make_whole
    from ncc_kernel.store.samples import load_samples

    home = find_home(os.environ)
    read_catalogue(home.data)
    if _exists(home.store_url):
        if if_missing:
            return
        shown = parse_url(home.store_url).render_as_string(hide_password=True)
        raise StoreFault(f"There is a store already: {shown}.", "move it away first, or use it")

    def fill(url: str) -> int:
        with Store(url) as store:
            payload = {"store": uuid.uuid4().hex, "illustrative": sample}
            origin = Draft(EU, EVERY_CYCLE, "origin", "store", None, payload)
            store.append([origin], author="ncc init", at=datetime.now(UTC))
            return load_samples(store, home.data) if sample else 0

    count = make_whole(home.store_url, fill)
    what = f"with {count} entries of invented sample data" if sample else "empty"
    typer.echo(f"The store is made, {what}.")


def _exists(url: str) -> bool:
    from ncc_kernel.errors import NoStore

    try:
        with Store(url) as store:
            return bool(store.current("origin"))
    except NoStore:
        return False


def migrate_store() -> None:
    """Bring the store up to this release. A SQLite store is copied beside itself first."""
    import sqlite3
    from contextlib import suppress
    from pathlib import Path

    from ncc_kernel.errors import StoreVersion
    from ncc_kernel.store.engine import sqlite_file
    from ncc_kernel.store.migrate import migrate

    home = find_home(os.environ)
    with suppress(StoreVersion), Store(home.store_url):
        pass  # there is a store; another version is what we are here for
    file = sqlite_file(parse_url(home.store_url))
    if file is not None and file.is_file():
        copy = Path(f"{file}.before-migrate")
        with sqlite3.connect(file) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        copy.chmod(0o600)  # it holds hashes of passwords
        typer.echo(f"A copy is at {copy}.")
    migrate(home.store_url)
    typer.echo("The store is at this release's version.")


def status() -> None:
    """Say where the store is, what it holds, and how the pages stand."""
    from ncc_kernel.batch.ledger import read_ledger
    from ncc_kernel.store.schema import HEAD

    home = find_home(os.environ)
    catalogue = read_catalogue(home.data)
    with Store(home.store_url) as store:
        tips = store.tips()
        typer.echo(f"Store     {parse_url(home.store_url).render_as_string(hide_password=True)}")
        typer.echo(f"Version   {HEAD}, newest revision {store.last_seq()}")
    for cycle in catalogue.cycles():
        having = {c for c, of, kind in tips if (of, kind) == (cycle.code, "answer")}
        typer.echo(f"Cycle     {cycle.code}: answers from {len(having)} countries")
    folder = home.cycle_reports(catalogue.latest_cycle())
    lines = read_ledger(folder).lines.values() if folder.is_dir() else ()
    failed = [line for line in lines if line.status == "failed"]
    typer.echo(f"Pages     {len(list(lines))} made, {len(failed)} of them failed, in {folder}")


def lab() -> None:
    """Open the workbooks in JupyterLab."""
    home = find_home(os.environ)
    os.execvp("jupyter", ["jupyter", "lab", f"--notebook-dir={home.workbooks}"])  # noqa: S606, S607
