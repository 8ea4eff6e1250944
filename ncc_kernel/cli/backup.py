"""`ncc backup` and `ncc restore`: all that the teams gave, in one file and back again."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ncc_kernel.errors import Unreadable
from ncc_kernel.paths import find_home

if TYPE_CHECKING:
    from ncc_kernel.store.backup import Tell


def backup(file: Annotated[Path, typer.Argument(help="Where to write it.")]) -> None:
    """Write revisions, accounts and files of evidence to one file, checked; the server may run."""
    from ncc_kernel.model.backup import ACCOUNTS, REVISIONS
    from ncc_kernel.store.backup import make_backup
    from ncc_kernel.store.log import Store

    home = find_home(os.environ)
    with Store(home.store_url) as store, _progress() as tell:
        made = make_backup(store, home.evidence, file, at=datetime.now(UTC), tell=tell)
    typer.echo(
        f"Written and checked: {made.rows(REVISIONS)} revisions up to {made.last_seq}, "
        f"{made.rows(ACCOUNTS)} accounts, {len(made.files)} files of evidence, in {file}"
    )
    typer.echo("It holds hashes of passwords: keep it where only you can read it.")
    for name in made.missing:
        typer.echo(f"Missing: {home.evidence.parent / name} is not there, or damaged.", err=True)
    if made.missing:
        raise typer.Exit(1)


def restore(
    file: Annotated[Path, typer.Argument(help="A backup, or a copy that migrate has kept.")],
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Where a store is already: keep it aside.")
    ] = False,
) -> None:
    """Make the store from a backup: the same revisions, accounts and files. Stop the server first."""
    from ncc_kernel.store.archive import open_archive
    from ncc_kernel.store.kept_copy import is_kept_copy, open_kept_copy
    from ncc_kernel.store.restore import restore as put

    home = find_home(os.environ)
    if not file.is_file():
        raise Unreadable(f"There is no file {file}.", "name a file that ncc backup has made")
    with _progress() as tell:
        opened = open_kept_copy(file) if is_kept_copy(file) else open_archive(file, tell)
        with opened as source:
            kept = put(source, home.store_url, home.evidence, force=force, tell=tell)
            count = len(source)
    typer.echo(f"Restored: {count} revisions. Everybody signs in anew.")
    if kept:
        typer.echo(f"The store that stood there is kept in {kept}.")


@contextmanager
def _progress() -> Iterator["Tell"]:
    """A line that counts, for a person at a terminal."""
    if not sys.stderr.isatty():
        yield lambda _what, _done, _of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda what, done, of: bar.update(task, description=what, completed=done, total=of)
