"""Make a store, or bring an older one up to this release, by Alembic."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from ncc_kernel.errors import StoreFault, StoreVersion
from ncc_kernel.store.engine import WRITER, in_words, make_engine, parse_url, sqlite_file

T = TypeVar("T")


def migrate(url: str) -> None:
    """The store at `url` is at this release's version when this returns.

    All migrations that are due are one transaction: cut in half, it leaves the store as it was.
    """
    parsed = parse_url(url)
    if file := sqlite_file(parsed):
        make_folder(file.parent)
    engine = make_engine(parsed)
    try:
        with (
            in_words("check NCC_STORE"),
            engine.connect().execution_options(**WRITER) as connection,
            connection.begin(),
        ):
            command.upgrade(alembic_config(connection), "head")
    except CommandError as fault:
        raise StoreVersion(
            f"The store was made by another release: {fault}.", "install that newer release"
        ) from None
    finally:
        engine.dispose()


def make_folder(folder: Path) -> None:
    """Make the folder that a store is to lie in."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise StoreFault(
            f"The folder {folder} cannot be made: {fault.strerror}.", "check NCC_STORE"
        ) from None


def alembic_config(connection: object = None) -> Config:
    """Alembic's settings, all from the package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def make_whole(url: str, fill: Callable[[str], T]) -> T:
    """Make a store and fill it; what `fill` gives. A SQLite store appears when it is whole.

    It is made aside and renamed, so that one whose making was cut off is never taken for a store.
    On a server an empty store appears first, as there is nothing to rename.
    """
    file = sqlite_file(parse_url(url))
    if file is None or file.is_file():
        migrate(url)
        return fill(url)
    aside = file.with_name(f".{file.name}.being-made")
    for left in file.parent.glob(f"{aside.name}*"):
        left.unlink()
    made_at = parse_url(url).set(database=str(aside)).render_as_string(hide_password=False)
    migrate(made_at)
    done = fill(made_at)
    aside.replace(file)
    return done
